"""Cases of the kinds of the list that are not on it: each refused at its place, or warned of."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from told import Entry, assert_refused, assert_told, bad, call, content, written

from test_case_sound import SOUND

P, C, Y, K = "places.csv", "currencies.csv", "case.yaml", "contracts.csv"
NUMBERS = [
    "1e400",
    "1e-400",
    "0x10",
    "1_000",
    "１５６",
    "-156.8",
    "1e",
    "1e+",
    "--1",
    "1'000",
    "∞",
    "½",
    "١٢",
    "1e999999999999",
    "0e0",
    "00",
    "0.0",
    "-0",
    "1d3",
    "1f",
    "1L",
    "(5)",
    "$5",
    "5USD",
    "TRUE",
    "#REF!",
    "NULL",
    "𝟙",
    "1.",
    "5.",
    ".e5",
    "nan",
    "-inf",
    "1e13",
    "1e-10",
    ".",
    "+",
    "1..2",
    "1e1.5",
    "５",
    "Infinity",
    "0156",
    "1/2",
    "1:30",
    "=1+1",
    "'5",
    "5'",
    "1;2",
    "‐5",
    "−5",
]
DATES = [
    "2027-02-30",
    "0000-01-01",
    "99999-01-01",
    "2027/01/01",
    "2028-W27-1",
    "20280701",
    "2028-7-1",
    "２０２８-07-01",
    "2028-07-01T00:00",
    "-2028-07-01",
    "01.07.2028",
    "2028-13-01",
    "2028-00-01",
    "2028-07-00",
    "2028-07",
    "soon",
]
WHOLES = ["2027.0", "2e3", "02027", "-2027", "999999999999", "٢٠٢٧", "1e3", "0x7EB", "2027年", "two"]
FLAGS = ["YES", "Yes", "true", "1", "0", "y", "N", "on", "ja", "１"]
IDS = (
    "NO\u200b",
    "NO\u202e",
    "N\u00adO",
    "\ufeffNO",
    "cafe\u0301",
    "japan\u200d",
    "..",
    ".",
    "a\\b",
    "N*",
    "N?",
    "[NO]",
    "a;b",
    "a=b",
    "a\u2028b",
    "a\x85b",
    "a\xa0b",
    "x" * 101,
    "x" * 1000,
    "\ue000",
    "\U0010ffff",
    "a\u180eb",
    "a/b",
    "a b",
)
YAML_VALUES = {
    "base_year: 2026": [
        f"base_year: {value}"
        for value in [
            ".inf",
            ".nan",
            "0x7EA",
            "0o17",
            "2_026",
            "1:30",
            "null",
            "[]",
            "99999",
            "1899",
            "２０２６",
            "yes",
            "-2026",
            "1e400",
            "2199",
            "2026.5",
            "{}",
        ]
    ],
    "from: 2027-01-01": [
        f"from: {value}"
        for value in ["2027-W01-1", "20270101", "2027-01-02", "10000-01-01", "0001-01-01", "２０27-01-01", "2027-1-1"]
    ],
    "name: pencil": [
        f"name: {value}"
        for value in (
            "",
            "~",
            "[a]",
            "true",
            "7",
            '"\\e[31m"',
            '"\\x9b31m"',
            '"a\\0b"',
            "!!str a",
            "!x a",
            "&a x",
            "*a",
            "@x",
            '"\\ud800"',
            '"  "',
        )
    ],
    "importer: [JP]": [
        f"importer: {value}"
        for value in ("JP", "[]", "[JP, JP]", "[jp]", "[{a: 1}]", "[1]", "[null]", "{}", "[JPN]", "['']")
    ],
}
CELLS: dict[str, Entry] = {
    **{
        f"number {x}": bad("currencies.csv:2:5", "in per_usd", (C, "156.8", x))
        for x in NUMBERS
        if x not in ("1.", "5.")
    },
    **{f"date {x}": bad("futures.csv:3:18", "in onset", ("futures.csv", "2028-07-01", x)) for x in DATES},
    **{
        f"day {x}": bad("envelopes.csv:2:9", "", ("envelopes.csv", "capital,2027-01-01", f"capital,{x}")) for x in DATES
    },
    **{f"whole {x}": bad("projects.csv:2:start_from", "", ("projects.csv", "1,2027", f"1,{x}")) for x in WHOLES},
    **{f"flag {x}": bad("elements.csv:2:15", "yes or no", ("elements.csv", "yes", x)) for x in FLAGS},
    **{f"id {x[:20]!a} {len(x)}": bad("places.csv:5:1", "id", (P, "NO,Norway,NO", f"{x},Norway,NO")) for x in IDS},
}
LINES = {
    f"{old.split(':')[0]} {new!a}": bad("case.yaml", "", (Y, old, new))
    for old, news in YAML_VALUES.items()
    for new in news
}
FORMS = {
    "carriage returns alone": bad(
        "places.csv:1:19",
        "U+000D|line ends",
        change=lambda f: (f / P).write_bytes(SOUND[P].replace("\n", "\r").encode()),
    ),
    "UTF-16": bad(P, "UTF-16", change=lambda f: (f / P).write_bytes(SOUND[P].encode("utf-16"))),
    "two marks": bad(
        "places.csv:1:1",
        "a column of this table",
        change=lambda f: (f / P).write_bytes(b"\xef\xbb\xbf" * 2 + SOUND[P].encode()),
    ),
    "random bytes": bad(
        "places.csv:1:1", "UTF-8", change=lambda f: (f / P).write_bytes(b"\x80" + random.Random(1).randbytes(500))
    ),
    "spreadsheet": bad("places.csv:1:6", "0xA4", change=lambda f: (f / P).write_bytes(b"PK\x03\x04\x00\xa4")),
    "overlong UTF-8": bad(
        "places.csv:5:4",
        "byte 0xC0",
        change=lambda f: (f / P).write_bytes(SOUND[P].encode().replace(b"Norway", b"\xc0\xaf")),
    ),
    "surrogate": bad(
        "places.csv:5:4",
        "byte 0xED",
        change=lambda f: (f / P).write_bytes(SOUND[P].encode().replace(b"Norway", b"\xed\xa0\x80")),
    ),
    "C1 control": bad("places.csv:5:4", "U+009B", (P, "Norway", "\x9b31mNorway")),
    "escape": bad("places.csv:5:4", "U+001B", (P, "Norway", "\x1b[31mNorway")),
    "quote not closed": bad("places.csv:5:4", "not closed", (P, "Norway", '"Norway')),
    "line break in quotes": bad("places.csv:5:4", "not closed", (P, "Norway", '"Nor\nway"')),
    "comment first": bad("places.csv:1:1", "'# c'", (P, "place,", "# c\nplace,")),
    "sep line": bad("places.csv:1:1", "'sep='", (P, "place,", "sep=,\nplace,")),
    "empty id in quotes": bad("places.csv:5:1", "a blank cell", (P, "NO,Norway", '"",Norway')),
    "million columns": bad(
        "places.csv:1:1", "a line of", change=lambda f: (f / P).write_text("place,name,country" + ",x" * 10**6)
    ),
    "cell of 4 MB": bad(
        "places.csv:5:1",
        "a line of 4,000,0",
        change=lambda f: (f / P).write_text(SOUND[P].replace("Norway", "x" * 4_000_000)),
    ),
    "folder for a table": bad(
        "demands.csv", "a folder", change=lambda f: ((f / "demands.csv").unlink(), (f / "demands.csv").mkdir())
    ),
    "pipe for a table": bad(
        "demands.csv", "a pipe", change=lambda f: ((f / "demands.csv").unlink(), os.mkfifo(f / "demands.csv"))
    ),
    "pipe for case.yaml": bad(Y, "a pipe", change=lambda f: ((f / Y).unlink(), os.mkfifo(f / Y))),
    "device by a link": bad(
        "demands.csv",
        "leaves the case",
        change=lambda f: ((f / "demands.csv").unlink(), (f / "demands.csv").symlink_to("/dev/zero")),
    ),
    "case.yml": bad(Y, "no such file", change=lambda f: (f / Y).rename(f / "case.yml")),
}
MEANING = {
    "a project that requires itself": bad(
        "projects.csv:3:requires", "circle", ("projects.csv", ",grow\n", ",grow_more\n")
    ),
    "required twice": bad("projects.csv:3:requires", "'grow' twice", ("projects.csv", ",grow\n", ",grow grow\n")),
    "window outside": bad("projects.csv:3:start_from", "2050 to 2060", ("projects.csv", "2028,2029", "2050,2060")),
    "window reversed": bad("projects.csv:3:start_from", "2029|2028", ("projects.csv", "2028,2029", "2029,2028")),
    "ramp above 1": bad("projects.csv:2:ramp", "2", ("projects.csv", "0.3 0.7 1", "2 1")),
    "negative price": bad("contract_items.csv:3:21", "-400", ("contract_items.csv", "400", "-400")),
    "lane that loses all": bad(
        "lanes.csv:2:27",
        "a loss of 1",
        ("lanes.csv", "capacity_t_per_year", "loss_share"),
        ("lanes.csv", "0.2,,", "0.2,1,"),
    ),
    "lane that loses more": bad(
        "lanes.csv:2:27", "1.5", ("lanes.csv", "capacity_t_per_year", "loss_share"), ("lanes.csv", "0.2,,", "0.2,1.5,")
    ),
    "contract of no term": bad(
        "contracts.csv:3:term_years",
        "a term of 0 years",
        (K, "take_or_pay_share", "term_years"),
        (K, "2031-01-01,0.8", "2031-01-01,0"),
    ),
    "Chinese goods in a free class": bad("contracts.csv:2:class", "of China", (K, "china,controlled", "china,free")),
    "weight of 0": bad(
        "futures.csv:3:weight", "a weight of 0", ("futures.csv", "0.75", "1"), ("futures.csv", "0.25", "0")
    ),
    "no trunk": bad("futures.csv:1:20", "without an onset", ("futures.csv", "0.75,,", "0.75,2028-01-01,")),
    "discount above 1": bad("settings.csv:2:value", "above -1 and at most 1", ("settings.csv", "0.04", "4")),
    "discount that explodes": bad("settings.csv:2:value", "a factor of", ("settings.csv", "0.04", "-0.999999999")),
    "growth that explodes": bad(
        "demands.csv:2:growth_share_per_year",
        "from 2026 on",
        ("demands.csv", "t_per_year,value", "t_per_year,growth_share_per_year,value"),
        ("demands.csv", "30,loss", "30,1e6,loss"),
        ("demands.csv", "5,must", "5,0,must"),
    ),
    "event beyond a share": bad(
        "events.csv:2:value", "makes approval_share 1.6", ("events.csv", "set,0,", "multiply,2,")
    ),
    "event by less than nothing": bad("events.csv:3:value", "a multiple of -2.5", ("events.csv", "2.5,6", "-2.5,6")),
    "lever that is no number": bad("levers.csv:3:base", "'nan'", ("levers.csv", "metal,1,", "metal,nan,")),
    "class of one tag twice over": bad(
        "classes.csv:3:tags", "tags of", ("classes.csv", "controlled,", "free2,\ncontrolled,")
    ),
    "measure unknown": bad(
        "calibration.csv:2:7",
        "'shares'|Did you mean share",
        change=lambda f: (f / "calibration.csv").write_text("target,group,name,measure,year\nx,g,n,shares,2028\n"),
    ),
    "setting twice": bad(
        "settings.csv:3:1", "again|line 2", ("settings.csv", "rate\n", "rate\ndiscount_rate,0.05,,\n")
    ),
}
WARNED = {
    "ids that differ by capitals": bad("places.csv:5:1", "'na'|looks like 'NA'", (P, "NO,Norway", "na,Norway")),
    "ids that differ by width": bad("places.csv:5:1", "looks like 'japan'", (P, "NO,Norway", "ｊapan,Norway")),
    "ids of two alphabets": bad("places.csv:5:1", "Cyrillic and Latin", (P, "NO,Norway", "jаpan,Norway")),
    "a table in capitals": bad("LANES.CSV", "Name it lanes.csv", change=lambda f: (f / "LANES.CSV").write_text("x")),
    "a folder named like a table": bad("demand.csv", "demands.csv", change=lambda f: (f / "demand.csv").mkdir()),
    "lead time over the horizon": bad("projects.csv:2:37", "It can never run", ("projects.csv", "30,1.5", "30,40")),
    "unknown tag": bad("classes.csv:3:12", "'china-tech'", ("classes.csv", "china-technology", "china-tech")),
    "stock without a way": bad("stockpiles.csv:2:place", "held at 'NO'", ("stockpiles.csv", "japan,oxide", "NO,oxide")),
    "part of an event gone": bad("events.csv:3:part", "the parts 2", ("events.csv", "embargo,1", "other,1")),
}
REFUSED = {**CELLS, **LINES, **FORMS, **MEANING}


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize("kind", [CELLS, FORMS, MEANING], ids=["cells", "forms", "meaning"])
def test_unlisted_inputs_are_refused_at_their_place(kind: dict[str, Entry], tmp_path: Path, tried) -> None:
    for number, (name, entry) in enumerate(kind.items()):
        folder = written(tmp_path / str(number) / "case", entry)
        before = content(folder.parent)
        try:
            assert_told(call("check", folder, "--out", folder.parent / "none"), folder, entry, "error")
        except AssertionError as error:
            raise AssertionError(f"{name}: {error}") from error
        assert content(folder.parent) == before, name
    tried("bad input", len(kind))


@pytest.mark.verifies("bad input")
def test_unlisted_values_of_yaml_are_refused_on_their_line(tmp_path: Path, tried) -> None:
    for number, (name, entry) in enumerate(LINES.items()):
        folder = written(tmp_path / str(number) / "case", entry)
        result = call("check", folder, "--out", tmp_path / "none")
        line = SOUND[Y].split(entry.edits[0][1])[0].count("\n") + 1
        assert result.exit_code == 2, name
        assert f"{folder / Y}:{line}:" in result.stderr, (name, result.stderr)
        assert "Traceback" not in result.stderr
    tried("bad input", len(LINES))


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize("name", ["cell of 4 MB", "pipe for a table", "weight of 0", "no trunk"])
def test_an_unlisted_input_never_reaches_a_solve(name: str, tmp_path: Path) -> None:
    assert_refused(written(tmp_path / "case", REFUSED[name]), REFUSED[name])


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize("name", list(WARNED))
def test_what_looks_like_a_slip_is_warned_of(name: str, tmp_path: Path) -> None:
    entry = WARNED[name]
    folder = written(tmp_path / "case", entry)
    result = call("check", folder, "--out", tmp_path / "none")
    assert_told(result, folder, Entry(entry.edits, entry.place, entry.says, 0), "warning")


def test_more_than_150_cases_stand_here() -> None:
    assert len(REFUSED) + len(WARNED) > 150
