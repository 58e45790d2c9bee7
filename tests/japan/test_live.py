"""Every supply system of Japan's case is live: with its rivals closed it delivers; and each can be taken away.

The trunk's own continuation on the yearly grid, with relaxed gaps: what is asked is whether material flows, not what
the best plan is.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from examples.runs import outcome, served, trunk
from examples.systems import System, Systems, no_collection, no_stock
from japan.runs import JAPAN, study
from orefolio import api
from orefolio.case.adjust import Adjustment

SYSTEMS = {
    "Lynas": System(("lynas",)),
    "China": System(("china",)),
    # its feed holds dysprosium and terbium alone, so the neodymium beside it comes from Lynas
    "Myanmar": System(("myanmar", "lynas"), contracts=("cn_myanmar_heavy", "lynas_ndpr*")),
    "Malaysian clay": System((), ("x_mine_malaysia", "x_sep_malaysia_*"), ("mine_malaysia_clay", "sep_malaysia_*")),
    "Thailand": System(("thai_clay",), ("x_sep_thailand_*",), ("sep_thailand_*",)),
    "Viet Nam": System(("dong_pao",), ("x_mine_dong_pao", "x_sep_dong_pao_*"), ("mine_dong_pao", "sep_dong_pao_*")),
    "India": System(("irel",)),
    "Tanzania": System((), ("x_mine_ngualla", "x_sep_ngualla_*"), ("mine_ngualla", "sep_ngualla_*")),
    "other Australia": System(("iluka", "arafura"), (), ("sep_seg_japan",)),
    "United States": System(("mp", "energy_fuels", "noveon", "evac"), ("x_us_refinery",)),
    "United States, a new refinery": System(
        ("mp",), ("x_us_refinery",), ("sep_us_refinery",), ("us_concentrate",)
    ),
    "REAlloys": System(("realloys_*",), ("x_mine_hoidas", "x_sep_src")),
    "REAlloys, Hoidas Lake": System((), ("x_mine_hoidas", "x_sep_src"), ("mine_hoidas", "sep_src")),
    "France and Estonia": System(("caremag", "neo")),
    "Brazil": System(("serra_verde",), ("x_sep_japan_*",), ("sep_japan_*",)),
    "Greenland": System(
        (), ("x_greenland_*",), ("mine_greenland", "sep_eudialyte"), opened=("x_greenland_*",)
    ),
    "Minamitorishima": System((), ("seabed_*",), ("mud_*", "sep_mud")),
}  # fmt: skip
INSIDE = ("recycling", "substitution", "stock")
"""Systems that stand in Japan beside every source: they are tried with one source, and taken away on their own."""


OF_JAPAN = Systems(JAPAN)


@pytest.mark.parametrize("name", SYSTEMS)
def test_with_its_rivals_closed_a_system_delivers(name: str) -> None:
    OF_JAPAN.assert_delivers_alone(SYSTEMS[name])


def test_recycling_delivers() -> None:
    changes = [*OF_JAPAN.alone(SYSTEMS["Lynas"])]
    kept = [change for change in changes if change not in no_collection() and "x_rec_old" not in change.where]
    plan = outcome(trunk(study(), *kept, gap=0.05))
    oxide = [e for e in plan.trunk.entries("activity") if e.index[0] in ("rec_old_magnets", "rec_new_magnets")]
    collected = {e.index[0] for e in plan.trunk.entries("collect")}
    assert sum(e.value for e in oxide) > 0
    assert {"old_japan", "new_japan"} <= collected
    assert any(choice.id.startswith("collection/") for choice in plan.commitments)


def test_substitution_delivers() -> None:
    changes = [change for change in OF_JAPAN.alone(SYSTEMS["India"]) if change not in OF_JAPAN.no_substitution()]
    plan = outcome(trunk(study(), *changes, gap=0.05))
    used = {e.index[0] for e in plan.trunk.entries("activity")}
    assert {"thrift_high", "heavy_free_mid", "ferrite_low"} <= used


def test_stock_delivers() -> None:
    changes = [change for change in OF_JAPAN.alone(SYSTEMS["India"]) if change not in no_stock()]
    emergency = Adjustment("settings", "setting=emergency_declared", "value", "set", 1.0)
    plan = outcome(trunk(study(), *changes, emergency, gap=0.05))
    owners = {plan.case.row("stockpiles", e.index[0]).owner for e in plan.trunk.entries("take")}
    assert owners == {"public", "private"}


def without(name: str) -> list[Adjustment]:
    """One system taken away."""
    if name in INSIDE:
        return {"recycling": no_collection, "substitution": OF_JAPAN.no_substitution, "stock": no_stock}[name]()
    return OF_JAPAN.without(SYSTEMS[name])


@pytest.mark.long
@pytest.mark.parametrize("name", [*(name for name in SYSTEMS if "," not in name), *INSIDE])
def test_a_plan_stands_without_any_one_system(name: str) -> None:
    run = trunk(study(), *without(name), gap=0.02)
    assert served(outcome(run)) > 0
    assert run.bound > 0


# a new mine


def append(folder: Path, table: str, *lines: dict[str, object]) -> None:
    """Append rows to a table of a case, by the names of its columns; cells that are not named stay blank."""
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    with path.open("a", encoding="utf-8", newline="") as file:
        for line in lines:
            assert set(line) <= set(columns), (table, set(line) - set(columns))
            csv.writer(file, lineterminator="\n").writerow([line.get(column, "") for column in columns])


def with_a_new_mine(folder: Path) -> Path:
    """Japan's case with a mine in Namibia and its separation in Japan, cheap enough to be wanted: rows only."""
    shutil.copytree(JAPAN.folder, folder)
    append_what_it_yields(folder)
    append_plants(folder)
    append_way_and_projects(folder)
    return folder


def append_what_it_yields(folder: Path) -> None:
    """The mine's place, and its concentrate: what it holds and what it is worth."""
    append(folder, "places", {"place": "namibia", "name": "Namibia", "country": "NA"})
    append(
        folder,
        "commodities",
        {
            "commodity": "namibia_concentrate",
            "name": "Namibian concentrate",
            "stage": "concentrate",
            "discardable": "yes",
        },
    )
    shares = {"NdPr": 0.1, "Dy": 0.06, "Tb": 0.01, "heavy": 0.83}
    append(
        folder,
        "content",
        *({"commodity": "namibia_concentrate", "element": name, "share": share} for name, share in shares.items()),
    )
    append(
        folder,
        "prices",
        *(
            {"market": market, "commodity": "namibia_concentrate", "realisation_share": 0.4}
            for market in ("china", "outside")
        ),
    )


def append_plants(folder: Path) -> None:
    """The mine and the separation of its concentrate, with their recipes."""
    made = {"place": "namibia", "stage": "concentrate", "technology_origin": "NA", "equipment_origin": "NA"}
    split = {
        "place": "japan",
        "stage": "oxide",
        "technology_origin": "JP",
        "equipment_origin": "JP",
        "separates": "yes",
    }
    append(
        folder,
        "processes",
        {
            "process": "mine_namibia",
            "name": "Namibian mine",
            "capacity_t_per_year": 0,
            "operating_usd_per_kg": 10,
            **made,
        },
        {
            "process": "sep_namibia",
            "name": "its separation",
            "capacity_t_per_year": 0,
            "operating_usd_per_kg": 60,
            **split,
        },
    )
    outs = {"dy_oxide": 1, "tb_oxide": 1 / 6, "ndpr_oxide": 10 / 6, "heavy_oxide": 83 / 6}
    append(
        folder,
        "recipes",
        {"process": "mine_namibia", "commodity": "namibia_concentrate", "direction": "out", "t_per_t": 1},
        {
            "process": "sep_namibia",
            "commodity": "namibia_concentrate",
            "direction": "in",
            "t_per_t": 100 / 6,
            "yield_share": 0.9,
        },
        *(
            {"process": "sep_namibia", "commodity": c, "direction": "out", "t_per_t": round(t, 4)}
            for c, t in outs.items()
        ),
    )


def append_way_and_projects(folder: Path) -> None:
    """The lane to Japan, and the projects that build mine and separation."""
    append(
        folder,
        "lanes",
        {
            "lane": "na_jp",
            "from_place": "namibia",
            "to_place": "japan",
            "commodity": "namibia_concentrate",
            "cost_usd_per_kg": 1,
        },
    )
    stands = {
        "lead_time_years": 3,
        "ramp": "0.5 1",
        "start_from": 2027,
        "start_to": 2034,
        "open_share": 1,
        "binary": "yes",
    }
    append(
        folder,
        "projects",
        {"project": "x_mine_namibia", "adds_to": "mine_namibia", "size_min_t_per_year": 200,
         "size_max_t_per_year": 2000, "capital_usd_per_t_per_year": 30000, **stands},
        {"project": "x_sep_namibia", "adds_to": "sep_namibia", "size_min_t_per_year": 10,
         "size_max_t_per_year": 120, "capital_usd_per_t_per_year": 300000, **stands},
    )  # fmt: skip


def test_a_new_mine_takes_rows_only(tmp_path: Path) -> None:
    new = api.load(with_a_new_mine(tmp_path / "japan"))
    run = trunk(new, gap=0.005)
    plan = outcome(run)
    assert {"x_mine_namibia", "x_sep_namibia"} <= {choice.id for choice in plan.commitments}
    assert sum(e.value for e in plan.trunk.entries("activity") if e.index[0] == "sep_namibia") > 0
    # a mine more can only help, and the plan that takes it is better than any without it
    assert run.cost < trunk(study(), gap=0.005).bound
    supply = run.table("supply")
    assert supply[(supply.source == "mine_namibia") & (supply.country == "NA")].t.sum() > 0
