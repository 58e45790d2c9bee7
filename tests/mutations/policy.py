"""Mutations of the code of families of demand and policy: a piece of it, rewritten, or money that is not posted."""

from __future__ import annotations

from mutations.operators import Mutation, rewritten, spends_nothing

TIMING = "families.timing:"

RECYCLING: dict[str, Mutation] = {
    "collection lag forgotten": rewritten(
        "families.recycling:arisings",
        "_gone(row, age + period.years) - _gone(row, age)",
        "_gone(row, age + period.years)",
    ),
    "a year late": rewritten("families.recycling:arisings", "- sale.year", "- sale.year - 1"),
    "whole years": rewritten(
        "families.recycling:arisings", "age = period.year + (period.start % 1.0)", "age = period.year"
    ),
    "shape and scale swapped": rewritten(
        "families.recycling:_gone",
        "(age / row.weibull_scale_years) ** row.weibull_shape",
        "(age / row.weibull_shape) ** row.weibull_scale_years",
    ),
    "sales of the future": rewritten(
        "families.recycling:_gone", "if age > 0 else 0.0", "if age > 0 else 1.0 - math.exp(age)"
    ),
    "all is collected": rewritten("families.recycling:state", "arising * rate[period.number]", "arising"),
    "programme of what is collected": rewritten(
        "families.recycling:state", "(-arising * c, v)", "(-arising * rate[period.number] * c, v)"
    ),
    "scrap all free": rewritten("families.reach:Reach.collected", "if free == most:", "if True:"),
    "law never frees": rewritten("case.tags:freed_by_recycling", "if rule.recycled_is_free)", "if False)"),
}

SUBSTITUTION: dict[str, Mutation] = {
    "share of all demand": rewritten("families.substitution:state", "if demand.group == row.demand_group", ""),
    "programme forgotten": rewritten(
        "families.substitution:state", "terms = used + [(-wanted * c, v) for c, v in raised]", "terms = used"
    ),
    "programme of the share": rewritten(
        "families.substitution:state", "(-wanted * c, v)", "(-wanted * initial[period.number] * c, v)"
    ),
    "initial share forgotten": rewritten("families.substitution:state", "wanted * initial[period.number]", "0.0"),
}

CHINESE_CONTENT: dict[str, Mutation] = {
    "rule dropped": rewritten("families.reach:in_force", "if not rule.enabled:", "if True:"),
    "rule switched off is in force": rewritten("families.reach:in_force", "if not rule.enabled:", "if False:"),
    "rule always in force": rewritten("families.reach:any_in_force", "max(a, b) for a, b in", "1.0 for a, b in"),
    "own tags forgotten": rewritten("case.tags:process_tags", "if technology or equipment else", "if False else"),
    "technology counts as equipment": rewritten(
        "case.tags:process_tags", "any(rule.counts_technology for", "any(rule.counts_equipment for"
    ),
    "equipment counts as technology": rewritten(
        "case.tags:process_tags", "any(rule.counts_equipment for", "any(rule.counts_technology for"
    ),
    "tags not traced": rewritten("families.reach:Reach._made", "union | tags", "union"),
    "share by mass": rewritten("families.chinese_content:_weight", "1.0 if by_mass else", "1.0 if True else"),
    "share by value always": rewritten("families.chinese_content:_weight", "1.0 if by_mass else", "1.0 if False else"),
    "separation takes tagged feed": rewritten("families.chinese_content:_de_minimis", "and not row.separates", ""),
    "feed without a value": rewritten(
        "families.chinese_content:_de_minimis", " and _weight(future, item.commodity) > 0\n", "\n"
    ),
    "lines run both classes": rewritten("families.chinese_content:state", "row.one_class_at_a_time and", "False and"),
    "line with half its constant": rewritten(
        "families.chinese_content:_one_class",
        "stands[period.number] * available[period.number]",
        "stands[period.number] * 0.5 * available[period.number]",
    ),
    "dedication by the segment": rewritten("families.chinese_content:_charge", "yearly * segment.years", "yearly"),
    "choice by the period": rewritten(
        "case.scenarios:Path.segments",
        "if run and any(path.parts_at(period.start) for path in self.possible(run[0].number)):",
        "if run:",
    ),
    "choice never parts": rewritten("case.scenarios:Path.segments", "if run and any(", "if False and any("),
    "choice where nothing tells": rewritten(
        "families.reach:Reach.class_matters", "return [False] *", "return [True] *"
    ),
    "values of the day": rewritten(
        "families.chinese_content:_weight",
        "future.prices.reference(commodity)",
        "future.prices.series(future.prices.reference_market, commodity)[0]",
    ),
    "last group is charged": rewritten("families.chinese_content:_charge", "chosen[:-1]", "chosen"),
    "first group alone is charged": rewritten("families.chinese_content:_charge", "chosen[:-1]", "chosen[:1]"),
    "every class a choice": rewritten(
        "families.reach:Reach._told_apart", ".setdefault((barred, ", ".setdefault((class_, barred, "
    ),
}

DEMAND: dict[str, Mutation] = {
    "growth forgotten": rewritten(
        "families.volumes:demand_volume", "growth = 1.0 + row.growth_share_per_year", "growth = 1.0"
    ),
    "growth a year late": rewritten(
        "families.volumes:demand_volume", "year - future.case.base_year", "year - 1 - future.case.base_year"
    ),
    "growth of a block's first year": rewritten(
        "families.volumes:demand_volume",
        "range(period.year, period.year + max(1, round(period.years)))",
        "range(period.year, period.year + 1)",
    ),
    "demand by the period": rewritten("families.volumes:demand_volume", "* grown * period.years", "* grown"),
    "events forgotten": rewritten("families.volumes:demand_volume", "multiple[period.number]", "multiple[0]"),
    "refusal forgotten": rewritten(
        "families.reach:Reach.refused", "bool(self.tags[class_] & self._refused[demand.demand])", "False"
    ),
    "tagged limit with the approval alone": rewritten(
        "families.demand:_tagged", "1.0 - row.export_share * (1.0 - approved[number])", "approved[number]"
    ),
    "tagged limit with exports alone": rewritten("families.demand:_tagged", "(1.0 - approved[number])", "1.0"),
    "refusal in part is none": rewritten("families.demand:_tagged", "(1.0 - barred[number]) * wanted", "wanted"),
    "refusal without its rule": rewritten("families.reach:refusal", "if demand.refusal_rule else", "if False else"),
    "dates not read": rewritten("families.reach:in_force", "if not rule.from_date and not rule.to_date:", "if True:"),
    "end not read": rewritten("families.reach:in_force", "if rule.to_date else math.inf", "if False else math.inf"),
    "shortage without a cap": rewritten(
        "families.demand:_short_bounds", "(0.0, step.width_share * volumes[step.demand][period.number])", "(0.0, None)"
    ),
    "least service from must": rewritten(
        "families.demand:_least_service", "penalty = row.least_service_usd_per_kg * factor", "penalty = 0.0 * factor"
    ),
    "approval without the rule": rewritten("families.reach:approval", ".needs_rule:", ".needs_rule or True:"),
    "approval whatever the rule": rewritten(
        "families.reach:approval", "[1.0 - force * (1.0 - share) for", "[share for"
    ),
}

MARKETS: dict[str, Mutation] = {
    "first price for all steps": rewritten(
        "families.markets:_sales", 'key = f"{place}/{commodity}/{step}"', 'key = f"{place}/{commodity}/1"'
    ),
    "outlet by the period": rewritten(
        "families.markets:_sales", "volume[period.number] * period.years", "volume[period.number]"
    ),
    "outlet takes from free material": rewritten("families.markets:_sales", "[-1]", "[0]"),
    "discard takes from free material": rewritten("families.markets:_discards", "[-1]", "[0]"),
    "share of a market forgotten": rewritten("families.markets:_sales", "price = share *", "price ="),
    "discards everywhere": rewritten("families.markets:_discards", "if commodity in joint and", "if"),
    "discards where not allowed": rewritten(
        "families.markets:_discards", ' and future.case.row("commodities", commodity).discardable', ""
    ),
}

DIVERSIFICATION: dict[str, Mutation] = {
    "whole supply allowed": rewritten("families.diversification:state", "-row.max_share * c", "-c"),
    "others only": rewritten(
        "families.diversification:state",
        "for terms in supply.values() for",
        "for z, terms in supply.items() if z != country for",
    ),
    "first year forgotten": rewritten("families.diversification:state", "if span.year >= row.from_year", ""),
    "any country": rewritten("families.diversification:state", "if not row.country or row.country == country", ""),
    "a country alone": rewritten(
        "families.diversification:state", "if not row.country or row.country == country", "if row.country == country"
    ),
    "content forgotten": rewritten("families.diversification:_by_country", "content[commodity] * c", "c"),
    "own making forgotten": rewritten("families.diversification:_by_country", "made > 0", "made < 0"),
    "stage forgotten": rewritten("families.diversification:_by_country", "stages[commodity] == row.stage and", ""),
    "one period of the year": rewritten(
        "families.diversification:_by_country",
        "period.year for period in",
        "period.year if period.start % 1 == 0 else 0 for period in",
    ),
}

ENVIRONMENT: dict[str, Mutation] = {
    "custody for a year": rewritten(
        "families.environment:charge_musd_per_t", "kind.custody_years * future", "1.0 * future"
    ),
    "custody undiscounted": rewritten(
        "families.environment:charge_musd_per_t", "* future.path.discount(0.0, kind.custody_years)", ""
    ),
    "treatment forgotten": rewritten(
        "families.environment:charge_musd_per_t", "kind.treatment_usd_per_t + custody", "custody"
    ),
    "share of residue forgotten": rewritten(
        "families.environment:state", "row.t_per_t * charge * coeff", "charge * coeff"
    ),
    "cap of the period before": rewritten(
        "families.environment:_caps", "limit[period.number]", "limit[max(0, period.number - 1)]"
    ),
    "cap in each period": rewritten(
        "families.environment:_caps", "period.number] * period.years for", "period.number] for"
    ),
    "country forgotten": rewritten(
        "families.environment:_caps", "for span in future.path.spans:", "for span in future.path.spans[:0]:"
    ),
}

BUDGETS: dict[str, Mutation] = {
    **{
        f"money of {name} forgotten": spends_nothing(name)
        for name in ("projects", "programmes", "contracts", "stockpiles")
    },
    "currency forgotten": rewritten("families.budgets:state", "amount / per_usd", "amount"),
    "currency inverted": rewritten("families.budgets:state", "amount / per_usd", "amount * per_usd"),
    "spans pooled": rewritten("families.budgets:_inside", "min(end, closes) - max(start, opens)", "end - start"),
    "instalments at their start": rewritten("families.budgets:_inside", "if end - start < 1e-9:", "if True:"),
    "moments in every span": rewritten(
        "families.budgets:_inside", "1.0 if opens - 1e-9 <= start < closes - 1e-9 else 0.0", "1.0"
    ),
    "amount of the first period": rewritten(
        "families.budgets:state", '"amount_million")[last]', '"amount_million")[0]'
    ),
    "public share forgotten": rewritten(
        "families.projects:_capital", "amount * share * row.public_share", "amount * share"
    ),
    "public share of contracts forgotten": rewritten("families.contracts:_prepay", "musd * row.public_share", "musd"),
    "instalments all at once": rewritten(TIMING + "instalments", "if lead <= 1e-9:", "if True:"),
    "envelopes mixed": rewritten(
        "families.budgets:state", "spent.get(row.envelope, ())", "[one for each in spent.values() for one in each]"
    ),
}

BALANCE: dict[str, Mutation] = {
    "downgrade upwards": rewritten(
        "families.reach:Reach.weaker", "self.tags[class_] <= self.tags[other]", "self.tags[class_] >= self.tags[other]"
    ),
    "downgrade anywhere": rewritten("families.reach:Reach.weaker", "and self.tags[class_] <= self.tags[other]", ""),
    "input yield inverted": rewritten("families.capacity:_recipe", "-row.t_per_t / yields", "-row.t_per_t * yields"),
    "output yield inverted": rewritten("families.capacity:_recipe", "row.t_per_t * yields", "row.t_per_t / yields"),
    "one feed's tags": rewritten("families.reach:Reach._made", "union | tags", "tags"),
}
