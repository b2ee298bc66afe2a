import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Schema
from tastemaker.retrieval.index.title_keys import PART, TitleKeys

CATALOG = Catalog(
    [
        Item("1", "Spider-Man: Homecoming (2017)", {}),
        Item("2", "The Godfather: Part II", {}),
        Item("3", "Heat", {}),
    ],
    Schema(attributes=()),
)


def test_titles_are_found_however_they_are_spaced(tmp_path):
    TitleKeys.of(CATALOG).save(tmp_path, CATALOG)
    keys = TitleKeys.open(tmp_path, CATALOG)
    assert keys.said("spiderman homecoming") == {0: (1.0, 1.0)}
    assert keys.said("godfather 2 imdb")[1] == (1.0, 2 / 3)
    assert keys.said("spider man cast")[0] == pytest.approx((PART, 2 / 3))
    assert keys.said("cold") == {}
