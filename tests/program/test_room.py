"""Arrays that are lengthened in the room behind them: nothing that was there before ever changes."""

from __future__ import annotations

import numpy as np

from orefolio.program.room import Room


def begun(most: int = 5) -> tuple[Room, np.ndarray]:
    room = Room()
    room.array("cost", most)[:3] = [1.0, 2.0, 3.0]
    return room, room.filled("cost", 3)


def test_an_array_is_lengthened_in_its_room_without_a_copy() -> None:
    room, array = begun()
    longer = room.longer("cost", array, np.array([4.0]))
    assert longer.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert np.shares_memory(longer, array)
    assert np.shares_memory(room.longer("cost", longer, np.array([5.0])), array)


def test_one_that_was_lengthened_already_is_copied_so_that_both_stay_right() -> None:
    """Two programs may grow out of one: would fail if the second wrote over what the first has behind."""
    room, array = begun()
    one = room.longer("cost", array, np.array([4.0, 5.0]))
    other = room.longer("cost", array, np.array([6.0]))
    assert one.tolist() == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert other.tolist() == [1.0, 2.0, 3.0, 6.0]
    assert not np.shares_memory(one, other)


def test_what_is_not_the_array_of_that_name_or_has_no_room_is_copied() -> None:
    room, array = begun(most=3)
    assert room.longer("cost", array, np.array([4.0])).tolist() == [1.0, 2.0, 3.0, 4.0]
    room, array = begun()
    own = array * 2
    assert room.longer("cost", own, np.array([4.0])).tolist() == [2.0, 4.0, 6.0, 4.0]
    assert room.longer("cost", array[1:], np.array([4.0])).tolist() == [2.0, 3.0, 4.0]
    assert room.longer("other", array, np.array([4.0])).tolist() == [1.0, 2.0, 3.0, 4.0]
    assert room.longer("cost", array, np.array([4.0])).tolist() == [1.0, 2.0, 3.0, 4.0]


def test_the_kind_of_number_stays() -> None:
    room = Room()
    starts = np.array([0, 2], dtype=np.int32)
    assert room.longer("starts", starts, np.array([3], dtype=np.int64)).dtype == np.int32
