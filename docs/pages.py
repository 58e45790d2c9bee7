"""Markdown → pages: anchors, links between pages, equations, how each block is tested, what search reads."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.token import Token

from .blocks import MarkError, block_of
from .equations import DISPLAY, displayed

REPOSITORY = Path(__file__).parents[1]
HERE = Path(__file__).parent
COPIED = ("page.css", "search.js")
FOLDERS = r"docs|model|tests|inputs|seeds|benchmarks|notebooks|results"
IN_REPOSITORY = re.compile(rf"(?:{FOLDERS})/[\w./-]+\.(?:py|md|csv|yaml)|[A-Z]+\.md")

TO_WRITE = re.compile(r"^Write `([^`]+)`", re.MULTILINE)
"""A file that a page tells its reader to write, so that it is not there yet."""

Menu = Mapping[str, Mapping[str, str]]


@dataclass
class Page:
    """One page.

    places: its headings as (level, anchor, words); links: (target, where); sections: for search; to_write: files that
    its reader is told to write; pictures: files that stand beside it.
    """

    name: str
    source: str
    title: str = ""
    body: str = ""
    places: list[tuple[int, str, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    sections: list[tuple[str, str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    to_write: set[str] = field(default_factory=set)
    pictures: list[Path] = field(default_factory=list)


def build(menu: Menu, out: Path) -> list[str]:
    """Write every page of a menu into a folder; what is wrong with them, one sentence each."""
    sources = {name: source for entries in menu.values() for name, source in entries.items()}
    files = {source: name for name, source in sources.items() if source.endswith(".md")}
    pages = {name: made(name, source, files) for name, source in sources.items()}
    out.mkdir(parents=True, exist_ok=True)
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined)
    template = environment.get_template("page.html")
    titles = {group: [(name, pages[name].title) for name in entries] for group, entries in menu.items()}
    for page in pages.values():
        text = template.render(page=page, menu=titles)
        (out / f"{page.name}.html").write_text(text, encoding="utf-8")
    index = [(page.name, page.title, *section) for page in pages.values() for section in page.sections]
    (out / "sections.js").write_text(f"const SECTIONS = {json.dumps(index, ensure_ascii=False)};\n", encoding="utf-8")
    for name in COPIED:
        shutil.copyfile(HERE / name, out / name)
    for picture in {picture for page in pages.values() for picture in page.pictures}:
        shutil.copyfile(picture, out / picture.name)
    return [warning for page in pages.values() for warning in page.warnings] + _dead(pages)


def made(name: str, source: str, files: Mapping[str, str]) -> Page:
    """A page from its Markdown. files: the page of each Markdown file of the menu."""
    page = Page(name, source)
    if source.endswith(".md"):
        text = (REPOSITORY / source).read_text(encoding="utf-8")
    else:
        module, _, function = source.partition(":")
        text = getattr(import_module(module), function)()
    page.to_write.update(TO_WRITE.findall(text))
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    equations: list[str] = []

    def kept(found: re.Match[str]) -> str:
        equations.append(displayed(found[1]))
        return f"EQUATION{len(equations) - 1}EQUATION"

    tokens = parser.parse(DISPLAY.sub(kept, text))
    for token in tokens:
        _prepared(page, token, files)
    _anchored(page, tokens)
    body = str(parser.renderer.render(_wrapped(tokens, page), parser.options, {}))
    page.body = re.sub(r"(?:<p>)?EQUATION(\d+)EQUATION(?:</p>)?", lambda found: equations[int(found[1])], body)
    if [level for level, _, _ in page.places].count(1) != 1:
        page.warnings.append(f"{source}: a page has one heading of the first level")
    page.title = page.places[0][2] if page.places else name
    return page


def _prepared(page: Page, token: Token, files: Mapping[str, str]) -> None:
    """Turn paths of Markdown files into links, and note what a token points to."""
    children: list[Token] = []
    inside = 0
    for child in token.children or ():
        inside += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        if child.type == "link_open":
            target = _target(page.source, str(child.attrs["href"]), files)
            child.attrs["href"] = target
            page.links.append((target, page.source))
        if child.type == "image":
            page.pictures.append((REPOSITORY / page.source).parent / str(child.attrs["src"]))
        if child.type != "code_inline" or inside:
            children.append(child)
            continue
        path = IN_REPOSITORY.fullmatch(child.content)
        if path and child.content not in page.to_write and not (REPOSITORY / child.content).exists():
            page.warnings.append(f"{page.source}: there is no {child.content}")
        children += _linked(child, f"{files[child.content]}.html") if child.content in files else [child]
    if token.children is not None:
        token.children = children


def _linked(token: Token, target: str) -> list[Token]:
    return [Token("link_open", "a", 1, attrs={"href": target}), token, Token("link_close", "a", -1)]


def _target(source: str, href: str, files: Mapping[str, str]) -> str:
    """Where a link of a Markdown file leads among the pages; as it stands where that is none."""
    if "://" in href or href.startswith("#") or not source.endswith(".md"):
        return href
    path, hash_, anchor = href.partition("#")
    file = (REPOSITORY / source).parent.joinpath(path).resolve()
    known = file.relative_to(REPOSITORY).as_posix() if file.is_relative_to(REPOSITORY) else path
    return f"{files[known]}.html{hash_}{anchor}" if known in files else href


def _anchored(page: Page, tokens: list[Token]) -> None:
    """Give each heading an anchor of its words, and gather what search reads under it."""
    words: list[str] = []
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            text = plain(tokens[number + 1])
            anchor = _anchor(text, {known for _, known, _ in page.places})
            token.attrs["id"] = anchor
            page.places.append((int(token.tag[1]), anchor, text))
            words = []
            page.sections.append((anchor, text, ""))
        elif page.sections and (token.type == "inline" or token.type == "fence"):
            words.append(plain(token))
            anchor, heading, _ = page.sections[-1]
            page.sections[-1] = (anchor, heading, " ".join(words))


def plain(token: Token) -> str:
    """The words of a token without their marks."""
    if token.children is None:
        return token.content
    return "".join(" " if child.type == "softbreak" else child.content for child in token.children)


def _anchor(text: str, taken: Container[str]) -> str:
    """The words of a heading as an anchor; a number follows where they were taken."""
    words = re.sub(r"[^\w]+", "-", text.lower()).strip("-")
    names = (words if number == 1 else f"{words}-{number}" for number in count(1))
    return next(name for name in names if name not in taken)


def _wrapped(tokens: list[Token], page: Page) -> list[Token]:
    """Tables in a box that scrolls, and each block with how it is tested."""
    wrapped: list[Token] = []
    for token in tokens:
        if token.type == "table_open":
            wrapped.append(_raw('<div class="wide">'))
        if token.type == "fence":
            wrapped.append(_raw(_fence(token, page)))
        else:
            wrapped.append(token)
        if token.type == "table_close":
            wrapped.append(_raw("</div>"))
        if token.type == "code_block":
            page.warnings.append(f"{page.source}: an indented block says not how it is tested")
    return wrapped


def _raw(text: str) -> Token:
    return Token("html_block", "", 0, content=text)


def _fence(token: Token, page: Page) -> str:
    try:
        block: Any = block_of(token, Path(page.source))
    except MarkError as error:
        page.warnings.append(str(error))
        return f"<pre>{html.escape(token.content)}</pre>"
    caption = f"<figcaption>{html.escape(block.caption)}</figcaption>" if block.caption else ""
    return f'<figure class="{block.language}"><pre>{html.escape(token.content)}</pre>{caption}</figure>'


def _dead(pages: Mapping[str, Page]) -> list[str]:
    """Links that lead to no page or no heading."""
    dead = []
    for page in pages.values():
        for target, where in page.links:
            if "://" in target:
                continue
            file, _, anchor = target.partition("#")
            other = pages.get(file.removesuffix(".html")) if file else page
            if other is None or (anchor and all(anchor != known for _, known, _ in other.places)):
                dead.append(f"{where}: the link {target} is dead")
    return dead
