"""What people type into a search is read as the chat reads it."""

import pytest

from tastemaker.agent.turn.text_search import TextSearch
from tastemaker.retrieval.search.request import Search


@pytest.fixture(scope="module")
def search(faceted_workspace):
    context = faceted_workspace.search_context()
    find = TextSearch(context)
    yield lambda text, **more: find.search(Search(text, **more))
    context.index.close()


def test_what_is_said_outright_is_required_and_told(search):
    found = search("something funny, shorter than 120 minutes", k=12)
    assert {hit.id for hit in found.result.hits} == set("123456789")  # the others take longer
    told = " ".join(found.result.notes)
    assert "Required: runtime at most 120 min (inferred)." in told
    assert "moods any of funny (inferred)" in told


def test_conditions_given_beside_the_text_hold_too(search):
    found = search("shorter than 100 minutes", where="year before 1960", k=12)
    assert found.result.hits
    assert all("(195" in hit.title or "(194" in hit.title for hit in found.result.hits)


def test_a_title_typed_by_itself_is_looked_for(search):
    found = search("The Long Verdict")
    assert found.result.hits[0].title == "The Long Verdict (1957)"
    assert found.read.is_plain


def test_a_title_compared_with_is_no_hit_and_gives_the_measure(search):
    found = search("less violent than Grave Company", k=12)
    assert "Grave Company (1995)" not in {hit.title for hit in found.result.hits}
    assert {"Compared: less violence.", "Like: Grave Company (1995)."} <= set(found.result.notes)


def test_the_extreme_of_an_attribute_comes_first(search):
    found = search("the shortest comedy", k=2)
    assert [hit.id for hit in found.result.hits] == ["4", "9"]
    assert "In order of: runtime, the lowest first." in found.result.notes


def test_what_no_attribute_holds_is_said_and_not_searched_for(search):
    found = search("something on netflix")
    assert found.read.unknown
    assert found.result.hits
    assert any("Not known here" in note for note in found.result.notes)
