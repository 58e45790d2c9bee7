"""Mutations of the code of make-up, tranches and suppliers: a piece of it, rewritten."""

from __future__ import annotations

from mutations.operators import Mutation, rewritten

MAKEUP: dict[str, Mutation] = {
    "expires a year late": rewritten("families.makeup:_until", "row.makeup_years", "row.makeup_years + 1.0"),
    "never expires": rewritten("families.makeup:_until", "row.makeup_years", "99.0"),
    "expires with its year": rewritten("families.makeup:_until", "last.end + ", "last.start + "),
    "as fast as wanted": rewritten(
        "families.makeup:state", "limits[key] = available[key[2]] *", "limits[key] = 99.0 *"
    ),
    "pace by the period": rewritten("families.makeup:state", "* future.path.periods[key[2]].years *", "*"),
}

TRANCHES: dict[str, Mutation] = {
    "priority forgotten": rewritten("families.tranches:_right", "1.0 if row.priority else available", "available"),
    "priority for all": rewritten("families.tranches:_right", "1.0 if row.priority else available", "1.0"),
    "priority of the whole contract": rewritten("families.tranches:_of", "(row.priority or not first)", "True"),
    "licence forgotten": rewritten(
        "families.tranches:_right", "whole *= approval(path, contract.licence)[number]", "pass"
    ),
    "right to what rivals leave": rewritten(
        "families.tranches:_right", "item.commodity, period, False)", "item.commodity, period, True)"
    ),
    "right by the period": rewritten("families.tranches:_right", "period, False) * period.years", "period, False)"),
    "what is held forgotten": rewritten("families.tranches:_right", "held += most", "held += 0.0 * most"),
    "right for ever": rewritten("families.tranches:_right", "(most * share, bought", "(most, bought"),
    "dividend at the first rate": rewritten("families.tranches:_pay", "dividend[period.number] *", "dividend[0] *"),
    "dividend from the payment": rewritten("families.tranches:_pay", "* cover(period) *", "*"),
    "public share forgotten": rewritten("families.tranches:_pay", "row.payment_musd * contract.public_share", "1e9"),
    "nothing is public": rewritten("families.tranches:_pay", "row.payment_musd * contract.public_share", "0.0"),
}

SUPPLIERS: dict[str, Mutation] = {
    "without availability": rewritten("families.suppliers:_capacity", "share = available[period.number] *", "share ="),
    "by the period": rewritten(
        "families.suppliers:_capacity", "available[period.number] * period.years", "available[0]"
    ),
    "rivals forgotten": rewritten("families.terms:capacity", "max(0.0, whole - rivals)", "whole"),
    "rivals below nought": rewritten("families.terms:capacity", "max(0.0, whole - rivals)", "whole - rivals"),
    "first capacity for ever": rewritten("families.terms:capacity", "max(current", "min(current"),
    "one contract never closes": rewritten("families.suppliers:_capacity", "most *= here.alone /", "most /="),
    "kept for ever": rewritten(
        "families.suppliers:_sustaining", " and period.start < agreed.span(path, row, begin)[1] - 1e-9", ""
    ),
    "kept from the first delivery": rewritten(
        "families.suppliers:_sustaining",
        "if begin.number <= period.number and",
        "if agreed.span(path, row, begin)[0] <= period.start and",
    ),
    "anyone keeps": rewritten("families.suppliers:_sustaining", " or not row.sustains", ""),
    "what is in force keeps nobody": rewritten("families.suppliers:_sustaining", "(row.in_force or held)", "held"),
    "what has ended keeps": rewritten("families.suppliers:_sustaining", " and period.start < ends - 1e-9", ""),
    "closes whole": rewritten("families.suppliers:_within", "most * here.alone", "0.0"),
    "share of the first day": rewritten(
        "families.suppliers:_lives",
        "closing[key], signs[key] = alone[period.number]",
        "closing[key], signs[key] = alone[-1]",
    ),
    "closed volume forgotten": rewritten("families.suppliers:_alone", "most * here.alone * fixed", "0.0"),
    "carries no fixed volume": rewritten(
        "families.suppliers:_carried", "(fixed, sustained[key])", "(0.0, sustained[key])"
    ),
}
