"""The picture of the house, drawn from its imports: `python tests/architecture_picture.py` writes it into docs/.

The rooms, modules or folders of the package, stand on a staircase, the highest floor first. From a room a line leads to
the right, and where it has a dot, down to a room of which it imports something. An import of a higher floor would need
a line to the left.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from test_architecture import FLOORS, PACKAGE, REPOSITORY, imported, modules, room_imported, room_of

PICTURE = REPOSITORY / "docs" / "architecture.svg"
OUTSIDE = {"__init__", "__main__"}
WIDE, HIGH, ACROSS, DOWN, EDGE, TOP = 92, 30, 62, 42, 16, 56
"""Of a box: its width and height; of a step: across and down; of the picture: its edge and what stands on top."""
LINE, DOT = "#0072B2", "#D55E00"
"""Of Okabe and Ito's colours, which people tell apart whatever colours they see."""


def uses(package: Path) -> dict[str, set[str]]:
    """The rooms of which each room imports something."""
    found: dict[str, set[str]] = {}
    for path in modules(package):
        room = room_of(path, package)
        targets = {room_imported(name, package) for _, name in imported(path, package)} - {"", room} - OUTSIDE
        if room not in OUTSIDE:
            found.setdefault(room, set()).update(targets)
    return found


def picture(package: Path = PACKAGE) -> str:
    """SVG, the same text for the same imports."""
    used = uses(package)
    rooms = [room for floor in FLOORS for room in sorted(floor & set(used))][::-1]
    stands = {room: (EDGE + ACROSS * n + WIDE / 2, TOP + DOWN * n + HIGH / 2) for n, room in enumerate(rooms)}
    width, height = EDGE + ACROSS * len(rooms) + WIDE, TOP + DOWN * len(rooms)
    title = "What imports what: from a room to the right, at a dot down to a room of a lower floor"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{title}"',
        '     font-family="sans-serif" font-size="15">',
        f"  <title>{title}</title>",
        f'  <rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'  <text x="16" y="30" font-weight="bold">{title}</text>',
        *_lines(stands, used),
    ]
    for room, place in stands.items():
        parts += _box(room, *place)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _lines(stands: dict[str, tuple[float, float]], used: dict[str, set[str]]) -> Iterator[str]:
    dots = [(room, target) for room in stands for target in stands if target in used[room]]
    for room, (x, y) in stands.items():
        far = max((stands[to][0] for start, to in dots if start == room), default=x)
        high = min((stands[start][1] for start, to in dots if to == room), default=y)
        yield f'  <path d="M{x:g} {y:g} H{far:g} M{x:g} {high:g} V{y:g}" fill="none" stroke="{LINE}"/>'
    for room, target in dots:
        words = f"{room} imports {target}"
        place = f'cx="{stands[target][0]:g}" cy="{stands[room][1]:g}"'
        yield f'  <circle {place} r="5" fill="{DOT}"><title>{words}</title></circle>'


def _box(room: str, x: float, y: float) -> Iterator[str]:
    place = f'x="{x - WIDE / 2:g}" y="{y - HIGH / 2:g}" width="{WIDE}" height="{HIGH}" rx="5"'
    yield f'  <rect {place} fill="#f4f4f4" stroke="#333333"/>'
    yield f'  <text x="{x:g}" y="{y + 5:g}" text-anchor="middle">{escape(room)}</text>'


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
    sys.stdout.write(f"{PICTURE}\n")
