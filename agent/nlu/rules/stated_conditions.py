"""All that a message states of numbers, dates and yes-or-no columns, each with the words that state it.

One reader for every catalogue: calendar dates and yes-or-no words first, then amounts, then plain years and decades
in what is left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from tastemaker.agent.nlu.rules.statement_or_request import is_statement
from tastemaker.agent.nlu.rules.value_mentions import Named
from tastemaker.agent.nlu.tokenizer import words
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.filters.conditions import Condition, Constraint
from tastemaker.retrieval.quantities.dates import EVENT_WORDS, DateReader
from tastemaker.retrieval.quantities.eras import EraReader
from tastemaker.retrieval.quantities.flags import FlagReader
from tastemaker.retrieval.quantities.reader import QuantityReader
from tastemaker.retrieval.quantities.reading import Reading
from tastemaker.retrieval.quantities.vague import VagueReader

_REQUIRES = re.compile(
    r"\b(?:as long as|so long as|provided|if|has to|have to|had to|must|should|shouldn't|"
    r"needs? to|ought to|want\w*|can|can't|cannot|could|budget|limit|"
    r"maximum|max|afford|spend|only|looking|need|don't|not|no|nothing|allerg\w*|"
    r"lieber|eher|gerne?|was (?:aus|von|mit)|etwas|bitte|suche|"
    r"intoleran\w*|please|is fine|eat|drink|would|i'd|we'd|got|have)\b",
    re.IGNORECASE,
)
_DIETS = re.compile(
    r"(?:vegan|vegetarian|veggie|halal|kosher|pescatarian|lactose|gluten|dairy|nut|coeliac|remote)",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:that|which|who|what|those|ones?(?! (?:was|were)\b)|something|anything)(?:'s|'re|\s+(?:is|are|was|"
    r"were|has|have|has been|have been|got|costs?|weighs?|takes?|lasts?|pays?|came|comes?))?"
    r"(?:\s+not|n't)?(?:\s+(?:\w+ed|built|made|out|rated))?\s*$",
    re.IGNORECASE,
)
"""A clause that describes what is wanted: "something that is", "what was published"."""
_DESCRIBES = re.compile(r"\b(?:that|which|who)(?:['’]s|['’]re|\s+(?:is|are|has|have))\b", re.IGNORECASE)
"""What opens a description of the thing wanted, "a mug that's dishwasher safe", which tells nothing."""
_STRETCH = re.compile(r"[.?!\n]")


_FORBIDS = re.compile(r"(?:allerg(?:y|ies|ic)|intoleran(?:t|ce)|sensitivity|free)$", re.IGNORECASE)


def is_told(text: str, start: int, end: int, said: str = "") -> bool:
    """Whether an amount or the like is told of something ("it was under 50"), and no condition.

    ``said`` is the text as written where conditions in ``text`` are masked: what somebody must not eat is a condition
    however it is told.

    >>> is_told("as long as it's under 60", 16, 24), is_told("the last one was under 60 euros", 17, 31)
    (False, True)
    >>> is_told("a mug that's dishwasher safe, with more than 50 reviews", 35, 55)
    False
    """
    own = (said or text)[start:end]
    if _FORBIDS.search(own) or _DIETS.match(own):
        return False
    text = _DESCRIBES.sub(lambda match: " " * len(match[0]), text)
    if not is_statement(text, start, end):
        return False
    opens = max((match.end() for match in _STRETCH.finditer(text, 0, start)), default=0)
    before = text[opens:start].replace("’", "'")
    return not (_REQUIRES.search(before) or _RELATIVE.search(before))


@dataclass(frozen=True)
class ConditionReaders:
    """The readers of one catalogue."""

    dates: DateReader
    flags: FlagReader
    amounts: QuantityReader
    vague: VagueReader
    eras: EraReader


@lru_cache(maxsize=16)
def readers_of(catalog: Catalog) -> ConditionReaders:
    """The readers of a catalogue, made once."""
    amounts = QuantityReader(catalog)
    dates, vague = DateReader(catalog), VagueReader(catalog, amounts.columns.all)
    return ConditionReaders(dates, FlagReader(catalog), amounts, vague, EraReader(catalog, dates.main))


def read_conditions(text: str, catalog: Catalog, today: date) -> list[Reading]:
    """What a text states of dates, yes-or-no columns and amounts, from left to right, plain years aside."""
    readers = readers_of(catalog)
    found = readers.dates.read(text, today)
    for readings in (
        readers.flags.read(text),
        readers.amounts.read(text, _places(found)),
        readers.vague.read(text),
        readers.eras.read(text),
    ):
        found += [one for one in readings if not any(_overlap(one, other) for other in found)]
    return sorted(found, key=lambda one: one.start)


def constraints_of(readings: Sequence[Reading]) -> list[tuple[Constraint, int, int]]:
    """The conditions on single columns among readings, with their places."""
    return [(one.condition, one.start, one.end) for one in readings if isinstance(one.condition, Constraint)]


def compounds_of(readings: Sequence[Reading]) -> list[tuple[Condition, int, int]]:
    """The conditions among readings that join several, with their places."""
    return [
        (one.condition, one.start, one.end)
        for one in readings
        if one.condition is not None and not isinstance(one.condition, Constraint)
    ]


def _places(readings: Sequence[Reading]) -> list[tuple[int, int]]:
    return [(one.start, one.end) for one in readings]


def _overlap(one: Reading, other: Reading) -> bool:
    return one.start < other.end and other.start < one.end


_ITEMS = frozenset(
    "job jobs recipe recipes app apps article articles course courses position positions "
    "vacancy vacancies listing listings".split()
)


def words_about(
    conditions: Sequence[tuple[Constraint, int, int]], named: Sequence[Named], unknown: bool = False
) -> set[str]:
    """Normal forms of words that only lead to conditions: names of their columns, "posted" of a date, "jobs"."""
    fields = {condition.field for condition, _, _ in conditions} | {one.field for one in named}
    about = {word.norm for field in fields for word in words(field.replace("_", " "))}
    return {*about, *_ITEMS, *(EVENT_WORDS if conditions or unknown else ())}
