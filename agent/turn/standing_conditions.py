"""A standing condition must not trap a conversation: an ordinary message that it leaves next to nothing lets it go.

"Anything with Bill Murray?", and five films later "I'm sad today": the person has stopped asking for him. What is let
go becomes a preference, and the reply says so. A message that goes on with the last one ("but from the
thirties") changes nothing here: there the two together are what is asked for.
"""

from __future__ import annotations

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.request import Preference
from tastemaker.agent.nlu.rules.acts.request_scope import goes_on
from tastemaker.agent.nlu.understanding import Intent, Understanding
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.filters.condition_words import condition_in_words
from tastemaker.retrieval.filters.conditions import Condition, leaves
from tastemaker.retrieval.filters.constraints import NEGATIVE, mask
from tastemaker.retrieval.text.joined import join_and

FEW = 5
"""Items not yet had that older conditions must leave where a message states none itself; else one item is enough."""

SMALL = 100
"""Items of a catalogue that has few of anything: there no condition is a trap, and what nothing meets is said."""


def relax_standing(
    said: Understanding, before: TasteProfile, after: TasteProfile, message: str, catalog: Catalog
) -> tuple[TasteProfile, tuple[str, ...]]:
    """The profile after a message without older conditions that leave too little, and the note that says so.

    Args:
        said: what the message says.
        before, after: the profile without and with it.
        message: as written.
        catalog: tells how much is left.
    """
    standing = [one for one in after.constraints if one in before.constraints and not _turns_down(one)]
    says = said.wish or said.prefer or said.constraints or said.required
    if (
        len(catalog) < SMALL
        or said.intent is not Intent.RECOMMEND
        or not standing
        or not says
        or goes_on(message)
    ):
        return after, ()
    gone, narrows = list[Condition](), bool(said.constraints or said.required)
    for oldest in standing:
        if _count_left(after, catalog, of_all=narrows) >= (1 if narrows else FEW):
            break
        gone.append(oldest)
        after = after.model_copy(
            update={"constraints": tuple(one for one in after.constraints if one != oldest)}
        )
    if not gone:
        return after, ()
    kept = tuple(Preference(condition=one, weight=0.5) for one in gone)
    request = after.request.model_copy(update={"prefer": (*kept, *after.request.prefer)})
    told = join_and([condition_in_words(one, catalog.schema) for one in gone])
    return after.with_request(request), (f"I no longer insist on {told}: that left too little.",)


def _turns_down(condition: Condition) -> bool:
    """Whether it is a refusal, which holds until it is taken back."""
    return all(leaf.op in NEGATIVE for leaf in leaves(condition))


def _count_left(profile: TasteProfile, catalog: Catalog, *, of_all: bool) -> int:
    """Items that meet the conditions, had or shown ones among them where ``of_all``."""
    keep = mask(catalog, profile.constraints)
    if of_all:
        return int(keep.sum())
    keep[catalog.rows(item_id for item_id in profile.hidden_ids() if item_id in catalog)] = False
    return int(keep.sum())
