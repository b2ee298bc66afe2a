"""What a language model earns on labelled requests, part by part, and the profile that follows from it.

The same requests are held with more and more of the model: by rules alone, with its reading in the lead,
with the titles that it names, with its order of the candidates. A part is kept where it gains: for a model
taken to be small only if the whole interval of the gain lies above zero, for a capable one unless it loses on
average; a second weight of an order that is kept already needs the whole interval too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from tastemaker.agent.llm.model import LanguageModel
from tastemaker.agent.llm.model_profile import ModelProfile, ModelSize, profiles_as_json, read_profiles
from tastemaker.evals.metrics.bootstrap import Interval
from tastemaker.evals.reports.summary import cluster_mean
from tastemaker.evals.requests.agent_system import AgentSystem
from tastemaker.evals.requests.case import RequestCase, conversations
from tastemaker.evals.requests.metrics import METRIC
from tastemaker.evals.requests.run import Asker
from tastemaker.evals.runs.run_folder import Row
from tastemaker.retrieval.atomic_write import write_atomically
from tastemaker.retrieval.errors import ConfigError
from tastemaker.tools.workspace.workspace import Workspace

ORDERS = (1.0, 0.5)
"""What its order may count; the first of equals is kept."""
READINGS = ("reading under rules", "reading")
MIN_CONVERSATIONS = 5
"""Fewer tell nothing about a model."""


@dataclass(frozen=True)
class Arm:
    """One way to hold the requests.

    Attributes:
        name: of the part of the model that it adds.
        profile: None for rules alone.
        effort: the least that lets the part count.
    """

    name: str
    profile: ModelProfile | None
    effort: str = "fast"


@dataclass(frozen=True)
class Earned:
    """What a part of a model gains over the best without it.

    Attributes:
        mean: precision with it.
        gain: over the arm that it was added to.
        kept: whether the profile has it.
    """

    name: str
    mean: float
    gain: Interval | None
    kept: bool


def calibrate(
    model: LanguageModel,
    size: ModelSize,
    cases: Sequence[RequestCase],
    workspace: Workspace,
    *,
    progress: bool = True,
) -> tuple[ModelProfile, list[Earned]]:
    """Measure a model's parts on requests and decide what each counts.

    Args:
        model: asked twice a request at most; give one that remembers its answers, arms share most of them.
        size: decides what an uncertain gain is worth.
        cases: linked to the workspace's catalogue.
        workspace: whose catalogue the requests are about.
        progress: whether a bar is shown.

    Raises:
        ConfigError: too few conversations, or the model never answered.
    """
    talks = conversations(cases)
    if len(talks) < MIN_CONVERSATIONS:
        raise ConfigError(
            f"{len(talks)} conversations are too few to judge a model; give {MIN_CONVERSATIONS}"
        )
    bare = ModelProfile.assumed(ModelSize.SMALL).model_copy(update={"size": size})
    best, rows = Arm("rules", None), _rows(Arm("rules", None), model, talks, workspace, progress)
    told = [Earned("rules", _mean(rows), None, kept=True)]
    for arm in _arms(bare):
        if arm.profile is None or (arm.name not in READINGS and not (best.profile and best.profile.leads)):
            continue  # what a model names and orders rests on its reading
        tried = _with(best.profile or bare, arm)
        found = _rows(replace(arm, profile=tried), model, talks, workspace, progress)
        gain = _gain(found, rows)
        again = best.profile is not None and best.profile.order > 0  # another weight for what is kept already
        kept = gain.low > 0 if size is ModelSize.SMALL or again else gain.mean >= 0
        told.append(Earned(arm.name, _mean(found), gain, kept))
        if kept:
            best, rows = replace(arm, profile=tried), found
    figures = {
        one.name: {"mean": round(one.mean, 4), "gain": _rounded(one.gain), "kept": one.kept} for one in told
    }
    chosen = best.profile or bare
    words = chosen.chooses and size is ModelSize.CAPABLE  # relevance says nothing of prose
    measured = {"requests": len(cases), "metric": METRIC, "parts": figures}
    return chosen.model_copy(update={"words": words, "measured": measured}), told


def keep_profile(file: Path, name: str, profile: ModelProfile) -> None:
    """Put a model's profile into a file, beside those of other models.

    Raises:
        ConfigError: the file holds something else.
    """
    write_atomically(file, profiles_as_json({**read_profiles(file), name: profile}).encode())


def _arms(bare: ModelProfile) -> Iterator[Arm]:
    if bare.size is ModelSize.SMALL:
        yield Arm("reading under rules", bare.model_copy(update={"reads": True}))
    yield Arm("reading", bare.model_copy(update={"leads": True}))
    yield Arm("titles", bare.model_copy(update={"titles": 1.0}))
    for weight in ORDERS:
        yield Arm(f"order at {weight:g}", bare.model_copy(update={"order": weight}), "balanced")


def _with(profile: ModelProfile, arm: Arm) -> ModelProfile:
    """A profile with the part that an arm adds."""
    part = arm.profile or profile
    return profile.model_copy(
        update={
            "leads": profile.leads or part.leads,
            "reads": profile.reads or part.reads,
            "titles": max(profile.titles, part.titles),
            "order": part.order or profile.order,
        }
    )


def _rows(
    arm: Arm,
    model: LanguageModel,
    talks: Sequence[Sequence[RequestCase]],
    workspace: Workspace,
    progress: bool,
) -> list[Row]:
    asked = model if arm.profile else None
    system = AgentSystem(workspace, asked, arm.effort, "template", arm.profile)
    try:
        asker = Asker(system, workspace.catalog)
        bar = tqdm(talks, desc=arm.name, unit="conversation", disable=not progress)
        return [row for talk in bar for row in asker.rows(talk)]
    finally:
        system.close()


def _gain(found: Sequence[Row], base: Sequence[Row]) -> Interval:
    pairs = [
        (str(row["group"]), float(row["metrics"][METRIC]) - float(before["metrics"][METRIC]))
        for row, before in zip(found, base, strict=True)
        if row["metrics"][METRIC] is not None
    ]
    return cluster_mean([group for group, _ in pairs], [gain for _, gain in pairs])


def _mean(rows: Sequence[Row]) -> float:
    values = [float(row["metrics"][METRIC]) for row in rows if row["metrics"][METRIC] is not None]
    return sum(values) / len(values) if values else 0.0


def _rounded(gain: Interval | None) -> list[Any]:
    return [round(value, 4) for value in (gain.mean, gain.low, gain.high)] if gain else []
