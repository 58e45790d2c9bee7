"""The plan as a planner wants it: one screen of at most 100 columns, made from the tables of a run alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from .words import WIDTH, cut, joined, percent, tonnes

if TYPE_CHECKING:
    from orefolio.api import Run

Rows = list[dict[str, Any]]
MOST = {"contract": 7, "project": 6, "programme": 5}
YEARS = (2030, 2035, 2040)
SECTIONS: tuple[Callable[[Run], list[str]], ...]


def screen(run: Run) -> str:
    """The whole screen. Reads tables and record, so that a run folder gives the same as the solve that wrote it."""
    return "\n".join(cut(line, WIDTH) for section in SECTIONS for line in section(run))


def rows_of(run: Run, table: str) -> Rows:
    """A table as a list of maps."""
    return [{str(key): value for key, value in row.items()} for row in run.table(table).to_dict("records")]


def headline(run: Run) -> list[str]:
    """What it costs, what is proved, what it saves, what is worst."""
    record = run.record
    futures = [row for row in rows_of(run, "futures") if row["kind"] == "future"]
    lines = [f"{record['case']['title']} · {_count(len(futures), 'future')} · grid {record['grid']}"]
    lines.append(f"Expected cost {record['expected_cost_musd']:,.1f} million USD; {_proof(run)}")
    if run.saving is not None:
        lines.append(f"At least {run.saving:,.1f} million USD less than committing nothing")
    else:
        lines.append(f"The saving against committing nothing is not known: {record['saving_note']}")
    if len(futures) > 1:
        worst = next(row for row in futures if row["future"] == record["worst"]["future"])
        level = record["risk"]["level"]
        lines[-1] += f"; mean of the worst {1 - level:.0%}: {record['tail_cost_musd']:,.1f}"
        lines.append(f"Worst: {worst['future']} {worst['name']}, {worst['extra_cost_musd']:+,.1f} against the trunk")
    return lines


def _proof(run: Run) -> str:
    if run.status == "optimal":
        return f"proved within {run.abs_gap:,.1f} ({run.gap:.3%})"
    how = "interrupted" if run.status == "interrupted" else "stopped by a limit"
    return f"{how}: it may be {run.abs_gap:,.1f} ({run.gap:.2%}) above the best"


def signed(run: Run) -> list[str]:
    """What to sign."""
    contracts = {(row["contract"], row["signed"]): row for row in rows_of(run, "contracts")}

    def line(row: dict[str, Any]) -> str:
        rule = contracts[row["id"], row["date"]]["price_rule"]
        return f"{cut(row['name'], 44):44} {tonnes(row['size'])}/year · {rule}"

    return _choices(run, "contract", "SIGN", line)


def built(run: Run) -> list[str]:
    """What to build."""
    projects = {(row["project"], row["committed"]): row for row in rows_of(run, "projects")}

    def line(row: dict[str, Any]) -> str:
        project = projects[row["id"], row["date"]]
        kit = f"equipment {project['equipment_origin']} · " if project["equipment_origin"] else ""
        share = f"public {percent(project['public_share'])}"
        size = f"{tonnes(row['size'])}/year"
        return f"{cut(row['name'], 44):44} {size} · {kit}{row['capital_musd']:,.0f} million USD, {share}"

    return _choices(run, "project", "BUILD", line)


def promoted(run: Run) -> list[str]:
    """Levels of programmes."""

    def line(row: dict[str, Any]) -> str:
        return f"{cut(row['id'], 20):20} {cut(row['name'], 50)} · {row['capital_musd']:,.0f} million USD"

    return _choices(run, "programme", "PROMOTE", line)


def _choices(run: Run, kind: str, title: str, line: Callable[[dict[str, Any]], str]) -> list[str]:
    chosen = [row for row in rows_of(run, "portfolio") if row["kind"] == kind]
    common = [row for row in chosen if row["branch"] in ("every future", "trunk")]
    apart = [row for row in chosen if row["branch"] not in ("every future", "trunk")]
    shown = common[: MOST[kind]]
    lines = [f"{row['date']}  {line(row)}" for row in shown]
    rest = [f"{len(common) - len(shown)} more on the trunk"] if len(common) > len(shown) else []
    if apart:
        names = list(dict.fromkeys(f"{row['id']} ({row['branch']} {row['date'][:4]})" for row in apart))
        rest.append(f"in branches {joined(names, 62)}")
    if rest:
        lines.append("and " + "; ".join(rest))
    return _titled(title, lines or ["nothing"])


def held(run: Run) -> list[str]:
    """Stock by form on the trunk's own continuation: now, its peak, the days that it covers."""
    trunk = run.record["trunk"]
    piles: dict[str, dict[str, list[Any]]] = {}
    for row in rows_of(run, "stock"):
        if row["future"] == trunk:
            moment = piles.setdefault(row["name"], {}).setdefault(row["until"], [0.0, 0.0])
            moment[0] += row["stock_t"]
            moment[1] += row["days_of_cover"] if row["days_of_cover"] == row["days_of_cover"] else 0.0
    words = [words for name, moments in piles.items() if (words := _pile(name, moments))]
    return _titled("HOLD", _two_columns(words)) if words else []


def _pile(name: str, moments: dict[str, list[Any]]) -> str:
    opening = moments[min(moments)]
    when = max(moments, key=lambda moment: moments[moment][0])
    peak, days = moments[when]
    if peak < 0.5 and opening[0] < 0.5:
        return ""
    cover = f", {days:.0f} days" if isinstance(days, float) and days > 0 else ""
    return f"{cut(name, 22)} {opening[0]:,.0f} → {peak:,.0f} t ({when[:4]}{cover})"


def _two_columns(words: list[str]) -> list[str]:
    pairs = [words[number : number + 2] for number in range(0, len(words), 2)]
    return ["".join(f"{cut(word, 44):45}" for word in pair).rstrip() for pair in pairs]


def lines_kept_apart(run: Run) -> list[str]:
    """Lines that run untagged material only."""
    found: dict[str, list[str]] = {}
    for row in rows_of(run, "lines"):
        if row["material"] == "untagged":
            found.setdefault(row["name"], []).append(row["branch"])
    if not found:
        return []
    words = []
    for name, branches in found.items():
        trunk = "trunk" in branches or "every future" in branches
        others = len({branch for branch in branches if branch not in ("trunk", "every future")})
        words.append(f"{cut(name, 34)} ({joined([*(['trunk'] if trunk else []), _count(others, 'branch')], 40)})")
    return _titled("UNTAGGED", [joined(words, WIDTH - 10)])


def happens(run: Run) -> list[str]:
    """What happens in each future."""
    futures = rows_of(run, "futures")
    if len(futures) <= 4 and not any(row["short_t"] > 0.5 for row in futures):
        return []
    lines = [f"{'FUTURE':45} weight  extra cost  short t  on trunk   lost M$  released t"]
    for row in futures:
        if row["kind"] == "future":
            name = f"{row['future']} {row['name']}"
            figures = f"{row['probability']:6.2f} {row['extra_cost_musd']:11,.0f} {row['short_t']:8,.0f} "
            figures += f"{row['short_on_trunk_t']:9,.0f} {row['short_musd']:9,.0f} {row['released_t']:11,.0f}"
            lines.append(f"{cut(name, 45, fill=True)} {figures}")
    return lines


def exposed(run: Run) -> list[str]:
    """Dependence on China by element, expected over the futures."""
    shares = {
        (row["year"], row["element"]): row["share"]
        for row in rows_of(run, "dependence")
        if row["future"] == "expected" and row["stage"] == "all stages" and row["country"] == "CN"
    }
    if not shares:
        return []
    elements = list(dict.fromkeys(element for _, element in sorted(shares)))
    elements = [e for e in elements if e not in ("heavy", "all")] + [e for e in ("heavy", "all") if e in elements]
    first = min(year for year, _ in shares)
    years = [first, *(year for year in YEARS if year > first and (year, elements[0]) in shares)]
    lines = [f"{'FROM CHINA':10}" + "".join(f"{cut(element, 11):>12}" for element in elements)]
    for year in years:
        cells = [shares.get((year, element)) for element in elements]
        lines.append(f"{year:<10}" + "".join(f"{'-' if cell is None else percent(cell):>12}" for cell in cells))
    return lines


def spent(run: Run) -> list[str]:
    """Public money by envelope on the trunk's own continuation, and the most in any future."""
    spans: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows_of(run, "budgets"):
        spans.setdefault((row["envelope"], row["from_date"]), []).append(row)
    words: dict[str, list[str]] = {}
    for (envelope, start), rows in spans.items():
        most = max(row["used_musd"] for row in rows)
        if most > 0.5:
            own = next((row["used_musd"] for row in rows if row["future"] == run.record["trunk"]), 0.0)
            amount = rows[0]["amount_musd"]
            other = f" (at most {most:,.0f})" if most > own + 0.5 else ""
            words.setdefault(envelope, []).append(f"{start[:4]} {own:,.0f}{other} of {amount:,.0f}")
    if not words:
        return []
    return _titled("PUBLIC M$", [f"{name}: {joined(parts, WIDTH - 14 - len(name))}" for name, parts in words.items()])


def where(run: Run) -> list[str]:
    """Where the run is."""
    return [f"RUN       {run.folder}"] if run.folder else []


SECTIONS = (headline, signed, built, promoted, held, lines_kept_apart, happens, exposed, spent, where)


def _titled(title: str, lines: Iterable[str]) -> list[str]:
    return [f"{title if number == 0 else '':9} {line}" for number, line in enumerate(lines)]


def _count(number: int, word: str) -> str:
    plural = word + ("es" if word.endswith("ch") else "s")
    return f"{number} {word if number == 1 else plural}" if number else ""
