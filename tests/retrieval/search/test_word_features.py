"""Word features of three films, worked by hand."""

import numpy as np
import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.index.field_words import Field, FieldWords
from tastemaker.retrieval.index.lexical_index import LexicalIndex
from tastemaker.retrieval.search.query_words import WordStems
from tastemaker.retrieval.search.word_features import NAMES, WordFeatures

SCHEMA = Schema(
    attributes=(
        Attribute(name="year", kind=Kind.NUMBER),
        Attribute(name="genres", kind=Kind.TAGS),
        Attribute(name="plot", kind=Kind.TEXT),
    )
)
FILMS = (
    Item("1", "Spider Man", {"year": 2002, "genres": ("Action",), "plot": "A boy is bitten and kidnapped."}),
    Item(
        "2", "The Man", {"year": 1972, "genres": ("Drama", "Science Fiction"), "plot": "A president governs."}
    ),
    Item("3", "Heat", {"year": 1995, "genres": ("Action", "Crime"), "plot": "A thief and a spider."}),
)


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    folder, catalog = tmp_path_factory.mktemp("words"), Catalog(FILMS, SCHEMA)
    lexical = LexicalIndex.build(folder, catalog, progress=False)
    fields = FieldWords.of(catalog, lexical.vocabulary)
    fields.save(folder, catalog)
    stems = WordStems(lexical, len(catalog))
    return stems, WordFeatures(FieldWords.open(folder, catalog), stems), fields


def columns(parts, text):
    stems, features, _ = parts
    return dict(zip(NAMES, features.of(stems.read(text), np.arange(3)).T, strict=True))


def test_a_whole_title_said_in_order(parts):
    found = columns(parts, "spider man 2002")
    assert found["title_whole"].tolist() == [1, 0, 0]
    assert found["cover_numbers"][0] > 0
    assert found["number_missed"].tolist() == [0, 1, 1]
    assert found["pairs_title"][0] > 0
    assert found["pairs_title"][1:].tolist() == [0, 0]
    assert found["cover_any"][0] == pytest.approx(1)


def test_words_written_together_misspelt_or_bent_are_found(parts):
    assert columns(parts, "spiderman")["title_is_query"].tolist() == [1, 0, 0]
    assert columns(parts, "presidant")["cover_text"][1] == pytest.approx(1)
    assert columns(parts, "kidnapping")["cover_text"][0] == pytest.approx(1)


def test_a_whole_label_counts_and_half_of_one_does_not(parts):
    assert columns(parts, "science fiction")["labels_whole"].tolist() == [0, 1, 0]
    assert columns(parts, "fiction")["labels_whole"].tolist() == [0, 0, 0]


def test_words_that_nobody_holds_weigh_nothing(parts):
    assert columns(parts, "qwxzy")["cover_any"].tolist() == [0, 0, 0]
    assert columns(parts, "heat qwxzy")["cover_title"].tolist() == pytest.approx([0, 0, 1])


def test_the_words_of_rows_come_with_their_fields(parts):
    held = parts[2].of_rows(np.array([2, 0]))
    assert held.item.tolist()[:1] == [0]
    assert held.field[0] == Field.TITLE
    assert (held.item == 1).sum() == 2 + 1 + 1 + 6


@pytest.mark.parametrize(
    "text", ["spider man 2002", "a thief and a boy", "science fiction", "nothing of these"]
)
def test_all_items_at_once_have_the_features_that_each_has_alone(parts, text):
    stems, features, _ = parts
    words = stems.read(text)
    together = features.of(words, np.arange(3))
    alone = np.concatenate([features.of(words, np.array([row])) for row in (2, 0, 1)])
    assert np.allclose(together[[2, 0, 1]], alone)
