"""What counts as the same thing, what does not, and that many items of one title stay quick."""

import numpy as np
import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.retrieval.titles.duplicate_pairs import same_thing
from tastemaker.retrieval.titles.near_duplicates import (
    MAX_COMPARED,
    DuplicateGroups,
    distinct,
    near_duplicates,
    read_groups,
    write_groups,
)

SCHEMA = Schema(
    attributes=(Attribute(name="director", kind=Kind.TAGS), Attribute(name="brand", kind=Kind.CATEGORY))
)
# An attribute tells items apart only where it has many values.
CROWD = [
    Item(f"crowd {n}", f"Crowd {a}{b} (1970)", {"director": (f"{a.upper()} Person{b}",), "brand": f"{a}{b}"})
    for n, (a, b) in enumerate((a, b) for a in "bcdfghjklmnp" for b in "aeiouy")
]


def catalog_of(*things):
    """Items ``0``, ``1``, ...: a title, and a director or a brand."""
    items = [Item(str(n), title, {field: who} if who else {}) for n, (title, field, who) in enumerate(things)]
    return Catalog([*items, *CROWD], SCHEMA)


def film(title, *directors):
    return title, "director", directors


def product(title, brand="Acme"):
    return title, "brand", brand


def grouped(*things, vectors=None):
    return near_duplicates(catalog_of(*things), vectors).members


@pytest.mark.parametrize(
    "things",
    [
        (film("Chasing Amy (1997)", "Kevin Smith"), film("Chasing Amy (1997)", "Kevin Smith")),
        (film("Matrix, The (1999)"), film("The Matrix (1999)")),
        (film("Maybe, Maybe Not (Der Bewegte Mann) (1994)", "S W"), film("Bewegte Mann, Der (1994)", "S W")),
        (film("Sherlock Holmes (2009)", "Guy Ritchie"), film("Sherlock Holmes (2010)", "Guy Ritchie")),
        (film("Avatar", "James Cameron"), film("Avatar (2009)", "James Cameron")),
        (film("Dune: Part One (2021)", "Denis V"), film("Dune (2021)", "Denis V")),
        (
            product("Acme PLA Filament for Printers, 1.75mm, Red, 1kg"),
            product("Acme PLA Filament for Printers, 1.75mm, Hot Pink, 2.2 lbs"),
        ),
        (
            product("Acme G200 Nitrile Exam Gloves, Powder Free, Large (Pack of 100)"),
            product("Acme G300 Nitrile Exam Gloves, Powder Free, Small (Pack of 100)"),
        ),
        (
            product("Acme Hex Bushing Pipe Fitting, 1/2 in x 3/4 in"),
            product('Acme Hex Bushing Pipe Fitting 2"'),
        ),
    ],
)
def test_the_same_thing(things):
    assert grouped(*things) == (("0", "1"),)


@pytest.mark.parametrize(
    "things",
    [
        # sequels
        (film("Die Hard (1988)", "A B"), film("Die Hard 2 (1990)", "C D")),
        (film("Deathly Hallows: Part 1 (2010)", "D Y"), film("Deathly Hallows: Part 2 (2011)", "D Y")),
        (film("Three Colors: Red (1994)", "K K"), film("Three Colors: White (1994)", "K K")),
        (film("Kill Bill (2003)", "Q T"), film("Kill Bill: Volume 2 (2004)", "Q T")),
        # remakes, and other films of the same title
        (film("Sabrina (1954)", "Billy Wilder"), film("Sabrina (1995)", "Sydney Pollack")),
        (film("Frozen (2010)", "Adam Green"), film("Frozen (2010)", "Somebody Else")),
        (film("Twin Rivers (1990)"), film("Twin Rivers (1991)")),
        (film("Avatar", "Somebody Else"), film("Avatar (2009)", "James Cameron")),
        # other products
        (
            product("Acme Stainless Steel 304 Pipe Fitting, 1/2 in"),
            product("Acme Stainless Steel 316 Pipe Fitting, 2 in"),
        ),
        (product("Acme G200 Nitrile Exam Gloves, Large"), product("Acme G300 Nitrile Exam Gloves, Large")),
        (
            product("Heavy Duty Cloth Duct Tape, Black", "Acme"),
            product("Heavy Duty Cloth Duct Tape, Black", "Bolt"),
        ),
        (product("Acme Duct Tape, Red"), product("Acme Duct Tape, Blue")),  # too few words to be sure
    ],
)
def test_not_the_same_thing(things):
    assert grouped(*things) == ()


def test_an_undated_title_does_not_join_two_years():
    by_liman = film("Identity", "Doug Liman"), film("Identity (2002)", "Doug Liman")
    assert grouped(*by_liman, film("Identity (1988)", "Doug Liman")) == (("0", "1"),)


def test_texts_speak_where_people_are_unknown():
    undated = film("Night Ferry"), film("Night Ferry (1981)")
    vectors = np.eye(2 + len(CROWD), dtype=np.float32)
    assert grouped(*undated, vectors=vectors) == ()
    vectors[1] = vectors[0]
    assert grouped(*undated, vectors=vectors) == (("0", "1"),)


def test_the_same_people_are_not_enough_where_texts_are_of_other_things():
    undated = film("Night Ferry", "Ada Stone"), film("Night Ferry (1981)", "Ada Stone")
    vectors = np.eye(2 + len(CROWD), dtype=np.float32)
    assert grouped(*undated, vectors=vectors) == ()
    assert grouped(*undated) == (("0", "1"),)


def test_items_of_one_title_are_not_each_compared_with_each(monkeypatch):
    compared = []

    def counted(one, other):
        compared.append(1)
        return same_thing(one, other)

    monkeypatch.setattr("tastemaker.retrieval.titles.near_duplicates.same_thing", counted)
    things = [film("unknown", f"A {n}") for n in range(2_000)]
    assert grouped(*things, film("unknown", "A 0")) == (("0", "2000"),)
    assert len(compared) <= 2_001 * MAX_COMPARED  # each with each would be two million


def test_distinct_keeps_the_best_and_says_what_stands_behind_it():
    groups = DuplicateGroups((("a", "b", "c"), ("x", "y")))
    ranked = ["y", "c", "lone", "a", "x"]
    assert distinct(ranked, groups, 3) == [("y", ("x",)), ("c", ("a",)), ("lone", ())]
    assert distinct(ranked, groups, 1) == [("y", ("x",))]
    assert distinct(ranked, groups, 0) == distinct([], groups, 3) == []


def test_groups_are_kept_with_their_catalogue(tmp_path):
    catalog = catalog_of(film("Avatar (2009)"), film("Avatar (2009)"))
    groups = near_duplicates(catalog)
    write_groups(tmp_path / "groups.json", groups, catalog)
    assert read_groups(tmp_path / "groups.json", catalog) == groups
    assert read_groups(tmp_path / "groups.json", catalog_of(film("Avatar (2009)"))) is None
    assert read_groups(tmp_path / "none.json", catalog) is None


def test_a_broken_file_is_told(tmp_path):
    (tmp_path / "groups.json").write_text("[")
    with pytest.raises(WorkspaceError, match="build the workspace again"):
        read_groups(tmp_path / "groups.json", catalog_of())
