"""A rolling comparison on disk: the plan and each path that is done, whole or absent, so that a killed one goes on.

head.json     what is asked for: the case by its hash, grid, fan, seed, days, options
plan.json     the plan that all paths begin with
paths/N.json  what the policies did along the sampled future N
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from orefolio import __version__
from orefolio.case.case import Case
from orefolio.errors import Fault, InputError
from orefolio.futures.folder import base_hash
from orefolio.solve import Options

from ..out_of_sample.policy import Policy
from ..sweep.sealed import opened, sealed, written_whole
from .outcome import Decision, Outcome, Plan, Rolling, Step, Walk

HEAD, PLAN, PATHS = "head.json", "plan.json", "paths"
SCHEMA = "orefolio/rolling/1"


def head_of(case: Case, grid: str, asked: Rolling, options: Options) -> dict[str, Any]:
    """What tells one comparison from another; more paths of it are the same one."""
    words = {"fan": asked.fan, "seed": asked.seed, "every_months": asked.every}
    said = {"schema": SCHEMA, "version": __version__, "case": case.name, "case_hash": base_hash(case), "grid": grid}
    return {**said, **words, "options": asdict(options)}


@dataclass(frozen=True)
class Kept:
    """The folder of a comparison."""

    place: Path

    @classmethod
    def at(cls, place: Path, head: Mapping[str, Any], resume: bool) -> Kept:
        """A new folder, or with `resume` one of the same comparison.

        Raises InputError where it has another, or one and `resume` is not given; SpaceError.
        """
        if (place / HEAD).exists():
            found = opened(place / HEAD)
            if found != dict(head):
                different = ", ".join(name for name in head if found.get(name) != head[name])
                remedy = "Give another folder with --folder"
                raise InputError([Fault(str(place), f"another comparison ({different})", "this one", remedy=remedy)])
            if not resume:
                remedy = "Go on with it by --resume, or give another folder with --folder"
                raise InputError([Fault(str(place), "paths of this comparison", "a new folder", remedy=remedy)])
            return cls(place)
        (place / PATHS).mkdir(parents=True, exist_ok=True)
        written_whole(place / HEAD, sealed(head))
        return cls(place)

    def plan(self, case: Case, grid: str) -> Plan | None:
        """The plan that was kept, None where there is none."""
        if not (self.place / PLAN).exists():
            return None
        found = opened(self.place / PLAN)
        at = {
            (month, frozenset(words)): {(variable, index, period): value for variable, index, period, value in amounts}
            for month, words, amounts in found["at"]
        }
        return Plan(Policy(case, grid, at), found["futures"], found["bound"], found["cost"])

    def keep_plan(self, plan: Plan) -> None:
        """Write the plan. Raises SpaceError."""
        at = [
            [month, sorted(words), [[*name, value] for name, value in amounts.items()]]
            for (month, words), amounts in plan.policy.at.items()
        ]
        content = {"futures": plan.futures, "bound": plan.bound, "cost": plan.cost, "at": at}
        written_whole(self.place / PLAN, sealed(content))

    def walk(self, number: int) -> Walk | None:
        """A path that was kept, None where there is none."""
        path = self._path(number)
        return _walk_of(opened(path)) if path.exists() else None

    def keep_walk(self, number: int, walk: Walk) -> None:
        """Write a path that is done. Raises SpaceError."""
        written_whole(self._path(number), sealed(asdict(walk)))

    def _path(self, number: int) -> Path:
        return self.place / PATHS / f"{number + 1}.json"


def _walk_of(found: Mapping[str, Any]) -> Walk:
    outcomes = {
        name: Outcome(**{**one, "decisions": tuple(Decision(**decision) for decision in one["decisions"])})
        for name, one in found["outcomes"].items()
    }
    return Walk(found["happens"], tuple(Step(**step) for step in found["steps"]), outcomes)
