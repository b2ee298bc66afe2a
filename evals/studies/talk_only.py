"""A person who only talks: ``python -m tastemaker.evals.studies.talk_only --workspace W``.

People are dealt into folds. A model is trained on all others, and for each person of the fold it is given nothing but
a profile in words, which a template writes from what the items of the training history have in common; the last item
is to be found. Beside it stand popularity among the same others, a search with the same words, and both mixed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tastemaker.evals.metrics.bootstrap import bootstrap, paired_difference
from tastemaker.evals.next_item.questions import questions
from tastemaker.evals.next_item.split import leave_one_out
from tastemaker.evals.reports.text_table import markdown_table
from tastemaker.recommenders import Query, train
from tastemaker.recommenders.data.item_content import ItemContent
from tastemaker.recommenders.data.profiles import profile_text
from tastemaker.recommenders.training.target_rank import target_rank
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.index.embedder import Vectors
from tastemaker.retrieval.index.index_files import read_vector_cache
from tastemaker.tools.workspace.workspace import Workspace

K = 10
MEASURES = ("HR@10", "NDCG@10")
BASELINES = ("popularity", "search", "popularity and search")
INDEX = "index"
MIXED = 0.1
"""Weight of the standardised search beside the standardised logarithm of popularity: the best of .1, .2 and .5."""
Floats = npt.NDArray[np.float64]
Scores = npt.NDArray[np.float32]


class BuiltTexts:
    """A workspace's embedder, which knows the vectors of its items' texts from the build."""

    def __init__(self, workspace: Workspace) -> None:
        self.name = workspace.embedder.name
        self._embedder = workspace.embedder
        self._kept = read_vector_cache(workspace.folder / INDEX)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32[n, d]."""
        return self._kept.embed_missing(texts, self._embedder)[0]

    def encode_query(self, text: str) -> Vectors:
        """One unit vector, float32[d]."""
        return self._embedder.encode_query(text)


def without_people(log: Interactions, left_out: npt.NDArray[np.int64]) -> Interactions:
    """The log of all other people.

    Args:
        log: of everybody.
        left_out: int64[f], rows of people.
    """
    kept = ~np.isin(log.user, left_out)
    users = [log.users[user] for user in log.user[kept]]
    return Interactions.from_columns(users, log.item[kept].tolist(), log.timestamp[kept].tolist())


def compare(
    workspace: Path, name: str, folds: int, settings: Mapping[str, object], seed: int = 0
) -> dict[str, Floats]:
    """Per system HR@10 and NDCG@10 of each person, float64[people, 2]."""
    opened = Workspace.open(workspace)
    catalog, embedder = opened.catalog, BuiltTexts(opened)
    split = leave_one_out(opened.interactions)
    asked = questions(split.test, catalog)
    vectors = ItemContent(catalog, embedder).text_vectors()
    fold = np.random.default_rng(seed).permutation(len(asked)) % folds
    people = np.asarray(split.test.user)
    found: dict[str, Floats] = {}
    for number in range(folds):
        own = np.flatnonzero(fold == number)
        others = without_people(split.development, people[own])
        with tempfile.TemporaryDirectory() as folder:
            model = train(
                name, catalog, others, Path(folder) / "m", seed=seed, settings=settings, embedder=embedder
            )
        sys.stderr.write(f"fold {number + 1} of {folds}: {dict(model.record)}\n")
        popular = np.log1p(others.counts(len(catalog)).astype(np.float32))
        for place in own:
            question = asked[place]
            text = profile_text(catalog, question.query.history[:-1])  # what the log's training part holds
            nearness: Scores = vectors @ embedder.encode_query(text)
            lists = {
                "popularity": popular,
                "search": nearness,
                "popularity and search": _standard(popular) + MIXED * _standard(nearness),
                name: model.scores(Query(text=text)),
            }
            seen = np.array([catalog.row(id_) for id_ in question.query.history])
            for system, scores in lists.items():
                rank = target_rank(scores, catalog.row(question.target), seen)
                hit = rank <= K
                at = found.setdefault(system, np.zeros((len(asked), 2)))
                at[place] = hit, hit / np.log2(1 + rank)
    return found


def _standard(scores: Scores) -> Scores:
    standard: Scores = (scores - scores.mean()) / (scores.std() or 1)
    return standard


def figures_of(found: Mapping[str, Floats]) -> dict[str, object]:
    """Per system both measures, and their paired differences to the baselines, each with its interval."""
    return {
        name: {
            measure: {
                **vars(bootstrap(own[:, at])),
                "minus": {
                    other: vars(paired_difference(own[:, at], found[other][:, at])) for other in BASELINES
                },
            }
            for at, measure in enumerate(MEASURES)
        }
        for name, own in found.items()
    }


def rows_of(found: Mapping[str, Floats]) -> list[tuple[str, ...]]:
    """A row per system: HR@10, NDCG@10, and their paired differences to popularity, to the search and to both."""
    rows = []
    for name, own in found.items():
        cells = [f"{value:.4f}" for value in own.mean(0)]
        for other in BASELINES:
            for measure in (0, 1):
                paired = paired_difference(own[:, measure], found[other][:, measure])
                cells.append(f"{paired.mean:+.4f} [{paired.low:+.4f}, {paired.high:+.4f}]")
        rows.append((name, *cells))
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--model", default="rlmrec")
    parser.add_argument("--folds", type=int, default=2)
    parser.add_argument("--settings", type=json.loads, default={}, help="of the model, as JSON")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    given = parser.parse_args(arguments)
    found = compare(given.workspace, given.model, given.folds, given.settings)
    if given.json:
        report = {
            "format": "tastemaker-talk-only",
            "people": len(found["popularity"]),
            "folds": given.folds,
            "settings": given.settings,
            "systems": figures_of(found),
        }
        given.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    rows = rows_of(found)
    head = ["system", *MEASURES]
    for other in ("popularity", "search", "both"):
        head += [f"HR to {other}", f"NDCG to {other}"]
    sys.stdout.write(markdown_table(tuple(head), rows) + "\n")


if __name__ == "__main__":
    main()
