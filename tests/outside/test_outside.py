"""Problems with published or hand-derived optima, said in the case format: files in, optimum out.

Objectives are compared, not plans: a problem may have several. What each means is written at the head of its case.yaml.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from orefolio.case.read import load_case_with_warnings
from pencil import optimum, plan

HERE = Path(__file__).parent

OPTIMA = {
    "gams_trnsport": (153.675, 1e-6),
    "lot_wagner_whitin_1958": (864, 1e-6),
    "ampl_steelT": (-515033, 0.51),
    "birge_farmer": (-108390, 1e-3),
    "louveaux_LandS": (381.853, 1e-3),
    "closed_embargo": (815, 1e-6),
    "closed_phantom_shortage": (260, 1e-6),
}
"""Thousand USD, and the tolerance of the source. A profit is a negative cost."""


@pytest.mark.verifies("optimum")
@pytest.mark.parametrize("name", OPTIMA)
def test_a_published_optimum_is_found(name: str) -> None:
    expected, tolerance = OPTIMA[name]
    loaded = load_case_with_warnings(HERE / name)
    assert loaded.warnings == ()
    assert optimum(loaded.case) == pytest.approx(expected, abs=tolerance)


def test_every_case_of_the_folder_has_its_optimum() -> None:
    assert {path.parent.name for path in HERE.glob("*/case.yaml")} == set(OPTIMA)


def test_the_farmer_is_worth_less_than_one_who_knew() -> None:
    """Wait and see is −115406: each future planned for itself. Would fail if planting were by future: the optimum
    would look like it."""
    case = load_case_with_warnings(HERE / "birge_farmer").case
    alone = [plan(case, futures=[name]).cost for name in ("dry", "average", "good")]
    assert sum(alone) / 3 == pytest.approx(-115406, abs=0.5)
    assert alone == pytest.approx([-59950, -118600, -167667], abs=0.5)


def test_the_farmer_plants_before_the_yields_show() -> None:
    """170 acres of wheat, 80 of corn and 250 of beet, the same in every future (the published plan is the only one)."""
    done = plan(load_case_with_warnings(HERE / "birge_farmer").case)
    for name in ("dry", "average", "good"):
        acres = [done.value("size", f"acres_{crop}", future=name) for crop in ("wheat", "corn", "beet")]
        assert acres == pytest.approx([170, 80, 250])
