"""The mutants: which part of the formulation each one changes, and the file of tests that has to tell."""

from __future__ import annotations

from dataclasses import dataclass

from mutations import futures, policy, supply
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
    "programmes": supply.PROGRAMMES,
    "capacity": supply.CAPACITY,
    "contracts": supply.CONTRACTS,
    "transport": supply.TRANSPORT,
    "stockpiles": supply.STOCKPILES,
    "recycling": policy.RECYCLING,
    "substitution": policy.SUBSTITUTION,
    "chinese_content": policy.CHINESE_CONTENT,
    "demand": policy.DEMAND,
    "markets": policy.MARKETS,
    "diversification": policy.DIVERSIFICATION,
    "environment": policy.ENVIRONMENT,
    "budgets": policy.BUDGETS,
    "balance": policy.BALANCE,
    "merge": futures.MERGE,
    "risk": futures.RISK,
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
