"""What some words of a sentence say of a column."""

from __future__ import annotations

from dataclasses import dataclass

from tastemaker.retrieval.filters.conditions import Condition


@dataclass(frozen=True)
class Reading:
    """What some words of a sentence say of a column of numbers.

    Attributes:
        start, end: place of the words.
        condition: what must hold, None where nothing must.
        prefer: what is wanted and not required.
        unknown: what is asked for that no column holds, in words; "" for none.
    """

    start: int
    end: int
    condition: Condition | None = None
    prefer: Condition | None = None
    unknown: str = ""
