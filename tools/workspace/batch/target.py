"""Where lists go, part by part, so that a run that was stopped goes on."""

from __future__ import annotations

import json
import shutil
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import pyarrow as pa
import pyarrow.parquet as pq

from tastemaker.retrieval.errors import DataError
from tastemaker.tools.workspace.batch.part import SCHEMA

ROWS_AT_ONCE = 20_000


class Target(ABC):
    """Takes the parts of one run in order.

    Attributes:
        finished: parts that an earlier, stopped run of the same question has written.
    """

    finished: int = 0

    @abstractmethod
    def write(self, number: int, part: pa.Table) -> None:
        """Keep a part, as a whole or not at all."""

    @abstractmethod
    def finish(self) -> None:
        """All parts are there: what only the run needed goes."""

    def close(self) -> None:  # noqa: B027 - a file needs none
        """Let go of files and connections."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class ParquetTarget(Target):
    """One file; parts lie in a folder of its name and ``.parts`` until all are there.

    Raises:
        DataError: the parts there are of another question.
    """

    def __init__(self, out: Path, question: str) -> None:
        self._out, self._parts = out, out.with_name(out.name + ".parts")
        stated, text = self._parts / "question.json", json.dumps({"sha256": question})
        if self._parts.exists() and (not stated.exists() or stated.read_text(encoding="utf-8") != text):
            raise DataError(
                "parts of another run lie here; delete the folder, or choose another --out", self._parts
            )
        self._parts.mkdir(parents=True, exist_ok=True)
        stated.write_text(text, encoding="utf-8")
        self.finished = len(list(self._parts.glob("*.parquet")))

    def write(self, number: int, part: pa.Table) -> None:
        """As for all targets."""
        unfinished = self._parts / f"{number:06}.writing"
        pq.write_table(part, unfinished)
        unfinished.replace(unfinished.with_suffix(".parquet"))

    def finish(self) -> None:
        """The parts become the one file."""
        unfinished = self._out.with_name(self._out.name + ".writing")
        with pq.ParquetWriter(unfinished, SCHEMA) as writer:
            for file in sorted(self._parts.glob("*.parquet")):
                with pq.ParquetFile(file) as part:
                    for batch in part.iter_batches(ROWS_AT_ONCE):
                        writer.write_batch(batch)
        unfinished.replace(self._out)
        shutil.rmtree(self._parts)


def without_password(url: str) -> str:
    """A URL as errors may show it.

    >>> without_password("redis://me:secret@cache:6379/0?prefix=recs:")
    'redis://cache:6379/0?prefix=recs:'
    """
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
