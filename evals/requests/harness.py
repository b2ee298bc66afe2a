"""The whole evaluation on natural requests, from a file to a report."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tastemaker.agent.llm.open_models import RULES
from tastemaker.evals.dialogues.llm_options import Asks
from tastemaker.evals.dialogues.sample import sample
from tastemaker.evals.reports.run_report import RunReport
from tastemaker.evals.requests.agent_system import AgentSystem
from tastemaker.evals.requests.answers_file import ANSWERS, SUFFIX, AnswersFile, write_answers
from tastemaker.evals.requests.baselines import BASELINES, baseline_system
from tastemaker.evals.requests.case import RequestCase, link
from tastemaker.evals.requests.files import read_requests
from tastemaker.evals.requests.judge_page import write_judge_page
from tastemaker.evals.requests.report import REPORT
from tastemaker.evals.requests.run import KIND, Asker, run_system
from tastemaker.evals.requests.system import RequestSystem
from tastemaker.evals.requests.system_names import GIVEN, OWN, SHOWN_LISTS, SYSTEMS
from tastemaker.evals.runs.options import RunOptions, check_at_least, check_different
from tastemaker.evals.runs.run_folder import file_sha256, folder_name, read_run, run_head
from tastemaker.prompts import file_hashes
from tastemaker.retrieval.catalog.schema import nearest_of
from tastemaker.retrieval.errors import ConfigError
from tastemaker.tools.workspace.workspace import Workspace


def run_requests(
    data_file: Path | str,
    workspace: Path | str,
    systems: Sequence[str] = SYSTEMS,
    *,
    baseline: str | None = None,
    llm: str = RULES,
    effort: str = "balanced",
    words: str = "model",
    shown: str = OWN,
    limit: int | None = None,
    answers: Path | None = None,
    judge: Path | str | None = None,
    seed: int = 0,
    options: RunOptions = RunOptions(),  # noqa: B008  frozen
) -> RunReport:
    """Ask systems natural requests whose right answers are known.

    >>> from tastemaker.evals import run_requests
    >>> report = run_requests("requests.jsonl", "workspaces/ml-100k", ["bot", "agent"])  # doctest: +SKIP

    Args:
        data_file: see :mod:`tastemaker.evals.requests.files`.
        workspace: folder that ``tastemaker build`` wrote.
        systems: of :data:`tastemaker.evals.requests.system_names.SYSTEMS`, or files of answers
            (see :mod:`tastemaker.evals.requests.answers_file`), whose names end in ``.jsonl``.
        baseline: one of them that the others are compared with; None means the first.
        llm: of the agent: ``rules``, ``local``, ``http://host/v1#MODEL``, or ``PROVIDER:MODEL``.
        effort: of the agent: ``fast``, ``balanced`` or ``thorough``.
        words: of the agent's replies: ``model``, or ``template``.
        shown: which list a later message answers: ``own``, or ``given``, the file's.
        limit: only so many requests, of whole conversations drawn at random; None means all.
        answers: file in which the language model's answers are kept from run to run.
        judge: where to write a page on which items and sentences can be judged by hand.
        seed: of samples and intervals.
        options: where rows go, and how many conversations are held at once.

    Raises:
        ConfigError: a system, baseline or option that is not possible.
        DataError: a file cannot be read, or speaks of another catalogue.
        WorkspaceError: no workspace there, or the folder of runs holds other ones.
    """
    check_different(systems, baseline)
    check_at_least({"--workers": (options.workers, 1), "--limit": (limit, 1)})
    _check_names(systems, shown)
    data_file = Path(data_file)
    read = read_requests(data_file)
    opened = Workspace.open(workspace)
    linked, lost = link(read, opened.catalog)
    cases = sample(linked, limit, seed)
    if "ideal" in systems and not any(case.ideal for case in cases):
        raise ConfigError(
            "the system ideal needs ideal_form, which no request of this file has; leave it out"
        )
    options.say(_describe(cases, lost))
    data = {
        "name": data_file.name,
        "sha256": file_sha256(data_file),
        "cases": len(cases),
        "limit": limit,
        "catalog": opened.catalog.content_hash,
    }
    asks = Asks(llm, effort, words, learned=False, answers=answers)
    with options.place() as place:
        folders = []
        for name in systems:
            folder = place / folder_name(Path(name).name)
            head = run_head(
                KIND,
                Path(name).name,
                data=data,
                parameters={"shown": shown, **_parameters(name, asks, opened)},
                prompts=file_hashes() if name == "agent" else {},
                seed=seed,
                command=options.command,
            )
            with ExitStack() as held:
                asker = Asker(_open_system(name, opened, asks, held), opened.catalog, shown == GIVEN)
                run_system(cases, asker, folder, head, workers=options.workers, progress=options.progress)
            write_answers(folder / ANSWERS, read_run(folder)[1])
            folders.append(folder)
        chosen = folder_name(Path(baseline or systems[0]).name)
        report = RunReport.read_with(opened.catalog, folders, chosen, REPORT)
    if judge:
        write_judge_page(Path(judge), data_file.name, cases, report.runs.rows, opened.catalog, seed)
    return report


def _open_system(name: str, workspace: Workspace, asks: Asks, held: ExitStack) -> RequestSystem:
    """A system by its name; what has to be closed goes into ``held``."""
    if name in BASELINES:
        return baseline_system(name, workspace.tool_context())
    if name == "agent":
        agent = AgentSystem(workspace, asks.model(), asks.effort, asks.words)
        held.callback(agent.close)
        return agent
    return AnswersFile.read(Path(name), workspace.catalog)


def _describe(cases: Sequence[RequestCase], lost: int) -> str:
    said = f"{len(cases):,} requests in {len({case.group for case in cases}):,} conversations"
    return f"{said}; {lost:,} of the items named are not in the catalogue, and left out" if lost else said


def _check_names(names: Sequence[str], shown: str) -> None:
    """Fail now rather than once the systems before have run for hours."""
    for name in names:
        if name not in SYSTEMS and not name.endswith(SUFFIX):
            raise ConfigError(
                f"no system {name!r}; {nearest_of(name, list(SYSTEMS))}, or a file of answers.jsonl"
            )
    if shown not in SHOWN_LISTS:
        raise ConfigError(f"no list {shown!r} to answer; {nearest_of(shown, list(SHOWN_LISTS))}")


def _parameters(name: str, asks: Asks, workspace: Workspace) -> dict[str, Any]:
    if name.endswith(SUFFIX):
        return {"answers_sha256": file_sha256(Path(name)) if Path(name).is_file() else ""}
    if name != "agent":
        return {}
    kept = {"answers": asks.answers.name} if asks.answers else {}
    own = {"llm": asks.llm, "effort": asks.effort, "words": asks.words}
    return {**own, "recommender": workspace.manifest.recommender, **kept}
