"""Equations of the docstrings as MathML, which a browser draws without a script."""

from __future__ import annotations

import re

from latex2mathml.converter import convert

DISPLAY = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
TOKEN = re.compile(r"\\text\{[^}]*\}|\\[A-Za-z]+|(?:[A-Za-z]|\\_){2,}")


def displayed(tex: str) -> str:
    """A display as HTML: one line for each relation of it."""
    lines = re.split(r",\s*\\qquad\s*|,\s*\\quad\s*(?!\\text)", " ".join(tex.split()))
    rows = "".join(f"<div>{convert(_words(line), display='block')}</div>" for line in lines if line.strip())
    return f'<div class="equation">{rows}</div>'


def _words(tex: str) -> str:
    """Names of more than one letter as words: LaTeX would take each letter for a factor."""
    return TOKEN.sub(lambda found: _word(found[0]), tex)


def _word(token: str) -> str:
    return (
        token if token.startswith("\\") and not token.startswith("\\_") else f"\\text{{{token.replace(chr(92), '')}}}"
    )
