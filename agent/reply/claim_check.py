"""Claims of prose that an attribute can decide: for whom, mood, lead, level, length, language, place, period.

A sentence on an item is read as if somebody asked for what it says; where the item's own value is another one,
the sentence is false. What the item's own text says in the same words is true whatever its facets are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tastemaker.agent.nlu.tokenizer import STOPWORDS, words
from tastemaker.agent.reply.evidence import holds
from tastemaker.retrieval.catalog.catalog import Item
from tastemaker.retrieval.catalog.item_text import full_text
from tastemaker.retrieval.facets.matching import FacetMatcher
from tastemaker.retrieval.facets.reading import FacetMatch
from tastemaker.retrieval.filters.conditions import Condition
from tastemaker.retrieval.text.tokens import singular


class ClaimCheck:
    """Compares sentences with items' values. Safe to share between threads.

    Args:
        matcher: reads what a sentence claims; None decides nothing.
        can_deny: whether an item that is not known to meet a condition can be said not to meet it: what a film is
            about is never listed in full, so "a jewel thief" is no fault where the label says "jewel theft".
    """

    def __init__(
        self,
        matcher: FacetMatcher | None,
        can_deny: Callable[[Condition], bool] = lambda _: True,
    ) -> None:
        self._matcher = matcher
        self._can_deny = can_deny

    def fault(self, sentence: str, items: Sequence[Item], skip: Sequence[tuple[int, int]] = ()) -> str:
        """What in a sentence one of the items' values contradicts; "" where nothing does.

        Args:
            sentence: as written.
            items: all that it speaks of; it must hold for each.
            skip: places of titles and names, which claim nothing.
        """
        if self._matcher is None:
            return ""
        spans: dict[tuple[int, int], list[FacetMatch]] = {}
        for match in self._matcher.read(sentence, skip, wishes=False).matches:
            if match.explicit:
                spans.setdefault(match.span, []).append(match)
        for matches in spans.values():
            conditions = [match.condition for match in matches]
            for item in items:
                if self._is_false(item, conditions) and not _says(item, matches[0].words):
                    return f"{matches[0].words!r} is not so of {item.title}"
        return ""

    def _is_false(self, item: Item, conditions: Sequence[Condition]) -> bool:
        """Whether none of the conditions that the same words mean holds, and one is known not to."""
        known = [(holds(item, condition), condition) for condition in conditions]
        if any(held for held, _ in known):
            return False
        return any(held is False and self._can_deny(condition) for held, condition in known)


def _says(item: Item, said: str) -> bool:
    """Whether the telling words of a claim stand in what the item says of itself."""
    own = {singular(word.norm) for word in words(full_text(item))}
    telling = {singular(word.norm) for word in words(said) if word.norm not in STOPWORDS}
    return bool(telling) and telling <= own
