"""Columns of words: several tags a cell, a category, or text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.ingest.cells import as_list
from tastemaker.retrieval.ingest.forms.ordered_values import value_order

SENTENCE_WORDS = 5
"""Values with more words than this on average are sentences, not labels."""
SENTENCE_LIST_WORDS = 3
"""The same of values in lists, if they differ."""
TEXT_NAMES = frozenset(
    "description desc summary overview plot abstract synopsis blurb about review text beschreibung".split()
)
"""Columns called so are texts where their values have several words."""
TAG_NAMES = frozenset(
    "genre genres tag tags category categories keyword keywords cast actor actors author authors artist artists "
    "ingredients topics themes mechanics platforms languages countries material materials amenities skills colors "
    "colours allergens styles moods subjects flavors flavours instruments cuisines cuisine".split()
)
"""Columns called so hold several values a cell where a comma stands in some, even if no value is there twice."""
LONG_TEXT = 60
"""Characters on average that make a column text."""
SHORT_TAG = 30
MANY_DIFFERENT = 0.95
SEPARATORS = (
    ("|", 0.02),
    (";", 0.05),
    ("、", 0.02),
    (" > ", 0.3),
    ("，", 0.1),
    (",", 0.3),
    (" / ", 0.2),
    ("/", 0.2),
)
"""What stands between tags, and the least share of cells that have it."""
SURE = frozenset("|、")
"""Separators that stand in no ordinary text."""


@dataclass(frozen=True, slots=True)
class TextGuess:
    """A kind or "ignored", why, and what stands between tags."""

    becomes: str
    why: str
    separator: str | None = None
    order: tuple[str, ...] = ()


def guess_lists(known: Sequence[Any]) -> TextGuess:
    """What a column of lists is."""
    parts = [part for value in known for part in as_list(value, "")]
    if any(isinstance(part, dict | list) for value in known if isinstance(value, list) for part in value):
        return TextGuess("ignored", "nested values")
    if parts and sum(map(len, parts)) / len(parts) > LONG_TEXT:
        return TextGuess(Kind.TEXT, "lists of long texts")
    words = sum(len(part.split()) for part in parts) / max(len(parts), 1)
    if words >= SENTENCE_LIST_WORDS and len(set(parts)) >= 0.8 * len(parts):
        return TextGuess(Kind.TEXT, f"lists of {words:.0f} words on average, which are sentences")
    if parts and all(_is_decimal(part) for part in parts):
        return TextGuess("ignored", "lists of numbers")
    if not parts:
        return TextGuess("ignored", "empty lists")
    different = set(parts)
    return TextGuess(Kind.TAGS, f"lists, {len(different):,} values", "", value_order(different))


def guess_text(name: str, known: list[str]) -> TextGuess:
    """What a column of texts is."""
    words = sum(len(value.split()) for value in known) / len(known)
    unspaced = words < 2 and not known[0].isascii() and sum(map(len, known)) >= 12 * len(known)
    if (words >= 2 or unspaced) and set(re.split(r"[\W_]+", name.casefold())) & TEXT_NAMES:
        return TextGuess(Kind.TEXT, f"by its name, {words:.0f} words on average")
    separator = guess_separator(known, named=bool(set(re.split(r"[\W_]+", name.casefold())) & TAG_NAMES))
    if separator:
        parts = {part.strip() for value in known for part in value.split(separator)} - {""}
        why = f"split at {separator!r}, {len(parts):,} values"
        return TextGuess(Kind.TAGS, why, separator, value_order(parts))
    average = sum(map(len, known)) / len(known)
    if average > LONG_TEXT:
        return TextGuess(Kind.TEXT, f"{average:.0f} characters on average")
    if words > SENTENCE_WORDS:
        return TextGuess(Kind.TEXT, f"{words:.0f} words on average")
    different = set(known)
    if len(known) > 20 and len(different) > MANY_DIFFERENT * len(known):
        return TextGuess(Kind.TEXT, f"{len(different):,} different values in {len(known):,} rows")
    order = value_order(different)
    why = f"{len(different):,} values" + (f", in order: {', '.join(order)}" if order else "")
    return TextGuess(Kind.CATEGORY, why, order=order)


def guess_separator(known: Sequence[Any], named: bool = False) -> str | None:
    """What stands between tags, if the values look like several tags each.

    ``named`` says that the column's name speaks for tags.
    """
    texts = [value for value in known if isinstance(value, str)]
    for separator, least in SEPARATORS:
        split = [[part.strip() for part in text.split(separator)] for text in texts if separator in text]
        parts = [part for row in split for part in row]
        if parts and len(split) >= least * len(texts) and _like_tags(parts, texts, separator, named):
            return separator
    return None


def _like_tags(parts: list[str], texts: list[str], separator: str, named: bool) -> bool:
    if sum(map(len, parts)) / len(parts) > SHORT_TAG:
        return False
    if separator in SURE:
        return True
    if separator != "|" and all(not part or part[0].isdigit() for part in parts):
        return False  # "10,000+", "1/2"
    sentences = sum(1 for part in parts if part.endswith((".", "!", "?")) or part.count(" ") > 3)
    alone = {text.strip().casefold() for text in texts if separator not in text}
    folded = {part.casefold() for part in parts}
    repeated = len(folded) <= 0.6 * len(parts)
    if separator.strip() == "/":
        return sentences == 0 and (repeated or len(folded & alone) >= 2)
    few = (separator in (";", " > ") and len(texts) < 20) or (named and separator.strip() != "/")
    return sentences <= 0.05 * len(parts) and (repeated or few or len(folded & alone) >= 0.3 * len(folded))


def _is_decimal(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
