"""Dates in a sentence as conditions on the columns that say when: "posted after 2024-05-01", "released last year"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.filters.conditions import Condition, Constraint, Op, Scalar, any_of
from tastemaker.retrieval.quantities.calendar_spans import CalendarSpan, age_in, calendar_spans
from tastemaker.retrieval.quantities.columns import is_year
from tastemaker.retrieval.quantities.comparisons import denies
from tastemaker.retrieval.quantities.concepts import name_words
from tastemaker.retrieval.quantities.reading import Reading
from tastemaker.retrieval.text.flat import flat

_EVENTS: Sequence[frozenset[str]] = tuple(
    frozenset(words.split())
    for words in (
        "released release releases out premiered premiere launched launch debuted issued appeared",
        "published publish publication pub printed",
        "posted post posting listed listing advertised date_posted",
        "added add adding onboarded",
        "updated update updates modified changed revised refreshed edited",
        "created create creation made built construction constructed founded established",
        "started start starts begins began opening opened",
        "closing closes deadline expires expiry ends end ended until due",
        "recorded recording",
        "written wrote",
        "available availability",
        "sold purchased bought",
    )
)
_FIRST_CHOICE = ("released", "publish", "post", "issue", "date", "year", "created")
_LEADS = {
    "after": r"after|later than|newer than|more recent than|past|nach|despues de|apres|以后|之后",
    "since": r"since|from|as of|starting(?: from)?|no older than|not older than|no earlier than|"
    r"not earlier than|on or after|at least from|seit|ab|depuis|desde",
    "before": r"before|earlier than|older than|prior to|ahead of|vor|avant|antes de",
    "until": r"until|till|up to|by|no later than|not later than|no newer than|through|on or before|bis|jusqu'a|hasta",
    "in": r"in|on|of|during|within|over|at|im|en|dated|for",
}
_ANY_LEAD = "|".join(f"(?P<{name}>{words})" for name, words in _LEADS.items())
_LEAD = re.compile(rf"\b(?:{_ANY_LEAD})\s+(?:the\s+)?(?:date\s+|month\s+(?:of\s+)?)?$")
_BETWEEN = re.compile(r"\b(?:between|from)\s+(?:the\s+)?$")
_JOINT = re.compile(r"\s*(?:and|to|-|–|until|till|through)\s*(?:the\s+)?")
_BEHIND = re.compile(
    r"\s*,?\s*(?:(?P<later>(?:and|or) (?:later|newer|after|onwards?|since|more recent)|"
    r"onwards?)|(?P<earlier>(?:and|or) (?:earlier|older|before)))\b"
)
_AGED = re.compile(
    r"\b(?:(?P<older>older than|more than|over|at least)|(?P<newer>newer than|less than|"
    r"under|younger than|fresher than|more recent than|at most|max(?:imum)?|up to|"
    r"within))\s+(?:the\s+)?(?:last\s+)?"
)
_OF_PEOPLE = re.compile(
    r"\b(?:kids?|child(?:ren)?|people|adults?|anyone|everyone|persons?|sons?|daughters?|"
    r"boys?|girls?|teens?|toddlers?|babies|viewers?|players?|years? of age|experience|"
    r"someone)\b[^.,;]{0,20}$"
)
_STRETCH = re.compile(r"[.;!?\n]")
_WEAK = frozenset({"", "in", "until"})


class DateReader:
    """Reads the dates of sentences for one catalogue. Safe to share between threads."""

    def __init__(self, catalog: Catalog) -> None:
        years = [name for name in catalog.schema.of_kind(Kind.NUMBER) if is_year(name, catalog)]
        dates = list(catalog.schema.of_kind(Kind.DATE))
        self._numbers = frozenset(years)
        self._names = [*years, *dates]
        self._events = {name: _event_words(name) for name in self._names}
        self.main = min(self._names, key=self._rank, default=None)

    def _rank(self, name: str) -> tuple[int, int]:
        words = " ".join(name_words(name))
        if name in self._numbers:
            return (-1, 0)
        place = next((n for n, part in enumerate(_FIRST_CHOICE) if part in words), len(_FIRST_CHOICE))
        late = bool(re.search("updat|modif|last|deadlin|expir|clos|end", words))
        return (int(late), place)

    def column(self, text: str, start: int, end: int | None = None) -> str | None:
        """The column that a date at a place of a flat text is of, by the nearest word such as "posted"."""
        opens = max((m.end() for m in _STRETCH.finditer(text, 0, start)), default=0)
        near = re.findall(r"[a-z_]+", text[max(opens, start - 40) : start])
        behind = re.findall(r"[a-z_]+", text[end or start : (end or start) + 20].split(",")[0])[:2]
        for word in (*reversed(near), *behind):
            named = [name for name in self._names if _stem(word) in self._events[name]]
            if named:
                return min(named, key=self._rank)
        return self.main

    def read(self, text: str, today: date) -> list[Reading]:
        """The dates of a sentence but plain years, from left to right."""
        said = flat(text)
        spans = calendar_spans(said, today)
        readings, at = list[Reading](), 0
        while at < len(spans):
            one, following = spans[at], spans[at + 1] if at + 1 < len(spans) else None
            lead = _BETWEEN.search(said, 0, one.start)
            if following and lead and _JOINT.fullmatch(said, one.end, following.start):
                joined = CalendarSpan(one.first, following.last, lead.start(), following.end)
                readings += self._of(said, joined, "in", lead.start(), following.end)
                at += 2
                continue
            readings += self._single(said, one)
            at += 1
        return [*readings, *self._ages(said, today, spans)] if self._names else [*readings]

    def _single(self, text: str, span: CalendarSpan) -> list[Reading]:
        lead = _LEAD.search(text, max(0, span.start - 30), span.start)
        how = next((name for name in _LEADS if lead and lead[name]), "")
        behind = _BEHIND.match(text, span.end)
        end = behind.end() if behind else span.end
        start = lead.start() if lead else span.start
        if behind:
            how = "since" if behind["later"] else "until"
        elif how == "since" and lead and lead["since"] == "from":
            how = "in"
        if how in _WEAK and span.relative and not self._is_meant(text, start, span):
            return []
        if span.unclear:
            return [Reading(start, end, unknown=span.unclear)]
        return self._of(text, span, how or "in", start, end)

    def _is_meant(self, text: str, start: int, span: CalendarSpan) -> bool:
        """Whether "last year" or "this week" says when an item is from, and not when somebody did something."""
        if not self._names:
            return False
        before_ = re.findall(r"[a-z]+", text[max(0, start - 30) : start])[-3:]
        if (
            any(_stem(word) in words for word in before_ for words in self._events.values())
            or set(before_) & _TELLING
        ):
            return True
        if re.search(r"\bfrom\s+(?:the\s+)?$", text[: span.start]):
            return True
        return text[span.end : span.end + 2] == "'s" or text[: span.end].endswith("'s")

    def _of(self, text: str, span: CalendarSpan, how: str, start: int, end: int) -> list[Reading]:
        name = self.column(text, start, end)
        if name is None:
            return [Reading(start, end, unknown="when it is from")]
        if name in self._numbers and (text[span.start : span.end] in _DAYS or span.year_guessed):
            return []  # "out today" and "he died in March" ask for no year
        first, last = self._value(name, span.first), self._value(name, span.last)
        condition: Condition
        match how:
            case "after":
                condition = Constraint(field=name, op=Op.AFTER, value=last)
            case "since":
                condition = Constraint(field=name, op=Op.AT_LEAST, value=first)
            case "before":
                condition = Constraint(field=name, op=Op.BEFORE, value=first)
            case "until":
                condition = Constraint(field=name, op=Op.AT_MOST, value=last)
            case _:
                condition = Constraint(field=name, op=Op.BETWEEN, value=(first, last))
        denied = denies(
            text,
            start,
            max((m.end() for m in _STRETCH.finditer(text, 0, start)), default=0),
            tuple(EVENT_WORDS),
        )
        if denied is not None:
            condition, start = _opposite_of(condition), denied
        return [Reading(start, end, condition=condition)]

    def _ages(self, text: str, today: date, spans: Sequence[CalendarSpan]) -> list[Reading]:
        """ "newer than 6 months", "not older than two weeks", "less than a year old"."""
        found = []
        for match in _AGED.finditer(text):
            aged = age_in(text, match.end(), today)
            if aged is None or any(one.start < aged[1] and match.end() < one.end for one in spans):
                continue
            day, end = aged
            old = text[:end].endswith("old")
            if not old and not re.match(r"older|newer|fresher|more recent", match[0]):
                continue
            name = self.column(text, match.start())
            if name is None or _OF_PEOPLE.search(text[: match.start()]):
                continue
            op = Op.BEFORE if match["older"] else Op.AFTER
            condition: Condition = Constraint(field=name, op=op, value=self._value(name, day))
            denied = denies(text, match.start(), 0, tuple(EVENT_WORDS))
            if denied is not None:
                condition = _opposite_of(condition)
            found.append(Reading(match.start() if denied is None else denied, end, condition=condition))
        return found

    def _value(self, name: str, day: date) -> Scalar:
        return day.year if name in self._numbers else day


_DAYS = ("today", "yesterday")
EVENT_WORDS = frozenset(word for group in _EVENTS for word in group)
"""Words that say what happened to an item on a date."""
_TELLING = frozenset(
    "new news out released published posted added updated made latest anything listed came "
    "fresh dating created started written opened".split()
)


def _stem(word: str) -> str:
    return word[:6] if len(word) > 5 else word


def _event_words(name: str) -> frozenset[str]:
    """Stems of the words that speak of a column of dates."""
    own = {
        word
        for word in name_words(name)
        if word not in ("date", "at", "on", "time", "day", "year", "last", "of")
    }
    found = set(own)
    for group in _EVENTS:
        if own & group or any(
            word.startswith(tuple(own)) for word in group if own and min(map(len, own)) > 3
        ):
            found |= group
    return frozenset(_stem(word) for word in found)


def _opposite_of(condition: Condition) -> Condition:
    if not isinstance(condition, Constraint):
        return condition
    opposite = {Op.AFTER: Op.AT_MOST, Op.AT_LEAST: Op.BEFORE, Op.BEFORE: Op.AT_LEAST, Op.AT_MOST: Op.AFTER}
    if condition.op in opposite:
        return condition.model_copy(update={"op": opposite[condition.op]})
    first, last = (
        condition.value if isinstance(condition.value, tuple) else (condition.value, condition.value)
    )
    return any_of(
        [
            condition.model_copy(update={"op": Op.BEFORE, "value": first}),
            condition.model_copy(update={"op": Op.AFTER, "value": last}),
        ]
    )
