"""What a message asks of facets, as hard conditions, preferences and unknown properties.

Said outright and exact by nature (a running time, a language, an age) is a hard condition; all else
that the words of a message mean is a preference, which ranks and never hides.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from tastemaker.agent.memory.contradictions import exclude
from tastemaker.agent.memory.request import Preference
from tastemaker.agent.nlu.rules.free_text_query import FILLER
from tastemaker.agent.nlu.rules.negation import find_negations
from tastemaker.agent.nlu.rules.value_mentions import Named
from tastemaker.agent.nlu.tokenizer import STOPWORDS, Word, words
from tastemaker.agent.nlu.understanding import Understanding
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Provenance
from tastemaker.retrieval.facets.definition import Grammar
from tastemaker.retrieval.facets.matching import SOFT_WEIGHT, FacetMatcher, tag_vocabularies
from tastemaker.retrieval.facets.reading import FacetMatch, FacetReading
from tastemaker.retrieval.facets.words import keys_of
from tastemaker.retrieval.filters.conditions import (
    Condition,
    Constraint,
    Not,
    Op,
    any_of,
    describe,
    leaves,
    values_of,
)
from tastemaker.retrieval.filters.constraints import mask

EXACT = (Grammar.DURATION, Grammar.LANGUAGE, Grammar.AGE, Grammar.COUNTRY)
"""Facets with a right and a wrong, where a person who says it outright means it."""
AMOUNTS = (Grammar.AGE, Grammar.DURATION)
"""Facets told by numbers, which the grammar reads in every language of ours."""
MIN_LEFT = 8
"""A hard condition on something inferred must leave so many items, or it is a preference."""
TOPIC_WEIGHT = 0.85
"""Weight of what it is about, which the text of the wish tells as well; by precision on development requests."""
JUST = 0.4
"""Share of a topic's weight that counts only for what is about just that; .4 and .7 are alike (LOG.md)."""
_OF_ORIGIN = frozenset({"country", "language"})
ORIGINS = frozenset({*_OF_ORIGIN, "place", "period"})
"""Attributes of which one value excludes another: of several that are asked for each will do."""
IMPLIED = 0.6
"""Weight of what is not said outright."""

_LESS_OF = re.compile(r"(?<!\bno )\b(?:less|fewer)(?: of (?:the |this |that )?)?\s$", re.IGNORECASE)

_LISTS = re.compile(r"\s*(?:,|/|&|\bor\b|\band\b)\s*(?:or |and )?(?:from |in )?", re.IGNORECASE)
_OF_WORKS = frozenset(keys_of("film movie story stories stuff drama comedy thriller thing"))


class FacetReader:
    """Reads one catalogue's facets out of messages."""

    def __init__(self, matcher: FacetMatcher, catalog: Catalog) -> None:
        self._matcher = matcher
        self._catalog = catalog
        exact = {facet.name for sort in EXACT if (facet := matcher.facets.with_grammar(sort))}
        self._open_tags = frozenset(tag_vocabularies(catalog))
        topic = matcher.facets.with_grammar(Grammar.TOPIC)
        self.topic = topic.name if topic and matcher.topic_tags else ""
        amounts = (matcher.facets.with_grammar(sort) for sort in AMOUNTS)
        self._amounts = {facet.name for facet in amounts if facet}
        self._exact = frozenset(name for name in (*exact, "colour") if name in catalog.schema)

    def is_exact(self, name: str) -> bool:
        """Whether an attribute has a right and a wrong value, such as a language."""
        return name in self._exact

    def find_in_name(self, name: str) -> FacetReading:
        """What patterns alone find in a name."""
        return self._matcher.read(name, guesses=False)

    def find(self, message: str, skip: Sequence[tuple[int, int]], english: str = "") -> FacetReading:
        """What the matcher finds in a message.

        Args:
            message: as written.
            skip: titles and names, which ask for nothing by themselves.
            english: what a message in another language says, whose own words are read for amounts and
                unknown properties alone: "grands repas" are no grand story. Its spans begin behind the message.
        """
        found = self._matcher.read(message, skip)
        if not english:
            return found
        glossed, start = self._matcher.read(english), len(message)
        amounts = [match for match in found.matches if match.field in self._amounts]
        told = {match.field for match in amounts}
        behind, hints = (
            [
                replace(match, span=(match.span[0] + start, match.span[1] + start))
                for match in matches
                if match.field not in told
            ]
            for matches in (glossed.matches, glossed.hints)
        )
        unknown = {one.what: one for one in (*found.unknown, *glossed.unknown)}
        return FacetReading((*amounts, *behind), tuple(unknown.values()), hints=tuple(hints))

    def split_soft(
        self, named: Sequence[Named], text: str, tokens: Sequence[Word]
    ) -> tuple[list[Named], tuple[Preference, ...]]:
        """Values that are conditions, and preferences: those of large vocabularies, as tags are never complete, and
        labels of which there was too much, as "less war" does not turn every war film down.
        """
        soft = [
            value
            for value in named
            if value.field in self._open_tags or _LESS_OF.search(text, 0, tokens[value.first].start)
        ]
        spans = [(tokens[value.first].start, tokens[value.last].end) for value in soft]
        preferences = [
            Preference(
                condition=Constraint(
                    field=value.field, op=Op.NONE_OF if negative else Op.ANY_OF, value=(value.value,)
                ),
                words=text[start:end],
            )
            for value, (start, end), negative in zip(soft, spans, find_negations(text, spans), strict=True)
        ]
        return [value for value in named if value not in soft], tuple(preferences)

    def read(self, message: str, found: FacetReading, reading: Understanding) -> Understanding:
        """The understanding with what the message asks of facets.

        Args:
            message: as written.
            found: by :meth:`find`.
            reading: what other rules made of the message.
        """
        hard = [match for match in found.matches if self._is_hard(match, reading.constraints)]
        either = _join_listed_origins(hard, message)
        conditions = [one for one in either if isinstance(one, Constraint)]
        return reading.model_copy(
            update={
                "constraints": (*reading.constraints, *_join_constraints(conditions)),
                "prefer": (
                    *reading.prefer,
                    *(
                        in_tags
                        for one in _preferences((*found.matches, *found.hints))
                        for in_tags in self._in_tags_too(one)
                    ),
                    *self._companions(found.matches),
                ),
                "unexplained": _unexplained(message, found.left, reading.wish),
                "required": (
                    *reading.required,
                    *(one for one in either if not isinstance(one, Constraint)),
                ),
                "unknown": tuple(
                    dict.fromkeys([unknown.what for unknown in found.unknown] or reading.unknown)
                ),
            }
        )

    def _in_tags_too(self, wanted: Preference) -> Iterator[Preference]:
        """A topic as the facet has it, or as the catalogue's own tags do: a part for what is just that topic.

        "Travel" is in "time travel" as well, which is about something else.
        """
        one = wanted.condition
        if not isinstance(one, Constraint) or one.field != self.topic or one.op is not Op.ANY_OF:
            yield wanted
            return
        said = keys_of(wanted.words)
        just = [value for value in values_of(one) if _is_just(keys_of(str(value)), said)]
        share = JUST if just and len(just) < len(values_of(one)) else 0.0
        for values, weight in ((values_of(one), 1 - share), (just, share)):
            names = (self.topic, *sorted(self._open_tags))
            parts = [
                one.model_copy(update={"field": name, "value": held})
                for name in names
                if (held := self._held(name, values))
            ]
            if weight and parts:
                yield wanted.model_copy(
                    update={"condition": any_of(parts), "weight": wanted.weight * TOPIC_WEIGHT * weight}
                )
            elif weight and weight == 1.0:
                yield wanted

    def _held(self, name: str, values: Sequence[object]) -> tuple[str, ...]:
        known = self._catalog.postings(name)
        return tuple(str(value) for value in values if str(value).casefold() in known)

    def _companions(self, matches: Sequence[FacetMatch]) -> Iterator[Preference]:
        """What is likely meant beside what was said, unless the message speaks of that itself."""
        said = {match.field for match in matches}
        for match in matches:
            for other in self._matcher.companions_of(match):
                if other.field not in said:
                    said.add(other.field)
                    yield Preference(condition=other.condition, weight=other.score, words=match.words)

    def _is_hard(self, match: FacetMatch, stated: Sequence[Constraint]) -> bool:
        said = any(constraint.field == match.field for constraint in stated)
        if not match.explicit or match.field not in self._exact or said:
            return False
        if self._catalog.schema[match.field].provenance is Provenance.COMPUTED:
            return False
        # What is not to be had together with the other conditions is said not to be.
        left = int(mask(self._catalog, [match.condition, *stated]).sum())
        return left >= MIN_LEFT or left == 0


def _join_listed_origins(hard: Sequence[FacetMatch], message: str) -> list[Condition]:
    """Hard conditions, origins that stand in one list made one that any of them meets: "in French or Italian"."""
    conditions: list[Condition] = []
    before: FacetMatch | None = None
    for match in sorted(hard, key=lambda one: one.span):
        origin = match.polarity > 0 and {leaf.field for leaf in leaves(match.condition)} <= ORIGINS
        linked = before is not None and _LISTS.fullmatch(message, before.span[1], match.span[0])
        if origin and linked and conditions[-1] != match.condition:
            conditions[-1] = any_of(_merge_leaves([conditions[-1], match.condition]))
        else:
            conditions.append(match.condition)
        before = match if origin else None
    return conditions


def _merge_leaves(conditions: Sequence[Condition]) -> list[Constraint]:
    """The leaves of conditions that any one of which is enough, one for each attribute."""
    values: dict[str, dict[str, None]] = {}
    for leaf in (leaf for one in conditions for leaf in leaves(one)):
        values.setdefault(leaf.field, {}).update(dict.fromkeys(map(str, values_of(leaf))))
    return [Constraint(field=name, op=Op.ANY_OF, value=tuple(held)) for name, held in values.items()]


def _join_constraints(conditions: Sequence[Constraint]) -> Iterator[Constraint]:
    """Conditions each once, those that ask for one of some values of an attribute made one: "Scotland or Ireland"."""
    either = _merge_leaves([one for one in conditions if one.op is Op.ANY_OF])
    yield from either
    yield from dict.fromkeys(one for one in conditions if one.op is not Op.ANY_OF)


def _is_just(value: Sequence[str], said: Sequence[str]) -> bool:
    """Whether a value is a topic that was said, alone or before a word for works: "train films"."""
    return bool(value) and tuple(said[: len(value)]) == tuple(value) and set(said[len(value) :]) <= _OF_WORKS


def without_contradictions(found: FacetReading) -> FacetReading:
    """A reading without what it both wants and turns down: "set at Christmas, but not a Christmas film".

    One of the two is meant otherwise than the facet has it, and which one nothing tells.
    """
    sides: dict[bool, set[tuple[str, str]]] = {True: set(), False: set()}
    for match in found.matches:
        sides[_is_unwanted(match)] |= _values_of(match)
    both = sides[True] & sides[False]
    return replace(found, matches=tuple(match for match in found.matches if not both & _values_of(match)))


_LOT = re.compile(
    r"[\s-]+(?:(?:(?:and|but|,) )?\w+ )?(?:day|week|weekend|month|year|morning|shift|meeting|exams?|interview|job|"
    r"boss|colleagues?|break-?up|divorce|journey|commute|drive|flight|weather|news|time at|time of it|time lately)\b"
    r"(?! (?:film|movie|story|comedy|drama)s?\b)",
    re.IGNORECASE,
)
"""What of people's lives an adjective is said of, right behind it: "a terrible week at work", "boring meetings"."""
MAX_LOT_WORDS = 2


def without_circumstances(found: FacetReading, message: str) -> FacetReading:
    """A reading without adjectives that say how somebody's day was, and nothing of what is wanted."""
    return found.only(
        lambda one: len(one.words.split()) > MAX_LOT_WORDS or not _LOT.match(message, one.span[1])
    )


_WISHES = re.compile(r"\b(?:want|need|ready|mood|let me|make me|something)\b", re.IGNORECASE)


def prefer_wishes(found: FacetReading, catalog: Catalog) -> FacetReading:
    """A reading in which a wish overrules what somebody's lot suggests: "just got dumped, I want to cry properly".

    Of two readings that hardly any item meets together, one said with a word of wishing and one without, the second
    goes.
    """
    wished = [mask(catalog, [one.condition]) for one in found.matches if _is_wish(one)]
    if not wished:
        return found

    def gives_way(one: FacetMatch) -> bool:
        if _is_wish(one) or one.polarity < 0 or len(one.words.split()) <= MAX_LOT_WORDS:
            return False
        held = mask(catalog, [one.condition])
        return any(exclude(held, other) for other in wished)

    return found.only(lambda one: not gives_way(one))


def _is_wish(match: FacetMatch) -> bool:
    return match.polarity > 0 and _WISHES.search(match.words) is not None


def without_denials_in(found: FacetReading, spans: Sequence[tuple[int, int]]) -> FacetReading:
    """A reading without refusals of what only less is wanted of: "less sappy" wants no film without any love."""
    return found.only(
        lambda one: one.polarity > 0 or not any(a < one.span[1] and one.span[0] < b for a, b in spans)
    )


def without_wishes_in(found: FacetReading, spans: Sequence[tuple[int, int]]) -> FacetReading:
    """A reading without wishes for what less is wanted of: "moins violent" asks for no violence."""
    return found.only(
        lambda one: one.polarity < 0 or not any(a <= one.span[0] and one.span[1] <= b for a, b in spans)
    )


_MORE_THAN = re.compile(r"\bmore (?:[\w'’-]+ ){1,3}than (?P<lesser>[\w'’-]+)", re.IGNORECASE)


def without_lesser(found: FacetReading, message: str) -> FacetReading:
    """A reading without what something should be less of than of something else: "more sad than frightening"."""
    lesser = [match.span("lesser") for match in _MORE_THAN.finditer(message)]
    if not lesser:
        return found
    kept = [m for m in found.matches if not any(a <= m.span[0] and m.span[1] <= b for a, b in lesser)]
    return replace(found, matches=tuple(kept))


_NAME = re.compile(r"\b[A-Z][\w'’]+(?: (?:and|&|of|or|in|on|for|at|to)(?: (?:the|a|an))?(?: [A-Z][\w'’]+)+)+")


def without_names(found: FacetReading, message: str, topic: str) -> FacetReading:
    """A reading without topics that are part of a name: "a Pride and Prejudice thing" is not about prejudice."""
    names = [match.span() for match in _NAME.finditer(message)] if not message.istitle() else []
    return found.only(
        lambda one: one.field != topic or not any(a <= one.span[0] and one.span[1] <= b for a, b in names)
    )


def without_limits(found: FacetReading, fields: Collection[str]) -> FacetReading:
    """A reading without upper limits on attributes of which less is wanted than something has."""
    return replace(
        found,
        matches=tuple(
            match
            for match in found.matches
            if match.field not in fields
            or not isinstance(match.condition, Constraint)
            or match.condition.op is not Op.AT_MOST
        ),
    )


def _is_unwanted(match: FacetMatch) -> bool:
    return isinstance(match.condition, Not) or all(leaf.op is Op.NONE_OF for leaf in leaves(match.condition))


def _values_of(match: FacetMatch) -> set[tuple[str, str]]:
    """The labels that a match speaks of, each with its attribute."""
    return {
        (leaf.field, str(value))
        for leaf in leaves(match.condition)
        if leaf.op in (Op.ANY_OF, Op.NONE_OF)
        for value in values_of(leaf)
    }


def _unexplained(message: str, left: Sequence[tuple[int, int]], wish: str) -> tuple[str, ...]:
    """Telling words of the wish in the parts of a message that nothing was read out of."""
    wished = {word.norm for word in words(wish)}
    rest = (word.norm for start, end in left for word in words(message[start:end]))
    return tuple(norm for norm in dict.fromkeys(rest) if norm in wished and norm not in STOPWORDS | FILLER)


def _preferences(matches: Sequence[FacetMatch]) -> tuple[Preference, ...]:
    """One preference a condition, the strongest where several words ask for it."""
    strongest: dict[str, Preference] = {}
    for match in matches:
        said = match.explicit or match.score == SOFT_WEIGHT  # a "maybe" is in the score already
        weight = min(1.0, match.score) * (1.0 if said else IMPLIED)
        key = describe(match.condition)
        if key not in strongest or strongest[key].weight < weight:
            strongest[key] = Preference(condition=match.condition, weight=weight, words=match.words)
    return _either_origin(strongest.values())


def _either_origin(wanted: Iterable[Preference]) -> tuple[Preference, ...]:
    """Preferences, several origins or settings made one that any of them meets: "Scotland or Ireland"."""
    joined: dict[str, Preference] = {}
    for one in wanted:
        asks = one.weight > 0 and all(leaf.op is Op.ANY_OF for leaf in leaves(one.condition))
        key = "origin" if asks and one.fields <= _OF_ORIGIN else " ".join(sorted(one.fields))
        if not asks or not one.fields <= ORIGINS:
            joined[describe(one.condition)] = one
        elif (before := joined.get(key)) is None:
            joined[key] = one
        else:
            joined[key] = Preference(
                condition=any_of(_merge_leaves([before.condition, one.condition])),
                weight=max(before.weight, one.weight),
                words=f"{before.words} or {one.words}",
            )
    return tuple(joined.values())
