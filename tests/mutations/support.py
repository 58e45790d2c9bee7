"""Mutants of price support: what a start is worth to its investor, what the state pays, over which futures."""

from __future__ import annotations

from mutations.operators import Mutation, rewritten

INVESTOR = "families.investment:Investor."
WORTH = "program.support:with_support"

SUPPORT: dict[str, Mutation] = {
    "money of support forgotten": rewritten(
        "families.support:_outlay", "future.spend(terms.envelope, max(0.0, musd), start, end, variable)", "None"
    ),
    "gains fill the envelope": rewritten("families.support:_outlay", "max(0.0, musd), start", "musd, start"),
    "outlays undiscounted": rewritten(
        "families.support:_outlay", "today = musd * path.discount(start, end)", "today = musd"
    ),
    "exclusion by any instrument": rewritten("families.support:_one_floor", ' and o.instrument.kind == "floor"', ""),
    "exclusion by any offtake": rewritten(
        "families.contracts:state", 'any(item.price_rule == "floor" for item in _items(future, row))', "True"
    ),
    "capacity of investors is others' too": rewritten("families.support:_within_output", "if id(v) not in own", ""),
    "old capacity forgotten": rewritten("families.support:_within_output", "hours * stands", "0.0"),
    "menu forgotten": rewritten(
        "families.investment:menu", "if not terms.instruments or row.instrument in terms.instruments", ""
    ),
    "everyone private": rewritten("families.investment:private", "if row.private", ""),
    "feed for nothing": rewritten(INVESTOR + "plain", "(sales - self.feed[number])", "sales"),
    "costs of running forgotten": rewritten(INVESTOR + "plain", "- self.charges[number]", ""),
    "operation not charged": rewritten(
        "families.capacity:state",
        "future.ledger.charge(name, period.number, costs[name][period.number] * MUSD_PER_T)",
        "future.ledger.charge(name, period.number, 0.0)",
    ),
    "residues not charged": rewritten(
        "families.environment:state",
        "row.process, period.number, row.t_per_t * charges[row.residue]",
        "row.process, period.number, 0.0",
    ),
    "loss of a product forgotten": rewritten(
        INVESTOR + "__post_init__", "[row.t_per_t * y for y in kept]", "[row.t_per_t for y in kept]"
    ),
    "floor over the price of the day": rewritten(
        INVESTOR + "support",
        "instrument.price_multiple * product.reference",
        "instrument.price_multiple * product.price[number]",
    ),
    "floor as a fixed price": rewritten(INVESTOR + "support", 'if instrument.kind == "floor" else', "if False else"),
    "fixed price as a floor": rewritten(INVESTOR + "support", 'if instrument.kind == "floor" else', "if True else"),
    "support for ever": rewritten(INVESTOR + "deal", "paid[number] = lasts *", "paid[number] ="),
    "term from the start": rewritten(INVESTOR + "deal", "done + instrument.years", "begin.start + instrument.years"),
    "term by time alone": rewritten(
        "families.timing:lasting",
        "standing(project, done, before) * before.years / (standing(project, done, period) * period.years)",
        "before.years / period.years",
    ),
    "fixed operation forgotten": rewritten(INVESTOR + "deal", "- fixed,", ","),
    "public share forgotten": rewritten(INVESTOR + "deal", "1.0 - project.public_share - granted", "1.0 - granted"),
    "grant forgotten": rewritten(
        INVESTOR + "deal", "1.0 - project.public_share - granted", "1.0 - project.public_share"
    ),
    "rate of the importer": rewritten(
        INVESTOR + "present", "self.terms.rate_share_per_year", 'self.path.case.setting("discount_rate")'
    ),
    "worth on the first day": rewritten(INVESTOR + "present", "start - begin.start, end - begin.start", "start, end"),
    "nothing remains": rewritten(INVESTOR + "_at_end", "min(book, worth)", "0.0 * min(book, worth)"),
    "all that remains": rewritten(INVESTOR + "_at_end", "min(book, worth)", "book"),
    "older than its life": rewritten(INVESTOR + "_at_end", "if left <= 0:", "if False:"),
    "worth in each future": rewritten(
        "program.support:_labels", "number, parents[number])", "number, id(flat) % 2**31)"
    ),
    "worth over every future": rewritten("program.support:_labels", "number, parents[number])", "number, 0)"),
    "futures of one weight": rewritten(WORTH, "flat.path.weight / chance[label]", "1.0"),
    "at a loss": rewritten(WORTH, "np.zeros(len(chance))", "np.full(len(chance), -0.001)"),
}
