"""``tastemaker search``: find items by what they are about, under exact conditions."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tastemaker.retrieval.errors import ConfigError
from tastemaker.retrieval.filters.conditions import describe
from tastemaker.ui.cli.console import draw, write_json
from tastemaker.ui.cli.options import DEFAULT_WORKSPACE, JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from rich.console import Group

    from tastemaker.agent.turn.text_search import ReadText
    from tastemaker.retrieval.search.request import Hit, Matched, SearchResult

NARROWEST, WIDEST = 40, 120

Titles = list[str] | None


def search(
    text: Annotated[str, typer.Argument(help="What the item should be about.", show_default=False)] = "",
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    where: Annotated[
        str | None,
        typer.Option(
            help='In words ("from the nineties", "price under 40"), or "year > 1990 and not genres is Horror".'
        ),
    ] = None,
    like: Annotated[Titles, typer.Option(help="A title it should resemble; may be repeated.")] = None,
    avoid: Annotated[
        Titles, typer.Option(help="Words, or an exact title, to stay away from; may be repeated.")
    ] = None,
    unlike: Annotated[Titles, typer.Option(help="A title you saw and want a change from; likewise.")] = None,
    k: Annotated[int, typer.Option("-k", help="How many items.")] = 10,
    diversity: Annotated[float, typer.Option(help="0: the best; towards 1: more different ones.")] = 0.0,
    at_most: Annotated[
        list[str] | None, typer.Option(help="FIELD=N: at most N items share a value; may be repeated.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Find items by what you say of them, under exact conditions, near or far from others."""
    from tastemaker.agent.turn.text_search import TextSearch
    from tastemaker.retrieval.search.request import Search
    from tastemaker.tools.workspace.workspace import Workspace
    from tastemaker.ui.views.where import read_where

    opened = Workspace.open(workspace)
    asked = Search(
        text,
        tuple(like or ()),
        tuple(avoid or ()),
        tuple(unlike or ()),
        read_where(where, opened.catalog, lambda: opened.resolver) if where else None,
        (),
        k,
        diversity,
        dict(map(_cap, at_most or ())),
    )
    context = opened.search_context()
    try:
        found = TextSearch(context).search(asked)
    finally:
        context.index.close()
    if as_json:
        write_json({**result_json(found.result), "understood": reading_json(found.read)})
    else:
        draw(draw_result(found.result), format_result(found.result))


def reading_json(read: ReadText) -> dict[str, object]:
    """What the text was taken to ask for; conditions as ``--where`` takes them."""
    prefer = [(describe(condition), round(weight, 2)) for condition, weight in read.wanted.prefer]
    return {
        "text": read.text,
        "required": list(map(describe, read.required)),
        "preferred": [{"condition": said, "weight": weight} for said, weight in prefer],
        "avoided": list(read.wanted.avoid),
        "like": list(read.wanted.like),
        "unknown": list(read.unknown),
        "order": {"by": read.extreme[0], "highest_first": read.extreme[1]} if read.extreme else None,
    }


def result_json(result: SearchResult) -> dict[str, object]:
    """The documented JSON of what was found."""
    return {
        "items": [{**asdict(hit), "matched": list(map(_matched_json, hit.matched))} for hit in result.hits],
        "seconds": round(result.seconds, 4),
        "notes": list(result.notes),
    }


def _matched_json(match: Matched) -> dict[str, object]:
    """``provenance`` is there only where a value is inferred or computed."""
    return {name: value for name, value in asdict(match).items() if name != "provenance" or value}


def draw_result(result: SearchResult) -> Group:
    """A result as rich draws it: places, titles with scores, and why each was found."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    hits = Table.grid(padding=(0, 2, 0, 0))
    hits.add_column(justify="right", width=3)
    hits.add_column(overflow="fold")
    for place, hit in enumerate(result.hits, start=1):
        hits.add_row(str(place), Text(_heading(hit), style="bold"))
        hits.add_row("", Text(in_words(hit.matched), style="dim"))
    count = f"{len(result.hits)} found in {result.seconds * 1000:,.0f} ms"
    return Group(hits, *map(Text, result.notes), Text(count))


def format_result(result: SearchResult, width: int | None = None) -> str:
    """A result as plain text, no line wider than the terminal (or ``width``)."""
    from rich.console import Console

    wide = min(max(width or shutil.get_terminal_size().columns, NARROWEST), WIDEST)
    console = Console(file=io.StringIO(), width=wide, highlight=False)
    with console.capture() as captured:
        console.print(draw_result(result))
    return "\n".join(line.rstrip() for line in captured.get().rstrip().splitlines())


def in_words(matched: Sequence[Matched]) -> str:
    """Why a hit was found, in plain words.

    >>> from tastemaker.retrieval.search.request import Matched
    >>> in_words([Matched("premise", ("jury",)), Matched("themes", ("courtroom",), 0.62)])
    'premise has “jury”; themes “courtroom” is close (.62)'
    >>> in_words([])
    'close as a whole, by no single word or tag'
    >>> in_words([Matched("runtime", ("about 81 min",), provenance="inferred")])
    'runtime about 81 min (inferred)'
    """
    return "; ".join(map(_reason, matched)) or "close as a whole, by no single word or tag"


def _reason(match: Matched) -> str:
    values = ", ".join(f"“{value}”" for value in match.values)
    if match.provenance:
        return f"{match.field.replace('_', ' ')} {', '.join(match.values)} ({match.provenance})"
    if match.cosine is None:
        return f"{match.field} has {values}"
    cosine = f"{match.cosine:.2f}".replace("0.", ".")
    if match.field == "like":
        return f"like {', '.join(match.values)} ({cosine})"
    return f"{match.field} {values} is close ({cosine})"


def _heading(hit: Hit) -> str:
    same = f"  (also listed as {', '.join(hit.also)})" if hit.also else ""
    return f"{hit.title}  {hit.score:.3f}{same}"


def _cap(said: str) -> tuple[str, int]:
    name, _, most = said.rpartition("=")
    if not name or not most.isdecimal():
        raise ConfigError(f"--at-most {said!r}: write FIELD=N, such as --at-most director=1")
    return name, int(most)
