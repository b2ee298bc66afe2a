"""Typed titles: one, several or none, and never silently the nearest."""

import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.titles.mentions_in_text import find_titles
from tastemaker.retrieval.titles.resolver import Resolution, TitleResolver

SCHEMA = Schema(attributes=(Attribute(name="year", kind=Kind.NUMBER),))
TITLES = """\
Scream (1996)
Scream 2 (1997)
Godfather, The (1972)
Godfather: Part II, The (1974)
Pulp Fiction (1994)
Sabrina (1995)
Sabrina (1954)
Heat (1995)
Body Snatchers (1993)
Body Snatchers (1993)
Alien (1979)
Aliens (1986)
Contact (1997)
Twelve Monkeys (1995)
Seven (Se7en) (1995)
Double vie de Véronique, La (Double Life of Veronique, The) (1991)
Star Trek: First Contact (1996)
Star Trek: Generations (1994)
Terminator 2: Judgment Day (1991)
Mission: Impossible (1996)
M*A*S*H (1970)
Usual Suspects, The (1995)
Batman & Robin (1997)
Ulee's Gold (1997)
2001: A Space Odyssey (1968)
Silence of the Lambs, The (1991)
Braveheart (1995)
Killer (Bulletproof Heart) (1994)
Die xue shuang xiong (Killer, The) (1989)
七人の侍 (1954)
Henry V (1989)
Amélie
?!
It (1990)
Toy Story (1995)""".splitlines()


def test_an_acronym_gives_way_to_the_word_that_was_typed():
    films = Catalog([Item("1", "I.T. (2016)", {}), Item("2", "It (2017)", {})], Schema(attributes=()))
    resolver = TitleResolver(films)
    assert [match.id for match in resolver.resolve("IT").matches] == ["2"]
    assert [match.id for match in resolver.resolve("I.T.").matches] == ["1", "2"]


def test_all_but_the_little_words_and_other_numbers_are_enough():
    films = Catalog(
        [Item("1", "Ghost in the Shell (1995)", {}), Item("2", "Guardians of the Galaxy (2014)", {})],
        Schema(attributes=()),
    )
    resolver = TitleResolver(films)
    assert [match.id for match in resolver.resolve("ghost shell").matches] == ["1"]
    assert [match.id for match in resolver.resolve("guardian of the galaxies").matches] == ["2"]
    assert resolver.resolve("shell").status == "none"


def catalog_of(titles: list[str]) -> Catalog:
    return Catalog([Item(str(n), title, {}) for n, title in enumerate(titles, start=1)], SCHEMA)


RESOLVER = TitleResolver(catalog_of(TITLES))


def titles(resolution: Resolution) -> list[str]:
    return [match.title for match in resolution.matches]


@pytest.mark.parametrize(
    ("mention", "title"),
    [
        ("Scream", "Scream (1996)"),
        ("SCREAM", "Scream (1996)"),
        ("scream 2", "Scream 2 (1997)"),
        ("Scream II", "Scream 2 (1997)"),
        ("The Godfather", "Godfather, The (1972)"),
        ("godfather", "Godfather, The (1972)"),
        ("Godfather, The", "Godfather, The (1972)"),
        ("teh godfather", "Godfather, The (1972)"),
        ("The Godfather 2", "Godfather: Part II, The (1974)"),
        ("godfather part two", "Godfather: Part II, The (1974)"),
        ("pulp ficton", "Pulp Fiction (1994)"),
        ("  Pulp   Fiction!! ", "Pulp Fiction (1994)"),
        ("Sabrina 1954", "Sabrina (1954)"),
        ("Sabrina (1995)", "Sabrina (1995)"),
        ("heat 1995", "Heat (1995)"),
        ("Alien", "Alien (1979)"),
        ("aliens", "Aliens (1986)"),
        ("12 monkeys", "Twelve Monkeys (1995)"),
        ("se7en", "Seven (Se7en) (1995)"),
        (
            "The Double Life of Véronique",
            "Double vie de Véronique, La (Double Life of Veronique, The) (1991)",
        ),
        ("la double vie de veronique", "Double vie de Véronique, La (Double Life of Veronique, The) (1991)"),
        ("First Contact", "Star Trek: First Contact (1996)"),
        ("Terminator 2", "Terminator 2: Judgment Day (1991)"),
        ("mission impossible", "Mission: Impossible (1996)"),
        ("mash", "M*A*S*H (1970)"),
        ("usual suspect", "Usual Suspects, The (1995)"),
        ("batman and robin", "Batman & Robin (1997)"),
        ("ulees gold", "Ulee's Gold (1997)"),
        ("Ulee’s Gold", "Ulee's Gold (1997)"),
        ("2001", "2001: A Space Odyssey (1968)"),
        ("silence of teh lambs", "Silence of the Lambs, The (1991)"),
        ("braveheat", "Braveheart (1995)"),
        ("killer", "Killer (Bulletproof Heart) (1994)"),
        ("the killer", "Die xue shuang xiong (Killer, The) (1989)"),
        ("七人の侍", "七人の侍 (1954)"),
        ("Henry 5", "Henry V (1989)"),
        ("amelie", "Amélie"),
        ("Amélie (2001)", "Amélie"),
        ("?!", "?!"),
        ("toystory", "Toy Story (1995)"),
    ],
)
def test_one(mention: str, title: str) -> None:
    resolution = RESOLVER.resolve(mention)
    assert (resolution.status, titles(resolution)) == ("one", [title])
    assert not resolution.matches[0].flagged_year


@pytest.mark.parametrize(
    "mention",
    [
        "Barbie 2023",
        "The Matrix",
        "Scream 3",
        "Toy Story 2",
        "Blade Runner 2049",
        "Contract",
        "Mission",
        "Star Wars",
        "Alien 3",
        "Godfather 3",
        "Heat of the Night",
        "Pulp",
        "",
        "   ",
        "!!!",
        "x" * 100_000,
        "heat\x00\x01 wave",
        "braveheat (1950)",
    ],
)
def test_none_is_none(mention: str) -> None:
    resolution = RESOLVER.resolve(mention)
    assert (resolution.status, resolution.matches) == ("none", ())


def test_none_offers_what_looks_alike_apart_from_the_matches() -> None:
    assert "Scream 2 (1997)" in [match.title for match in RESOLVER.resolve("Scream 3").near]
    assert RESOLVER.resolve("Barbie 2023").near == ()


def test_several_are_several() -> None:
    assert set(titles(RESOLVER.resolve("Sabrina"))) == {"Sabrina (1995)", "Sabrina (1954)"}
    resolution = RESOLVER.resolve("Star Trek")
    assert (resolution.status, len(resolution.matches)) == ("several", 2)


def test_a_wrong_year_gives_the_nearest_flagged() -> None:
    resolution = RESOLVER.resolve("Sabrina (1990)")
    assert (resolution.status, titles(resolution)) == ("one", ["Sabrina (1995)"])
    assert resolution.matches[0].flagged_year
    assert resolution.matches[0].score < RESOLVER.resolve("Sabrina (1995)").matches[0].score


def test_an_item_listed_twice_counts_once() -> None:
    resolution = RESOLVER.resolve("body snatchers")
    assert (resolution.status, resolution.matches[0].id, resolution.matches[0].also) == ("one", "9", ("10",))


def test_the_year_may_be_an_attribute() -> None:
    items = [Item("1", "Sabrina", {"year": 1954}), Item("2", "Sabrina", {"year": 1995})]
    resolver = TitleResolver(Catalog(items, SCHEMA))
    assert resolver.resolve("Sabrina").status == "several"
    assert resolver.resolve("Sabrina (1995)").matches[0].id == "2"
    assert resolver.year("1") == 1954


def test_every_catalogue_title_resolves_to_itself() -> None:
    for title in TITLES:
        assert title in titles(RESOLVER.resolve(title))


def test_an_empty_catalogue_has_no_titles() -> None:
    resolver = TitleResolver(catalog_of([]))
    assert resolver.resolve("Heat").status == "none"
    assert resolver.search("h") == []
    assert find_titles('I liked "Heat"', resolver)[0][2].status == "none"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("scr", "Scream (1996)"),
        ("godf", "Godfather, The (1972)"),
        ("the god", "Godfather, The (1972)"),
        ("mon", "Twelve Monkeys (1995)"),
        ("12 m", "Twelve Monkeys (1995)"),
        ("twelve", "Twelve Monkeys (1995)"),
        ("VÉRO", "Double vie de Véronique, La (Double Life of Veronique, The) (1991)"),
        ("suspects", "Usual Suspects, The (1995)"),
        ("ficti", "Pulp Fiction (1994)"),
        ("pulp ficton", "Pulp Fiction (1994)"),
        ("七人", "七人の侍 (1954)"),
    ],
)
def test_search_box(typed: str, first: str) -> None:
    assert RESOLVER.search(typed, 5)[0].title == first


def test_search_box_lists_duplicates_once_and_at_most_k() -> None:
    assert [match.title for match in RESOLVER.search("body", 5)] == ["Body Snatchers (1993)"]
    assert len(RESOLVER.search("", 3)) == 3
    assert len(RESOLVER.search("s", 4)) == 4
    assert RESOLVER.search("zzzz") == []


SERIES = """\
Harry Potter and the Goblet of Fire (2005)
Harry Potter and the Prisoner of Azkaban (2004)
The Lord of the Rings: The Two Towers (2002)
The Lord of the Rings: The Return of the King (2003)
The Godfather (1972)
The Godfather: Part II (1974)
Rocky (1976)
Rocky IV (1985)
Star Wars (1977)
The Empire Strikes Back (1980)
Borat: Cultural Learnings of America (2006)
Forrest Gump (1994)
Forest Warrior (1996)
This Is Spinal Tap (1984)
One Flew Over the Cuckoo's Nest (1975)
Scary Movie 2 (2001)
Scary Movie 3 (2003)
Emma (1996)
Emma (2020)
Jägermeister (2001)
Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb (1964)
Seven Samurai (aka Shichinin no Samurai) (1954)
Последний богатырь (2017)
Ζορμπάς (1964)
東京物語 (1953)
Die fabelhafte Welt der Amélie (2001)
Neiko 01407A Electronic Digital Caliper with Large Screen, Stainless Steel, 6 Inch
Mitutoyo 500-196 Digital Caliper, Stainless Steel, Battery Powered, 0-6 Inch""".splitlines()
SERIES_RESOLVER = TitleResolver(catalog_of(SERIES))


@pytest.mark.parametrize(
    ("mention", "title"),
    [
        ("the second godfather", "The Godfather: Part II (1974)"),
        ("the 1st Godfather movie", "The Godfather (1972)"),
        ("rocky 4", "Rocky IV (1985)"),
        ("the movie emma 2020", "Emma (2020)"),
        ("dr strangelove", SERIES[20]),
        ("star wars empire strikes back", "The Empire Strikes Back (1980)"),
        ("borat", "Borat: Cultural Learnings of America (2006)"),
        ("forest gump", "Forrest Gump (1994)"),
        ("spinal tap", "This Is Spinal Tap (1984)"),
        ("cuckoo's nest", "One Flew Over the Cuckoo's Nest (1975)"),
        ("shichinin no samurai", "Seven Samurai (aka Shichinin no Samurai) (1954)"),
        ("jagermeister", "Jägermeister (2001)"),
        ("jaegermeister", "Jägermeister (2001)"),
        ("последний богатыр", "Последний богатырь (2017)"),
        ("ΖΟΡΜΠΑΣ", "Ζορμπάς (1964)"),
        ("東京物語", "東京物語 (1953)"),
        ("fabelhafte welt der amelie", "Die fabelhafte Welt der Amélie (2001)"),
        ("mitutoyo caliper stainless", SERIES[27]),
        ("neiko 01407a", SERIES[26]),
        ("harrypotter and the goblet of fire", "Harry Potter and the Goblet of Fire (2005)"),
    ],
)
def test_sequels_subtitles_scripts_and_parts(mention: str, title: str) -> None:
    resolution = SERIES_RESOLVER.resolve(mention)
    assert (resolution.status, titles(resolution)) == ("one", [title])


@pytest.mark.parametrize(
    ("mention", "found"),
    [
        ("harry potter", SERIES[:2]),
        ("the harry potter movies", SERIES[:2]),
        ("lord of the rings", SERIES[2:4]),
        ("LOTR", SERIES[2:4]),
        ("emma", SERIES[17:19]),
        ("digital caliper stainless", SERIES[26:28]),
    ],
)
def test_series_remakes_and_alike_products_are_several(mention: str, found: list[str]) -> None:
    resolution = SERIES_RESOLVER.resolve(mention)
    assert (resolution.status, sorted(titles(resolution))) == ("several", sorted(found))
    assert sum(match.score for match in resolution.matches) <= 1


@pytest.mark.parametrize(
    "mention",
    [
        "scary movie",
        "rocky 3",
        "iron man 3",
        "rocky 3 4",
        "caliper",
        "the",
        "the movie",
        "harry",
        "OTRS",
        "😀",
        "😀 😀",
        "\x00\x01",
        "\u202e",
        "(1995)",
        "the second",
        "second",
        "a" * 400,
        "a " * 200,
        "ab " * 40_000,
    ],
)
def test_too_little_or_nonsense_is_none(mention: str) -> None:
    assert SERIES_RESOLVER.resolve(mention).status == "none"


def test_more_liberties_are_less_probable() -> None:
    scores = [
        SERIES_RESOLVER.resolve(mention).matches[0].score
        for mention in ("Forrest Gump (1994)", "forrest gmup", "Forrest Gump (1990)", "spinal tap")
    ]
    assert scores == sorted(scores, reverse=True)
    assert 0 < scores[-1] < scores[0] < 1
