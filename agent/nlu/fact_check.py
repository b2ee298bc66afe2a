"""Check prose against facts: no name, title or number may stand in it that the facts do not hold."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tastemaker.agent.nlu.tokenizer import STOPWORDS, fold, words
from tastemaker.retrieval.text.tokens import singular

_CAPITALISED = re.compile(r"[^\W\d_][^\W_]*(?:['’-][^\W_]+)*", re.UNICODE)
_DECADE = re.compile(r"\b((?:1[89]|20)\d0)s\b")
"""A decade, which is true of each of its years."""
_NUMBER = re.compile(r"\d+")
_QUOTED = re.compile(r"[\"“”«»]([^\"“”«»]{2,})[\"“”«»]")
_SENTENCE_END = re.compile(r"(?:^|[.!?:]\s+|\n\s*)$")
_YEAR_NEXT = re.compile(r"\s*\(\d")
_PLAIN_CAPITALS = frozenset({"i", "i'm", "i'd", "i'll", "i've", "ok"})


def unsupported_words(text: str, facts: Iterable[str]) -> list[str]:
    """Capitalised words, numbers and quotations of ``text`` that occur in none of ``facts``.

    A word that opens a sentence may be capitalised without being a name, unless the
    next word is capitalised too, which makes the pair look like a name.

    >>> unsupported_words("A tense heist with Al Pacino from 1995.", ["cast: Al Pacino", "1995"])
    []
    >>> unsupported_words("Like Goodfellas (1990), it is tense.", ["cast: Al Pacino"])
    ['Goodfellas', '1990']
    """
    known = fold(" \n ".join(facts))
    known_words = set(re.findall(r"[^\W_]+(?:['-][^\W_]+)*", known)) | set(re.findall(r"[^\W_]+", known))
    wrong = [quote for quote in _QUOTED.findall(text) if fold(quote).strip() not in known]
    wrong += [word for word in _names(text) if fold(word).removesuffix("'s") not in known_words]
    decades = {word[:3] for word in known_words if len(word) == len("1990") and word.isdigit()}
    undated = _DECADE.sub(lambda match: "" if match[1][:3] in decades else match[0], text)
    wrong += [number for number in _NUMBER.findall(undated) if number not in known_words]
    return list(dict.fromkeys(wrong))


def support(text: str, fact: str) -> float:
    """Share of the telling words of ``text`` that stand in ``fact``, compared by their first four letters.

    >>> support("Two widowers bake bread, warmly.", "Two widowers open a bakery.")
    0.6
    """
    stems = [_stem(word.norm) for word in words(text) if word.norm not in STOPWORDS]
    known = {_stem(word.norm) for word in words(fact)}
    return sum(word in known for word in stems) / len(stems) if stems else 0.0


def _stem(word: str) -> str:
    return singular(word)[:4]


def _names(text: str) -> Iterable[str]:
    matches = list(_CAPITALISED.finditer(text))
    for i, match in enumerate(matches):
        word = match[0]
        if not word[0].isupper() or fold(word) in _PLAIN_CAPITALS:
            continue
        opens = bool(_SENTENCE_END.search(text[: match.start()]))
        if opens and fold(word) in STOPWORDS:
            continue
        following = matches[i + 1] if i + 1 < len(matches) else None
        pair = following is not None and following[0][0].isupper() and following.start() == match.end() + 1
        dated = _YEAR_NEXT.match(text, match.end())
        if not opens or pair or dated:
            yield word
