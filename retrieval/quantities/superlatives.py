"""Superlatives of the concepts that columns of numbers are about: "the lightest", "the best paid", "the quickest"."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from tastemaker.retrieval.quantities.concepts import concepts

_IRREGULAR = {
    "better": "best",
    "worse": "worst",
    "farther": "farthest",
    "further": "furthest",
    "less": "least",
}


@cache
def superlatives() -> Mapping[str, tuple[tuple[str, bool], ...]]:
    """Superlative -> the concepts it may be of, and whether it means the high end.

    >>> superlatives()["lightest"][0], superlatives()["best paid"], superlatives()["most expensive"]
    (('weight', False), (('salary', True),), (('price', True),))
    """
    found: dict[str, list[tuple[str, bool]]] = {}
    for concept in concepts():
        for words, high in ((concept.less, False), (concept.more, True)):
            for word in words:
                if form := superlative_of(word):
                    listed = found.setdefault(form, [])
                    if all(name != concept.name for name, _ in listed):
                        listed.append((concept.name, high))
    return {form: tuple(listed) for form, listed in found.items()}


def superlative_of(comparative: str) -> str:
    """The superlative of a comparative, "" for what has none.

    >>> [superlative_of(word) for word in ("lighter", "more popular", "less expensive", "better paid", "rated higher")]
    ['lightest', 'most popular', 'least expensive', 'best paid', '']
    """
    first, _, rest = comparative.partition(" ")
    first = {"more": "most", "less": "least"}.get(first, _IRREGULAR.get(first, "")) or (
        f"{comparative.partition(' ')[0][:-2]}est" if comparative.partition(" ")[0].endswith("er") else ""
    )
    return " ".join(part for part in (first, rest) if part) if first else ""
