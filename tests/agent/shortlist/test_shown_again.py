"""What was shown may come again, but a list is never mostly that."""

import pytest

from tastemaker.agent.shortlist.fusion import Fused
from tastemaker.agent.shortlist.shown_again import leave_room_for_new


def ranked(ids):
    return [Fused(one, 9.0 - place, ()) for place, one in enumerate(ids)]


@pytest.mark.parametrize(
    ("order", "shown", "k", "told"),
    [
        ("abcdefg", "", 5, "abcdefg"),
        ("abcdefg", "bd", 5, "abcdefg"),
        ("abcdefg", "abcd", 5, "abcefdg"[:5] + "dg"),
        ("abcd", "abcd", 5, "abcd"),  # nothing is new
        ("abcde", "abcd", 5, "abced"),
        ("ab", "a", 1, "ab"),
    ],
)
def test_at_most_three_of_five_were_shown_before(order, shown, k, told):
    assert "".join(one.id for one in leave_room_for_new(ranked(order), shown, k)) == told


def test_none_comes_again_where_the_list_had_too_little_of_something():
    assert "".join(one.id for one in leave_room_for_new(ranked("abcdefg"), "abd", 3, 0.0)) == "cefabdg"
