"""What to say when nothing fits: which condition stands in the way, and what changing it would free."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.nlu.pending_question import PendingQuestion
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Schema
from tastemaker.retrieval.filters.condition_words import condition_in_words
from tastemaker.retrieval.filters.constraints import describe, mask
from tastemaker.retrieval.filters.relaxations import Relaxation, relaxations
from tastemaker.retrieval.text.joined import join_and

SHOW_AGAIN = "Shall I show some of them again?"
WHICH_MATTERS_LEAST = "Which of these conditions matters least to you?"


def nothing_fits(
    catalog: Catalog, profile: TasteProfile, asked: Collection[str] = ()
) -> tuple[str, PendingQuestion | None, tuple[str, ...]]:
    """The message, the offer to make, and the conditions that both speak of besides the person's own.

    No offer is made that was made before: ``asked`` holds the keys of those.
    """
    fitting = int(mask(catalog, profile.constraints).sum())
    conditions = join_and([condition_in_words(c, catalog.schema) for c in profile.constraints])
    found = [] if fitting else relaxations(catalog, profile.constraints)
    fresh = (one for one in _offers(profile, found, bool(fitting), catalog.schema) if one.key not in asked)
    asking = next(fresh, None)
    if fitting:
        message = (
            f"Everything that fits {conditions} you have already had or seen here."
            if conditions
            else ("You have already had or seen everything in this catalogue.")
        )
        return message, asking, ()
    message = f"Nothing in this catalogue meets all of: {conditions}."
    gentler = [one for one in found[1:] if one.relaxed is not None]
    if gentler and found[0].relaxed is None:
        message += f" {_sentence(gentler[0], catalog.schema)}."
    return message, asking, tuple(describe(one.relaxed) for one in found if one.relaxed is not None)


def _offers(
    profile: TasteProfile, found: list[Relaxation], fitting: bool, schema: Schema
) -> Iterator[PendingQuestion]:
    """What could be offered, the best first."""
    if fitting:
        yield PendingQuestion(kind="again", text=SHOW_AGAIN)
    for one in found:
        text = f"{_sentence(one, schema)}. Shall I {'drop' if one.relaxed is None else 'widen'} it?"
        yield PendingQuestion(kind="change", text=text, conditions=(one.constraint,), instead=one.relaxed)
    if not fitting and not found:
        yield PendingQuestion(kind="weakest", text=WHICH_MATTERS_LEAST, conditions=profile.constraints)


def _sentence(relaxation: Relaxation, schema: Schema) -> str:
    said = relaxation.describe(schema)
    return said[0].upper() + said[1:]
