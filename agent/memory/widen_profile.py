"""One condition of a profile loosened: a number by a step, a label to something that is only preferred."""

from __future__ import annotations

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.request import MAX_PREFERENCES, Preference
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.filters.conditions import Condition, Constraint, Not, Op, describe
from tastemaker.retrieval.filters.widen import widen

POSITIVE = {Op.IS_NOT: Op.IS, Op.NONE_OF: Op.ANY_OF}


def widened(profile: TasteProfile, said: str, catalog: Catalog) -> TasteProfile:
    """The profile with the condition that reads ``said`` loosened; as it was where there is none.

    A condition on numbers or dates lets more items through; any other, and one beyond which nothing lies,
    becomes a preference: it still bends the ranking, and hides nothing any more.
    """
    found = next((one for one in profile.constraints if describe(one) == said), None)
    if found is None:
        return profile
    wider = widen(found, catalog)
    if wider is not None:
        now = tuple(wider if one == found else one for one in profile.constraints)
        return profile.model_copy(update={"constraints": now})
    left = tuple(one for one in profile.constraints if one != found)
    prefer = (*profile.request.prefer, _preference(found))[-MAX_PREFERENCES:]
    request = profile.request.model_copy(update={"prefer": prefer})
    return profile.model_copy(update={"constraints": left, "request": request})


def _preference(condition: Condition) -> Preference:
    """What was required as what is wanted, and what was ruled out as what is rather not wanted."""
    if isinstance(condition, Not):
        return Preference(condition=condition.none_of, weight=-1.0)
    if isinstance(condition, Constraint) and condition.op in POSITIVE:
        return Preference(condition=condition.model_copy(update={"op": POSITIVE[condition.op]}), weight=-1.0)
    return Preference(condition=condition)
