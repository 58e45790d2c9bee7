"""`python -m docs [-o FOLDER]`: write the documentation as static pages; 1 where something in it is wrong."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import MENU
from .pages import build


def main() -> int:
    """Build the pages and tell where they are, and every warning."""
    parser = argparse.ArgumentParser(prog="python -m docs", description=__doc__)
    parser.add_argument("-o", "--out", type=Path, default=Path("results/docs"), help="folder of the pages")
    out = parser.parse_args().out
    warnings = build(MENU, out)
    for warning in warnings:
        sys.stderr.write(f"{warning}\n")
    sys.stdout.write(f"{out / 'index.html'}\n")
    return 1 if warnings else 0


if __name__ == "__main__":
    sys.exit(main())
