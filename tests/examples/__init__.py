"""What the tests of the example cases share: runs, and what holds of any of them."""

import pytest

pytest.register_assert_rewrite(*(f"examples.{name}" for name in ("basis", "flips", "sanity", "signs", "systems")))
