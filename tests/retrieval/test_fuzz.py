"""Whatever bytes and words readers and conditions are given: a result or an error of ours, in seconds."""

import tempfile
import time
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tastemaker.retrieval.errors import TastemakerError
from tastemaker.retrieval.filters.where_parser import parse_where
from tastemaker.retrieval.ingest.interactions_file import read_interactions
from tastemaker.retrieval.ingest.items_file import read_items
from tastemaker.retrieval.search.query_text import clean
from tastemaker.retrieval.text.whole_characters import whole_characters
from tastemaker.retrieval.titles.item_lookup import find_item
from tastemaker.retrieval.titles.resolver import TitleResolver

SECONDS = 5.0
FUZZ = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

any_text = st.text(st.characters(exclude_categories=()), max_size=300)
cells = st.one_of(any_text.map(lambda t: t[:40]), st.integers().map(str), st.floats().map(str), st.just(""))
separators = st.sampled_from([",", "\t", ";", "|", "\x00"])
tables = st.tuples(separators, st.lists(st.lists(cells, min_size=1, max_size=6), max_size=8)).map(
    lambda made: "\n".join(made[0].join(row) for row in made[1])
)
contents = st.one_of(
    st.binary(max_size=400),
    tables.map(lambda text: text.encode("utf-8", "replace")),
    tables.map(lambda text: b"id,title,year\n" + text.encode("utf-8", "replace")),
    st.lists(
        st.dictionaries(st.sampled_from(["id", "title", "year", "x"]), cells, max_size=4), max_size=5
    ).map(lambda rows: "\n".join(map(str, rows)).replace("'", '"').encode("utf-8", "replace")),
    st.binary(max_size=200).map(lambda tail: b"PAR1" + tail + b"PAR1"),
    st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail),
    st.binary(max_size=200).map(lambda tail: b"\x1f\x8b" + tail),
)
endings = st.sampled_from(
    [".csv", ".tsv", ".jsonl", ".json", ".parquet", ".txt", ".xlsx", ".csv.gz", ".dat", ""]
)


def in_time(act):
    started = time.perf_counter()
    with suppress(TastemakerError):
        act()
    assert time.perf_counter() - started < SECONDS


@FUZZ
@given(content=contents, ending=endings)
def test_any_file_is_read_or_refused(film_catalog, content, ending):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"data{ending}"
        file.write_bytes(content)
        in_time(lambda: read_items(file))
        in_time(lambda: read_interactions(file, film_catalog))


words = st.sampled_from(
    "year genres director premise is not any of none all at least most between and or before after contains ( ) , 1990"
    ' "Ada Stone" Comedy NaN 1e999 -0 \x00 \ud800 ≥ 19９0'.split(" ")
)


@settings(FUZZ, max_examples=300)
@given(asked=st.one_of(any_text, st.lists(words, max_size=25).map(" ".join)))
def test_any_condition_is_parsed_or_refused(film_catalog, asked):
    in_time(lambda: parse_where(asked, film_catalog.schema))


@settings(FUZZ, max_examples=200)
@given(depth=st.integers(1, 5000), inner=st.sampled_from(["", "year is 1990", "not "]))
def test_any_depth_of_brackets_is_parsed_or_refused(film_catalog, depth, inner):
    in_time(lambda: parse_where("(" * depth + inner + ")" * depth, film_catalog.schema))
    in_time(lambda: parse_where("not " * depth + "year is 1990", film_catalog.schema))


@settings(FUZZ, max_examples=200)
@given(typed=any_text)
def test_any_title_and_query_is_answered(film_catalog, typed):
    resolver = TitleResolver(film_catalog)
    in_time(lambda: find_item(typed, film_catalog, resolver))
    in_time(lambda: resolver.search(typed))
    whole_characters(typed).encode()
    clean(typed)[0].encode()
