"""What a solve is asked for: how close to proof, how long, and how reproducibly."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """Stop rules and settings of one solve.

    abs_gap: million USD between plan and proved bound at which the plan counts as optimal. Most cost is unavoidable, so
    a share of the whole would hide the plan; hence this is the rule. gap: share of the objective; where given it takes
    the place of `abs_gap`. time_limit: seconds of wall time for the whole solve. threads: of the solver. seed: of the
    solver's random choices. node_limit: branch-and-bound nodes, None for no limit; a run that ends by a gap or by this
    limit on one thread gives the same bytes again. presolve: whether the solver may presolve the first relaxation and
    the whole program. size_limit: most rows of the case × periods × futures that are built; None for the case's own
    limit, or the default.

    Raises ValueError for a setting out of range.
    """

    abs_gap: float = 5.0
    gap: float | None = None
    time_limit: float = 300.0
    threads: int = 1
    seed: int = 0
    node_limit: int | None = None
    presolve: bool = True
    size_limit: float | None = None

    def __post_init__(self) -> None:
        faults = [
            f"{name} is {value}, expected {wanted}"
            for name, value, wanted, good in (
                ("abs_gap", self.abs_gap, "0 or more million USD", self.abs_gap >= 0),
                ("gap", self.gap, "a share of 0 or more", self.gap is None or self.gap >= 0),
                ("time_limit", self.time_limit, "0 or more seconds", self.time_limit >= 0),
                ("threads", self.threads, "1 or more", self.threads >= 1),
                ("seed", self.seed, "0 to 2147483647", 0 <= self.seed < 2**31),
                ("size_limit", self.size_limit, "0 or more", self.size_limit is None or self.size_limit >= 0),
                ("node_limit", self.node_limit, "0 or more nodes", self.node_limit is None or self.node_limit >= 0),
            )
            if not good
        ]
        if faults:
            raise ValueError("; ".join(faults))

    def allowed(self, objective: float, bound: float) -> float:
        """Million USD that plan and bound may lie apart. A share is taken of the smaller of the two, so that it
        still holds when the plan improves; it is 0 while the two have different signs."""
        if self.gap is None:
            return self.abs_gap
        return self.gap * min(abs(objective), abs(bound)) if objective * bound > 0 else 0.0

    def reached(self, objective: float, bound: float) -> bool:
        """Whether the plan is proved as close as was asked; a rounding error of 1e-8 of the objective is forgiven."""
        return objective - bound <= self.allowed(objective, bound) + 1e-8 * max(1.0, abs(objective))
