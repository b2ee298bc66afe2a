"""Words for when something is from that name no year: "an old film", "something recent", "black and white, older even".

Old and recent are told from the newest item there is: in a catalogue that ends in 1998 an old film is from before 1973.
"""

from __future__ import annotations

import re

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.filters.conditions import Constraint, Op
from tastemaker.retrieval.quantities.reading import Reading
from tastemaker.retrieval.text.flat import flat

OLD_YEARS, RECENT_YEARS = 25, 3
"""Years before the newest item from which one is old, and after which one is recent."""

_THING = (
    r"(?:\w+[ -]){0,3}?(?:films?|movies?|pictures?|flicks?|books?|novels?|songs?|albums?|games?|shows?|ones?|stuff|"
    r"things?|comed(?:y|ies)|dramas?|thrillers?|musicals?|westerns?|mystery|mysteries|romances?|cartoons?|documentar(?:y|ies)|"
    r"horrors?|releases?)\b"
)
_OPEN = (
    r"(?:something|anything|stuff|films?|movies?|books?|ones?|that(?:'s| is| are)|which (?:is|are)|got|but)"
)
_ENDS = r"(?=\s*(?:$|[.,;:!?)]|(?:and|but|or|please|with|in|about|from|for|like|that|where|to|maybe|even|though)\b))"
_NOT_PEOPLE = (
    r"(?!\s+(?:(?:wo)?m[ae]n|lad(?:y|ies)|people|persons?|couples?|friends?|flames?|age|school|fashioned|west|wives|"
    r"folks?|money|enough|brothers?|sisters?|kids?|guys?|girls?|boys?|leads?|crowd)\b)"
)
_ERA = re.compile(
    rf"(?<!not )(?<!too )(?<!so )(?<!years )(?<!year )(?<!how )(?<!that )(?:"
    rf"(?P<old>\b(?:old|older|oldie|vintage|old[- ]time|golden[- ]age){_NOT_PEOPLE}\s+(?={_THING})"
    rf"|(?<=\b)(?:{_OPEN})\s+(?:(?:really|quite|very|a bit|a little|much) )?(?:old|older|vintage)\b{_ENDS}|\boldies?\b)"
    rf"|(?P<recent>\b(?:recent|modern|current|contemporary|brand[- ]new|newish)\s+(?={_THING})"
    rf"|(?:{_OPEN})\s+(?:(?:really|quite|very|more|fairly|a bit) )?(?:recent|modern|newer|newish|current)\b{_ENDS}"
    rf"|\b(?:new|newer)\s+(?=(?:films?|movies?|releases?|books?|ones|stuff)\b)))"
)


_DENIED = re.compile(
    r"\b(?:not|no|without|nothing|never|except|avoid)\s+(?:(?:any|the|those|these|too|so|that|really|very|of the)\s+)*$"
)


def _denied(text: str, start: int) -> bool:
    """Whether what begins at a place is turned down: "not the old ones"."""
    return _DENIED.search(text[:start]) is not None


class EraReader:
    """Reads such words for one catalogue, as what is wanted and never required.

    Args:
        catalog: of the items.
        field: its attribute for when an item is from; None where it has none, and nothing is read.

    Attributes:
        field: that attribute, where items have years.
    """

    def __init__(self, catalog: Catalog, field: str | None) -> None:
        known = [item.attributes.get(field) for item in catalog] if field else []
        years = [int(str(value)[:4]) for value in known if str(value)[:4].isdecimal()]
        self.field = field if years else None
        self._newest = max(years, default=0)
        self._is_date = bool(field) and catalog.schema[field or ""].kind is Kind.DATE

    def read(self, text: str) -> list[Reading]:
        """What a sentence says in this way, from left to right."""
        plain = flat(text) if self.field else ""
        return [
            Reading(
                match.start(),
                match.end(),
                prefer=self.since((match["recent"] is not None) is not _denied(plain, match.start())),
            )
            for match in _ERA.finditer(plain)
        ]

    def since(self, recent: bool) -> Constraint:
        """From when on an item is recent, or until when it is old; of a catalogue with dates only."""
        year = self._newest - (RECENT_YEARS if recent else OLD_YEARS)
        value = f"{year}-01-01" if self._is_date else year
        return Constraint(field=self.field or "", op=Op.AT_LEAST if recent else Op.AT_MOST, value=value)
