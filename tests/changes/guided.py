"""The steps of a page: files to write, lines to add, commands to run, as its sentences and code blocks say."""

from __future__ import annotations

import re
from pathlib import Path

from .tree import Tree

HEADING = "## A change, step by step"
STEP = re.compile(
    r"^(?:Write `(?P<file>[^`]+)`|Add a line to `(?P<table>[^`]+)`, after `(?P<after>[^`]+)`|(?P<run>Run)):\n\n"
    r"```(?:python|text|sh)\n(?P<block>.*?)\n```$",
    re.MULTILINE | re.DOTALL,
)


def steps(page: Path, heading: str = HEADING) -> list[dict[str, str]]:
    """The steps of a section in their order, each the groups of STEP that it has."""
    _, _, after = page.read_text(encoding="utf-8").partition(f"\n{heading}\n")
    section = after.partition("\n## ")[0]
    found = [match.groupdict() for match in STEP.finditer(section)]
    assert len(found) == section.count("\n```") // 2, "a code block of the section is no step"
    return [{name: text for name, text in step.items() if text} for step in found]


def follow(tree: Tree, step: dict[str, str]) -> list[str]:
    """Do one step; what its commands said, line by line of the block. Raises AssertionError where one fails."""
    if "file" in step:
        tree.write(step["file"], step["block"] + "\n")
        return []
    if "table" in step:
        tree.add_line(step["table"], step["after"], step["block"])
        return []
    said = []
    for command in step["block"].split("\n"):
        done = tree.run(command)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        said.append(done.stdout)
    return said
