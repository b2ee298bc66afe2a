"""Generated sentences: schema x phrase x value, each checked by a plain comparison that shares no code with the reader.

``SENTENCES`` in the environment sets how many are drawn; the full form has 5,000 and more, CI a tenth.
"""

import os
import random
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tastemaker.agent.nlu.rules.rule_reader import RulesReader
from tastemaker.agent.nlu.understanding import Understanding
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.filters.constraints import mask
from tastemaker.retrieval.titles.resolver import TitleResolver

SENTENCES = int(os.environ.get("SENTENCES", "600"))
HELD_OUT = os.environ.get("PHRASES", "all")
"""``dev`` leaves every third phrase out, ``held-out`` takes only these."""
PHRASES = tomllib.loads((Path(__file__).parent / "condition_phrases.toml").read_text())
TODAY = date(2025, 6, 15)


@dataclass(frozen=True)
class Column:
    """A column of numbers, with how people speak of it."""

    name: str
    values: tuple[float, ...]
    amounts: tuple[str, ...]
    nouns: tuple[str, ...]
    less: tuple[str, ...]
    more: tuple[str, ...]
    verbs: tuple[str, ...] = ("has",)
    factor: dict[str, float] = field(default_factory=dict)
    kind: Kind = Kind.NUMBER


def prices(*values: float, name: str = "price") -> Column:
    """A price, with how people say it."""
    return Column(
        name,
        values,
        ("{} euros", "€{}", "{}€", "${}", "{} dollars", "{} bucks", "{} eur"),
        ("price",),
        ("cheaper", "less expensive"),
        ("more expensive", "pricier"),
        ("costs",),
    )


def column(
    name: str, values: str, amounts: str, nouns: str, less: str, more: str, verb: str = "has", **factor: float
) -> Column:
    """A column, its parts written with bars between."""
    split = lambda text: tuple(text.split("|"))  # noqa: E731
    return Column(
        name,
        tuple(float(v) for v in values.split()),
        split(amounts),
        split(nouns),
        split(less),
        split(more),
        split(verb),
        factor,
    )


SCHEMAS: dict[str, list[Column]] = {
    "books": [
        prices(4, 8, 12, 15, 20, 35, 60),
        column(
            "average_rating",
            "2 2.5 3 3.5 4 4.5 4.8",
            "{} stars",
            "rating|average rating|stars",
            "worse",
            "better",
            "is rated",
        ),
        column(
            "ratings_count",
            "5 40 150 600 2000 9000",
            "{} ratings|{} reviews",
            "number of ratings|ratings count",
            "less",
            "more",
        ),
        column(
            "num_pages",
            "60 120 200 300 450 800",
            "{} pages",
            "page count|number of pages",
            "shorter",
            "longer",
        ),
    ],
    "games": [
        column(
            "playtime_minutes",
            "10 20 30 60 90 120 240",
            "{} minutes|{} min|{} mins",
            "playing time|playtime",
            "shorter|quicker",
            "longer",
            "takes|lasts",
        ),
        column(
            "complexity",
            "1 1.5 2 2.5 3 4 4.5",
            "a complexity of {}|complexity {}",
            "complexity",
            "easier",
            "harder",
        ),
    ],
    "recipes": [
        column(
            "minutes",
            "5 15 20 30 45 60 90 180",
            "{} minutes|{} min",
            "cooking time|time",
            "quicker|shorter",
            "longer",
            "takes",
        ),
        column(
            "n_ingredients",
            "2 4 5 7 9 12",
            "{} ingredients",
            "number of ingredients|n_ingredients",
            "less",
            "more",
        ),
        column("calories", "90 200 350 500 700 1200", "{} calories|{} kcal", "calories", "less", "more"),
    ],
    "shop": [
        prices(5, 10, 25, 50, 75, 100, 250, 1500),
        column(
            "weight_kg",
            "0.2 0.5 1 2 5 10 30",
            "{} kg|{} kilos|{}kg",
            "weight",
            "lighter",
            "heavier",
            "weighs",
        ),
        column(
            "review_count",
            "0 10 50 100 500 3000",
            "{} reviews",
            "number of reviews|review count",
            "less",
            "more",
        ),
        column("rating", "1 2 3 3.5 4 4.5 5", "{} stars", "rating", "worse", "better", "is rated"),
        column("width_cm", "5 20 40 60 80 120", "{} cm|{} centimetres", "width", "narrower", "wider"),
    ],
    "jobs": [
        column(
            "salary",
            "28000 36000 42000 50000 60000 85000",
            "{} euros|€{}|{} dollars",
            "salary|pay",
            "less",
            "more",
            "pays",
        ),
        column(
            "years_experience",
            "0 1 2 3 5 8",
            "{} years of experience|{} years experience",
            "experience",
            "less",
            "more",
        ),
    ],
    "songs": [
        column(
            "tempo", "60 80 100 120 140 180", "{} bpm|{} beats per minute", "tempo|bpm", "slower", "faster"
        ),
        column(
            "popularity",
            "1 10 30 50 70 95",
            "a popularity of {}|popularity {}",
            "popularity",
            "less popular",
            "more popular",
        ),
    ],
    "homes": [
        prices(90000, 150000, 200000, 300000, 450000, 1200000),
        column("bedrooms", "1 2 3 4 5", "{} bedrooms", "number of bedrooms|bedrooms", "less", "more"),
        column(
            "living_area_sqm",
            "25 50 80 100 150 300",
            "{} square metres|{} sqm|{} m2",
            "area|living area",
            "smaller",
            "bigger|larger",
        ),
    ],
    "news": [
        column(
            "reading_minutes",
            "1 2 4 6 10 15",
            "{} minutes|{} min",
            "reading time",
            "shorter",
            "longer",
            "takes",
        ),
        column(
            "word_count", "100 300 500 900 2000", "{} words", "word count|number of words", "less", "more"
        ),
    ],
    "apps": [
        prices(0, 1, 3, 5, 10, 30),
        column(
            "size_mb", "2 10 25 50 100 400", "{} MB|{} megabytes|{}mb", "size", "smaller", "bigger|larger"
        ),
        column(
            "installs",
            "100 5000 10000 100000 1000000 5000000",
            "{} installs|{} downloads",
            "number of installs|installs",
            "less",
            "more popular",
        ),
        column("rating", "1.5 2.5 3.5 4 4.5 4.8", "{} stars", "rating", "worse", "better", "is rated"),
    ],
}
DATES: dict[str, tuple[str, str, bool]] = {
    "books": ("publication_year", "published", True),
    "games": ("year_published", "published", True),
    "shop": ("added_on", "added", False),
    "jobs": ("posted", "posted", False),
    "songs": ("release_date", "released", False),
    "homes": ("year_built", "built", True),
    "news": ("published_at", "published", False),
    "apps": ("last_updated", "updated", False),
}
FLAGS: dict[str, list[tuple[str, tuple[str, ...]]]] = {
    "books": [("in_stock", ("in stock", "available")), ("illustrated", ("illustrated",))],
    "games": [("cooperative", ("cooperative", "co-op")), ("in_stock", ("in stock",))],
    "recipes": [("vegan", ("vegan", "plant-based")), ("is_gluten_free", ("gluten free", "gluten-free"))],
    "shop": [
        ("in_stock", ("in stock", "available")),
        ("dishwasher_safe", ("dishwasher safe", "dishwasher-safe")),
        ("waterproof", ("waterproof",)),
    ],
    "jobs": [("remote", ("remote",)), ("full_time", ("full time", "full-time"))],
    "songs": [("explicit", ("explicit",)), ("instrumental", ("instrumental",))],
    "homes": [("furnished", ("furnished",)), ("pet_friendly", ("pet friendly", "pet-friendly"))],
    "news": [("premium", ("premium",))],
    "apps": [("ad_free", ("ad free", "ad-free"))],
}
ABOUT_TITLES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm")


def catalog_of(name: str) -> Catalog:
    """Forty items of a schema: every value of every column, in an order of their own."""
    dice, number = random.Random(name), 40
    rows: list[dict[str, object]] = [{} for _ in range(number)]
    attributes = []

    def fill(attribute: Attribute, values: list[object]) -> None:
        attributes.append(attribute)
        column = [values[n % len(values)] for n in range(number)]
        dice.shuffle(column)
        for row, value in zip(rows, column, strict=True):
            row[attribute.name] = value

    for one in SCHEMAS[name]:
        fill(Attribute(name=one.name, kind=Kind.NUMBER), list(one.values))
    if name in DATES:
        column_name, _, is_year = DATES[name]
        years = [1990, 2001, 2010, 2015, 2020, 2022, 2023, 2024, 2025]
        days: list[object] = (
            list(years)
            if is_year
            else [date(y, m, d) for y in years for m, d in ((1, 1), (3, 10), (5, 1), (6, 10))][:number]
        )
        fill(Attribute(name=column_name, kind=Kind.NUMBER if is_year else Kind.DATE), days)
    for flag, _ in FLAGS.get(name, ()):
        fill(Attribute(name=flag, kind=Kind.BOOLEAN), ["yes", "no"])
    items = [Item(f"{name}{n}", f"{ABOUT_TITLES[n % 5]} {name} {n}", row) for n, row in enumerate(rows)]  # type: ignore[arg-type]
    return Catalog(items, Schema(attributes=tuple(attributes)))


CATALOGS = {name: catalog_of(name) for name in SCHEMAS}
READERS = {name: RulesReader(one, TitleResolver(one), today=lambda: TODAY) for name, one in CATALOGS.items()}


def phrases_of(*path: str) -> list[str]:
    """A group of phrases, all or the part that the environment asks for."""
    listed: list[str] = PHRASES[path[0]][path[1]]
    if HELD_OUT == "all":
        return listed
    return [one for n, one in enumerate(listed) if (n % 3 == 2) == (HELD_OUT == "held-out")]


FRAMES = (
    "{}",
    "{}",
    "{}",
    "{}.",
    "{} please",
    "hi, {}",
    "something nice, {}",
    "{}, thanks",
    "{} for my sister",
    "ok, {}",
)
CAPITAL = ("{}", "{}", "{}", "{cap}")


@dataclass(frozen=True)
class Sentence:
    """A sentence, and which rows it asks for."""

    schema: str
    text: str
    group: str
    wanted: tuple[bool, ...] | None
    """None for what is only preferred."""
    column: str


def written(number: float, form: int) -> str:
    """A number as people write it."""
    if form == 1 and number >= 1000:
        return f"{number:,.0f}"
    if form == 2 and number >= 1000 and number % 1000 == 0 and number < 1_000_000:
        return f"{number / 1000:.0f}k"
    if form == 3 and number in WORDS:
        return WORDS[number]
    return f"{number:g}" if number < 1e5 else f"{number:.0f}"


WORDS = {
    2: "two",
    5: "five",
    10: "ten",
    20: "twenty",
    30: "thirty",
    50: "fifty",
    100: "a hundred",
    60: "sixty",
    45: "forty-five",
    90: "ninety",
    200: "two hundred",
    1000: "a thousand",
}
COMPARE: dict[str, Callable[[float, float, float], bool]] = {
    "under": lambda value, a, b: value < a,
    "at_most": lambda value, a, b: value <= a,
    "over": lambda value, a, b: value > a,
    "at_least": lambda value, a, b: value >= a,
    "between": lambda value, a, b: a <= value <= b,
}


@st.composite
def amount_sentences(draw: st.DrawFn) -> Sentence:
    schema = draw(st.sampled_from(sorted(SCHEMAS)))
    one = draw(st.sampled_from(SCHEMAS[schema]))
    section = draw(st.sampled_from(["amount", "price"] if one.name == "price" else ["amount"]))
    group = draw(st.sampled_from(sorted(PHRASES[section])))
    phrase = draw(st.sampled_from(phrases_of(section, group)))
    low, high = sorted(draw(st.lists(st.sampled_from(one.values), min_size=2, max_size=2, unique=True)))
    form = draw(st.integers(0, 3))
    unit = draw(st.sampled_from(one.amounts))
    if form == 3 and "{} " not in unit and " {}" not in unit:
        form = 0  # nobody writes "€fifty"
    if form == 3 and ("{N}-" in phrase or "{N} -" in phrase):
        form = 0
    if group == "about" and "popularity" in one.name:
        unit = "{} popularity"
    text = phrase.format(
        A=unit.format(written(low, form)),
        B=unit.format(written(high, 0 if "–" in phrase or "-" in phrase else form)),
        N=written(low, form),
        M=written(high, form),
        P=draw(st.sampled_from(one.nouns)),
        less=draw(st.sampled_from(one.less)),
        more=draw(st.sampled_from(one.more)),
        V=draw(st.sampled_from(one.verbs)),
    )
    rows = None
    if group != "about":
        rows = tuple(COMPARE[group](float(item.attributes[one.name]), low, high) for item in CATALOGS[schema])  # type: ignore[arg-type]
    return Sentence(schema, framed(draw, text), group, rows, one.name)


def framed(draw: st.DrawFn, text: str) -> str:
    frame = draw(st.sampled_from(FRAMES))
    if "?" in text or text.endswith(("please", "please.")):
        frame = "{}"
    return frame.format(text)


DATE_TESTS: dict[str, Callable[[date, date, date], bool]] = {
    "after": lambda day, first, last: day > last,
    "since": lambda day, first, last: day >= first,
    "before": lambda day, first, last: day < first,
    "until": lambda day, first, last: day <= last,
}


@st.composite
def date_sentences(draw: st.DrawFn) -> Sentence:
    schema = draw(st.sampled_from(sorted(DATES)))
    name, event, is_year = DATES[schema]
    if draw(st.booleans()):
        group = draw(st.sampled_from(sorted(PHRASES["date"])))
        phrase = draw(st.sampled_from(phrases_of("date", group)))
        year = draw(st.sampled_from([2001, 2010, 2015, 2020, 2022, 2023, 2024]))
        day = date(year, draw(st.sampled_from([1, 3, 5])), draw(st.sampled_from([1, 10])))
        forms = [(str(year), date(year, 1, 1), date(year, 12, 31))]
        if not is_year:
            month = date(day.year, day.month, 1)
            forms += [
                (day.isoformat(), day, day),
                (f"{day.day} {day:%B} {day.year}", day, day),
                (f"{day:%B} {day.day}, {day.year}", day, day),
                (
                    f"{day:%B} {day.year}",
                    month,
                    (month + timedelta(days=40)).replace(day=1) - timedelta(days=1),
                ),
            ]
        said, first, last = draw(st.sampled_from(forms))
        test = DATE_TESTS[group]
    else:
        group = draw(st.sampled_from(sorted(PHRASES["relative"])))
        phrase = draw(st.sampled_from(phrases_of("relative", group)))
        said = ""
        first, last = {
            "last_year": (date(2024, 1, 1), date(2024, 12, 31)),
            "this_year": (date(2025, 1, 1), TODAY),
            "last_two_years": (date(2023, 6, 15), TODAY),
        }[group]
        test = lambda day, first, last: first <= day <= last  # noqa: E731
    text = phrase.format(event=event, D=said)
    rows = []
    for item in CATALOGS[schema]:
        value = item.attributes[name]
        if isinstance(value, date):
            rows.append(test(value, first, last))
        else:
            rows.append(test(date(int(str(value)), 7, 1), date(first.year, 7, 1), date(last.year, 7, 1)))
    return Sentence(schema, framed(draw, text), group, tuple(rows), name)


@st.composite
def flag_sentences(draw: st.DrawFn) -> Sentence:
    schema = draw(st.sampled_from(sorted(FLAGS)))
    name, said = draw(st.sampled_from(FLAGS[schema]))
    group = draw(st.sampled_from(["yes", "no"]))
    text = draw(st.sampled_from(phrases_of("flag", group))).format(F=draw(st.sampled_from(said)))
    rows = tuple(item.attributes[name] == group for item in CATALOGS[schema])
    return Sentence(schema, framed(draw, text), group, rows, name)


@st.composite
def joined_sentences(draw: st.DrawFn) -> list[Sentence]:
    """Two conditions on two columns in one sentence."""
    one = draw(amount_sentences().filter(lambda s: s.wanted is not None and "?" not in s.text))
    other = draw(
        amount_sentences().filter(
            lambda s: s.schema == one.schema and s.column != one.column and s.wanted is not None
        )
    )
    return [one, other]


def rows_of(schema: str, said: Understanding) -> tuple[bool, ...]:
    return tuple(mask(CATALOGS[schema], (*said.constraints, *said.required)).tolist())


def is_right(sentence: Sentence) -> bool:
    """Whether the reading holds for just the rows that the sentence asks for, and says what it prefers."""
    said = READERS[sentence.schema].read(sentence.text)
    if said.unknown or said.asked:
        return False
    if sentence.wanted is None:
        about = [leaf for one in said.prefer for leaf in one.fields]
        return not said.constraints and not said.required and sentence.column in about
    return rows_of(sentence.schema, said) == sentence.wanted


KINDS = {"amount": amount_sentences(), "date": date_sentences(), "flag": flag_sentences()}


def drawn(kind: str, count: int) -> tuple[Counter[str], list[Sentence]]:
    """How many sentences of each group were read, and those that were read wrongly."""
    seen, wrong = Counter[str](), list[Sentence]()

    @settings(max_examples=count, deadline=None, derandomize=True, database=None)
    @given(KINDS[kind])
    def read(sentence: Sentence) -> None:
        seen[sentence.group] += 1
        if not is_right(sentence):
            wrong.append(sentence)

    read()
    return seen, wrong


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_is_said_is_what_is_read(kind: str) -> None:
    seen, wrong = drawn(kind, SENTENCES // len(KINDS))
    shown = "\n".join(f"{one.schema}: {one.text!r} ({one.group} {one.column})" for one in wrong[:40])
    assert not wrong, f"{len(wrong)} of {seen.total()} sentences are read wrongly:\n{shown}"


def report(count: int) -> Iterator[str]:
    """Figures by kind, and what is read wrongly, for development."""
    for kind in KINDS:
        seen, wrong = drawn(kind, count)
        yield f"{kind}: {seen.total() - len(wrong)} of {seen.total()}"
        yield from (f"  {one.schema}: {one.text!r} ({one.group} {one.column})" for one in wrong)


if __name__ == "__main__":
    import sys

    sys.stdout.write("\n".join(report(int(sys.argv[1]))) + "\n")
