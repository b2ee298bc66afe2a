"""Answers of any system from a file, and ours as such a file: ``{"id", "items", "abstained", "said_unknown"}``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tastemaker.evals.dialogues.row_fields import FieldError, labels
from tastemaker.evals.requests.case import RequestCase
from tastemaker.evals.requests.files import read_objects
from tastemaker.evals.requests.system import RequestAnswer, Talk
from tastemaker.evals.runs.run_folder import Row
from tastemaker.retrieval.atomic_write import write_atomically
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.errors import DataError

SUFFIX = ".jsonl"
"""A system's name that ends so is a file of answers."""
ANSWERS = "answers.jsonl"


@dataclass(frozen=True)
class AnswersFile:
    """A system that answers as a file says; a request that is not in it fails."""

    answers: Mapping[str, RequestAnswer]

    @classmethod
    def read(cls, path: Path, catalog: Catalog) -> AnswersFile:
        """Read a file.

        Raises:
            DataError: it cannot be read, or an item is not in the catalogue.
        """
        return cls(
            {str(row.get("id")): _answer(row, path, line, catalog) for line, row in read_objects(path)}
        )

    @contextmanager
    def open(self, first: RequestCase) -> Iterator[Talk]:  # noqa: ARG002 - as all systems
        """See :class:`tastemaker.evals.requests.system.RequestSystem`."""
        yield self

    def answer(self, case: RequestCase) -> RequestAnswer:
        """What the file says; nothing for messages that have no id."""
        return self.answers[case.id] if case.id else RequestAnswer()

    def replace_shown(self, items: Sequence[str]) -> None:
        """The file has answered already."""


def write_answers(path: Path, rows: Iterable[Row]) -> None:
    """Write a run's rows as such a file."""
    lines = (
        {
            "id": row["case"],
            "items": row["items"],
            "abstained": row["abstained"],
            "said_unknown": row["said_unknown"],
        }
        for row in rows
    )
    write_atomically(path, "".join(json.dumps(line) + "\n" for line in lines).encode())


def _answer(row: Mapping[str, object], path: Path, line: int, catalog: Catalog) -> RequestAnswer:
    try:
        items = tuple(labels(row, "items"))
    except FieldError as error:
        raise DataError(str(error), path, line, error.field) from None
    unknown = [item for item in items if item not in catalog]
    if unknown:
        raise DataError(f"{unknown[0]!r} is no id of this catalogue", path, line, "items")
    return RequestAnswer(
        items, abstained=row.get("abstained") is True, said_unknown=row.get("said_unknown") is True
    )
