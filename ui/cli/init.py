"""``tastemaker init``: from a person's files to a workspace, with a look at each decision on the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tastemaker.retrieval.errors import ConfigError, TastemakerError
from tastemaker.ui.cli.console import say, write
from tastemaker.ui.cli.options import DEFAULT_EMBEDDING, EmbeddingOption, QuietOption

if TYPE_CHECKING:
    from tastemaker.retrieval.catalog.catalog import Catalog
    from tastemaker.retrieval.ingest.infer_schema import Inference
    from tastemaker.retrieval.ingest.interactions_file import LoadedInteractions
    from tastemaker.retrieval.ingest.items_file import LoadedItems
    from tastemaker.retrieval.ingest.overrides import Overrides

SHOWN_ITEMS = 5
HOW = "Enter if that is right, or say what is: COLUMN = KIND, or id = COLUMN, or title = COLUMN"
LOG_HOW = "Enter if that is right, or ROLE = COLUMN (user, item, timestamp, rating, event), or EVENT = like"
OPINIONS = ("like", "neutral", "dislike")
Ask = Callable[[str], str]


def init(
    items: Annotated[Path, typer.Option(help="Catalogue: CSV, TSV, JSON Lines, Parquet or Excel.")],
    interactions: Annotated[Path | None, typer.Option(help="Interaction log, if there is one.")] = None,
    workspace: Annotated[Path, typer.Option("--workspace", "-w", help="Where the workspace goes.")] = Path(
        "shop"
    ),
    overrides: Annotated[
        Path | None,
        typer.Option(help="TOML to begin with, and to write; columns.toml beside the catalogue if left out."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing: take what is inferred.")] = False,
    encoding: Annotated[str | None, typer.Option(help="Of both files; found out if left out.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="Of both CSV files: one character, or tab.")] = None,
    skip_bad_rows: Annotated[bool, typer.Option(help="Leave bad rows out and write them to a file.")] = False,
    recommender: Annotated[str, typer.Option(help="See `tastemaker train --list`.")] = "sasrec",
    embedding: EmbeddingOption = DEFAULT_EMBEDDING,
    quiet: QuietOption = False,
) -> None:
    """Walk through your files: what each column is, five items, the TOML, the build, one trial turn."""
    from tastemaker.retrieval.ingest.overrides import said_in
    from tastemaker.retrieval.ingest.settled import settled, to_toml
    from tastemaker.tools.workspace.build import build_workspace

    ask: Ask = (lambda _: "") if yes else _asked
    target = overrides or items.with_name("columns.toml")
    said = said_in(target if target.exists() else None, encoding, delimiter)
    said, loaded = _settle_items(items, interactions, said, skip_bad_rows, ask)
    write(render_items(loaded.catalog))
    log: LoadedInteractions | None = None
    if interactions is not None:
        said, log = _settle_log(interactions, loaded.catalog, said, skip_bad_rows, ask)
    text = to_toml(settled(said, loaded.inference, log.inference if log else None))
    target.write_text(text, encoding="utf-8")
    say(f"written: {target}; `tastemaker build --overrides {target} ...` builds the same again")
    build_workspace(
        workspace,
        loaded.catalog,
        log.interactions if log else None,
        recommender=recommender,
        embedding=embedding,
        report={"items": items.name, "interactions": interactions.name if interactions else None},
        progress=not quiet,
        say=say,
    )
    _try_out(workspace)


def _settle_items(
    path: Path, log: Path | None, said: Overrides, skip: bool, ask: Ask
) -> tuple[Overrides, LoadedItems]:
    """The catalogue as the person agrees to it."""
    from tastemaker.retrieval.ingest.items_file import read_items

    while True:
        loaded = read_items(path, said, skip, log=log)
        write(f"{path.name}: {len(loaded.catalog):,} items\n{loaded.inference}")
        _tell_doubts(loaded.inference)
        answer = ask(HOW)
        if not answer:
            return said, loaded
        said = _tried(correct_items, said, answer)


def _settle_log(
    path: Path, catalog: Catalog, said: Overrides, skip: bool, ask: Ask
) -> tuple[Overrides, LoadedInteractions]:
    """The log as the person agrees to it."""
    from tastemaker.retrieval.ingest.interactions_file import read_interactions

    while True:
        loaded = read_interactions(path, catalog, said, skip)
        write(f"{path.name}: {len(loaded.interactions):,} events\n{loaded}")
        _tell_doubts(loaded.inference)
        answer = ask(LOG_HOW)
        if not answer:
            return said, loaded
        said = _tried(correct_log, said, answer)


def _tried(change: Callable[[Overrides, str], Overrides], before: Overrides, answer: str) -> Overrides:
    try:
        return change(before, answer)
    except TastemakerError as error:
        say(f"not understood: {error}")
        return before


def _tell_doubts(inference: Inference) -> None:
    if inference.doubts:
        names = ", ".join(column.name for column in inference.doubts)
        say(f"look at {names}: the values alone do not decide")


def correct_items(said: Overrides, answer: str) -> Overrides:
    """The overrides with "COLUMN = KIND", "id = COLUMN", "title = COLUMN", "COLUMN = ignore" or "COLUMN = MDY".

    Raises:
        ConfigError: something else was said.
    """
    from tastemaker.retrieval.catalog.schema import Kind
    from tastemaker.retrieval.ingest.forms.dates import ORDERS

    name, value = _sides(answer)
    items = said.items
    if name in ("id", "title") and value not in set(Kind):
        changed = items.model_copy(update={name: value})
    elif value == "ignore":
        changed = items.model_copy(update={"ignore": (*items.ignore, name)})
    elif value in set(Kind):
        changed = items.model_copy(update={"kinds": {**items.kinds, name: Kind(value)}})
    elif value.upper() in ORDERS:
        changed = items.model_copy(update={"dates": {**items.dates, name: value.upper()}})
    elif value in (",", "."):
        changed = items.model_copy(update={"decimals": {**items.decimals, name: value}})
    else:
        raise ConfigError(
            f"{value!r}; write one of {', '.join(Kind)}, ignore, {', '.join(ORDERS)}, or a decimal mark"
        )
    return said.model_copy(update={"items": changed})


def correct_log(said: Overrides, answer: str) -> Overrides:
    """The overrides with "ROLE = COLUMN" or "EVENT = like".

    Raises:
        ConfigError: something else was said.
    """
    from tastemaker.retrieval.ingest.settled import ROLES

    name, value = _sides(answer)
    log = said.interactions
    if value in OPINIONS:
        changed = log.model_copy(update={"events": {**log.events, name: value}})
    elif name in ROLES:
        changed = log.model_copy(update={name: value})
    else:
        raise ConfigError(
            f"{name!r}; write one of {', '.join(ROLES)} = COLUMN, or EVENT = {' | '.join(OPINIONS)}"
        )
    return said.model_copy(update={"interactions": changed})


def _sides(answer: str) -> tuple[str, str]:
    name, mark, value = (part.strip().strip('"') for part in answer.partition("="))
    if not (mark and name and value):
        raise ConfigError(f"{answer!r}; write for example: price = number")
    return name, value


def render_items(catalog: Catalog) -> str:
    """The first items as people will see them."""
    from tastemaker.retrieval.catalog.value_words import attribute_in_words, value_in_words

    blocks: list[str] = []
    for item in list(catalog)[:SHOWN_ITEMS]:
        lines = [f"{item.title} ({item.id})"]
        for attribute in catalog.schema.attributes:
            if attribute.name in item.attributes:
                words = value_in_words(attribute, item.attributes[attribute.name])
                lines.append(f"  {attribute_in_words(attribute.name)}: {words[:100]}")
        blocks.append("\n".join(lines))
    return "\n".join(blocks)


def _try_out(workspace: Path) -> None:
    """One turn with a message made of the catalogue, in words of the rules alone."""
    from tastemaker.ui.cli.open_agent import open_agent
    from tastemaker.ui.web.opening import example_messages

    with open_agent(workspace, "rules", "balanced") as tm:
        message = example_messages(tm.resources.tool_context)[0]
        write(f"> {message}")
        write(tm.session().send(message).text)
    say(f"go on with `tastemaker chat --workspace {workspace}`")


def _asked(question: str) -> str:
    return str(typer.prompt(question, default="", show_default=False, err=True)).strip()
