"""When a described item is from, by the decades and years that the description names.

Who describes something half forgotten says when it was: "early 90s", "I saw it around 2003". What is told is
often when it was seen, so an item that is later than all that is named loses more than an earlier one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.quantities.columns import is_year

Column = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

WITHIN, EARLIER, LATER = 0.41, 0.33, 0.52
"""Log odds of an item within what is told, and what each decade before or after takes away; the mean of five
folds of ``python -m tastemaker.evals.studies.descriptions.told_years`` (LOG.md, 2026-11-30)."""
UNTOLD = 0.4
"""Share of ``WITHIN`` for an item without a year: as many described films are within what is told."""
MAX_DECADES = 2.0
"""An item further away loses no more."""

_WORDS = {
    name: 1900 + 10 * tens
    for tens, name in enumerate(
        "twenties thirties forties fifties sixties seventies eighties nineties".split(), 2
    )
}
_DECADE = re.compile(
    r"(?<![\d$£€])(?:(?P<part>early|beginning|mid|late|end)\b[\s-]*(?:of\s+)?(?:the\s+)?)?"
    rf"['’]?(?:(?P<digits>(?:19|20)\d0|[2-9]0|00)['’]?s|(?P<word>{'|'.join(_WORDS)}))\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d$£€'’.,])(?P<year>19[2-9]\d|20[0-4]\d)(?![\d%]|['’]?s\b|[.,]\d)")
_PARTS = {"early": (0, 4), "beginning": (0, 4), "mid": (3, 7), "late": (5, 9), "end": (5, 9)}


@dataclass(frozen=True)
class ToldYears:
    """The first and the last year that a text names."""

    first: int
    last: int


def years_in(text: str) -> ToldYears | None:
    """What a text names of decades and years, from the earliest to the latest; None where it names none.

    >>> years_in("Saw it in the early 90s, or maybe in 1996")
    ToldYears(first=1990, last=1996)
    >>> years_in("a man of 30 loses $1990")
    """
    spans = list(_spans(text))
    return ToldYears(min(first for first, _ in spans), max(last for _, last in spans)) if spans else None


class YearOdds:
    """Log odds of a catalogue's items by what a description says of when they are from.

    Args:
        catalog: the items; where no column tells years, or several do, nothing is added.
    """

    def __init__(self, catalog: Catalog) -> None:
        names = [name for name in catalog.schema.of_kind(Kind.NUMBER) if is_year(name, catalog)]
        self._years = catalog.numbers(names[0]) if len(names) == 1 else None

    def of(self, text: str, rows: Rows) -> Column | None:
        """Float32[n] for rows int64[n]; None where the text names no year or the items have none."""
        told = years_in(text)
        if told is None or self._years is None:
            return None
        years = self._years[rows]
        earlier = np.clip((told.first - years) / 10, 0, MAX_DECADES)
        later = np.clip((years - told.last) / 10, 0, MAX_DECADES)
        within = (earlier == 0) & (later == 0)
        odds = WITHIN * within - EARLIER * earlier - LATER * later
        return np.where(np.isnan(years), WITHIN * UNTOLD, odds).astype(np.float32)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for match in _DECADE.finditer(text):
        start = _WORDS[match["word"].casefold()] if match["word"] else _decade(int(match["digits"]))
        low, high = _PARTS.get((match["part"] or "").casefold(), (0, 9))
        yield start + low, start + high
    for match in _YEAR.finditer(text):
        yield int(match["year"]), int(match["year"])


def _decade(number: int) -> int:
    """The first year of a decade written with two digits or four."""
    if number >= 100:
        return number
    return 1900 + number if number >= 20 else 2000 + number
