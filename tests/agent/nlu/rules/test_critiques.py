import pytest

from tastemaker.agent.nlu.rules.critiques import CritiqueReader
from tastemaker.retrieval.facets.matching import FacetMatcher
from tastemaker.retrieval.facets.shipped import shipped_facets


@pytest.fixture(scope="module")
def read(faceted_catalog):
    reader = CritiqueReader(FacetMatcher(shipped_facets("films"), faceted_catalog), faceted_catalog)
    return lambda text: [
        (one.critique.field or one.critique.word, one.critique.more) for one in reader.read(text)
    ]


@pytest.mark.parametrize(
    ("text", "critiques"),
    [
        ("artsier", [("artsy", True)]),
        ("something a bit cheesier, please", [("cheesy", True)]),
        ("fewer explosions", [("explosions", False)]),
        ("smarter and less predictable", [("smart", True), ("predictable", False)]),
        ("less violent than Heat", [("violence", False)]),
        ("these are a bit violent", [("violence", False)]),
        ("that one looks violent to me", [("violence", False)]),
        ("that looks gory. Something else?", [("violence", False)]),
        ("that looks long. Shorter?", [("runtime", False), ("runtime", False)]),
        ("it is a bit of fun", []),
    ],
)
def test_what_is_compared_is_read(read, text, critiques):
    assert read(text) == critiques


@pytest.mark.parametrize(
    "text", ["a vacuum cleaner", "fewer than three", "a hair dryer", "the soldier", "a stranger"]
)
def test_what_only_looks_like_a_comparative_is_none(read, text):
    assert read(text) == []
