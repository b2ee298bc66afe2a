"""The text index: constraints hold on both paths, and an index that does not belong is refused."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.item_text import item_texts
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.errors import QueryError, WorkspaceError
from tastemaker.retrieval.filters.constraints import Constraint, Op, mask
from tastemaker.retrieval.index.chroma_filters import to_chroma_where
from tastemaker.retrieval.index.embedder import Vectors
from tastemaker.retrieval.index.hashing_embedder import HashingEmbedder
from tastemaker.retrieval.index.vector_index import VectorIndex

SCHEMA = Schema(
    attributes=(
        Attribute(name="colour", kind=Kind.CATEGORY),
        Attribute(name="genres", kind=Kind.TAGS),
        Attribute(name="year", kind=Kind.NUMBER),
        Attribute(name="released", kind=Kind.DATE),
        Attribute(name="premise", kind=Kind.TEXT),
    )
)
COLOURS = ["Red", "blue", "ß", None]
GENRES = ["Horror", "comedy", "War", "Sci-Fi"]
EMBEDDER = HashingEmbedder(32)


def item(n: int) -> Item:
    known = {
        "colour": COLOURS[n % 4],
        "genres": tuple(GENRES[: n % 5]) or None,
        "year": 1980 + n % 30 if n % 7 else None,
        "released": date(1990 + n % 10, 1 + n % 12, 5) if n % 6 else None,
        "premise": f"story number {n} of a {GENRES[n % 4]} kind" if n % 9 else None,
    }
    return Item(f"id {n}", f"Title {n}", {name: value for name, value in known.items() if value is not None})


CATALOG = Catalog([item(n) for n in range(120)], SCHEMA)
TEXTS = item_texts(CATALOG)


class Counting(HashingEmbedder):
    """Counts the texts it embeds and gives up after ``most``."""

    def __init__(self, most: int = 10**9) -> None:
        super().__init__(32)
        self.most, self.seen = most, 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        if self.seen + len(texts) > self.most:
            raise KeyboardInterrupt
        self.seen += len(texts)
        return super().encode(texts)


def take_chroma_above(index: VectorIndex, rows: int) -> None:
    index.exact_rows = index.exact_filtered_rows = rows


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VectorIndex]:
    staging = tmp_path_factory.mktemp("index") / "staging"
    VectorIndex.build(staging, CATALOG, TEXTS, EMBEDDER, progress=False).close()
    with VectorIndex.open(staging.rename(staging.with_name("done")), CATALOG, EMBEDDER) as opened:
        yield opened


@pytest.fixture(params=["chroma", "exact"])
def path(request: pytest.FixtureRequest, index: VectorIndex) -> str:
    take_chroma_above(index, 0 if request.param == "chroma" else 10**6)
    return str(request.param)


def c(field: str, op: Op, value: object) -> Constraint:
    return Constraint(field=field, op=op, value=value)  # type: ignore[arg-type]


def test_an_items_own_text_finds_it(index: VectorIndex, path: str) -> None:
    for row in (0, 17, 119):
        found = index.find(TEXTS[row], 3)
        assert found.path == path
        assert found.pairs[0][0] == CATALOG.at(row).id
        assert found.pairs[0][1] == pytest.approx(1, abs=1e-5)
        assert [score for _, score in found.pairs] == sorted((s for _, s in found.pairs), reverse=True)


def test_both_paths_give_the_same(index: VectorIndex) -> None:
    wanted = [c("genres", Op.ANY_OF, ["horror", "war"]), c("year", Op.BETWEEN, [1985, 2005])]
    take_chroma_above(index, 0)
    by_chroma = index.find("a comedy story", 8, wanted, exclude=["id 4", "nobody"])
    take_chroma_above(index, 10**6)
    by_product = index.find("a comedy story", 8, wanted, exclude=["id 4", "nobody"])
    assert (by_chroma.path, by_product.path) == ("chroma", "exact")
    assert [score for _, score in by_chroma.pairs] == pytest.approx(
        [score for _, score in by_product.pairs], abs=1e-5
    )


def test_similar_leaves_the_item_itself_out(index: VectorIndex, path: str) -> None:
    found = [item_id for item_id, _ in index.similar("id 8", 5, exclude=["id 9"])]
    assert len(found) == 5
    assert not {"id 8", "id 9"} & set(found)


def test_fewer_come_only_where_fewer_are_allowed(index: VectorIndex, path: str) -> None:
    only = [c("premise", Op.CONTAINS, "number 17 of")]
    assert [item_id for item_id, _ in index.search("anything", 10, only)] == ["id 17"]
    assert index.search("anything", 10, [c("colour", Op.IS, "green")]) == []
    assert len(index.search("anything", 500)) == len(CATALOG)
    assert index.search("anything", 5, exclude=CATALOG.ids) == []


CONSTRAINTS = st.one_of(
    st.builds(
        c,
        st.just("colour"),
        st.sampled_from([Op.IS, Op.IS_NOT, Op.ANY_OF, Op.NONE_OF]),
        st.sampled_from(["red", "BLUE", "SS", "green"]),
    ),
    st.builds(
        c,
        st.just("genres"),
        st.sampled_from([Op.ANY_OF, Op.NONE_OF, Op.ALL_OF]),
        st.lists(st.sampled_from([*GENRES, "none"]), min_size=1, max_size=3),
    ),
    st.builds(
        c,
        st.just("year"),
        st.sampled_from([Op.IS, Op.IS_NOT, Op.AT_LEAST, Op.AT_MOST, Op.BEFORE, Op.AFTER]),
        st.integers(1975, 2015),
    ),
    st.builds(
        c,
        st.just("released"),
        st.sampled_from([Op.IS, Op.IS_NOT, Op.AT_LEAST, Op.BEFORE, Op.AFTER]),
        st.integers(1989, 2001) | st.dates(date(1990, 1, 1), date(1999, 12, 31)),
    ),
    st.builds(c, st.just("premise"), st.just(Op.CONTAINS), st.sampled_from(["war", "number 1", "zebra"])),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(CONSTRAINTS, max_size=3), st.integers(1, 30), st.sampled_from([0, 40, 10**6]))
def test_no_constraint_is_ever_broken_and_nothing_is_kept_back(
    index: VectorIndex, wanted: list[Constraint], k: int, exact_rows: int
) -> None:
    take_chroma_above(index, exact_rows)
    allowed = {CATALOG.at(int(row)).id for row in np.flatnonzero(mask(CATALOG, wanted))}
    found = [item_id for item_id, _ in index.search("a war story", k, wanted)]
    assert set(found) <= allowed
    assert len(found) == len(set(found)) == min(k, len(allowed))


@settings(max_examples=60, deadline=None)
@given(st.lists(CONSTRAINTS, min_size=1, max_size=3))
def test_what_is_pushed_down_never_hides_an_allowed_item(
    index: VectorIndex, wanted: list[Constraint]
) -> None:
    where = to_chroma_where(wanted, SCHEMA)
    passed = set(index.store.collection().get(where=where, include=[])["ids"])
    allowed = {CATALOG.at(int(row)).id for row in np.flatnonzero(mask(CATALOG, wanted))}
    assert allowed <= passed
    exactly_said = all(
        one.op is not Op.CONTAINS and not (one.field == "released" and one.op is Op.IS_NOT) for one in wanted
    )
    assert not exactly_said or allowed == passed


@pytest.mark.parametrize(
    ("wish", "k", "says"),
    [
        ("", 5, "the wish is empty"),
        (" \n ", 5, "the wish is empty"),
        ("x", 0, "k is 0"),
        (np.ones(3, np.float32), 5, r"float32\[32\]"),
        (np.zeros(32, np.float32), 5, "not zero"),
        (np.full(32, np.nan, np.float32), 5, "finite"),
    ],
)
def test_malformed_queries_are_refused(index: VectorIndex, wish: str | Vectors, k: int, says: str) -> None:
    with pytest.raises(QueryError, match=says):
        index.search(wish, k)


def test_a_very_long_wish_is_cut(index: VectorIndex) -> None:
    assert len(index.search("story " * 20_000, 3)) == 3


def test_an_unknown_field_or_item_is_refused(index: VectorIndex) -> None:
    with pytest.raises(QueryError, match="did you mean 'year'"):
        index.search("x", 3, [c("yaer", Op.IS, 1990)])
    with pytest.raises(QueryError, match="no item with id 'nobody'"):
        index.similar("nobody", 3)


def test_vectors_are_the_embedders_in_row_order(index: VectorIndex) -> None:
    assert index.vectors.dtype == np.float32
    np.testing.assert_allclose(index.vectors, EMBEDDER.encode(TEXTS), atol=1e-6)


def test_an_interrupted_build_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tastemaker.retrieval.index.chroma_fill.BATCH", 50)
    with pytest.raises(KeyboardInterrupt):
        VectorIndex.build(tmp_path, CATALOG, TEXTS, Counting(most=60), progress=False)
    with pytest.raises(WorkspaceError, match="no finished text index"):
        VectorIndex.open(tmp_path, CATALOG, EMBEDDER)
    rest = Counting()
    with VectorIndex.build(tmp_path, CATALOG, TEXTS, rest, progress=False) as built:
        assert rest.seen == 70
        np.testing.assert_allclose(built.vectors, EMBEDDER.encode(TEXTS), atol=1e-6)


def test_a_changed_catalogue_embeds_only_what_changed(tmp_path: Path) -> None:
    VectorIndex.build(tmp_path, CATALOG, TEXTS, EMBEDDER, progress=False).close()
    fewer = Catalog([item(n) if n != 5 else Item("id 5", "New", {"year": 1}) for n in range(100)], SCHEMA)
    with pytest.raises(WorkspaceError, match=r"of another catalogue \(120 items then, 100 now\)"):
        VectorIndex.open(tmp_path, fewer, EMBEDDER)
    counting = Counting()
    with VectorIndex.build(tmp_path, fewer, item_texts(fewer), counting, progress=False) as built:
        assert counting.seen == 1
        take_chroma_above(built, 0)
        assert built.search("x", 200, [c("year", Op.AT_MOST, 10)])[0][0] == "id 5"
        assert len(built.search("x", 200)) == 100


def test_an_index_of_another_model_or_a_broken_one_is_refused(tmp_path: Path) -> None:
    VectorIndex.build(tmp_path, CATALOG, TEXTS, EMBEDDER, progress=False).close()
    with pytest.raises(WorkspaceError, match=r"made with 'hashing-32', not 'hashing-64'.*tastemaker build"):
        VectorIndex.open(tmp_path, CATALOG, HashingEmbedder(64))
    (tmp_path / "vectors.npy").write_bytes(b"rubbish")
    with pytest.raises(WorkspaceError, match="no matrix of vectors"):
        VectorIndex.open(tmp_path, CATALOG, EMBEDDER)
    with VectorIndex.build(tmp_path, CATALOG, TEXTS, HashingEmbedder(64), progress=False) as built:
        assert built.vectors.shape == (120, 64)
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"rubbish")
    with pytest.raises(WorkspaceError, match="tastemaker build"):
        VectorIndex.open(tmp_path, CATALOG, HashingEmbedder(64))


def test_nothing_in_the_folder_names_its_place(tmp_path: Path) -> None:
    VectorIndex.build(tmp_path / "here", CATALOG, TEXTS, EMBEDDER, progress=False).close()
    place = str(tmp_path).encode()
    assert not [file for file in tmp_path.rglob("*") if file.is_file() and place in file.read_bytes()]
