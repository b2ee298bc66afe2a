"""A system's answers as a run folder like those of other evaluations: a row a person, read back when a run goes on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tastemaker.evals.metrics.rank_metrics import METRICS, MISS
from tastemaker.evals.next_item.evaluate import NextItemResult
from tastemaker.evals.next_item.questions import Question
from tastemaker.evals.runs.run_folder import Head, Row, RunFolder, is_finished, read_run
from tastemaker.recommenders.data.vocabulary import Vocabulary

KIND = "next-item"
KS = (1, 5, 10, 20, 50)
NAMES = {"HR": "recall", "NDCG": "ndcg", "MRR": "mrr"}
"""With one item to find, what is called a hit rate here is called recall elsewhere."""
SHOWN_HISTORY = 20
"""Items of a person that a row keeps, the latest."""
_BANDS = ((0, "0"), (5, "1-5"), (20, "6-20"), (100, "21-100"))


def write_rows(
    folder: Path,
    head: Head,
    asked: Sequence[Question],
    seen: npt.NDArray[np.int64],
    result: NextItemResult,
    vocabulary: Vocabulary,
) -> None:
    """Write a system's run.

    Args:
        folder: of the run.
        head: of the run.
        asked: the people, in the result's order.
        seen: how often each one's item occurs in training, int64[n].
        result: the answers.
        vocabulary: of the system.

    Raises:
        WorkspaceError: the folder holds another run, or another process is at work there.
    """
    with RunFolder.open(folder, head) as run:
        for place, question in enumerate(asked):
            if question.person not in run.done:
                run.append(_row(question, int(seen[place]), result, place, vocabulary))


def read_rows(
    folder: Path, head: Head, asked: Sequence[Question], vocabulary: Vocabulary
) -> NextItemResult | None:
    """The answers of a finished run; None where there is none.

    Raises:
        WorkspaceError: the folder holds another run.
    """
    if not is_finished(folder, head, [question.person for question in asked]):
        return None
    by_person = {row["case"]: row for row in read_run(folder)[1]}
    rows = [by_person[question.person] for question in asked]
    first = [[vocabulary.row(item) for item in row["items"]] for row in rows]
    recommended = np.zeros(len(vocabulary), np.bool_)
    for items in first:
        recommended[[item for item in items if item is not None]] = True
    filtered, unfiltered = (
        np.array([MISS if row[name] is None else row[name] for row in rows], np.int64)
        for name in ("rank", "rank_with_seen")
    )
    return NextItemResult(
        str(head["system"]),
        filtered,
        unfiltered,
        recommended,
        sum(bool(row["error"]) for row in rows),
        float(sum(row["seconds"] for row in rows)),
        tuple(tuple(item for item in items if item is not None) for items in first),
    )


def _row(question: Question, seen: int, result: NextItemResult, place: int, vocabulary: Vocabulary) -> Row:
    ranks = {"": result.filtered[place : place + 1], "all.": result.unfiltered[place : place + 1]}
    metrics = {
        f"{prefix}{NAMES[name]}@{k}": float(values(rank, k)[0])
        for prefix, rank in ranks.items()
        for name, values in METRICS.items()
        for k in KS
    }
    failed = result.filtered[place] == MISS
    return {
        "case": question.person,
        "group": question.person,
        "error": "the system failed, or does not know the item" if failed else None,
        "seconds": round(result.seconds / max(1, len(result.filtered)), 8),
        "items": [vocabulary.ids[item] for item in result.first[place]],
        "gold": [question.target],
        "history": list(question.query.history[-SHOWN_HISTORY:]),
        "rank": None if failed else int(result.filtered[place]),
        "rank_with_seen": None if failed else int(result.unfiltered[place]),
        "metrics": metrics,
        "slices": {"seen in training": next((name for most, name in _BANDS if seen <= most), "over 100")},
    }
