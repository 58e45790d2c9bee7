r"""SUP: a project that an investor finances starts only under an instrument that makes it pay at the investor's rate.

$$\sum_i choose_{x,i,m} = start_{x,m}, \qquad \sum_i backed_{x,i,m} = size_{x,m}, \qquad
  backed_{x,i,m} \le \bar s_x\,choose_{x,i,m}$$
$$supported_{x,i,m,n} \le available_{p,n}\,h_n\,\bar\rho_x(m,n)\,backed_{x,i,m}, \qquad
  \sum_{x \to p}\sum_{i,m} supported_{x,i,m,n} \le \sum_q activity_{p,q,n}$$
$$\sum_q activity_{p,q,n} - \sum_{x \to p}\sum_{i,m} supported_{x,i,m,n} \le
  available_{p,n}\,h_n\,(\text{capacity of } p \text{ that no investor finances})$$
$$\mathbb E_{\omega \ni \alpha(m)}\Big[\sum_n \delta_n\,margin_{x,i,n}\,supported_{x,i,m,n} +
  \text{worth at the end} - (1 - g_i)\,capital\Big] \ge 0$$
$$sign_{j,m} + \sum_{i\text{ a floor}} choose_{x,i,m} \le 1 \;(j \text{ an offtake at a floor on } x)$$

The margin of a tonne is what its products bring on the market of this path, and what the instrument adds, less feed at
market prices, operating cost and residues; it is discounted at the investor's rate. The expectation is over the futures
that pass through the node on which the start rests; `program/support.py` adds that row once futures are merged. All
output of an investor's capacity is counted, also what is made at a loss. The worth at the end is the lower of the
capital that remains and of the margin over the life that remains, without support.

What the state pays is a transfer: it takes from the envelope, and not from resource cost. Only where public money is
dear (`public_funds_cost` above 0) that share of it counts, under the name `support`. What a fixed price earns the state
does not fill its envelope again. Adds nothing where no project is privately financed.

| symbol | code | unit | meaning |
|---|---|---|---|
| *choose* | `choose` | 1 | the start is made under the instrument (binary) |
| *backed* | `backed` | t/year | capacity committed under it |
| *supported* | `supported` | t | output of that capacity in the period |
| g | `instruments.grant_share`, `projects.public_share` | 1 | share of capital that public money pays |
| margin | `instruments.price_multiple`, `financed.market` | million USD/t | earned by a tonne |
| δ | `financed.rate_share_per_year` | 1 | discount factor of the investor |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import timing
from .algebra import Key, Term, linear
from .investment import Deal, Investor, menu, private
from .ledger import Future


@dataclass(frozen=True)
class Offer:
    """An instrument on offer to a project at one start. key: (project, instrument, number of the period)."""

    project: Any
    terms: Any
    instrument: Any
    deal: Deal

    @property
    def key(self) -> Key:
        """The index of its decisions."""
        return self.project.project, self.instrument.instrument, self.deal.begin.number

    @property
    def output(self) -> dict[int, Key]:
        """Number of each period in which its capacity stands to the index of what it makes there."""
        words = (self.project.project, self.instrument.instrument, self.deal.begin.label)
        return {number: (*words, number) for number, share in enumerate(self.deal.shares) if share > 0}


def state(future: Future) -> None:
    """State price support: the choice of an instrument, output under it, what it is worth and what it takes."""
    offers = _offers(future)
    most = {offer.key: offer.project.size_max_t_per_year for offer in offers}
    choose = future.columns("choose", dict.fromkeys(most, (0.0, 1.0)), binary=True, commitment=True)
    backed = future.columns("backed", dict.fromkeys(most, (0.0, None)), commitment=True)
    future.rows("SUP_backed", {key: backed[key] <= size * choose[key] for key, size in most.items()})
    made = {key: (0.0, None) for offer in offers for key in offer.output.values()}
    supported = future.columns("supported", made)
    _one_instrument(future, offers, choose, backed)
    _within_capacity(future, offers, backed, supported)
    _within_output(future, offers, supported)
    _one_floor(future, offers, choose)
    for offer in offers:
        _worth(future, offer, choose[offer.key], backed[offer.key], supported)
        _outlay(future, offer, choose[offer.key], backed[offer.key], supported)


def _offers(future: Future) -> list[Offer]:
    offers: list[Offer] = []
    for terms in private(future.case):
        project = future.case.row("projects", terms.project)
        charges = [future.ledger.charged(project.adds_to, period.number) for period in future.path.periods]
        investor = Investor(future.path, future.prices, project, terms, charges)
        for begin in timing.starts(future.path, project):
            offered = menu(future.case, terms)
            offers += [Offer(project, terms, each, investor.deal(each, begin)) for each in offered]
    return offers


def _one_instrument(future: Future, offers: list[Offer], choose: Any, backed: Any) -> None:
    for name, account, chosen in (("SUP_one", "started", choose), ("SUP_size", "sized", backed)):
        rows: dict[Key, list[Term]] = {}
        for offer in offers:
            project, _, number = offer.key
            if (project, number) not in rows:
                rows[project, number] = [(-c, v) for c, v in future.ledger.read(account, (project, number))]
            rows[project, number].append((1.0, chosen[offer.key]))
        future.rows(name, {key: linear(terms) == 0.0 for key, terms in rows.items()})


def _within_capacity(future: Future, offers: list[Offer], backed: Any, supported: Any) -> None:
    rows = {}
    for offer in offers:
        available = future.path.series("processes", offer.project.adds_to, "availability_share")
        for number, key in offer.output.items():
            most = available[number] * future.path.periods[number].years * offer.deal.shares[number]
            rows[key] = linear([(1.0, supported[key]), (-most, backed[offer.key])]) <= 0.0
    future.rows("SUP_capacity", rows)


def _within_output(future: Future, offers: list[Offer], supported: Any) -> None:
    """What investors make is made, and what others make fits in the capacity of others."""
    investors: dict[Key, list[Term]] = {}
    for offer in offers:
        for number, key in offer.output.items():
            investors.setdefault((offer.project.adds_to, number), []).append((1.0, supported[key]))
    output: dict[Key, list[Term]] = {place: [] for place in investors}
    for name, class_, number in list(future.ledger.keys("output")):
        if (name, number) in output:
            output[name, number] += future.ledger.read("output", (name, class_, number))
    own = {id(v) for o in offers for _, v in future.ledger.read("sized", (o.key[0], o.key[2]))}
    made, others = {}, {}
    for (name, number), theirs in investors.items():
        minus = [(-c, v) for c, v in output[name, number]]
        made[name, number] = linear(theirs + minus) <= 0.0
        stands = future.path.series("processes", name, "capacity_t_per_year")[number]
        available = future.path.series("processes", name, "availability_share")[number]
        period = future.path.periods[number]
        stands *= timing.worn(future.path, name, 0.0, period)
        hours = available * period.years
        added = [(-hours * c, v) for c, v in future.ledger.read("installed", (name, number)) if id(v) not in own]
        rest = output[name, number] + [(-c, v) for c, v in theirs] + added
        others[name, number] = linear(rest) <= hours * stands
    future.rows("SUP_output", made)
    future.rows("SUP_others", others)


def _one_floor(future: Future, offers: list[Offer], choose: Any) -> None:
    """An offtake at a floor and a support floor do not stand on the same output."""
    rows = {}
    for project, contract, number in future.ledger.keys("offtake at a floor"):
        floors: list[Term] = [
            (1.0, choose[o.key])
            for o in offers
            if (o.key[0], o.key[2]) == (project, number) and o.instrument.kind == "floor"
        ]
        if floors:
            signed = future.ledger.read("offtake at a floor", (project, contract, number))
            rows[project, contract, number] = linear([*signed, *floors]) <= 1.0
    future.rows("SUP_exclusion", rows)


def _worth(future: Future, offer: Offer, choose: Any, backed: Any, supported: Any) -> None:
    deal = offer.deal
    future.ledger.post("npv", offer.key, deal.lump, choose)
    future.ledger.post("npv", offer.key, deal.each, backed)
    for number, key in offer.output.items():
        future.ledger.post("npv", offer.key, deal.margin[number], supported[key])


def _outlay(future: Future, offer: Offer, choose: Any, backed: Any, supported: Any) -> None:
    """What the state pays: from the envelope, to the account of outlays, and as a cost where public money is dear."""
    path, terms, dear = future.path, offer.terms, future.case.setting("public_funds_cost", 0.0)
    payments: list[tuple[float, float, int, float, Any]] = []
    for part in offer.deal.grants:
        due = path.period_of(part.start)
        payments += [(part.start, part.end, due, part.lump, choose), (part.start, part.end, due, part.each, backed)]
    for number, key in offer.output.items():
        period = path.periods[number]
        payments.append((period.start, period.end, number, offer.deal.paid[number], supported[key]))
    for start, end, number, musd, variable in payments:
        today = musd * path.discount(start, end)
        future.spend(terms.envelope, max(0.0, musd), start, end, variable)
        future.ledger.post("outlay", offer.key, today, variable)
        future.ledger.cost("support", number, dear * today, variable)
