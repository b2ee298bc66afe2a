"""``tastemaker doctor``: what works on this machine, what does not, and the one command that helps."""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tastemaker.retrieval.errors import TastemakerError
from tastemaker.retrieval.unwritable import is_read_only
from tastemaker.ui.cli.console import draw, draw_table, spinner, write
from tastemaker.ui.cli.options import DEFAULT_LLM, DEFAULT_WORKSPACE, LlmOption, WorkspaceOption

if TYPE_CHECKING:
    from tastemaker.tools.workspace.workspace import Workspace

TRIAL_BYTES = 64 * 1024
ENOUGH_BYTES = 100 * 2**20
"""Less than this is soon filled by sessions; a build of MovieLens-100K takes 30 MB."""

NEEDED = ("torch", "chromadb", "sentence-transformers", "langgraph", "langchain-openai", "gradio", "openai")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. ``remedy`` is a command, or "" where all is well."""

    what: str
    state: str
    remedy: str = ""

    @property
    def mark(self) -> str:
        """ok or !!"""
        return "!!" if self.remedy else "ok"


def doctor(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    llm: LlmOption = DEFAULT_LLM,
    deep: Annotated[
        bool, typer.Option("--deep", help="Compare every file of the workspace with its checksum.")
    ] = False,
) -> None:
    """Say what is installed, which model answers, which data is there, and what to run next."""
    with spinner("looking"):
        findings = examine(workspace, llm, deep=deep)
    rows = [(finding.mark, finding.what, finding.state) for finding in findings]
    draw(
        draw_table(("", "what", "state"), rows),
        "\n".join(f"{mark} {what}: {state}" for mark, what, state in rows),
    )
    steps = [finding.remedy for finding in findings if finding.remedy]
    write(f"\nnext: {steps[0]}" if steps else f"\nall good; next: tastemaker web --workspace {workspace}")


def examine(workspace: Path, llm: str, *, deep: bool = False) -> list[Finding]:
    """Look at packages, models, data, the workspace, and whether the model answers."""
    return [
        *(_package(name) for name in NEEDED),
        _embedding(),
        *_datasets(),
        *_workspace(workspace, deep=deep),
        _model(llm),
    ]


def _package(name: str) -> Finding:
    try:
        return Finding(name, metadata.version(name))
    except metadata.PackageNotFoundError:
        return Finding(name, "not installed", f"pip install {name}")


def _embedding() -> Finding:
    from tastemaker.retrieval.fetch.model_files import embedding_model_is_here
    from tastemaker.tools.workspace.embedding import DEFAULT_EMBEDDING

    here = embedding_model_is_here(DEFAULT_EMBEDDING)
    return Finding(
        f"embedding model {DEFAULT_EMBEDDING}", "on this machine" if here else "fetched at the first build"
    )


def _datasets() -> list[Finding]:
    from tastemaker.retrieval.datasets.registry import dataset_is_here, dataset_names

    return [
        Finding(f"data set {name}", "on this machine" if dataset_is_here(name) else "not fetched yet")
        for name in dataset_names()
    ]


def _workspace(path: Path, *, deep: bool) -> list[Finding]:
    """Whether the workspace opens with all its parts, and whether use and builds can write there."""
    from tastemaker.tools.workspace.workspace import Workspace

    what, again = f"workspace {path}", f"tastemaker build --data ml-100k --workspace {path}"
    try:
        opened = Workspace.open(path)
        opened.tool_context().index.close()
    except TastemakerError as error:
        return [Finding(what, str(error), again)]
    manifest = opened.manifest
    counts = f"{manifest.items:,} items, {manifest.interactions:,} interactions"
    findings = [Finding(what, f"{counts}, {manifest.recommender}, {manifest.embedding}"), _room(path)]
    return [*findings, _files(opened, again)] if deep else findings


def _room(path: Path) -> Finding:
    """Whether something can be written beside the workspace's versions, by writing it."""
    what = f"room in {path}"
    try:
        with tempfile.TemporaryFile(dir=path) as trial:
            trial.write(bytes(TRIAL_BYTES))
            trial.flush()
            os.fsync(trial.fileno())
    except OSError as error:
        if is_read_only(error):
            return Finding(
                what,
                f"nothing can be written ({error.strerror}): sessions have to go elsewhere",
                f"tastemaker web --workspace {path} --home FOLDER",
            )
        return Finding(
            what, f"nothing can be written ({error.strerror})", f"df -h {path}   # free some space"
        )
    free = shutil.disk_usage(path).free
    state = f"{free / 2**20:,.0f} MB free"
    return Finding(what, state, "" if free >= ENOUGH_BYTES else f"df -h {path}   # free some space")


def _files(opened: Workspace, again: str) -> Finding:
    """All files of the version against their checksums."""
    from tastemaker.tools.workspace.checksums import damage

    what, files = f"files of {opened.folder}", opened.manifest.files
    if not files:
        return Finding(what, "built before there were checksums; they cannot be checked", again)
    wrong = list(damage(opened.folder, files))
    if wrong:
        return Finding(what, f"{len(wrong)} of {len(files)} damaged: {'; '.join(wrong[:5])}", again)
    return Finding(what, f"all {len(files)} are what was written")


def _model(llm: str) -> Finding:
    what = f"language model {llm}"
    if llm == "rules":
        return Finding(what, "none needed")
    if llm.startswith("local") and importlib.util.find_spec("xllamacpp") is None:
        return Finding(what, "xllamacpp is not installed", "pip install xllamacpp")
    if llm.startswith("local") and not _weights_are_here(llm):
        return Finding(what, "weights not on this machine (1.1 GB)", "tastemaker web --data ml-100k")
    try:
        return Finding(what, _ask(llm))
    except TastemakerError as error:
        return Finding(what, str(error), "tastemaker web --llm rules")


def _weights_are_here(llm: str) -> bool:
    from tastemaker.agent.llm.open_models import LOCAL_MODEL
    from tastemaker.retrieval.fetch.model_files import chat_model_is_here

    return chat_model_is_here(llm.partition(":")[2] or LOCAL_MODEL)


def _ask(llm: str) -> str:
    from tastemaker.agent.llm.open_models import open_model

    model = open_model(llm)
    if model is None:
        return "none needed"
    form = {
        "title": "greeting",
        "description": "a greeting",
        "type": "object",
        "additionalProperties": False,
        "properties": {"word": {"enum": ["hello", "goodbye"]}},
        "required": ["word"],
    }
    filled = model.complete(form, [("user", "Greet me in one word.")], 16)
    return f"answers in {filled.usage.seconds:.1f} s"
