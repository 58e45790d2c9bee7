"""What each column of a run's tables holds: text, whole numbers or numbers, in which unit, and what it says."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["text", "whole", "number"]
MUSD = "million USD"
SHARE = "1"


class Field(NamedTuple):
    """A column. unit: blank where there is none; its name without the unit is `title`."""

    kind: Kind
    unit: str
    meaning: str


def _texts(**meanings: str) -> dict[str, Field]:
    return {name.rstrip("_"): Field("text", "", meaning) for name, meaning in meanings.items()}


def _whole(unit: str, **meanings: str) -> dict[str, Field]:
    return {name: Field("whole", unit, meaning) for name, meaning in meanings.items()}


def _numbers(unit: str, **meanings: str) -> dict[str, Field]:
    return {name: Field("number", unit, meaning) for name, meaning in meanings.items()}


FIELDS: dict[str, Field] = {
    **_texts(
        abandoned="month in which it is given up",
        accounting="lots kept apart, or mass balance",
        adds_to="process whose capacity it raises",
        basis="facts, assumption, or nothing",
        branch="futures that share the node: every future, the trunk, or their ids",
        class_="class of material by its tags",
        column="column of the case's table",
        committed="month of the commitment",
        commodities="ids of what is bought",
        commodity="material in a form that is traded",
        contract="id of the contract",
        country="country, two letters",
        date="month of the decision",
        decided="month of the decision",
        demand="id of the demand",
        derivation="how the number follows",
        detail="class, commodity or step",
        element="element or group of elements, or a sum of them",
        enters_chain="whether the material is new to the chain: yes or no",
        envelope="id of the envelope of public money",
        equipment_origin="country of its equipment, two letters",
        facts="ids of facts in the register",
        family="family of rows, or variable",
        first_delivery="month of the first delivery",
        from_="month in which the segment begins",
        from_date="first day of the span",
        future="id of the future, or a summary over the futures",
        futures="ids of the futures in which it holds",
        how="taken, rotated or expired",
        id="id in the case",
        importer="country that imports, two letters",
        instrument="instrument of public support",
        item="process, contract, lane, scrap, demand or place",
        kind="what sort of thing the row tells of",
        largest_country="country with the largest share",
        largest_in="future in which the outlay is largest",
        latest_date="latest month at which it would still be of use",
        material="what the line is kept for",
        met="whether the limit is kept",
        name="name as people say it",
        onset="day on which the future parts from the trunk",
        owner="who owns the stock",
        part="part of the whole that the row tells of",
        period="period of the grid",
        place="id of the place",
        planned="whether the plan is made by this accounting: yes or no",
        price_rule="how the price is set",
        process="id of the process",
        programme="id of the programme",
        project="id of the project",
        row="row of the case's table",
        rule="id of the rule",
        sector="sector of the demand",
        signed="month of the signature",
        size_class="class of size of the project",
        source="id of the source",
        stage="stage of the chain, or all stages",
        started="month of the start",
        state="stands, mothballed or closed",
        status="what became of it in the plan",
        stockpile="id of the stockpile",
        supplier="who sells",
        table="table of the case",
        technology_origin="country of its technology, two letters",
        to_date="day after the last of the span",
        unit="unit of the row's numbers",
        until="month at whose start it is counted or ends",
        variable="variable of the program",
        what="matrix, side, cost or bound",
        within="whether the limit is kept",
    ),
    **_whole("", countries="countries with a share", level="level of the programme", node="node of the tree"),
    **_whole("", count="rows or columns of the family", nonzeros="numbers that are not nought"),
    **_whole("year", year="calendar year"),
    **_numbers(
        "",
        limit="most or least that is allowed, in the row's unit",
        size="how much is committed, in the row's unit",
        value="the figure, in the row's unit",
        smallest="smallest absolute size",
        largest="largest absolute size",
    ),
    **_numbers(
        SHARE,
        declared_share="share that is declared",
        herfindahl_index="sum of the squares of the shares",
        high_multiple="high end of the range over the value",
        increment_share="part of the effect that this level adds",
        largest_share="share of the largest country",
        low_multiple="low end of the range over the value",
        probability="probability of the futures of the row",
        public_share="part of the capital that is public",
        share="part of the whole",
        threshold_share="share that the rule allows",
        used_share="part of the amount that is used",
        wear_left_share="part of the first day's capacity that is left, mean over the period",
    ),
    **_numbers(
        MUSD,
        amount_musd="what the envelope holds",
        capital_musd="capital",
        cost_musd="cost, discounted",
        extra_cost_musd="cost over that of the trunk's own continuation, discounted",
        left_musd="what is left of the amount",
        loss_musd="loss by what goes short, not discounted",
        npv_least_musd="net present value in the future where it is least",
        npv_musd="net present value at the start, expected",
        outlay_largest_musd="public outlay in the future where it is largest, discounted",
        outlay_musd="public outlay, expected and discounted",
        prepayment_musd="prepayment",
        public_musd="public money",
        short_musd="loss by what goes short, not discounted",
        up_front_musd="cost at the decision",
        used_musd="what is used of the amount",
    ),
    **_numbers(f"{MUSD}/year", annual_musd_per_year="cost of each year"),
    **_numbers(
        "t",
        added_t="put into the stockpile",
        bought_expected_t="bought, expected over all futures",
        delivered_t="delivered",
        made_up_expected_t="bought later for what was left, expected over all futures",
        paid_unused_expected_t="paid and not taken, expected over all futures",
        released_public_t="left public stockpiles",
        released_t="left stockpiles",
        reserve_left_t="what is left to be dug",
        rotated_t="rotated to the market",
        short_on_trunk_t="short before the future parts from the trunk",
        short_t="short of what is wanted",
        stock_t="lies in the stockpile",
        t="tonnes",
        taken_t="taken for use",
    ),
    **_numbers(
        "t/year",
        able_t_per_year="what people can run of the plant",
        size_t_per_year="size that is committed",
        volume_t_per_year="volume that is signed",
    ),
    **_numbers("years", lead_time_years="time from the commitment to the effect"),
    **_numbers("days", days_of_cover="days of demand that the stock covers"),
    **_numbers("USD/t", usd_per_t="what one more tonne is worth, in money of its own time"),
}

ENDINGS = ("_musd_per_year", "_t_per_year", "_usd_per_t", "_musd", "_years", "_t")
"""What a column's name says of its unit, the longest first."""


def field_of(column: str, recorded: str) -> Field:
    """What a column holds. recorded: `text` or `number`, as run.json has it, for a column that is not known here."""
    return FIELDS.get(column) or Field("number" if recorded == "number" else "text", "", "")


def title(column: str) -> str:
    """A column's heading for people: its name in words, and its unit in brackets: `cost (million USD)`."""
    unit = FIELDS[column].unit if column in FIELDS else ""
    ending = next((ending for ending in ENDINGS if unit and column.endswith(ending)), "")
    words = column.removesuffix(ending).replace("_", " ")
    return f"{words} ({unit})" if unit not in ("", SHARE, "year") else words
