"""The ledger: what is read can no longer be posted to, so that no reader misses a term."""

from __future__ import annotations

import pytest

from orefolio.families.ledger import Ledger


def test_an_account_is_closed_by_its_first_reader() -> None:
    ledger = Ledger()
    ledger.post("balance", ("home", 0), 2.0, "x")
    ledger.post("balance", ("home", 0), 0.0, "y")
    assert ledger.read("balance", ("home", 0)) == [(2.0, "x")]
    with pytest.raises(RuntimeError, match="balance was read before this was posted to it"):
        ledger.post("balance", ("home", 1), 1.0, "z")


def test_a_charge_comes_before_what_it_is_part_of() -> None:
    ledger = Ledger()
    ledger.charge("line", 0, 0.25)
    ledger.charge("line", 0, 0.5)
    assert ledger.charged("line", 0) == 0.75
    with pytest.raises(RuntimeError, match="charges were read before this was added to them: line in period 1"):
        ledger.charge("line", 1, 0.5)
