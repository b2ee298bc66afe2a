"""What was shown earlier in a talk and meets all that is asked for now, where little that is new does.

A list holds nothing twice, so a third message ("older the better") is answered by what is left, while the best were
shown for the first: nobody has seen a film for having been told of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.nlu.tokenizer import STOPWORDS, words
from tastemaker.agent.reply.evidence import excluded_of, holds, wanted_of
from tastemaker.agent.reply.odd_titles import reads_as_order
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.text.joined import join_and

SAID_OUTRIGHT = 0.7
"""Weight of a want, after some messages more, from which it counts here."""
MIN_WANTS = 2
"""Of one want all that was shown is full."""
MAX_NAMED = 2


def name_shown_before(items: Sequence[Item], profile: TasteProfile, catalog: Catalog) -> str:
    """A sentence that names them; "" where the new list does as well, or nothing was asked since that they lack."""
    wants = [one.condition for one in wanted_of(profile) if one.weight >= SAID_OUTRIGHT]
    if len(wants) < MIN_WANTS or profile.request.critiques:  # how much less would be enough, nobody knows
        return ""
    unwanted = {word.norm for text in profile.request.avoid for word in words(text)} - STOPWORDS
    conditions = [*wants, *excluded_of(profile)]

    def meets(item: Item) -> bool:
        named = {word.norm for word in words(item.title)}
        return not named & unwanted and all(holds(item, condition) for condition in conditions)

    if 2 * sum(map(meets, items)) >= len(items):
        return ""
    hidden = {*profile.model_copy(update={"shown": ()}).hidden_ids(), *(one.id for one in items)}
    before = [catalog[one] for one in profile.shown if one not in hidden and one in catalog]
    fits = [item for item in before if meets(item) and not reads_as_order(item.title)]
    if not fits or len(fits) == len(before):
        return ""
    titles = join_and([item.title for item in fits[-MAX_NAMED:]])
    return f"Of what I showed you before, {titles} {'has' if len(fits[-MAX_NAMED:]) == 1 else 'have'} all of that."
