import numpy as np
import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.search.known_films import YEARS_APART, film_key, shipped_films
from tastemaker.retrieval.search.opposites import without_negation
from tastemaker.retrieval.search.qualities import MIN_KNOWN, qualities_of
from tastemaker.retrieval.search.quality_words import quality_weights, word_tables

TITLES = [
    "Heat (1995)",
    "Fargo (1996)",
    "Toy Story (1995)",
    "Pulp Fiction (1994)",
    "Scream (1996)",
    "Big (1988)",
]


class Index:
    """As much of a vector index as qualities look at; vectors tell each film's violence in the first place."""

    encoder = "another-encoder"

    def __init__(self, titles):
        place = shipped_films().names.index("violence")
        rng = np.random.default_rng(0)
        items = [Item(str(n), title, {}) for n, title in enumerate(titles)]
        self.catalog = Catalog(items, Schema(attributes=()))
        violence = rng.normal(size=len(items)).astype(np.float32)
        self.vectors = np.stack([violence, rng.normal(size=len(items))], axis=1).astype(np.float32)
        self.violence, self.place = violence, place


def test_a_film_is_found_by_title_and_year_however_it_is_written():
    year = Attribute(name="year", kind=Kind.NUMBER)
    items = [
        Item("a", "Heat", {"year": 1995}),
        Item("b", "Usual Suspects, The (1995)", {}),
        Item("c", "The Usual Suspects", {"year": 1996}),
        Item("d", "Heat", {"year": 1986}),
        Item("e", "Heat", {}),
    ]
    rows, places = shipped_films().found_in(Catalog(items, Schema(attributes=(year,))))
    assert rows.tolist() == [0, 1, 2]
    assert places[1] == places[2] != places[0]
    assert film_key("heat", 1995) in shipped_films().places
    assert YEARS_APART[0] == 0


def test_known_films_teach_what_the_others_are_like(monkeypatch):
    titles = [f"Film {n} (1990)" for n in range(MIN_KNOWN + 200)]
    index, films = Index(titles), shipped_films()
    taught = np.full((MIN_KNOWN, len(films.names)), np.nan, dtype=np.float32)
    taught[:, index.place] = 3 * index.violence[:MIN_KNOWN]
    places = {film_key(f"film {n}", 1990): n for n in range(MIN_KNOWN)}
    monkeypatch.setattr(
        "tastemaker.retrieval.search.qualities.shipped_films",
        lambda: type(films)(films.names, places, taught),
    )
    found = qualities_of(index)
    others = slice(MIN_KNOWN, None)
    assert np.corrcoef(found.scores[others, index.place], index.violence[others])[0, 1] > 0.9
    assert qualities_of(index) is found


def test_a_catalogue_of_other_things_has_no_such_qualities():
    assert qualities_of(Index([f"Chair {n}" for n in range(300)])) is None


@pytest.mark.parametrize(
    ("word", "quality", "sign"),
    [
        ("gritty", "violence", 1),
        ("Light-Hearted", "humour", 1),
        ("unfunny", "humour", -1),
        ("unrealistic", "unreal", 1),
        ("not scary", "scares", -1),
        ("murderous", "violence", 1),
        ("far fetched", "unreal", 1),
    ],
)
def test_words_weigh_qualities(word, quality, sign):
    names = shipped_films().names
    index = Index(TITLES)
    weights, _ = quality_weights(word, index, names) or (None, None)
    assert weights is not None, word
    assert np.sign(weights[names.index(quality)]) == sign


def test_a_phrase_that_nothing_places_says_so_under_another_encoder():
    assert quality_weights("slow burn", Index(TITLES), shipped_films().names) is None
    assert len(word_tables(shipped_films().names).by_hand) > 300
    assert without_negation("uncanny") == ("uncanny", 1)
