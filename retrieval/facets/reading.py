"""What a message asks of facets: conditions, what no attribute holds, and what words only suggest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tastemaker.retrieval.filters.conditions import Condition


@dataclass(frozen=True)
class FacetMatch:
    """A condition that a message asks for, and the words it rests on.

    Attributes:
        field: the attribute.
        condition: on that attribute (for an origin: country or language).
        score: how sure and how strongly it is wished, above 0 and at most 1.
        explicit: said outright, so that a hard condition is allowed; otherwise a preference at most.
        polarity: 1 for what is wanted, -1 for what follows from something not wanted.
        span: place of the words in the message.
        words: the words.
        suggested: by a phrase that only suggests it.
    """

    field: str
    condition: Condition
    score: float
    explicit: bool
    polarity: int
    span: tuple[int, int]
    words: str
    suggested: bool = False


@dataclass(frozen=True)
class UnknownProperty:
    """Something asked for that no attribute holds.

    Attributes:
        words: of the message.
        what: in words, as in "I do not know ...".
        name: short name of the property.
        span: place of the words in the message.
    """

    words: str
    what: str
    name: str
    span: tuple[int, int]


@dataclass(frozen=True)
class FacetReading:
    """What a message asks of facets.

    Attributes:
        matches: conditions, from left to right.
        unknown: properties that are not known.
        left: spans of the message that none of these rests on.
        hints: conditions that words only suggest ("with my gran" and little violence); of those labelled
            one in four was meant, so they may rank and are no reading.
    """

    matches: tuple[FacetMatch, ...] = ()
    unknown: tuple[UnknownProperty, ...] = ()
    left: tuple[tuple[int, int], ...] = ()
    hints: tuple[FacetMatch, ...] = ()

    def only(self, keep: Callable[[FacetMatch], bool]) -> FacetReading:
        """The reading with those conditions and hints alone that ``keep`` says yes to."""
        matches, hints = (tuple(filter(keep, those)) for those in (self.matches, self.hints))
        return replace(self, matches=matches, hints=hints)
