"""``tastemaker calibrate``: measure what a language model is worth, and keep it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.cli.console import say, write
from tastemaker.ui.cli.options import MODELS, ModelSizeOption, NeededWorkspace, QuietOption


def calibrate(
    llm: Annotated[str, typer.Option(help=f"{MODELS}.")],
    requests: Annotated[Path, typer.Option(help="Requests with relevance lists, as for `eval requests`.")],
    workspace: NeededWorkspace = None,
    save: Annotated[
        Path | None, typer.Option(help="File of profiles to keep it in; that of this machine by default.")
    ] = None,
    answers: Annotated[Path | None, typer.Option(help="File in which the model's answers are kept.")] = None,
    model_size: ModelSizeOption = None,
    quiet: QuietOption = False,
) -> None:
    """Measure what a model's reading, titles and order add to your recommendations, and keep it by its name."""
    from tastemaker.agent.llm.model_profile import ModelSize, own_profiles, size_by_name
    from tastemaker.agent.llm.open_models import open_models
    from tastemaker.evals.requests.calibration import calibrate as measure
    from tastemaker.evals.requests.calibration import keep_profile
    from tastemaker.evals.requests.case import link
    from tastemaker.evals.requests.files import read_requests
    from tastemaker.evals.runs.llm_cache import RememberingModel
    from tastemaker.tools.workspace.workspace import Workspace

    if workspace is None:
        raise ConfigError("give --workspace FOLDER, the one that the requests are about")
    model = open_models(llm)
    if model is None:
        raise ConfigError("the rules have nothing to calibrate; give --llm local, or another model")
    size = ModelSize(model_size) if model_size else size_by_name(model.name)
    opened = Workspace.open(workspace)
    cases, _ = link(read_requests(requests), opened.catalog)
    file = save or own_profiles()
    kept = RememberingModel(model, answers or file.with_suffix(".answers.jsonl"))
    profile, earned = measure(kept, size, cases, opened, progress=not quiet)
    for one in earned:
        gain = f"  {one.gain.mean:+.3f} [{one.gain.low:+.3f}, {one.gain.high:+.3f}]" if one.gain else ""
        write(f"{one.name:12}  precision@5 {one.mean:.3f}{gain}  {'kept' if one.kept else 'left out'}")
    keep_profile(file, model.name, profile)
    say(
        f"{model.name}: leads {profile.leads}, titles {profile.titles:g}, order {profile.order:g}; kept in {file}"
    )
