"""Sparse matrices between items: the strongest entries of each row, and the way to disk and back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from tastemaker.recommenders.data.array_types import Arrays
from tastemaker.retrieval.catalog.interactions import Interactions

PARTS = ("data", "indices", "indptr")


def user_item_matrix(log: Interactions, n_items: int) -> sparse.csr_array:
    """float32[n_users, n_items]: 1 where the user took the item, however often."""
    shape = (len(log.users), n_items)
    # A copy, since summing sorts the columns in place, and the log keeps the order of time.
    matrix = sparse.csr_array(
        (np.ones(len(log), np.float32), log.item.copy(), log.offsets.copy()), shape=shape
    )
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def count_matrix(rows: Sequence[Sequence[int]], n_items: int) -> sparse.csr_array:
    """float32[n_rows, n_items]: 1 for each item that a row names, as often as it names it.

    >>> count_matrix([[2], [0, 1]], 3).toarray().tolist()
    [[0.0, 0.0, 1.0], [1.0, 1.0, 0.0]]
    """
    of = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    item = np.array([one for row in rows for one in row], dtype=np.int64)
    return sparse.csr_array((np.ones(len(item), np.float32), (of, item)), shape=(len(rows), n_items))


def strongest(matrix: sparse.csr_array, k: int) -> sparse.csr_array:
    """The k largest entries of each row; equal entries in order of column.

    >>> strongest(sparse.csr_array(np.array([[1, 3, 2], [0, 0, 5]])), 2).toarray().tolist()
    [[0, 3, 2], [0, 0, 5]]
    """
    matrix.sort_indices()
    lengths = np.diff(matrix.indptr)
    row = np.repeat(np.arange(len(lengths)), lengths)
    order = np.lexsort((-matrix.data, row))  # stable, so columns stay ascending among equals
    keep = np.sort(order[np.arange(len(order)) - matrix.indptr[:-1][row] < k])
    ends = np.concatenate([[0], np.cumsum(np.minimum(lengths, k))])
    return sparse.csr_array((matrix.data[keep], matrix.indices[keep], ends), shape=matrix.shape)


def rows_to_one(matrix: sparse.csr_array) -> sparse.csr_array:
    """Divide each row by its sum, in place; empty rows stay empty."""
    totals = np.asarray(matrix.sum(axis=1), np.float32)
    matrix.data /= np.repeat(totals, np.diff(matrix.indptr))
    return matrix


def pack(name: str, matrix: sparse.csr_array) -> dict[str, npt.NDArray[np.generic]]:
    """The arrays of a CSR matrix under ``name.data``, ``name.indices``, ``name.indptr``."""
    kinds = (np.float32, np.int32, np.int64)
    return {
        f"{name}.{part}": getattr(matrix, part).astype(kind) for part, kind in zip(PARTS, kinds, strict=True)
    }


def unpack(name: str, arrays: Arrays, n_items: int, *, square: bool = True) -> sparse.csr_array:
    """The inverse of :func:`pack`, for a square matrix between items, or for any rows over the items.

    Raises:
        KeyError: an array is missing.
        ValueError: the arrays are no CSR matrix of this size.
    """
    data, indices, indptr = (arrays[f"{name}.{part}"] for part in PARTS)
    # scipy wants indices and row ends of one type
    shape = (n_items if square else len(indptr) - 1, n_items)
    return sparse.csr_array((data, indices, indptr.astype(_index_type(data))), shape=shape)


def _index_type(data: npt.NDArray[np.generic]) -> type[np.signedinteger]:
    return np.int32 if len(data) < np.iinfo(np.int32).max else np.int64
