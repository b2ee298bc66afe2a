"""``tastemaker enrich``: ask a language model what each item is like, and serve the answers as facets."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tastemaker.retrieval.errors import ConfigError, ModelError

if TYPE_CHECKING:
    from tastemaker.agent.enrichment.answer_log import AnswerLog
    from tastemaker.agent.enrichment.enrichment import Task
    from tastemaker.agent.enrichment.known_items import KnownItem
    from tastemaker.agent.llm.model import LanguageModel
    from tastemaker.retrieval.facets.definition import Facet, FacetSet
    from tastemaker.tools.workspace.workspace import Workspace

GENERIC = "generic"
LOCAL_WORKERS, REMOTE_WORKERS = 1, 8
"""Questions asked at a time: the embedded server answers one after the other, so more would only wait."""
PAGE, TABLE = "spot-check.html", "coverage.txt"
SETS = "data/facets"


@dataclass(frozen=True)
class _Definition:
    """A facet set and the text it was read from."""

    facets: FacetSet
    text: str


def enrich(
    llm: Annotated[
        str,
        typer.Option(help="local (embedded), http://host/v1#MODEL, PROVIDER:MODEL, or rules to ask nothing."),
    ],
    workspace: Annotated[
        Path, typer.Option("--workspace", "-w", help="Folder that `tastemaker build` wrote.")
    ] = Path("workspaces/ml-100k"),
    facets: Annotated[
        str | None,
        typer.Option(
            help="A TOML file, or a set that is shipped: books, films, games, generic, products, recipes. "
            "The one used before, else generic, if left out."
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Questions at a time; 1 for local and 8 for others if left out.")
    ] = None,
    prices: Annotated[
        Path | None, typer.Option("--prices", help="TOML with prices of tokens, for the estimate.")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Go on after the estimate without asking.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bars.")] = False,
) -> None:
    """Find out what each item is like (for whom, what mood, how long, how hard) and serve it as facets.

    A model fills in one form an item. Ten items come first, then it says what the rest will take
    and asks. Stopped at any time, the same command goes on; items and facets that did not change
    since are not asked again.

    \b
    tastemaker enrich --workspace shop --llm openai:gpt-4.1-mini --facets products --prices prices.toml
    tastemaker enrich --workspace library --llm local --facets my-facets.toml --yes
    """
    from tastemaker.agent.enrichment.answer_log import AnswerLog
    from tastemaker.agent.enrichment.enrichment import open_tasks
    from tastemaker.agent.enrichment.known_items import known_items, known_values
    from tastemaker.tools.workspace.inferred_facets import askable_facets, join_facets
    from tastemaker.tools.workspace.workspace import Workspace

    opened = Workspace.open(workspace)
    definition = _definition(facets, opened)
    catalog = opened.built_catalog
    askable = askable_facets(definition.facets, catalog.schema)
    _say_left_out(definition.facets, askable)
    log = AnswerLog(workspace)
    with log.alone():
        tasks = open_tasks(known_items(catalog, askable, log, opened.built_asks), askable)
        _say(_state(definition.facets.name, tasks, askable, len(catalog)))
        try:
            _ask(tasks, llm, prices, workers, log, yes=yes, quiet=quiet)
        finally:
            items = known_items(catalog, askable, log, opened.built_asks)
            if values := known_values(items):
                join_facets(opened, definition.facets, definition.text, values)
            _report(opened, items, askable, log.path.parent)


def _state(name: str, tasks: Sequence[Task], facets: Sequence[Facet], n_items: int) -> str:
    """How far the answers go, and what of a set that was partly answered is still open."""
    said = f"{name}: {len(facets)} facets, {n_items - len(tasks):,} of {n_items:,} items answered"
    still = {facet.name for task in tasks for facet in task.facets}
    if not 0 < len(still) < len(facets):
        return said
    left = ", ".join(facet.name for facet in facets if facet.name in still)
    return f"{said}; still to be asked: {left}"


def _ask(
    tasks: Sequence[Task],
    llm: str,
    prices: Path | None,
    workers: int | None,
    log: AnswerLog,
    *,
    yes: bool,
    quiet: bool,
) -> None:
    """Ask about some items, say what the rest will take, and go on if that is wanted."""
    from tastemaker.agent.enrichment.enrichment import ask_all, pilot_of
    from tastemaker.agent.enrichment.estimate import estimate

    model, priced = _model(llm, prices) if tasks else (None, False)
    if model is None:
        _say("nothing to ask" if not tasks else f"{len(tasks):,} items stay open (--llm rules asks nothing)")
        return
    at_once = workers or (LOCAL_WORKERS if llm.startswith("local") else REMOTE_WORKERS)
    pilot, rest = pilot_of(tasks)
    try:
        took = ask_all(pilot, model, log, at_once, not quiet)
        if rest:
            _say(estimate(took, len(rest), at_once, priced=priced).text)
            if not (yes or _confirm()):
                _say("stopped after these; the same command goes on, --yes without asking")
                return
            ask_all(rest, model, log, at_once, not quiet)
    except ModelError as error:
        raise type(error)(f"{error}; what was answered is kept, the same command goes on") from error
    except KeyboardInterrupt:
        raise KeyboardInterrupt("stopped; what was answered is kept, the same command goes on") from None


def _model(llm: str, prices: Path | None) -> tuple[LanguageModel | None, bool]:
    """The model with retries, and whether its price is known."""
    from tastemaker.agent.llm.limits import DEFAULT_LIMITS, read_prices
    from tastemaker.agent.llm.open_models import open_model
    from tastemaker.agent.llm.retry import RetryingModel

    price = read_prices(prices).get(llm) if prices else None
    model = open_model(llm, price)
    # A model on this machine costs nothing; no circuit breaker: an enrichment stops where a model is away.
    priced = price is not None or llm.startswith("local")
    return (RetryingModel(model, DEFAULT_LIMITS.attempts) if model else None), priced


def _definition(facets: str | None, workspace: Workspace) -> _Definition:
    from tastemaker.retrieval.facets.definition import facets_from, read_facets, shipped_facets
    from tastemaker.tools.workspace.workspace import FACETS

    if facets is None and workspace.manifest.enriched is not None:
        text = (workspace.folder / workspace.manifest.enriched.folder / FACETS).read_text(encoding="utf-8")
        return _Definition(facets_from(text, FACETS), text)
    if facets is not None and (facets.endswith(".toml") or Path(facets).is_file()):
        return _Definition(read_facets(Path(facets)), Path(facets).read_text(encoding="utf-8"))
    if facets is None:
        _say(f"--facets is left out: the set {GENERIC!r} is used")
    own = shipped_facets(facets or GENERIC)
    file = resources.files("tastemaker.retrieval") / SETS / f"{facets or GENERIC}.toml"
    return _Definition(own, file.read_text(encoding="utf-8"))


def _say_left_out(facets: FacetSet, askable: Sequence[Facet]) -> None:
    names = [one.name for one in askable]
    left = [name for name in facets.facets if name not in names]
    if left:
        _say(f"not asked, as the catalogue has it already or it is computed: {', '.join(left)}")
    if not names:
        raise ConfigError(
            f"the facet set {facets.name!r} has nothing that the catalogue lacks; name another --facets"
        )


def _confirm() -> bool:
    if not sys.stdin.isatty():
        _say("there is nobody to ask; run it again with --yes")
        return False
    return typer.confirm("go on?", err=True)


def _report(workspace: Workspace, items: Sequence[KnownItem], facets: Sequence[Facet], folder: Path) -> None:
    from tastemaker.agent.enrichment.coverage import coverage, coverage_table
    from tastemaker.retrieval.atomic_write import write_atomically
    from tastemaker.ui.cli.spot_check import spot_check, spot_check_page

    table = coverage_table(coverage(items, facets))
    page = spot_check_page(spot_check(items), facets, workspace.manifest.name)
    write_atomically(folder / TABLE, f"{table}\n".encode())
    write_atomically(folder / PAGE, page.encode())
    typer.echo(table)
    _say(f"check some items by eye: {folder / PAGE}")


def _say(line: str) -> None:
    typer.echo(line, err=True)
