"""What to say when nothing fits: which condition stands in the way, and what changing it would free."""

from __future__ import annotations

from tastemaker.agent.profile import TasteProfile
from tastemaker.agent.reasons import joined
from tastemaker.retrieval.catalog import Catalog
from tastemaker.retrieval.constraints import describe, mask
from tastemaker.retrieval.relaxations import Relaxation, relaxations


def nothing_fits(catalog: Catalog, profile: TasteProfile) -> tuple[str, tuple[()], str]:
    """The message, no items, and the question to ask."""
    fitting = int(mask(catalog, profile.constraints).sum())
    conditions = joined([describe(c) for c in profile.constraints])
    if fitting:
        message = f"Everything that fits {conditions} you have already had or seen here." if conditions else (
            "You have already had or seen everything in this catalogue."
        )  # fmt: skip
        return message, (), "Shall I show some of them again?"
    message = f"Nothing in this catalogue meets all of: {conditions}."
    found = relaxations(catalog, profile.constraints)
    if not found:
        return message, (), "Which of these conditions matters least to you?"
    best, gentler = found[0], [one for one in found[1:] if one.relaxed is not None]
    if gentler and best.relaxed is None:
        message += f" {_sentence(gentler[0])}."
    return message, (), f"{_sentence(best)}. Shall I {'drop' if best.relaxed is None else 'widen'} it?"


def _sentence(relaxation: Relaxation) -> str:
    said = relaxation.describe()
    return said[0].upper() + said[1:]
