"""Listwise choice: the model says which of the best candidates it would take, and counts for what that is worth.

Candidates get letters and the model answers with one, so that a single token's log-probabilities
weigh them all. It is asked twice, the second time in reverse, because language models favour
letters and places (Zheng et al., "Large Language Models Are Not Robust Multiple Choice Selectors",
ICLR 2024); per item the two log-probabilities are averaged. A server that tells no
log-probabilities lists ids in order instead, under a schema that knows no others.

This is for small models, whose order is worth nothing until it is measured: how much it counts is fitted on
logged conversations by :mod:`tastemaker.evals.studies.choice_weight` and kept in the model's profile
(:mod:`tastemaker.agent.llm.model_profile`). At zero it is not asked at all. Capable models rank with reasons:
:mod:`tastemaker.agent.shortlist.model_ranking`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tastemaker import prompts
from tastemaker.agent.llm.model import FormAnswer, LanguageModel
from tastemaker.agent.nlu.understanding import order_schema
from tastemaker.agent.shortlist.fusion import CHOICE, Fused
from tastemaker.agent.shortlist.tool_loop import short_row, talk_and_taste
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.errors import ModelNonsense, NoLogprobs
from tastemaker.tools.candidates import Source

LETTERS = "ABCDEFGHIJKLMNOPQRST"
"""As many candidates as are chosen from: a server tells the likelihood of twenty tokens."""

LISTED = 8
"""Ids asked for where a server tells no log-probabilities."""

MAX_LISTED_TOKENS = 120

OnCall = Callable[[str, FormAnswer], None]


@dataclass(frozen=True)
class Shown:
    """What the model sees: the talk (one utterance a string), the taste in words, a row per candidate."""

    talk: Sequence[str]
    taste: str
    ids: Sequence[str]
    rows: Sequence[str]

    @classmethod
    def of(cls, catalog: Catalog, ids: Sequence[str], talk: Sequence[str], taste: str) -> Shown:
        """The first of some items, at most as many as there are letters."""
        ids = ids[: len(LETTERS)]
        return cls(talk, taste, ids, [short_row(catalog, catalog[item_id]) for item_id in ids])


def preferences(model: LanguageModel, shown: Shown, on_call: OnCall) -> npt.NDArray[np.float64]:
    """How much the model favours each candidate, standardised: float64[n], in the order of ``shown.ids``.

    Args:
        model: asked twice.
        shown: what it sees.
        on_call: told the prompt's hash and the raw answer of each call.

    Raises:
        ModelError: the model did not answer, or with nothing that is a candidate.
    """
    both = [_ask(model, shown, order, on_call) for order in (1, -1)]
    mean: npt.NDArray[np.float64] = np.mean(both, axis=0)
    return (mean - float(mean.mean())) / (float(mean.std()) or 1.0)


def reorder(ranked: Sequence[Fused], liked: npt.NDArray[np.float64], weight: float) -> list[Fused]:
    """A fused list whose first ``len(liked)`` items are sorted by tool scores plus weighted preferences.

    Both are standardised over these items, so that a weight of 1 lets the model count as much as all tools.

    >>> best = [Fused("x", 3.0, ()), Fused("y", 2.0, ()), Fused("z", 1.0, ())]
    >>> [one.id for one in reorder(best, np.array([-1.0, 1.0]), 2.0)]
    ['y', 'x', 'z']
    """
    first, rest = ranked[: len(liked)], ranked[len(liked) :]
    scores = np.array([candidate.score for candidate in first])
    total = scores + weight * (scores.std() or 1.0) * liked
    order = np.argsort(-total, kind="stable")
    place = {int(n): rank for rank, n in enumerate(np.argsort(-liked, kind="stable"), 1)}
    return [
        *(
            replace(
                first[n],
                score=float(total[n]),
                sources=(*first[n].sources, Source(CHOICE, {}, place[int(n)])),
            )
            for n in order
        ),
        *rest,
    ]


def _ask(model: LanguageModel, shown: Shown, order: int, on_call: OnCall) -> list[float]:
    """One call; log-probabilities, or places, in the order of ``shown.ids``."""
    try:
        scores = _score_letters(model, shown, order, on_call)
    except NoLogprobs:
        scores = _list_letters(model, shown, order, on_call)
    return scores[::order]


def _score_letters(model: LanguageModel, shown: Shown, order: int, on_call: OnCall) -> list[float]:
    letters = LETTERS[: len(shown.ids)]
    turns, sha = _turns("choose", shown, letters, order)
    weighed = model.score_options(letters, turns)
    on_call(sha, FormAnswer({"logprobs": dict(weighed.logprobs)}, weighed.usage, weighed.failed))
    return [weighed.logprobs[letter] for letter in letters]


def _list_letters(model: LanguageModel, shown: Shown, order: int, on_call: OnCall) -> list[float]:
    ids = shown.ids[::order]
    turns, sha = _turns("choose_in_order", shown, ids, order)
    filled = model.complete(order_schema(ids, LISTED), turns, MAX_LISTED_TOKENS)
    on_call(sha, filled)
    named = filled.value.get("best")
    best = [letter for letter in dict.fromkeys(named) if letter in ids] if isinstance(named, list) else []
    if not best:
        raise ModelNonsense(f"{model.name} named none of the candidates: {str(filled.value)[:120]}")
    return [float(len(best) - best.index(letter)) if letter in best else 0.0 for letter in ids]


def _turns(prompt: str, shown: Shown, names: Sequence[str], order: int) -> tuple[list[tuple[str, str]], str]:
    """The prompt, what both orders share first, and the hash of what changes."""
    rows = "\n".join(f"{name}. {row}" for name, row in zip(names, shown.rows[::order], strict=True))
    state = prompts.load(
        "choose_state",
        **talk_and_taste(shown.talk, shown.taste),
        items=prompts.fence("items", rows, len(rows)),
    )
    return [("system", prompts.load(prompt).text), ("user", state.text)], state.sha
