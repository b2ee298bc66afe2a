"""What an item is made of, wanted or not: "allergic to almonds", "nut-free", "with chicken", "no wool".

Ingredients and materials are told apart from other tags: who turns one down means all that contain it, "almond flour"
as well as "almonds", and must never be shown one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tastemaker.agent.nlu.tokenizer import STOPWORDS, Word, words
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.filters.conditions import Constraint, Op
from tastemaker.retrieval.text.food_groups import food_groups
from tastemaker.retrieval.text.tokens import singular

PARTS = frozenset("ingredient material allergen component fabric composition contain zutat zutaten".split())
"""What columns of parts are called, in the singular."""
LONGEST = 3
_WITH = re.compile(
    r"\b(?:with|contain(?:s|ing)?|using|uses|made (?:of|from|with|out of)|includ(?:es|ing)|"
    r"from|has|in|of|and|or|both)\s+(?:some |lots of |a |an |the |real |fresh |pure |"
    r"solid )?$",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"[\s-]*(?:free|allerg(?:y|ies|ic)|intoleran(?:t|ce)|sensitivity)\b", re.IGNORECASE)
_HAVE = re.compile(
    r"\b(?:i (?:only )?have|i've got|using up|use up|left over|leftover|i got)\b", re.IGNORECASE
)


class PartMentions:
    """Finds ingredients and materials of one catalogue in messages."""

    def __init__(self, catalog: Catalog) -> None:
        self.fields = tuple(
            name
            for name in catalog.schema.of_kind(Kind.TAGS, Kind.CATEGORY)
            if {singular(word.norm) for word in words(name.replace("_", " "))} & PARTS
        )
        self._values: dict[tuple[str, ...], dict[str, list[str]]] = {}
        for field in self.fields:
            for value in catalog.values(field):
                own = [singular(word.norm) for word in words(value)]
                for size in range(1, LONGEST + 1):
                    for at in range(len(own) - size + 1):
                        key = tuple(own[at : at + size])
                        if any(word not in STOPWORDS for word in key):
                            self._note(key, field, value)
                for name, group in food_groups().items():
                    if group.holds(value):
                        self._note((name,), field, value)

    def _note(self, key: tuple[str, ...], field: str, value: str) -> None:
        listed = self._values.setdefault(key, {}).setdefault(field, [])
        if value not in listed:
            listed.append(value)

    def read(
        self,
        text: str,
        tokens: Sequence[Word],
        find_negations: Callable[[str, Sequence[tuple[int, int]]], Sequence[bool]],
    ) -> list[tuple[Constraint, int, int]]:
        """Conditions on parts that a message states, with the places of the words.

        ``find_negations`` tells which of several places in the text are turned down.
        """
        places, at = list[tuple[int, int]](), 0
        while self._values and at < len(tokens):
            size = next(
                (
                    size
                    for size in range(min(LONGEST, len(tokens) - at), 0, -1)
                    if tuple(singular(word.norm) for word in tokens[at : at + size]) in self._values
                ),
                0,
            )
            if size:
                places.append((at, at + size))
            at += size or 1
        spans = [(tokens[first].start, tokens[behind - 1].end) for first, behind in places]
        found = []
        for (first, behind), span, negative in zip(places, spans, find_negations(text, spans), strict=True):
            wanted = _WITH.search(text[: span[0]]) is not None
            if not negative and (not wanted or _HAVE.search(text[: span[0]])):
                continue
            by_field = self._values[tuple(singular(word.norm) for word in tokens[first:behind])]
            for field, values in by_field.items():
                op = Op.NONE_OF if negative else Op.ANY_OF
                behind_ = _BEHIND.match(text, span[1]) if negative else None
                found.append(
                    (
                        Constraint(field=field, op=op, value=tuple(values)),
                        span[0],
                        behind_.end() if behind_ else span[1],
                    )
                )
        return found
