"""The judged requests that are shipped with the project: what people ask for, and the films that fit.

They were written from knowledge of the films, without any evaluation's request at hand.
"""

from __future__ import annotations

import json
from importlib import resources

from tastemaker.retrieval.judged.judged_requests import JudgedRequest


def read_shipped_judgements(name: str) -> tuple[JudgedRequest, ...]:
    """Judged requests for a data set that has some in this package; none for another.

    Args:
        name: the data set's, as in "ml-100k".
    """
    file = resources.files("tastemaker.retrieval") / "data" / f"{name}-judged.jsonl"
    if not file.is_file():
        return ()
    return tuple(_read(json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines())


def _read(record: dict[str, list[object]]) -> JudgedRequest:
    wordings, *items = (
        tuple(map(str, record.get(name, ()))) for name in ("wordings", "fits", "arguable", "wrong")
    )
    return JudgedRequest(wordings, *items)
