"""Does the dial of a decision transformer work? ``python -m tastemaker.evals.studies.aim_dial``.

Without arguments in a world whose long-term reward is known: what pleases most there tires most. With
``--workspace W --model FOLDER [--base FOLDER]``, models that ``tastemaker eval next-item`` trained and kept
(``--cache``), on real ratings: next-item accuracy by aim, and how well rated in training the first ten are, beside
a plain model (or the same without an aim) whose scores are filtered by mean ratings.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tastemaker.evals.next_item.questions import Question, questions
from tastemaker.evals.next_item.split import leave_one_out
from tastemaker.evals.reports.text_table import markdown_table
from tastemaker.recommenders import Query, Recommender, load_recommender, train
from tastemaker.recommenders.standardised import standardise
from tastemaker.recommenders.training.target_rank import mean_ndcg, target_rank
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Schema
from tastemaker.retrieval.top_k import top_k
from tastemaker.tools.workspace.workspace import Workspace

AIMS = (0.1, 0.3, 0.5, 0.7, 0.9)
SHARES = (0.0, 0.05, 0.1, 0.2, 0.4)
"""Weights of an item's standardised log mean rating beside a model's standardised score: the filter."""
K = 10
Floats = npt.NDArray[np.float64]


class DullingWorld:
    """Items that please and dull, others that please less and raise the mood of all that follows.

    Args:
        n_items: how many.
        seed: draws them.
    """

    def __init__(self, n_items: int = 40, seed: int = 0) -> None:
        random = np.random.default_rng(seed)
        self.pleasure = random.uniform(-1, 1, n_items)
        self.growth = -0.8 * self.pleasure + random.normal(0, 0.1, n_items)
        ids = [f"i{row}" for row in range(n_items)]
        self.catalog = Catalog([Item(id_, id_, {}) for id_ in ids], Schema(attributes=()))

    def log(self, people: int, steps: int, seed: int = 0) -> Interactions:
        """What people of all habits took and how they rated it."""
        random = np.random.default_rng(seed)
        users, items, ratings = [], [], []
        for person in range(people):
            habit = np.exp(2 * random.uniform(-1, 1) * self.pleasure)
            mood = 0.0
            for item in random.choice(len(self.pleasure), steps, p=habit / habit.sum()):
                reward, mood = self.step(int(item), mood, random)
                users.append(f"p{person}")
                items.append(int(item))
                ratings.append(reward)
        return Interactions.from_columns(users, items, None, ratings)

    def step(self, item: int, mood: float, random: np.random.Generator) -> tuple[float, float]:
        """What an item gives now, and the mood after it."""
        return self.pleasure[item] + mood + random.normal(0, 0.2), 0.9 * mood + 0.5 * self.growth[item]

    def play(self, model: Recommender, aim: float, people: int, steps: int, seed: int = 0) -> Floats:
        """Sum of rewards of each person who takes what the model offers, float64[people]."""
        random = np.random.default_rng(seed)
        histories = [[int(row)] for row in random.integers(len(self.pleasure), size=people)]
        moods, sums = np.zeros(people), np.zeros(people)
        for _ in range(steps):
            asked = [Query(history=tuple(f"i{row}" for row in own), aim=aim) for own in histories]
            chances = np.exp(model.scores_batch(asked).astype(np.float64))
            for person, chance in enumerate(chances / chances.sum(1, keepdims=True)):
                item = int(random.choice(len(chance), p=chance))
                reward, moods[person] = self.step(item, float(moods[person]), random)
                sums[person] += reward
                histories[person].append(item)
        return sums


def play_by_aim(
    world: DullingWorld, folder: Path, variant: str, people: int = 400, guests: int = 200, steps: int = 20
) -> Mapping[float, float]:
    """Mean sum of rewards by aim, of a model trained on the world's log."""
    settings = {
        "variant": variant,
        "per_person": False,
        "discount": 1.0,
        "size": 32,
        "max_length": 20,
        "dropout": 0.1,
        "training": {
            "epochs": 25,
            "patience": 25,
            "batch_size": 32,
            "learning_rate": 0.003,
            "hold_out": False,
        },
    }
    log = world.log(people, steps)
    model = train("decision-transformer", world.catalog, log, folder, settings=settings)
    return {aim: float(world.play(model, aim, guests, steps).mean()) for aim in AIMS}


def mean_ratings(log: Interactions, n_items: int) -> Floats:
    """Of each item, drawn to the mean of all as if five more people had given that, float64[n_items]."""
    rating = np.ones(len(log)) if log.rating is None else log.rating.astype(np.float64)
    counts = log.counts(n_items)
    means: Floats = (np.bincount(log.item, rating, n_items) + 5 * rating.mean()) / (counts + 5)
    return means


def measure(
    scores: Callable[[Sequence[Query]], npt.NDArray[np.float32]],
    asked: Sequence[Question],
    catalog: Catalog,
    ratings: Floats,
) -> tuple[float, float, float]:
    """HR@10, NDCG@10, and the mean training rating of the first ten unseen items."""
    ranks, rated = [], []
    for start in range(0, len(asked), 128):
        part = asked[start : start + 128]
        for question, own in zip(part, scores([question.query for question in part]), strict=True):
            seen = np.array([catalog.row(id_) for id_ in question.query.history])
            ranks.append(target_rank(own, catalog.row(question.target), seen))
            unseen = own.copy()
            unseen[seen] = -np.inf
            rated.append(ratings[top_k(unseen, K)].mean())
    return float(np.mean(np.array(ranks) <= K)), mean_ndcg(np.array(ranks)), float(np.mean(rated))


def compare(workspace: Path, model: Path, base: Path | None) -> list[tuple[str, ...]]:
    """A row per aim, and per strength of the filter that a plain model with mean ratings is."""
    opened = Workspace.open(workspace)
    catalog, split = opened.catalog, leave_one_out(opened.interactions)
    asked = questions(split.test, catalog)
    ratings = mean_ratings(split.train, len(catalog))
    dial = load_recommender(model, catalog)

    def with_aim(aim: float | None) -> Callable[[Sequence[Query]], npt.NDArray[np.float32]]:
        return lambda queries: dial.scores_batch([replace(query, aim=aim) for query in queries])

    rows: list[tuple[str, ...]] = [
        (f"aim {aim}", *_shown(measure(with_aim(aim), asked, catalog, ratings))) for aim in (None, *AIMS)
    ]
    plain = dial if base is None else load_recommender(base, catalog)
    better = standardise(np.log(ratings).astype(np.float32)[None])
    for share in SHARES:
        filtered = _filtered(plain, share * better)
        rows.append((f"{plain.name} + {share} ratings", *_shown(measure(filtered, asked, catalog, ratings))))
    return rows


def _filtered(
    plain: Recommender, more: npt.NDArray[np.float32]
) -> Callable[[Sequence[Query]], npt.NDArray[np.float32]]:
    return lambda queries: standardise(plain.scores_batch(queries)) + more


def _shown(figures: tuple[float, float, float]) -> tuple[str, str, str]:
    return f"{figures[0]:.4f}", f"{figures[1]:.4f}", f"{figures[2]:.3f}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--base", type=Path)
    given = parser.parse_args(arguments)
    if given.workspace and given.model:
        rows = compare(given.workspace, given.model, given.base)
        sys.stdout.write(
            markdown_table(("system", "HR@10", "NDCG@10", "mean rating of the first 10"), rows) + "\n"
        )
        return
    world = DullingWorld()
    for variant in ("dt4ier", "tadt-csa"):
        with tempfile.TemporaryDirectory() as folder:
            sums = play_by_aim(world, Path(folder) / "m", variant)
        told = ", ".join(f"{aim}: {total:.1f}" for aim, total in sums.items())
        sys.stdout.write(f"{variant}, sum of rewards in 20 steps by aim: {told}\n")


if __name__ == "__main__":
    main()
