"""Mutations of the tree, of merging and of risk: a piece of their code, rewritten."""

from __future__ import annotations

from mutations.operators import Mutation, rewritten

MERGE: dict[str, Mutation] = {
    "commitments know their own period": rewritten("program.merge:_rests", "= parent[periods.of", "= node[periods.of"),
    "operations rest on the period before": rewritten(
        "program.merge:_rests", "at = node[periods.of", "at = parent[periods.of"
    ),
    "futures part at once": rewritten(
        "case.scenarios:Path.seen",
        "return frozenset(name for name, start in self.tokens if before(start, end))",
        "return frozenset({self.future, str(end)})",
    ),
    "futures never part": rewritten("case.scenarios:Path.seen", "if before(start, end)", "if False and end"),
    "probabilities swapped": rewritten(
        "case.scenarios:plant_lives",
        "life.row.weight / total, over[life.parts]) for life in lived)",
        "other.row.weight / total, over[life.parts]) for life, other in zip(lived, lived[::-1]))",
    ),
    "events swapped": rewritten(
        "case.lives:lives",
        "drawn = case.grouped(",
        "names = [row.future for row in case.rows('futures')]\n"
        "    happens = {other: happens.get(name, ()) for name, other in zip(names, names[::-1])}\n"
        "    drawn = case.grouped(",
    ),
    "weights equal": rewritten("case.scenarios:plant_lives", "life.row.weight / total,", "1 / len(lived),"),
    "weights not scaled": rewritten(
        "case.scenarios:plant_lives", "total = sum(life.row.weight for life in lived)", "total = 1.0"
    ),
    "cost not weighted": rewritten("program.merge:merge", "flat.path.weight * flat.cost", "flat.cost"),
    "later columns allowed": rewritten("program.merge:_refuse_later_columns", "if late.size:", "if False:"),
    "differences allowed": rewritten("program.merge:_refuse_difference", "if differs.size:", "if False:"),
    "other coefficients allowed": rewritten("program.merge:_refuse_other_rows", "if apart.size:", "if False:"),
    "missing columns allowed": rewritten("program.merge:_columns_once", "if lacking.size:", "if False:"),
    "lower bounds unchecked": rewritten(
        "program.merge:_columns_once",
        '(lower, flat.column_lower, "lower bound"),',
        '(lower, np.nan_to_num(flat.column_lower, nan=0.0) * 0, "lower bound"),',
    ),
    "rows of one future alone dropped": rewritten(
        "program.merge:_rows_once",
        "= brought.data",
        "= brought.data * (0.0 if first else 1.0)",
    ),
    "nodes of a period are one": rewritten("program.merge:_places", "here.setdefault(node, len(here))", "0"),
    "commitments' cost of the day unchecked": rewritten(
        "program.merge:_columns_once",
        "paid.setdefault((int(place[position]), node), posted[position])",
        "posted[position]",
    ),
    "commitments' cost the same in all branches": rewritten(
        "program.merge:_columns_once", "node = nodes[flat.columns[position].period]", "node = 0"
    ),
}

RISK: dict[str, Mutation] = {
    "constants not weighted": rewritten("program.merge:merge", "flat.path.weight * flat.offset", "flat.offset"),
    "constants lost": rewritten("program.merge:merge", "flat.path.weight * flat.offset", "0.0"),
    "no tail": rewritten("program.risk.tail:with_tail", "if weight <= 0:", "if True:"),
    "tail without a weight": rewritten("program.risk.tail:with_tail", "if weight <= 0:", "if False:"),
    "mean in full": rewritten("program.risk.tail:with_tail", "cost=(1 - weight) * program.cost", "cost=program.cost"),
    "constant in full": rewritten(
        "program.risk.tail:with_tail", "offset=(1 - weight) * program.offset", "offset=program.offset"
    ),
    "constant not in the tail": rewritten(
        "program.risk.tail:with_tail", "[flat.offset for flat in merged.flats]", "[0.0 for flat in merged.flats]"
    ),
    "weighted by the level": rewritten(
        "program.risk.tail:with_tail",
        "weight / (1 - level) * weights(merged)",
        "(weight / level if level else weight) * weights(merged)",
    ),
    "level for its rest": rewritten(
        "program.risk.tail:with_tail", 'case.setting("risk_level", 0.9)', '1 - case.setting("risk_level", 0.9) or 0.5'
    ),
    "futures alike": rewritten("program.risk.tail:with_tail", "weights(merged)", "np.full(count, 1 / count)"),
    "probabilities swapped": rewritten(
        "program.risk.tail:with_tail",
        "weights(merged)",
        "weights(merged)[::-1]",
    ),
    "tail below nought": rewritten(
        "program.risk.tail:with_tail", "[-np.inf, *np.zeros(count)]", "[-np.inf, *np.full(count, -50.0)]"
    ),
    "worst case": rewritten(
        "program.risk.tail:with_tail", "weight / (1 - level) * weights(merged)", "weight * (weights(merged) > 0)"
    ),
    "tail flipped": rewritten("program.risk.tail:with_tail", "old=-future_costs", "old=future_costs"),
    "value at risk free": rewritten("program.risk.tail:with_tail", "[weight, *(", "[0.0, *("),
}

RISK_WORST: dict[str, Mutation] = {
    "no worst case": rewritten("program.risk.worst:with_worst", " <= 0:\n        return", " <= 9:\n        return"),
    "worst case always": rewritten(
        "program.risk.worst:with_worst", '"worst_case", 0.0) <= 0', '"worst_case", 0.0) < 0'
    ),
    "mean beside the worst": rewritten("program.risk.worst:with_worst", "np.zeros_like(program.cost)", "program.cost"),
    "constant beside the worst": rewritten("program.risk.worst:with_worst", "offset=0.0", "offset=program.offset"),
    "constant not in the worst": rewritten(
        "program.risk.worst:with_worst", "[flat.offset for flat in merged.flats]", "[0.0 for flat in merged.flats]"
    ),
    "best case": rewritten("program.risk.worst:with_worst", "np.full(count, np.inf)", "np.full(count, 0.0)"),
    "futures left free": rewritten("program.risk.held:binds_only_some", "return alone and", "return False and"),
    "objective let go": rewritten("program.risk.held:second", "value - program.offset", "np.inf"),
}

RISK_CHANCE: dict[str, Mutation] = {
    "no chances": rewritten("program.risk.chance:with_chances", 'case.rows("chance")', 'case.rows("chance")[:0]'),
    "limit of nothing": rewritten(
        "program.risk.chance:_with_chance", "np.append(row.limit_share * tonnes", "np.append(0 * tonnes"
    ),
    "miss without the limit": rewritten(
        "program.risk.chance:_with_chance", "(1 - row.limit_share) * tonnes", "0.5 * tonnes"
    ),
    "misses in parts": rewritten("program.risk.chance:_with_chance", "integer=True", "integer=False"),
    "probability for its rest": rewritten("program.risk.chance:_with_chance", "1 - row.probability", "row.probability"),
    "futures alike": rewritten("program.risk.chance:_with_chance", "weights(merged)])", "np.full(count, 1 / count)])"),
    "one future's demand": rewritten(
        "program.risk.shortage:wanted", "row_lower[own].sum()", "row_lower[own[:1]].sum()"
    ),
    "every demand": rewritten("program.risk.shortage:short", "and label.index[0] in demands", ""),
    "every group": rewritten("program.risk.shortage:counted", "not row.group or each.group == row.group", "True"),
    "no tails": rewritten(
        "program.risk.shortage_tail:with_shortage_tails", 'rows("shortage_tails")', 'rows("shortage_tails")[:0]'
    ),
    "tail for nothing": rewritten("program.risk.shortage_tail:_with_tail", "row.weight_musd * mean", "0 * mean"),
    "tail by the level": rewritten(
        "program.risk.shortage_tail:_with_tail", "/ (1 - row.level)", "/ max(row.level, 0.1)"
    ),
    "cap forgotten": rewritten(
        "program.risk.shortage_tail:_with_tail", "np.append(upper, row.cap)", "np.append(upper, 1e9)"
    ),
    "loss for tonnes": rewritten("program.risk.shortage:short", 'measure == "t"', "True"),
}

RISK_REGRET: dict[str, Mutation] = {
    "no regret": rewritten("program.risk.regret:asked", " > 0", " > 9"),
    "worst case for regret": rewritten("program.risk.regret:with_own_best", "flat.offset - bound", "flat.offset"),
    "best counted twice": rewritten(
        "program.risk.regret:with_own_best", "flat.offset - bound", "flat.offset - 2 * bound"
    ),
    "mean beside regret": rewritten("program.risk.regret:with_regret", "np.zeros_like(program.cost)", "program.cost"),
    "last future's best for all": rewritten(
        "analyses.objective:own_best", "[flat.path.future]", "[merged.flats[-1].path.future]"
    ),
    "futures left free of regret": rewritten(
        "program.risk.held:binds_only_some", 'case.setting("least_regret", 0.0) > 0', "False"
    ),
}

RISK_REGIMES: dict[str, Mutation] = {
    "limit forgotten": rewritten("program.risk.regimes:with_regime", "len(rows) != 1", "True"),
    "base weights": rewritten(
        "program.risk.regimes:in_regime", "weight=weights.get(row.future, 0.0)", "weight=row.weight"
    ),
    "first on the menu": rewritten(
        "analyses.objective:_best_regime", "ends.sort(key=lambda end: end[2].objective)", "pass"
    ),
    "worst on the menu": rewritten("analyses.objective:_best_regime", "end[2].objective)", "-end[2].objective)"),
    "share of nobody": rewritten(
        "program.risk.regimes:_over",
        'float(country == row.country) - row.max_share)\n            total += factor * flat.accounts["bought"]',
        '-row.max_share)\n            total += factor * flat.accounts["bought"]',
    ),
    "double share": rewritten("program.risk.regimes:with_regime", "own[used]", "own[used] - 0.1"),
}
