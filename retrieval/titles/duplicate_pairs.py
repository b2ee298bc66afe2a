"""Whether two items are the same thing listed twice, or variants of one product.

Conservative: their titles have to agree, and nothing known of them may disagree. Titles
agree in one of three ways.

1. A title or alternative title of one is one of the other's, and so is the year. With a
   year off by one, or missing, people or brand and text have to agree as well.
2. One is the other's title and a subtitle, in the same year, with the same people.
3. Both name one product and differ in colour, size or pack (see ``variant_titles``).

Sequels differ in their titles, remakes in their years or people.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.item_text import LABELS_AT_MOST, name_attributes
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.text.normalise import TitleForms, fold, without_article
from tastemaker.retrieval.titles.item_years import item_year
from tastemaker.retrieval.titles.product_variants import VariantTitle

SURE_COSINE = 0.9
"""Texts as close as this speak for one thing."""
LIKELY_COSINE = 0.6
"""With the same people, a text as close as this is enough."""
_LOOKS = ("colour", "color", "size", "pack")


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of an item that tells it from others.

    Attributes:
        names: its normalised titles.
        head: its normalised title without the subtitle, or empty.
        product: its title as a product's.
        year: of its title, else of its attributes.
        identity: per identity attribute its folded values, empty where unknown.
        vector: unit vector of its text, float32[d], or None.
        labels: per attribute of one value, but for looks, its folded values, empty where unknown.
    """

    names: frozenset[str]
    head: str
    product: VariantTitle
    year: int | None
    identity: tuple[frozenset[str], ...]
    vector: npt.NDArray[np.float32] | None
    labels: tuple[frozenset[str], ...] = ()


def describe_item(
    item: Item,
    catalog: Catalog,
    form: TitleForms,
    product: VariantTitle,
    identity: Sequence[str],
    vector: npt.NDArray[np.float32] | None,
) -> Described:
    """Take an item apart; ``identity`` are the attributes of :func:`identity_attributes`."""
    values = (frozenset(fold(v) for v in as_tags(item.attributes.get(name))) for name in identity)
    return Described(
        names=names(form),
        head=head(form),
        product=product,
        year=form.year or item_year(item, catalog),
        identity=tuple(values),
        vector=vector,
        labels=labels_of(item, catalog),
    )


def same_thing(one: Described, other: Described) -> bool:
    """Whether two items are one thing, or variants of one product."""
    pairs = list(zip(one.identity, other.identity, strict=True))
    if any(disagree(*pair) for pair in (*pairs, *zip(one.labels, other.labels, strict=True))):
        return False
    same_people = any(a & b for a, b in pairs)
    return (
        _same_title(one, other, same_people)
        or _title_and_subtitle(one, other, same_people)
        or (one.product.same_product(other.product) and (same_people or _cosine(one, other) >= SURE_COSINE))
    )


def disagree(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether what is known of two items contradicts: the town of two jobs for a nurse, the author of two "Poems"."""
    return bool(one and other) and not one & other


def labels_of(item: Item, catalog: Catalog) -> tuple[frozenset[str], ...]:
    """Per attribute of one value, but for looks, the folded values of an item."""
    names_ = (
        name
        for name in catalog.schema.of_kind(Kind.CATEGORY)
        if not any(look in name.casefold() for look in _LOOKS)
    )
    return tuple(frozenset(fold(v) for v in as_tags(item.attributes.get(name))) for name in names_)


def _same_title(one: Described, other: Described, same_people: bool) -> bool:
    if not one.names & other.names:
        return False
    if one.year is None or other.year is None:
        return _bear_out(one, other, same_people)
    apart = abs(one.year - other.year)
    return apart == 0 or (apart == 1 and _bear_out(one, other, same_people))


def _title_and_subtitle(one: Described, other: Described, same_people: bool) -> bool:
    fits = one.head in other.names or other.head in one.names
    return fits and same_people and one.year is not None and one.year == other.year


def _bear_out(one: Described, other: Described, same_people: bool) -> bool:
    """Whether people and texts speak for one thing where the years don't."""
    cosine = _cosine(one, other)
    return cosine >= SURE_COSINE or (same_people and not cosine < LIKELY_COSINE)


def names(form: TitleForms) -> frozenset[str]:
    """The titles that an item goes by, normalised, without articles."""
    return frozenset(without_article(title) for title in (form.full, form.bare, *form.aliases))


def head(form: TitleForms) -> str:
    """The title without its subtitle, normalised, without article; empty where there is none."""
    return without_article(form.heads[0]) if form.heads else ""


def identity_attributes(catalog: Catalog) -> list[str]:
    """Attributes that tell items apart: people, and a brand, maker or the like with many values."""
    many = (
        name
        for name in catalog.schema.of_kind(Kind.CATEGORY)
        if len(catalog.values(name)) > LABELS_AT_MOST and not any(look in name.casefold() for look in _LOOKS)
    )
    return list(dict.fromkeys([*name_attributes(catalog), *many]))


def _cosine(one: Described, other: Described) -> float:
    """The cosine of their texts, NaN where it is not known."""
    if one.vector is None or other.vector is None:
        return math.nan
    return float(one.vector @ other.vector)
