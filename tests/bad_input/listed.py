"""The list of bad inputs, in its own words and order: what is refused. LISTED counts them."""

from __future__ import annotations

import shutil
from pathlib import Path

from told import Entry, bad

from test_case_sound import SOUND, write_case

P, C, Y, K = "places.csv", "currencies.csv", "case.yaml", "contracts.csv"


def without(name: str):
    return lambda folder: (folder / name).unlink()


def holding(name: str, content: bytes | str):
    return lambda folder: write_case(folder, {name: content})


def linked(target):
    def change(folder: Path) -> None:
        outside = folder.parent / "outside.csv"
        outside.write_text(SOUND[P], encoding="utf-8")
        (folder / P).unlink()
        (folder / P).symlink_to(outside if target == "outside" else folder / P)

    return change


def a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("x", encoding="utf-8")


FILES = {
    "case folder missing": bad("", "nothing there|the folder of a case", change=shutil.rmtree),
    "folder is a file": bad("", "a file|the folder of a case", change=a_file),
    "case.yaml missing": bad(Y, "no such file", change=without(Y)),
    "required CSV missing": bad(P, "no such file", change=without(P)),
    "empty file": bad(P, "an empty file", change=holding(P, "")),
    "header only": bad("places.csv:2:1", "a header only|at least one row", change=holding(P, "place,name,country\n")),
    "header only of a table that may be left out": bad(
        "draws.csv:2:1",
        "a header only|leave the file out",
        change=holding("draws.csv", SOUND["draws.csv"].split("S01")[0]),
    ),
    "non-UTF-8 byte (Shift-JIS name)": bad(
        "places.csv:3:13",
        "byte 0x93 at offset 53",
        change=holding(P, SOUND[P].encode().replace("日本".encode(), b"\x93\xfa")),
    ),
    "NUL byte": bad("places.csv:5:7", "a NUL byte at offset", (P, "Norway", "Nor\0way")),
    "symlink leaving the case": bad(P, "a link that leaves the case folder", change=linked("outside")),
    "symlink loop": bad(P, "leads back to itself", change=linked("loop")),
    "file over the size limit": bad(P, "5,000,001 bytes|at most 5,000,000", change=holding(P, b"x" * 5_000_001)),
}
FORM = {
    "unknown column (nearest name offered)": bad("places.csv:1:7", "'nmae'|Did you mean name?", (P, "name", "nmae")),
    "missing column": bad("places.csv:1:11", "no column 'country'", (P, ",country\n", "\n")),
    "duplicated column": bad("places.csv:1:7", "'place' again", (P, "name", "place")),
    "Mixed-Case header": bad("places.csv:1:1", "'Place'|'place'|small letters", (P, "place,", "Place,")),
    "header with trailing space": bad("places.csv:1:7", "<space>|'name'", (P, "name,", "name ,")),
    "header with NBSP": bad("places.csv:1:7", "<no-break space>|'name'", (P, "name,", "name\xa0,")),
    "short row": bad("places.csv:5:10", "2 cells|3|country", (P, "NO,Norway,NO", "NO,Norway")),
    "long row": bad("places.csv:5:14", "4 cells|3|quotes", (P, "NO,Norway,NO", "NO,Norway,NO,x")),
    "semicolon delimiter": bad("places.csv:1:6", "semicolons|commas", change=holding(P, SOUND[P].replace(",", ";"))),
    "decimal comma `1,5`": bad("currencies.csv:2:9", "3 cells|write 156.8", (C, "156.8", "156,8")),
    "tab file": bad("places.csv:1:6", "tabs|commas", change=holding(P, SOUND[P].replace(",", "\t"))),
    "duplicate key row (give both lines)": bad("places.csv:5:1", "'NA' again|line 4", (P, "NO,Norway", "NA,Norway")),
}
NUMBERS = {
    "blank required": bad("currencies.csv:2:5", "a blank cell", (C, "156.8", "")),
    "`NaN`": bad("currencies.csv:2:5", "'NaN'", (C, "156.8", "NaN")),
    "`inf`": bad("stockpiles.csv:2:warehouse_t", "'inf'", ("stockpiles.csv", "free,100", "free,inf")),
    "`1e308`": bad("currencies.csv:2:5", "1e308|1e+12", (C, "156.8", "1e308")),
    "negative capacity": bad("processes.csv:2:30", "-50|at least 0", ("processes.csv", "metal,50", "metal,-50")),
    "negative demand": bad("demands.csv:2:39", "-30|at least 0", ("demands.csv", "drives,30", "drives,-30")),
    "min > max": bad("contracts.csv:3:43", "50|which is 20", (K, "free,5,20", "free,50,20")),
    "yield 0": bad("recipes.csv:2:21", "a yield of 0", ("recipes.csv", "1.2,0.95", "1.2,0")),
    "yield < 0": bad("recipes.csv:2:21", "-1|at least 0", ("recipes.csv", "1.2,0.95", "1.2,-1")),
    "yield > 1": bad("recipes.csv:2:21", "a yield of 1.05", ("recipes.csv", "1.2,0.95", "1.2,1.05")),
    "probability < 0": bad("futures.csv:3:13", "-0.25", ("futures.csv", "0.25", "-0.25")),
    "probability > 1": bad("futures.csv:3:13", "1.25", ("futures.csv", "0.25", "1.25")),
    "probabilities sum 0.99": bad("futures.csv:1:13", "sum to 0.99", ("futures.csv", "0.25", "0.24")),
    "probabilities sum 1.01": bad("futures.csv:1:13", "sum to 1.01", ("futures.csv", "0.25", "0.26")),
    "probabilities past the tolerance of 1e-9": bad(
        "futures.csv:1:13", "sum to", ("futures.csv", "0.25", "0.250000002")
    ),
    "discount <= -1": bad("settings.csv:2:value", "discount_rate -1|above -1", ("settings.csv", "0.04", "-1")),
    "integer field 2.5": bad("projects.csv:2:start_from", "'2027.5'", ("projects.csv", "1,2027", "1,2027.5")),
    "9e18+1 overflow": bad(
        "projects.csv:2:start_from", "9000000000000000001", ("projects.csv", "1,2027", "1,9000000000000000001")
    ),
    "percent `5%`": bad("licences.csv:2:23", "'5%'|0.05", ("licences.csv", "0.8", "5%")),
    "range ratio > 1e9 inside a family": bad(
        "demands.csv:2:39", "1e+09 times", ("demands.csv", "drives,30", "drives,1e11")
    ),
    "take-or-pay > 100 %": bad(
        "contracts.csv:3:take_or_pay_share", "1.2|0 to 1", (K, "2031-01-01,0.8", "2031-01-01,1.2")
    ),
}
YAML = {
    "syntax error with line:col": bad("case.yaml:5:10", "YAML", (Y, "[JP]", "[JP")),
    "duplicate key": bad("case.yaml:8:1", "'grid' again|line 7", (Y, "grid: yearly\n", "grid: yearly\ngrid: half\n")),
    "unknown key": bad("case.yaml:5:1", "'base_yaer'|base_year", (Y, "base_year", "base_yaer")),
    "!!python tag": bad("case.yaml:2:7", "the tag|refused", (Y, "name: pencil", "name: !!python/name:os.system x")),
    "alias bomb": bad(
        "case.yaml:1:4",
        "the anchor &a",
        change=holding(Y, "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(50))),
    ),
    "depth 3000": bad("case.yaml:4:30", "levels", (Y, "[JP]", "[" * 3000 + "]" * 3000)),
    "list where map expected": bad("case.yaml:6:10", "a list|a map", (Y, "{from: 2027-01-01, to: 2031-01-01}", "[1]")),
    "unknown schema version": bad("case.yaml:1:9", "orefolio-case/1", (Y, "orefolio-case/1", "orefolio-case/9")),
}
LOOP = (
    ("processes.csv", "metal,50,12,0.0002", "metal,50,-3,0"),
    ("commodities.csv", "oxide,dys", "swarf,swarf,scrap,0,yes\noxide,dys"),
    ("recipes.csv", "reduce,metal,out,1,1\n", "reduce,metal,out,1,1\nreduce,swarf,out,0.1,1\nreduce,swarf,in,0.1,1\n"),
)
UNTAGGED = (
    ("demands.csv", "t_per_year,value", "t_per_year,refuses_tagged,value"),
    ("demands.csv", "30,loss", "30,no,loss"),
    ("demands.csv", "5,must", "5,yes,must"),
    ("processes.csv", "no,JP,JP", "no,JP,CN"),
)
MEANING = {
    "unknown node": bad("lanes.csv:2:11", "'jpan'|japan", ("lanes.csv", "japan", "jpan")),
    "unknown item": bad("demands.csv:2:21", "'metall'|Did you mean metal?", ("demands.csv", "metal", "metall")),
    "unknown scenario": bad("future_events.csv:2:1", "'S99'|futures.csv", ("future_events.csv", "S01", "S99")),
    "unknown override row": bad("lever_adjustments.csv:2:18", "licence=x", ("lever_adjustments.csv", "=export", "=x")),
    "arc from a node to itself": bad(
        "lanes.csv:2:11", "itself|two places", ("lanes.csv", "china,japan", "japan,japan")
    ),
    "cyclic stage (metal -> oxide) outside a declared recycling loop": bad(
        "processes.csv:3:17",
        "makes oxide of metal|scrap",
        ("processes.csv", "no,JP,JP\n", "no,JP,JP\nback,back,japan,oxide,5,1,0,no,JP,JP\n"),
        ("recipes.csv", "out,1,1\n", "out,1,1\nback,metal,in,1,1\nback,oxide,out,1,1\n"),
    ),
    "item consumed but never supplied": bad(
        "recipes.csv:2:8",
        "'slag'|supplied by nothing",
        ("commodities.csv", "oxide,dys", "slag,slag,scrap,0,yes\noxide,dys"),
        ("recipes.csv", "reduce,oxide", "reduce,slag,in,0.1,1\nreduce,oxide"),
    ),
    "contract ending before it starts": bad(
        "contracts.csv:3:last_delivery", "2027-01-01|after first_delivery", (K, "2028-01-01,2031", "2028-01-01,2027")
    ),
    "date out of horizon": bad("futures.csv:3:18", "2026-07-01", ("futures.csv", "2028-07-01", "2026-07-01")),
    "lead time < 0": bad("projects.csv:2:37", "-1.5|at least 0", ("projects.csv", "30,1.5", "30,-1.5")),
    "disruption outside horizon": bad(
        "future_events.csv:2:13", "2035", ("future_events.csv", "2028-07-01", "2035-01-01")
    ),
    "stock initial > max": bad(
        "stockpiles.csv:2:initial_t", "120|warehouse_t", ("stockpiles.csv", "12,free", "120,free")
    ),
    "origin unset where a content rule applies": bad(
        "suppliers.csv:2:country", "no country of 'traders'", ("suppliers.csv", "traders,CN", "traders,")
    ),
    "content rule impossible": bad("demands.csv:3:1", "no source that reaches 'tools'|5 t a year", *UNTAGGED, code=4),
    "a demand no source can reach, where a least service forbids it": bad(
        "demands.csv:3:1",
        "(metal at NO)|in any period|5 t a year are missing",
        ("demands.csv", "tools,japan", "tools,NO"),
        code=4,
    ),
    "unbounded (negative cost, no cap)": bad("processes.csv:2:33", "-3 a kilogram|in a loop", *LOOP, code=4),
}
INJECTED = {
    "`../../etc/x` as id": bad("places.csv:5:1", "'../../etc/x'|'/'", (P, "NO,Norway", "../../etc/x,Norway")),
    "`=cmd|'/c calc'!A1` as id": bad(
        "places.csv:5:1", "an id without blanks", (P, "NO,Norway", "=cmd|'/c calc'!A1,Norway")
    ),
}
LISTED: dict[str, Entry] = {**FILES, **FORM, **NUMBERS, **YAML, **MEANING, **INJECTED}
