"""A person who only talks: ``python -m tastemaker.evals.studies.talk_only --workspace W --model FOLDER``.

Everyone's history is withheld. What is left is a profile in words that a template writes from what the items of
the training history have in common; the model ranks by it, beside popularity and a search with the same words.
The model is one that ``tastemaker eval next-item --cache`` trained and kept, and that reads wishes in words.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tastemaker.evals.metrics.bootstrap import paired_difference
from tastemaker.evals.next_item.questions import questions, sample
from tastemaker.evals.next_item.split import leave_one_out
from tastemaker.evals.reports.text_table import markdown_table
from tastemaker.recommenders import Query, load_recommender
from tastemaker.recommenders.data.item_content import ItemContent
from tastemaker.recommenders.training.target_rank import target_rank
from tastemaker.retrieval.catalog.catalog import Catalog, as_tags
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.tools.workspace.workspace import Workspace

VALUES = 3
"""Of each attribute, so many values are named."""
K = 10
Scores = npt.NDArray[np.float32]


def profile_text(catalog: Catalog, history: Sequence[str]) -> str:
    """The commonest values of each attribute among the items, in words; none that only one of them has.

    Args:
        catalog: the items.
        history: ids.
    """
    parts = []
    for attribute in catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS):
        counts = Counter(
            value for id_ in history for value in as_tags(catalog[id_].attributes.get(attribute))
        )
        named = [value for value, count in counts.most_common(VALUES) if count > 1]
        if named:
            parts.append(f"{attribute}: {', '.join(named)}")
    return "; ".join(parts)


def compare(workspace: Path, model: Path, limit: int | None) -> list[tuple[str, ...]]:
    """A row per system: HR@10, and its paired difference to popularity and to the search."""
    opened = Workspace.open(workspace)
    catalog, split = opened.catalog, leave_one_out(opened.interactions)
    recommender = load_recommender(model, catalog, opened.embedder)
    vectors = ItemContent(catalog, opened.embedder).text_vectors()
    popular = split.train.counts(len(catalog)).astype(np.float32)
    asked = sample(questions(split.test, catalog), limit, seed=0)
    learned = [question.query.history[:-1] for question in asked]  # the last but one chose the epoch
    texts = [profile_text(catalog, history) for history in learned]

    systems: dict[str, Callable[[str], Scores]] = {
        "popularity": lambda _: popular,
        "search": lambda text: vectors @ opened.embedder.encode_query(text),
        recommender.name: lambda text: recommender.scores(Query(text=text)),
    }
    hits = {}
    for name, scores in systems.items():
        found = []
        for question, text in zip(asked, texts, strict=True):
            seen = np.array([catalog.row(id_) for id_ in question.query.history])
            found.append(target_rank(scores(text), catalog.row(question.target), seen) <= K)
        hits[name] = np.array(found, np.float64)
    rows = []
    for name, own in hits.items():
        against = [_difference(own, hits[other]) for other in ("popularity", "search")]
        rows.append((name, f"{own.mean():.4f}", *against))
    return rows


def _difference(own: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> str:
    found = paired_difference(own, other)
    return f"{found.mean:+.4f} [{found.low:+.4f}, {found.high:+.4f}]"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--limit", type=int)
    given = parser.parse_args(arguments)
    rows = compare(given.workspace, given.model, given.limit)
    sys.stdout.write(markdown_table(("system", "HR@10", "to popularity", "to search"), rows) + "\n")


if __name__ == "__main__":
    main()
