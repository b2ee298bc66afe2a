"""Amounts in a sentence as conditions on the columns of numbers of a catalogue.

Each amount is read with the comparison before or behind it, the negation that governs it, and the column that its
words, its unit or its comparative speak of. A bare amount is the price where there is one. What speaks of no column
of this catalogue is handed back as unknown: it is said, and neither searched for as text nor put on another column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import UNSTATED, Kind
from tastemaker.retrieval.filters.conditions import Condition, Constraint, Op, all_of, any_of
from tastemaker.retrieval.quantities.columns import Column, Columns
from tastemaker.retrieval.quantities.comparisons import (
    OPPOSITE,
    Comparison,
    Side,
    before,
    behind,
    denies,
)
from tastemaker.retrieval.quantities.concepts import concept_of, concepts
from tastemaker.retrieval.quantities.measures import Measure, measures_in
from tastemaker.retrieval.quantities.reading import Reading
from tastemaker.retrieval.quantities.units import Dimension, unit_of
from tastemaker.retrieval.text.flat import flat
from tastemaker.retrieval.text.tokens import singular

NEAR = 0.2
"""Share of an amount by which what is said to be around it may differ."""
FAR_OFF = 1.5
"""Times the largest number of a column that an amount of nothing named may be to be of that column."""
MIN_BARE_SPAN = 10
"""The lower end of "20-30" that may be a price; "2-3" are so many of them."""
LOOK_BACK = 60
"""Letters before an amount in which its comparison and its column stand."""
_OPS = {
    Side.UNDER: Op.BEFORE,
    Side.AT_MOST: Op.AT_MOST,
    Side.OVER: Op.AFTER,
    Side.AT_LEAST: Op.AT_LEAST,
    Side.EXACTLY: Op.IS,
    Side.NOT: Op.IS_NOT,
}
_FILL = (
    r"the|a|an|of|is|are|be|being|at|just|only|about|around|say|like|exactly|roughly|for|no|"
    r"to|by|total|my|our|it|in|with|price|them|around|maybe|perhaps|something|than|"
    r"amount|value|more|over|that|and"
)
_LINK = (
    r"(?:\s|[:=,]|\b(?:of|is|are|was|at|with|a|an|the|in|be|should|must|needs|need|has|have|to|"
    r"being|that|which|price|only|just|its|it|can|will|would|may|by|about|around)\b)*"
)
_SENTENCE = re.compile(r"[;!?\n]|(?<!max)(?<!min)(?<!ca)(?<!approx)(?<!no)\.(?!\d)")
_TIME_WORDS = re.compile(
    r"\b(?:before|after|since|until|till|from|in|by|during|year|older than|newer than|"
    r"later than|earlier than|prior to|post|pre|circa|around|"
    r"as of)\s*(?:the\s+)?(?:year\s+)?$"
)
_EVENT = re.compile(
    r"\b(?:released|published|posted|listed|added|updated|created|made|built|printed|"
    r"launched|issued|recorded|written|dated|out|modified|opened|founded|"
    r"premiered)\b(?:\s+[a-z]+){0,4}\s*$"
)
_LATER = re.compile(
    r"\s*,?\s*(?:or|and) (?:later|newer|older|earlier|before|after|since|onwards?|more recent)\b|\s+onwards?\b"
)
_TIME_WORDS_ONLY = re.compile(r"\b(?:before|after|since|ago|until|till)\s+(?:the\s+)?$")
_BOUNDS = {Side.UNDER, Side.AT_MOST, Side.OVER, Side.AT_LEAST}
_JOINS_AMOUNTS = re.compile(r"[\s,]*(?:and|but|yet|though|und|y|et)?(?: also| still)?[\s,]*")
_CLOSES_AMOUNT = re.compile(r"\s*(?:[.,;!?)]|$|(?:and|but|please|or|for|with|that|if|though|thanks|thank)\b)")
_ANY_COMPARATIVE = frozenset("lower higher smaller bigger larger".split())
"""Comparatives that are said of anything, so that the unit decides."""
_COUNTED_NOUN = re.compile(r"[\s-]+(?P<noun>[a-z]{3,}(?:\s+of\s+[a-z]+)?)\b")
_COLLECTIVES = frozenset("people staff children men women folk personnel crew kin cattle sheep".split())
_OTHER_UNIT = re.compile(
    r"[\s-]?(?P<unit>megapixels?|mp|mpx|ps|bhp|hz|[kmg]hz|fps|[mg]bps|rpm|psi|lux|lumens?|lm|ppm|dpi|mah|k?wh|"
    r"db|decibels?|degrees|celsius|fahrenheit|mpg|mph|km/?h|kph|knots|volts?|amps?|karat|carats?|mol|ph|iu)(?![\w/])"
)
"""Units that are no amount of money, where no column is called so."""
_UNKNOWN_COMPARATIVE = re.compile(
    r"\b(?P<word>(?!(?:oth|ov|und|ev|nev|rath|aft|numb|numer|low|high)er\b)[a-z]{3,}er|(?:more|less) [a-z]{4,}) than "
    r"(?:about |around |roughly |a |an )?$"
)
_COUNT_OF = r"(?:number|amount|count|total|total number) of "
_FOR_SO_MANY = re.compile(r"\bfor (?:the |just |a group of |us |only )?$")
_ENDS = re.compile(
    r"\s*(?:of us\b|people\b|persons?\b|friends\b|adults?\b|"
    r"(?:and|about|that|with|under|in|but|which|please)\b|[.,;!?]|$)"
)
_SOFT_BEFORE = re.compile(
    r"\b(?:preferably|ideally|hopefully|if possible|if you can|at best|best)\W*(?:for |it is |it's |something )?$"
)
_SOFT_BEHIND = re.compile(
    r"\W*(?:if possible|if you can|if at all possible|ideally|preferably|would be (?:nice|"
    r"great|ideal|good|perfect|lovely))\b"
)
_PART_OF_DATE = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?\s*$|\b(?:last|"
    r"past|next|number|no\.|#|chapter|part|volume|episode|season|top|version|option|the)\s*$"
)
_NO_AMOUNT_BEHIND = re.compile(
    r"\s*(?:st|nd|rd|th)\b|['’]?s\b|\s*(?:more|others?|of (?:them|those|these)|ideas?|"
    r"suggestions?|recommendations?|options?|choices?|results?|times|things?)\b|[/:]\d|"
    r"\s?[x×]\s?\d|\s?(?:ago|o'clock|am|pm|a\.m|p\.m)\b"
)
_SPENDING = re.compile(
    r"\b(?:(?:i|we)(?:'ve| have)?(?: only)?(?: got| have)?|have|got|only|with|for|spend|"
    r"afford|pay|paying|spending|budget|put in|set aside|saved(?: up)?|to spend)\s+(?:only |"
    r"just |about |around |up to |my |these |a )*$"
)
_OR = re.compile(r"\s*(?:or|-|–|/|to)\s*")
_SPAN_OPENS = re.compile(
    r"\b(?:between|from|anywhere (?:between|from)|somewhere between|in the range(?: of)?|"
    r"range(?:s)? (?:of|from)|zwischen|entre|tra|fra|tussen|von|de|desde|da|van|within)\b"
)
_SPAN_JOINT = re.compile(
    r"\s*(?:and|to|-|–|—|until|till|up to|through|und|bis|y|a|et|e|en|tot|~|至|到)\s*(?:about |around |up to )?"
)
_DASH = re.compile(r"\s*(?:to|-|–|—|bis|until|till)\s*")
_FREE = re.compile(
    r"(?<![\w-])(?:for free|free of charge|at no cost|costs? nothing|gratis|kostenlos|"
    r"gratuit|free)(?![\w-])(?!\s+(?:time|day|evening|afternoon|weekend|spirit|spirited|"
    r"from|of|will|fall|style|range))"
)
_FREE_OF = re.compile(
    r"(?:\b(?:sugar|gluten|dairy|nut|lactose|fat|alcohol|meat|egg|ad|risk|stress|carefree|"
    r"toll|hands|hassle|wheat|soy|guilt|feel|cruelty|additive|caffeine|set)[\s-]+|-)$"
)
_PAID = re.compile(
    r"(?<![\w-])(?:paid(?! (?:off|well|by))|not free|isn't free|that cost(?:s)? (?:something|money))(?![\w-])"
)


class QuantityReader:
    """Reads the amounts of sentences for one catalogue. Safe to share between threads."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self.columns = Columns(catalog)
        self._inferred = {
            found.name
            for name in catalog.schema.of_kind(Kind.NUMBER, provenance=UNSTATED)
            if (found := concept_of(name))
        }
        self._said = _phrases_by_column(self.columns.all)
        self._comparatives = _comparatives()
        own = sorted(self._said, key=len, reverse=True)
        nouns = "|".join(re.escape(phrase).replace(r"\ ", r"[\s_-]+") for phrase in own)
        names = {name for one in concepts() for name in one.names} - {*self._said}
        known = sorted(names, key=len, reverse=True)
        nouns = rf"(?:{_COUNT_OF})?(?:{nouns})" if nouns else ""
        self._noun = re.compile(rf"(?<![\w])(?:{nouns})(?![\w])") if nouns else None
        self._known = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)")
        self._gap = re.compile(rf"(?:\s|[:,€$£~-]|\b(?:{_FILL}|{nouns or 'price'})\b)*")
        self._between = re.compile(
            r"(?:\s+(?!and\b|or\b|with\b|but\b|for\b|at\b|max(?:imum)?\b|min(?:imum)?\b|tops\b|plus\b|is\b|"
            r"to\b)[\w'-]+){0,3}?(?=[\s,(]+\(?(?:or|and|&|max|maximum|min|minimum|at|tops|"
            r"plus|is|to|or|limit|budget|give|approx(?:imately)?|roughly|more|upwards?|exactly|"
            r"on)\b)[\s,(]*|\s*\(?"
        )

    def read(self, text: str, taken: Iterable[tuple[int, int]] = ()) -> list[Reading]:
        """The amounts of a sentence, from left to right; ``taken`` are places that other readers explained."""
        said, closed = flat(text), list(taken)
        measures = [
            one
            for one in measures_in(said)
            if not any(start < one.end and one.start < end for start, end in closed)
            and (self._counts(said, one) or not _is_no_amount(said, one))
        ]
        measures = [one for n, one in enumerate(measures) if not n or one.start >= measures[n - 1].end]
        measures = self._with_shared_units(said, measures)
        readings, at = list[Reading](), 0
        while at < len(measures):
            following = measures[at + 1] if at + 1 < len(measures) else None
            opens = max([0, *(one.end for one in readings), *(m.end for m in measures[:at])])
            opens = max(opens, _sentence_start(said, measures[at].start))
            if following and (span := self._span(said, measures[at], following, opens)):
                closes = measures[at + 2].start if at + 2 < len(measures) else len(said)
                found = self._of_span(said, measures[at], following, span, opens, closes)
                at += 2
            else:
                closes = following.start if following else len(said)
                found = self._of_one(said, measures[at], opens, closes)
                at += 1
            if found:
                readings.append(found)
        readings = self._share_columns(said, measures, readings)
        readings = self._pass_columns_on(said, measures, readings)
        return sorted([*readings, *self._free(said)], key=lambda one: one.start)

    def _with_shared_units(self, text: str, measures: Sequence[Measure]) -> list[Measure]:
        """Bare amounts with the unit of the one beside them, as in "longer than 3 minutes but shorter than 5"."""
        out = list(measures)
        places = list(pairwise(range(len(out))))
        for one, other in (*places, *((b, a) for a, b in places[::-1])):
            bare, unit = out[other], out[one].unit
            if unit and bare.unit is None and not bare.of and self._shares_unit(text, out[one], bare):
                out[other] = replace(bare, unit=unit, second=out[one].second)
        return out

    def _shares_unit(self, text: str, whole: Measure, bare: Measure) -> bool:
        """Whether two comparisons are of the same thing: by their comparatives, or as two bounds joined."""
        early, late = sorted((whole, bare), key=lambda one: one.start)
        first = _sentence_start(text, early.start)
        if _sentence_start(text, late.start) != first or whole.unit is None:
            return False
        if self._nouns_behind(text, bare, None, len(text)) or not _CLOSES_AMOUNT.match(text, bare.end):
            return False
        other = before(text, late.start, early.end, self._gap, self._catalog_nouns)
        if other is None:
            return False
        one = before(text, early.start, first, self._gap, self._catalog_nouns)
        one = one or behind(text, early.end, other.start, self._between)
        closed = max(early.end, one.end if one else 0)
        if one is None or not _JOINS_AMOUNTS.fullmatch(text[closed : other.start]):
            return False
        if word := (other if bare is late else one).word:
            columns = self.columns.of_concepts(self._comparatives.get(word, ()))
            return any(column.dimension is whole.unit.dimension for column in columns)
        fits = any(
            self._can_hold(column, column.in_own_unit(bare.value, whole.unit))
            for column in self.columns.all
            if column.dimension is whole.unit.dimension
        )
        return fits and not _agree(one.side, other.side) and {one.side, other.side} <= _BOUNDS

    def _can_hold(self, column: Column, value: float) -> bool:
        """Whether a bare amount can be of a column; where it is far off its numbers, it is rather the price."""
        money = self.columns.money
        return money in (None, column) or column.low / FAR_OFF <= value <= column.high * FAR_OFF

    def _counts(self, text: str, measure: Measure) -> bool:
        """Whether a bare number is of a plural behind it that names a column: "around 2000 ratings" is no year."""
        match = self._noun.match(text, measure.end + 1) if self._noun and measure.unit is None else None
        return bool(match and text[measure.end] == " " and _is_counted(match[0].split()[-1]))

    # --- one amount

    def _of_one(self, text: str, measure: Measure, opens: int, closes: int) -> Reading | None:
        first = max(opens, measure.start - LOOK_BACK)
        nouns = self._catalog_nouns
        left = before(text, measure.start, first, self._gap, nouns)
        right = behind(text, measure.end, closes, self._between)
        if right and closes < len(text) and not text[right.end : closes].strip():
            right = None  # it is said of the amount that follows: "2 years, at most 30 hours"
        comparison = left
        start, end = (left.start if left else measure.start), measure.end
        if right and (left is None or left.side is Side.ABOUT):
            comparison, end = right, right.end
            denied = denies(text, start, first, nouns)
            if denied is not None:
                comparison, start = replace(right, side=OPPOSITE[right.side]), denied
        elif right and left and right.side in (Side.AT_MOST, Side.AT_LEAST) and _agree(left.side, right.side):
            end = right.end
        if comparison is None and (said := _UNKNOWN_COMPARATIVE.search(text[first : measure.start])):
            return Reading(
                first + said.start(), end, unknown=f"what is {said['word']} than {_plain(measure.value)}"
            )
        found = self._column(text, measure, comparison, first, closes)
        if found.unknown or found.column is None:
            if found.unknown and comparison and comparison.explicit:
                return Reading(min(start, found.start), max(end, found.end), unknown=found.unknown)
            if measure.unit and comparison:  # an amount of something, by words that say nothing of it
                return None if found.inferred else Reading(start, end, unknown=found.unknown)
            return None
        start, end = min(start, found.start), max(end, found.end)
        return self._reading(text, measure, comparison, found, start, end, first)

    def _reading(
        self,
        text: str,
        measure: Measure,
        comparison: Comparison | None,
        found: _Found,
        start: int,
        end: int,
        first: int,
    ) -> Reading | None:
        column = found.column
        if column is None:
            return None
        side = (
            _side_for(comparison, column)
            if comparison
            else self._bare_side(text, measure, column, found, first)
        )
        if side is None or (comparison is None and _TIME_WORDS_ONLY.search(text[first : measure.start])):
            return None
        if comparison is None and (denied := denies(text, start, first, self._catalog_nouns)) is not None:
            side, start = OPPOSITE.get(side, side) if side in (Side.EXACTLY, Side.ABOUT) else side, denied
        value = self._value(measure, column)
        if column.concept and column.concept.name == "age" and side is Side.AT_LEAST and column.end != "high":
            side = Side.AT_MOST  # "for ages 8 and up" suits whoever is 8
        if partner := self._partner(column):
            if side is Side.AT_MOST and comparison and "up to" in text[comparison.start : comparison.end]:
                side = Side.AT_LEAST  # a game for up to 6 is one that 6 can play
            return Reading(start, end, condition=_of_pair(column, partner, side, value))
        if side is Side.ABOUT:
            near = Constraint(
                field=column.name,
                op=Op.BETWEEN,
                value=(_number(value * (1 - NEAR)), _number(value * (1 + NEAR))),
            )
            return Reading(start, end, prefer=near)
        must = Constraint(field=column.name, op=_OPS[side], value=_number(value))
        soft = _SOFT_BEFORE.search(text[max(0, start - 25) : start]) or _SOFT_BEHIND.match(text, end)
        return Reading(start, end, prefer=must) if soft else Reading(start, end, condition=must)

    def _bare_side(
        self, text: str, measure: Measure, column: Column, found: _Found, first: int
    ) -> Side | None:
        """What an amount means that no comparison is said of."""
        lead = text[first : measure.start]
        if column.dimension is Dimension.MONEY and _SPENDING.search(lead):
            return Side.AT_MOST if column.concept is None or column.concept.name != "salary" else Side.ABOUT
        if (
            column.dimension is Dimension.TIME
            and re.search(
                r"\b(?:within|in|(?:i|we) (?:only )?(?:have|'ve got|got)|only|have)\s+(?:only |just |about |a )*$",
                lead,
            )
            and measure.unit
        ):
            return Side.AT_MOST
        if found.said_before and re.search(r"(?:\b(?:is|=|equals)|[:=])\s*$", lead):
            return Side.EXACTLY if not (column.concept and column.concept.name == "rating") else Side.AT_LEAST
        meant = column.concept.bare if column.concept else ("is" if found.said else "nothing")
        if meant == "nothing" or not (found.said or measure.unit):
            return None
        return {"is": Side.EXACTLY, "at most": Side.AT_MOST, "at least": Side.AT_LEAST}.get(meant, Side.ABOUT)

    # --- two amounts

    def _span(self, text: str, one: Measure, other: Measure, opens: int) -> tuple[int, int, bool] | None:
        """Where "between 5 and 10" begins, how wide its lead is, and whether it is negated; None for no span."""
        joint = text[one.end : other.start]
        if joint.strip() == "or" and one.unit is None and 0 < other.value - one.value <= 1:
            return (one.start, 0, False)  # "3 or 4 bedrooms"
        led = re.match(r"\s*(?:of\s+)?", joint)
        if self._noun and (counted := self._noun.match(joint, led.end() if led else 0)):
            joint = joint[counted.end() :]
        joined = _SPAN_JOINT.match(joint)
        if (
            not joined
            or not self._gap.fullmatch(joint, joined.end())
            or _upper(one, other) <= _lower(one, other)
        ):
            return None
        lead = self._span_lead(text, max(opens, one.start - LOOK_BACK), one.start)
        if lead is None:
            clear = _DASH.match(joint) and (
                one.unit is None or other.unit is None or one.unit.dimension is other.unit.dimension
            )
            return (one.start, 0, False) if clear else None
        return (lead.start(), 1, False)

    def _span_lead(self, text: str, opens: int, start: int) -> re.Match[str] | None:
        """The "between" in front of an amount, with at most the name of a column behind it."""
        leads = [
            match
            for match in _SPAN_OPENS.finditer(text, opens, start)
            if self._gap.fullmatch(text, match.end(), start)
        ]
        return leads[-1] if leads else None

    def _of_span(
        self, text: str, one: Measure, other: Measure, span: tuple[int, int, bool], opens: int, closes: int
    ) -> Reading | None:
        first = max(opens, span[0] - LOOK_BACK)
        comparison = Comparison(Side.EXACTLY, span[0], one.start, explicit=bool(span[1]))
        found = self._column(text, other, comparison, first, closes, opens_at=span[0])
        if found.column is None and one.unit:
            found = self._column(text, one, comparison, first, closes, opens_at=span[0])
        if (
            found.column is None
            and not found.unknown
            and self.columns.money
            and self._is_bare_span(text, one, other)
        ):
            found = replace(found, column=self.columns.money)
        if found.column is None:
            if found.unknown and span[1]:
                return Reading(min(span[0], found.start), max(other.end, found.end), unknown=found.unknown)
            return None
        if not (span[1] or found.said or other.unit or one.unit or _lower(one, other) >= MIN_BARE_SPAN):
            return None
        unit = one.unit or other.unit
        low_measure = replace(one, unit=unit, value=_lower(one, other))
        low, high = self._value(low_measure, found.column), self._value(other, found.column)
        start, end = min(span[0], found.start), max(other.end, found.end)
        denied = denies(text, span[0], first, self._catalog_nouns)
        if denied is None and found.start < span[0]:
            denied = denies(text, found.start, first, self._catalog_nouns)
        column = found.column
        if partner := self._partner(column):
            small, large = _low_and_high(column, partner)
            pair = [
                Constraint(field=small.name, op=Op.AT_MOST, value=_number(low)),
                Constraint(field=large.name, op=Op.AT_LEAST, value=_number(high)),
            ]
            return Reading(start, end, condition=all_of(pair))
        if denied is not None:
            out = [
                Constraint(field=column.name, op=Op.BEFORE, value=_number(low)),
                Constraint(field=column.name, op=Op.AFTER, value=_number(high)),
            ]
            return Reading(min(start, denied), end, condition=any_of(out))
        return Reading(
            start,
            end,
            condition=Constraint(field=column.name, op=Op.BETWEEN, value=(_number(low), _number(high))),
        )

    def _is_bare_span(self, text: str, one: Measure, other: Measure) -> bool:
        """Whether two bare numbers, "200k-300k", may be prices: no few of something."""
        few = one.unit or other.unit or _lower(one, other) < MIN_BARE_SPAN
        return (
            not few
            and re.match(
                r"\s*(?:[.,;!?]|$|(?:for|please|and|but|with|in|or|max|is|would)\b)", text[other.end :]
            )
            is not None
        )

    # --- which column

    def _column(
        self,
        text: str,
        measure: Measure,
        comparison: Comparison | None,
        first: int,
        closes: int,
        opens_at: int | None = None,
    ) -> _Found:
        """The column that an amount is of, by the words around it, its comparative, its unit; or what is unknown."""
        at = (
            opens_at
            if opens_at is not None
            else (comparison.start if comparison and comparison.start < measure.start else measure.start)
        )
        dimension = measure.unit.dimension if measure.unit else None
        said = [
            *self._nouns_behind(text, measure, comparison, closes),
            *self._nouns_before(text, at, measure, first),
        ]
        if comparison and comparison.word:
            return self._by_comparative(comparison, measure, said)
        for start, end, phrase, is_before in said:
            fitting = [one for one in self._said[phrase] if self._suits(one, measure)]
            if dimension and measure.second and not fitting:
                fitting = [one for one in self._said[phrase] if one.dimension is measure.second.dimension]
            if fitting:
                return _Found(fitting[0], start, end, True, is_before)
        if measure.unit:
            return self._by_unit(measure, at)
        if unknown := self._unknown_noun(text, measure, comparison, closes, first):
            return unknown
        if (
            comparison is None
            and _FOR_SO_MANY.search(text[first : measure.start])
            and _ENDS.match(text, measure.end)
        ):
            for name in ("players", "seats", "servings"):
                if group := self.columns.of_concepts((name,)):
                    return _Found(group[0], at, measure.end, True)
        if measure.of:
            return _Found(next(iter(self.columns.of_concepts(("rating",))), None), at, measure.end)
        if comparison and comparison.explicit:
            return self._bare(measure, comparison, at)
        if (
            _SPENDING.search(text, first, measure.start)
            and (money := self.columns.money)
            and re.search(
                r"\b(?:spend|afford|pay|paying|spending|budget|put in|set aside|saved)\b",
                text[first : measure.start],
            )
        ):
            return _Found(money, at, measure.end)
        return _Found(None, at, measure.end)

    def _by_comparative(
        self, comparison: Comparison, measure: Measure, said: Sequence[tuple[int, int, str, bool]]
    ) -> _Found:
        names = self._comparatives.get(comparison.word, ())
        columns = [one for one in self.columns.of_concepts(names) if self._suits(one, measure)]
        named = [one for _, _, phrase, _ in said for one in self._said[phrase] if one in columns]
        if not named and measure.unit is None:
            columns.sort(key=lambda one: not one.low <= measure.value <= one.high)
        if named or columns:
            end = max(
                (b for _, b, phrase, _ in said if set(self._said[phrase]) & set(columns)), default=measure.end
            )
            return _Found((named or columns)[0], comparison.start, max(end, measure.end), True)
        if measure.unit and comparison.word in _ANY_COMPARATIVE:
            return self._by_unit(measure, comparison.start)
        for start, end, phrase, _ in said:
            if fitting := [one for one in self._said[phrase] if self._suits(one, measure)]:
                return _Found(fitting[0], min(start, comparison.start), max(end, measure.end), True)
        if set(names) & self._inferred or (measure.unit is None and not names):
            return _Found(None, comparison.start, measure.end, inferred=True)
        return _Found(None, comparison.start, measure.end, unknown=_noun_of(names, measure))

    def _by_unit(self, measure: Measure, at: int) -> _Found:
        unit = measure.unit
        if unit is None:
            return _Found(None, at, measure.end)
        if unit.dimension is Dimension.MONEY:
            money = self.columns.money
            paid = [one for one in self.columns.all if one.dimension is Dimension.MONEY]
            if money is None and measure.second:
                return self._by_unit(replace(measure, unit=measure.second, second=None), at)
            if money is None and paid:
                return _Found(
                    None,
                    at,
                    measure.end,
                    unknown=f"which amount of money you mean ({', '.join(one.name.replace('_', ' ') for one in paid)})",
                )
            return _Found(money, at, measure.end, unknown="" if money else "the price")
        fitting = [one for one in self.columns.all if one.dimension is unit.dimension]
        exact = [one for one in fitting if one.unit and one.unit.factor == unit.factor]
        for columns in (fitting, exact):
            kinds = {one.concept.name if one.concept else one.name for one in columns}
            if len(columns) == 1 or (len(kinds) == 1 and columns):
                return _Found(columns[0], at, measure.end)
        main = [
            one
            for one in fitting
            if one.concept and one.name.casefold() in (one.concept.name, *one.concept.nouns)
        ]
        total = [one for one in fitting if re.search(r"total|overall|full", one.name.casefold())]
        if len(total) == 1 or len(main) == 1:
            return _Found((total or main)[0], at, measure.end)
        if fitting:
            names = " or ".join(one.name.replace("_", " ") for one in fitting)
            return _Found(None, at, measure.end, unknown=f"whether you mean {names}")
        if any(
            concept.dimension is unit.dimension and concept.name in self._inferred for concept in concepts()
        ):
            return _Found(None, at, measure.end, inferred=True)
        return _Found(None, at, measure.end, unknown=_DIMENSIONS.get(unit.dimension, ""))

    def _bare(self, measure: Measure, comparison: Comparison, at: int) -> _Found:
        """The column of an amount without any word for it: the price, or the only column that there is."""
        if comparison.side in (Side.ABOUT,) and measure.value < 2:
            return _Found(None, at, measure.end)
        if money := self.columns.money:
            return _Found(self._rating(measure, comparison, money) or money, at, measure.end)
        rest = list(self.columns.all)
        if len(rest) == 1:
            return _Found(rest[0], at, measure.end)
        if self._inferred or not rest:
            return _Found(None, at, measure.end, inferred=True)
        within = [one for one in rest if one.low <= measure.value <= one.high]
        if len(within) == 1:
            return _Found(within[0], at, measure.end)
        names = ", ".join(one.name.replace("_", " ") for one in rest[:5])
        return _Found(None, at, measure.end, unknown=f"what {_plain(measure.value)} is of ({names})")

    def _rating(self, measure: Measure, comparison: Comparison, money: Column) -> Column | None:
        """The rating, where an amount of nothing named is a lower bound that no price needs: "at least 4.2"."""
        if comparison.side not in (Side.AT_LEAST, Side.OVER):
            return None
        ratings = [
            one for one in self.columns.of_concepts(("rating",)) if one.low <= measure.value <= one.high
        ]
        needless = measure.value <= money.low or not float(measure.value).is_integer()
        return ratings[0] if ratings and needless else None

    def _unknown_noun(
        self, text: str, measure: Measure, comparison: Comparison | None, closes: int, first: int
    ) -> _Found | None:
        """What a bare number is of that no column holds: "at least 3 bathrooms", "loudness under 50"."""
        start = min(comparison.start, measure.start) if comparison else measure.start
        if unit := _OTHER_UNIT.match(text, measure.end, closes):
            if held := self._said.get(unit["unit"]):
                return _Found(held[0], start, unit.end(), said=True)
            return _Found(None, start, unit.end(), unknown=f"the amount in {unit['unit']}")
        if comparison is None or not comparison.explicit:
            return None
        for name in self._known.finditer(text, max(first, start - LOOK_BACK), start):
            if re.fullmatch(_LINK, text[name.end() : start]):
                return _Found(None, name.start(), measure.end, unknown=f"the {name[0]}")
        if comparison.start > measure.start:
            return None
        match = _COUNTED_NOUN.match(text, measure.end, closes)
        if not match or match["noun"] in _NO_COUNTED:
            return None
        if text[comparison.start : comparison.end].strip() == "about":
            return None  # "a story about two people" says whom it is about
        counts = _is_counted(match["noun"]) or match["noun"] in _COLLECTIVES
        if counts or "fewer" in text[comparison.start : comparison.end]:
            return _Found(None, start, match.end("noun"), unknown=f"the number of {match['noun']}")
        return None

    def _nouns_behind(
        self, text: str, measure: Measure, comparison: Comparison | None, closes: int
    ) -> list[tuple[int, int, str, bool]]:
        if self._noun is None:
            return []
        within = [
            match for match in self._noun.finditer(text, measure.start, closes) if match.start() < measure.end
        ]
        found = [
            (measure.start, max(match.end(), measure.end), self._phrase(match[0]), False)
            for match in sorted(within, key=lambda match: match.start() - match.end())
        ]
        behind_ = comparison.end if comparison and comparison.start > measure.start else measure.end
        for place in dict.fromkeys((measure.end, behind_)):
            lead = re.compile(
                r"[\s-]*(?:\+\s*)?(?:(?:in|of|for|the|a|as|on|long|different|or more|"
                r"or less|total|customer|user)\s+){0,2}"
            ).match(text, place, closes)
            match = self._noun.match(text, lead.end() if lead else place, closes)
            if match:
                found.append((match.start(), match.end(), self._phrase(match[0]), False))
        return found

    def _nouns_before(
        self, text: str, at: int, measure: Measure, first: int
    ) -> list[tuple[int, int, str, bool]]:
        """Names of columns in front of the comparison, or between it and the amount, the nearest first."""
        if self._noun is None:
            return []
        found = [
            (match.start(), match.end(), self._phrase(match[0]), True)
            for match in self._noun.finditer(text, max(first, at - LOOK_BACK), measure.start)
            if match.start() >= at or re.fullmatch(_LINK, text[match.end() : at]) is not None
        ]
        return found[::-1]

    def _phrase(self, said: str) -> str:
        plain = re.sub(r"[\s_-]+", " ", said)
        return next(
            (one for one in (plain, said, re.sub(rf"^{_COUNT_OF}", "", plain)) if one in self._said), said
        )

    def _suits(self, column: Column, measure: Measure) -> bool:
        """Whether an amount can be of a column, by what its unit measures."""
        if measure.unit and column.counted and unit_of(column.counted) is None and not column.dimension:
            return False  # so many persons are no litres
        if measure.unit is None or column.dimension is None:
            return True
        if measure.second and column.dimension is measure.second.dimension:
            return True
        return column.dimension is measure.unit.dimension

    def _partner(self, column: Column) -> Column | None:
        """The other one of a pair such as min_players and max_players."""
        if (
            not column.end
            or column.concept is None
            or column.concept.name not in ("players", "servings", "seats", "age")
        ):
            return None
        return next(
            (
                one
                for one in self.columns.all
                if one.concept is column.concept and one.end and one.end != column.end
            ),
            None,
        )

    def _value(self, measure: Measure, column: Column) -> float:
        unit = measure.unit
        if measure.second and column.dimension is measure.second.dimension:
            unit = measure.second
        value = measure.value
        if measure.other is not None and column.high > column.low:
            own = column.in_own_unit(value, unit)
            other = column.in_own_unit(measure.other, unit)
            if own > 3 * column.high and other <= 3 * column.high:
                value = measure.other
        if measure.of and column.concept and column.concept.name == "rating":
            top = next((top for top in (5.0, 10.0, 100.0) if column.high <= top), measure.of)
            value = value * top / measure.of
        if measure.per and column.concept and column.concept.name == "salary":
            value *= _YEARLY.get(measure.per, 1.0) / _YEARLY[_period_of(column)]
        if unit and unit.dimension is Dimension.STARS:
            unit = None
        return column.in_own_unit(value, unit)

    # --- what needs no amount, and what two amounts share

    def _free(self, text: str) -> list[Reading]:
        money = self.columns.money
        if money is None or money.concept is None or money.concept.name != "price":
            return []
        found = []
        for match in _FREE.finditer(text):
            if _FREE_OF.search(text[: match.start()]):
                continue
            denied = denies(text, match.start(), _sentence_start(text, match.start()))
            op, start = (Op.AT_MOST, match.start()) if denied is None else (Op.AFTER, denied)
            found.append(Reading(start, match.end(), condition=Constraint(field=money.name, op=op, value=0)))
        if not found and money.low == 0:
            paid = Constraint(field=money.name, op=Op.AFTER, value=0)
            found += [Reading(*match.span(), condition=paid) for match in _PAID.finditer(text)]
        return found

    def _share_columns(
        self, text: str, measures: Sequence[Measure], readings: Sequence[Reading]
    ) -> list[Reading]:
        """Readings; "at least 4 but no more than 6 players" is of players twice."""
        out = list[Reading]()
        for place, one in enumerate(readings):
            following = readings[place + 1] if place + 1 < len(readings) else None
            own = next((m for m in measures if one.start <= m.start < one.end), None)
            if following and own and own.unit is None and isinstance(following.condition, Constraint):
                between = text[one.end : following.start]
                column = next((c for c in self.columns.all if c.name == following.condition.field), None)
                comparison = before(
                    text, own.start, max(_sentence_start(text, own.start), one.start), self._gap
                )
                if (
                    column
                    and comparison
                    and self._is_shared(text, one, own, comparison, following, column, between)
                ):
                    found = _Found(column, one.start, one.end, True)
                    out.append(
                        self._reading(text, own, comparison, found, one.start, one.end, one.start) or one
                    )
                    continue
            out.append(one)
        return out

    def _pass_columns_on(
        self, text: str, measures: Sequence[Measure], readings: Sequence[Reading]
    ) -> list[Reading]:
        """Readings; "more than 5 seats but fewer than 8" is of seats twice."""
        out = list(readings[:1])
        for one in readings[1:]:
            last = out[-1]
            own = next((m for m in measures if one.start <= m.start < one.end), None)
            first = next((m for m in measures if last.start <= m.start < last.end), None)
            if own and own.unit is None and first and isinstance(last.condition, Constraint):
                field = last.condition.field
                column = next((c for c in self.columns.all if c.name == field), None)
                comparison = before(text, own.start, last.end, self._gap)
                fits = column and self._can_hold(column, self._value(own, column))
                if column and fits and comparison and self._is_passed_on(text, last, one, own, comparison):
                    found = _Found(column, one.start, one.end, True)
                    one = self._reading(text, own, comparison, found, one.start, one.end, last.end) or one
            out.append(one)
        return out

    def _is_passed_on(
        self, text: str, last: Reading, one: Reading, own: Measure, comparison: Comparison
    ) -> bool:
        """Whether an amount of nothing named bounds the column of the amount before it from the other side."""
        bounds = last.condition.op if isinstance(last.condition, Constraint) else Op.IS
        low, high = {Op.AT_LEAST, Op.AFTER}, {Op.AT_MOST, Op.BEFORE}
        opposite = (comparison.side in (Side.AT_LEAST, Side.OVER) and bounds in high) or (
            comparison.side in (Side.AT_MOST, Side.UNDER) and bounds in low
        )
        return (
            opposite
            and not comparison.word
            and self._noun_in(text[last.start : last.end])
            and not self._noun_in(text[one.start : one.end])
            and bool(_JOINS_AMOUNTS.fullmatch(text[last.end : one.start]))
            and bool(_CLOSES_AMOUNT.match(text, own.end))
        )

    def _is_shared(
        self,
        text: str,
        one: Reading,
        own: Measure,
        comparison: Comparison,
        following: Reading,
        column: Column,
        between: str,
    ) -> bool:
        """Whether the column that is named behind the second amount is that of the first one as well."""
        if not re.fullmatch(r"\s*,?\s*(?:but|and|though|yet)?\s*", between) or comparison.word:
            return False
        money = self.columns.money
        is_bare = one.unknown or (
            isinstance(one.condition, Constraint) and money and one.condition.field == money.name
        )
        if (
            not is_bare
            or self._noun_in(text[one.start : one.end])
            or not self._noun_in(text[following.start : following.end])
        ):
            return False
        other = following.condition.op if isinstance(following.condition, Constraint) else Op.IS
        opposite = (comparison.side in (Side.AT_LEAST, Side.OVER)) != (other in (Op.AT_LEAST, Op.AFTER))
        return opposite and column.low <= own.value <= column.high

    def _noun_in(self, part: str) -> bool:
        return bool(self._noun and self._noun.search(part))

    @property
    def _catalog_nouns(self) -> tuple[str, ...]:
        return tuple(self._said)


@dataclass(frozen=True)
class _Found:
    column: Column | None
    start: int
    end: int
    said: bool = False
    said_before: bool = False
    unknown: str = ""
    inferred: bool = False


_DIMENSIONS = {
    Dimension.WEIGHT: "the weight",
    Dimension.TIME: "how long it takes",
    Dimension.LENGTH: "the measurements",
    Dimension.AREA: "the area",
    Dimension.VOLUME: "the volume",
    Dimension.STORAGE: "the size",
    Dimension.ENERGY: "the calories",
    Dimension.POWER: "the power",
    Dimension.STARS: "the rating",
    Dimension.PAGES: "the number of pages",
    Dimension.SHARE: "that percentage",
}
_YEARLY = {"hour": 2080.0, "day": 260.0, "week": 52.0, "month": 12.0, "year": 1.0}
_NO_COUNTED = frozenset(
    """and or but with for from please euros less more max min that which who the are was you not can than also
    too maximum minimum each per total only just now today tonight thanks tops would should could there this
    these those his her our your some any one ones plus because when while since until before after about
    around over under above below into onto like want need have has had again instead altogether all
    together overall maybe perhaps though although budget off""".split()
)


def _is_counted(noun: str) -> bool:
    return singular(noun.split()[0]) != noun.split()[0]


def _phrases_by_column(columns: Sequence[Column]) -> dict[str, list[Column]]:
    """What people say -> the columns that it may be, the best first."""
    said: dict[str, list[Column]] = {}
    for rank in (0, 1):
        for column in columns:
            own = column.nouns if rank == 0 else (column.concept.verbs if column.concept else ())
            for phrase in own:
                for form in {flat(phrase), _plural(flat(phrase))}:
                    listed = said.setdefault(form, [])
                    if column not in listed:
                        listed.append(column)
    for phrase, listed in said.items():
        listed.sort(
            key=lambda one: (
                phrase not in (flat(one.name), flat(one.name).replace("_", " ")),
                phrase not in map(flat, one.nouns),
                one.end == "high",
            )
        )
    return said


def _plural(phrase: str) -> str:
    return phrase if phrase.endswith("s") or not phrase.isascii() else f"{phrase}s"


def _comparatives() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for concept in concepts():
        for word in (*concept.less, *concept.more):
            found.setdefault(flat(word), []).append(concept.name)
    return {word: tuple(names) for word, names in found.items()}


def _noun_of(names: Sequence[str], measure: Measure) -> str:
    if measure.unit and measure.unit.dimension in _DIMENSIONS:
        return _DIMENSIONS[measure.unit.dimension]
    return f"the {names[0].replace('_', ' ')}" if names else ""


def _period_of(column: Column) -> str:
    """The time that a salary is for: as its name says, or by its size."""
    words = column.name.casefold()
    for period in ("hour", "day", "week", "month"):
        if period in words:
            return period
    if re.search("year|annual|annum", words) or column.middle >= 10_000:
        return "year"
    return "month" if column.middle >= 500 else "hour"


def _of_pair(column: Column, partner: Column, side: Side, value: float) -> Condition:
    """What a number of players means for a game that is for min_players to max_players."""
    small, large = _low_and_high(column, partner)
    fits_low = Constraint(field=small.name, op=Op.AT_MOST, value=_number(value))
    fits_high = Constraint(field=large.name, op=Op.AT_LEAST, value=_number(value))
    match side:
        case Side.AT_LEAST:
            return fits_high
        case Side.OVER:
            return Constraint(field=large.name, op=Op.AFTER, value=_number(value))
        case Side.AT_MOST:
            return Constraint(field=large.name, op=Op.AT_MOST, value=_number(value))
        case Side.UNDER:
            return Constraint(field=large.name, op=Op.BEFORE, value=_number(value))
        case Side.NOT:
            return any_of(
                [
                    Constraint(field=small.name, op=Op.AFTER, value=_number(value)),
                    Constraint(field=large.name, op=Op.BEFORE, value=_number(value)),
                ]
            )
    return all_of([fits_low, fits_high])


def _side_for(comparison: Comparison, column: Column) -> Side:
    """The side that a comparative means of this column: "faster" is less time, and more beats a minute."""
    concept = column.concept
    if not comparison.word or concept is None:
        return comparison.side
    less = comparison.word in map(flat, concept.less)
    more = comparison.word in map(flat, concept.more)
    if less == more:
        return comparison.side
    side = Side.UNDER if less else Side.OVER
    return OPPOSITE[side] if comparison.denied else side


def _low_and_high(column: Column, partner: Column) -> tuple[Column, Column]:
    return (column, partner) if column.end == "low" else (partner, column)


def _agree(one: Side, other: Side) -> bool:
    low, high = (Side.AT_LEAST, Side.OVER), (Side.AT_MOST, Side.UNDER)
    return (one in low and other in low) or (one in high and other in high)


def _number(value: float) -> int | float:
    rounded = round(value, 6)
    return int(rounded) if float(rounded).is_integer() else rounded


def _plain(value: float) -> str:
    return str(_number(value))


def _sentence_start(text: str, at: int) -> int:
    return max((match.end() for match in _SENTENCE.finditer(text, 0, at)), default=0)


def _is_no_amount(text: str, measure: Measure) -> bool:
    """Whether a number is an ordinal, a decade, a count of suggestions, or part of a name or a date."""
    if _NO_AMOUNT_BEHIND.match(text, measure.end) and not measure.unit:
        return True
    said = text[measure.start : measure.end]
    if re.fullmatch(r"'?\d*0\s?s", said) or re.search(r"#\s*$", text[: measure.start]):
        return True
    if measure.unit is None and re.fullmatch(r"(?:1[5-9]|20)\d\d", said):
        lead = text[max(0, measure.start - 50) : measure.start]
        if _TIME_WORDS.search(lead) or _EVENT.search(lead) or _LATER.match(text, measure.end):
            return True
    return measure.unit is None and bool(_PART_OF_DATE.search(text[: measure.start]))


def _lower(one: Measure, other: Measure) -> float:
    """The lower end of a span: the 1 of "1-2k" is a thousand."""
    if (
        one.unit is None
        and other.value >= 1000
        and one.value < 1000
        and other.value % 1000 == 0
        and one.figures
    ):
        return one.value * 1000 if one.value * 1000 < other.value else one.value
    if one.unit and other.unit:
        return one.value * one.unit.factor / other.unit.factor
    return one.value


def _upper(one: Measure, other: Measure) -> float:
    del one
    return other.value
