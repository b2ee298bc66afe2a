"""Nothing that names an item gets past the audit; plain words do."""

import pytest

from tastemaker.evals.simulation.leak_audit import LeakAudit
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema

SCHEMA = Schema(
    attributes=(Attribute(name="director", kind=Kind.TAGS), Attribute(name="premise", kind=Kind.TEXT))
)
KOLYA = Item(
    "1",
    "Double vie de Véronique, La (Double Life of Veronique, The) (1991)",
    {"director": ("Krzysztof Kieślowski", "Ann Sky"), "premise": "Two women, one haunted by the other."},
)
KHAN = Item("2", "Star Trek: The Wrath of Khan (1982)", {"director": ("Nicholas Meyer",)})
HAUNTS = Item("3", "The Haunter (1990)", {"director": ("Bo Wren",)})
ONE = Item("4", "One (1990)", {"director": ("Bo Wren",)})
CATALOG = Catalog([KOLYA, KHAN, HAUNTS, ONE], SCHEMA)


@pytest.fixture(scope="module")
def audit():
    return LeakAudit(CATALOG)


def kinds(audit, item, text):
    return {leak.kind for leak in audit.leaks(text, audit.secrets(item))}


@pytest.mark.parametrize(
    ("item", "text", "kind"),
    [
        (KOLYA, "it's La double vie de veronique", "title"),
        (KOLYA, "The DOUBLE LIFE of Véronique!", "title"),
        (KOLYA, "the one about Veronique", "title word"),
        (KOLYA, "the one about veronicue", "near spelling"),
        (KOLYA, "doublelifeofveronique", "title"),
        (KOLYA, "by Kieslowski", "person"),
        (KOLYA, "by kieslovski", "near spelling"),
        (KHAN, "a star trek film", "title"),
        (KHAN, "startrek again", "title"),
        (KHAN, "Khan's revenge", "title word"),
        (KHAN, "with nicholas in it", "person"),
    ],
)
def test_a_leak_is_found_however_it_is_spelt(audit, item, text, kind):
    assert kind in kinds(audit, item, text)


@pytest.mark.parametrize("item", [KOLYA, KHAN, HAUNTS, ONE])
def test_plain_words_are_no_leak(audit, item):
    assert not kinds(
        audit, item, "Number 1 comes close: some drama from the 1990s about two women, no horror."
    )


def test_a_word_that_texts_use_is_no_near_spelling(audit):
    assert not kinds(audit, HAUNTS, "somebody haunted by the past")
    assert kinds(audit, HAUNTS, "the hauntr") == {"near spelling"}


def test_names_are_found_in_a_catalogue_of_any_size(audit):
    assert audit.names == ("director",)
    assert audit.may_be_a_name("Kieślowski")
    assert not audit.may_be_a_name("women")
