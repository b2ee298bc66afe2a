import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.facets.definition import FacetSet, shipped_facets
from tastemaker.retrieval.facets.matching import FacetMatcher

NUMBERS = "age_from violence scares sadness humour romance sex runtime known rating_mean".split()
CATEGORIES = "lead pace colour language ending hidden_gem".split()
TAGS = "moods country based_on occasions acclaim plot place period".split()


@pytest.fixture(scope="session")
def films() -> FacetSet:
    return shipped_facets("films")


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    schema = Schema(
        attributes=tuple(
            Attribute(name=name, kind=kind)
            for kind, names in ((Kind.NUMBER, NUMBERS), (Kind.CATEGORY, CATEGORIES), (Kind.TAGS, TAGS))
            for name in names
        )
    )
    rows = [
        {
            "age_from": 4,
            "violence": 0,
            "runtime": 81,
            "moods": ("feel-good", "funny"),
            "place": ("Paris",),
            "plot": ("heist", "friendship"),
            "language": "French",
            "country": ("France",),
            "period": ("1920s",),
            "rating_mean": 4.5,
        },
        {
            "age_from": 16,
            "violence": 3,
            "runtime": 104,
            "moods": ("dark",),
            "place": ("New York suburb",),
            "plot": ("bank heist",),
            "language": "English",
            "country": ("USA",),
            "period": ("1940s",),
            "rating_mean": 3.0,
        },
        {
            "age_from": 10,
            "violence": 1,
            "runtime": 178,
            "moods": ("funny", "sad"),
            "place": ("outer space",),
            "plot": ("heist",),
            "language": "Korean",
            "country": ("South Korea",),
            "period": ("future",),
            "rating_mean": 2.0,
        },
        {},
    ]
    return Catalog((Item(str(at), f"Film {at}", row) for at, row in enumerate(rows)), schema)


@pytest.fixture(scope="session")
def matcher(films: FacetSet, catalog: Catalog) -> FacetMatcher:
    return FacetMatcher(films, catalog)
