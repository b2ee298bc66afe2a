"""Find items by what their texts are about."""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.retrieval.constraints import Constraint
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.shelf import DEFAULT_K, Shelf


def retrieve(
    shelf: Shelf,
    text: str,
    constraints: Sequence[Constraint] = (),
    exclude: Sequence[str] = (),
    k: int = DEFAULT_K,
) -> Candidates:
    """Items whose texts are closest in meaning to a description."""
    found = shelf.index.search(text, k, constraints=constraints, exclude=exclude)
    return Candidates("retrieve", {"text": text}, tuple((i, float(score)) for i, score in found))
