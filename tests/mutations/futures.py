"""Mutations of the tree, of merging and of risk: a piece of their code, rewritten."""

from __future__ import annotations

from mutations.operators import Mutation, rewritten

MERGE: dict[str, Mutation] = {
    "commitments know their own period": rewritten(
        "program.merge:_number_columns", "(parent if commitment else node)", "node"
    ),
    "operations rest on the period before": rewritten(
        "program.merge:_number_columns", "(parent if commitment else node)", "parent"
    ),
    "futures part at once": rewritten(
        "case.scenarios:Path.seen",
        "return frozenset(name for name, start in self.tokens if start < end - 1e-9)",
        "return frozenset({self.future, str(end)})",
    ),
    "futures never part": rewritten("case.scenarios:Path.seen", "if start < end - 1e-9", "if False and end"),
    "probabilities swapped": rewritten(
        "case.scenarios:plant",
        "row.weight / total) for row in kept)",
        "other.weight / total) for row, other in zip(kept, kept[::-1]))",
    ),
    "events swapped": rewritten(
        "case.scenarios:_path",
        "if entry.future != row.future:",
        "names = [f.future for f in case.rows('futures')]\n"
        "        if entry.future != dict(zip(names, names[::-1])).get(row.future):",
    ),
    "weights equal": rewritten("case.scenarios:plant", "row.weight / total)", "1 / len(kept))"),
    "weights not scaled": rewritten("case.scenarios:plant", "total = sum(row.weight for row in kept)", "total = 1.0"),
    "cost not weighted": rewritten("program.merge:merge", "flat.path.weight * flat.cost", "flat.cost"),
    "later columns allowed": rewritten("program.merge:_refuse_later_columns", "if late.size:", "if False:"),
    "differences allowed": rewritten("program.merge:_refuse_difference", "if differs.size:", "if False:"),
    "other coefficients allowed": rewritten("program.merge:_refuse_other_rows", "if apart.size:", "if False:"),
    "missing columns allowed": rewritten(
        "program.merge:_columns_once", "if seen[number] != passing[label.node]:", "if False:"
    ),
    "lower bounds unchecked": rewritten(
        "program.merge:_columns_once",
        '(lower, flat.column_lower, "lower bound"),',
        '(lower, np.nan_to_num(flat.column_lower, nan=0.0) * 0, "lower bound"),',
    ),
    "rows of one future alone dropped": rewritten(
        "program.merge:_rows_once", "kept + keep @ own", "kept + keep @ own * (0.0 if flat is not flats[0] else 1.0)"
    ),
    "rows added up": rewritten("program.merge:_rows_once", "kept + keep @ own", "kept + own"),
    "commitments' cost of the day unchecked": rewritten(
        "program.merge:_columns_once",
        "paid.setdefault((place[position], node), flat.posted_now[position])",
        "flat.posted_now[position]",
    ),
    "commitments' cost the same in all branches": rewritten(
        "program.merge:_columns_once", "node = nodes[flat.columns[position].period]", "node = 0"
    ),
}

RISK: dict[str, Mutation] = {
    "constants not weighted": rewritten("program.merge:merge", "flat.path.weight * flat.offset", "flat.offset"),
    "constants lost": rewritten("program.merge:merge", "flat.path.weight * flat.offset", "0.0"),
    "no tail": rewritten("program.risk:with_risk", "if weight <= 0:", "if True:"),
    "tail without a weight": rewritten("program.risk:with_risk", "if weight <= 0:", "if False:"),
    "mean in full": rewritten("program.risk:with_risk", "(1 - weight) * program.cost", "program.cost"),
    "constant in full": rewritten("program.risk:with_risk", "(1 - weight) * program.offset", "program.offset"),
    "constant not in the tail": rewritten(
        "program.risk:with_risk", "[flat.offset for flat in merged.flats]", "[0.0 for flat in merged.flats]"
    ),
    "weighted by the level": rewritten(
        "program.risk:with_risk",
        "weight / (1 - level) * probability",
        "weight / level * probability if level else weight * probability",
    ),
    "level for its rest": rewritten(
        "program.risk:with_risk", 'case.setting("risk_level", 0.9)', '1 - case.setting("risk_level", 0.9) or 0.5'
    ),
    "futures alike": rewritten(
        "program.risk:with_risk", "[flat.path.weight for flat in merged.flats]", "[1 / count for flat in merged.flats]"
    ),
    "probabilities swapped": rewritten(
        "program.risk:with_risk",
        "[flat.path.weight for flat in merged.flats]",
        "[flat.path.weight for flat in merged.flats[::-1]]",
    ),
    "tail below nought": rewritten(
        "program.risk:with_risk", "[-np.inf, *np.zeros(count)]", "[-np.inf, *np.full(count, -50.0)]"
    ),
    "worst case": rewritten(
        "program.risk:with_risk", "weight / (1 - level) * probability", "weight * (probability > 0)"
    ),
    "tail flipped": rewritten("program.risk:with_risk", "[-costs, sp", "[costs, sp"),
    "value at risk free": rewritten("program.risk:with_risk", "[weight], weight /", "[0.0], weight /"),
}
