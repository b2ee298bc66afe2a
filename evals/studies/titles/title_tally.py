"""Counting what the title resolver answers, and how far the counts can be trusted."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tastemaker.evals.metrics.bootstrap import LEVEL, RESAMPLES
from tastemaker.evals.studies.titles.typed_titles import TypedTitle, plain, right
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.titles.resolver import TitleResolver

THIRDS = 5
_YEAR = re.compile(r"\s*\(\d{4}\)\s*$")
_ARTICLE = re.compile(r"^(?:the|an|a) ")


@dataclass(frozen=True)
class Tally:
    """What came of one question: how much was answered, how much of it right, how much there was to find."""

    dialogue: int
    linked: int
    right: int
    wanted: int


def ask(resolver: TitleResolver, typed: TypedTitle) -> Tally:
    """Put one typed title to a resolver."""
    resolution = resolver.resolve(typed.text)
    return Tally(typed.dialogue, resolution.status != "none", right(resolution, typed), bool(typed.meant))


def row(name: str, tallies: Sequence[Tally]) -> str:
    """A line of a table: counts, precision and recall with intervals.

    >>> row("two", [Tally(1, 1, 1, 1), Tally(1, 0, 0, 1)])
    '| two | 2 | 1 | 1 | 1.000 [1.000, 1.000] | 0.500 [0.500, 0.500] |'
    """
    linked, ok = sum(one.linked for one in tallies), sum(one.right for one in tallies)
    precision = _share(tallies, [one.linked for one in tallies])
    recall = _share(tallies, [one.wanted for one in tallies])
    return f"| {name} | {len(tallies)} | {linked} | {ok} | {precision} | {recall} |"


def _share(tallies: Sequence[Tally], of: Sequence[int]) -> str:
    """Right answers as a share of something, with a bootstrap over dialogues."""
    dialogues = np.unique([one.dialogue for one in tallies], return_inverse=True)[1]
    if not sum(of):
        return "none to count"
    hits = np.bincount(dialogues, np.array([one.right for one in tallies], np.float64))
    all_of = np.bincount(dialogues, np.array(of, np.float64))
    low, high = _interval(hits, all_of)
    return f"{hits.sum() / all_of.sum():.3f} [{low:.3f}, {high:.3f}]"


def _interval(hits: npt.NDArray[Any], of: npt.NDArray[Any]) -> tuple[float, float]:
    rng = np.random.default_rng(0)
    shares = []
    for _ in range(RESAMPLES):
        drawn = np.bincount(rng.integers(len(hits), size=len(hits)), minlength=len(hits))
        if drawn @ of:
            shares.append(drawn @ hits / (drawn @ of))
    low, high = np.quantile(shares, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def thirds(films: Catalog) -> Iterator[tuple[TitleResolver, frozenset[str]]]:
    """The catalogue without a third of its names, namesakes together, a few times, and the ids that are gone."""
    names = {film.id: bare_words(film.title) for film in films}
    listed = sorted(set(names.values()))
    for seed in range(THIRDS):
        chosen = set(random.Random(seed).sample(listed, len(listed) // 3))  # noqa: S311 - a repeatable draw
        gone = frozenset(film for film, name in names.items() if name in chosen)
        yield TitleResolver(Catalog([film for film in films if film.id not in gone], films.schema)), gone


def bare_words(title: str) -> str:
    """A title's words without year and article, apart from the resolver's own reading.

    >>> bare_words("The Matrix (1999)")
    'matrix'
    """
    return _ARTICLE.sub("", plain(_YEAR.sub("", title)))


def title_parts(title: str) -> list[str]:
    """:func:`bare_words` of a title and of what stands before and behind its colons."""
    return [bare_words(part) for part in (_YEAR.sub("", title), *_YEAR.sub("", title).split(": "))]
