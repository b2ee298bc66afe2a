"""What has been answered already, one line an item in a file that only grows.

A line is written whole when an item is answered, so an enrichment that was killed goes on
behind the last line; half a line, which a crash may leave, is cut off.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from tastemaker.agent.enrichment.facet_form import FacetAnswer
from tastemaker.agent.llm.usage import Usage
from tastemaker.retrieval.errors import WorkspaceError

FOLDER, FILE = "enrichment", "answers.jsonl"


@dataclass(frozen=True)
class ItemAnswer:
    """What one call, or two, found out about an item.

    Attributes:
        item: its id.
        keys: per facet, the hash of all that the question was made of.
        facets: per facet, the answer.
        outside: facets whose answers were outside the form twice; they count as unknown.
        model: who answered.
        usage: what it took.
    """

    item: str
    keys: Mapping[str, str]
    facets: Mapping[str, FacetAnswer]
    outside: tuple[str, ...] = ()
    model: str = ""
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True)
class Known:
    """The last answer about a facet of an item, and whether it was outside the form."""

    key: str
    answer: FacetAnswer
    outside: bool
    model: str


class AnswerLog:
    """The answers of a workspace; :meth:`add` may be called from several threads."""

    def __init__(self, workspace: Path) -> None:
        self.path = workspace / FOLDER / FILE
        self._writing = threading.Lock()
        self._known: dict[tuple[str, str], Known] = {}
        with contextlib.suppress(FileNotFoundError):
            for number, line in enumerate(self.path.read_bytes().splitlines(keepends=True), 1):
                if line.endswith(b"\n"):
                    self._take(self._parse_line(line, number))

    def known(self, item: str, facet: str, key: str) -> Known | None:
        """The answer to this very question; None if the item or the facet has changed since, or never was asked."""
        found = self._known.get((item, facet))
        return found if found is not None and found.key == key else None

    def add(self, answer: ItemAnswer) -> None:
        """Remember an answer, on disk first."""
        line = json.dumps(_as_dict(answer), ensure_ascii=False) + "\n"
        with self._writing:
            with self.path.open("ab") as file:
                file.write(line.encode())
                file.flush()
                os.fsync(file.fileno())
            self._take(answer)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """While the block runs no other enrichment of this workspace writes.

        Raises:
            WorkspaceError: one is at work.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.path.with_suffix(".lock"), timeout=0):
                self._cut_half_line()
                yield
        except Timeout:
            raise WorkspaceError(
                f"another enrichment of {self.path.parent.parent} is at work; wait for it, or stop it"
            ) from None

    def _cut_half_line(self) -> None:
        with contextlib.suppress(FileNotFoundError), self.path.open("r+b") as file:
            whole = file.read().rfind(b"\n") + 1
            file.truncate(whole)

    def _take(self, answer: ItemAnswer) -> None:
        for name, one in answer.facets.items():
            known = Known(answer.keys[name], one, name in answer.outside, answer.model)
            self._known[answer.item, name] = known

    def _parse_line(self, line: bytes, number: int) -> ItemAnswer:
        try:
            return _from_dict(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise WorkspaceError(
                f"{self.path}:{number} is no answer ({error}); delete this line, and its item is asked again"
            ) from error


def _as_dict(answer: ItemAnswer) -> dict[str, Any]:
    facets = {name: {"is": one.value, "from": one.evidence} for name, one in answer.facets.items()}
    return {
        "item": answer.item,
        "keys": dict(answer.keys),
        "facets": facets,
        "outside": list(answer.outside),
        "model": answer.model,
        "usage": answer.usage.model_dump(exclude_defaults=True),
    }


def _from_dict(record: Mapping[str, Any]) -> ItemAnswer:
    return ItemAnswer(
        str(record["item"]),
        dict(record["keys"]),
        {name: FacetAnswer(_as_tuple(one["is"]), one["from"]) for name, one in record["facets"].items()},
        tuple(record["outside"]),
        record["model"],
        Usage.model_validate(record["usage"]),
    )


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
