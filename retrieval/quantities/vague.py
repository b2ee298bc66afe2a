"""Words for the lower and the upper end of a column of numbers: "cheap", "lightweight", "highly rated"."""

from __future__ import annotations

import re

import numpy as np

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.filters.conditions import Constraint, Op
from tastemaker.retrieval.quantities.columns import LOWER_THIRD, UPPER_THIRD, Column
from tastemaker.retrieval.quantities.comparisons import denies
from tastemaker.retrieval.quantities.reading import Reading
from tastemaker.retrieval.text.flat import flat


class VagueReader:
    """Reads words such as "cheap" for one catalogue, as what is wanted and never required."""

    def __init__(self, catalog: Catalog, columns: tuple[Column, ...]) -> None:
        self._catalog = catalog
        self._said: dict[str, tuple[Column, bool]] = {}
        for column in columns:
            for words, high in (
                ((column.concept.low, False), (column.concept.high, True)) if column.concept else ()
            ):
                for word in words:
                    self._said.setdefault(flat(word), (column, high))
        said = sorted(self._said, key=len, reverse=True)
        self._pattern = (
            re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, said))})(?![\w-])") if said else None
        )

    def read(self, text: str) -> list[Reading]:
        """What a sentence says in this way, from left to right."""
        found = []
        said = flat(text)
        for match in self._pattern.finditer(said) if self._pattern else ():
            column, high = self._said[match[0]]
            start = match.start()
            denied = denies(
                said,
                start,
                max((m.end() for m in re.finditer(r"[.;!?\n,]", said[:start])), default=0),
                ("too", "so", "very"),
            )
            if denied is not None:
                high, start = not high, denied
            found.append(Reading(start, match.end(), prefer=self._third(column, high)))
        return found

    def _third(self, column: Column, high: bool) -> Constraint:
        known = self._catalog.numbers(column.name)
        known = known[~np.isnan(known)]
        share = UPPER_THIRD if high else LOWER_THIRD
        bound = float(np.quantile(known, share)) if len(known) else 0.0
        return Constraint(field=column.name, op=Op.AT_LEAST if high else Op.AT_MOST, value=round(bound, 2))
