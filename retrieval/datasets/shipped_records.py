"""What the project ships about the items of a data set."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources


def shipped_records(stem: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Item id and record of each line of ``retrieval/data/STEM.jsonl``."""
    file = resources.files("tastemaker.retrieval") / "data" / f"{stem}.jsonl"
    for line in file.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        yield str(record["item_id"]), record


def has_records(stem: str) -> bool:
    """Whether ``retrieval/data/STEM.jsonl`` is there."""
    return (resources.files("tastemaker.retrieval") / "data" / f"{stem}.jsonl").is_file()
