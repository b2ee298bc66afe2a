import json

import numpy as np
import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.retrieval.index.lexical_index import LexicalIndex
from tastemaker.retrieval.text.tokens import tokens

SCHEMA = Schema(
    attributes=(
        Attribute(name="cast", kind=Kind.TAGS),
        Attribute(name="year", kind=Kind.NUMBER),
        Attribute(name="plot", kind=Kind.TEXT),
    )
)
ITEMS = [
    Item(
        "a", "Amélie", {"cast": ("Audrey Tautou",), "year": 2001, "plot": "A waitress helps her neighbours."}
    ),
    Item("b", "七人の侍", {"cast": ("Toshirō Mifune",), "year": 1954, "plot": "Farmers hire swordsmen."}),
    Item("c", "The Waitress", {"plot": "Pies."}),
]


@pytest.fixture
def index(tmp_path):
    return LexicalIndex.build(tmp_path, Catalog(ITEMS, SCHEMA), progress=False)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("amelie", "a"),
        ("TAUTOU", "a"),
        ("neighbour", "a"),
        ("2001", "a"),
        ("mifune", "b"),
        ("侍", ""),
        ("人の侍", "b"),
        ("farmer", "b"),
        ("pie", "c"),
        ("waitress", "ca"),
        ("nothing here", ""),
        ("", ""),
    ],
)
def test_every_field_is_found_by_its_words_accents_case_and_plural_aside(index, text, found):
    scores = index.scores(text)
    order = [ITEMS[row].id for row in np.argsort(-scores, kind="stable") if scores[row] > 0]
    assert "".join(order) == found


def test_a_score_is_the_share_of_the_words_that_an_item_holds(index):
    one, both = index.scores("waitress"), index.scores("waitress unheard-of")
    assert 0 < both[0] < one[0] <= 1
    assert index.share_of_items("waitress") == pytest.approx(2 / 3)
    assert index.share_of_items("unheard") == 0


def test_a_short_run_without_spaces_stays_whole():
    assert tokens("侍 a東京b") == ["侍", "a", "東京", "b"]


def test_what_was_built_opens_again_and_only_for_its_own_catalogue(index, tmp_path):
    again = LexicalIndex.open(tmp_path, Catalog(ITEMS, SCHEMA))
    np.testing.assert_array_equal(again.scores("waitress"), index.scores("waitress"))
    with pytest.raises(WorkspaceError, match="another catalogue"):
        LexicalIndex.open(tmp_path, Catalog(ITEMS[:2], SCHEMA))
    (tmp_path / "lexical" / "vocab.index.json").write_text("{")
    with pytest.raises(WorkspaceError, match="tastemaker build"):
        LexicalIndex.open(tmp_path, Catalog(ITEMS, SCHEMA))
    (tmp_path / "lexical" / "belongs.json").write_text(json.dumps({"format": 0}))
    with pytest.raises(WorkspaceError, match="version"):
        LexicalIndex.open(tmp_path, Catalog(ITEMS, SCHEMA))


def test_the_rarest_words_are_looked_up_first_and_at_least_one(index, monkeypatch):
    monkeypatch.setattr("tastemaker.retrieval.index.lexical_index.MAX_POSTINGS", 1)
    assert index.scores("waitress").any()
    assert index.scores("waitress pie")[0] == 0
