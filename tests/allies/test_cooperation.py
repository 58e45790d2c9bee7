"""What two importers save by planning together, its division, and free riding, all worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from allies.pair import CAPACITY, importer, joined, laid
from orefolio.analyses.cooperation import Answer, Asked, cooperation, parties
from orefolio.analyses.cooperation.division import between, charge_weights, coalitions, divided
from orefolio.cli import main
from orefolio.errors import InputError
from orefolio.solve import Options
from pencil import tables

PLAYERS = ("east", "west", "lynas", "caremag")


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    both = laid(tmp_path_factory.mktemp("pair"))
    return cooperation(parties(both), Asked(options=Options(abs_gap=1e-6)))


def at(interval: tuple[float, float]) -> float:
    """The value of an interval without width."""
    assert interval[1] - interval[0] < 1e-5
    return interval[1]


def test_together_each_tonne_goes_where_it_saves_most(answer: Answer) -> None:
    """Alone, East buys 50 t of Lynas, 5 t of Caremag, 25 t at 100: 1.1 + 2.5 = 3.6 million USD; West 30 t at 20: 0.6.

    Together 90 t of Lynas and 10 t of Caremag are to be had. East, whose other source is dearest, takes 80 t: 1.6; West
    20 t, and 10 t at 60: 1.0. So 4.2 falls to 2.6. Would fail if a tonne could be sold twice: then 110 t were cheap.
    """
    assert at(answer.separate) == pytest.approx(4.2)
    assert at(answer.joint) == pytest.approx(2.6)
    assert at(answer.worth) == pytest.approx(1.6)
    east, west = answer.shares
    assert (east.alone[1], west.alone[1]) == (pytest.approx(3.6), pytest.approx(0.6))
    assert (east.joint, west.joint) == (pytest.approx(1.6), pytest.approx(1.0))


def test_transfers_make_the_gain_even(answer: Answer) -> None:
    """Each should gain 0.8. East gains 2.0 and pays 1.2; West loses 0.4 and receives 1.2."""
    east, west = answer.shares
    assert (east.transfer, west.transfer) == (pytest.approx(-1.2), pytest.approx(1.2))


def test_without_transfers_nobody_pays_more_than_alone(answer: Answer) -> None:
    """West's cost may not pass 0.6, so it gets 30 cheap tonnes; East has 70, and 10 at 100: 2.4. The sum is 3.0.

    Would fail without the row of West's burden: the sum were 2.6 and West paid 1.0.
    """
    assert answer.spared is not None
    assert answer.spared_worth is not None
    assert at(answer.spared) == pytest.approx(3.0)
    assert at(answer.spared_worth) == pytest.approx(1.2)
    assert [share.spared for share in answer.shares] == [pytest.approx(2.4), pytest.approx(0.6)]


def test_what_each_coalition_pays(answer: Answer) -> None:
    """By the sellers that are in it. East without sellers pays 80 t at 100; with Lynas 80 t at 20; and so on."""
    by_hand = {
        "east": 8.0, "west": 1.8, "lynas": 0.0, "caremag": 0.0, "east west": 9.8, "east lynas": 1.6,
        "caremag east": 7.2, "lynas west": 0.6, "caremag west": 1.4, "caremag lynas": 0.0, "east lynas west": 3.0,
        "caremag east west": 9.0, "caremag east lynas": 1.6, "caremag lynas west": 0.6,
        "caremag east lynas west": 2.6,
    }  # fmt: skip
    found = {" ".join(sorted(members)): at(cost) for members, cost in answer.costs.items()}
    assert found == {members: pytest.approx(cost, abs=1e-5) for members, cost in by_hand.items()}


def test_shapley_and_the_core_by_hand(answer: Answer) -> None:
    """Shapley: the mean over the 24 orders of what each adds. East (0 + 7.2/12 + 12.4/12 + 6.0/4), and so on.

    The least core gives every coalition 0.2 over what it could have by itself: Caremag's 0.2 is held between its own 0
    and the 0.4 that it adds to the other three.
    """
    division = answer.division
    assert division is not None
    gain = {player: at(interval) for player, interval in division.gain.items()}
    east, west, lynas, caremag = 47 / 15, 7 / 15, 10 / 3, 4 / 15
    assert gain == {
        player: pytest.approx(value, abs=1e-5)
        for player, value in zip(PLAYERS, (east, west, lynas, caremag), strict=True)
    }
    assert division.in_core is True
    assert division.weakest == frozenset(("east", "lynas"))
    assert at(division.excess[division.weakest]) == pytest.approx(east + lynas - 6.4, abs=1e-5)
    assert at(division.least_core) == pytest.approx(-0.2, abs=1e-5)
    assert division.least_gain["caremag"] == pytest.approx(0.2, abs=1e-5)


def test_without_a_project_the_plan_of_one_does_not_help_the_other(answer: Answer) -> None:
    """Nothing is committed, so nobody's plan makes more of anything: neither is short, alone or beside the other."""
    assert [(effect.payer, effect.short) for effect in answer.effects] == [
        ("east", (pytest.approx(0.0), pytest.approx(0.0))),
        ("west", (pytest.approx(0.0), pytest.approx(0.0))),
    ]


MINE = {"process": "mine", "place": "island", "stage": "product", "capacity_t_per_year": 0.0}


def lane(name: str, to_place: str, freight: float) -> dict[str, object]:
    return {"lane": name, "from_place": "island", "to_place": to_place, "commodity": "oxide",
            "cost_usd_per_kg": freight, "capacity_t_per_year": 40.0}  # fmt: skip


def project(name: str, capital: float) -> dict[str, object]:
    return {"project": name, "adds_to": "mine", "size_max_t_per_year": 40.0, "size_min_t_per_year": 40.0,
            "capital_musd": capital, "lead_time_years": 0.0, "start_from": 2027, "start_to": 2027,
            "life_years": 1.0}  # fmt: skip


def test_who_rides_free(tmp_path: Path) -> None:
    """A mine of 40 t on an island ships to East at 30 USD/kg, to West at 40. East can open it for 1 million USD, West
    only for 20. What is lacking costs 500 USD/kg.

    Alone East has 55 t at 20 and lacks 25 t: it opens the mine, 1.1 + 0.75 + 1 = 2.85. West, whose share of Lynas is
    20 t here, has 25 t at 20 and lacks 5 t, too few to open it: 0.5 + 2.5 = 3.0. Beside East's plan 80 t at 20 and 30 t
    of the mine serve both. East's freight is lower, but its cost may not pass 2.85, so it takes 25 t at most of the
    mine and West 5 t: West is short of nothing and pays 0.5 + 0.2 = 0.7. Would fail without the row of East's burden:
    then West paid 0.6 and East 2.9. Beside West's plan East may still open the mine itself, and is short of nothing.
    """
    shared = {
        "processes": [MINE],
        "recipes": [{"process": "mine", "commodity": "oxide", "direction": "out", "t_per_t": 1.0}],
        "places": [{"place": "island", "country": "MY"}],
        "lanes": [lane("to_japan", "japan", 30.0), lane("to_states", "united_states", 40.0)],
    }
    east = joined(importer("east", "japan", 80.0, 50.0, None), shared, tables(projects=[project("east_opens", 1.0)]))
    west = joined(
        importer("west", "united_states", 30.0, 80.0, None), shared, tables(projects=[project("west_opens", 20.0)])
    )
    capacity = CAPACITY.replace("lynas,oxide,2026,100,10", "lynas,oxide,2026,100,30")
    both = laid(tmp_path, {"supplier_capacity.csv": capacity}, east, west)
    found = cooperation(parties(both), Asked(options=Options(abs_gap=1e-6)), division=False)
    beside_east, beside_west = found.effects
    assert (beside_east.payer, beside_east.other) == ("east", "west")
    assert beside_east.short == (pytest.approx(5.0), pytest.approx(0.0, abs=1e-6))
    assert beside_east.cost[0] - beside_east.cost[1] == pytest.approx(2.3, abs=1e-4)
    assert beside_east.kept
    assert beside_west.short == (pytest.approx(0.0, abs=1e-6), pytest.approx(0.0, abs=1e-6))


def test_intervals_hold_every_cost_between_their_ends() -> None:
    """Shapley of two players: half of what together saves. With costs of 10 ± 1, 6 and 12 ± 2: (16 - 12)/2 ± 1.5."""
    players = ("a", "b")
    costs = {frozenset("a"): (9.0, 11.0), frozenset("b"): (6.0, 6.0), frozenset("ab"): (10.0, 14.0)}
    found = divided(players, costs)
    assert found.gain["a"] == (pytest.approx(0.5), pytest.approx(3.5))
    assert found.gain["b"] == (pytest.approx(0.5), pytest.approx(3.5))
    assert found.in_core is True
    assert found.worth[frozenset("ab")] == (pytest.approx(1.0), pytest.approx(7.0))
    assert found.least_core == (pytest.approx(-3.5), pytest.approx(-0.5))


def test_a_division_outside_the_core_is_called_so() -> None:
    """Three who share nothing but in pairs: any two save 6, all three 6. Shapley gives each 2, a pair wants 6."""
    players = ("a", "b", "c")
    costs = {c: (10.0 * len(c) - (6.0 if len(c) > 1 else 0.0),) * 2 for c in coalitions(players)}
    found = divided(players, costs)
    assert all(interval == (pytest.approx(2.0), pytest.approx(2.0)) for interval in found.gain.values())
    assert found.in_core is False
    assert found.least_core[0] == pytest.approx(2.0)


def test_wide_gaps_leave_the_core_open() -> None:
    players = ("a", "b", "c")
    costs = {c: (10.0 * len(c) - (6.0 if len(c) > 1 else 0.0),) * 2 for c in coalitions(players)}
    costs[frozenset(players)] = (18.0, 24.0)
    assert divided(players, costs).in_core is None


def test_charges_share_out_the_whole_cost() -> None:
    """Over all players the weights leave the cost of all together, and nothing of any other coalition."""
    costs = {c: (float(len(c)) ** 1.5,) * 2 for c in coalitions(PLAYERS)}
    total = sum(between(charge_weights(PLAYERS, player), costs)[0] for player in PLAYERS)
    assert total == pytest.approx(8.0)


def test_the_command_says_it_in_words_and_in_json(tmp_path: Path) -> None:
    both = laid(tmp_path)
    said = CliRunner().invoke(main, ["cooperation", str(both), "--abs-gap", "0"])
    assert said.exit_code == 0, said.output
    assert "saves at least 1.6 and at most 1.6 million USD" in said.stdout
    assert "Shapley's division is in the core" in said.stdout
    told = CliRunner().invoke(main, ["cooperation", str(both), "--no-division", "--no-effects", "--json"])
    content = json.loads(told.stdout)
    assert content["worth_musd"][1] == pytest.approx(1.6)
    assert content["shapley_musd"] is None
    assert content["coalitions"] == []


def test_a_case_of_one_importer_is_refused(tmp_path: Path) -> None:
    laid(tmp_path)
    with pytest.raises(InputError, match="a case of one importer"):
        parties(tmp_path / "east")


def test_a_partner_that_sells_nothing_is_refused(tmp_path: Path) -> None:
    both = laid(tmp_path)
    text = (both / "case.yaml").read_text()
    (both / "case.yaml").write_text(text.replace("suppliers: [caremag]", "suppliers: [caremac]"))
    with pytest.raises(InputError, match="caremac"):
        parties(both)
