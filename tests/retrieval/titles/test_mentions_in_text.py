"""Titles inside a free message."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Schema
from tastemaker.retrieval.titles.mentions_in_text import find_titles
from tastemaker.retrieval.titles.resolver import TitleResolver

TITLES = """\
Heat (1995)
Usual Suspects, The (1995)
Pulp Fiction (1994)
Fargo (1996)
Toy Story (1995)
Godfather, The (1972)
Godfather: Part II, The (1974)
Sabrina (1954)
Sabrina (1995)
Michael (1996)
Net, The (1995)
It (1990)
Up (2009)
First Kid (1996)
Star Wars (1977)
Braveheart (1995)
Terminator 2: Judgment Day (1991)
12 Angry Men (1957)
Ghost (1990)
Alaska (1996)
Alien (1979)
Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb (1963)
Titanic (1997)
2001: A Space Odyssey (1968)
M*A*S*H (1970)
Scream (1996)
To Live (1994)""".splitlines()
RESOLVER = TitleResolver(Catalog([Item(t, t, {}) for t in TITLES], Schema(attributes=())))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("I liked Heat and the usual suspects", ["Heat", "the usual suspects"]),
        ("he was killed in the heat of the night", []),
        ("in the heat", []),
        ("surf the net", []),
        ("The Net was ok", ["The Net"]),
        ("It was great. Up is good. First I want a comedy", []),
        ("I loved Pulp Fiction, Fargo, Alien!", ["Pulp Fiction", "Fargo", "Alien"]),
        ("Heat, Fargo and Alien", ["Heat", "Fargo", "Alien"]),
        ("the godfather part ii is better than the godfather", ["the godfather part ii"]),
        ("the Godfather, then", ["the Godfather"]),
        ("I watched Sabrina (1954) yesterday", ["Sabrina (1954)"]),
        ("Heat 1995", ["Heat 1995"]),
        ("Braveheart(1995) and Titanic (1997)", ["Braveheart(1995)", "Titanic (1997)"]),
        ("Star Wars Holiday Special", []),
        ("movies by Michael Mann, or with Michael", []),
        ("I saw Michael", ["Michael"]),
        ("set in Alaska", []),
        ("Ghost stories please", []),
        ("Terminator 2 please", ["Terminator 2"]),
        ("like 12 angry men, with a jury", ["12 angry men"]),
        ("Loved Dr. Strangelove!", ["Dr. Strangelove"]),
        ("I want to live", []),
        ("2001: A Space Odyssey", ["2001: A Space Odyssey"]),
        ("M*A*S*H was funny", ["M*A*S*H"]),
        ('‘Heat’, «fargo» and "pulp ficton"', ["Heat", "fargo", "pulp ficton"]),
        ("PULP FICTION IS GREAT, IT IS A SCREAM", ["PULP FICTION"]),
        ("not a scream. A fan of Scream", ["Scream"]),
        ("", []),
    ],
)
def test_known_titles(message: str, expected: list[str]) -> None:
    found = find_titles(message, RESOLVER)
    assert [message[start:end] for start, end, _ in found] == expected
    assert all(resolution.status != "none" for _, _, resolution in found)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ('have you "The Matrix"?', ["The Matrix"]),
        ("Barbie (2023) was fun", ["Barbie (2023)"]),
        ("something like Toy Story 2 please", ["Toy Story 2"]),
        ("I liked Lord of War (2005)", ["Lord of War (2005)"]),
    ],
)
def test_titles_the_catalogue_lacks(message: str, expected: list[str]) -> None:
    found = find_titles(message, RESOLVER)
    assert [message[start:end] for start, end, _ in found] == expected
    assert [resolution.status for _, _, resolution in found] == ["none"]


def test_quoted_words_that_are_no_title() -> None:
    assert find_titles('something "tense" and “kind of slow”', RESOLVER) == []


def test_several_and_flagged_years_come_through() -> None:
    (_, _, resolution), (_, _, flagged) = find_titles("I like Sabrina and Titanic (1953)", RESOLVER)
    assert resolution.status == "several"
    assert (flagged.status, flagged.matches[0].flagged_year) == ("one", True)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([*TITLES, '"', "(", "1995)", "I", "liked", "the", ".", "\n", "😀", "\0"]), max_size=12
    )
)
def test_spans_are_in_order_and_do_not_overlap(parts: list[str]) -> None:
    message = " ".join(parts)
    at = 0
    for start, end, _ in find_titles(message, RESOLVER):
        assert at <= start < end <= len(message)
        at = end
