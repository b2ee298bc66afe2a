"""Each item's value of an attribute as a distribution, whatever the attribute's kind.

A category is one value, tags share the weight evenly. A number or date becomes a Gaussian
kernel over a grid, so that 1994 is nearly 1995 and a year carries signal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from tastemaker.recommenders.data.sparse_rows import rows_to_one
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import SHOWN_ONLY, Kind
from tastemaker.retrieval.errors import QueryError

MAX_POINTS = 128
TAIL = 0.005
"""Share of items at each end of a number's range that is put on the grid's first or last point."""
REACH = 3.0
"""Bandwidths after which a kernel is cut off."""


@dataclass(frozen=True)
class AttributeValues:
    """One attribute of all items.

    Attributes:
        name: the attribute's.
        of_item: float32[n_items, n_values], what an item says of its neighbourhood: rows sum to 1, a row
            of an item without the attribute is empty.
        at_item: float32[n_items, n_values], where an item itself stands: the same for categories and tags,
            for numbers the two grid points around it.
        labels: what each of the n_values is: a category or tag (casefolded), or a grid point.
    """

    name: str
    of_item: sparse.csr_array
    at_item: sparse.csr_array
    labels: tuple[str | float, ...]

    @property
    def has_value(self) -> npt.NDArray[np.bool_]:
        """bool[n_items]: which items have the attribute."""
        known: npt.NDArray[np.bool_] = np.diff(self.of_item.indptr) > 0
        return known


def attribute_values(
    catalog: Catalog, name: str, labels: Sequence[str | float] | None = None
) -> AttributeValues:
    """The distributions of an attribute of the catalogue's schema.

    Args:
        catalog: the items.
        name: the attribute.
        labels: those of an earlier call, where the columns must stay the same; a value that is
            not among them counts as missing.

    Raises:
        QueryError: no such attribute, or one of free text, which has no values to rank by.
    """
    kind = catalog.schema[name].kind
    if kind in {Kind.TEXT, *SHOWN_ONLY}:
        usable = ", ".join(catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS, Kind.NUMBER, Kind.DATE)) or "none"
        what = "free text" if kind is Kind.TEXT else "a web address"
        raise QueryError(
            f"attribute {name!r} is {what} and can't be ranked by; put the wish into the query's text; "
            f"to rank by: {usable}"
        )
    if kind in (Kind.NUMBER, Kind.DATE):
        numbers = catalog.numbers(name)
        return _kernels(name, numbers, _grid(numbers[np.isfinite(numbers)]) if labels is None else labels)
    return _tags(name, catalog, labels)


def _tags(name: str, catalog: Catalog, labels: Sequence[str | float] | None) -> AttributeValues:
    found = catalog.postings(name)
    none = np.empty(0, np.int32)
    postings = found if labels is None else {str(label): found.get(str(label), none) for label in labels}
    rows = np.concatenate([np.empty(0, np.int32), *postings.values()])
    columns = np.repeat(np.arange(len(postings)), [len(own) for own in postings.values()])
    shape = (len(catalog), len(postings))
    has = sparse.coo_array((np.ones(len(rows), np.float32), (rows, columns)), shape=shape).tocsr()
    shares = rows_to_one(has)
    return AttributeValues(name, shares, shares, tuple(postings))


def _kernels(name: str, numbers: npt.NDArray[np.float64], points: npt.ArrayLike) -> AttributeValues:
    """A kernel per item on a grid two points per bandwidth wide, at most 128 points in all."""
    known = np.flatnonzero(np.isfinite(numbers))
    grid = np.asarray(points, np.float64)
    step = grid[1] - grid[0] if len(grid) > 1 else 1.0
    bandwidth = 2 * step
    distance = np.clip(numbers[known], grid[0], grid[-1])[:, None] - grid[None, :]  # [n_known, n_points]
    near = np.abs(distance) <= REACH * bandwidth
    kernel = np.where(near, np.exp(-0.5 * (distance / bandwidth) ** 2), 0)
    around = np.maximum(1 - np.abs(distance) / step, 0)
    return AttributeValues(
        name, _place(kernel, known, len(numbers)), _place(around, known, len(numbers)), tuple(grid.tolist())
    )


def _place(weights: npt.NDArray[np.float64], known: npt.NDArray[np.int64], n_items: int) -> sparse.csr_array:
    """Rows of the known items among all items, made to sum to 1."""
    dense = sparse.csr_array(weights.astype(np.float32))
    lengths = np.zeros(n_items, np.int64)
    lengths[known] = np.diff(dense.indptr)
    ends = np.concatenate([[0], np.cumsum(lengths)])
    return rows_to_one(sparse.csr_array((dense.data, dense.indices, ends), shape=(n_items, weights.shape[1])))


def _grid(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Points half of Silverman's bandwidth (1986, eq. 3.31) apart, farther where they would be too many."""
    if not len(values):
        return np.zeros(1)
    low, high = np.quantile(values, [TAIL, 1 - TAIL])
    quarter, three_quarters = np.quantile(values, [0.25, 0.75])
    spread = min(float(values.std()), float(three_quarters - quarter) / 1.34) or float(values.std())
    if high <= low or not spread:
        return np.array([low])
    bandwidth = max(0.9 * spread * len(values) ** -0.2, 2 * float(high - low) / (MAX_POINTS - 1))
    points = int(np.ceil((high - low) / (bandwidth / 2))) + 1
    return np.linspace(low, high, points)
