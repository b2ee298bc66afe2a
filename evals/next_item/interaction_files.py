"""Logs as the papers publish them: users and items by number, in order, without times.

``sasrec``: a line is ``user item``, a user's lines in order of time (github.com/kang205/SASRec).
``s3rec``: a line is ``user item item ...`` (github.com/RUCAIBox/CIKM2020-S3Rec).
``recformer``: with item texts, see :mod:`tastemaker.evals.next_item.recformer_files`.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Schema
from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.index.embedder import TextEmbedder


class LogFormat(StrEnum):
    """How a published log is written."""

    SASREC = "sasrec"
    S3REC = "s3rec"
    RECFORMER = "recformer"


@dataclass(frozen=True)
class EvalData:
    """A log to evaluate on.

    Attributes:
        name: how reports call it.
        catalog: the items.
        interactions: the log.
        timed: whether the log's timestamps are times; if not, they only tell the order.
        embedder: opens the embedder of item texts, for the systems that read them.
    """

    name: str
    catalog: Catalog
    interactions: Interactions
    timed: bool
    embedder: Callable[[], TextEmbedder] | None = None


def read_log_file(path: Path, kind: LogFormat) -> EvalData:
    """Read a published log; a name that ends in ``.gz`` is unpacked on the way.

    A timestamp is the place in the person's history: the file knows no other time.

    Raises:
        DataError: no such file, not readable, or a line that does not fit the format.
    """
    users: list[str] = []
    items: list[str] = []
    for number, words in enumerate(_lines(path), start=1):
        _check(words, kind, path, number)
        items += words[1:]
        users += words[:1] * (len(words) - 1)
    if not items:
        raise DataError("the file holds no interactions", path)
    ids = tuple(dict.fromkeys(items))
    row_of = {item_id: row for row, item_id in enumerate(ids)}
    log = in_order(users, [row_of[item_id] for item_id in items])
    catalog = Catalog([Item(item_id, item_id, {}) for item_id in ids], Schema(attributes=()))
    return EvalData(path.name, catalog, log, timed=False)


def in_order(users: Sequence[str], rows: Sequence[int]) -> Interactions:
    """A log without times: a timestamp is the place in its person's history."""
    log = Interactions.from_columns(users, rows)
    places = np.arange(len(log)) - np.repeat(log.offsets[:-1], np.diff(log.offsets))
    return Interactions(log.users, log.user, log.item, places.astype(np.float64))


def _lines(path: Path) -> Iterator[list[str]]:
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    except FileNotFoundError:
        raise DataError("no such file; give the published log", path) from None
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise DataError(f"cannot be read ({error}); fetch it again", path) from error
    return (line.split() for line in text.splitlines())


def _check(words: list[str], kind: LogFormat, path: Path, number: int) -> None:
    if kind is LogFormat.SASREC and len(words) != 2:
        raise DataError(f"expected `user item`, got {len(words)} words; is it --format s3rec?", path, number)
    if kind is LogFormat.S3REC and len(words) < 2:
        raise DataError(f"expected `user item item ...`, got {len(words)} words", path, number)
