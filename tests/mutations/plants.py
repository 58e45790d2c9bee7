"""Mutations of the code of families of plants and of their projects: a piece of it, rewritten."""

from __future__ import annotations

from mutations.operators import Mutation, rewritten

DEPLETION: dict[str, Mutation] = {
    "a reserve for each period": rewritten("families.depletion:state", "if name in limits:", "if number == 0:"),
    "a reserve of nothing is no limit": rewritten(
        "families.depletion:state", "if math.isfinite(row.reserve_t)", "if 0 < row.reserve_t < math.inf"
    ),
    "half the reserve": rewritten("families.depletion:state", "<= limits[name]", "<= limits[name] / 2"),
}

AGEING: dict[str, Mutation] = {
    "the age of the first day forgotten": rewritten(
        "families.ageing:_by", "row.initial_age_years + now.end", "now.end"
    ),
    "young stock without its decay": rewritten(
        "families.ageing:_by", "left = kept ** (now.end - period.end)", "left = 1.0"
    ),
    "the first day's stock without its decay": rewritten(
        "families.ageing:_by", "initial = kept**now.end * row.initial_t", "initial = row.initial_t"
    ),
    "a limit in periods": rewritten(
        "families.ageing:_by", "now.end - row.age_limit_years, now.end", "now.end - row.age_limit_years / 2, now.end"
    ),
    "whole periods are young": rewritten(
        "families.ageing:_by",
        "share = timing.overlap(now.end - row.age_limit_years, now.end, period)",
        "share = float(timing.overlap(now.end - row.age_limit_years, now.end, period) > 0)",
    ),
    "old stock goes in again": rewritten("families.ageing:_fresh", "and id(v) not in drawn", ""),
    "the first day's stock is of every class": rewritten(
        "families.ageing:_by", "first = class_ == row.initial_class", "first = True"
    ),
    "a loss is no outflow": rewritten(
        "families.stockpiles:_recursion", '("take", "rotate", "expire")', '("take", "rotate")'
    ),
}

SIZE_CLASSES: dict[str, Mutation] = {
    "paid at once": rewritten(
        "families.size_classes:_capital", "lead = timing.lead_time(path, project, period.number)", "lead = 0.0"
    ),
    "the overrun forgotten": rewritten(
        "families.size_classes:_capital", '"overrun_multiple")[period.number]', '"overrun_multiple")[0] * 0 + 1.0'
    ),
    "nothing public": rewritten("families.size_classes:_capital", "amount * share * project.public_share", "0.0"),
    "residual value without the class": rewritten(
        "families.projects:_residual", "capital += _of_class(future, row)", "pass"
    ),
    "residual value of the dearest class": rewritten("families.projects:_of_class", "min(each", "max(each"),
}

ABANDONMENT: dict[str, Mutation] = {
    "all of the capital comes back": rewritten(
        "families.timing:remaining", "first = max(begin, moment)", "first = begin"
    ),
    "given up when all is paid": rewritten(
        "families.timing:exits", "path.periods[number].start < done - 1e-9", "number > 0"
    ),
    "given up before it begins": rewritten("families.timing:exits", "number > begin.number and", ""),
    "no charge": rewritten("families.abandonment:_money", "row.exit_share *", "0.0 *"),
    "a charge on all of the capital": rewritten(
        "families.abandonment:_money", "row.exit_share * sum(share for share, _, _ in left)", "row.exit_share"
    ),
    "the overrun forgotten": rewritten(
        "families.abandonment:_money", '"overrun_multiple")[begin.number]', '"overrun_multiple")[0] * 0 + 1.0'
    ),
    "savings of public money forgotten": rewritten(
        "families.abandonment:_money", "-musd * share * row.public_share", "0.0"
    ),
    "charge of public money forgotten": rewritten(
        "families.abandonment:_money", "musd * charge * row.public_share", "0.0"
    ),
    "anything can be given up": rewritten("families.abandonment:state", "if row.can_abandon", "if True"),
}

CLOSING: dict[str, Mutation] = {
    "closed for a period": rewritten("families.closing:_states", "closed += [", "closed = ["),
    "closing at any time": rewritten(
        "families.closing:state",
        "[number for number in path.decisions if path.may_commit(number)]",
        "[period.number for period in path.periods]",
    ),
    "standing by the period": rewritten(
        "families.closing:_costs", "lasts = period.years * path.discount", "lasts = path.discount"
    ),
    "restart at the end": rewritten(
        "families.closing:_costs", "plant.restart_musd * path.discount(period.start)", "plant.restart_musd * lasts"
    ),
    "nothing stands of what projects add": rewritten(
        "families.closing:_within",
        "timing.greatest(future.path, plant)",
        'future.path.series("processes", plant.process, "capacity_t_per_year")',
    ),
}

SKILLS: dict[str, Mutation] = {
    "forgotten by the period": rewritten("families.skills:_follows", "** before.years", "** 1.0"),
    "what ran is forgotten": rewritten("families.skills:_follows", "-(1.0 - kept) / before.years * c", "0.0 * c"),
    "tonnes for a rate": rewritten("families.skills:_follows", "-(1.0 - kept) / before.years * c", "-(1.0 - kept) * c"),
    "what projects add has to be taught": rewritten(
        "families.skills:_follows", "[(-c, v) for c, v in _risen(future, name, number)]", "[]"
    ),
    "what projects add comes each year": rewritten(
        "families.skills:_risen", "change = c - then.get(id(v), 0.0)", "change = c"
    ),
    "what an event adds has to be taught": rewritten(
        "families.skills:_follows", "max(0.0, stands[number] - stands[number - 1])", "0.0"
    ),
}
