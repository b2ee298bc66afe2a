"""Does ranking by an attribute help? ``python -m tastemaker.evals.studies.attribute_study --workspace W``.

For each attribute that can be ranked by, the weight is chosen on the validation items and the
gain is then measured on the test items, as a paired difference to the base without it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from tastemaker.evals.metrics.bootstrap import Interval, paired_difference
from tastemaker.evals.metrics.rank_metrics import ndcg
from tastemaker.evals.next_item.evaluate import NextItemResult, evaluate_next_item
from tastemaker.evals.next_item.interaction_files import EvalData
from tastemaker.evals.next_item.questions import Question, questions
from tastemaker.evals.next_item.split import Split, leave_one_out
from tastemaker.evals.next_item.systems import load_or_train
from tastemaker.recommenders.attribute_ranking import AttributeRanker
from tastemaker.retrieval.atomic_write import write_atomically
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.tools.workspace.workspace import Workspace

WEIGHTS = (0.3, 1.0, 3.0)
K = 10
RANKABLE = (Kind.CATEGORY, Kind.TAGS, Kind.NUMBER, Kind.DATE)

Finding = dict[str, object]


def main(arguments: Sequence[str] | None = None) -> None:
    """Study every attribute of a workspace on top of one or more bases."""
    parser = argparse.ArgumentParser(description="Measure what ranking by an attribute gains.")
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--bases", default="ease", help="recommenders, separated by commas")
    parser.add_argument("--json", type=Path, help="write the findings to this file")
    chosen = parser.parse_args(arguments)
    workspace = Workspace.open(chosen.workspace)
    data = EvalData(
        workspace.manifest.name, workspace.catalog, workspace.log, True, lambda: workspace.embedder
    )
    split, folder = leave_one_out(data.interactions), chosen.workspace / "evals"
    findings = []
    for name in chosen.bases.split(","):
        base = load_or_train(name, data, split, folder).recommender
        findings += study(AttributeRanker(base, data.catalog, split.train), data, split)
    if chosen.json:
        report = {"format": "tastemaker-attribute-study", "data": data.name, "k": K, "findings": findings}
        write_atomically(chosen.json, (json.dumps(report, indent=1) + "\n").encode())


def study(ranker: AttributeRanker, data: EvalData, split: Split) -> list[Finding]:
    """One finding per attribute, printed as it comes."""
    tried, confirmed = questions(split.validation, data.catalog), questions(split.test, data.catalog)
    base = [evaluate_next_item(ranker, asked) for asked in (tried, confirmed)]
    findings: list[Finding] = []
    for attribute in data.catalog.schema.of_kind(*RANKABLE):
        gains = {weight: _gain(ranker, tried, attribute, weight, base[0]) for weight in WEIGHTS}
        best = max(gains, key=lambda weight: gains[weight].mean)
        gain = _gain(ranker, confirmed, attribute, best, base[1])
        findings.append(
            {
                "base": ranker.base.name,
                "base_test_ndcg": float(ndcg(base[1].filtered, K).mean()),
                "attribute": attribute,
                "validation": {str(weight): asdict(found) for weight, found in gains.items()},
                "chosen_weight": best,
                "test": asdict(gain),
            }
        )
        sys.stdout.write(
            f"{ranker.base.name} + {attribute}: weight {best} gains {gains[best].mean:+.4f} on validation, "
            f"{gain.mean:+.4f} [{gain.low:+.4f}, {gain.high:+.4f}] NDCG@{K} on test\n"
        )
    return findings


def _gain(
    ranker: AttributeRanker, asked: Sequence[Question], attribute: str, weight: float, base: NextItemResult
) -> Interval:
    weighted = [
        replace(question, query=replace(question.query, weights={attribute: weight})) for question in asked
    ]
    found = evaluate_next_item(ranker, weighted)
    return paired_difference(ndcg(found.filtered, K), ndcg(base.filtered, K))


if __name__ == "__main__":
    main()
