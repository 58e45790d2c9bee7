"""A case whose portfolios can be counted on one hand."""

from __future__ import annotations

from orefolio.case.case import Case
from pencil import Piece, case_of, must, offtake, spot


def choice(*more: Piece) -> Case:
    """100 t from two of a, b, c and d, 50 t each; 10 t of another good from e, or at a hundred times the price."""
    prices = {"a": 10.0, "b": 10.1, "c": 10.2, "d": 20.0}
    pieces = [
        offtake(name, "oxide", price, 50.0, years=(2027, 2027), volume_min_t_per_year=50.0, take_or_pay_share=1.0)
        for name, price in prices.items()
    ]
    rest = [offtake("e", "good", 5.0, 10.0, years=(2027, 2027)), spot("dear", "good", 500.0)]
    return case_of(must("d1", "oxide", 100.0), must("d2", "good", 10.0), *pieces, *rest, *more)
