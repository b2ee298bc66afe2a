"""What a caller may send: half characters, long lists, long texts, ids of any letters; answered or refused quickly."""

import json
import time

import pytest

from tastemaker.agent.exported_tools import ExportedTools
from tastemaker.retrieval.errors import QueryError, TastemakerError

HALF = "a thriller \ud83d please"


def test_half_a_character_in_a_message_is_answered_and_stored(tm):
    session = tm.session()
    assert session.send(HALF).items
    (said,) = [m["text"] for m in session.messages if m["role"] == "user"]
    assert said == "a thriller \ufffd please"
    assert [event.kind for _, event in session.trace.read()][-1] == "done"
    session.send("a joined \ud83d\ude00 face")
    assert "\U0001f600" in session.messages[-2]["text"]
    session.erase()


@pytest.mark.parametrize("name", ["recommend", "search", "inspect", "profile"])
def test_half_a_character_in_any_argument_of_a_tool_is_no_bug(tm, name):
    tools = {tool.name: tool for tool in tm.tools()}
    texts = [one for one, shape in tools[name].args.items() if shape.get("type") == "string"]
    for text in texts:
        arguments = {"message": "a drama", text: HALF} if name == "recommend" else {text: HALF}
        json.dumps(tools[name].invoke(arguments))
    if name == "recommend":
        assert "not in the catalogue" in tools[name].invoke({"message": "a drama", "liked": [HALF]})


def test_thousands_of_titles_take_one_edit(tm, film_catalog):
    titles = [item.title for item in film_catalog] * 420
    started = time.perf_counter()
    session = tm.session(liked=titles)
    assert time.perf_counter() - started < 5
    assert len(session.profile.likes) == len(film_catalog)
    assert len(session.profile.likes) == len(set(session.profile.likes))
    session.undo()
    assert session.profile.likes == ()
    session.erase()


def test_long_lists_and_texts_are_refused_by_the_tools_and_say_how_much_is_taken(tm):
    tools = ExportedTools(tm)
    with pytest.raises(TastemakerError, match="at most 100"):
        tools.recommend("a drama", liked=["Star Ferry (1982)"] * 101)
    started = time.perf_counter()
    for call in (
        lambda: tools.search("a " * 10_000_000),
        lambda: tools.search(where="a " * 10_000_000),
        lambda: tools.search(like="a " * 10_000_000),
        lambda: tools.inspect("a " * 10_000_000),
        lambda: tools.recommend("a " * 10_000_000),
        lambda: tm.session(liked=["a " * 10_000_000]),
        lambda: tm.session("a" * 10_000_000),
        lambda: tm.person("a" * 10_000_000),
    ):
        with pytest.raises(TastemakerError) as refused:
            call()
        assert len(str(refused.value)) < 300
    assert time.perf_counter() - started < 5


def test_a_search_text_of_twenty_megabytes_is_cut_and_says_so(film_workspace):
    from tastemaker.retrieval.search.request import Search

    retriever = film_workspace.retriever()
    started = time.perf_counter()
    found = retriever.search(Search("a jury argues " * 1_500_000))
    assert time.perf_counter() - started < 3
    assert found.hits[0].title == "The Long Verdict (1957)"
    assert any("21,000,000 characters" in note for note in found.notes)
    retriever.ways.index.close()


def test_an_id_names_a_file_whatever_its_letters(tm):
    with pytest.raises(QueryError, match="200 bytes"):
        tm.session("\U00020000" * 64)
    session = tm.session("\U00020000" * 50)
    assert session.send("a drama").items
    session.erase()


def test_no_session_id_shares_a_lock_with_a_person(tm):
    session = tm.session("person-ann", person="ann")
    started = time.perf_counter()
    session.like("1")
    tm.session("person", person="ann").like("2")
    assert time.perf_counter() - started < 5
    assert tm.person("ann").taste.likes == ("1", "2")
    tm.person("ann").erase()
