"""Generated condition trees: two implementations agree, nothing shown breaks one, and words read back."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
import pytest
from chromadb.config import Settings
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.item_text import item_texts
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.filters.aggregates import Aggregate, What, aggregate
from tastemaker.retrieval.filters.conditions import (
    CONDITION,
    AllOf,
    AnyOf,
    Condition,
    Constraint,
    Not,
    Op,
    all_of,
    any_of,
    describe,
)
from tastemaker.retrieval.filters.constraints import ALLOWED, SEVERAL, check, mask, satisfies
from tastemaker.retrieval.filters.relaxations import relaxations
from tastemaker.retrieval.filters.where_parser import parse_where
from tastemaker.retrieval.index.chroma_filters import to_chroma_where, to_metadata
from tastemaker.retrieval.index.hashing_embedder import HashingEmbedder
from tastemaker.retrieval.index.vector_index import VectorIndex

quick = settings(deadline=None, derandomize=True)

SCHEMA = Schema(
    attributes=(
        Attribute(name="colour", kind=Kind.CATEGORY),
        Attribute(name="all tags", kind=Kind.TAGS),
        Attribute(name="year", kind=Kind.NUMBER),
        Attribute(name="not before", kind=Kind.DATE),
        Attribute(name="premise", kind=Kind.TEXT),
    )
)
WORDS = st.sampled_from(
    [
        "a",
        "A b",
        "and",
        "B or c",
        "not",
        "any of x",
        "in",
        "ß",
        "SS",
        "İ",
        "x\0y",
        '"',
        "'n'",
        "a, b",
        "(",
        "=1",
        "it's",
    ]
)
NUMBERS = st.integers(-3, 3) | st.sampled_from([0.5, -1.5, 2**53 + 1, 1e300])
DATES = st.dates(date(1994, 11, 1), date(1996, 2, 1))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "colour": WORDS,
    "all tags": st.lists(WORDS, max_size=3).map(tuple),
    "year": NUMBERS,
    "not before": DATES,
    "premise": st.lists(WORDS, max_size=3).map(" ".join),
}
ATTRIBUTES = st.fixed_dictionaries({}, optional=VALUES)


def catalog_of(rows: Sequence[dict[str, Any]]) -> Catalog:
    return Catalog([Item(str(n), f"Item {n}", row) for n, row in enumerate(rows)], SCHEMA)


CATALOGS = st.lists(ATTRIBUTES, max_size=8).map(catalog_of)


@st.composite
def constraints(draw: st.DrawFn) -> Constraint:
    attribute = draw(st.sampled_from(SCHEMA.attributes))
    op = draw(st.sampled_from(ALLOWED[attribute.kind]))
    one = {Kind.NUMBER: NUMBERS, Kind.DATE: DATES | st.integers(1994, 1996)}.get(attribute.kind, WORDS)
    if op is Op.BETWEEN:
        value = draw(st.tuples(one, one))
    else:
        value = draw(st.lists(one, min_size=1, max_size=3).map(tuple) if op in SEVERAL else one)
    try:
        return check(Constraint(field=attribute.name, op=op, value=value), SCHEMA)
    except QueryError:  # a reversed `between`
        return check(Constraint(field=attribute.name, op=op, value=value[::-1]), SCHEMA)


def _joined(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(parts, min_size=2, max_size=3)
    negated = parts.map(lambda part: part.none_of if isinstance(part, Not) else Not(none_of=part))
    return several.map(all_of) | several.map(any_of) | negated


CONDITIONS: st.SearchStrategy[Condition] = st.recursive(constraints(), _joined, max_leaves=6)


def meets(item: Item, condition: Condition) -> bool:
    """A third, naive reading of the joints."""
    match condition:
        case AllOf(all_of=parts):
            return sum(meets(item, part) for part in parts) == len(parts)
        case AnyOf(any_of=parts):
            return sum(meets(item, part) for part in parts) > 0
        case Not(none_of=part):
            return meets(item, part) is False
    return satisfies(item, condition)


@quick
@given(CATALOGS, st.lists(CONDITIONS, max_size=3))
def test_columns_and_row_wise_check_agree(catalog: Catalog, wanted: list[Condition]) -> None:
    rows = mask(catalog, wanted).tolist()
    assert rows == [all(satisfies(item, one) for one in wanted) for item in catalog]
    assert rows == [all(meets(item, one) for one in wanted) for item in catalog]


@quick
@given(CONDITIONS)
def test_words_and_json_read_back_to_the_same(condition: Condition) -> None:
    assert parse_where(describe(condition), SCHEMA) == condition
    assert check(CONDITION.validate_json(CONDITION.dump_json(condition)), SCHEMA) == condition


@quick
@given(CATALOGS, st.lists(CONDITIONS, min_size=1, max_size=3))
def test_a_relaxation_frees_what_it_says(catalog: Catalog, wanted: list[Condition]) -> None:
    units = [part for one in wanted for part in (one.all_of if isinstance(one, AllOf) else (one,))]
    fitting = int(mask(catalog, wanted).sum())
    for one in relaxations(catalog, wanted):
        others = [unit for unit in units if unit != one.constraint]
        changed = [*others, one.relaxed] if one.relaxed else others
        assert int(mask(catalog, changed).sum()) == fitting + one.freed
        assert one.freed > 0


@quick
@given(CATALOGS, CONDITIONS, st.integers(1, 3))
def test_aggregates_agree_with_plain_counting(catalog: Catalog, where: Condition, k: int) -> None:
    items = [item for item in catalog if satisfies(item, where)]
    asked = {"where": (where,), "k": k}
    assert aggregate(catalog, Aggregate(what=What.COUNT, **asked)).value == len(items)
    years = sorted((float(i.attributes["year"]) for i in items if "year" in i.attributes), reverse=True)  # type: ignore[arg-type]
    newest = aggregate(catalog, Aggregate(what=What.HIGHEST, field="year", **asked))
    assert len(newest.ids) == sum(year >= years[min(k, len(years)) - 1] for year in years)
    assert (newest.value is None) == (not years)
    tags = Counter(
        tag for i in items for tag in {t.casefold() for t in as_tags(i.attributes.get("all tags"))}
    )
    common = aggregate(catalog, Aggregate(what=What.COMMONEST, field="all tags", **asked))
    counts = sorted(tags.values(), reverse=True)
    assert [n for _, n in common.values] == [n for n in counts if n >= counts[min(k, len(counts)) - 1]]
    assert all(tags[value.casefold()] == n for value, n in common.values)
    assert aggregate(catalog, Aggregate(what=What.DISTINCT, field="all tags", **asked)).value == len(tags)


def _mixed(n_items: int) -> Catalog:
    """Many items whose attributes go through every pool at a pace of its own; some are missing."""
    words = ["a", "A b", "and", "B or c", "not", "any of x", "in", "ß", "SS", "İ", "a, b", "(", "it's"]
    rng = np.random.default_rng(7)
    rows = []
    for _ in range(n_items):
        tags = [words[i] for i in rng.choice(len(words), size=rng.integers(0, 4), replace=False)]
        row = {
            "colour": words[rng.integers(len(words))],
            "all tags": tuple(tags),
            "year": float(rng.integers(-6, 7)) / 2,
            "not before": date(1994, 11, 1).replace(year=int(rng.integers(1994, 1997))),
            "premise": " ".join(tags),
        }
        rows.append({name: value for name, value in row.items() if rng.random() < 0.8})
    return catalog_of(rows)


MIXED = _mixed(300)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VectorIndex]:
    folder = tmp_path_factory.mktemp("generated")
    with VectorIndex.build(folder, MIXED, item_texts(MIXED), HashingEmbedder(16), progress=False) as built:
        yield built


@quick
@given(st.lists(CONDITIONS, max_size=3), st.integers(1, 20), st.integers(0, 299))
def test_every_result_of_the_index_meets_every_condition(
    index: VectorIndex, wanted: list[Condition], k: int, like: int
) -> None:
    found = index.similar(str(like), k, wanted)  # type: ignore[arg-type]
    fitting = [i for i in MIXED if i.id != str(like) and all(satisfies(i, one) for one in wanted)]
    assert len(found) == min(k, len(fitting))
    assert all(satisfies(MIXED[item_id], one) for item_id, _ in found for one in wanted)


@pytest.fixture(scope="module")
def passing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Any], set[str]]]:
    """Ids of the items that the real Chroma lets through a ``where``."""
    folder: Path = tmp_path_factory.mktemp("chroma")
    client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
    collection = client.create_collection("items", embedding_function=None)
    metadatas = [{**to_metadata(item, SCHEMA), "always": 1} for item in MIXED]
    vectors = np.eye(len(MIXED), 4, dtype=np.float32)
    collection.add(ids=list(MIXED.ids), embeddings=vectors, metadatas=metadatas)
    yield lambda where: set(collection.get(where=where, include=[])["ids"])
    client.close()


@quick
@given(st.lists(CONDITIONS, min_size=1, max_size=3))
def test_chromas_filter_never_leaves_out_an_item_that_fits(
    passing: Callable[[Any], set[str]], wanted: list[Condition]
) -> None:
    where = to_chroma_where(wanted, SCHEMA)
    assume(where is not None)
    fitting = {item.id for item in MIXED if all(satisfies(item, one) for one in wanted)}
    assert fitting <= passing(where)
