"""Requests that describe a film of MovieLens-100K without naming it (see ``evals/data/README.md``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from typing import Literal

Part = Literal["validation", "test"]


@dataclass(frozen=True, slots=True)
class DescribedRequest:
    """One sentence, and the film it means.

    Attributes:
        request: what a person says.
        item_ids: the film's ids in MovieLens-100K; several where the list has it twice, and any will do.
        title: the film's title with its year.
        kind: "plot", "scene", "mood" or "mixed" (with an actor, a decade or the like).
        split: fit on "validation", report on "test".
    """

    request: str
    item_ids: tuple[str, ...]
    title: str
    kind: str
    split: Part


def read_requests(split: Part | None = None) -> list[DescribedRequest]:
    """The requests of one half, or all of them, in the file's order."""
    file = resources.files("tastemaker.evals") / "data" / "described-requests.jsonl"
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [
        DescribedRequest(r["request"], (r["item_id"], *r.get("also", ())), r["title"], r["kind"], r["split"])
        for r in records
        if split in (None, r["split"])
    ]
