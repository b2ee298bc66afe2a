"""Where a value is known from can be seen on the page and in the terminal."""

import json
import sys

import pytest

from tastemaker.agent import TasteProfile
from tastemaker.agent.events import Card
from tastemaker.retrieval.catalog.computed_attributes import with_computed
from tastemaker.retrieval.filters.where_parser import parse_where
from tastemaker.ui.cli.main import main
from tastemaker.ui.web.cards import CardFaces
from tastemaker.ui.web.condition_form import _form
from tastemaker.ui.web.profile_panel import profile_panel


@pytest.fixture
def catalog(faceted_catalog, film_log):
    return with_computed(faceted_catalog, film_log)


def test_a_card_hedges_and_its_details_mark_each_value(catalog):
    item = catalog["1"]
    attributes = {**item.as_dict()["attributes"], "gone": 3}
    card = Card(id="1", title=item.title, attributes=attributes, reason="So.", score=1.0, sources=())
    shut, whole = (CardFaces(catalog).face(card, 1, "", opened) for opened in (False, True))
    assert "<li>probably fine from age 7</li><li>about 80 min</li>" in shut
    assert "family" not in shut
    assert "<dt>violence</dt>" in whole
    assert 'none (0 of 2) <span class="tm-mark">inferred</span>' in whole
    assert '8 people <span class="tm-mark">computed</span>' in whole
    assert '<dd dir="auto">1994</dd>' in whole
    assert '<dd dir="auto">3</dd>' in whole


def test_conditions_are_offered_and_kept_with_their_mark(catalog):
    form = _form(catalog)
    assert '<option value="runtime">runtime (inferred)</option>' in form
    assert '<option value="year">year</option>' in form
    condition = parse_where("runtime at most 100", catalog.schema)
    panel = profile_panel(TasteProfile(constraints=(condition,)), catalog)
    assert "runtime at most 100 min (inferred)" in panel
    assert 'data-value="runtime at most 100"' in panel


def test_search_in_the_terminal_names_the_value_that_met_the_condition(
    monkeypatch, capsys, faceted_workspace
):
    def run(*where):
        words = ["tastemaker", "search", "-w", str(faceted_workspace.path), "florists", "-k", "1"]
        monkeypatch.setattr(sys, "argv", [*words, "--where", *where])
        with pytest.raises(SystemExit):
            main()
        return capsys.readouterr().out

    where = "runtime at most 100 and year after 1980"
    assert "runtime about 95 min (inferred)" in run(where)
    matched = json.loads(run(where, "--json"))["items"][0]["matched"]
    assert {
        "field": "runtime",
        "values": ["about 95 min"],
        "cosine": None,
        "provenance": "inferred",
    } in matched
    assert "“runtime at most 10” (inferred)" in run("runtime at most 10")
