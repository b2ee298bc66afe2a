"""Whether two items are the same thing listed twice, or variants of one product.

Conservative: their titles have to agree, and nothing known of them may disagree. Titles
agree in one of three ways.

1. A title or alternative title of one is one of the other's, and so is the year. With a
   year off by one, or missing, people, brand or text have to agree as well.
2. One is the other's title and a subtitle, in the same year, with the same people.
3. Both name one product and differ in colour, size or pack (see ``variant_titles``).

Sequels differ in their titles, remakes in their years or people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.item_text import LABELS_AT_MOST, name_attributes
from tastemaker.retrieval.normalise import TitleForms, fold, without_article
from tastemaker.retrieval.schema import Kind
from tastemaker.retrieval.titles import item_year
from tastemaker.retrieval.variant_titles import VariantTitle

SURE_COSINE = 0.9
"""Texts as close as this speak for one thing."""
LEAST_COSINE = 0.3
"""Texts further apart than this speak against it."""
_LOOKS = ("colour", "color", "size", "pack")


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of an item that tells it from others.

    Attributes:
        names: its normalised titles.
        head: its normalised title without the subtitle, or empty.
        product: its title without what varies within a product.
        year: of its title, else of its attributes.
        dated: whether its title has the year: a work, no product.
        identity: per identity attribute its folded values, empty where unknown.
        vector: unit vector of its text, float32[d], or None.
    """

    names: frozenset[str]
    head: str
    product: VariantTitle
    year: int | None
    dated: bool
    identity: tuple[frozenset[str], ...]
    vector: npt.NDArray[np.float32] | None


def described(
    item: Item,
    catalog: Catalog,
    titles: tuple[TitleForms, VariantTitle],
    identity: Sequence[str],
    vector: npt.NDArray[np.float32] | None,
) -> Described:
    """Take an item apart; ``identity`` are the attributes of :func:`identity_attributes`."""
    form, product = titles
    values = (frozenset(fold(v) for v in as_tags(item.attributes.get(name))) for name in identity)
    return Described(
        names=names(form),
        head=head(form),
        product=product,
        year=form.year or item_year(item, catalog),
        dated=form.year is not None,
        identity=tuple(values),
        vector=vector,
    )


def same_thing(one: Described, other: Described) -> bool:
    """Whether two items are one thing, or variants of one product."""
    if _disagree(one, other):
        return False
    if one.names & other.names:
        apart = None if one.year is None or other.year is None else abs(one.year - other.year)
        return apart == 0 or (apart in (None, 1) and _agree(one, other))
    if one.head in other.names or other.head in one.names:
        return one.year == other.year and one.year is not None and _same_people(one, other)
    variants = not (one.dated or other.dated) and one.product.same_product(other.product)
    return variants and _agree(one, other)


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


def _disagree(one: Described, other: Described) -> bool:
    """Whether something known of both has nothing in common."""
    apart = any(a and b and not a & b for a, b in zip(one.identity, other.identity, strict=True))
    cosine = _cosine(one, other)
    return apart or (cosine is not None and cosine < LEAST_COSINE)


def _agree(one: Described, other: Described) -> bool:
    cosine = _cosine(one, other)
    return _same_people(one, other) or (cosine is not None and cosine >= SURE_COSINE)


def _same_people(one: Described, other: Described) -> bool:
    return any(a & b for a, b in zip(one.identity, other.identity, strict=True))


def _cosine(one: Described, other: Described) -> float | None:
    if one.vector is None or other.vector is None:
        return None
    return float(one.vector @ other.vector)
