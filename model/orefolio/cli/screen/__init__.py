"""The plan as a planner wants it: one screen of at most 100 columns, made from the tables of a run alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from .words import WIDTH, cut, exact, joined, millions, percent

if TYPE_CHECKING:
    from orefolio.api import Run

Rows = list[dict[str, Any]]
MOST = {"contract": 5, "tranche": 5, "project": 5}
MOST_FORMS = 8
YEARS = (2030, 2035, 2040)
SUMS = {"heavy elements": "all heavy", "all elements": "all"}
COMMON = ("every future", "trunk")
SECTIONS: tuple[Callable[[Run], list[str]], ...]


def screen(run: Run) -> str:
    """The whole screen. Reads tables and record, so that a run folder gives the same as the solve that wrote it."""
    lines = [cut(line, WIDTH) for section in SECTIONS for line in section(run)]
    return "\n".join([*lines, f"RUN       {run.folder}"] if run.folder else lines)


def headline(run: Run) -> list[str]:
    """What it costs, what is proved, what it saves, what is worst."""
    record = run.record
    futures = [row for row in run.rows("futures") if row["kind"] == "future"]
    lines = [f"{record['case']['title']} · {_count(len(futures), 'future')} · grid {record['grid']}"]
    lines.append(f"Expected cost {exact(record['expected_cost_musd'])} million USD (M$); {_proof(run)}")
    if record["risk"]["weight"] > 0:
        weight, tail = percent(record["risk"]["weight"]), percent(1 - record["risk"]["level"])
        lines.append(
            f"Objective {exact(run.cost)}: {weight} of the weight is on the worst {tail}, the proof is on this sum"
        )
    if record["risk"]["objective"] == "worst case":
        lines.append(f"Objective {exact(run.cost)}: the greatest cost over futures, the proof is on it")
    if record["risk"]["objective"] == "least regret":
        least = next(row["value"] for row in run.rows("risk") if row["part"] == "regret at least" and not row["future"])
        lines.append(f"Objective {exact(run.cost)}: the greatest regret, at least {exact(least)} of it, at most all")
    if record["risk"]["regimes"]:
        tried = [_regime(entry) for entry in record["risk"]["regimes"]]
        lines.append(f"Regime {tried[0]}" + "".join(f"; {words}" for words in tried[1:]))
    if record["risk"]["expected_bound_musd"] is not None:
        least = exact(record["risk"]["expected_bound_musd"])
        lines.append(f"Of the plans as good by the objective, none is expected to cost less than {least}")
    saving = f"not known ({record['saving_note']})" if run.saving is None else f"at least {exact(run.saving)}"
    lines.append(f"Saving against committing nothing: {saving}")
    if len(futures) > 1:
        worst = next(row for row in futures if row["future"] == record["worst"]["future"])
        share = percent(1 - record["risk"]["level"])
        lines[-1] += f"; the worst {share}: {exact(record['tail_cost_musd'])}"
        lines.append(f"Worst future: {worst['future']} {worst['name']}, {worst['extra_cost_musd']:+,.1f} to the trunk")
    return lines


def _regime(entry: dict[str, Any]) -> str:
    found = entry["status"] if entry["objective"] is None else exact(entry["objective"])
    return f"{entry['regime']}: {found}"


def _proof(run: Run) -> str:
    if run.status == "optimal":
        return f"proved within {run.abs_gap:,.1f} ({run.gap:.3%})"
    how = "interrupted" if run.status == "interrupted" else "stopped by a limit"
    return f"{how}, up to {run.abs_gap:,.1f} ({run.gap:.2%}) above the best"


def signed(run: Run) -> list[str]:
    """What to sign."""
    rules = {row["contract"]: row["price_rule"] for row in run.rows("contracts")}

    def figures(rows: Rows) -> str:
        return f"{_size(rows)} {cut(rules[rows[0]['id']], 31, fill=True)}"

    return _choices(run, "contract", f"SIGN      when      t/year {'price':31} what", figures)


def stakes(run: Run) -> list[str]:
    """What to buy of suppliers' output by equity or loans, where the case has such tranches."""
    if all(row["kind"] != "tranche" for row in run.rows("portfolio")):
        return []

    def figures(rows: Rows) -> str:
        return f"{percent(sum(row['size'] for row in rows)):>7} {millions(sum(row['capital_musd'] for row in rows)):>7}"

    return _choices(run, "tranche", "STAKE     when      right      M$ what", figures)


def built(run: Run) -> list[str]:
    """What to build."""
    projects = {row["project"]: row for row in run.rows("projects")}

    def figures(rows: Rows) -> str:
        project = projects[rows[0]["id"]]
        money = millions(sum(row["capital_musd"] for row in rows))
        return f"{_size(rows)} {project['equipment_origin']:9} {money:>7} {percent(project['public_share']):>7}"

    return _choices(run, "project", "BUILD     when      t/year equipment      M$  public what", figures)


def _choices(run: Run, kind: str, title: str, figures: Callable[[Rows], str]) -> list[str]:
    """A line for each choice on the trunk, all its dates together, and one line for what is chosen in branches."""
    common: dict[str, Rows] = {}
    apart: dict[str, list[str]] = {}
    for row in run.rows("portfolio"):
        if row["kind"] == kind and row["branch"] in COMMON:
            common.setdefault(row["id"], []).append(row)
        elif row["kind"] == kind:
            apart.setdefault(row["id"], []).append(row["branch"])
    shown = list(common.values())[: MOST[kind]]
    lines = [f"{_when(rows)} {figures(rows)} {rows[0]['name']}" for rows in shown]
    rest = [f"{len(common) - len(shown)} more on the trunk"] if len(common) > len(shown) else []
    if apart:
        words = [f"{name} ({joined(dict.fromkeys(branches), 8)})" for name, branches in apart.items()]
        rest.append(f"in branches {joined(words, 62)}")
    if rest:
        lines.append("and " + "; ".join(rest))
    word = title.partition(" ")[0]
    if not lines:
        return _titled(word, ["nothing"])
    return [title, *(f"{'':9} {line}" for line in lines)] if shown else _titled(word, lines)


def _when(rows: Rows) -> str:
    """The month, or the first and last year where a choice is made again."""
    return rows[0]["date"] if len(rows) == 1 else f"{rows[0]['date'][:4]}…{rows[-1]['date'][2:4]}"


def _size(rows: Rows) -> str:
    size = sum(row["size"] for row in rows)
    return f"{size:>8,.0f}" if size >= 10 else f"{size:>8.2g}"


def promoted(run: Run) -> list[str]:
    """Levels of programmes, those on the trunk before those in branches."""
    rows = [row for row in run.rows("portfolio") if row["kind"] == "programme"]
    words = [
        f"{row['id'].replace('/', ' ')} {row['date'][:4]}{_only_in(row)} {millions(row['capital_musd'])} M$"
        for row in sorted(rows, key=lambda row: row["branch"] not in COMMON)
    ]
    return _titled("PROMOTE", [joined(words, WIDTH - 10) or "nothing"])


def _only_in(row: dict[str, Any]) -> str:
    return "" if row["branch"] in COMMON else f" in {row['branch']}"


def held(run: Run) -> list[str]:
    """Stock by form on the trunk's own continuation: now, its peak, the days that it covers."""
    trunk = run.record["trunk"]
    forms: dict[str, dict[str, list[float]]] = {}
    for row in run.rows("stock"):
        if row["future"] == trunk:
            moment = forms.setdefault(row["commodity"], {}).setdefault(row["until"], [0.0, 0.0])
            days = row["days_of_cover"]
            moment[0] += row["stock_t"]
            moment[1] += days if isinstance(days, float) and days == days else 0.0
    words = [words for name, moments in forms.items() if (words := _form(name, moments))]
    shown = words if len(words) <= MOST_FORMS else [*words[: MOST_FORMS - 1], f"and {len(words) - MOST_FORMS + 1} more"]
    return _titled("HOLD", _two_columns(shown)) if words else []


def _form(name: str, moments: dict[str, list[float]]) -> str:
    opening = moments[min(moments)]
    when = max(moments, key=lambda moment: moments[moment][0])
    peak, days = moments[when]
    if peak < 0.5 and opening[0] < 0.5:
        return ""
    cover = f", {days:.0f} days" if days > 0 else ""
    return f"{name} {opening[0]:,.0f} → {peak:,.0f} t ({when[:4]}{cover})"


def _two_columns(words: list[str]) -> list[str]:
    pairs = [words[number : number + 2] for number in range(0, len(words), 2)]
    return ["".join(cut(cut(word, 44), 45, fill=True) for word in pair).rstrip() for pair in pairs]


def lines_kept_apart(run: Run) -> list[str]:
    """Lines that run untagged material only, and in how many futures they ever do."""
    found: dict[str, set[str]] = {}
    for row in run.rows("lines"):
        if row["material"] == "untagged":
            found.setdefault(row["name"], set()).update(row["futures"].split())
    if not found:
        return []
    every = len(run.record["futures"])
    words = [f"{cut(name, 40)} (in {len(futures)} of {every})" for name, futures in found.items()]
    return _titled("UNTAGGED", [joined(words, WIDTH - 10)])


def chinese_content(run: Run) -> list[str]:
    """Chinese content, in per cent, of what leaves without the tag, under both accountings, and that of the plan."""
    rules = run.record.get("content") or []
    words = []
    for entry in rules:
        name = f"{entry['rule']}: " if len(rules) > 1 else ""
        apart, balance = _content(entry["lots_kept_apart"]), _content(entry["mass_balance"])
        limit = f"{100 * entry['threshold_share']:.2g}"
        words.append(
            f"{name}worst untagged lot {apart}, by mass balance {balance}, limit {limit}; plan: {entry['planned']}"
        )
    return _titled("CHINESE %", words)


def _content(accounting: dict[str, Any]) -> str:
    """Per cent to two figures, and a word where it is more than the rule allows."""
    return f"{100 * accounting['share']:.2g}{'' if accounting['within'] else ' (over)'}"


def happens(run: Run) -> list[str]:
    """What happens in each future."""
    futures = run.rows("futures")
    if len(futures) <= 4 and not any(row["short_t"] > 0.5 for row in futures):
        return []
    lines = [f"{'FUTURE':41} weight   extra M$  short t  on trunk  lost M$  released t"]
    for row in futures:
        if row["kind"] == "future":
            name = f"{row['future']} {row['name']}"
            figures = f"{row['probability']:6.2f} {row['extra_cost_musd']:10,.0f} {row['short_t']:8,.0f} "
            figures += f"{row['short_on_trunk_t']:9,.0f} {row['short_musd']:8,.0f} {row['released_t']:11,.0f}"
            lines.append(f"{cut(name, 41, fill=True)} {figures}")
    return lines


def kept(run: Run) -> list[str]:
    """What is asked over the futures together, where the case asks for something."""
    lines = []
    for row in run.rows("risk"):
        if row["future"] or row["part"].startswith("regret"):
            continue
        if row["part"] == "chance":
            words = f"kept with a probability of {percent(row['value'])}, at least {percent(row['limit'])} asked"
        else:
            cap = (
                ""
                if row["limit"] is None or row["limit"] != row["limit"]
                else f", at most {exact(row['limit'])} allowed"
            )
            words = f"{exact(row['value'])} {row['unit']}{cap}"
        lines.append(f"{row['part']} {row['id']}: {words}")
    return _titled("TOGETHER", lines)


def exposed(run: Run) -> list[str]:
    """Dependence on China by element, expected over the futures."""
    shares = {
        (row["year"], row["element"]): row["share"]
        for row in run.rows("dependence")
        if row["future"] == "expected" and row["stage"] == "all stages" and row["country"] == "CN"
    }
    if not shares:
        return []
    elements = list(dict.fromkeys(element for _, element in sorted(shares)))
    elements = [e for e in elements if e not in SUMS] + [e for e in SUMS if e in elements]
    first = min(year for year, _ in shares)
    years = [first, *(year for year in YEARS if year > first and (year, elements[0]) in shares)]
    lines = [f"{'FROM CHINA':10}" + "".join(f"{cut(SUMS.get(e, e), 9):>10}" for e in elements)]
    for year in years:
        cells = [shares.get((year, element)) for element in elements]
        lines.append(f"{year:<10}" + "".join(f"{'-' if cell is None else percent(cell):>10}" for cell in cells))
    return lines


def spent(run: Run) -> list[str]:
    """Public money by envelope on the trunk's own continuation, and the most in any future."""
    spans: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in run.rows("budgets"):
        spans.setdefault((row["envelope"], row["from_date"]), []).append(row)
    words: dict[str, list[str]] = {}
    for (envelope, start), rows in spans.items():
        most = max(row["used_musd"] for row in rows)
        if most > 0.001 * rows[0]["amount_musd"]:
            own = next((row["used_musd"] for row in rows if row["future"] == run.record["trunk"]), 0.0)
            amount = rows[0]["amount_musd"]
            other = f" (at most {millions(most)})" if most > 1.01 * own else ""
            words.setdefault(envelope, []).append(f"{start[:4]} {millions(own)}{other} of {millions(amount)}")
    if not words:
        return []
    return _titled(
        "PUBLIC M$",
        [f"{name.replace('_', ' ')}: {joined(parts, WIDTH - 14 - len(name))}" for name, parts in words.items()],
    )


SECTIONS = (
    headline, signed, stakes, built, promoted, held, lines_kept_apart, chinese_content, happens, kept, exposed, spent,
)  # fmt: skip


def _titled(title: str, lines: Iterable[str]) -> list[str]:
    return [f"{title if number == 0 else '':9} {line}" for number, line in enumerate(lines)]


def _count(number: int, word: str) -> str:
    plural = word + ("es" if word.endswith("ch") else "s")
    return f"{number} {word if number == 1 else plural}" if number else ""
