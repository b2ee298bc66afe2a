"""Words of six languages without their commonest endings, so that forms of a word meet."""

from __future__ import annotations

import re

MIN_STEM = 3
"""Letters that must be left of a word."""

_ENDINGS = {
    "de": re.compile(r"(?:innen|in|ern|em|er|en|es|e|n|s)$"),
    "nl": re.compile(r"(?:en|e|s)$"),
    "fr": re.compile(r"(?:euses|euse|eux|elles|elle|els|ennes|enne|ens|ees|ee|es|e|s|x)$"),
    "es": re.compile(r"(?:cillos|cillas|illo|illa|itos|itas|ito|ita|as|os|es|a|o|e|s)$"),
    "it": re.compile(r"(?:he|hi|ia|ie|io|a|e|i|o)$"),
    "pt": re.compile(r"(?:inhos|inhas|inho|inha|as|os|es|a|o|e|s)$"),
}
_LONG = {"es": re.compile(r"(?:i?simo|i?sima)s?$"), "it": re.compile(r"issim[oaie]$")}
_ENDS_CONSONANT = re.compile(r"(.)\1$")


def stem(word: str, language: str) -> str:
    """A folded word without its ending.

    >>> stem("oscuras", "es") == stem("oscuro", "es"), stem("trauriges", "de") == stem("traurig", "de")
    (True, True)
    >>> stem("grandi", "it") == stem("grande", "it"), stem("amoureuse", "fr") == stem("amoureux", "fr")
    (True, True)
    """
    for endings in (_LONG.get(language), _ENDINGS.get(language)):
        if endings and (found := endings.search(word)) and found.start() >= MIN_STEM:
            word = word[: found.start()]
    return _ENDS_CONSONANT.sub(r"\1", word) if language == "fr" else word
