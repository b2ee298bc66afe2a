"""What a search asks for, and what it answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tastemaker.retrieval.filters.conditions import Condition
from tastemaker.retrieval.filters.relaxations import Relaxation
from tastemaker.retrieval.search.preference import Preference


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for; everything may be combined.

    Items are named by id or title; titles as a person types them.

    Attributes:
        text: what the item should be about.
        like: items it should resemble; with a text, "like X but Y". They are left out themselves.
        avoid: what it should be far from: texts, or items by their exact titles.
        unlike: items it should be far from, such as what the person saw; left out themselves.
            With neither text nor ``like`` the popular ones of the far ones come first.
        where: what it must meet, as a condition or in words ("year at least 1990 and not genres is Horror").
        exclude: ids that must not come back.
        k: how many, at least 1.
        diversity: 0 for the best by themselves, up to 1 for the most different (maximal marginal relevance).
        preferences: how well all items satisfy further wishes, and what that counts beside the text.
        caps: attribute -> how many results may share a value of it, such as ``{"director": 1}``.
    """

    text: str = ""
    like: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    where: Condition | str | None = None
    exclude: Collection[str] = ()
    k: int = 10
    diversity: float = 0.0
    caps: Mapping[str, int] = field(default_factory=dict)
    preferences: tuple[Preference, ...] = ()


@dataclass(frozen=True, slots=True)
class Matched:
    """A field that speaks for a hit.

    Attributes:
        field: ``title``, an attribute's name, or ``like`` for the items it should resemble.
        values: words of a text, whole values of tags, a number, or titles.
        cosine: for what was found by meaning rather than by words; None for words.
    """

    field: str
    values: tuple[str, ...]
    cosine: float | None = None
    provenance: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One item that was found.

    Attributes:
        id, title: the item's.
        score: at most 1, for comparison within one search. For a text, the learned ranker's odds of
            relevance as a share; for likeness, a weighted mean of cosines and words; both less what the
            item has of what is to be avoided. Without any wish, the share of items that are no more popular.
        matched: why, the fields that hold words of the text first.
        also: ids of near-duplicates that this one stands for.
    """

    id: str
    title: str
    score: float
    matched: tuple[Matched, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What was found.

    Attributes:
        hits: from best to worst.
        seconds: how long it took.
        notes: anything the person should know, one sentence each.
        relaxations: where nothing meets the condition, which single change lets how many items through.
    """

    hits: tuple[Hit, ...]
    seconds: float
    notes: tuple[str, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
