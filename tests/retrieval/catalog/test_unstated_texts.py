"""Inferred and computed values stay out of every text, index and model feature, so figures stay what they were."""

import numpy as np
import pytest

from tastemaker.recommenders.layers.attribute_items import rankable_attributes
from tastemaker.retrieval.catalog.computed_attributes import with_computed
from tastemaker.retrieval.catalog.item_text import (
    descriptive_values,
    full_text,
    item_texts,
    label_fields,
    name_attributes,
    stated_attributes,
)
from tastemaker.retrieval.index.hashing_embedder import HashingEmbedder
from tastemaker.retrieval.index.lexical_index import LexicalIndex
from tastemaker.retrieval.index.phrase_index import PhraseIndex


@pytest.fixture
def catalog(faceted_catalog, film_log):
    return with_computed(faceted_catalog, film_log)


def test_texts_labels_and_names_are_those_of_the_catalogue_alone(catalog, film_catalog):
    assert item_texts(catalog) == item_texts(film_catalog)
    assert label_fields(catalog) == label_fields(film_catalog)
    assert name_attributes(catalog) == name_attributes(film_catalog)
    assert descriptive_values(catalog["1"], catalog, ()) == descriptive_values(
        film_catalog["1"], film_catalog, ()
    )
    stated = stated_attributes(catalog.schema)
    assert full_text(catalog["1"], stated) == full_text(film_catalog["1"])
    assert "Paris" in full_text(catalog["1"])


def test_indexes_hold_no_word_of_them(tmp_path, catalog, film_catalog):
    embedder = HashingEmbedder()
    words = LexicalIndex.build(tmp_path, catalog, progress=False)
    assert not words.scores("paris").any()
    ours, theirs = (
        PhraseIndex.build(tmp_path / name, one, embedder, progress=False)
        for name, one in (("a", catalog), ("b", film_catalog))
        if (tmp_path / name).mkdir() is None
    )
    assert np.array_equal(ours.vectors, theirs.vectors)
    assert np.array_equal(ours.phrase, theirs.phrase)


def test_models_of_attributes_take_the_catalogues_own(catalog, film_catalog):
    assert rankable_attributes(catalog) == rankable_attributes(film_catalog)
