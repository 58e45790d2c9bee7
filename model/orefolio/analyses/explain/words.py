"""Rows and bounds of a program in the case's own words: the rule, the row of the file, the time, the amount.

RULES and BOUNDS say what a row, or the upper bound of a column, asks for; REMEDIES say how it is relaxed. In a sentence
`{0}`, `{1}` are the words of the label's index, `{row}` the first of the rows that it rests on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from orefolio.case.scenarios import Path, Tree
from orefolio.program.causes import Causes
from orefolio.program.merge import Merged
from orefolio.program.program import Label, Program
from orefolio.solve import Limit, Slack

Rests = tuple[str, ...]
"""Rows that a rule rests on, each `table key`."""

BALANCES = ("BAL", "STK")

RULES: dict[str, tuple[str, Rests]] = {
    "DEM": ("demand {0} needs {amount} t {when}", ("demands {0}",)),
    "DEM_tagged": ("demand {0} takes at most {amount} t of material that needs its licence {when}", ("demands {0}",)),
    "DEM_refused": ("demand {0} refuses all but {amount} t of some tags {when}", ("demands {0}",)),
    "DEM_least_service": ("demand {0} wants {amount} t served {when}", ("demands {0}",)),
    "BAL": ("at {0} no more {1} of class {2} goes out {when} than comes in", ("places {0}", "commodities {1}")),
    "BUD": ("envelope {0} has {money} for its span from {1}", ("envelopes {0}/{1}",)),
    "CAP": ("process {0} makes at most {amount} t {when}, besides what projects add", ("processes {0}",)),
    "CAP_ramp_up": ("process {0} cannot raise its output faster {when}", ("processes {0}",)),
    "CAP_kept": ("process {0} keeps at its end only what it runs", ("processes {0}",)),
    "CAP_campaign": ("process {0} runs {when} only in a campaign", ("processes {0}",)),
    "CNC": ("process {0} runs class {1} only where it is kept for it {when}", ("processes {0}", "classes {1}")),
    "CNC_one": ("process {0} is kept for one group of classes {when}", ("processes {0}",)),
    "CNC_changeover": ("process {0} is changed over {when}: {1}", ("processes {0}",)),
    "CNC_de_minimis": (
        "process {0} puts tagged feed into output of class {1} up to its share {when}",
        ("processes {0}", "classes {1}"),
    ),
    "LAN": ("lane {0} carries at most {amount} t {when}, besides what projects add", ("lanes {0}",)),
    "OFF_volume_max": (
        "contract {0} is for at most {row.volume_max_t_per_year:,.6g} t a year, if it is signed {when}",
        ("contracts {0}",),
    ),
    "OFF_volume_min": (
        "contract {0} is for at least {row.volume_min_t_per_year:,.6g} t a year, if it is signed {when}",
        ("contracts {0}",),
    ),
    "OFF_total": ("contract {0} is for at most {amount} t a year over its tranches", ("contracts {0}",)),
    "OFF_with_project": ("contract {0} is signed only with its project, {when}", ("contracts {0}",)),
    "OFF_delivery": ("contract {0} delivers {when} no more than is signed", ("contracts {0}",)),
    "OFF_take_or_pay": ("contract {0} is taken or paid for in {1}", ("contracts {0}",)),
    "OFF_supplier": ("supplier {0} sells at most {amount} t of {1} {when}", ("supplier_capacity {0}/{1}/{year}",)),
    "OFF_ended": ("contract {0} ends only with its project", ("contracts {0}",)),
    "OFF_ended_all": ("contract {0} ends whole with its project", ("contracts {0}",)),
    "OFF_behind": ("contract {0} pays in {1} only for what is missing", ("contracts {0}",)),
    "OFF_not_ahead": ("contract {0} pays in {1} for no more than is missing", ("contracts {0}",)),
    "OFF_makeup": ("contract {0} makes up of {1} no more than was paid for and not taken", ("contracts {0}",)),
    "OFF_makeup_pace": ("contract {0} makes up at most {amount} t {when}", ("contracts {0}",)),
    "OFF_makeup_alone": ("contract {0} makes up {when} as far as its supplier lives", ("contracts {0}",)),
    "OFF_tranche_once": ("tranche {1} of contract {0} is bought at most once", ("tranches {0}/{1}",)),
    "OFF_tranche_order": ("tranche {1} of contract {0} comes after the one below, {when}", ("tranches {0}/{1}",)),
    "OFF_right": ("contract {0} gives {when} no more {1} than its tranches have a right to", ("contracts {0}",)),
    "OFF_first_right": ("contract {0} comes first {when} within the rights with priority", ("contracts {0}",)),
    "OFF_first": ("contract {0} comes first {when} with what it takes", ("contracts {0}",)),
    "OFF_supplier_whole": ("supplier {0} has {amount} t of {1} in all {when}", ("supplier_capacity {0}/{1}/{year}",)),
    "OFF_sustained": ("supplier {0} is kept {when} only by a contract that sustains it", ("suppliers {0}",)),
    "OFF_sustains": ("supplier {0} is kept {when} by each contract that sustains it", ("suppliers {0}",)),
    "OFF_alone": ("contract {0} delivers {when} as far as its supplier lives", ("contracts {0}",)),
    "OFF_carried": ("contract {0} brings {when} no more than is signed", ("contracts {0}",)),
    "OFF_carried_on": ("contract {0} comes whole {when} only while its supplier is kept", ("contracts {0}",)),
    "OFF_carried_all": ("contract {0} comes whole {when} while its supplier is kept", ("contracts {0}",)),
    "OFF_excused": ("contract {0} is excused {when} from what its supplier has closed", ("contracts {0}",)),
    "PRJ_size_max": (
        "project {0} adds at most {row.size_max_t_per_year:,.6g} t a year, if it is started {when}",
        ("projects {0}",),
    ),
    "PRJ_size_min": (
        "project {0} adds at least {row.size_min_t_per_year:,.6g} t a year, if it is started {when}",
        ("projects {0}",),
    ),
    "PRJ_once": ("project {0} is started at most once", ("projects {0}",)),
    "PRJ_requires": ("project {0} needs project {1} no later, {when}", ("projects {0}", "projects {1}")),
    "PRJ_group": ("group {0} takes {relation} {amount} {counted}", ("groups {0}",)),
    "PRJ_kept": ("project {0} keeps at the end only what it added", ("projects {0}",)),
    "PRG_once": ("level {1} of programme {0} is decided at most once", ("programmes {0}/{1}",)),
    "PRG_order": ("level {1} of programme {0} comes after the one below, {when}", ("programmes {0}/{1}",)),
    "STK": ("stockpile {0} holds {when} what it held and what is put, less what is taken", ("stockpiles {0}",)),
    "STK_warehouse": ("stockpile {0} has room for {amount} t {when}, besides what projects add", ("stockpiles {0}",)),
    "STK_pace": ("stockpile {0} takes in at most {amount} t {when}", ("stockpiles {0}",)),
    "STK_rotation": ("stockpile {0} rotates at most {amount} t {when}", ("stockpiles {0}",)),
    "STK_cover": ("stockpile {0} wants to hold {amount} t {when}", ("stockpiles {0}",)),
    "ENV": ("{0} allows at most {amount} t of residue {1} in {2}", ("residue_caps {0}/{1}",)),
    "REC": ("of scrap {0} at most {amount} t can be collected {when}, besides programmes", ("scrap {0}",)),
    "SUB": ("substitute {0} serves at most {amount} t {when}, besides programmes", ("substitutions {0}",)),
    "CAPS": ("at most {amount} t of {1} is bought from {2} {when}", ("rules {0}", "import_caps {0}/{1}/{2}")),
    "MASS": ("what has been blended by {when} stays within the threshold of what has left", ()),
    "RSK_chance": ("chance {0} lets no more than its share go short in future {1}", ("chance {0}",)),
    "RSK_misses": ("chance {0} is missed with no more than the probability that is left", ("chance {0}",)),
    "RSK_regime": ("regime {0} allows no larger share in future {1}, {2}", ("regimes {0}",)),
    "RSK_short": ("tail {0} of shortage covers future {1}", ("shortage_tails {0}",)),
    "RSK_short_cap": ("tail {0} of shortage is at most {amount}", ("shortage_tails {0}",)),
    "DIV": ("no country has more than its share of stage {0} in {3}", ("diversification {0}/{1}",)),
    "SUP_one": ("project {0} starts under one instrument that is on offer, {when}", ("financed {0}",)),
    "SUP_size": ("project {0} is as large as its instrument backs, {when}", ("financed {0}",)),
    "SUP_backed": ("instrument {1} backs project {0} {when} only if it is chosen", ("financed {0}", "instruments {1}")),
    "SUP_capacity": ("project {0} makes {when} under instrument {1} only what stands of it", ("projects {0}",)),
    "SUP_output": ("investors in process {0} make {when} no more than it makes", ("processes {0}",)),
    "SUP_others": ("process {0} makes {when} at most {amount} t without its investors", ("processes {0}",)),
    "SUP_exclusion": (
        "project {0} has contract {1} at a floor or a price floor of the state, {when}",
        ("contracts {1}", "financed {0}"),
    ),
    "SUP_npv": (
        "project {0} pays its investor under instrument {1}, if it is started {when}",
        ("financed {0}", "instruments {1}"),
    ),
    "forced": ("{0} {1} is taken, as was asked", ()),
}

BOUNDS: dict[str, tuple[str, Rests]] = {
    "buy": ("contract {0} sells at most {amount} t {when}", ("contracts {0}",)),
    "volume": ("contract {0} is for at most {amount} t a year", ("contracts {0}",)),
    "size": ("project {0} adds at most {amount} t a year", ("projects {0}",)),
    "stock": ("stockpile {0} has room for {amount} t {when}", ("stockpiles {0}",)),
    "put": ("stockpile {0} takes in at most {amount} t {when}", ("stockpiles {0}",)),
    "rotate": ("stockpile {0} rotates at most {amount} t {when}", ("stockpiles {0}",)),
    "ship": ("lane {0} lets {amount} t of class {1} through {when}", ("lanes {0}",)),
    "sell": ("step {2} of the outlet for {1} at {0} takes at most {amount} t {when}", ("outlets {0}/{1}/{2}",)),
    "short": ("demand {0} may go short by {amount} t {when} in step {1}", ("loss_steps {0}/{1}",)),
    "unserved": ("demand {0} may fall short of its least service by {amount} t {when}", ("demands {0}",)),
    "gap": ("stockpile {0} may fall short of its cover by {amount} t {when}", ("stockpiles {0}",)),
    "start": ("project {0} is started {when}, or not", ("projects {0}",)),
    "sign": ("contract {0} is signed {when}, or not", ("contracts {0}",)),
    "tranche": ("tranche {1} of contract {0} is bought {when}, or not", ("tranches {0}/{1}",)),
    "ended": ("contract {0} ends for at most {amount} t a year", ("contracts {0}",)),
    "behind": ("contract {0} is behind in {1}, or not", ("contracts {0}",)),
    "makeup": ("contract {0} makes up at most {amount} t {when}", ("contracts {0}",)),
    "sustained": ("supplier {0} is kept {when}, or not", ("suppliers {0}",)),
    "carried": ("contract {0} is for at most {amount} t a year", ("contracts {0}",)),
    "level_on": ("level {1} of programme {0} is decided {when}, or not", ("programmes {0}/{1}",)),
    "choose": ("project {0} is started under instrument {1} {when}, or not", ("financed {0}", "instruments {1}")),
    "run": ("process {0} runs {when}, or not", ("processes {0}",)),
    "dedicated": ("process {0} is kept for material with the fewest tags {when}, or not", ("processes {0}",)),
    "kept_for": ("process {0} is kept for class {1} {when}, or not", ("processes {0}", "classes {1}")),
    "changeover": ("process {0} is changed over {when}, or not", ("processes {0}",)),
    "kept": ("project {0} keeps at most {amount} t a year at the end", ("projects {0}",)),
}

REMEDIES: dict[tuple[str, bool], str] = {
    ("BUD", True): "raise the span of envelope {0} from {1} by {money}",
    ("CAP", True): "let process {0} make {amount} t more {when}",
    ("CAP_ramp_up", True): "let process {0} raise its output by {amount} t a year more {when}",
    ("LAN", True): "let lane {0} carry {amount} t more {when}",
    ("OFF_delivery", True): "have contract {0} deliver {amount} t more {when}",
    ("OFF_supplier", True): "have supplier {0} sell {amount} t more of {1} {when}",
    ("OFF_take_or_pay", False): "excuse contract {0} from {amount} t in {1}",
    ("STK_warehouse", True): "give stockpile {0} room for {amount} t more {when}",
    ("STK_pace", True): "let stockpile {0} take in {amount} t more {when}",
    ("STK_rotation", True): "let stockpile {0} rotate {amount} t more {when}",
    ("ENV", True): "let {0} have {amount} t more of residue {1} in {2}",
    ("PRJ_group", True): "raise the limit of group {0} by {amount} {counted}",
    ("PRJ_group", False): "lower the limit of group {0} by {amount} {counted}",
    ("DEM", False): "serve demand {0} {amount} t less {when}",
    ("DEM_tagged", True): "let demand {0} take {amount} t more of tagged material {when}",
    ("REC", True): "collect {amount} t more of scrap {0} {when}",
    ("SUB", True): "let substitute {0} serve {amount} t more {when}",
    ("buy", True): "have contract {0} sell {amount} t more {when}",
    ("stock", True): "give stockpile {0} room for {amount} t more {when}",
    ("put", True): "let stockpile {0} take in {amount} t more {when}",
    ("rotate", True): "let stockpile {0} rotate {amount} t more {when}",
    ("sell", True): "have step {2} of the outlet for {1} at {0} take {amount} t more {when}",
    ("ship", True): "have lane {0} let through {amount} t more of class {1} {when}",
}
"""How a limit of the case is relaxed, upward or downward. What is not here is never relaxed."""

CELLS: dict[str, str] = {
    "CAP": "capacity_t_per_year",
    "LAN": "capacity_t_per_year",
    "ENV": "t_per_year",
    "STK_pace": "pace_t_per_year",
    "buy": "volume_max_t_per_year",
    "put": "pace_t_per_year",
    "sell": "t_per_year",
}
"""The cell to which a limit is proportional, in its own unit: it is told where the limit's is another one, since a
period is not a year, or less than all is available."""


@dataclass(frozen=True)
class Sentence:
    """What a limit asks for, or how it is relaxed. places: `file:line` of the rows that it rests on."""

    text: str
    places: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.text} ({', '.join(self.places)})" if self.places else self.text


def _named(rule: Any) -> str:
    """A rule by its name, or its id where it has none, and where it stands."""
    return f"rule {rule.name or rule.rule}" + (f" [{rule.citation}]" if rule.citation else "")


def _side(program: Program, slack: Slack) -> float:
    place = slack.limit.place
    if slack.limit.kind == "upper":
        return float(program.column_upper[place])
    return float((program.row_upper if slack.upward else program.row_lower)[place])


@dataclass(frozen=True)
class Speaker:
    """Says what rows and bounds of a merged program mean."""

    tree: Tree
    commitments: frozenset[str] = frozenset()

    @classmethod
    def of(cls, merged: Merged) -> Speaker:
        """The speaker of a program."""
        names = {
            label.name for flat in merged.flats for label, yes in zip(flat.columns, flat.commitment, strict=True) if yes
        }
        return cls(merged.tree, frozenset(names))

    def asks(self, limit: Limit, merged: Merged) -> Sentence:
        """What a limit of the program asks for."""
        program = merged.program
        label = limit.label(program)
        if limit.kind == "lower":
            return Sentence(
                f"{label.name} of {', '.join(label.index)} is at least {program.column_lower[limit.place]:g}"
            )
        sides = (program.row_lower, program.row_upper) if limit.kind == "row" else (program.column_upper,) * 2
        lower, upper = (float(side[limit.place]) for side in sides)
        return self.rule(label, upper if upper < float("inf") else lower, bound=limit.kind == "upper")

    def rule(self, label: Label, amount: float, *, bound: bool = False) -> Sentence:
        """What a row, or the upper bound of a column, asks for, and the rules of the case that it comes from."""
        known = BOUNDS if bound else RULES
        text, rests = known.get(label.name, (f"{label.name} of {', '.join(label.index)} holds {{when}}", ()))
        said = self._said(text, rests, label, amount)
        words, rules = self._rules(label)
        case = self.tree.case
        named = " and ".join(_named(case.row("rules", rule)) for rule in rules)
        places = tuple(dict.fromkeys((*said.places, *(case.where("rules", rule) for rule in rules))))
        return Sentence(f"{said.text}{words}{named}", places) if rules else said

    def _rules(self, label: Label) -> tuple[str, tuple[str, ...]]:
        """The rules behind a row or a bound, and the words that lead to them."""
        causes = Causes(self._lived(label)[0])
        if label.name == "DEM":
            demand = self.tree.case.row("demands", label.index[0])
            return ", and takes nothing of some tags by ", causes.barring(demand, label.period)
        if label.name == "BAL":
            place, commodity, _ = label.index
            return ", and lanes to it are barred by ", causes.closing(place, commodity, label.period)
        return ", by ", causes.of(label)

    def remedy(self, slack: Slack, label: Label, amount: float, alike: Sequence[Label] = ()) -> Sentence:
        """How a limit is relaxed by an amount in its unit. alike: the labels of one period that it speaks of."""
        known = RULES if slack.limit.kind == "row" else BOUNDS
        return self._said(REMEDIES[label.name, slack.upward], known[label.name][1], label, amount, alike)

    def steps(self, program: Program, amounts: Iterable[tuple[Slack, float]]) -> tuple[Sentence, ...]:
        """How limits are relaxed, each once: what several futures ask of one cell in one period is the most of it."""
        found: dict[tuple[object, ...], list[tuple[Slack, Label, float]]] = {}
        for slack, amount in amounts:
            label = slack.limit.label(program)
            timed = "{when}" in REMEDIES[label.name, slack.upward]
            key = slack.limit.kind, slack.upward, label.name, label.index, label.period if timed else None
            found.setdefault(key, []).append((slack, label, amount))
        return tuple(self._step(program, same) for same in found.values())

    def _step(self, program: Program, same: list[tuple[Slack, Label, float]]) -> Sentence:
        slack, label, _ = same[0]
        most = max(amount for _, _, amount in same)
        sentence = self.remedy(slack, label, most, [each for _, each, _ in same])
        if label.name not in CELLS or len(sentence.places) != 1:
            return sentence
        rests = (RULES if slack.limit.kind == "row" else BOUNDS)[label.name][1]
        table, _, key = rests[0].format(*label.index).partition(" ")
        cell = float(getattr(self.tree.case.row(table, key), CELLS[label.name]))
        sides = [_side(program, each) for each, _, _ in same]
        if min(sides) <= 0 or not math.isfinite(cell):
            return sentence
        wanted = max(cell * (1 + amount / side) for side, (_, _, amount) in zip(sides, same, strict=True))
        if abs(wanted - cell - most) <= 1e-6 * max(1.0, cell):
            return sentence
        return Sentence(f"{sentence.text}: {CELLS[label.name]} {wanted:,.6g}, not {cell:,.6g}", sentence.places)

    def _said(self, text: str, rests: Rests, label: Label, amount: float, alike: Sequence[Label] = ()) -> Sentence:
        words: dict[str, Any] = {"amount": f"{amount:,.6g}", "when": self.when(*(alike or (label,))), "row": None}
        words |= {"year": self._line_year(label) if label.name == "OFF_supplier" else ""}
        targets = [rest.format(*label.index, **words).partition(" ") for rest in rests]
        case = self.tree.case
        rows = [case.row(table, key) if case.has(table, key) else None for table, _, key in targets]
        words["row"] = rows[0] if rows else None
        if label.name == "BUD":
            words["money"] = self._money(words["row"], amount)
        if label.name == "PRJ_group":
            words["relation"] = words["row"].sense.replace("_", " ")
            one = "start" if amount == 1 else "starts"
            words["counted"] = one if words["row"].counts == "starts" else "t a year"
        places = tuple(case.where(table, key) for table, _, key in targets)
        return Sentence(" ".join(text.format(*label.index, **words).split()), places)

    def _money(self, envelope: Any, musd: float) -> str:
        million = musd * self.tree.case.row("currencies", envelope.currency).per_usd
        unit = {"JPY": "yen"}.get(envelope.currency, envelope.currency)
        return f"{million / 1000:,.6g} bn {unit}" if abs(million) >= 1000 else f"{million:,.6g} million {unit}"

    def _line_year(self, label: Label) -> str:
        """The line of a supplier's capacity that holds in the period of a row."""
        path = self._lived(label)[0]
        year = path.periods[label.period].year
        lines = [
            row.from_year
            for row in self.tree.case.rows("supplier_capacity")
            if (row.supplier, row.commodity) == label.index[:2] and row.from_year <= year
        ]
        return str(max(lines, default=year))

    def _lived(self, label: Label) -> Sequence[Path]:
        """The futures that pass through a label's node."""
        nodes = self.tree.parent if label.name in self.commitments else self.tree.node
        at = label.period
        found = [path for path, own in zip(self.tree.paths, nodes, strict=True) if own[at : at + 1] == (label.node,)]
        return found or self.tree.paths

    def when(self, *labels: Label) -> str:
        """The period that labels share, and their futures where these are not all."""
        every = [path for label in labels for path in self._lived(label)]
        lived = [path for path in self.tree.paths if path in every]
        period = every[0].periods[labels[0].period]
        if abs(period.years - 1) < 1e-9 and period.label.endswith("-01"):
            text = f"in {period.year}"
        elif period.years > 1 and period.label.endswith("-01"):
            text = f"from {period.year} to {period.year + round(period.years) - 1}"
        else:
            text = f"in the {round(period.years * 12)} months from {period.label}"
        if len(lived) == len(self.tree.paths):
            return text
        names = ", ".join(path.future for path in lived)
        return f"{text} in the future{'' if len(lived) == 1 else 's'} {names}"
