"""Four classes, the rules that reach their tags, and a press with its customers: pieces that several files lay.

Four classes: free; `made`, with Chinese technology only; `staged`, refined or melted in China but under the threshold
of content; `controlled`, all three tags. The rule of China tolerates a share; the sourcing rule of defence none.
"""

from __future__ import annotations

from typing import Any

from orefolio.case.case import Case
from pencil import Piece, case_of, must, process, spot, tables

CLASSES = tables(
    classes=[
        {"class_": "free"},
        {"class_": "made", "tags": "china-technology"},
        {"class_": "staged", "tags": "china-stage"},
        {"class_": "controlled", "tags": "china-content china-technology china-stage"},
    ]
)
REFUSED = tables(licences=[{"licence": "goods", "approval_share": 0.0, "needs_rule": True}])
METALS = (
    spot("clean", "metal", 40),
    spot("machined", "metal", 31, class_="made"),
    spot("melted", "metal", 26, class_="staged"),
    spot("cheap", "metal", 20, class_="controlled"),
)
VALUES = tables(
    markets=[{"market": "china"}],
    prices=[{"market": "china", "commodity": name, "fee_usd_per_kg": 10} for name in ("metal", "magnet")],
)


def rules(content: dict[str, Any] | None = None, sourcing: dict[str, Any] | None = None) -> Piece:
    """The rule of China on content and the sourcing rule of defence."""
    of_china = {"rule": "content", "in_force_share": 1.0, "threshold_share": 0.25, "basis": "value", **(content or {})}
    of_defence = {"rule": "sourcing", "kind": "sourcing", "in_force_share": 1.0, **(sourcing or {})}
    return tables(rules=[of_china, of_defence])


def press(share: float = 0.0, **columns: Any) -> Piece:
    return process("press", {"metal": 1}, {"magnet": 1}, capacity=9, de_minimis_share=share, **columns)


def defence(t: float = 1.0, **columns: Any) -> Piece:
    return must("defence", "magnet", t, **{"refuses_tags": "china-stage", "refusal_rule": "sourcing", **columns})


def abroad(t: float = 1.0) -> Piece:
    return must("abroad", "magnet", t, export_share=1.0, licence="goods")


def home(t: float = 1.0) -> Piece:
    return must("home", "magnet", t)


def four(*more: Piece, share: float = 0.0, press_columns: dict[str, Any] | None = None, **settings: Any) -> Case:
    return case_of(rules(), CLASSES, *METALS, VALUES, REFUSED, press(share, **(press_columns or {})), *more, **settings)
