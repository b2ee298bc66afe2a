"""The menus for effort, variety and model: only those that make a difference, and only what they offer is taken."""

import re

import pytest

from tastemaker.agent.memory.manner import Manner
from tastemaker.ui.web.manner_panel import chosen_manner, manner_panel

SEVERAL = ("http://host/v1#<big>", "local", "rules")


@pytest.mark.parametrize(
    ("models", "manner", "menus", "chosen"),
    [
        (("rules",), Manner(), ["variety"], ["0"]),
        (("local", "rules"), Manner(diversity=0.8), ["effort", "variety"], ["balanced", "0.8"]),
        (SEVERAL, Manner(model="local"), ["effort", "variety", "model"], ["balanced", "0", "local"]),
        (SEVERAL, Manner(model="rules"), ["variety", "model"], ["0", "rules"]),
    ],
)
def test_menus_are_those_that_make_a_difference(models, manner, menus, chosen):
    drawn = str(manner_panel(manner, "balanced", models))
    assert re.findall(r'data-act="(\w+)"', drawn) == menus
    assert re.findall(r'value="([^"]*)" selected', drawn) == chosen
    assert "<big>" not in drawn


def test_what_no_menu_offers_changes_nothing():
    manner = Manner()
    for act, value in (
        ("effort", "huge"),
        ("variety", "7"),
        ("variety", "x"),
        ("model", "evil"),
        ("other", "1"),
    ):
        assert chosen_manner(manner, act, value, SEVERAL) == manner
    assert chosen_manner(manner, "model", "local", SEVERAL).model == "local"
    assert chosen_manner(manner, "variety", "0.9", SEVERAL).diversity == 0.9
