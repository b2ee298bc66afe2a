"""What is made of a classifier's chances beside what patterns find."""

import numpy as np
import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Provenance, Schema
from tastemaker.retrieval.facets.definition import Bound, shipped_facets
from tastemaker.retrieval.facets.learned_meanings import (
    LearnedMeanings,
    MeaningWeights,
    read_label,
    shipped_meanings,
    split_clauses,
)
from tastemaker.retrieval.facets.matching import FacetMatcher
from tastemaker.retrieval.filters.conditions import describe
from tastemaker.retrieval.index.encoder_weights import SoftmaxWeights

LABELS = (
    "contains any of trains",
    "contains none of guns",
    "nothing",
    "unknown streaming",
    "violence at most 1",
)


def _learned(told, gate=None):
    """Sure of one label for each text that holds a word, else of nothing."""
    weights = MeaningWeights(
        LABELS,
        SoftmaxWeights(20 * np.eye(len(LABELS), dtype=np.float32), np.zeros(len(LABELS), np.float32)),
        gate or {"bias": 5.0},
    )

    def embed(text):
        label = next((label for word, label in told.items() if word in text), "nothing")
        return np.eye(len(LABELS), dtype=np.float32)[LABELS.index(label)]

    return LearnedMeanings(weights, embed)


@pytest.fixture
def catalog():
    attributes = (
        Attribute(name="contains", kind=Kind.TAGS, provenance=Provenance.INFERRED),
        Attribute(
            name="violence",
            kind=Kind.NUMBER,
            provenance=Provenance.INFERRED,
            levels=("no", "some", "much", "all"),
        ),
    )
    films = [
        Item("1", "Marlow", {"contains": ("trains",), "violence": 0}),
        Item("2", "Quill", {"contains": ("guns",), "violence": 3}),
    ]
    return Catalog(films, Schema(attributes=attributes))


def _read(catalog, message, learned, **more):
    return FacetMatcher(shipped_facets("films"), catalog, learned=learned).read(message, **more)


def test_what_no_pattern_covers_is_added_as_a_preference(catalog):
    reading = _read(catalog, "the rattling dining car, you know", _learned({"dining car": LABELS[0]}))
    assert [describe(one.condition) for one in reading.matches] == ["contains any of trains"]
    assert not reading.matches[0].explicit


def test_what_the_catalogue_lacks_is_not_asked_of_it(catalog):
    films = Catalog([Item("1", "Marlow", {"contains": ("guns",), "violence": 0})], catalog.schema)
    assert not _read(films, "the rattling dining car, you know", _learned({"dining car": LABELS[0]})).matches


def test_a_denial_is_of_its_own_clause(catalog):
    reading = _read(catalog, "the dining car please, my uncle was shot", _learned({"shot": LABELS[1]}))
    (match,) = reading.matches
    assert (match.words, match.polarity) == ("my uncle was shot", -1)


def test_what_is_unlikely_is_let_go(catalog):
    message = "nothing violent"
    assert _read(catalog, message, _learned({})).matches
    assert not _read(catalog, message, _learned({}, {"bias": -5.0})).matches


def test_a_property_that_nothing_holds_is_admitted(catalog):
    reading = _read(catalog, "which of my boxes has it", _learned({"boxes": LABELS[3]}))
    assert [one.name for one in reading.unknown] == ["streaming"]


def test_titles_and_questions_are_left_alone(catalog):
    learned = _learned({"dining car": LABELS[0]})
    message = "loved The dining car"
    assert not _read(catalog, message, learned, skip=[(6, len(message))]).matches
    assert not _read(catalog, "is there a dining car in it?", learned, wishes=False).matches


def test_labels_are_conditions():
    assert read_label("violence at most 1")[1].bound is Bound.AT_MOST
    assert read_label("unknown streaming") is None
    assert split_clauses("one thing only") == []


def test_weights_ship_for_the_default_encoder_and_no_other():
    weights = shipped_meanings("all-MiniLM-L6-v2")
    assert len(weights.labels) == len(weights.classifier.slope) == len(weights.classifier.shift)
    assert "nothing" in weights.labels
    assert shipped_meanings("nobody/knows-it") is None
