"""Fourteen binaries must meet two sums; every second of them does."""

from __future__ import annotations

COEFFICIENTS = (
    (47, 51, 75, 95, 3, 14, 82, 94, 24, 31, 86, 42, 28, 78),
    (82, 13, 96, 40, 53, 29, 67, 5, 91, 37, 61, 19, 74, 88),
)
HALVES = tuple(sum(row[1::2]) for row in COEFFICIENTS)
