"""`orefolio sensitivity CASE global`: shares of variance known by hand, levers taken from a screen, wrong words."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from orefolio.analyses.sweep import planning
from sensitivity.three_levers import LOSS, PRICE, call, everything, rows, tables
from test_api import written

# Two levers that add up, each uniform over its range: variances are a twelfth of the squared effects.
OF_PRICE = PRICE**2 / (PRICE**2 + LOSS**2)
SOBOL = ("--levers", "price,loss", "--samples", 16, "--slices", 4)


@pytest.fixture(scope="module")
def summed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The folder and the answer of a run over price and loss."""
    folder = tmp_path_factory.mktemp("summed")
    written(folder / "case", tables())
    done = call("global", *SOBOL, "--folder", folder / "a", "--json", case=str(folder / "case"))
    assert done.exit_code == 0, done.output
    return folder / "a", json.loads(done.stdout)


def test_two_levers_that_add_up_share_the_variance(summed: tuple[Path, dict[str, Any]]) -> None:
    folder, answer = summed
    assert answer["points"] == 16 * 4
    table = rows(folder / "indices.csv")
    assert [row["lever"] for row in table] == ["price", "loss"]
    for index in ("first", "total"):
        assert [float(row[index]) for row in table] == pytest.approx([OF_PRICE, 1 - OF_PRICE], abs=0.12)
    assert [float(row["total_gap_low"]) for row in table] == pytest.approx([float(row["total"]) for row in table])
    assert all(float(row["total_least"]) <= float(row["total"]) <= float(row["total_most"]) for row in table)
    said = " ".join(answer["sentences"])
    assert said.startswith("64 plans for 64 places in the ranges of 2 levers. The cost has a standard deviation of ")
    assert "price in China (price) has the largest share" in said
    assert "Less than it, at 95 % and whatever the gaps hide: loss." in said
    settled = rows(folder / "convergence.csv")
    assert [(row["samples"], row["groups_used"]) for row in settled] == [(str(n), str(n)) for n in (4, 4, 8, 8, 16, 16)]
    assert settled[-1]["total"] == table[1]["total"]


def test_the_deviation_is_that_of_the_plans(summed: tuple[Path, dict[str, Any]]) -> None:
    folder, answer = summed
    costs = np.array([float(row["cost_musd"]) for row in rows(folder / "table.csv")]).reshape(16, 4)
    assert f"a standard deviation of {costs[:, [0, 3]].std():.4g} million USD" in " ".join(answer["sentences"])


def test_the_figure_shows_what_the_tables_say(summed: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = summed
    figure = json.loads((folder / "figure.json").read_text(encoding="utf-8"))
    table = rows(folder / "indices.csv")[::-1]
    total, first, pawn, dummy, *lines = figure["data"]
    for drawn, column in ((total, "total"), (first, "first"), (pawn, "pawn_median"), (dummy, "pawn_noise_95")):
        assert drawn["y"] == ["loss", "price"]
        assert drawn["x"] == pytest.approx([float(row[column]) for row in table])
    assert total["error_x"]["array"] == pytest.approx(
        [float(row["total_most"]) - float(row["total"]) for row in table], abs=1e-6
    )
    settled = rows(folder / "convergence.csv")
    assert [line["name"] for line in lines] == ["price", "loss"]
    assert lines[1]["x"] == [4, 8, 16]
    assert lines[1]["y"] == pytest.approx([float(row["total"]) for row in settled if row["lever"] == "loss"])
    titles = [figure["layout"][axis]["title"]["text"] for axis in ("xaxis", "yaxis", "xaxis2", "yaxis2")]
    assert titles == ["index, share", "lever", "samples", "total index, share"]


def test_pawn_alone_takes_each_sample_once_and_no_salib(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "SALib.sample", None)
    words = ("--method", "pawn", "--levers", "price,loss,fund", "--samples", 90, "--slices", 3)
    done = call("global", *words, "--folder", "a", "--json")
    assert done.exit_code == 0, done.output
    table = {row["lever"]: row for row in rows(place / "a" / "indices.csv")}
    assert list(table) == ["price", "loss", "fund"]
    assert "total" not in table["price"]
    assert float(table["price"]["pawn_median"]) > float(table["price"]["pawn_noise_95"])
    assert float(table["fund"]["pawn_median"]) < float(table["fund"]["pawn_noise_95"])
    said = " ".join(json.loads(done.stdout)["sentences"])
    assert "the whole distribution of the cost moves with: price" in said
    assert not (place / "a" / "convergence.csv").exists()
    # A Latin hypercube: each lever has one point in each of ninety slices of its range.
    places = np.sort([float(row["lever_price"]) for row in rows(place / "a" / "table.csv")])
    assert np.floor((places - 5) / 10 * 90).tolist() == list(range(90))
    figure = json.loads((place / "a" / "figure.json").read_text(encoding="utf-8"))
    assert [drawn["name"] for drawn in figure["data"]] == ["PAWN, median distance", "PAWN of a dummy (95 %)"]


def test_gaps_that_may_hide_the_spread_prove_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = planning._row

    def row(*rest: Any) -> dict[str, Any]:
        made = real(*rest)
        return {**made, "bound_musd": made["cost_musd"] - 10}

    monkeypatch.setattr(planning, "_row", row)
    done = call("global", "--levers", "price,loss", "--samples", 8, "--slices", 4, "--folder", "a", "--json")
    said = " ".join(json.loads(done.stdout)["sentences"])
    assert "The gaps may hide all of it: nothing is proved." in said
    assert "moves with: none." in said
    assert {row["total_least"] for row in rows(place / "a" / "indices.csv")} == {""}


def test_a_figure_that_does_not_vary_is_said_so(place: Path) -> None:
    done = call("global", "--levers", "fund", "--samples", 8, "--slices", 30, "--of", "short_t", "--json")
    assert done.exit_code == 0, done.output
    assert "The shortage does not vary over them, or too few plans" in " ".join(json.loads(done.stdout)["sentences"])


def test_the_levers_of_a_screen_are_taken_the_largest_effects_first(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orefolio.analyses.sensitivity import shares

    monkeypatch.setattr(shares, "MOST_LEVERS", 2)
    assert call("screen", "--trajectories", 2, "--folder", "s").exit_code == 0
    words = ("global", "--samples", 8, "--slices", 4, "--screen")
    assert call(*words, "s", "--folder", "a").exit_code == 0
    assert {row["lever"] for row in rows(place / "a" / "indices.csv")} == {"price", "loss"}
    assert call("global", "--samples", 8, "--slices", 4, "--levers", "price,loss", "--folder", "b").exit_code == 0
    assert everything(place / "a") == everything(place / "b")
    other = call(*words, "s", "--of", "short_t")
    assert other.exit_code == 2
    assert "found effects on cost_musd, expected effects on short_t. Screen with --of short_t" in other.stderr
    path = place / "case" / "demands.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",100", ",90"), encoding="utf-8")
    changed = call(*words, "s")
    assert changed.exit_code == 2
    assert "--screen s: found a sweep of another case" in changed.stderr


@pytest.mark.verifies("bad input")
def test_a_folder_without_a_screen_is_refused(place: Path) -> None:
    assert call("global", "--levers", "fund", "--samples", 8, "--folder", "a").exit_code == 0
    for folder, said in (("a", "effects.csv: found a file that cannot be read"), ("case", "found no head.json")):
        done = call("global", "--screen", folder)
        assert done.exit_code == 2
        assert said in done.stderr
    (place / "a" / "effects.csv").write_text("lever,mu\nfund,1\n", encoding="utf-8")
    assert "found no column figure, expected the table effects of a screen" in call("global", "--screen", "a").stderr


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Run `screen` first and give its folder with --screen, or name levers with --levers"),
        (("--levers", "price", "--samples", "12"), "--samples: found 12, expected a power of two, such as 8 or 16"),
        (("--levers", "price", "--samples", "4"), "--samples: found '4', expected 8 to 100,000"),
        (
            ("--levers", "price", "--method", "pawm"),
            "--method: found 'pawm', expected sobol or pawn. Did you mean pawn?",
        ),
        (("--levers", "a,b,c,d,e,f,g,h,i"), "--levers: found 9 levers, expected at most 8"),
        (("--levers", "prise"), "Did you mean price?"),
        (("--levers", "price", "--of", "digest"), "--of: found 'digest', expected a figure of the table"),
        (("--levers", "price", "--samples", "65536"), "the sample: found 196,608 points"),
    ],
)
def test_bad_words_end_with_2_and_write_nothing(place: Path, words: tuple[str, ...], said: str) -> None:
    done = call("global", *words)
    assert done.exit_code == 2, done.output
    assert said in done.stderr, done.stderr
    assert not (place / "results").exists()


def test_without_salib_nothing_is_planned(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "SALib.sample", None)
    done = call("global", "--levers", "price")
    assert done.exit_code == 8
    assert "pip install 'orefolio[sensitivity]'" in done.stderr
    assert not (place / "results").exists()
