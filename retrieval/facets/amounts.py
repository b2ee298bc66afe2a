"""Numbers as people write them, in figures or in words."""

from __future__ import annotations

import re

_ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
).split()
_TENS = {
    "thirty": 30,
    "forty": 40,
    "fourty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_OTHERS = {
    "hundred": 100,
    "uno": 1,
    "una": 1,
    "un": 1,
    "une": 1,
    "uma": 1,
    "um": 1,
    "eine": 1,
    "einer": 1,
    "dos": 2,
    "deux": 2,
    "zwei": 2,
    "due": 2,
    "duas": 2,
    "dois": 2,
    "tres": 3,
    "trois": 3,
    "drei": 3,
    "tre": 3,
    "cuatro": 4,
    "quatre": 4,
    "vier": 4,
    "quattro": 4,
    "quatro": 4,
    "cinco": 5,
    "cinq": 5,
    "funf": 5,
    "cinque": 5,
    "seis": 6,
    "sechs": 6,
    "sei": 6,
    "siete": 7,
    "sept": 7,
    "sieben": 7,
    "sette": 7,
    "sete": 7,
    "ocho": 8,
    "huit": 8,
    "acht": 8,
    "otto": 8,
    "oito": 8,
    "nueve": 9,
    "neuf": 9,
    "neun": 9,
    "nove": 9,
    "diez": 10,
    "dix": 10,
    "zehn": 10,
    "dieci": 10,
    "dez": 10,
    "once": 11,
    "onze": 11,
    "elf": 11,
    "undici": 11,
    "doce": 12,
    "douze": 12,
    "zwolf": 12,
    "dodici": 12,
    "doze": 12,
    "noventa": 90,
    "neunzig": 90,
    "novanta": 90,
}
_WORDS = {word: number for number, word in enumerate(_ENGLISH)} | _TENS
_ALL = _WORDS | _OTHERS

NUMBER = (
    r"(?:\d{1,4}(?:[.,]\d)?|(?:"
    + "|".join(_TENS)
    + r")[- ](?:"
    + "|".join(_ENGLISH[1:10])
    + r")|"
    + "|".join(sorted(_ALL, key=len, reverse=True))
    + r")"
)
"""A pattern for one number, in figures or words, in flat text."""

_SPLIT = re.compile(r"[- ]+")


def number_of(text: str) -> float:
    """The number that a match of ``NUMBER`` stands for.

    >>> number_of("forty-five"), number_of("2,5"), number_of("sette")
    (45.0, 2.5, 7.0)
    """
    if text[0].isdigit():
        return float(text.replace(",", "."))
    return float(sum(_ALL[part] for part in _SPLIT.split(text)))
