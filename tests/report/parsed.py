"""A page as an HTML parser sees it: headings, sections, tables, scripts, and every attribute that fetches something."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

FETCHING = ("src", "href", "srcset", "data", "poster", "action", "formaction", "background")
VOID = {"meta", "link", "img", "br", "hr", "input"}


@dataclass
class Parsed(HTMLParser):
    """headings: (level, text). tables: caption to rows of cells, the head first. scripts: (type, text)."""

    headings: list[tuple[int, str]] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    scripts: list[tuple[str, str]] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    policy: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    alternatives: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str]]] = []
        self.held = ""
        self.rows: list[list[str]] = []
        self.caption = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.fetched += [given[name] for name in FETCHING if name in given]
        if tag == "section":
            self.sections.append(given["id"])
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        if given.get("role") == "img":
            self.alternatives.append(given["aria-label"])
        if tag == "table":
            self.rows = []
        if tag == "tr":
            self.rows.append([])
        if tag not in VOID:
            self.open.append((tag, given))
        self.held = ""

    def handle_data(self, data: str) -> None:
        self.held += data
        if self.sections and not any(tag == "script" for tag, _ in self.open):
            self.texts[self.sections[-1]] = self.texts.get(self.sections[-1], "") + data

    def handle_endtag(self, tag: str) -> None:
        opened, given = self.open.pop()
        assert opened == tag, f"{opened} is closed by {tag}"
        if tag in ("h1", "h2", "h3"):
            self.headings.append((int(tag[1]), self.held))
        if tag in ("td", "th"):
            self.rows[-1].append(self.held)
        if tag == "caption":
            self.caption = self.held
        if tag == "table":
            self.tables[self.caption] = self.rows
        if tag == "script":
            self.scripts.append((given.get("type", ""), self.held))
        if given.get("class") == "empty":
            self.empty.append(self.held)

    def figures(self) -> list[dict[str, Any]]:
        """The figures that the page draws."""
        (text,) = (text for kind, text in self.scripts if kind == "application/json")
        figures: list[dict[str, Any]] = json.loads(text)
        return figures


def parsed(html: str) -> Parsed:
    page = Parsed()
    page.feed(html)
    page.close()
    assert page.open == []
    return page
