"""Items called by a telling word of their title."""

from tastemaker.agent.nlu.rules.titles.part_titles import PartTitles
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Schema


def test_a_telling_word_names_the_only_title_that_has_it():
    titles = ("The Zenda Affair (1994)", "A Good Day (1990)", "Marlow and Son (1980)", "Marlow Again (1981)")
    part = PartTitles(
        Catalog([Item(str(n), title, {}) for n, title in enumerate(titles)], Schema(attributes=()))
    )
    assert part.title("Zenda") == part.title("the Zenda affair") == titles[0]
    assert part.title("Good") is None  # an everyday word
    assert part.title("Marlow") is None  # two have it
    assert part.title("Zenda again") is None
