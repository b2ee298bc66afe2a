"""What to say when nothing fits: which condition stands in the way, and what dropping it would free."""

from __future__ import annotations

from tastemaker.agent.profile import TasteProfile
from tastemaker.agent.reasons import joined
from tastemaker.retrieval.catalog import Catalog
from tastemaker.retrieval.constraints import blocking, describe, mask


def nothing_fits(catalog: Catalog, profile: TasteProfile) -> tuple[str, tuple[()], str]:
    """The message, no items, and the question to ask."""
    fitting = int(mask(catalog, profile.constraints).sum())
    conditions = joined([describe(c) for c in profile.constraints])
    if fitting:
        message = f"Everything that fits {conditions} you have already had or seen here." if conditions else (
            "You have already had or seen everything in this catalogue."
        )  # fmt: skip
        return message, (), "Shall I show some of them again?"
    freed = blocking(catalog, profile.constraints)
    message = f"Nothing in this catalogue meets all of: {conditions}."
    if not freed:
        return message, (), "Which of these conditions matters least to you?"
    constraint, count = freed[0]
    return message, (), f"Without “{describe(constraint)}” there would be {count:,}. Shall I drop it?"
