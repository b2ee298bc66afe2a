"""What reinforcement by its own beams adds to a token decoder.

``python -m tastemaker.evals.studies.semantic_ids.reinforcement --workspace W [--base FOLDER] [--epochs 2] [--json F]``.

``minionerec_ml100k`` is trained, or read from a folder that ``tastemaker eval next-item --cache`` kept; then the stage
is run for some epochs. Before and after it, the last but one item of everybody (which chose the epochs) and the
last one are ranked, on the same people.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

from tastemaker.evals.metrics.bootstrap import bootstrap, paired_difference
from tastemaker.evals.metrics.rank_metrics import METRICS, Ranks
from tastemaker.evals.next_item.evaluate import evaluate_next_item
from tastemaker.evals.next_item.questions import Question, questions
from tastemaker.evals.next_item.split import leave_one_out
from tastemaker.evals.reports.text_table import markdown_table
from tastemaker.recommenders import load_recommender, train
from tastemaker.recommenders.models.generative.minionerec import MiniOneRec, MiniOneRecConfig
from tastemaker.recommenders.training.frozen_config import read_frozen_config
from tastemaker.retrieval.errors import ConfigError
from tastemaker.tools.workspace.workspace import Workspace

CONFIG = "minionerec_ml100k"
K = 10
MEASURES = ("HR", "NDCG")
BEFORE, AFTER = "before", "after"
Floats = npt.NDArray[np.float64]


def compare(
    workspace: Workspace, base: Path | None, stage: Mapping[str, object], seed: int = 0
) -> tuple[dict[str, dict[str, Ranks]], dict[str, object]]:
    """Ranks by part of the log and by moment, and how both trainings went.

    Args:
        workspace: whose log is learned from and asked about.
        base: a trained model's folder; None: train it.
        stage: settings of the stage.
        seed: of both trainings.

    Raises:
        ConfigError: the folder holds another kind of model, or the stage has a setting that does not exist.
    """
    catalog, log = workspace.catalog, leave_one_out(workspace.log)
    parts = {"validation": log.validation, "test": log.test}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "m"
        model = (
            load_recommender(base, catalog)
            if base
            else train(
                "minionerec",
                catalog,
                log.development,
                place,
                seed=seed,
                settings=read_frozen_config(CONFIG).settings,
            )
        )
        if not isinstance(model, MiniOneRec):
            raise ConfigError(f"{base} holds {model.name}, no minionerec")
        asked = {name: questions(part, catalog) for name, part in parts.items()}
        before = {name: _ranks(model, own) for name, own in asked.items()}
        own = cast(MiniOneRecConfig, model.settings)
        model.settings = MiniOneRecConfig.model_validate({**own.model_dump(), **stage})
        after = model.reinforced(log.development, place, seed=seed)
    found = {name: {BEFORE: before[name], AFTER: _ranks(after, asked[name])} for name in parts}
    return found, dict(after.record)


def _ranks(model: MiniOneRec, asked: Sequence[Question]) -> Ranks:
    return evaluate_next_item(model, asked).filtered


def figures_of(found: Mapping[str, Mapping[str, Ranks]]) -> dict[str, object]:
    """Both measures before and after, and what was gained, each with its interval."""
    figures: dict[str, object] = {}
    for part, own in found.items():
        for measure in MEASURES:
            before, after = (METRICS[measure](own[moment], K) for moment in (BEFORE, AFTER))
            figures[f"{part} {measure}@{K}"] = {
                BEFORE: vars(bootstrap(before)),
                AFTER: vars(bootstrap(after)),
                "gained": vars(paired_difference(after, before)),
            }
    return figures


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--base", type=Path, help="a trained minionerec")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--set", type=json.loads, default={}, help="other settings of the stage, as JSON")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    given = parser.parse_args(arguments)
    stage = {"reinforced": given.epochs, **given.set}
    found, record = compare(Workspace.open(given.workspace), given.base, stage)
    figures = figures_of(found)
    rows = [
        (name, *(_interval(own[moment]) for moment in (BEFORE, AFTER, "gained")))
        for name, own in cast(Mapping[str, Mapping[str, Mapping[str, float]]], figures).items()
    ]
    sys.stdout.write(markdown_table(("measure", BEFORE, AFTER, "gained"), rows) + "\n")
    if given.json:
        report = {
            "format": "tastemaker-reinforcement",
            "people": len(found["test"][AFTER]),
            "stage": stage,
            "training": record,
            "figures": figures,
        }
        given.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _interval(own: Mapping[str, float]) -> str:
    return f"{own['mean']:.4f} [{own['low']:.4f}, {own['high']:.4f}]"


if __name__ == "__main__":
    main()
