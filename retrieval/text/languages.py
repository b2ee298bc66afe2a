"""Which language a message is in, by its little words and everyday words: cheap, and English unless sure."""

from __future__ import annotations

from functools import cache, lru_cache

from tastemaker.retrieval.text.foreign_words import words_of
from tastemaker.retrieval.text.function_words import function_words
from tastemaker.retrieval.text.glossary_table import english_words, single_stems, single_words
from tastemaker.retrieval.text.light_stems import stem

ENGLISH = "en"
MIN_SURE = 1.0
"""Evidence that another language needs; a little word that it alone has counts 1."""
MIN_SHARE = 0.55
"""Evidence a word that is enough for a message of one word."""
MIN_TELLING = 0.15
"""Evidence of a word that counts among the two which a message of more than two words needs."""
MIN_MARGIN = 2.0
"""How much more evidence another language needs than English."""
CONTENT = 0.6
"""What a word of the glossary counts beside a little word."""
_LETTERS = {"ß": "de", "ñ": "es", "¿": "es", "¡": "es", "ã": "pt", "õ": "pt", "œ": "fr"}
LETTER = 0.7
FORM = 0.4
"""What another form of a word of the glossary counts."""
MIN_STEM = 5
"""Letters of a stem by which such a form is told."""


def detect_language(text: str) -> str:
    """The language of a text as "en", "de", "fr", "es", "it", "pt" or "nl"; English where none is sure.

    >>> [detect_language(text) for text in ("quelque chose de drôle", "was Lustiges bitte", "I loved La Dolce Vita")]
    ['fr', 'de', 'en']
    """
    found = words_of(text)
    scores = dict.fromkeys(function_words(), 0.0)
    for word in found:
        for language, weight in _evidence(word.norm).items():
            scores[language] += weight
    small = text.casefold()
    for letter, language in _LETTERS.items():
        if letter in small:
            scores[language] += LETTER
    english = scores.pop(ENGLISH)
    best = max(scores, key=lambda language: scores[language])
    if not found:
        return ENGLISH
    telling = sum(_evidence(word.norm).get(best, 0.0) >= MIN_TELLING for word in found)
    if telling < 2 < len(found):  # a name may look like one word of any language
        return ENGLISH
    sure = scores[best] >= min(MIN_SURE, MIN_SHARE * len(found)) and scores[best] >= MIN_MARGIN * english
    return best if sure else ENGLISH


@lru_cache(16_384)
def _evidence(norm: str) -> dict[str, float]:
    """What a folded word says for each language."""
    if norm in _table():
        return _table()[norm]
    held = [
        language
        for language in function_words()
        if language != ENGLISH
        and len(root := stem(norm, language)) >= MIN_STEM
        and root in single_stems(language)
    ]
    return {language: FORM / len(held) for language in held}


@cache
def _table() -> dict[str, dict[str, float]]:
    """The evidence of every listed word: 1 shared out among the languages that have it."""
    table: dict[str, dict[str, float]] = {}
    for language, own in function_words().items():
        for word in (
            own.function | own.passing | {w for phrase in own.deny if len(phrase) == 1 for w in phrase}
        ):
            table.setdefault(word, {})[language] = 1.0
    for language in function_words():
        content = english_words() if language == ENGLISH else single_words(language)
        for word in content:
            table.setdefault(word, {}).setdefault(language, CONTENT)
    return {
        word: {language: weight / len(held) for language, weight in held.items()}
        for word, held in table.items()
    }
