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
_OTHER_WORDS = {
    1: "uno una un une uma um eine einer een",
    2: "dos deux zwei due duas dois twee",
    3: "tres trois drei tre drie",
    4: "cuatro quatre vier quattro quatro",
    5: "cinco cinq funf cinque vijf",
    6: "seis sechs sei zes",
    7: "siete sept sieben sette sete zeven",
    8: "ocho huit acht otto oito",
    9: "nueve neuf neun nove negen",
    10: "diez dix zehn dieci dez tien",
    11: "once onze elf undici",
    12: "doce douze zwolf dodici doze twaalf",
    70: "setenta siebzig settanta zeventig",
    80: "ochenta achtzig ottanta oitenta tachtig",
    90: "noventa neunzig novanta negentig",
    100: "hundred cem cien cento cent hundert honderd",
}
_OTHERS = {word: number for number, words in _OTHER_WORDS.items() for word in words.split()}
_WORDS = {word: number for number, word in enumerate(_ENGLISH)} | _TENS
_ALL = _WORDS | _OTHERS

_TENS_AND_UNIT = f"(?:{'|'.join(_TENS)})[- ](?:{'|'.join(_ENGLISH[1:10])})"
NUMBER = rf"(?:\d{{1,4}}(?:[.,]\d)?|{_TENS_AND_UNIT}|{'|'.join(sorted(_ALL, key=len, reverse=True))})"
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
