"""What differs between runs: cost with what is proved, decisions, dependence, shortage, stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas as pd

EVERYWHERE = ("every future", "trunk")
NOTABLE_SHARE = 0.005
NOTABLE_T = 0.5
NOTABLE_SIZE = 0.05


class Ended(Protocol):
    """A run that has ended: its record and its tables."""

    @property
    def record(self) -> Mapping[str, Any]:
        """The content of run.json."""

    @property
    def folder(self) -> Path | None:
        """Where it was written."""

    def table(self, name: str) -> pd.DataFrame:
        """A table of the run."""


def compared(runs: Sequence[Ended]) -> dict[str, Any]:
    """Each run against the first, in plain values.

    Keys: `runs` (cost and what is proved of each), `changes` (for each later run its cost against the first as an
    interval, and what it gained, lost and moved).
    """
    base = runs[0]
    return {"runs": [_standing(run) for run in runs], "changes": [_change(base, run) for run in runs[1:]]}


def _standing(run: Ended) -> dict[str, Any]:
    names = ("status", "objective", "bound", "abs_gap", "gap", "saving_musd", "grid", "levers", "overlays")
    standing = {name: run.record[name] for name in names}
    return {"run": run.folder.name if run.folder else run.record["case"]["name"], **standing}


def interval(base: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """The least and the most by which the best cost of `other` lies above that of `base`, million USD.

    The best cost of a run lies between its bound and its objective; a side that is not known is None.
    """
    least = _difference(other["bound"], base["objective"])
    return least, _difference(other["objective"], base["bound"])


def _difference(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def verdict(least: float | None, most: float | None) -> str:
    """`dearer`, `cheaper`, or `no change proved` where the intervals of the two runs overlap."""
    if least is not None and least > 0:
        return "dearer"
    return "cheaper" if most is not None and most < 0 else "no change proved"


def _change(base: Ended, run: Ended) -> dict[str, Any]:
    least, most = interval(base.record, run.record)
    return {
        "run": _standing(run)["run"],
        "cost": {
            "verdict": verdict(least, most),
            "least_musd": least,
            "most_musd": most,
            "shown_musd": _difference(run.record["objective"], base.record["objective"]),
        },
        "decisions": _decisions(base, run),
        "dependence": _dependence(base, run),
        "shortage": _totals(base, run, "futures", "future", ("short_t", "short_musd", "cost_musd")),
        "stock": _stock(base, run),
    }


def _decisions(base: Ended, run: Ended) -> dict[str, list[dict[str, Any]]]:
    """Decisions gained and lost anywhere, and those whose date or size moved (by 5 % or more)."""
    before, after = _portfolio(base), _portfolio(run)
    moved = [
        {**_named(key), "before": before[key], "after": after[key]}
        for key in before
        if key in after and not _same(before[key], after[key])
    ]
    return {
        "gained": [{**_named(key), "after": after[key]} for key in after if key not in before],
        "lost": [{**_named(key), "before": before[key]} for key in before if key not in after],
        "moved": moved,
    }


def _same(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> bool:
    """Whether dates and branches are the same and sizes nearly so."""
    if len(before) != len(after):
        return False
    return all(
        (one["date"], one.get("branch")) == (other["date"], other.get("branch"))
        and abs(one["size"] - other["size"]) <= NOTABLE_SIZE * max(one["size"], other["size"])
        for one, other in zip(before, after, strict=True)
    )


def _named(key: tuple[str, str, str, str]) -> dict[str, str]:
    return dict(zip(("kind", "id", "name", "where"), key, strict=True))


def _portfolio(run: Ended) -> dict[tuple[str, str, str, str], list[dict[str, Any]]]:
    """Dates and sizes of each decision by what it is and whether it is made on the trunk or in branches."""
    found: dict[tuple[str, str, str, str], list[dict[str, Any]]] = {}
    for row in run.table("portfolio").to_dict("records"):
        where = "trunk" if row["branch"] in EVERYWHERE else "branches"
        place = {} if where == "trunk" else {"branch": row["branch"]}
        size = float(f"{row['size']:.3g}")
        entry = {"date": row["date"], "size": size, "unit": row["unit"], **place}
        found.setdefault((row["kind"], row["id"], row["name"], where), []).append(entry)
    return found


def _dependence(base: Ended, run: Ended) -> list[dict[str, Any]]:
    """The share of China in what enters the chain, expected over the futures, where it changes."""

    def shares(ended: Ended) -> dict[tuple[str, int], float]:
        table = ended.table("dependence")
        mine = table[(table["future"] == "expected") & (table["stage"] == "all stages") & (table["country"] == "CN")]
        return {(row["element"], int(row["year"])): float(row["share"]) for row in mine.to_dict("records")}

    before, after = shares(base), shares(run)
    return [
        {"element": element, "year": year, "before": before[element, year], "after": after[element, year]}
        for element, year in before
        if (element, year) in after and abs(before[element, year] - after[element, year]) > NOTABLE_SHARE
    ]


def _totals(base: Ended, run: Ended, name: str, key: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    before = {row[key]: row for row in base.table(name).to_dict("records")}
    result = []
    for row in run.table(name).to_dict("records"):
        if row[key] in before:
            old = before[row[key]]
            figures = {column: {"before": float(old[column]), "after": float(row[column])} for column in columns}
            result.append({key: row[key], **figures})
    return result


def _stock(base: Ended, run: Ended) -> list[dict[str, Any]]:
    """The peak of each stockpile on the trunk's own continuation, where it changes."""

    def peaks(ended: Ended) -> dict[str, float]:
        held: dict[tuple[str, str], float] = {}
        for row in ended.table("stock").to_dict("records"):
            if row["future"] == ended.record["trunk"]:
                key = (row["stockpile"], row["until"])
                held[key] = held.get(key, 0.0) + float(row["stock_t"])
        result: dict[str, float] = {}
        for (stockpile, _), tonnes in held.items():
            result[stockpile] = max(result.get(stockpile, 0.0), tonnes)
        return result

    before, after = peaks(base), peaks(run)
    return [
        {"stockpile": name, "before_peak_t": before.get(name, 0.0), "after_peak_t": after.get(name, 0.0)}
        for name in sorted({*before, *after})
        if abs(before.get(name, 0.0) - after.get(name, 0.0)) > NOTABLE_T
    ]
