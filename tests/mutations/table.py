"""The mutants: which part of the formulation each one changes, and the file of tests that has to tell."""

from __future__ import annotations

from dataclasses import dataclass

from mutations import agreements, futures, plants, policy, rules, supply, support
from mutations.generic import CHANGES_NOTHING, FAMILY, READ_BY, mutations
from mutations.operators import Mutation


@dataclass(frozen=True)
class Mutant:
    """A mutation and the file of tests, named for its family, that must fail under it."""

    part: str
    file: str
    mutation: Mutation


NAMED = {
    "projects": supply.PROJECTS,
    "size_classes": plants.SIZE_CLASSES,
    "abandonment": plants.ABANDONMENT,
    "programmes": supply.PROGRAMMES,
    "capacity": supply.CAPACITY,
    "depletion": plants.DEPLETION,
    "skills": plants.SKILLS,
    "closing": plants.CLOSING,
    "contracts": supply.CONTRACTS,
    "makeup": agreements.MAKEUP,
    "tranches": agreements.TRANCHES,
    "suppliers": agreements.SUPPLIERS,
    "transport": supply.TRANSPORT,
    "stockpiles": supply.STOCKPILES,
    "ageing": plants.AGEING,
    "recycling": policy.RECYCLING,
    "substitution": policy.SUBSTITUTION,
    "chinese_content": policy.CHINESE_CONTENT,
    "demand": policy.DEMAND,
    "markets": policy.MARKETS,
    "diversification": policy.DIVERSIFICATION,
    "import_caps": rules.IMPORT_CAPS,
    "environment": policy.ENVIRONMENT,
    "support": support.SUPPORT,
    "budgets": policy.BUDGETS,
    "mass_balance": rules.MASS_BALANCE,
    "balance": policy.BALANCE,
    "classes": rules.CLASSES,
    "rule_switches": rules.RULE_SWITCHES,
    "merge": futures.MERGE,
    "risk": futures.RISK,
    "risk_worst": futures.RISK_WORST,
    "risk_chance": futures.RISK_CHANCE,
    "risk_regret": futures.RISK_REGRET,
    "risk_regimes": futures.RISK_REGIMES,
}


def _is_post(poster: str, account: str, family: str, name: str) -> bool:
    return poster == family and name.startswith(f"post to {account} ")


def _all() -> dict[str, Mutant]:
    found: dict[str, Mutant] = {}
    for family in FAMILY:
        for name, mutation in mutations(family):
            if f"{family}: {name}" not in CHANGES_NOTHING:
                told = [
                    reader for (poster, account), reader in READ_BY.items() if _is_post(poster, account, family, name)
                ]
                found[f"{family}: {name}"] = Mutant(family, f"families/test_{(told or [family])[0]}.py", mutation)
    for part, several in NAMED.items():
        folder = "families" if part in FAMILY else "program"
        for name, mutation in several.items():
            if f"{part}: {name}" in found:
                raise ValueError(f"{part}: {name} is there twice")
            found[f"{part}: {name}"] = Mutant(part, f"{folder}/test_{part}.py", mutation)
    return found


MUTANTS = _all()
