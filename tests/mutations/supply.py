"""Mutations of the code of families of supply: a piece of it, rewritten."""

from __future__ import annotations

from mutations.operators import Mutation, rewritten

TIMING = "families.timing:"

PROJECTS: dict[str, Mutation] = {
    "lead time nought": rewritten(TIMING + "lead_time", '"lead_time_years")[number]', '"lead_time_years")[number] * 0'),
    "lead time half a year more": rewritten(
        TIMING + "complete", "done = committed + lead_time +", "done = 0.5 + lead_time + committed +"
    ),
    "ramp dropped": rewritten(TIMING + "standing", "ramp = project.ramp", "ramp = (1.0,)"),
    "ramp a year early": rewritten(TIMING + "standing", "begin = done + year", "begin = done + year - 1"),
    "ramp ends at nothing": rewritten(TIMING + "standing", "max(period.end, begin)", "begin"),
    "ramp by its end": rewritten(
        TIMING + "standing", "return total / period.years", "return ramp[-1] if done < period.end else 0.0"
    ),
    "delay forgotten": rewritten(TIMING + "complete", "if moment < done - 1e-9:", "if False:"),
    "delay strikes what is complete": rewritten(TIMING + "complete", "if moment < done - 1e-9:", "if True:"),
    "instalments all at once": rewritten(TIMING + "instalments", "if lead <= 1e-9:", "if True:"),
    "instalments uneven": rewritten(TIMING + "instalments", "(end - begin) / lead, begin", "1.0 / lead, begin"),
    "starts after the horizon's use": rewritten(TIMING + "starts", "opened[period.number] > 0.5 and", ""),
    "window forgotten": rewritten(TIMING + "decisions", "first_year <= period.year <= last_year and", ""),
    "decisions in every period": rewritten(
        "case.scenarios:Path.decisions",
        "span.periods[0].number for span in self.spans",
        "period.number for period in self.periods",
    ),
    "commitments never close": rewritten("case.scenarios:Path.may_commit", "path.onset is None or", "True or"),
    "residual value dropped": rewritten(
        "families.projects:_residual", 'residual_share", 0.0) * left', 'residual_share", 0.0) * 0.0'
    ),
    "residual value of a new plant": rewritten("families.projects:_residual", "(end - done)", "0.0"),
    "residual value without its discount": rewritten("families.projects:_residual", " * path.discount(end)", ""),
    "residual value without what has no size": rewritten(
        "families.projects:_residual", "capital += row.capital_musd / row.size_max_t_per_year", "pass"
    ),
    "residual value without overruns": rewritten(
        "families.projects:_residual", "left * overrun * capital", "left * capital"
    ),
    "residual value of what does not stand": rewritten("families.projects:_keep", "<= share * size", "<= 1.0 * size"),
    "overrun forgotten": rewritten(
        "families.projects:_capital", '"overrun_multiple")[period.number]', '"overrun_multiple")[period.number] * 0 + 1'
    ),
    "overrun of the day": rewritten("families.projects:_capital", "path.known(", "path.series("),
    "capital of size forgotten": rewritten(
        "families.projects:_capital", "row.capital_usd_per_t_per_year * MUSD * overrun", "0.0"
    ),
    "fixed cost of the whole size": rewritten(
        "families.standing:stand", "MUSD * share * period.years", "MUSD * period.years"
    ),
    "fixed cost by the period": rewritten("families.standing:stand", "MUSD * share * period.years", "MUSD * share"),
    "requires at any time": rewritten("families.projects:_requires", "p.number <= number and ", ""),
    "group counts starts for size": rewritten(
        "families.projects:_groups", 'start if group.counts == "starts" else size', "start"
    ),
    "group forgets its sense": rewritten("families.projects:_groups", "relation[group.sense]", 'relation["at_most"]'),
}

PROGRAMMES: dict[str, Mutation] = {
    "lead time nought": rewritten(
        "families.programmes:_post", "done = begin.start + row.lead_time_years", "done = begin.start"
    ),
    "ramp dropped": rewritten(TIMING + "standing", "ramp = project.ramp", "ramp = (1.0,)"),
    "order not of time": rewritten(
        "families.programmes:_in_order", "begins.get(below, []) if p.number <= period.number", "begins.get(below, [])"
    ),
    "yearly money from the decision": rewritten(
        "families.programmes:_post", "timing.overlap(done, period.end, period)", "1.0"
    ),
    "yearly money by the period": rewritten(
        "families.programmes:_post", "amount = annual[period.number] * lasts", "amount = annual[period.number]"
    ),
    "money at once": rewritten(TIMING + "instalments", "if lead <= 1e-9:", "if True:"),
}

CAPACITY: dict[str, Mutation] = {
    "ramp from the first day": rewritten("families.capacity:_ramp_up", "period.years / 2", "period.years"),
    "ramp of tonnes": rewritten("families.capacity:_ramp_up", "then += [(-c / before.years, v)", "then += [(-c, v)"),
    "ramp of tonnes now": rewritten("families.capacity:_ramp_up", "now = [(c / period.years, v)", "now = [(c, v)"),
    "ramp holds what projects add": rewritten(
        "families.capacity:_ramp_up", "linear(now + added + then)", "linear(now + then)"
    ),
    "ramp forgets what ran": rewritten(
        "families.capacity:_ramp_up", "base, gap = process.initial_t_per_year", "base, gap = 0.0"
    ),
    "input yield inverted": rewritten("families.capacity:_recipe", "-row.t_per_t / yields", "-row.t_per_t * yields"),
    "output yield inverted": rewritten("families.capacity:_recipe", "row.t_per_t * yields", "row.t_per_t / yields"),
    "capacity without its projects": rewritten("families.capacity:_limit", "linear(used + added)", "linear(used)"),
    "capacity without its availability": rewritten(
        "families.capacity:_limit", "available[period.number] * period.years", "period.years"
    ),
    "capacity by the period": rewritten(
        "families.capacity:_limit", "available[period.number] * period.years", "available[period.number]"
    ),
    "cost multiple forgotten": rewritten("families.capacity:operating_cost", "if m > 0 else o", "if m < 0 else o"),
    "capital paid twice": rewritten("families.capacity:operating_cost", "m * chinese - capital", "m * chinese"),
    "kept by tonnes": rewritten("families.capacity:_kept", "-c / last.years", "-c"),
    "campaign without its projects": rewritten(
        "families.capacity:_campaigns",
        "timing.greatest(future.path, process)",
        'future.path.series("processes", name, "capacity_t_per_year")',
    ),
    "campaign at the first price": rewritten("families.capacity:_campaigns", "fixed[period.number]", "fixed[0]"),
    "wear of the first day alone": rewritten(TIMING + "worn", "path.periods[: period.number]", "path.periods[:1]"),
    "wear by the period": rewritten(TIMING + "worn", "** max(0.0, each.end - max(each.start, since))", "** 1.0"),
    "wear at the end of the period": rewritten(
        TIMING + "worn", "/ (-math.log1p(-share) * lasts)", "* 0.0 + left * (1.0 - share) ** lasts"
    ),
    "wear before it stands": rewritten(
        "families.standing:stand",
        "timing.worn(path, row.adds_to, done, period)",
        "timing.worn(path, row.adds_to, 0.0, period)",
    ),
    "the old line does not wear": rewritten("families.capacity:_limit", "hours * left * stands", "hours * stands"),
    "value of what has worn": rewritten(
        "families.projects:_share_at_end", "* timing.worn(future.path, row.adds_to, done, last)", "* 1.0"
    ),
}

CONTRACTS: dict[str, Mutation] = {
    "qualification forgotten": rewritten("families.terms:first", "signed + row.qualification_years", "signed"),
    "term forgotten": rewritten("families.terms:last", "first(path, row, signed) + row.term_years", "math.inf"),
    "term from signing": rewritten(
        "families.terms:last", "first(path, row, signed) + row.term_years", "signed + row.term_years"
    ),
    "first delivery forgotten": rewritten(
        "families.terms:first", "moment(path, row.first_delivery, -math.inf)", "-math.inf"
    ),
    "last delivery forgotten": rewritten(
        "families.terms:last", "moment(path, row.last_delivery, math.inf)", "math.inf"
    ),
    "whole periods": rewritten(
        TIMING + "overlap",
        "max(0.0, min(end, period.end) - max(start, period.start)) / period.years",
        "float(min(end, period.end) > max(start, period.start))",
    ),
    "take-or-pay without the clause": rewritten(
        "families.contracts:_clause", "if row.force_majeure else", "if False else"
    ),
    "take-or-pay always with the clause": rewritten(
        "families.contracts:_clause", "if row.force_majeure else", "if True else"
    ),
    "take-or-pay at the first clause": rewritten(
        "families.contracts:_take_or_pay", "clause[period.number]", "clause[0]"
    ),
    "take-or-pay of the first half alone": rewritten(
        "families.contracts:_take_or_pay", "owed += share * fixed", "owed = share * fixed"
    ),
    "take-or-pay forgets its share": rewritten(
        "families.contracts:_take_or_pay", "share = row.take_or_pay_share * clause", "share = clause"
    ),
    "licence forgotten": rewritten("families.terms:available", "a * b for", "a for"),
    "availability forgotten": rewritten("families.terms:available", "a * b for", "b for"),
    "index multiple forgotten": rewritten("families.contracts:item_price", "[i * m for i, m in", "[i for i, m in"),
    "floor forgotten": rewritten("families.contracts:item_price", "max(p, level, f * reference)", "p"),
    "floor is a cap": rewritten(
        "families.contracts:item_price", "max(p, level, f * reference)", "min(p, max(level, f * reference))"
    ),
    "floor of the day": rewritten("families.contracts:item_price", "f * reference)", "f * p)"),
    "cost plus of the price": rewritten(
        "families.contracts:item_price", "m * item.chinese_full_cost_usd_per_kg", "m * item.price_usd_per_kg"
    ),
    "prices not weighted": rewritten("families.contracts:_price", "t + item.t_per_t * p", "t + p"),
    "dividends from signing": rewritten("families.contracts:_prepay", "* share * later.years", "* later.years"),
    "prepayment by volume forgotten": rewritten(
        "families.contracts:_prepay", "row.prepayment_usd_per_t_per_year * 1e-6", "0.0"
    ),
    "ramp of the project dropped": rewritten("families.terms:cover", "timing.standing(project, done, inside)", "1.0"),
    "project's completion forgotten": rewritten(
        "families.terms:span", "max(first(path, row, begin.start), done)", "first(path, row, begin.start)"
    ),
    "element forgotten": rewritten("families.ledger:Prices._series", "t + s * content * b * m", "s * content * b * m"),
    "realisation forgotten": rewritten(
        "families.ledger:Prices._series", "t + s * content * b * m", "t + content * b * m"
    ),
}

TRANSPORT: dict[str, Mutation] = {
    "loss inverted": rewritten("families.transport:_post", "1.0 - lane.loss_share", "1.0 / (1.0 - lane.loss_share)"),
    "loss forgotten": rewritten("families.transport:_post", "1.0 - lane.loss_share", "1.0"),
    "licence forgotten": rewritten(
        "families.transport:state", "approved[period.number] if reach.stopped(lane.licence, class_) else 1.0", "1.0"
    ),
    "licence for free material": rewritten(
        "families.transport:state",
        "approved[period.number] if reach.stopped(lane.licence, class_) else 1.0",
        "approved[period.number]",
    ),
    "projects forgotten": rewritten("families.transport:_limit", "linear(sent + added)", "linear(sent)"),
    "capacity by the period": rewritten("families.transport:_limit", "<= period.years * capacity", "<= capacity"),
    "tariff of the day": rewritten(
        "families.transport:_post",
        "future.prices.reference(lane.commodity)",
        "future.prices.series(future.prices.reference_market, lane.commodity)[0]",
    ),
    "normal trade by what goes in": rewritten(
        "families.transport:_normal", 'row.direction == "out" and row.commodity == lane.commodity', "True"
    ),
}

STOCKPILES: dict[str, Mutation] = {
    "decay forgotten": rewritten(
        "families.stockpiles:_recursion", "left = (1.0 - row.decay_share_per_year) ** period.years", "left = 1.0"
    ),
    "opening decay forgotten": rewritten(
        "families.stockpiles:_recursion", "opening = (1.0 - row.decay_share_per_year) ** period.years *", "opening ="
    ),
    "decay by the period": rewritten(
        "families.stockpiles:_recursion",
        "left = (1.0 - row.decay_share_per_year) ** period.years",
        "left = (1.0 - row.decay_share_per_year)",
    ),
    "everything carries": rewritten("families.stockpiles:_recursion", "if row.carries else 0.0", "if True else 0.0"),
    "nothing carries": rewritten("families.stockpiles:_recursion", "if row.carries else 0.0", "if False else 0.0"),
    "class forgotten": rewritten("families.stockpiles:_recursion", "elif class_ == row.initial_class:", "else:"),
    "public stock always open": rewritten(
        "families.stockpiles:state", '_owner(future, key) == "private" or', "True or"
    ),
    "private stock locked": rewritten("families.stockpiles:state", '_owner(future, key) == "private" or', ""),
    "emergency at any time": rewritten("families.stockpiles:state", "emergency[key[2]] > 0", "max(emergency) > 0"),
    "pace by the period": rewritten("families.stockpiles:_limits", "most[number] * years", "most[number]"),
    "projects forgotten": rewritten("families.stockpiles:_limits", "room[number], added)", "room[number], [])"),
    "rotation without its discount": rewritten("families.stockpiles:_post", '"rotate": loss', '"rotate": 0.0'),
    "rotation is a put": rewritten("families.stockpiles:_post", '"rotate": 1.0', '"rotate": -1.0'),
    "handling on what is put alone": rewritten(
        "families.stockpiles:_post",
        "(handling[period.number] + charge[flow])",
        '(handling[period.number] * (flow == "put") + charge[flow])',
    ),
    "holding on closing stock": rewritten("families.stockpiles:_hold", "if period.number:", "if False:"),
    "holding without what was there": rewritten(
        "families.stockpiles:_hold", "half * row.initial_t", "0.0 * row.initial_t"
    ),
    "closing stock at its whole price": rewritten(
        "families.stockpiles:_hold", "row.terminal_share * closing", "closing"
    ),
    "cover without growth": rewritten(
        "families.stockpiles:cover_floor", "* row.cover_demand_t_per_year * grown", "* row.cover_demand_t_per_year"
    ),
    "cover beyond the warehouse": rewritten("families.stockpiles:cover_floor", "min(floor, row.warehouse_t)", "floor"),
    "cover never waived": rewritten(
        "families.stockpiles:cover_floor", "free_until = period.end +", "free_until = -math.inf +"
    ),
    "cover waived in the emergency alone": rewritten(
        "families.stockpiles:cover_floor", "period.end + floor / max(row.pace_t_per_year, 1e-9)", "period.end"
    ),
    "cover by the period": rewritten(
        "families.stockpiles:_cover",
        "path.discount(period.start, period.end) * period.years",
        "path.discount(period.start, period.end)",
    ),
}
