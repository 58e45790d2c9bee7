"""The scenario creator of mpi-sppy: one future, stated by the same families as everywhere, with its nodes."""

from __future__ import annotations

from typing import Any

from mpisppy.scenario_tree import ScenarioNode

from ..case.scenarios import Tree
from ..program.plain import column_of, filled_up, plain_alone
from .staged import Staged


class Creator:
    """The scenario creator: a scenario bears its future's name, and is its program as `plain_alone` writes it."""

    def __init__(self, tree: Tree, plan: Staged) -> None:
        self.tree, self.plan = tree, plan
        self.number_of = {path.future: number for number, path in enumerate(tree.paths)}

    @property
    def names(self) -> list[str]:
        """Futures in the order of the tree."""
        return [self.tree.paths[number].future for number in self.plan.order]

    def __call__(self, name: str, **_: Any) -> Any:
        """The Pyomo model of one future, with the nodes that it passes through."""
        number = self.number_of[name]
        stages = self.plan.stages[number]
        model = plain_alone(self.tree, number)
        filling = filled_up(model, stages[-1].filling)
        model._mpisppy_probability = self.tree.paths[number].weight
        model._mpisppy_node_list = [
            ScenarioNode(
                stage.name,
                stage.probability,
                level + 1,
                model.cost[0] if not level else 0.0,
                [*(column_of(model, label) for label in stage.shared), *(filling if level == len(stages) - 1 else [])],
                model,
                parent_name=stages[level - 1].name if level else None,
            )
            for level, stage in enumerate(stages)
        ]
        return model
