"""What the decades and years that a description names are worth, fitted and scored by folds of films.

``python -m tastemaker.evals.studies.descriptions.told_years --tomt WORKSPACE POSTS [--cache F] [--limit N]``
prints hit@1 and hit@10 of the shipped ranker alone and with the years, and the log odds that
:mod:`tastemaker.retrieval.quantities.told_years` carries.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from tastemaker.evals.studies.search_ranker import FOLDS, READERS, Asked, Remembered, say
from tastemaker.retrieval.quantities.told_years import MAX_DECADES, UNTOLD, years_in
from tastemaker.retrieval.search.close_look import NAMES
from tastemaker.retrieval.search.learned_ranker import shipped_ranker
from tastemaker.retrieval.search.retriever import Retriever
from tastemaker.retrieval.search.text_relevance import TextRelevance
from tastemaker.tools.workspace.workspace import Workspace

Matrix = npt.NDArray[np.float32]

RIVALS = 200
"""Candidates of a post that the fit looks at, the ranker's best."""
DECAY = 1e-3


@dataclass(frozen=True)
class Post:
    """A described film's candidates.

    Attributes:
        fold: by the film.
        meant: which candidate it is, bool[n].
        odds: the ranker's, float32[n].
        years: within what is told, decades before and after it, float32[n, 3]; zeros where nothing is told.
    """

    fold: int
    meant: npt.NDArray[np.bool_]
    odds: Matrix
    years: Matrix

    def place(self, weights: Matrix) -> float:
        """How many candidates are before the film; infinity where it is none of them."""
        scores = self.odds + self.years @ weights
        return float((scores > scores[self.meant][0]).sum()) if self.meant.any() else float("inf")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures and the weights."""
    parser = argparse.ArgumentParser(description="Fit what told years are worth.")
    parser.add_argument("--tomt", nargs=2, metavar=("WORKSPACE", "POSTS"), required=True)
    parser.add_argument("--cache", type=Path, help="keep vectors of queries in this file (.npz)")
    parser.add_argument("--limit", type=int)
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(1)
    workspace = Workspace.open(chosen.tomt[0])
    workspace.__dict__["embedder"] = Remembered(workspace.embedder, chosen.cache)
    retriever = workspace.retriever()
    asked = READERS["tomt"](Path(chosen.tomt[1]), retriever)[: chosen.limit]
    posts = [_post(one, retriever) for one in asked]
    weights = [_fit([post for post in posts if post.fold != fold]) for fold in range(FOLDS)]
    alone = [post.place(np.zeros(3, np.float32)) for post in posts]
    with_years = [post.place(weights[post.fold]) for post in posts]
    told = sum(bool(post.years.any()) for post in posts)
    say(f"{len(posts)} posts, {told} tell years")
    for name, places in (("ranker", alone), ("with years", with_years)):
        say(f"{name}: hit@1 {np.mean(np.less(places, 1)):.3f}, hit@10 {np.mean(np.less(places, 10)):.3f}")
    say(f"within, earlier, later: {np.mean(weights, axis=0).round(2).tolist()}")


def _post(one: Asked, retriever: Retriever) -> Post:
    relevance = TextRelevance.unranked(retriever.look, retriever.ways, one.text)
    keep = np.ones(len(retriever.catalog), dtype=np.bool_)
    rows = np.unique(np.concatenate(list(retriever.candidates(relevance, keep))))
    features = retriever.look.features(relevance.query, rows, relevance.words)
    years = retriever.catalog.numbers("year")[rows]
    odds = shipped_ranker(NAMES).scores(features)
    return Post(one.fold, np.isin(rows, one.relevant), odds, _columns(one.text, years))


def _columns(text: str, years: npt.NDArray[np.float64]) -> Matrix:
    told = years_in(text)
    if told is None:
        return np.zeros((len(years), 3), np.float32)
    earlier = np.clip((told.first - years) / 10, 0, MAX_DECADES)
    later = np.clip((years - told.last) / 10, 0, MAX_DECADES)
    within = np.where(np.isnan(years), UNTOLD, (earlier == 0) & (later == 0))
    return np.asarray(np.nan_to_num(np.stack([within, -earlier, -later], axis=1)), np.float32)


def _fit(posts: Sequence[Post]) -> Matrix:
    """Weights under which the films meant are likeliest among their rivals; the ranker's odds are scaled too."""
    found = [post for post in posts if post.meant.any()]
    odds, years = torch.full((len(found), RIVALS), -1e4), torch.zeros(len(found), RIVALS, 3)
    for n, post in enumerate(found):
        best = np.argsort(-(post.odds + 1e3 * post.meant), kind="stable")[:RIVALS]  # the film meant first
        odds[n, : len(best)] = torch.tensor(post.odds[best])
        years[n, : len(best)] = torch.tensor(post.years[best])
    weights, scale = torch.zeros(3, requires_grad=True), torch.zeros((), requires_grad=True)
    solver = torch.optim.LBFGS([weights, scale], max_iter=40, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        solver.zero_grad()
        likely = torch.log_softmax(odds * scale.exp() + years @ weights, dim=1)[:, 0]
        total = DECAY * (weights**2).sum() - likely.mean()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    solver.step(loss)  # type: ignore[no-untyped-call]
    return np.asarray((weights / scale.exp()).detach().numpy(), np.float32)


if __name__ == "__main__":
    main()
