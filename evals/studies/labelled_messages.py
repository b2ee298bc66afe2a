"""The labelled messages: what people say, and what is meant, written by hand in ``data/understanding.jsonl``.

The set falls into two halves by a hash of the message. Rules and prompts are made with the
``fit`` half in view; mistakes of the ``held-out`` half are counted, never looked at.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Any

from tastemaker.agent.nlu.understanding import Intent, Mention, Understanding
from tastemaker.retrieval.filters.conditions import Constraint


class Half(StrEnum):
    """Which half of the set a message belongs to."""

    FIT = "fit"
    HELD_OUT = "held-out"


@dataclass(frozen=True)
class Labelled:
    """A message and what it says. ``hard``: negation, ranges, typos, two requests, other languages."""

    message: str
    hard: bool
    meant: Understanding

    @property
    def half(self) -> Half:
        """By the last bit of the message's SHA-256, so that a message never changes halves."""
        odd = hashlib.sha256(self.message.encode()).digest()[-1] & 1
        return Half.HELD_OUT if odd else Half.FIT


def read_messages(path: Path | None = None) -> list[Labelled]:
    """The labelled set: the shipped one, or a file of the same form."""
    shipped = resources.files("tastemaker.evals") / "data" / "understanding.jsonl"
    text = path.read_text(encoding="utf-8") if path else shipped.read_text(encoding="utf-8")
    return [_from_record(json.loads(line)) for line in text.splitlines() if line.strip()]


def _from_record(record: dict[str, Any]) -> Labelled:
    meant = Understanding(
        intent=Intent(record["intent"]),
        mentions=tuple(Mention.model_validate(one) for one in record["mentions"]),
        constraints=tuple(Constraint.model_validate(one) for one in record["constraints"]),
        forget=tuple(record["forget"]),
        wish=record["wish"],
        by="label",
    )
    return Labelled(record["message"], record["hard"], meant)
