"""A standing condition must not trap a conversation: an ordinary message that it leaves next to nothing lets it go.

"Anything with Bill Murray?", and five films later "I'm sad today": the person has stopped asking for him. What is let
go becomes a preference, and the reply says so. Where a message goes on with the last one ("but from the thirties")
the two together are asked for, and one item that meets both is enough.
"""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.agent.memory.contradictions import Mask, is_limit
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.request import Preference
from tastemaker.agent.nlu.rules.acts.request_scope import goes_on
from tastemaker.agent.nlu.understanding import Intent, Understanding
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.facets.value_phrases import ValuePhrases
from tastemaker.retrieval.filters.condition_words import condition_in_words
from tastemaker.retrieval.filters.conditions import Condition, leaves
from tastemaker.retrieval.filters.constraints import mask, turns_down
from tastemaker.retrieval.text.joined import join_and, number_in_words

OUTRIGHT = 0.8
"""Weight from which a wish is what a message asks for."""
FEW = 5
"""Items not yet had that older conditions must leave where a message states none itself; else one item is enough."""

SMALL = 100
"""Items of a catalogue that has few of anything: there no condition is a trap, and what nothing meets is said."""


def relax_standing(
    said: Understanding, before: TasteProfile, after: TasteProfile, message: str, catalog: Catalog
) -> tuple[TasteProfile, tuple[Condition, ...]]:
    """The profile after a message without older conditions that leave too little, and these.

    Args:
        said: what the message says.
        before, after: the profile without and with it.
        message: as written.
        catalog: tells how much is left.
    """
    standing = [one for one in after.constraints if one in before.constraints and not turns_down(one)]
    says = said.wish or said.prefer or said.constraints or said.required
    if len(catalog) < SMALL or said.intent is not Intent.RECOMMEND or not standing or not says:
        return after, ()
    goes = goes_on(message)
    narrows = bool(said.constraints or said.required) or goes
    # A director of four films leaves no fewer now than before.
    enough = 1 if narrows else min(FEW, max(int(mask(catalog, standing).sum()), 1))
    topics = () if goes else _wants_outright(said, catalog)

    def is_trap(profile: TasteProfile) -> bool:
        left = _remaining(profile, catalog, of_all=narrows)
        return int(left.sum()) < enough or any(not (left & topic).any() for topic in topics)

    if not is_trap(after):
        return after, ()
    alone = next((one for one in reversed(standing) if not is_trap(_without(after, one))), None)
    gone = list[Condition]()
    for one in [alone] if alone is not None else standing:
        gone.append(one)
        after = _without(after, one)
        if not is_trap(after):
            break
    stated = {leaf.field for one in (*said.constraints, *said.required) for leaf in leaves(one)}
    replaced = {leaf.field for one in gone for leaf in leaves(one)} & stated
    let_go = tuple(one for one in gone if not {leaf.field for leaf in leaves(one)} & replaced)
    # "No, in German" after "in French or Italian": what it replaces is neither wished for nor missed.
    prefer = tuple(
        one
        for one in after.request.prefer
        if one.condition in (new.condition for new in said.prefer) or not one.fields & replaced
    )
    kept = tuple(Preference(condition=one, weight=0.5) for one in let_go)
    request = after.request.model_copy(update={"prefer": (*kept, *prefer)})
    return after.with_request(request), let_go


def note_for(
    gone: Sequence[Condition], profile: TasteProfile, phrases: ValuePhrases, catalog: Catalog
) -> tuple[str, ...]:
    """The note on conditions let go, with what was left with them; none where there are none.

    Args:
        gone: these.
        profile: without them.
        phrases: how they are said.
        catalog: tells what was left.
    """
    if not gone:
        return ()
    said = join_and(
        [f"“{phrases.of_condition(one) or condition_in_words(one, catalog.schema)}”" for one in gone]
    )
    kept = profile.model_copy(update={"constraints": (*profile.constraints, *gone)})
    left = int(_remaining(kept, catalog, of_all=False).sum())
    them = "it" if len(gone) == 1 else "them"
    if not left and _remaining(kept, catalog, of_all=True).any():
        return (f"I let go of {said}: what there is with {them} you have had.",)
    if left < FEW:
        few = f"only {number_in_words(left)} would be left" if left else "nothing would be left"
        return (f"I let go of {said}: with {them} {few}.",)
    return (f"I let go of {said}: with {them} nothing here is what you ask for now.",)


def _wants_outright(said: Understanding, catalog: Catalog) -> list[Mask]:
    """What a message asks for as a whole, as masks; of what hardly anything has, nothing."""
    masks = [
        mask(catalog, [one.condition])
        for one in said.prefer
        if one.weight >= OUTRIGHT and not is_limit(one.condition)
    ]
    return [one for one in masks if one.sum() >= FEW]


def _without(profile: TasteProfile, condition: Condition) -> TasteProfile:
    kept = tuple(one for one in profile.constraints if one != condition)
    return profile.model_copy(update={"constraints": kept})


def _remaining(profile: TasteProfile, catalog: Catalog, *, of_all: bool) -> Mask:
    """Items that meet the conditions, bool[n_items], had or turned down ones among them where ``of_all``."""
    keep = mask(catalog, profile.constraints)
    if not of_all:
        keep[catalog.rows(item_id for item_id in profile.hidden_ids() if item_id in catalog)] = False
    return keep
