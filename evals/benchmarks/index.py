"""The dense part of the search beside its peers, on made-up clustered vectors and attributes.

Peers: NumPy's product with the allowed rows, which is also what recall is measured against, and a
plain Chroma query with the conditions in its ``where``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.filters.constraints import Constraint, Op, mask
from tastemaker.retrieval.index.embedder import TextEmbedder, Vectors
from tastemaker.retrieval.index.index_files import read_matrix, write_matrix
from tastemaker.retrieval.index.vector_cache import text_hashes
from tastemaker.retrieval.index.vector_index import VectorIndex

K, QUERIES, CLUSTER = 10, 40, 500
SCHEMA = Schema(
    attributes=(
        Attribute(name="year", kind=Kind.NUMBER),
        Attribute(name="rank", kind=Kind.NUMBER),
        Attribute(name="genres", kind=Kind.TAGS),
    )
)
FILTERS: dict[str, tuple[Constraint, ...]] = {
    "none": (),
    "1 %": (Constraint(field="rank", op=Op.BEFORE, value=1),),
    "10 %": (Constraint(field="rank", op=Op.BEFORE, value=10),),
    "50 %": (Constraint(field="rank", op=Op.BEFORE, value=50),),
    "two": (
        Constraint(field="year", op=Op.AT_LEAST, value=1960),
        Constraint(field="genres", op=Op.ANY_OF, value=("genre 1", "genre 2")),
    ),
}
"""About 18 % of the items meet the last one."""

Row = tuple[str, ...]


class Given:
    """An embedder that looks the vectors of numbered texts up, so that no model's time is measured."""

    name = "given"

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of some rows, written as numbers."""
        vectors: Vectors = self._vectors[[int(text) for text in texts]]
        return vectors

    def encode_query(self, text: str) -> Vectors:  # noqa: ARG002
        """The first row; only the mark of the model asks for it."""
        first: Vectors = self._vectors[0]
        return first


@dataclass(frozen=True)
class Measured:
    """Tables' rows of one size, the size of the vectors, and the process's memory beside them, in bytes."""

    rows: list[Row]
    vector_bytes: int
    resident_bytes: int


HEAD: Row = (
    "items",
    "filter",
    "path",
    "p50 ms",
    "p95 ms",
    "recall@10",
    "x NumPy",
    "Chroma p95 ms",
    "x Chroma",
)


def searches(folder: Path, n_items: int, size: int, with_chroma: bool) -> Measured:
    """Ours beside the peers for every filter.

    Args:
        folder: an empty one, for the index.
        n_items, size: of the made-up catalogue; vectors are float32[n_items, size].
        with_chroma: whether to fill a Chroma collection; some minutes for 100,000 items.
    """
    catalog = Catalog(_items(n_items), SCHEMA)
    blocks = _cluster_blocks(n_items, size)
    write_matrix(folder, blocks, (n_items, size), text_hashes([]))
    vectors = read_matrix(folder, n_items)
    given = Given(vectors)
    index = (
        VectorIndex.build(
            folder / "index", catalog, [str(row) for row in range(n_items)], given, progress=False
        )
        if with_chroma
        else VectorIndex(catalog, given, vectors)
    )
    with index:
        rows = [_row(index, catalog, vectors, name, wanted) for name, wanted in FILTERS.items()]
        return Measured(rows, vectors.nbytes, resident_bytes())


def build_ratio(
    folder: Path, catalog: Catalog, texts: Sequence[str], embedder: TextEmbedder
) -> tuple[float, float]:
    """Seconds of encoding the texts alone, the mean of once before and once after, and of a whole build."""
    embedder.encode(texts[:32])
    before = _time(lambda: embedder.encode(texts))
    whole = _time(lambda: VectorIndex.build(folder, catalog, texts, embedder, progress=False).close())
    after = _time(lambda: embedder.encode(texts))
    return (before + after) / 2, whole


def resident_bytes() -> int:
    """This process's memory, files mapped into it included."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))


def _row(
    index: VectorIndex, catalog: Catalog, vectors: Vectors, name: str, wanted: tuple[Constraint, ...]
) -> Row:
    allowed = np.flatnonzero(mask(catalog, wanted))
    ours, exact, chroma, shares = [], [], [], []
    path = index.find(vectors[0], K, wanted).path  # also warms up
    for query in _queries(vectors):
        started = time.perf_counter()
        found = index.find(query, K, wanted).pairs
        ours.append(time.perf_counter() - started)
        started = time.perf_counter()
        best = _brute_force(vectors, allowed, query)
        exact.append(time.perf_counter() - started)
        shares.append(
            len({item_id for item_id, _ in found} & {catalog.at(row).id for row in best}) / len(best)
        )
        if index.store:
            started = time.perf_counter()
            index.store.nearest(query, K, wanted)
            chroma.append(time.perf_counter() - started)
    median, slow = np.quantile(ours, [0.5, 0.95]) * 1e3
    by_chroma = (
        (f"{np.quantile(chroma, 0.95) * 1e3:.2f}", f"{np.median(ours) / np.median(chroma):.3f}")
        if chroma
        else ("", "")
    )
    to_numpy = f"{np.median(ours) / np.median(exact):.2f}"
    return (
        f"{len(catalog):,}",
        name,
        path,
        f"{median:.2f}",
        f"{slow:.2f}",
        f"{np.mean(shares):.3f}",
        to_numpy,
        *by_chroma,
    )


def _brute_force(vectors: Vectors, allowed: npt.NDArray[np.int64], query: Vectors) -> list[int]:
    scores = (vectors if len(allowed) == len(vectors) else vectors[allowed]) @ query
    best = np.argpartition(-scores, K)[:K] if len(scores) > K else np.arange(len(scores))
    return [int(row) for row in allowed[best]]


def _queries(vectors: Vectors) -> Iterator[Vectors]:
    """Vectors near some item's."""
    random = np.random.default_rng(1)
    for row in random.integers(len(vectors), size=QUERIES):
        query = vectors[row] + 0.5 * random.standard_normal(vectors.shape[1]) / np.sqrt(vectors.shape[1])
        yield (query / np.linalg.norm(query)).astype(np.float32)


def _cluster_blocks(n_items: int, size: int) -> Iterator[tuple[npt.NDArray[np.int64], Vectors]]:
    """Unit vectors around centres, in blocks, with their rows."""
    random = np.random.default_rng(0)
    centres = random.standard_normal((max(8, n_items // CLUSTER), size), dtype=np.float32)
    for start in range(0, n_items, 50_000):
        rows = np.arange(start, min(n_items, start + 50_000))
        block = centres[random.integers(len(centres), size=len(rows))]
        block += 0.8 * random.standard_normal(block.shape, dtype=np.float32)
        block /= np.linalg.norm(block, axis=1, keepdims=True)
        yield rows, block


def _items(n_items: int) -> Iterator[Item]:
    random = np.random.default_rng(2)
    names = [f"genre {n}" for n in range(20)]
    for row, (year, rank, *genres) in enumerate(
        random.integers([90, 100, 20, 20], size=(n_items, 4)).tolist()
    ):
        attributes = {
            "year": 1930 + year,
            "rank": rank,
            "genres": tuple(names[n] for n in dict.fromkeys(genres)),
        }
        yield Item(str(row), f"Item {row}", attributes)


def _time(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started
