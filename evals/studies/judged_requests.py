"""What judged requests teach about requests that nobody judged.

``python -m tastemaker.evals.studies.judged_requests --workspace W [--limit N]``

The judged requests that ship with a data set are left out in five folds. The agent by rules answers the first wording
of each that was left out, once by what the others taught and once by nothing of the kind, and precision@5 is compared
pairwise. The shipped weights were chosen on these folds, so read the difference and not its last digit; requests by
nobody who wrote them are what `tastemaker eval requests` is for.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from tastemaker.agent import Tastemaker
from tastemaker.agent.memory.session_store import MEMORY
from tastemaker.evals.metrics.bootstrap import bootstrap_columns
from tastemaker.evals.reports.text_table import markdown_table
from tastemaker.evals.requests.system import SHOWN
from tastemaker.retrieval.datasets.judged import read_shipped_judgements
from tastemaker.retrieval.errors import ConfigError
from tastemaker.retrieval.judged.item_features import item_features
from tastemaker.retrieval.judged.judged_index import (
    JudgedIndex,
    fit_gains,
    gains_of,
    request_vectors,
)
from tastemaker.retrieval.judged.judged_requests import JudgedRequest
from tastemaker.tools.tool_context import ToolContext
from tastemaker.tools.workspace.workspace import Workspace

FOLDS = 5


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--workspace", required=True)
    parser.add_argument(
        "--limit", type=int, default=500, help="requests asked, drawn at random (default 500)"
    )
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    workspace = Workspace.open(options.workspace)
    judged = read_shipped_judgements(str(workspace.manifest.report.get("data", "")))
    if not judged:
        raise ConfigError(
            "no judged requests ship with this workspace's data set; build one with --data ml-100k"
        )
    rng = np.random.default_rng(options.seed)
    fold = rng.integers(0, FOLDS, len(judged))
    asked = rng.permutation(len(judged))[: options.limit]
    context = workspace.tool_context()
    without = precisions(workspace, context, judged, asked, None)
    taught = dict[int, float]()
    for held, index in enumerate(learn_in_folds(workspace, context, judged, fold)):
        taught |= precisions(workspace, context, judged, asked[fold[asked] == held], index)
    first, second = (np.array([by[n] for n in asked]) for by in (without, taught))
    names = ("without", "taught by the others", "difference")
    intervals = bootstrap_columns(np.stack([first, second, second - first], axis=1), seed=options.seed)
    rows = [
        (name, f"{found.mean:+.3f} [{found.low:+.3f}, {found.high:+.3f}]")
        for name, found in zip(names, intervals, strict=True)
    ]
    head = ("judged requests", f"precision@{SHOWN} of {len(asked):,}")
    sys.stdout.write(markdown_table(head, rows) + "\n")


def learn_in_folds(
    workspace: Workspace, context: ToolContext, judged: Sequence[JudgedRequest], fold: npt.NDArray[np.int64]
) -> Iterator[JudgedIndex]:
    """What the requests outside each fold teach."""
    asks = context.asks
    texts = [np.asarray(context.index.vectors), *([asks.means()] if asks else [])]
    features = item_features(context.catalog, *texts)
    requests = request_vectors(judged, workspace.embedder, progress=True)
    gains = gains_of(judged, context.catalog)
    for held in range(FOLDS):
        rest = fold != held
        yield JudgedIndex(requests[rest], fit_gains(requests[rest], gains[rest], features))


def precisions(
    workspace: Workspace,
    context: ToolContext,
    judged: Sequence[JudgedRequest],
    asked: npt.NDArray[np.int64],
    index: JudgedIndex | None,
) -> dict[int, float]:
    """By request, the share of the first five items that clearly fit its first wording."""
    own, found = replace(context, open_judgements=lambda: index), dict[int, float]()
    tm = Tastemaker(workspace, sessions=MEMORY, words="template", tool_context=own)
    for n in tqdm(asked.tolist(), unit="request"):
        session = tm.session()
        items = session.send(judged[n].wordings[0], SHOWN).items
        session.erase()
        found[n] = sum(card.id in judged[n].fits for card in items) / SHOWN
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
