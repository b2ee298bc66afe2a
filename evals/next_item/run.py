"""The next-item evaluation from end to end: split, train, ask, report."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tastemaker.evals.metrics.latency import query_seconds
from tastemaker.evals.next_item.evaluate import evaluate_next_item
from tastemaker.evals.next_item.interaction_files import EvalData
from tastemaker.evals.next_item.questions import Question, questions, sample
from tastemaker.evals.next_item.report import COLD_AT_MOST, KS, Report, SystemRun, differences, system_report
from tastemaker.evals.next_item.run_rows import KIND, read_rows, write_rows
from tastemaker.evals.next_item.split import Split, leave_one_out
from tastemaker.evals.next_item.systems import Settings, fuse_pair, load_or_train, parts_of
from tastemaker.evals.runs.item_titles import keep_titles
from tastemaker.evals.runs.run_folder import Head, folder_name, is_finished, read_run, run_head
from tastemaker.recommenders.fused import Fused
from tastemaker.recommenders.recommender import Recommender
from tastemaker.retrieval.catalog.schema import nearest_of
from tastemaker.retrieval.errors import ConfigError
from tastemaker.tools.workspace.data_files import log_hash

FORMAT = "tastemaker-next-item"
VERSIONED = ("tastemaker", "torch", "numpy", "scipy")
Say = Callable[[str], None]


@dataclass(frozen=True)
class NextItemPlan:
    """What is to be evaluated.

    Attributes:
        systems: names of recommenders, or two joined by a plus for a fused pair.
        folder: where trained systems are kept.
        baseline: which one the others are compared with; None means the first.
        limit: ask only so many people, drawn at random; None means everyone.
        seed: of training, sampling and bootstrap.
        settings: by system, values that differ from its defaults.

    Raises:
        ConfigError: a system or baseline that does not exist, one named twice, or a limit below 1.
    """

    systems: Sequence[str]
    folder: Path
    baseline: str | None = None
    limit: int | None = None
    seed: int = 0
    settings: Mapping[str, Settings] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.systems or len(set(self.systems)) < len(self.systems):
            raise ConfigError(f"name one or more different systems, got {', '.join(self.systems) or 'none'}")
        parts = [part for name in self.systems for part in parts_of(name)]
        baseline = [self.baseline] if self.baseline else []
        for name, among in [*((n, parts) for n in self.settings), *((n, [*self.systems]) for n in baseline)]:
            if name not in among:
                raise ConfigError(f"{name!r} is not among the systems; {nearest_of(name, among)}")
        if self.limit is not None and self.limit < 1:
            raise ConfigError(f"the limit must be at least 1 person, got {self.limit}")


def run_plan(
    plan: NextItemPlan,
    data: EvalData,
    *,
    out: Path | None = None,
    command: str = "",
    progress: bool = False,
    say: Say = lambda _: None,
) -> Report:
    """Leave-one-out by time: train every system, ask for everyone's last item, and put it in figures.

    With ``out``, each system's answers become a run folder there, and a finished one is read and not asked again.

    Raises:
        DataError: nobody has three interactions, or a system can't be trained on this data.
        TrainingInterrupted: stopped; the same call continues.
    """
    split = leave_one_out(data.interactions)
    asked = sample(questions(split.test, data.catalog, timed=data.timed), plan.limit, plan.seed)
    say(f"{data.name}: {len(asked):,} people to ask, {len(data.catalog):,} items")
    seen = split.train.counts(len(data.catalog))
    often = seen[data.catalog.rows(question.target for question in asked)]
    cold = often <= COLD_AT_MOST
    runs: dict[str, SystemRun] = {}
    if out:  # another run there is said before hours of training
        for name in plan.systems:
            is_finished(out / folder_name(name), _run_head(name, plan, data, command), ())
    for name in plan.systems:
        model = _train(name, plan, data, split, progress, say)
        folder, head = out and out / folder_name(name), _run_head(name, plan, data, command)
        result = read_rows(folder, head, asked, model.vocabulary) if folder else None
        if result is None:
            result = evaluate_next_item(model, asked, progress=progress)
            if folder:
                write_rows(folder, head, asked, often, result, model.vocabulary)
        if folder:
            keep_titles(folder, read_run(folder)[1], data.catalog)
        runs[name] = SystemRun(model, result, _latency(model, asked))
    baseline = plan.baseline or plan.systems[0]
    return {
        **_head(plan, data, baseline),
        "people": {"asked": len(asked), "cold": int(cold.sum())},
        "systems": {name: system_report(run, cold, plan.seed) for name, run in runs.items()},
        "differences": differences(runs, baseline, plan.seed),
        "cold_differences": differences(runs, baseline, plan.seed, cold) if cold.any() else None,
    }


def _run_head(name: str, plan: NextItemPlan, data: EvalData, command: str) -> Head:
    """The head of a system's run folder."""
    return run_head(
        KIND,
        name,
        data={
            "name": data.name,
            "sha256": log_hash(data.interactions),
            "catalog": data.catalog.content_hash,
            "limit": plan.limit,
        },
        parameters={part: dict(plan.settings.get(part) or {}) for part in parts_of(name)},
        seed=plan.seed,
        command=command,
    )


def _train(
    name: str, plan: NextItemPlan, data: EvalData, split: Split, progress: bool, say: Say
) -> Recommender | Fused:
    parts = []
    for part in parts_of(name):
        say(f"training {part}")
        system = load_or_train(
            part,
            data,
            split,
            plan.folder,
            seed=plan.seed,
            settings=plan.settings.get(part),
            progress=progress,
        )
        seconds = system.recommender.record.get("seconds", 0)
        say("  loaded: trained by an earlier run" if system.cached else f"  took {seconds} s")
        parts.append(system.recommender)
    return parts[0] if len(parts) == 1 else fuse_pair(parts[0], parts[1], data, split)


def _latency(model: Recommender | Fused, asked: Sequence[Question]) -> npt.NDArray[np.float64] | None:
    if isinstance(model, Fused):
        return None
    return query_seconds(model, [question.query for question in asked])


def _head(plan: NextItemPlan, data: EvalData, baseline: str) -> Report:
    log = data.interactions
    return {
        "format": FORMAT,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {name: metadata.version(name) for name in VERSIONED},
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "data": {
            "name": data.name,
            "sha256": log_hash(log),
            "users": len(log.users),
            "items": len(data.catalog),
            "interactions": len(log),
            "timed": data.timed,
        },
        "protocol": "leave-one-out by time, stable sort; full catalogue; trained on all but the last two items; "
        "history is all but the last; ties and failures count against the system; intervals are 95 % "
        f"percentile bootstraps over people; cold targets were seen at most {COLD_AT_MOST} times in training",
        "ks": list(KS),
        "seed": plan.seed,
        "limit": plan.limit,
        "baseline": baseline,
    }
