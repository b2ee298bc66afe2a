"""Running times: "under two hours", "an hour and a half at most", "around 100 min"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tastemaker.retrieval.facets.amounts import NUMBER, number_of
from tastemaker.retrieval.facets.definition import Bound

ABOUT = 10
"""Minutes to either side of a running time that is said roughly."""
MIN_MINUTES, MAX_MINUTES = 5, 900
"""Amounts outside are no running time of a film."""
MIN_BARE, MAX_BARE = 60, 240
"""Numbers without a unit that may be minutes ("a feature under 90")."""

_HOUR = r"(?:hours?|hrs?|h|std|stunden?|horas?|heures?|ore|ora|uur|uren)\b"
_MINUTE = r"(?:minutes?|mins?|minuten|minutos?|minuti|min|m)\b"
_HALF = r"(?:and\s+)?(?:a\s+)?half|y media|et demie|e mezz[ao]|e meia"
_HALVES = {
    "anderthalb": 90.0,
    "eineinhalb": 90.0,
    "zweieinhalb": 150.0,
    "dreieinhalb": 210.0,
    "anderhalf": 90.0,
}
_AMOUNT = (
    rf"(?:(?P<clock>[1-5]):(?P<clock_minutes>[0-5]\d)(?:\s*h(?:ours?)?)?|"
    rf"(?P<compact>[1-5])\s?h\s?(?P<compact_minutes>[0-5]?\d)(?:\s?m(?:in(?:s|utes)?)?)?\b"
    rf"|(?P<half>half\s+an?\s+hour)|(?P<hours>{NUMBER}|(?:an?|the)(?![a-z]))?[\s'-]*(?P<and_half>(?:and\s+a\s+half|1/2|"
    rf"½)[\s-]*)?{_HOUR}"
    rf"(?:[\s-]*(?P<behind_half>{_HALF})|[\s,-]*(?:and\s+)?(?P<quarter>a\s+quarter|three\s+quarters)|"
    rf"[\s,-]*(?:and\s+)?(?P<behind>{NUMBER})(?:\s*{_MINUTE})?)?"
    rf"|(?P<minutes>{NUMBER})(?:[\s-]*(?:odd|something|ish))?[\s-]*{_MINUTE}|"
    rf"(?P<german>{'|'.join(_HALVES)})\s+{_HOUR})"
)
_TIME = re.compile(
    rf"(?<![\w.])(?:{_AMOUNT})(?P<adjective>[\s-]*(?:long\s+)?(?:film|movie|one\b|flick|epic|picture|thing|"
    rf"comedy|drama|thriller))?(?:\s+long\b)?"
)

_PART_OF = re.compile(r"\b(?:last|first|final|opening|closing|next|every|each|another)\s+$")
"""Before a time that is a part of the film, or of the evening: "until the last five minutes"."""
_NOT = r"(?:not|no|nothing|never|nor|isn'?t|aren'?t|don'?t|doesn'?t|can'?t|cannot|won'?t|mustn'?t|shouldn'?t|without)"
_MOST = (
    r"less than|under|below|shorter than|at most|at the most|max(?:imum)?(?: of)?|up to|within|"
    r"inside|fewer than|before|"
    r"menos de|moins de|unter|weniger als|meno di|non piu di|no mas de|pas plus de|nao mais de|"
    r"kurzer als|nicht langer als|plus court que|piu corto di|minder dan|onder de|onder|niet langer dan|"
    r"hooguit|maximaal|"
    r"hochstens|maximal|como maximo|au plus|al massimo|"
    r"<=?|shorter|until|in|for|so|have|have got|got|only|i've got|we've got|have only|only have|i have|"
    r"we have|arrives in|leaves in|home in|bed in|left|spare"
)
_LEAST = (
    r"more than|over|longer than|at least|above|min(?:imum)?(?: of)?|upwards of|beyond|"
    r"exceeding|mas de|plus de|uber|mehr als|langer als|meer dan|langer dan|minstens|piu di|mais de|>=?|"
    r"past|mindestens|al menos|"
    r"au moins|almeno"
)
_ROUGHLY = r"around|about|roughly|approximately|approx|circa|ca|some|nearly|almost|close to|like|say"
_BEFORE = re.compile(
    rf"(?:(?P<no>\b{_NOT})\s+(?:\w+\s+){{0,4}}?)?(?:(?P<least>\b(?:{_LEAST})|>=?)|(?P<most>\b(?:{_MOST})|"
    rf"<=?))\s*(?:the\s+|a\s+|an\s+|about\s+|around\s+|say\s+|:\s*)?$"
)
_NEAR = re.compile(rf"\b(?:{_ROUGHLY})\s+(?:a\s+|an\s+)?$")
_LESS_AFTER = re.compile(
    r"^[\s,-]*(?:is (?:my|the|our) (?:max|limit|maximum)|or (?:less|under|shorter|so max)|tops|max|"
    r"maximum|at (?:the )?(?:very )?(?:most|outside)|and (?:no more|not more|under)|limit|"
    r"at the very most|hochstens|maximo|massimo|to (?:kill|spare|fill)|before|until|left|free|window|"
    r"or below)\b"
)
_MORE_AFTER = re.compile(
    r"^[\s,]*(?:\+|plus\b|or (?:more|longer|over)|and (?:more|up|longer|over)|minimum|at (?:the )?least|upwards)"
)
_ABOUT_AFTER = re.compile(r"^[\s-]*(?:ish|or so|give or take|roughly|or thereabouts)\b")
_PAST = re.compile(
    r"^\s*(?:ago|later|earlier|before (?:that|the)|in(?:to)? the film|away|drive|train|flight|into|from (?:here|"
    r"now))\b"
)
_SPENT = re.compile(
    r"\b(?:delayed|waited|waiting|queued|queueing|slept|worked|walked|drove|driven|talked|spent|wasted|late|"
    r"early|up|lost|"
    r"stuck|cooked|cycled|ran|studied|takes|took|after|(?:back|ready|there|there|starts?|over|here|with you|brb) in)"
    r"\s+(?:by |for |about |around |nearly |almost |over |another |some |more than )*$"
)
"""Before a time that is no running time: "the flight was delayed three hours", "back in ten minutes"."""
_BETWEEN = re.compile(r"(?:\bbetween\b|\bfrom\b)?\s*$")
_JOINS = re.compile(r"^\s*(?:and|to|-|–|or|until|till)\s*$")
_BARE_FROM = rf"(?P<low>{NUMBER})\s*(?:-|–|to|and)\s*$"
_LOW = re.compile(rf"(?<![\w.]){_BARE_FROM}")
_BARE = re.compile(
    r"\b(?P<sign>under|below|less than|shorter than|max(?:imum)?|at most|no more than|no longer than|"
    r"over|more than|longer than|at least)\s+(?:about\s+)?(?P<number>\d{2,3}|ninety|a hundred)\b"
    r"(?!\s*(?:%|\$|€|£|s\b|'s|years?|yrs?|yo\b|dollars|euros|pounds|bucks|quid|people|films?|movies?|min|"
    r"hours?|hrs?|h\b|of\b|percent|kids|stars|m\b|-year|year))(?![\d.:])"
)
_COST = re.compile(r"\b(?:pay|cost|costs|price|ticket|spend|budget|age|aged|kids|children)\b")


@dataclass(frozen=True)
class Duration:
    """A limit on the running time.

    Attributes:
        bound: at least, at most or between.
        minutes: one number, two for between.
        explicit: said of the film; otherwise it is the time that the person has.
        start: of the words, in the text.
        end: behind them.
    """

    bound: Bound
    minutes: tuple[float, ...]
    explicit: bool
    start: int
    end: int


def durations_in(flat_text: str) -> Iterator[Duration]:
    """Running times in a flat text.

    >>> [(d.bound.value, d.minutes) for d in durations_in("under two hours, or an hour and a half at most")]
    [('at most', (120.0,)), ('at most', (90.0,))]
    >>> [(d.bound.value, d.minutes) for d in durations_in("between 1h30 and 2 hours; no longer than 100 min")]
    [('between', (90.0, 120.0)), ('at most', (100.0,))]
    """
    found = [
        (match, minutes)
        for match in _TIME.finditer(flat_text)
        if not _PART_OF.search(flat_text, 0, match.start()) and (minutes := _minutes(match)) is not None
    ]
    at = 0
    duration: Duration | None
    taken: list[tuple[int, int]] = []
    while at < len(found):
        match, minutes = found[at]
        following = found[at + 1] if at + 1 < len(found) else None
        if (
            following
            and _JOINS.match(flat_text[match.end() : following[0].start()])
            and minutes < following[1]
        ):
            duration = Duration(
                Bound.BETWEEN, (minutes, following[1]), True, match.start(), following[0].end()
            )
            at += 2
        else:
            duration = _single(flat_text, match, minutes)
            at += 1
        if duration:
            taken.append((duration.start, duration.end))
            yield duration
    for bare in _BARE.finditer(flat_text):
        if not any(start < bare.end() and bare.start() < end for start, end in taken):
            yield from _without_unit(flat_text, bare)


def _minutes(match: re.Match[str]) -> float | None:
    given = match.groupdict()
    if given["clock"]:
        minutes = 60 * float(given["clock"]) + float(given["clock_minutes"])
    elif given["compact"]:
        minutes = 60 * float(given["compact"]) + float(given["compact_minutes"])
    elif given["half"]:
        minutes = 30.0
    elif given["minutes"]:
        minutes = number_of(given["minutes"])
    elif given["german"]:
        minutes = _HALVES[given["german"]]
    else:
        minutes = _of_hours(given)
    return minutes if MIN_MINUTES <= minutes <= MAX_MINUTES else None


def _of_hours(given: dict[str, str | None]) -> float:
    hours = given["hours"]
    if not hours:
        return 90.0 if given["behind_half"] else 0.0  # "for hours" says nothing, "hora y media" does
    minutes = 60.0 if hours in ("a", "an", "the") else 60 * number_of(hours)
    if given["and_half"] or given["behind_half"]:
        return minutes + 30
    if given["quarter"]:
        return minutes + (15 if "a" in given["quarter"].split() else 45)
    more = number_of(given["behind"]) if given["behind"] else 0.0
    return minutes + more if more < 60 else minutes


def _single(text: str, match: re.Match[str], minutes: float) -> Duration | None:
    before, after = text[max(0, match.start() - 60) : match.start()], text[match.end() : match.end() + 40]
    if _PAST.match(after) or _SPENT.search(before):
        return None
    if low := _LOW.search(before):
        lowest = number_of(low["low"])
        if lowest < 10 and minutes >= 60 and not match["minutes"]:
            lowest *= 60
        if MIN_MINUTES <= lowest < minutes:
            return Duration(Bound.BETWEEN, (lowest, minutes), True, match.start() - len(low[0]), match.end())
    start = match.start()
    for pattern, bound in ((_LESS_AFTER, Bound.AT_MOST), (_MORE_AFTER, Bound.AT_LEAST)):
        if limit := pattern.match(after):
            return Duration(bound, (minutes,), True, start, match.end() + limit.end())
    roughly = Duration(Bound.BETWEEN, (minutes - ABOUT, minutes + ABOUT), True, start, match.end())
    if _ABOUT_AFTER.match(after):
        return roughly
    if sign := _BEFORE.search(before):
        up = (sign["least"] is not None) != (sign["no"] is not None)
        return Duration(
            Bound.AT_LEAST if up else Bound.AT_MOST,
            (minutes,),
            True,
            start - len(before) + sign.start(),
            match.end(),
        )
    if _NEAR.search(before) or match["adjective"]:
        return roughly
    if before.strip() and not match["minutes"]:
        return Duration(Bound.AT_MOST, (minutes,), False, start, match.end())
    return roughly


def _without_unit(text: str, match: re.Match[str]) -> Iterator[Duration]:
    number = 100.0 if match["number"] == "a hundred" else number_of(match["number"])
    if not MIN_BARE <= number <= MAX_BARE or _COST.search(text[max(0, match.start() - 30) : match.start()]):
        return
    down = not re.match(r"over|more|longer|at least", match["sign"])
    denied = re.search(rf"\b{_NOT}\s+(?:\w+\s+){{0,2}}$", text[max(0, match.start() - 30) : match.start()])
    yield Duration(Bound.AT_MOST if down != bool(denied) else Bound.AT_LEAST, (number,), True, *match.span())
