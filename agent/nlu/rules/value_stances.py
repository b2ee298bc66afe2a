"""How the values of a message are spoken of: by patterns, and by the classifier where it has weights.

Each of the two votes. The patterns are right nearly always where they say that something is turned down, and
overlook most of the ways of doing so; the classifier knows wordings, and does not see far (figures:
:mod:`tastemaker.evals.studies.sentences.stance`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tastemaker.agent.nlu.rules.negation import find_negations
from tastemaker.agent.nlu.rules.statement_or_request import is_person_told, is_statement
from tastemaker.agent.nlu.stance import Stance, StanceReader
from tastemaker.agent.nlu.tokenizer import clause_starts
from tastemaker.retrieval.facets.reading import FacetMatch, FacetReading
from tastemaker.retrieval.filters.conditions import Not
from tastemaker.retrieval.text.languages import ENGLISH, detect_language

VOTES: Mapping[Stance, float] = {Stance.ASKED: 0.2, Stance.TOLD: 0.2, Stance.REFUSED: 0.8}
"""What the patterns' verdict adds to the classifier's probability of it."""
SURE_OF_FACET, SURE_OF_TITLE, SURE_OF_PERSON = 0.9, 0.8, 0.8
"""Probability of a refusal from which the classifier is believed against the patterns: facets' own ones see most
refusals, those for titles take everything for liked that nothing speaks against."""
MAX_FACET_WORDS = 2
_HABIT = re.compile(
    r"\b(?:normally|usually|generally|typically|ordinarily|as a rule) (?:really )?"
    r"(?:hate|dislike|avoid|skip|(?:do not|don['’]?t|can['’]?t) \w+)\b",
    re.IGNORECASE,
)
_EXCEPTION = re.compile(r"\b(?:but|though|although|tonight|today|this time)\b", re.IGNORECASE)
_LISTED = re.compile(
    r"\s*(?:films?|movies?)?\s*(?:,|/|&|and|or)\s*(?:(?:[\w'’-]+[. ]{1,2}){1,2}?(?:,|/|&|and|or)\s*){0,2}"
    r"(?:(?:and|or)\s+)?",
    re.IGNORECASE,
)
"""What joins the parts of a list, with one or two that nobody knows between."""
_DEVOTED = re.compile(
    r"\bonly (?:ever |really )?(?:watch(?:es)?|likes?|loves?|wants?|reads?|plays?|buys?|eats?)(?: \w+)?\s*$",
    re.IGNORECASE,
)
_MORE_OF = re.compile(r"(?<!\bno )(?<!\bany )(?<!n't )(?<!\bnot )\bmore (?:of (?:a |the )?)?$", re.IGNORECASE)
_HAD = re.compile(
    r"(?:['’]s)?\s*(?:(?:films?|movies?|ones|books|stuff),?\s*)?(?:(?:i|we)(?:['’]ve| have)? |(?:is|are) )?"
    r"(?:(?:also|all|both|already|mostly) )*(?:seen|done|watched)\b(?! (?:well|right|properly|in)\b)",
    re.IGNORECASE,
)
_HAD_ALL_BY = re.compile(
    r"\b(?:seen|watched|know|knows|own|read|had) (?:all|everything|most|each|every \w+|the lot)"
    r"(?: (?:of|by|from|with|films?|movies?|that))*\s*$",
    re.IGNORECASE,
)
Span = tuple[int, int]


def is_had(text: str, span: Span) -> bool:
    """Whether all of somebody's works are said to be known: "leone seen", "watched everything by Hartley".

    >>> is_had("leone seen. more of that", (0, 5)), is_had("with harrison ford, seen in space", (5, 18))
    (True, False)
    """
    return bool(_HAD.match(text, span[1]) or _HAD_ALL_BY.search(text, 0, span[0]))


class ValueStances:
    """Reads the stances of a message's values.

    Args:
        reader: the classifier; None for patterns alone.
    """

    def __init__(self, reader: StanceReader | None) -> None:
        self._reader = reader

    def of(self, text: str, spans: Sequence[Span], people: Sequence[bool]) -> list[Stance]:
        """The stance of each span; of ``people`` by patterns, unless the classifier is sure.

        No sentence that it was trained on names a person.
        """
        patterns = stances_by_patterns(text, spans)
        if any(is_habit(text, start) for start, _ in spans):
            return patterns
        if spans and detect_language(text) != ENGLISH:
            return patterns
        if self._reader is None:
            return [
                self._of_person(text, span, stance) if person else stance
                for span, person, stance in zip(spans, people, patterns, strict=True)
            ]
        self._reader.prepare(text, [span for span, person in zip(spans, people, strict=True) if not person])
        return [
            self._of_person(text, span, stance) if person else vote(self._reader, text, span, stance)
            for span, person, stance in zip(spans, people, patterns, strict=True)
        ]

    def _of_person(self, text: str, span: Span, stance: Stance) -> Stance:
        if is_had(text, span):
            return Stance.REFUSED
        if stance is Stance.ASKED and is_person_told(text, *span):
            return Stance.TOLD
        return Stance.REFUSED if self.refuses(text, span, SURE_OF_PERSON) else stance

    def prepare(self, text: str, spans: Sequence[Span]) -> None:
        """Make at once what :meth:`refuses` needs for several spans."""
        if self._reader is not None and detect_language(text) == ENGLISH:
            self._reader.prepare(text, spans)

    def refuses(self, text: str, span: Span, sure: float) -> bool:
        """Whether the classifier is sure that what stands at a span is turned down."""
        if self._reader is None or detect_language(text) != ENGLISH:
            return False
        return self._reader.shares(text, *span)[Stance.REFUSED] >= sure


def vote(reader: StanceReader, text: str, span: Span, patterns: Stance) -> Stance:
    """The stance that classifier and patterns together find likeliest."""
    if _DEVOTED.search(text, 0, span[0]) or _MORE_OF.search(text, 0, span[0]):
        return patterns  # "I only watch romcoms", "no horror, more comedy"
    shares = reader.shares(text, *span)
    shares[patterns] += VOTES[patterns]
    return max(shares, key=shares.__getitem__)


def mark_refusals(found: FacetReading, message: str, stances: ValueStances) -> FacetReading:
    """A reading in which what is turned down in words that no pattern lists is unwanted."""

    def may_be(match: FacetMatch) -> bool:
        short = len(match.words.split()) <= MAX_FACET_WORDS and match.span[1] <= len(message)
        return short and match.polarity > 0

    stances.prepare(message, [match.span for match in found.matches if may_be(match)])

    def settled(match: FacetMatch) -> FacetMatch:
        if not may_be(match) or not stances.refuses(message, match.span, SURE_OF_FACET):
            return match
        return replace(match, condition=Not(none_of=match.condition), polarity=-1)

    return replace(found, matches=tuple(map(settled, found.matches)))


def join_lists(text: str, spans: Sequence[Span], stances: Sequence[Stance]) -> list[Stance]:
    """The stances of values, those of a list made one: who tells of the first of three tells of all.

    >>> join_lists("I like horror, rom coms and drama", [(7, 13), (28, 33)], [Stance.TOLD, Stance.ASKED])
    [<Stance.TOLD: 'told'>, <Stance.TOLD: 'told'>]
    """
    joined = list(stances)
    for place in range(1, len(joined)):
        listed = _LISTED.fullmatch(text, spans[place - 1][1], spans[place][0])
        if listed and joined[place - 1] is Stance.TOLD and joined[place] is Stance.ASKED:
            joined[place] = Stance.TOLD
    return joined


def is_habit(text: str, start: int) -> bool:
    """Whether a word is what somebody turns down as a rule, with an exception now: "I normally hate westerns".

    >>> is_habit("a western, but I normally hate westerns", 31), is_habit("I hate westerns", 7)
    (True, False)
    """
    opens = max((place for place in clause_starts(text) if place <= start), default=0)
    return bool(_HABIT.search(text, opens, start)) and bool(_EXCEPTION.search(text))


def stances_by_patterns(text: str, spans: Sequence[Span]) -> list[Stance]:
    """The stance of each span by negations and by verbs that tell.

    >>> stances_by_patterns("I love horror, no drama", [(7, 13), (18, 23)])
    [<Stance.TOLD: 'told'>, <Stance.REFUSED: 'refused'>]
    """
    return [
        Stance.TOLD
        if is_habit(text, span[0])
        else Stance.REFUSED
        if negative
        else Stance.TOLD
        if is_statement(text, *span)
        else Stance.ASKED
        for span, negative in zip(spans, find_negations(text, spans), strict=True)
    ]
