"""The register of facts holds together, is refused with the place of each fault, and is shown by the command line."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orefolio.cli.facts import facts as facts_command
from orefolio.cli.output import Output
from orefolio.errors import InputError, OrefolioError
from orefolio.facts import FACT_COLUMNS, Fact, Facts, by_subject, load_facts, seeds_folder

SEEDS = Path(__file__).parents[1] / "seeds"
FILES = sorted((SEEDS / "facts").glob("*.csv"))
LINE = re.compile(r"L(\d+)")


@pytest.fixture(scope="module")
def register() -> Facts:
    return load_facts(SEEDS)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SEEDS, tmp_path / "seeds"))


def call(*words: str) -> Result:
    return CliRunner().invoke(facts_command, list(words), obj=Output(as_json="--json" in words))


def order(quantity: float | date) -> float:
    return float(quantity.toordinal()) if isinstance(quantity, date) else quantity


def changed(folder: Path, fact_id: str, **cells: str) -> str:
    """Change cells of one fact; returns the place as a fault prints it, up to the line."""
    for path in (folder / "facts").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
        for number, row in enumerate(rows, start=1):
            if row[0] == fact_id:
                for column, text in cells.items():
                    row[FACT_COLUMNS.index(column)] = text
                with path.open("w", encoding="utf-8", newline="") as stream:
                    csv.writer(stream, lineterminator="\n").writerows(rows)
                return f"seeds/facts/{path.name}:{number}"
    raise AssertionError(fact_id)


def refusal(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_facts(folder)
    return str(caught.value)


# What the register holds.


def test_the_repository_is_read_where_no_copy_is_packaged() -> None:
    assert seeds_folder() == SEEDS


def test_ids_are_unique_and_every_row_is_read(register: Facts) -> None:
    ids = []
    for path in FILES:
        with path.open(encoding="utf-8", newline="") as stream:
            ids += [row["id"] for row in csv.DictReader(stream)]
    assert [fact_id for fact_id, count in Counter(ids).items() if count > 1] == []
    assert list(register) == ids
    assert len(ids) > 1000


def test_a_number_in_use_has_unit_source_and_a_range_around_it(register: Facts) -> None:
    used = [fact for fact in register.values() if fact.used_by != ("none",) and isinstance(fact.value, float)]
    assert len(used) > 800
    for fact in used:
        assert fact.unit not in ("", "text", "date"), fact.id
        assert fact.source, fact.id
        assert isinstance(fact.low, float), fact.id
        assert isinstance(fact.high, float), fact.id
        assert isinstance(fact.value, float)
        assert fact.low <= fact.value <= fact.high, fact.id


def test_every_given_end_of_a_range_is_on_its_side(register: Facts) -> None:
    for fact in register.values():
        for low, high in ((fact.low, fact.value), (fact.value, fact.high)):
            assert low is None or high is None or order(low) <= order(high), fact.id


def test_every_source_is_described(register: Facts) -> None:
    for fact in register.values():
        assert set(fact.source) <= set(register.sources), fact.id
    assert {article.id for article in register.articles.values()} <= set(register.sources)


def test_conflicts_and_facts_name_each_other(register: Facts) -> None:
    for conflict in register.conflicts.values():
        assert conflict.facts, conflict.id
        assert set(conflict.facts) <= set(register), conflict.id
        assert conflict.chosen, conflict.id
        assert conflict.why, conflict.id
    for fact in register.values():
        if fact.conflict:
            assert fact.id in register.conflicts[fact.conflict].facts, fact.id


def test_five_articles_with_a_paragraph_each(register: Facts) -> None:
    assert list(register.articles) == ["A0", "A1", "A2", "A3", "A4"]
    for number, article in enumerate(register.articles.values()):
        assert article.file.startswith(f"00{number}_")
        assert len(article.argues.split()) >= 60
        assert article.title
        assert article.title_english
        assert article.publisher
        assert date.fromisoformat(article.date) <= date(2026, 1, 14)


def test_article_facts_point_at_lines_that_exist(register: Facts) -> None:
    counted = Counter(fact.id[:2] for fact in register.values() if fact.subject.startswith("article_"))
    assert set(counted) == set(register.articles)
    for fact in register.values():
        if not fact.subject.startswith("article_"):
            continue
        lines = [int(found) for found in LINE.findall(fact.locator)]
        assert lines, fact.id
        assert all(1 <= line <= register.articles[fact.id[:2]].lines for line in lines), fact.id
        assert fact.checklist, fact.id
        assert fact.id[:2] in fact.source, fact.id


def test_the_first_reading_is_answered_row_by_row(register: Facts) -> None:
    """Would fail if a row of the checklist were dropped: it numbered 54, 63, 41, 41 and 29 claims."""
    answered = {
        re.sub(r"[a-z]$", "", fact.id)
        for fact in register.values()
        if fact.subject.startswith("article_") and fact.checklist != "new"
    }
    expected = {
        f"A{article}-{number:02d}"
        for article, count in enumerate((54, 63, 41, 41, 29))
        for number in range(1, count + 1)
    }
    assert answered == expected


@pytest.mark.parametrize(
    "fact_id", ["A0-18", "A0-23", "A1-61", "A2-08", "A2-25", "A2-28", "A3-06", "A3-26", "A3-33", "A3-10", "A4-01"]
)
def test_rows_that_the_first_reading_had_wrong_are_marked(register: Facts, fact_id: str) -> None:
    assert register[fact_id].checklist == "differs"


def test_statements_are_short_and_in_latin_letters(register: Facts) -> None:
    """No statement longer than 300 characters; text of an article would bring its characters along."""
    for fact in register.values():
        assert 0 < len(fact.statement) <= 300, fact.id
        assert fact.statement.isascii(), fact.id


def test_reprints_and_blogs_do_not_carry_high_confidence(register: Facts) -> None:
    for fact in register.values():
        kinds = {register.sources[key].kind for key in fact.source} - {"own"}
        assert fact.confidence != "high" or kinds != {"blog"}, fact.id
        assert fact.confidence != "recalled" or "unverified" in fact.statement, fact.id


def test_weights_of_the_futures_sum_to_one(register: Facts) -> None:
    weights = [register[f"S{number:02d}-weight"].number for number in range(13)]
    assert sum(weights) == pytest.approx(1.0, abs=1e-12)


def test_baskets_close_at_a_hundred_or_stay_above_it(register: Facts) -> None:
    """The rest goes to Ho-Lu and nothing is rescaled: only Xunwu, whose list alone is 101.43 %, lies off 100."""
    sums: dict[str, float] = {}
    for fact in register.values():
        if fact.subject == "baskets":
            deposit = fact.id.removeprefix("B-").rpartition("-")[0]
            sums[deposit] = sums.get(deposit, 0.0) + fact.number
    assert len(sums) == 16
    assert sums.pop("xunwu") == pytest.approx(101.43)
    assert all(total == pytest.approx(100.0) for total in sums.values())


def test_decided_prices_are_the_means_they_claim(register: Facts) -> None:
    for decided, row, letters in (("D041", "P076", "abcde"), ("D042", "P078", "bcdef"), ("D043", "P079", "bcdef")):
        years = [register[row + letter].number for letter in letters]
        assert register[decided].number == pytest.approx(sum(years) / 5, abs=0.5)
        assert (register[decided].low, register[decided].high) == (min(years), max(years))


def test_decisions_rest_on_facts_that_exist(register: Facts) -> None:
    decided = [fact for fact in register.values() if fact.subject == "decisions"]
    assert len(decided) > 60
    for fact in decided:
        assert "orefolio" in fact.source, fact.id
        for word in fact.locator.removeprefix("rests on ").split() if fact.locator.startswith("rests on ") else ():
            assert word in register, f"{fact.id}: {word}"


def test_the_seabed_pilot_is_what_its_own_numbers_give(register: Facts) -> None:
    """350 t a day x 330 days x 964 to 5,000 ppm; would fail with the 130 to 700 of the first tables."""
    pilot = register["S09-pilot"]
    assert pilot.low == pytest.approx(350 * 330 * 964e-6, abs=0.5)
    assert pilot.high == pytest.approx(350 * 330 * 5000e-6, abs=0.6)


# What is refused, and where.


def test_a_duplicate_is_refused_with_both_places(copy: Path) -> None:
    place = changed(copy, "P002", id="P001")
    message = refusal(copy)
    assert f"{place}:1: found 'P001' again" in message
    assert f"the first is at {place.rpartition(':')[0]}:2" in message


@pytest.mark.parametrize("text", ["1,5", "60-180", "1e3", "1_000", "nan", "5 t", "５", "007", "1 / 2"])
def test_a_bad_number_is_refused_with_file_line_and_cell(copy: Path, text: str) -> None:
    place = changed(copy, "P014a", value=text)
    assert f"{place}:3: found {text!r}, expected a plain number" in refusal(copy)


def test_every_fault_is_told_at_once(copy: Path) -> None:
    value = changed(copy, "P014a", low="9000")
    unit = changed(copy, "P001", unit="")
    day = changed(copy, "R70-from", value="7 Nov 2025")
    source = changed(copy, "D013", source="orefolo")
    conflict = changed(copy, "D014", conflict="C777")
    message = refusal(copy)
    assert f"{value}:4: found 9000, expected at most the value 5000" in message
    assert f"{unit}:6: found an empty cell, expected a unit" in message
    assert f"{day}:3: found '7 Nov 2025', expected a day as YYYY-MM-DD" in message
    assert f"{source}:7: found 'orefolo', expected a key of sources.csv. Did you mean orefolio?" in message
    assert f"{conflict}:14: found 'C777', expected an id of conflicts.csv" in message


def test_a_number_in_use_needs_its_range(copy: Path) -> None:
    place = changed(copy, "P014a", high="")
    assert f"{place}:5: found an empty cell, expected an end of the range" in refusal(copy)


def test_a_claim_without_value_needs_the_unit_text(copy: Path) -> None:
    place = changed(copy, "P014a", value="", low="", high="")
    assert f"{place}:3: found an empty cell, expected a value" in refusal(copy)


def test_a_conflict_cannot_cite_what_is_not_there(copy: Path) -> None:
    path = copy / "conflicts.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("P014b", "P014x", 1), encoding="utf-8")
    message = refusal(copy)
    assert re.search(r"seeds/conflicts\.csv:\d+:4: found 'P014x' in C22, expected the id of a fact", message)


def test_other_columns_and_short_rows_are_refused(copy: Path) -> None:
    path = copy / "facts" / "macro.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("statement", "claim", 1), encoding="utf-8")
    assert "seeds/facts/macro.csv:1: found the columns id, claim" in refusal(copy)
    path.write_text(text + "P999,too short\n", encoding="utf-8")
    assert f"seeds/facts/macro.csv:{len(text.splitlines()) + 1}: found 2 cells, expected 14" in refusal(copy)


def test_a_broken_or_missing_file_is_a_fault_and_no_traceback(copy: Path) -> None:
    (copy / "articles.yaml").write_text("- id: [A0\n", encoding="utf-8")
    (copy / "sources.csv").unlink()
    message = refusal(copy)
    assert "seeds/articles.yaml:2:1: found a file that cannot be read" in message
    assert "seeds/sources.csv: found a file that cannot be read" in message


def test_an_article_with_other_keys_is_refused(copy: Path) -> None:
    path = copy / "articles.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("  lines: 42", "  lines: many", 1), encoding="utf-8")
    assert "seeds/articles.yaml: found lines 'many', expected a number of lines" in refusal(copy)


# Looking facts up.


def test_a_number_is_asked_for_and_a_sentence_has_none(register: Facts) -> None:
    assert register["P014a"].number == 5000.0
    assert register["R70-to"].value == date(2026, 11, 10)
    with pytest.raises(OrefolioError, match="A2-14 has no number"):
        _ = register["A2-14"].number


def test_unknown_ids_offer_the_nearest(register: Facts) -> None:
    assert register.find("p014A") is register["P014a"]
    assert register.near("P014") == ("P014a", "P014b")
    assert "A2-28" in register.near("A2_28")
    with pytest.raises(InputError, match="The nearest are P014a, P014b"):
        register.find("P014")
    with pytest.raises(KeyError):
        register["P014"]


def test_a_citation_may_name_a_row_whose_numbers_were_parted(register: Facts) -> None:
    assert [fact.id for fact in register.cited("P014")] == ["P014a", "P014b"]
    assert [fact.id for fact in register.cited("P014a")] == ["P014a"]
    assert [fact.id for fact in register.cited("P001")] == ["P001"]
    assert register.cited("P01") == ()


def test_groups_keep_every_fact(register: Facts) -> None:
    groups = by_subject(register.values())
    assert set(groups) == {path.stem for path in FILES}
    assert sum(map(len, groups.values())) == len(register)


# The command.


def test_the_list_has_every_fact_under_its_subject(register: Facts) -> None:
    result = call()
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].split() == ["id", "statement", "value", "unit", "source", "confidence"]
    assert re.search(rf"\[lynas\]\s+{len(by_subject(register.values())['lynas'])} facts", result.stdout)
    shown = {line.split()[0] for line in result.stdout.splitlines() if line.strip()}
    assert set(register) <= shown
    assert f"{len(register)} facts." in result.stdout


def test_one_fact_names_its_article_conflict_and_choice() -> None:
    text = call("A2-28").stdout
    for part in ("10 x", "1.3 to 10", "L74", "002_50eb550d4243e74f.txt", "2025-10-31", "C8", "chosen      10 at base"):
        assert part in text


def test_json_is_one_object_with_schema() -> None:
    whole = json.loads(call("--json").stdout)
    assert whole["schema"] == "orefolio/facts/1"
    assert whole["count"] == len(whole["facts"]) == sum(whole["subjects"].values())
    one = json.loads(call("P014a", "--json").stdout)
    assert one["facts"][0]["value"] == 5000.0
    assert one["facts"][0]["in_force_to"] == "2038-12-31"
    assert list(one["sources"]) == ["L9"]
    assert "P014a" in one["conflicts"]["C22"]["facts"]


def test_rules_are_a_part_of_the_list(register: Facts) -> None:
    result = json.loads(call("--rules", "--json").stdout)
    ids = {fact["id"] for fact in result["facts"]}
    assert {"R61-threshold", "A2-37", "D015"} <= ids
    assert "P001" not in ids
    assert call("P001", "--rules").exit_code == 2


def test_an_unknown_id_ends_with_two_and_the_nearest() -> None:
    result = call("P0145")
    assert isinstance(result.exception, InputError)
    assert result.exception.exit_code == 2
    assert "P014" in str(result.exception)


def test_a_fact_is_frozen(register: Facts) -> None:
    fact: Fact = register["P001"]
    with pytest.raises(AttributeError):
        fact.value = 1.0  # type: ignore[misc]


def test_a_register_without_facts_is_refused(copy: Path) -> None:
    shutil.rmtree(copy / "facts")
    assert "no CSV file, expected one file per subject" in refusal(copy)


def test_cells_that_contradict_each_other_are_refused(copy: Path, register: Facts) -> None:
    sentence = next(fact for fact in register.values() if fact.unit == "text")
    place = changed(copy, sentence.id, value="5")
    assert f"{place}" in refusal(copy)
    assert "an empty cell where the unit is text" in refusal(copy)


def test_a_rule_that_ends_before_it_begins_is_refused(copy: Path, register: Facts) -> None:
    fact = next(iter(register.values()))
    changed(copy, fact.id, in_force_from="2030-01-02", in_force_to="2030-01-01", confidence="hihg")
    text = refusal(copy)
    assert "found 2030-01-01, expected a day from 2030-01-02 on" in text
    assert "expected one of high, medium, low, recalled" in text
    assert "Did you mean high?" in text


def test_a_fact_without_an_id_is_refused(copy: Path, register: Facts) -> None:
    fact = next(iter(register.values()))
    place = changed(copy, fact.id, id="")
    assert place in refusal(copy)
    assert "found an empty id" in refusal(copy)
