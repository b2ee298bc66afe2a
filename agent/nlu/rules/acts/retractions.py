"""Conditions that a message takes back."""

from __future__ import annotations

import re

from tastemaker.agent.nlu.rules.acts.dialogue_acts import CALLED
from tastemaker.agent.nlu.rules.numeric_constraints import read_numbers, year_field
from tastemaker.agent.nlu.rules.value_mentions import ValueWords
from tastemaker.agent.nlu.tokenizer import clause_starts, find_stop, words
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import EVERY
from tastemaker.retrieval.text.tokens import singular

_FORGET = re.compile(
    r"\b(?:forget(?: about)?|drop|remove|lift|ignore|scrap|take back|never ?mind|(?:don't|do not) care about|"
    r"(?:doesn't|does not|don't|needn't|need not) (?:have|need) to be)\s+(?:the\s+)?(.+)|"
    r"\b(\w+) (?:is not|isn't|are not|aren't) important\b|\bany (?:decade|era|age|year|genre|director|"
    r"actor)\b|\bany\s+(\w+)\s+(?:is|will|then|goes|works|at all)\b|"
    r"\b(\w+)\s+(?:does not|doesn't)\s+matter\b",
    re.IGNORECASE,
)
_FINE = re.compile(
    r"[^.,;:!?\n]+(\s(?:is|are))\b(?: also| totally| perfectly)? (?:fine|ok|okay|all right|allowed)\b",
    re.IGNORECASE,
)
_LIFTED = re.compile(
    r"\b(?:without|no|drop|lift|remove|forget)\s+(?:the |that |any )?(\w+)[\s-]+(?:limit|limits|"
    r"condition|filter|restriction|"
    r"rule|range|requirement)\b",
    re.IGNORECASE,
)
_AGE = re.compile(r"\b(?:older|newer|any age|any decade|any era|more recent|earlier|later)\b", re.IGNORECASE)


_TOO = re.compile(
    r"\b(?:fine|ok|okay|all right|good|great|works?|do|allowed)\s*,?\s+(?:too|as well|also)\b|\bcan (?:also )?be\b|"
    r"\b(?:is|are|would be) also (?:fine|ok|okay|good|allowed)\b",
    re.IGNORECASE,
)


def is_allowed_too(text: str, end: int) -> bool:
    """Whether what ends at a place is allowed beside what was asked for, and not required.

    >>> said = "a documentary would be fine too"
    >>> is_allowed_too(said, 13), is_allowed_too("documentaries please", 13)
    (True, False)
    """
    return _TOO.search(text, end, find_stop(text, end)) is not None


def read_allowances(text: str) -> tuple[int, int] | None:
    """Where a message says that something is fine after all, without the words that say so.

    >>> said = "actually French is fine"
    >>> said[slice(*read_allowances(said))]
    'actually French'
    """
    match = _FINE.search(text)
    return (match.start(), match.start(1)) if match else None


def attributes_in(clause: str, catalog: Catalog) -> set[str]:
    """The attributes that a clause calls by their name, or by a common word for it: "the length"."""
    spoken = {singular(word.norm) for word in words(clause)}
    called = {CALLED.get(word, word) for word in spoken}
    return {
        name
        for name in catalog.schema.names(EVERY)
        if singular(name.casefold()) in spoken or name.casefold() in called
    }


def read_retractions(
    text: str, catalog: Catalog, values: ValueWords
) -> tuple[tuple[str, ...], list[tuple[int, int]]]:
    """Attributes whose conditions are taken back, and the clause that says so."""
    match = _FORGET.search(text) or _LIFTED.search(text) or _FINE.search(text)
    if not match:
        return (), []
    end = next((place for place in clause_starts(text) if place > match.start()), len(text))
    clause = text[match.start() : end]
    spoken = {singular(word.norm) for word in words(clause)}
    named = attributes_in(clause, catalog)
    fields = [name for name in catalog.schema.names() if name in named]
    fields += [value.field for value in values.find(clause, words(clause))]
    fields += [c.field for c, _, _ in read_numbers(clause, catalog)]
    year = year_field(catalog)
    if year and (_AGE.search(clause) or spoken & {"decade", "era", "age", "period", "year"}):
        fields.append(year)
    return tuple(dict.fromkeys(fields)), [(match.start(), end)] if fields else []
