"""Ranking by what people would ask for items by, through a workspace that was built with it."""

import numpy as np
import pytest

from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.tools.asked import ask_nearness, ask_words, clauses_of
from tastemaker.tools.suit import SuitWeights, Wanted, suit, suit_parts, text_trust
from tastemaker.tools.workspace.workspace import Workspace

WISH = "a lonely robot, and a whale that sings"


@pytest.fixture(scope="module")
def asks(film_catalog):
    return {
        film_catalog.ids[7]: ("lonely robot in the rain", "the one where a whale sings"),
        "gone": ("no such item",),
    }


@pytest.fixture(scope="module")
def workspace(tmp_path_factory, build_films, asks):
    return build_films(tmp_path_factory.mktemp("asks") / "films", asks=asks)


@pytest.fixture(scope="module")
def context(workspace):
    opened = workspace.search_context()
    yield opened
    opened.index.close()


def test_asks_lift_the_item_that_people_would_ask_for_so_and_without_any_all_is_as_before(
    context, film_workspace
):
    wanted = Wanted(texts=[(WISH, 1.0)])
    mute = suit_parts(context, wanted, SuitWeights(asked=0, asked_words=0))
    lift = suit_parts(context, wanted)["words"] - mute["words"]
    assert lift.argmax() == 7
    # All of its telling words, and both clauses; these few made-up vectors are near to nothing.
    assert lift[7] > 2.5 * text_trust(context, wanted.texts)
    assert suit(context, wanted, k=12).shares[context.catalog.ids[7]]["words"] > 0.5
    without = film_workspace.search_context()
    np.testing.assert_allclose(suit_parts(without, wanted)["words"], mute["words"], atol=1e-6)
    assert without.asks is None
    assert not ask_nearness(without, WISH).any()
    assert not ask_words(without, WISH).any()
    without.index.close()


def test_a_text_near_to_nothing_counts_less_than_one_that_an_item_is_near_to(context):
    row = context.catalog.ids[7]
    telling = " ".join(str(value) for value in context.catalog[row].attributes.values())
    far, near = (text_trust(context, [(text, 1.0)]) for text in ("qqq zzz www", telling))
    assert 0.3 <= far < near <= 1.0


def test_each_clause_counts_and_what_was_measured_is_kept(context):
    text = "something with a whale; a robot"
    assert clauses_of(context, [text]) == ["a whale", "a robot"]  # "something" tells nothing
    near = ask_nearness(context, text)
    assert near.argmax() == 7
    assert ask_nearness(context, text) is near
    assert clauses_of(context, [text]) == []
    assert not ask_nearness(context, "?!").any()


def test_asks_are_kept_with_the_version_and_checked(tmp_path, film_catalog, build_films, asks):
    path, said = tmp_path / "films", []
    made = build_films(path, said, asks=asks)
    assert "asks: 2 embedded, 0 kept" in said
    assert {"asks.jsonl", "index/asks.npz"} <= set(made.manifest.files)
    assert made.built_asks == {film_catalog.ids[7]: asks[film_catalog.ids[7]]}
    build_films(path, said, asks=asks)
    assert "up to date" in said[-1]
    more = {**asks, film_catalog.ids[3]: ("a storm at sea",)}
    build_films(path, said, asks=more)
    assert "asks: 1 embedded, 2 kept" in said
    (Workspace.open(path).folder / "asks.jsonl").write_text('{"item_id": 1}\n', encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"asks\.jsonl"):
        _ = Workspace.open(path).built_asks
    assert build_films(path, said, asks=None).asks is None
