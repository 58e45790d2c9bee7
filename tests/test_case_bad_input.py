"""One small change makes the sound case wrong: the message says where, what was found and what was expected."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orefolio.case.read import load_case
from orefolio.errors import Fault, InputError
from test_case_sound import SOUND, write_case


def faults(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(InputError) as raised:
        load_case(folder)
    assert raised.value.exit_code == 2
    return raised.value.faults


def changed(folder: Path, name: str, old: str, new: str) -> Path:
    assert SOUND[name].count(old) >= 1, f"{old!r} does not stand in {name}"
    return write_case(folder, {name: SOUND[name].replace(old, new, 1)})


def assert_fault(found: tuple[Fault, ...], folder: Path, place: str, *words: str) -> None:
    """One fault stands at the place and has the words. place: file:line:column, or file:line:title of the column."""
    if place.count(":") == 2 and not place.rpartition(":")[2].isdigit():
        place = numbered(folder, place)
    texts = [str(fault) for fault in found]
    there = [text for text in texts if text.startswith(f"{folder / place}: ")]
    assert there, f"no fault at {place}, but: {texts}"
    assert any(all(word in text for word in words) for text in there), f"{words} not in {there}"


def numbered(folder: Path, place: str) -> str:
    """The place with the column's number for its title; the cells before it are not quoted."""
    file, line, title = place.split(":")
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    before = lines[int(line) - 1].split(",")[: lines[0].split(",").index(title)]
    return f"{file}:{line}:{sum(len(cell) + 1 for cell in before) + 1}"


CSV_FORM = {
    "unknown column": ("places.csv", "place,name,country", "place,nmae,country", "places.csv:1:7", ["'nmae'", "name"]),
    "missing column": ("places.csv", ",country\n", "\n", "places.csv:1:11", ["no column 'country'"]),
    "duplicated column": ("places.csv", "name", "place", "places.csv:1:7", ["'place' again"]),
    "mixed case": ("places.csv", "place,", "Place,", "places.csv:1:1", ["'Place'", "'place'", "small letters"]),
    "trailing space": ("places.csv", "name,", "name ,", "places.csv:1:7", ["<space>", "'name'"]),
    "no-break space": ("places.csv", "name,", "name\xa0,", "places.csv:1:7", ["<no-break space>", "'name'"]),
    "nameless column": ("places.csv", "place,name", "place,", "places.csv:1:7", ["without a name"]),
    "short row": ("places.csv", "NO,Norway,NO", "NO,Norway", "places.csv:5:10", ["2 cells", "country"]),
    "long row": (
        "places.csv",
        "NO,Norway,NO",
        "NO,Norway,NO,x",
        "places.csv:5:14",
        ["4 cells", "expected 3", "quotes"],
    ),
    "decimal comma": ("currencies.csv", "156.8", "156,8", "currencies.csv:2:9", ["3 cells", "write 156.8"]),
    "quoted decimal comma": ("currencies.csv", "156.8", '"156,8"', "currencies.csv:2:5", ["'156,8'", "write 156.8"]),
    "repeated key": ("places.csv", "NO,Norway", "NA,Norway", "places.csv:5:1", ["'NA' again", "line 4"]),
    "open quote": ("places.csv", "NO,Norway,NO", 'NO,"Norway,NO', "places.csv:5:4", ["not closed"]),
    "text after quote": ("places.csv", "NO,Norway", 'NO,"Nor"way', "places.csv:5:9", ["after the closing quote"]),
    "control character": ("places.csv", "Norway", "Nor\x07way", "places.csv:5:7", ["U+0007"]),
    "space in an id": ("places.csv", "NO,Norway", "NO ,Norway", "places.csv:5:1", ["space at its edge"]),
    "path as an id": ("places.csv", "NO,Norway", "../../etc/x,Norway", "places.csv:5:1", ["'../../etc/x'", "'/'"]),
    "pattern in an id": ("places.csv", "NO,Norway", "N*,Norway", "places.csv:5:1", ["'N*'"]),
}

COST = ("processes.csv", "50,12,")
NUMBERS = {
    "blank required": ("currencies.csv", "156.8", "", "currencies.csv:2:5", ["a blank cell", "a number"]),
    "nan": ("currencies.csv", "156.8", "nan", "currencies.csv:2:5", ["'nan'"]),
    "inf": ("stockpiles.csv", "free,100", "free,inf", "stockpiles.csv:2:warehouse_t", ["'inf'", "blank"]),
    "1e400": ("stockpiles.csv", "free,100", "free,1e400", "stockpiles.csv:2:warehouse_t", ["1e400", "1e+12"]),
    "1e-400": ("stockpiles.csv", "free,100", "free,1e-400", "stockpiles.csv:2:warehouse_t", ["1e-400", "1e-09"]),
    "hexadecimal": ("currencies.csv", "156.8", "0x10", "currencies.csv:2:5", ["'0x10'"]),
    "underscore": ("currencies.csv", "156.8", "1_000", "currencies.csv:2:5", ["'1_000'", "Write 1000"]),
    "full-width digits": ("currencies.csv", "156.8", "\uff11\uff15\uff16", "currencies.csv:2:5", ["digits 0 to 9"]),
    "leading zero": ("currencies.csv", "156.8", "0156", "currencies.csv:2:5", ["leading zero", "Write 156"]),
    "percent": ("licences.csv", "0.8", "5%", "licences.csv:2:23", ["'5%'", "Write the share: 0.05"]),
    "negative capacity": ("processes.csv", "metal,50", "metal,-50", "processes.csv:2:30", ["-50", "at least 0"]),
    "negative demand": ("demands.csv", "drives,30", "drives,-30", "demands.csv:2:39", ["-30", "at least 0"]),
    "share above 1": (
        "contracts.csv",
        "2031-01-01,0.8",
        "2031-01-01,1.2",
        "contracts.csv:3:take_or_pay_share",
        ["1.2", "0 to 1"],
    ),
    "probability below 0": ("futures.csv", "0.25", "-0.25", "futures.csv:3:13", ["-0.25", "from 0 to 1"]),
    "probability above 1": ("futures.csv", "0.25", "1.25", "futures.csv:3:13", ["1.25", "from 0 to 1"]),
    "weights 1.01": ("futures.csv", "0.25", "0.26", "futures.csv:1:13", ["sum to 1.01", "Add -0.01"]),
    "weights 0.99": ("futures.csv", "0.25", "0.24", "futures.csv:1:13", ["sum to 0.99"]),
    "fraction of a year": (
        "projects.csv",
        "1,2027",
        "1,2027.5",
        "projects.csv:2:start_from",
        ["'2027.5'", "whole number"],
    ),
    "overflow": (
        "projects.csv",
        "1,2027",
        "1,9000000000000000001",
        "projects.csv:2:start_from",
        ["9000000000000000001"],
    ),
    "flag": ("elements.csv", "yes", "TRUE", "elements.csv:2:15", ["'TRUE'", "Write yes"]),
    "choice": ("demands.csv", "30,loss", "30,los", "demands.csv:2:42", ["'los'", "loss or must", "Did you mean loss"]),
    "date": ("futures.csv", "2028-07-01", "2028-02-30", "futures.csv:3:18", ["'2028-02-30'", "calendar"]),
    "date form": ("futures.csv", "2028-07-01", "2028/07/01", "futures.csv:3:18", ["YYYY-MM-DD"]),
    "negative lead time": (
        "projects.csv",
        "30,1.5",
        "30,-1.5",
        "projects.csv:2:lead_time_years",
        ["-1.5", "at least 0"],
    ),
    "word in a ramp": ("projects.csv", "0.3 0.7 1", "0.3 x 1", "projects.csv:2:ramp", ["'x'"]),
    "size ratio": (
        "stockpiles.csv",
        "12,free,100",
        "12,free,100\nb,b,NO,oxide,public,0,free,1e12",
        "stockpiles.csv:3:warehouse_t",
        ["1e+12", "1e+09 times"],
    ),
    "yield 0": ("recipes.csv", "1.2,0.95", "1.2,0", "recipes.csv:2:21", ["a yield of 0", "above 0"]),
    "yield above 1": ("recipes.csv", "1.2,0.95", "1.2,1.05", "recipes.csv:2:21", ["a yield of 1.05", "at most 1"]),
    "negative yield": ("recipes.csv", "1.2,0.95", "1.2,-1", "recipes.csv:2:21", ["-1", "at least 0"]),
    "min above max": ("contracts.csv", "free,5,20", "free,50,20", "contracts.csv:3:43", ["50", "which is 20"]),
    "stock above warehouse": (
        "stockpiles.csv",
        "12,free",
        "120,free",
        "stockpiles.csv:2:initial_t",
        ["120", "warehouse_t"],
    ),
    "take-or-pay without volume": (
        "contracts.csv",
        "free,5,20",
        "free,,",
        "contracts.csv:3:44",
        ["no greatest volume"],
    ),
}

YAML = {
    "syntax": ("case.yaml", "[JP]", "[JP", "case.yaml:5:10", ["YAML", "',' or ']'"]),
    "duplicate key": (
        "case.yaml",
        "grid: yearly\n",
        "grid: yearly\ngrid: half\n",
        "case.yaml:8:1",
        ["'grid' again", "line 7"],
    ),
    "unknown key": ("case.yaml", "base_year", "base_yaer", "case.yaml:5:1", ["'base_yaer'", "base_year"]),
    "python tag": (
        "case.yaml",
        "name: pencil",
        "name: !!python/name:os.system x",
        "case.yaml:2:7",
        ["the tag", "refused"],
    ),
    "anchor": ("case.yaml", "[JP]", "&a [JP]", "case.yaml:4:11", ["&a"]),
    "alias": ("case.yaml", "grid: yearly\n", "grid: *a\n", "case.yaml:7:7", ["*a"]),
    "depth": ("case.yaml", "[JP]", "[" * 3000 + "]" * 3000, "case.yaml:4:30", ["levels"]),
    "list for a map": ("case.yaml", "{from: 2027-01-01, to: 2031-01-01}", "[1]", "case.yaml:6:10", ["a list", "a map"]),
    "text for a list": ("case.yaml", "[JP]", "JP", "case.yaml:4:11", ["'JP'", "a list"]),
    "schema version": ("case.yaml", "orefolio-case/1", "orefolio-case/9", "case.yaml:1:9", ["orefolio-case/1"]),
    "octal": ("case.yaml", "2026", "010", "case.yaml:5:12", ["leading zero", "Write 10"]),
    "year as text": ("case.yaml", "2026", "soon", "case.yaml:5:12", ["'soon'", "a number"]),
    "half a year": ("case.yaml", "2026", "2026.5", "case.yaml:5:12", ["2026.5", "whole"]),
    "number for a name": ("case.yaml", "name: pencil", "name: 7", "case.yaml:2:7", ["quotes: '7'"]),
    "no date": ("case.yaml", "from: 2027-01-01", "from: 2027-13-01", "case.yaml:6:17", ["YYYY-MM-DD"]),
    "horizon backwards": ("case.yaml", "to: 2031", "to: 2021", "case.yaml:6:33", ["after the start"]),
    "unknown grid": ("case.yaml", "grid: yearly", "grid: yaerly", "case.yaml:7:7", ["'yaerly'", "yearly"]),
    "grid too short": (
        "case.yaml",
        "  yearly: [{until: 2031",
        "  yearly: [{until: 2030",
        "case.yaml:9:11",
        ["2031-01-01"],
    ),
    "uneven grid": (
        "case.yaml",
        "months: 12}]\n  half",
        "months: 7}]\n  half",
        "case.yaml:9:40",
        ["7 months", "divisor"],
    ),
    "second document": ("case.yaml", "name: pencil", "---\nname: pencil", "case.yaml:2:1", ["second document"]),
    "bell": ("case.yaml", "A pencil", '"\\a"#', "case.yaml:3:8", ["U+0007"]),
    "importer nowhere": ("case.yaml", "[JP]", "[US]", "case.yaml:4:1", ["'US'", "the country of a place"]),
}

SETTINGS = {
    "discount": ("settings.csv", "0.04", "-1", "settings.csv:2:value", ["discount_rate -1", "above -1"]),
    "risk level": ("settings.csv", "rate\n", "rate\nrisk_level,1,1,\n", "settings.csv:3:value", ["below 1"]),
    "no discount rate": (
        "settings.csv",
        "discount_rate",
        "discount",
        "settings.csv:1:1",
        ["no setting 'discount_rate'"],
    ),
    "no country of a supplier": ("suppliers.csv", ",CN", ",", "suppliers.csv:2:country", ["no country of 'traders'"]),
    "grid too long": (
        "case.yaml",
        "  yearly: [{until: 2031",
        "  yearly: [{until: 2032",
        "case.yaml:9:20",
        ["2032-01-01"],
    ),
}

REFERENCES = {
    "place": ("lanes.csv", "japan", "jpan", "lanes.csv:2:11", ["'jpan'", "places.csv", "japan"]),
    "commodity": ("demands.csv", "metal", "metall", "demands.csv:2:21", ["'metall'", "Did you mean metal"]),
    "licence": ("lanes.csv", ",export", ",exprot", "lanes.csv:2:licence", ["'exprot'", "export"]),
    "class": ("contracts.csv", "controlled", "controled", "contracts.csv:2:class", ["'controled'", "controlled"]),
    "future": ("future_events.csv", "S01", "S99", "future_events.csv:2:1", ["'S99'", "futures.csv"]),
    "event": ("future_events.csv", "embargo", "embargoo", "future_events.csv:2:5", ["'embargoo'", "embargo"]),
    "project that adds to nothing": ("projects.csv", "reduce", "redcue", "projects.csv:2:21", ["'redcue'", "reduce"]),
    "required project": ("projects.csv", ",grow\n", ",gorw\n", "projects.csv:3:requires", ["'gorw'", "grow"]),
    "table of an event": ("events.csv", "licences", "licenses", "events.csv:2:11", ["'licenses'", "licences"]),
    "column of an event": ("events.csv", "approval_share", "aproval_share", "events.csv:2:35", ["'aproval_share'"]),
    "row of an event": ("events.csv", "licence=export", "licence=import", "events.csv:2:20", ["licence=import"]),
    "selector of an event": (
        "events.csv",
        "licence=export",
        "lisence=export",
        "events.csv:2:20",
        ["'lisence'", "licence"],
    ),
    "value of an event": ("events.csv", "set,0,", "set,1.5,", "events.csv:2:54", ["1.5", "0 to 1"]),
    "sum of an event": ("events.csv", "set,0,", "add,0.5,", "events.csv:2:value", ["makes approval_share 1.3"]),
    "lever base": ("levers.csv", "approval,0.8", "approval,0.7", "lever_adjustments.csv:2:1", ["base 0.7", "has 0.8"]),
    "lever not neutral": (
        "levers.csv",
        "metal,1,",
        "metal,2,",
        "lever_adjustments.csv:3:operation",
        ["multiply", "base 1"],
    ),
    "lever end": ("levers.csv", "0.8,0,1,", "0.8,0,2,", "lever_adjustments.csv:2:1", ["licence at 2"]),
    "lever order": ("levers.csv", "0.8,0,1,", "0.8,0.9,1,", "levers.csv:2:22", ["low 0.9", "which is 0.8"]),
    "basis row": ("basis.csv", "licences,export", "licences,exprot", "basis.csv:{last}:10", ["'exprot'", "export"]),
    "lane to itself": ("lanes.csv", "china,japan", "japan,japan", "lanes.csv:2:11", ["itself"]),
    "cyclic stage": ("processes.csv", "japan,metal", "japan,ore", "processes.csv:2:24", ["the stage ore", "metal"]),
    "contract ends first": (
        "contracts.csv",
        "2028-01-01,2031",
        "2028-01-01,2027",
        "contracts.csv:3:last_delivery",
        ["2027-01-01", "after first_delivery"],
    ),
    "contract over": (
        "contracts.csv",
        "2028-01-01,2031-01-01",
        ",2026-01-01",
        "contracts.csv:3:last_delivery",
        ["horizon's start"],
    ),
    "event outside": ("future_events.csv", "2028-07-01", "2035-01-01", "future_events.csv:2:13", ["2035-01-01"]),
    "onset outside": ("futures.csv", "2028-07-01", "2026-07-01", "futures.csv:3:18", ["2026-07-01"]),
    "signed after the horizon": (
        "contracts.csv",
        "2027,2029",
        "2037,2039",
        "contracts.csv:3:sign_from",
        ["2037 to 2039"],
    ),
    "circle": (
        "projects.csv",
        "0.5,capital,",
        "0.5,capital,grow_more",
        "projects.csv:2:requires",
        ["circle", "grow, grow_more"],
    ),
    "no envelope": ("projects.csv", "0.5,capital", "0.5,", "projects.csv:2:envelope", ["public share of 0.5"]),
    "no market": ("contract_items.csv", "index,,china", "index,,", "contract_items.csv:2:19", ["index without market"]),
    "no price": ("prices.csv", "china,oxide,1,0\n", "", "contract_items.csv:2:market", ["no price of 'oxide'"]),
    "element prices left out": (
        "element_prices.csv",
        "china,Dy,324,1\n",
        "",
        "element_prices.csv:2:1",
        ["a header only"],
    ),
    "loss widths": ("loss_steps.csv", "0.7", "0.6", "loss_steps.csv:2:10", ["sum to 0.9"]),
    "loss falls": ("loss_steps.csv", "0.7,2000", "0.7,500", "loss_steps.csv:3:14", ["500", "800", "convex"]),
    "steps with a gap": ("loss_steps.csv", "motors,2", "motors,3", "loss_steps.csv:2:8", ["1 3"]),
    "no loss steps": ("demands.csv", "5,must", "5,loss", "demands.csv:3:1", ["no step for 'tools'"]),
    "outlet prices rise": ("outlets.csv", "0.5", "0.9", "outlets.csv:3:24", ["0.9", "at most 0.8"]),
    "element out of nothing": ("content.csv", "1.15", "1.3", "recipes.csv:3:18", ["1.3 t of Dy", "1.26316", "surplus"]),
    "two main products": (
        "recipes.csv",
        "out,1,1",
        "out,1,1\nreduce,oxide,out,1,1",
        "processes.csv:2:1",
        ["metal, oxide"],
    ),
    "no main product": ("recipes.csv", "out,1,1", "out,0.9,1", "processes.csv:2:1", ["no main product"]),
    "no free class": ("classes.csv", "free,\n", "free,china-content\n", "classes.csv:2:6", ["no class without tags"]),
    "content reaches the threshold": ("processes.csv", "0.0002", "0.001", "processes.csv:2:36", ["threshold, 0.001"]),
    "chain that loses value": (
        "element_prices.csv",
        "324,1",
        "3240,1",
        "processes.csv:2:de_minimis_share",
        ["worth", "of value"],
    ),
    "envelope twice": (
        "envelopes.csv",
        "JPY\n",
        "JPY\ncapital,2028-01-01,more,2029-01-01,1,JPY\n",
        "envelopes.csv:3:9",
        ["shares days"],
    ),
    "no trunk": ("futures.csv", "0.75,,", "0.75,2028-01-01,", "futures.csv:1:20", ["without an onset"]),
}
ONE_CHANGE = {**CSV_FORM, **NUMBERS, **YAML, **SETTINGS, **REFERENCES}


@pytest.mark.parametrize("name", list(ONE_CHANGE))
def test_one_small_change(name: str, tmp_path: Path) -> None:
    file, old, new, place, words = ONE_CHANGE[name]
    place = place.replace("{last}", str(SOUND[file].count("\n")))
    assert_fault(faults(changed(tmp_path, file, old, new)), tmp_path, place, *words)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    folder = write_case(
        tmp_path,
        {
            "case.yaml": SOUND["case.yaml"].replace("grid: yearly\n", "grid: yaerly\n"),
            "currencies.csv": SOUND["currencies.csv"].replace("156.8", "5%"),
            "places.csv": SOUND["places.csv"].replace("name", "Name"),
            "classes.csv": None,
        },
    )
    found = faults(folder)
    assert_fault(found, folder, "case.yaml:7:7", "yaerly")
    assert_fault(found, folder, "currencies.csv:2:5", "5%")
    assert_fault(found, folder, "places.csv:1:7", "'Name'")
    assert_fault(found, folder, "classes.csv", "no such file")
    assert len(found) == 4


def test_wrong_numbers_do_not_hide_wrong_names(tmp_path: Path) -> None:
    folder = write_case(
        tmp_path,
        {
            "currencies.csv": SOUND["currencies.csv"].replace("156.8", "x"),
            "lanes.csv": SOUND["lanes.csv"].replace("china", "chyna"),
        },
    )
    found = faults(folder)
    assert_fault(found, folder, "currencies.csv:2:5", "'x'")
    assert_fault(found, folder, "lanes.csv:2:5", "'chyna'", "china")


def test_twenty_faults_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    rows = "".join(f"c{number},{number}%\n" for number in range(1, 51))
    with pytest.raises(InputError) as raised:
        load_case(write_case(tmp_path, {"currencies.csv": "currency,per_usd\n" + rows}))
    lines = str(raised.value).splitlines()
    assert len(lines) == 21
    assert re.fullmatch(r"and \d+ more", lines[-1])


def test_metal_that_becomes_oxide_again_is_refused(tmp_path: Path) -> None:
    recipes = SOUND["recipes.csv"] + "back,metal,in,1,1\nback,oxide,out,1,1\n"
    processes = SOUND["processes.csv"] + "back,undone,japan,oxide,50,-3,0,no,JP,JP\n"
    found = faults(write_case(tmp_path, {"recipes.csv": recipes, "processes.csv": processes}))
    assert_fault(found, tmp_path, "processes.csv:3:stage", "makes oxide of metal")


def test_content_without_a_price_is_refused(tmp_path: Path) -> None:
    elements = SOUND["elements.csv"] + "Tb,terbium,yes\n"
    content = SOUND["content.csv"] + "oxide,Tb,0.1\n"
    found = faults(write_case(tmp_path, {"elements.csv": elements, "content.csv": content}))
    assert_fault(found, tmp_path, "prices.csv:2:commodity", "no price of 'Tb'")


def test_a_feed_that_nothing_supplies(tmp_path: Path) -> None:
    commodities = SOUND["commodities.csv"] + "slag,slag,scrap,0,yes\n"
    recipes = SOUND["recipes.csv"] + "reduce,slag,in,0.1,1\n"
    found = faults(write_case(tmp_path, {"commodities.csv": commodities, "recipes.csv": recipes}))
    assert_fault(found, tmp_path, "recipes.csv:4:8", "'slag'", "supplied by nothing")


def test_a_wrong_horizon_is_told_once(tmp_path: Path) -> None:
    found = faults(changed(tmp_path, "case.yaml", "to: 2031-01-01", "to: 2031-02-30"))
    assert [str(fault) for fault in found] == [
        f"{tmp_path / 'case.yaml'}:6:33: found a text '2031-02-30', expected a date, YYYY-MM-DD"
    ]
