"""What each column of a person's file is: guessed from its name and its values, and said why."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.ingest.cells import as_list, as_number, is_missing

NEARLY_ALL = 0.98
"""With this share of numbers or dates, what is none is taken for a mistake in its row."""
SENTENCE_WORDS = 5
"""Values with more words than this on average are sentences, not labels."""
LONG_TEXT = 60
"""Characters on average that make a column text."""
SHORT_TAG = 30
MANY_DIFFERENT = 0.95
_TITLE_YEAR = re.compile(r"\((\d{4})\)$")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ].*)?")


@dataclass(frozen=True, slots=True)
class Column:
    """What one column became.

    Attributes:
        name: as in the file.
        becomes: a role (id, title, user, item, timestamp, rating), a kind, or "ignored".
        why: the reason, for a person.
        separator: between tags; "" where they come as lists; None where the column is no tags.
    """

    name: str
    becomes: str
    why: str
    separator: str | None = None

    def __str__(self) -> str:
        return f"{self.name} → {self.becomes}: {self.why}"


@dataclass(frozen=True, slots=True)
class Inference:
    """What every column of a file became; ``str()`` is the report, one line per column."""

    path: Path
    columns: tuple[Column, ...]

    def __str__(self) -> str:
        return "\n".join(str(column) for column in self.columns)

    def of(self, role: str) -> str | None:
        """The column with a role, if there is one."""
        return next((column.name for column in self.columns if column.becomes == role), None)


def infer_kind(name: str, values: Sequence[Any], kind: Kind | None, separator: str | None) -> Column:
    """What an attribute column holds, by its values or by the overrides' kind and separator."""
    known = [value for value in values if not is_missing(value)]
    if kind is None and separator is None:
        return _guess(name, known)
    kind = kind or Kind.TAGS
    if kind is not Kind.TAGS:
        return Column(name, kind, "named in the overrides")
    separator = separator if separator is not None else _separator(known)
    how = "lists" if not separator else f"split at {separator!r}"
    return Column(name, kind, f"named in the overrides, {how}", separator or "")


def title_years(titles: Sequence[Any]) -> int:
    """How many titles end in a year in brackets."""
    return sum(1 for title in titles if isinstance(title, str) and _TITLE_YEAR.search(title))


def year_in(title: str) -> int | None:
    """The year in brackets that ends a title.

    >>> year_in("Heat (1995)"), year_in("Heat")
    (1995, None)
    """
    found = _TITLE_YEAR.search(title)
    return int(found[1]) if found else None


def _guess(name: str, known: Sequence[Any]) -> Column:
    if not known:
        return Column(name, "ignored", "no values")
    if any(isinstance(value, dict | bytes) for value in known):
        return Column(name, "ignored", "nested or binary values")
    if any(isinstance(value, list) for value in known):
        return _guess_lists(name, known)
    if all(isinstance(value, bool) for value in known):
        return Column(name, Kind.CATEGORY, "true or false")
    if _share(known, _is_number) >= _min_share(known):
        return Column(name, Kind.NUMBER, _range(known))
    if _share(known, _is_date) >= _min_share(known):
        return Column(name, Kind.DATE, f"dates, {min(map(str, known))[:10]} to {max(map(str, known))[:10]}")
    return _guess_text(name, [str(value) for value in known])


def _guess_lists(name: str, known: Sequence[Any]) -> Column:
    parts = [part for value in known for part in as_list(value, "")]
    if any(isinstance(part, dict | list) for value in known if isinstance(value, list) for part in value):
        return Column(name, "ignored", "nested values")
    if parts and sum(map(len, parts)) / len(parts) > LONG_TEXT:
        return Column(name, Kind.TEXT, "lists of long texts")
    return Column(name, Kind.TAGS, f"lists, {len(set(parts)):,} values", "")


def _guess_text(name: str, known: list[str]) -> Column:
    if all(value.startswith(("http://", "https://")) for value in known):
        return Column(name, "ignored", "web addresses")
    separator = _separator(known)
    if separator:
        parts = {part.strip() for value in known for part in value.split(separator)}
        return Column(name, Kind.TAGS, f"split at {separator!r}, {len(parts):,} values", separator)
    average = sum(map(len, known)) / len(known)
    if average > LONG_TEXT:
        return Column(name, Kind.TEXT, f"{average:.0f} characters on average")
    words = sum(len(value.split()) for value in known) / len(known)
    if words > SENTENCE_WORDS:
        return Column(name, Kind.TEXT, f"{words:.0f} words on average")
    different = len(set(known))
    if len(known) > 20 and different > MANY_DIFFERENT * len(known):
        return Column(name, Kind.TEXT, f"{different:,} different values in {len(known):,} rows")
    return Column(name, Kind.CATEGORY, f"{different:,} values")


def _separator(known: Sequence[Any]) -> str | None:
    """What stands between tags, if the values look like several tags each."""
    texts = [value for value in known if isinstance(value, str)]
    for separator, least in (("|", 0.02), (";", 0.05), (",", 0.3)):
        split = [[part.strip() for part in text.split(separator)] for text in texts if separator in text]
        parts = [part for row in split for part in row]
        if parts and len(split) >= least * len(texts) and _like_tags(parts, texts, separator):
            return separator
    return None


def _like_tags(parts: list[str], texts: list[str], separator: str) -> bool:
    if sum(map(len, parts)) / len(parts) > SHORT_TAG:
        return False
    if separator == "|":
        return True
    sentences = sum(1 for part in parts if part.endswith((".", "!", "?")) or part.count(" ") > 3)
    repeated = len({part.casefold() for part in parts}) <= 0.6 * len(parts)
    return sentences <= 0.05 * len(parts) and (repeated or (separator == ";" and len(texts) < 20))


def _min_share(known: Sequence[Any]) -> float:
    return NEARLY_ALL if len(known) >= 50 else 1.0


def _share(known: Sequence[Any], test: Callable[[Any], bool]) -> float:
    # A column that starts with a hundred misses is not worth asking on about.
    if len(known) > 1000 and not any(map(test, known[:100])):
        return 0.0
    return sum(1 for value in known if test(value)) / len(known)


def _is_number(value: object) -> bool:
    try:
        as_number(value)
    except ValueError:
        return False
    return True


def _is_date(value: object) -> bool:
    return isinstance(value, date) or (isinstance(value, str) and bool(_ISO_DATE.fullmatch(value)))


def _range(known: Sequence[Any]) -> str:
    numbers = [as_number(value) for value in known if _is_number(value)]
    return f"{min(numbers):g} to {max(numbers):g}"


def kinds_of(columns: Mapping[str, Column]) -> dict[str, Kind]:
    """The kind of each attribute column, those with another role or ignored left out."""
    kinds = set(Kind)
    return {name: Kind(column.becomes) for name, column in columns.items() if column.becomes in kinds}
