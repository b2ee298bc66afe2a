"""What is made of a message that a classifier tells to be no wish: questions of titles, an order, small talk.

What the rules have read stands wherever they have found something to look for; a classifier that never saw the
catalogue only decides what a message does that says nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from tastemaker.agent.memory.request import Preference
from tastemaker.agent.nlu.message_kind import SERIES_MARK, MessageKind, MessageKindReader
from tastemaker.agent.nlu.rules.free_text_query import blank_out
from tastemaker.agent.nlu.rules.numeric_constraints import year_field
from tastemaker.agent.nlu.rules.rule_reader import RulesReader
from tastemaker.agent.nlu.tokenizer import words
from tastemaker.agent.nlu.understanding import (
    Act,
    AggregateQuestion,
    Intent,
    Mention,
    Sentiment,
    Understanding,
)
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.computed_attributes import PERCENTILE, POPULARITY, RATING
from tastemaker.retrieval.catalog.schema import EVERY, Kind
from tastemaker.retrieval.filters.aggregates import ALL, Aggregate, What
from tastemaker.retrieval.filters.conditions import Constraint, Op, leaves

SHOWN, MOST = 5, 12
"""Items of an answer where no number is named, and the most that one may name."""
OF_RENOWN = frozenset(
    {"acclaim", "known", "popularity", "popularity_percentile", "rating_mean", "hidden_gem", "rating"}
)
"""Attributes of which "the best of all" speaks as well."""
AT_THE_TOP = (MessageKind.BEST, MessageKind.POPULAR)
_FIRST = re.compile(r"\b(?:first|on top|at the top|order|sort(?:ed)?)\b", re.IGNORECASE)
_ASKS = re.compile(r"\W*(?:which|what|who|is|are|does|do|has|have)\b", re.IGNORECASE)
_OF_LIST = re.compile(r"\b(?:these|those|them|which one)\b", re.IGNORECASE)
_NO = re.compile(r"\W*(?:no+|nope|nah+|naa+h|boo+|meh|next|pass)\W*$", re.IGNORECASE)
"""A whole message that turns a list down."""
_KNOWN = re.compile(r"\b(?:seen|saw|watched|(?<!you )know|knew|read)\b", re.IGNORECASE)
_SURPRISE = re.compile(r"\bsurpris", re.IGNORECASE)
SURPRISING = (
    (Constraint(field=RATING, op=Op.AT_LEAST, value=3.8), 1.0),
    (Constraint(field=PERCENTILE, op=Op.BETWEEN, value=(60, 90)), 1.0),
)
"""What surprises: good, and not what everybody takes."""
_NUMBER = re.compile(r"\b(?:top\s+)?(\d{1,4}|three|five|ten)\b", re.IGNORECASE)
_WORDS = {"three": 3, "five": 5, "ten": 10}
_BY = (
    (
        re.compile(
            r"\b(?:new|year|recent|latest|oldest|older|old|early|earliest|date|release|came out|chron|modern)",
            re.I,
        ),
        ("year",),
    ),
    (
        re.compile(r"\b(?:long|short|length|runtime|running|duration|quick|minutes|pages)", re.I),
        ("runtime", "length", "duration", "pages"),
    ),
    (
        re.compile(r"\b(?:rat(?:ed|ing)|best|better|worst|score|stars?|quality|good)", re.I),
        (RATING, "rating", "stars", "score"),
    ),
    (re.compile(r"\b(?:popular|known|famous|watched|seen|liked)", re.I), (POPULARITY,)),
    (re.compile(r"\b(?:cheap|price|expensive|cost)", re.I), ("price", "cost")),
)
"""What a list may be ordered by, and the attributes that tell it."""
_LOW = re.compile(
    r"\b(?:old\w*|earl\w*|chron\w*|short\w*|quick\w*|worst|least|low\w*|cheap\w*|ascending|oldest|reverse\w*)\b|"
    r"\border of (?:release|year|date)|\brelease order|\bcame out\b|\bby (?:year|date|price)\b",
    re.IGNORECASE,
)
"""Words of an order that begins at the lower end."""


class _Seen(NamedTuple):
    """What a message does, where titles stand in it, and the ids of a series that it names."""

    kind: MessageKind
    titles: Sequence[tuple[int, int]]
    series: Sequence[str] | None


class PlainMessages:
    """Readings of messages that say no wish.

    Args:
        catalog: what is spoken of.
        rules: reads titles, and everything else.
        kinds: tells what a message does; None where no weights ship for the encoder.
    """

    def __init__(self, catalog: Catalog, rules: RulesReader, kinds: MessageKindReader | None) -> None:
        self._catalog, self._rules, self._kinds = catalog, rules, kinds

    def kind(self, message: str) -> MessageKind:
        """What a message does."""
        return self._look(message).kind

    def _look(self, message: str) -> _Seen:
        if self._kinds is None:
            return _Seen(MessageKind.OTHER, [], None)
        titles, series = self._rules.title_spans(message), self._rules.series_in(message)
        if series and self._names_only(message, series[0], titles):
            whole = self._kinds.read(message, [series[0]], SERIES_MARK)
            if whole is MessageKind.SERIES:
                return _Seen(whole, titles, series[1])
        return _Seen(self._kinds.read(message, titles), titles, series and series[1])

    @staticmethod
    def _names_only(message: str, series: tuple[int, int], titles: Sequence[tuple[int, int]]) -> bool:
        """Whether a message speaks of one series, and says more of it than its name."""
        others = [one for one in titles if not (one[0] < series[1] and series[0] < one[1])]
        return not others and len(words(blank_out(message, [series]))) > 1

    def reread(self, message: str, said: Understanding, shown: Sequence[str]) -> Understanding:
        """What the rules read, or what the message does where that says more.

        Args:
            message: as written.
            said: by the rules.
            shown: ids of the list shown last.
        """
        if shown and _NO.match(message) and not said.act:
            return Understanding(intent=Intent.MORE)
        if said.act:
            return said
        kind, titles, series = self._look(message)
        if kind is MessageKind.OTHER:
            return said
        if kind is MessageKind.SERIES:
            return self._find_series(series) or said
        if titles:
            return self._read_titles(kind, [message[a:b] for a, b in titles], said)
        if kind is MessageKind.SORT or (kind in AT_THE_TOP and _FIRST.search(message)):
            return (None if _ASKS.match(message) else self._read_order(message, shown)) or said
        if said.asked or _asks_for_something(said, kind):
            return said
        if kind in AT_THE_TOP and not (shown and _OF_LIST.search(message)):
            return self._ask_for_best(message, kind) or said
        if kind is MessageKind.ANYTHING and _SURPRISE.search(message):
            return self._surprise(said)
        return _read_talk(kind, said, message)

    def _read_titles(self, kind: MessageKind, named: Sequence[str], said: Understanding) -> Understanding:
        told = {one.sentiment for one in said.mentions}
        if Sentiment.SEEN in told or (Sentiment.DISLIKED in told and kind is not MessageKind.STORY):
            return said  # "I have seen that, which others are there?"
        plain = not (said.asked or said.constraints or said.required or said.critiques)
        if kind is MessageKind.PAIR and said.intent is Intent.RECOMMEND:
            liked = tuple(Mention(title=title, sentiment=Sentiment.LIKED) for title in named)
            return said.model_copy(update={"mentions": liked, "wish": "", "unexplained": ()})
        asked = tuple(Mention(title=title, sentiment=Sentiment.ASKED) for title in named)
        if kind is MessageKind.COMPARE and len(named) > 1 and plain:
            return Understanding(intent=Intent.QUESTION, mentions=asked, act=Act.COMPARE)
        if kind in (MessageKind.STORY, MessageKind.HERE) and said.intent is Intent.RECOMMEND and plain:
            return Understanding(intent=Intent.QUESTION, mentions=asked)
        return said

    def _find_series(self, ids: Sequence[str] | None) -> Understanding | None:
        year = year_field(self._catalog)
        if year is None or ids is None:
            return None
        return _question(Aggregate(what=What.LOWEST, field=year, among=tuple(ids), k=ALL))

    def _read_order(self, message: str, shown: Sequence[str]) -> Understanding | None:
        names = self._catalog.schema.of_kind(Kind.NUMBER, Kind.DATE, provenance=EVERY)
        for said, fields in _BY:
            field = next((name for name in fields if name in names), None)
            if field and said.search(message) and len(shown) > 1:
                what = What.LOWEST if _LOW.search(message) else What.HIGHEST
                return _question(Aggregate(what=what, field=field, among=tuple(shown), k=ALL))
        return None

    def _surprise(self, said: Understanding) -> Understanding:
        """What people rate highly and few know, as far as a log tells."""
        wanted = [
            Preference(condition=condition, weight=weight, words="")
            for condition, weight in SURPRISING
            if condition.field in self._catalog.schema
        ]
        return said.model_copy(update={"prefer": tuple(wanted), "wish": "", "unexplained": ()})

    def _ask_for_best(self, message: str, kind: MessageKind) -> Understanding | None:
        fields = (POPULARITY,) if kind is MessageKind.POPULAR else (RATING, "rating", "stars", "score")
        field = next((name for name in fields if name in self._catalog.schema), None)
        number = _NUMBER.search(message)
        many = (_WORDS.get(number[1].casefold()) or int(number[1])) if number else SHOWN
        return (
            _question(Aggregate(what=What.HIGHEST, field=field, k=min(max(many, 1), MOST))) if field else None
        )


def _question(asked: Aggregate) -> Understanding:
    return Understanding(intent=Intent.QUESTION, asked=AggregateQuestion(aggregate=asked))


def _read_talk(kind: MessageKind, said: Understanding, message: str) -> Understanding:
    match kind:
        case MessageKind.ANYTHING:
            return Understanding(intent=Intent.MORE, how_many=said.how_many, other_person=said.other_person)
        case MessageKind.COMPLAINT if not _KNOWN.search(message):  # "seen all of those" tells us something
            return Understanding(intent=Intent.MORE, act=Act.COMPLAIN)
        case MessageKind.ABOUT_US:
            return Understanding(intent=Intent.CHAT, act=Act.ABOUT_US)
        case MessageKind.OFF_TOPIC:
            return Understanding(intent=Intent.CHAT, act=Act.OFF_TOPIC)
    return said


def _asks_for_something(said: Understanding, kind: MessageKind) -> bool:
    """Whether the rules found something to look for, or somebody to speak of."""
    of_renown = kind in (
        *AT_THE_TOP,
        MessageKind.COMPLAINT,
    )  # "your last list was terrible" wants no bad ones
    named = [one for one in said.mentions if one.title or not of_renown]  # "top 3" is no place of a list
    if named or said.constraints or said.required or said.relative or said.critiques or said.refused:
        return True
    if said.unknown or said.forget or said.intent not in (Intent.RECOMMEND, Intent.MORE, Intent.CHAT):
        return True
    own = OF_RENOWN if of_renown else frozenset()
    return any(leaf.field not in own for one in said.prefer for leaf in leaves(one.condition))
