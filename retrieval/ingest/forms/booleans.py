"""Columns of two opposite values: yes and no, 0 and 1, "in stock" and "out of stock"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tastemaker.retrieval.catalog.schema import NO, YES

PAIRS = (
    *(
        ("no", "yes"),
        ("false", "true"),
        ("n", "y"),
        ("f", "t"),
        ("0", "1"),
        ("off", "on"),
        ("disabled", "enabled"),
    ),
    *(
        ("nein", "ja"),
        ("non", "oui"),
        ("no", "sí"),
        ("no", "si"),
        ("não", "sim"),
        ("nee", "ja"),
        ("нет", "да"),
    ),
    *(("否", "是"), ("いいえ", "はい"), ("falsch", "wahr"), ("faux", "vrai"), ("nej", "ja")),
    *(("no", "sì"), ("nie", "tak"), ("hayır", "evet"), ("아니요", "예"), ("ne", "ano"), ("不是", "是")),
)
"""No and yes as tables say them in several languages."""
STATES = (
    *(
        ("out of stock", "in stock"),
        ("outofstock", "instock"),
        ("sold out", "available"),
        ("unavailable", "available"),
    ),
    *(
        ("not available", "available"),
        ("sold out", "in stock"),
        ("nicht auf lager", "auf lager"),
        ("inactive", "active"),
    ),
    *(("nicht lieferbar", "lieferbar"), ("ausverkauft", "verfügbar"), ("nicht verfügbar", "verfügbar")),
)
"""Opposites that say by themselves what is meant."""
_NEGATED = re.compile(r"(?:not |no |non-|non |un|in|kein[e]? |nicht |without )(.+)")


@dataclass(frozen=True)
class BooleanForm:
    """Which value (casefolded) says no, which says yes, and how they are said of an item where they say it."""

    no: frozenset[str]
    yes: frozenset[str]
    answers: tuple[str, ...] = ()

    def read(self, value: object) -> str:
        """A cell as "yes" or "no".

        Raises:
            ValueError: it is neither.
        """
        text = plain(value)
        if text in self.yes:
            return YES
        if text in self.no:
            return NO
        raise ValueError(f"{str(value)[:80]!r} is neither yes nor no")


def boolean_form(values: Iterable[object]) -> BooleanForm | None:
    """The form of a column with two opposite values; None where it has others.

    A column that has only one of them is one as well, but for numbers: all 1 may be a count.
    """
    counts = Counter(map(plain, values))
    held = set(counts)
    if not held or len(held) > 4:
        return None
    for no, yes in PAIRS:
        if held <= {no, yes} and (no != "0" or len(held) == 2):
            return BooleanForm(frozenset({no}), frozenset({yes}))
    if held <= {"no", "yes", "false", "true", "n", "y", "0", "1"} and len(held) > 2:
        return BooleanForm(frozenset({"no", "false", "n", "0"}), frozenset({"yes", "true", "y", "1"}))
    for no, yes in STATES:
        if held == {no, yes}:
            said = ("out of stock", "in stock") if no == "outofstock" else (no, yes)
            return BooleanForm(frozenset({no}), frozenset({yes}), said)
    if len(held) == 2:
        first, second = sorted(held)
        for no, yes in ((first, second), (second, first)):
            found = _NEGATED.fullmatch(no)
            if found and found[1] == yes:
                return BooleanForm(frozenset({no}), frozenset({yes}), (no, yes))
    return None


def plain(value: object) -> str:
    """A cell as it is compared: "1.0" and True as "1" and "true"."""
    if isinstance(value, bool):
        return str(value).casefold()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = " ".join(str(value).replace("_", " ").split()).casefold()
    return text.removesuffix(".0") if text in ("0.0", "1.0") else text
