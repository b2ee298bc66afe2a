"""The film facets that are shipped with the project: for whom, what mood, how long, how violent.

They were written from knowledge of the films, not taken from a source, so they are inferred
attributes. How sure the writer was ("confidence") is kept in the file and is no attribute.
"""

from __future__ import annotations

from collections.abc import Mapping

from tastemaker.retrieval.catalog.schema import Attribute, Kind, Provenance, Value
from tastemaker.retrieval.datasets.shipped_records import shipped_records

LEVELS = ("none", "a little", "much", "its very point")
"""What 0 to 3 mean for violence, scares, sadness, humour, romance and sex."""
KNOWN_TO = ("hardly anybody", "some", "many", "everybody")


def _facet(
    name: str, kind: Kind, *, unit: str = "", levels: tuple[str, ...] = (), phrase: str = ""
) -> Attribute:
    return Attribute(
        name=name, kind=kind, provenance=Provenance.INFERRED, unit=unit, levels=levels, phrase=phrase
    )


FACET_ATTRIBUTES = (
    _facet("age_from", Kind.NUMBER, phrase="fine from age {}"),
    _facet("lead", Kind.CATEGORY),
    _facet("moods", Kind.TAGS),
    _facet("pace", Kind.CATEGORY),
    _facet("violence", Kind.NUMBER, levels=LEVELS),
    _facet("scares", Kind.NUMBER, levels=LEVELS),
    _facet("sadness", Kind.NUMBER, levels=LEVELS),
    _facet("humour", Kind.NUMBER, levels=LEVELS),
    _facet("romance", Kind.NUMBER, levels=LEVELS),
    _facet("sex", Kind.NUMBER, levels=LEVELS),
    _facet("runtime", Kind.NUMBER, unit="min"),
    _facet("colour", Kind.CATEGORY),
    _facet("language", Kind.CATEGORY),
    _facet("country", Kind.TAGS),
    _facet("based_on", Kind.TAGS),
    _facet("place", Kind.TAGS),
    _facet("period", Kind.TAGS),
    _facet("plot", Kind.TAGS),
    _facet("ending", Kind.CATEGORY),
    _facet("occasions", Kind.TAGS),
    _facet("contains", Kind.TAGS),
    _facet("acclaim", Kind.TAGS),
    _facet("known", Kind.NUMBER, levels=KNOWN_TO),
)


def shipped_facets(name: str) -> dict[str, dict[str, Value]]:
    """Inferred attributes by item id, for a data set that has facets in this package; only what is known.

    Args:
        name: the data set's, as in "ml-100k".
    """
    return {item: _values(record) for item, record in shipped_records(f"{name}-facets")}


def _values(record: Mapping[str, object]) -> dict[str, Value]:
    known: dict[str, Value] = {}
    for attribute in FACET_ATTRIBUTES:
        value = record.get(attribute.name)
        if value is not None and value not in ("", []):  # 0 is known: "no violence"
            known[attribute.name] = _value(value, attribute.kind)
    return known


def _value(value: object, kind: Kind) -> Value:
    if kind is Kind.TAGS:
        return tuple(map(str, value)) if isinstance(value, list) else (str(value),)
    return value if kind is Kind.NUMBER and isinstance(value, int | float) else str(value)
