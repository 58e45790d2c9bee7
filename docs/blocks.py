"""Fenced blocks of a page, and what the word after the language says of how each is tested.

| fence | the tests |
|---|---|
| `sh run`, `python run` | run it every day, as it stands |
| `sh long`, `python long` | run it as it stands with `-m long` |
| `sh long with="OPTIONS"` | run it with `-m long`, with these options after each line that begins with orefolio |
| `sh served` | start each line with `-m long`, open the page that it serves, and end it |
| `sh slurm` | run it with `-m long` on a real SLURM, with OPTIONS after each line that begins with sbatch |
| `sh installed` | type it with `-m long` in an environment that has orefolio and nothing that it does not need |
| `sh followed` | follow it in a test of its own |
| `text`, `csv`, `yaml` | nothing: it is shown |

A further `exit=N` is the exit code of the last command. Long blocks are read by the parser every day as well. What
blocks of README.md and CONTRIBUTING.md are without a mark stands in UNMARKED.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

RUNNABLE = ("sh", "python")
SHOWN = ("text", "csv", "yaml", "toml", "tex")
MARKS = ("run", "long", "slurm", "served", "installed", "followed")
UNMARKED = {
    ("README.md", "sh"): "followed",
    ("README.md", "python"): "long",
    ("CONTRIBUTING.md", "sh"): "followed",
    ("CONTRIBUTING.md", "python"): "followed",
}
FENCE = re.compile(r'(?P<language>\w+)(?: (?P<mark>\w+))?(?: with="(?P<options>[^"]*)")?(?: exit=(?P<code>\d+))?')


@dataclass(frozen=True)
class Block:
    """One fenced block. line: where its text begins, from 1. options: what the tests add. code: the exit code."""

    path: Path
    line: int
    language: str
    mark: str
    text: str
    options: str = ""
    code: int = 0

    @property
    def caption(self) -> str:
        """How it is tested, in words; empty for what is only shown."""
        if self.language not in RUNNABLE:
            return ""
        said = {
            "run": "run by the tests every day",
            "served": "started, opened and ended by the long tests",
            "installed": "typed by the long tests in a bare environment",
            "followed": "a step that a test follows word by word",
        }
        where = " on a SLURM of their own" if self.mark == "slurm" else ""
        added = f", with {self.options} to be shorter" if self.options else ""
        return said.get(self.mark, f"run by the long tests{where}{added}")


class MarkError(ValueError):
    """A fence whose words say nothing that is known."""


def block_of(token: Token, path: Path) -> Block:
    """The block of a fence. Raises MarkError where its words say nothing that is known."""
    line = (token.map or [0])[0] + 2
    found = FENCE.fullmatch(token.info.strip())
    if found is None:
        raise MarkError(f"{path}:{line - 1}: the fence says {token.info!r}; docs/blocks.py has the words")
    language = found["language"]
    mark = found["mark"] or UNMARKED.get((path.name, language), "")
    if mark not in MARKS if language in RUNNABLE else mark or language not in SHOWN:
        raise MarkError(f"{path}:{line - 1}: a block of {language} is marked {mark!r}; docs/blocks.py has the words")
    return Block(path, line, language, mark, token.content, found["options"] or "", int(found["code"] or 0))


def blocks_of(path: Path) -> list[Block]:
    """The fenced blocks of a Markdown file, in their order; those without a fence are refused by MarkError."""
    tokens = MarkdownIt("commonmark").parse(path.read_text(encoding="utf-8"))
    for token in tokens:
        if token.type == "code_block":
            raise MarkError(f"{path}:{(token.map or [0])[0] + 1}: an indented block says not how it is tested")
    return [block_of(token, path) for token in tokens if token.type == "fence"]
