"""Numbers as people write them: "1,500", "1.299,00", "2k", "1.5 million", "twenty-five", "a hundred"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tastemaker.retrieval.text.number_words import NUMBER, number_of

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_SMALL = {word: float(number) for number, word in enumerate(_UNITS)} | {
    word: 10.0 * (number + 2)
    for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())
}
_MAGNITUDES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "grand": 1e3,
    "k": 1e3,
    "lakh": 1e5,
    "lakhs": 1e5,
    "million": 1e6,
    "millions": 1e6,
    "mio": 1e6,
    "mn": 1e6,
    "tausend": 1e3,
    "mille": 1e3,
    "mil": 1e3,
    "billion": 1e9,
    "bn": 1e9,
    "万": 1e4,
    "千": 1e3,
}
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "1/2": 0.5, "1/4": 0.25, "3/4": 0.75}
_FIGURES = (
    r"\d{1,3}(?:(?:[,.'’\u00a0\u202f]\d{3})+| \d00(?: \d{3})*)(?:[.,]\d{1,2})?(?!\d)|"
    r"\d+(?:[.,]\d+)?(?:\s?[½¼¾]|\s1/2|\s3/4|\s1/4)?|[½¼¾]"
)
_MAGNITUDE = "hundred|thousand|grand|millions?|billion|bn|mio|mn|lakhs?|tausend|mille|mil|k"
_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_FIGURE = re.compile(
    rf"(?:(?<![\w.,])|(?<=[{_CJK}])|(?<=[{_CJK}],))"
    rf"(?:{_FIGURES})(?:\s?(?:{_MAGNITUDE})\b|[万千])?",
    re.IGNORECASE,
)
_WORD = rf"(?:{'|'.join(sorted(_SMALL, key=len, reverse=True))})"
_WORDS = re.compile(
    rf"\b(?:(?:an?|half an?|{_WORD}(?:[ -]{_WORD})?)\s+(?:hundred|thousand|grand|million|billion|dozen)"
    rf"(?:(?:\s+and)?\s+{_WORD}(?:[ -](?:hundred|{_WORD}))?)*|{_WORD}(?:[ -]{_WORD})*|"
    rf"a dozen|half a dozen|a couple(?: of)?)\b"
)
_FOREIGN = re.compile(rf"\b{NUMBER}\b")
_COUNTED = re.compile(
    r"[ -](?:star|hour|hr|minute|day|week|month|year|kilo|kg|pound|euro|dollar|litre|liter|mile|metre|meter|person|"
    r"player|bed|room|seat)"
)
_NO_NUMBER = frozenset("one".split())


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text.

    Attributes:
        value: what it most likely stands for.
        start: place of its first character.
        end: behind its last.
        other: what it stands for where the column has numbers of that size ("1.500" as 1.5), else None.
        figures: whether it is written in figures.
    """

    value: float
    start: int
    end: int
    other: float | None = None
    figures: bool = True


def numbers_in(flat_text: str) -> list[Number]:
    """The numbers of a flat text, from left to right.

    >>> [number.value for number in numbers_in("1,500 or 1.299,00, 2.5k, twenty-five, a hundred and fifty")]
    [1500.0, 1299.0, 2500.0, 25.0, 150.0]
    >>> [number.value for number in numbers_in("1 1/2, two thousand, fifteen hundred, half a million")]
    [1.5, 2000.0, 1500.0, 500000.0]
    """
    found = list(_figures(flat_text))
    for reader in (_words, _foreign):
        taken = [(one.start, one.end) for one in found]
        found += [
            one for one in reader(flat_text) if not any(a < one.end and one.start < b for a, b in taken)
        ]
    return sorted(found, key=lambda one: one.start)


def _figures(text: str) -> Iterator[Number]:
    for match in _FIGURE.finditer(text):
        said = match[0].strip()
        digits = re.match(rf"(?:{_FIGURES})", said, re.IGNORECASE)
        if digits is None:
            continue
        magnitude = _MAGNITUDES.get(said[digits.end() :].strip().casefold(), 1.0)
        value, other = figures_of(digits[0])
        # A letter right behind belongs to a word or a unit: "4k" is a number, "4kg" a number and a unit.
        yield Number(value * magnitude, match.start(), match.end(), other and other * magnitude)


def figures_of(said: str) -> tuple[float, float | None]:
    """The value of a number in figures, and the other one that it may have.

    >>> figures_of("1,500"), figures_of("1.500"), figures_of("1.299,00"), figures_of("4.5"), figures_of("39,90")
    ((1500.0, 1.5), (1500.0, 1.5), (1299.0, None), (4.5, None), (39.9, None))
    """
    fraction = next((part for part in _FRACTIONS if said.endswith(part)), "")
    if fraction:
        whole = said.removesuffix(fraction).strip()
        return (float(whole.replace(",", ".")) if whole else 0.0) + _FRACTIONS[fraction], None
    plain = re.sub(r"[ '’\u00a0\u202f]", "", said)
    signs = [letter for letter in plain if letter in ",."]
    if not signs:
        return float(plain), None
    last = signs[-1]
    head, _, tail = plain.rpartition(last)
    if len(set(signs)) == 2 or (len(signs) == 1 and len(tail) != 3):
        return float(f"{re.sub('[,.]', '', head)}.{tail}"), None
    if len(signs) == 1 and not head.startswith("0"):
        return float(head + tail), float(f"{head}.{tail}")
    if len(signs) == 1:
        return float(f"{head}.{tail}"), None
    return float(re.sub("[,.]", "", plain)), None


def _words(text: str) -> Iterator[Number]:
    for match in _WORDS.finditer(text):
        if match[0] in _NO_NUMBER and not _COUNTED.match(text, match.end()):
            continue  # "the one with"; "one star" has its unit behind it
        yield Number(_value_of(match[0]), match.start(), match.end(), figures=False)


def _value_of(said: str) -> float:
    if said.startswith("a couple"):
        return 2.0
    total, current, half = 0.0, 0.0, said.startswith("half a")
    for word in re.split(r"[ -]+", said.removeprefix("half ")):
        if word in ("a", "an"):
            current = 1.0
        elif word == "dozen":
            current = (current or 1.0) * 12
        elif word in _SMALL:
            current += _SMALL[word]
        elif word == "hundred":
            current = (current or 1.0) * 100
        elif word in _MAGNITUDES:
            total, current = total + (current or 1.0) * _MAGNITUDES[word], 0.0
    return (total + current) * (0.5 if half else 1.0)


def _foreign(text: str) -> Iterator[Number]:
    """Number words of other languages, but for those that are everyday words of another one."""
    for match in _FOREIGN.finditer(text):
        if not match[0][0].isdigit() and len(match[0]) > 3 and match[0] not in _SMALL:
            yield Number(number_of(match[0]), match.start(), match.end(), figures=False)
