"""The search handed to HiGHS: the best plan as its start, an absolute gap as its stop, its bound as ours."""

from __future__ import annotations

import threading

from orefolio.program.program import Program
from orefolio.solve.dive import WHOLE
from orefolio.solve.engine import Engine
from orefolio.solve.outcomes import Outcome
from orefolio.solve.standing import Standing


def hand_over(program: Program, standing: Standing, stop: threading.Event) -> Outcome:
    """Let HiGHS search from the best plan until the asked gap or a limit; keep what it finds and proves."""
    options = standing.options
    engine = Engine(program, integer=True, threads=options.threads, seed=options.seed, stop=stop)
    engine.set("presolve", "choose" if options.presolve else "off")
    engine.set("mip_feasibility_tolerance", WHOLE)
    if standing.values is not None:
        engine.set("mip_abs_gap", standing.slack)
        engine.set("mip_rel_gap", 0.0)
        engine.start_from(standing.values)
    else:
        engine.set("mip_abs_gap", options.abs_gap if options.gap is None else 0.0)
        engine.set("mip_rel_gap", options.gap or 0.0)
    if options.node_limit is not None:
        engine.set("mip_max_nodes", max(0, options.node_limit - standing.nodes))
    engine.listen(standing.tell)
    outcome = engine.run(standing.remaining())
    standing.log += "".join(engine.lines)
    if engine.left_behind:
        standing.offer_bound(engine.bound)
        if engine.found is not None:
            standing.offer_plan(*engine.found)
        return outcome
    standing.nodes += engine.nodes
    if outcome in ("optimal", "limit", "interrupted"):
        standing.offer_bound(engine.search_bound)
        if engine.has_values:
            standing.offer_plan(engine.objective, engine.values())
    return "infeasible" if outcome == "undecided" else outcome  # the relaxation was bounded
