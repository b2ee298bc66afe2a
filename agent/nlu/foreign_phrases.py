"""What is said of a list in other languages, in English: "Den ersten kenne ich schon" as "I've seen the first one".

The rules know places in a list, what is known and what is liked by English words; of a message in another language
such clauses are put into English before it is read, and all else stays as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tastemaker.retrieval.text.languages import ENGLISH, detect_language

PLACES = ("first", "second", "third", "fourth", "fifth", "last")
_ORDINALS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "de": (
        r"(?:de[rnm]|die|das)",
        (
            r"erste[nrsm]?",
            r"zweite[nrsm]?",
            r"dritte[nrsm]?",
            r"vierte[nrsm]?",
            r"fünfte[nrsm]?",
            r"letzte[nrsm]?",
        ),
    ),
    "fr": (
        r"l[ea]",
        (
            r"premi(?:er|ère)",
            r"(?:deuxi[eè]me|seconde?)",
            r"troisi[eè]me",
            r"quatri[eè]me",
            r"cinqui[eè]me",
            r"derni(?:er|[eè]re)",
        ),
    ),
    "es": (
        r"(?:el|la)",
        (r"primer[oa]?", r"segund[oa]", r"tercer[oa]?", r"cuart[oa]", r"quint[oa]", r"[uú]ltim[oa]"),
    ),
    "it": (
        r"(?:il|lo|la|l['’])",
        (r"prim[oa]", r"second[oa]", r"terz[oa]", r"quart[oa]", r"quint[oa]", r"ultim[oa]"),
    ),
    "pt": (
        r"[oa]",
        (r"primeir[oa]", r"segund[oa]", r"terceir[oa]", r"quart[oa]", r"quint[oa]", r"[uú]ltim[oa]"),
    ),
    "nl": (r"(?:de|het)", (r"eerste", r"tweede", r"derde", r"vierde", r"vijfde", r"laatste")),
}
"""Articles, and the words for a place from the first to the fifth and the last."""
_KNOWN: Mapping[str, str] = {
    "de": r"\bkenn(?:e|en|t)?\b|\b(?:(?:schon|bereits)|hab(?:e|en)?\b.*) (?:gesehen|geguckt|geschaut)\b",
    "fr": r"\bconnais\b|\bd[eé]j[aà] vue?s?\b|\bvue?s? d[eé]j[aà]\b|\bj['’]ai vue?\b",
    "es": r"\b(?:he|hemos) visto\b|\b(?:ya )?(?:la|lo|las|los)? ?(?:vi|vimos|conozco)\b",
    "it": r"\b(?:ho|abbiamo)\b.*\bvist[oaie]\b|\bconosco\b",
    "pt": r"\bj[aá] (?:vi|vimos|conhe[cç]o|assisti)\b|\bconhe[cç]o\b",
    "nl": r"\bken\b|\b(?:al|reeds) gezien\b|\bheb(?:ben)?\b.*\bgezien\b",
}
"""What says that somebody has seen what a clause names."""
_LIKED: Mapping[str, str] = {
    "de": r"\bgef(?:ä|ae)llt\b|\bklingt (?:sehr )?(?:gut|toll|super|spannend|interessant)\b|\bmag\b",
    "fr": r"\bme pla[iî]t\b|\b(?:a l['’]air|semble) (?:bien|bon|super)\b|\bj['’]aime\b",
    "es": r"\bme (?:gusta|encanta)\b|\b(?:suena|parece) (?:muy )?(?:bien|buena?)\b",
    "it": r"\bmi piace\b|\bsembra (?:molto )?(?:bello|bella|buono|interessante)\b",
    "pt": r"\b(?:gosto|gostei)\b|\bparece (?:muito )?(?:bom|boa|legal)\b",
    "nl": r"\bvind ik (?:leuk|goed)\b|\bklinkt (?:heel )?(?:goed|leuk)\b",
}
_MORE_LIKE: Mapping[str, str] = {
    "de": r"\b(?:mehr |eher |so (?:was|etwas) |etwas |was )?wie\b",
    "fr": r"\b(?:plus |plut[oô]t |quelque chose )?comme\b",
    "es": r"\b(?:m[aá]s |algo )?como\b",
    "it": r"\b(?:pi[uù] |qualcosa )?come\b",
    "pt": r"\b(?:mais |algo )?como\b",
    "nl": r"\b(?:meer |iets )?(?:zoals|als)\b",
}
_NO_NOUN = r"(?=\W*(?:$|[.,!?;:]|{verbs}))"
_VERBS = (
    r"(?:kenn\w*|hab\w*|klingt|ist|war|w[äa]re|gef\w*|find\w*|nehm\w*|mag|liebe|und|oder|bitte|aber|schon|"
    r"je|j['’]|est|me|et|ou|mais|svp|d[eé]j[aà]|a l|semble|"
    r"ya|la|lo|es|y|o|pero|me|suena|parece|"
    r"[eè]|ho|l['’]ho|mi|ma|sembra|gi[aà]|"
    r"j[aá]|eu|vi|e|mas|"
    r"heb|ken|vind|is|en|of|maar|al|klinkt|por favor|per favore|s['’]il|alsjeblieft|alstublieft)\b"
)
"""Words behind a place that are no thing, as in "der zweite Weltkrieg"."""
_DENIED = re.compile(r"\b(?:nicht|nie|pas|jamais|no|nunca|non|mai|n[aã]o|niet|nooit)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[^.!?;,\n]+")
_SOMETHING = re.compile(
    r"\bwas(?=\s+(?:mit|von|vom|aus|für|über|zum|ohne|im|in|wie|so)\b)|\bwas(?=\s+\w+e[sr]\b)|"
    r"(?<=\bmir )was\b|(?<=\buns )was\b|(?<=\bso )was\b|(?<=\bnoch )was\b|(?<=\bmal )was\b",
    re.IGNORECASE,
)
"""The German "was" that is short for "etwas"; to the rules it is the past of an English verb."""
_GERMAN = re.compile(r"\bwas\s+(?:mit|von|für|aus|zum|ohne|\w+(?:iges|endes|isches|iches))\b", re.IGNORECASE)
"""A message in so few words that nothing else tells its language."""


def say_in_english(message: str) -> str:
    """A message with what it says of places in a list in English, and "was" as "etwas"; English ones stay.

    >>> say_in_english("Den ersten kenne ich schon, und bitte was mit Tieren")
    "I've seen the first one, und bitte etwas mit Tieren"
    >>> say_in_english("je connais déjà le premier"), say_in_english("más como la segunda, pero con humor")
    ("I've seen the first one", 'more like the second one, pero con humor')
    >>> say_in_english("ein Film über den zweiten Weltkrieg"), say_in_english("the first was good")
    ('ein Film über den zweiten Weltkrieg', 'the first was good')
    """
    language = "de" if _GERMAN.search(message) else detect_language(message)
    if language == ENGLISH or not _places_in(message, language):
        language = _language_of_places(message) or language
    if language == ENGLISH:
        return message
    if language == "de":
        message = _SOMETHING.sub("etwas", message)
    return _CLAUSE.sub(lambda clause: _say_clause(clause[0], language), message)


def _language_of_places(message: str) -> str:
    """The language of which a message says something of a place in a list; "" for none."""
    for language in _ORDINALS:
        said = (_KNOWN[language], _LIKED[language], _MORE_LIKE[language])
        if any(re.search(one, message, re.IGNORECASE) for one in said) and _places_in(message, language):
            return language
    return ""


def _say_clause(clause: str, language: str) -> str:
    places = _places_in(clause, language)
    if not places:
        return clause
    said = " and ".join(f"the {place} one" for place in dict.fromkeys(place for place, _ in places))
    before = clause[: len(clause) - len(clause.lstrip())]
    denied = _DENIED.search(clause)
    if not denied and re.search(_KNOWN[language], clause, re.IGNORECASE):
        return f"{before}I've seen {said}"
    if like := re.search(f"{_MORE_LIKE[language]}(?=\\W*$)", clause[: places[0][1].start()], re.IGNORECASE):
        return f"{clause[: like.start()]}more like {said}{clause[places[-1][1].end() :]}"
    if not denied and re.search(_LIKED[language], clause, re.IGNORECASE):
        return f"{before}I like {said}"
    for place, match in reversed(places):
        clause = f"{clause[: match.start()]}the {place} one{clause[match.end() :]}"
    return clause


def _places_in(text: str, language: str) -> list[tuple[str, re.Match[str]]]:
    """The places in a list that a text names, in order, as English words."""
    article, ordinals = _ORDINALS[language]
    behind = _NO_NOUN.replace("{verbs}", _VERBS)
    found = [
        (PLACES[at], match)
        for at, ordinal in enumerate(ordinals)
        for match in re.finditer(rf"\b{article}\s*\b{ordinal}\b{behind}", text, re.IGNORECASE)
    ]
    return sorted(found, key=lambda one: one[1].start())
