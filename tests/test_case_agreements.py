"""Make-up, tranches and sustained suppliers in a case: what is sound, and each thing that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from orefolio.case.read import load_case
from test_case_bad_input import assert_fault, faults
from test_case_sound import SOUND, write_case

QUOTA = "stake,stake,quota,miners,japan,free,{volume},2027,2029,{due}\n"
COLUMNS = "contract,name,kind,supplier,place,class,volume_max_t_per_year,sign_from,sign_to,take_or_pay_share\n"
SPOT = "spot,spot,spot,traders,china,controlled,,,,\n"
OFFTAKE = "offtake,offtake,offtake,miners,japan,free,20,2027,2029,0.8\n"
ITEMS = SOUND["contract_items.csv"] + "stake,oxide,fixed,300,\n"
SUPPLIERS = "supplier,name,country,alone_share\ntraders,traders,CN,1\nminers,miners,AU,1\n"
CAPACITY = "supplier,commodity,from_year,t_per_year\nminers,oxide,2027,40\n"
TRANCHES = "contract,tranche,payment_musd,right_share,priority,held\n{}"
TWO = "stake,1,50,0.4,yes,no\nstake,2,30,0.2,no,no\n"


def stake(tranches: str = TWO, volume: str = "", due: str = "", kind: str = "quota") -> dict[str, str]:
    """A case with a quota by tranches beside what it buys already."""
    quota = QUOTA.format(volume=volume, due=due).replace(",quota,", f",{kind},")
    return {
        "contracts.csv": COLUMNS + SPOT + OFFTAKE + quota,
        "contract_items.csv": ITEMS,
        "suppliers.csv": SUPPLIERS,
        "supplier_capacity.csv": CAPACITY,
        "tranches.csv": TRANCHES.format(tranches),
    }


def with_column(name: str, *values: str) -> dict[str, str]:
    """The sound contracts with one column more."""
    head, *rows = SOUND["contracts.csv"].splitlines()
    lines = [f"{head},{name}", *(f"{row},{value}" for row, value in zip(rows, values, strict=True))]
    return {"contracts.csv": "\n".join(lines) + "\n"}


WRONG = {
    "make-up of nothing": (with_column("makeup_years", "2", "1"), "contracts.csv:2:makeup_years", ["'spot'"]),
    "a spot market that sustains": (with_column("sustains", "yes", "no"), "contracts.csv:2:sustains", ["'spot'"]),
    "tranches of an offtake": (stake(kind="offtake"), "contracts.csv:4:kind", ["offtake", "quota"]),
    "a volume beside tranches": (stake(volume="30"), "contracts.csv:4:volume_max_t_per_year", ["'stake'", "right"]),
    "a duty beside tranches": (stake(due="0.5"), "contracts.csv:4:take_or_pay_share", ["'stake'", "tranches"]),
    "a tranche without the one before": (
        stake("stake,1,50,0.4,yes,no\nstake,3,30,0.2,no,no\n"), "tranches.csv:3:tranche", ["tranche 3", "tranche 2"],
    ),
    "held out of order": (
        stake("stake,1,50,0.4,yes,no\nstake,2,30,0.2,no,yes\n"), "tranches.csv:3:held", ["tranche 2", "order"],
    ),
    "rights to more than all": (
        stake("stake,1,50,0.7,yes,no\nstake,2,30,0.6,no,no\n"), "tranches.csv:2:right_share", ["1.3", "at most 1"],
    ),
    "a right to what is not known": (
        {**stake(), "supplier_capacity.csv": CAPACITY.replace("miners", "traders")},
        "contract_items.csv:4:commodity", ["'oxide'", "supplier_capacity.csv"],
    ),
    "a supplier without a size that may close": (
        {"suppliers.csv": "supplier,name,country,alone_share\ntraders,traders,CN,0.4\n"},
        "contracts.csv:2:volume_max_t_per_year", ["'spot'", "may close"],
    ),
    "a supplier without a size that an event closes": (
        {"events.csv": SOUND["events.csv"] + "crash,1,suppliers,supplier=traders,alone_share,set,0.4,\n"},
        "contracts.csv:2:volume_max_t_per_year", ["'spot'", "may close"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(WRONG))
def test_one_thing_wrong(name: str, tmp_path: Path) -> None:
    changes, place, words = WRONG[name]
    assert_fault(faults(write_case(tmp_path, changes)), tmp_path, place, *words)


def test_a_quota_by_tranches_is_sound(tmp_path: Path) -> None:
    case = load_case(write_case(tmp_path, stake()))
    row = case.row("tranches", "stake/1")
    assert (row.payment_musd, row.right_share, row.priority, row.held) == (50, 0.4, True, False)


def test_what_is_held_needs_no_window(tmp_path: Path) -> None:
    held = stake(TWO.replace(",no\n", ",yes\n"))
    held["contracts.csv"] = held["contracts.csv"].replace("free,,2027,2029,\n", "free,,,,\n")
    assert load_case(write_case(tmp_path, held)).row("contracts", "stake").sign_to == 0
