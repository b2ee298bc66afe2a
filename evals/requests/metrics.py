"""How good one answer to a request is: two grades of fitting, what was possible, what was promised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tastemaker.evals.judge.list_checks import broken
from tastemaker.evals.requests.case import RequestCase
from tastemaker.evals.requests.system import SHOWN, RequestAnswer
from tastemaker.retrieval.catalog.catalog import Catalog

GOOD = 3
"""Fitting items of those shown that make a list good."""
METRIC = "precision@5"

Scores = dict[str, float | None]


def score(case: RequestCase, answer: RequestAnswer, catalog: Catalog) -> Scores:
    """All figures of an answer; None for those that say nothing here.

    The first five items count; a missing one counts as wrong. Where nothing fits at all, only
    ``abstention`` counts.
    """
    items = tuple(dict.fromkeys(answer.items))[:SHOWN]
    quiet = float(answer.abstained or not answer.items)
    grades = [case.grade(item) for item in items]
    possible = min(SHOWN, len(case.fits))
    right, decent = grades.count(2), sum(grade > 0 for grade in grades)
    found: Mapping[str, float] = {
        METRIC: right / SHOWN,
        "lenient_precision@5": decent / SHOWN,
        "three_good": float(right >= max(1, min(GOOD, possible))),
        "reach": right / max(1, possible),
        "excluded": sum(item in case.excluded for item in items) / SHOWN,
    }
    rest: Mapping[str, float] = {"any_good": float(right > 0), "three_lenient": float(decent >= GOOD)}
    unknown = float(answer.said_unknown)
    return {
        **{name: None if case.abstain else value for name, value in found.items()},
        "kept": _kept(items, answer, catalog),
        **{name: None if case.abstain else value for name, value in rest.items()},
        "abstention": quiet if case.abstain else None,
        "false_abstention": None if case.abstain else quiet,
        "unknown_admitted": unknown if case.unknown_property else None,
        "false_unknown": None if case.unknown_property else unknown,
        **_sentences(case, answer),
    }


def miss(case: RequestCase, catalog: Catalog) -> Scores:
    """The figures of a request without an answer: to fail is not to abstain."""
    nothing = score(case, RequestAnswer(), catalog)
    return {**nothing, "abstention": 0.0 if case.abstain else None}


def _kept(items: tuple[str, ...], answer: RequestAnswer, catalog: Catalog) -> float | None:
    """Share of items that meet every hard condition of the reading, by the plain implementation."""
    if not answer.conditions or not items:
        return None
    return 1 - len(broken([catalog[item] for item in items], answer.conditions)) / len(items)


def _sentences(case: RequestCase, answer: RequestAnswer) -> dict[str, Any]:
    """Shares of false and of empty ones among the reply's sentences that somebody judged."""
    said = {**answer.reasons, "": answer.text}
    judged = [one.verdict for one in case.sentences if one.text in said.get(one.item, "")]
    return {
        f"{verdict}_sentences": judged.count(verdict) / len(judged) if judged else None
        for verdict in ("false", "empty")
    }
