"""Items beside each other, addresses told from words, and files to keep."""

import pytest

from tastemaker.agent import Tastemaker
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.media import MediaFields, media_fields
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.errors import QueryError
from tastemaker.ui.views.comparison import compare_items
from tastemaker.ui.views.export import conversation_json, conversation_markdown

NAMES = ("cover", "page", "note", "genres")


def catalog_of(rows):
    schema = Schema(
        attributes=tuple(
            Attribute(name=name, kind=Kind.TAGS if name == "genres" else Kind.CATEGORY) for name in NAMES
        )
    )
    return Catalog(
        [
            Item(str(n), f"T{n}", {k: v for k, v in zip(NAMES, row, strict=True) if v})
            for n, row in enumerate(rows)
        ],
        schema,
    )


def test_what_differs_comes_first_and_what_nobody_has_is_left_out(film_catalog):
    table = compare_items(film_catalog, ["1", "3"], frozenset({"premise"}))
    assert table.titles == ("Harbour Lights (1994)", "Night Train North (1996)")
    assert table.rows == (
        ("year", ("1994", "1996")),
        ("genres", ("Crime, Thriller", "Thriller")),
        ("director", ("Ada Stone", "Ada Stone")),
    )
    with pytest.raises(QueryError, match="choose 2 to 4"):
        compare_items(film_catalog, ["1", "1"])
    with pytest.raises(QueryError, match="99"):
        compare_items(film_catalog, ["1", "99"])


def test_addresses_are_told_by_what_the_values_are():
    row = ("https://a.example/1.jpg?w=2", "http://b.example/1", "see http://b.example", ("https", "drama"))
    assert media_fields(catalog_of([row] * 5)) == MediaFields("cover", "page", frozenset({"cover", "page"}))
    mostly_words = [row, *[("a", "b", "c", ("d",))] * 4]
    assert media_fields(catalog_of(mostly_words)) == MediaFields()
    hostile = (
        "javascript:alert(1)//a.jpg",
        'https://x.example/"onerror=1.png',
        "data:image/png;base64,x",
        (),
    )
    assert media_fields(catalog_of([hostile] * 3)) == MediaFields()


def test_a_conversation_is_kept_with_titles_and_conditions(film_workspace, tmp_path):
    with Tastemaker(film_workspace, home=tmp_path) as tm:
        session = tm.session(liked=["Paper Moons (1988)"])
        reply = session.send("a thriller, no horror", 2)
        catalog = tm.resources.tool_context.catalog
        told = conversation_json(session, catalog)
        assert told["profile"]["likes"] == [{"id": "4", "title": "Paper Moons (1988)"}]
        assert any("Horror" in said for said in told["profile"]["conditions"])
        assert [one["title"] for one in told["messages"][1]["items"]] == [card.title for card in reply.items]
        text = conversation_markdown(session, catalog)
        assert "**You:** a thriller, no horror" in text
        assert f"1. {reply.items[0].title}" in text
