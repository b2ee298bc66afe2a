"""What goes to the terminal: results on standard output, all else on standard error; plain where nobody looks on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table


class TableSection(Protocol):
    """A heading, what it says, and a table, such as :class:`tastemaker.evals.reports.sections.Section`."""

    @property
    def title(self) -> str:
        """The heading."""

    @property
    def text(self) -> str:
        """What it says."""

    @property
    def table(self) -> Any:
        """A row of headings, and rows; or None."""


def write(text: object) -> None:
    """A result: as it is, on standard output."""
    _console().out(text, highlight=False)


def write_json(value: object, indent: int = 2) -> None:
    """A result as one JSON value."""
    write(json.dumps(value, ensure_ascii=False, indent=indent))


def say(line: str) -> None:
    """What is going on: a line on standard error."""
    _console(stderr=True).out(line, highlight=False)


def say_error(message: object) -> None:
    """What went wrong: one line on standard error."""
    from rich.text import Text

    line = Text("error: ", style="bold red").append(str(message), style="default not bold")
    _console(stderr=True).print(line, soft_wrap=True)


@contextmanager
def working(what: str) -> Iterator[None]:
    """Say what is being waited for: beside a spinner, or as a line where nobody looks on."""
    console = _console(stderr=True)
    if console.is_terminal:
        with console.status(what):
            yield
    else:
        say(what)
        yield


@contextmanager
def spinner(what: str) -> Iterator[None]:
    """Turn a spinner while the block runs; nothing where nobody looks on."""
    console = _console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(what):
        yield


def draw(renderable: RenderableType, plain: str) -> None:
    """Something drawn on a terminal, and as plain text for a file or a pipe."""
    console = _console()
    if console.is_terminal:
        console.print(renderable)
    else:
        write(plain)


def draw_sections(parts: Iterable[TableSection], plain: str) -> None:
    """Tables with their headings on a terminal, and plain text for a file or a pipe."""
    from rich.console import Group
    from rich.text import Text

    blocks: list[RenderableType] = []
    for part in parts:
        blocks += [Text(part.title, style="bold")]
        blocks += [Text(part.text, style="dim")] if part.text else []
        blocks += [draw_table(*part.table)] if part.table else []
        blocks += [Text()]
    draw(Group(*blocks), plain)


def draw_table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    """A table as rich draws it; what a cell says is never read as markup."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, name in enumerate(head):
        table.add_column(Text(name), no_wrap=number == 0, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


@cache
def _console(*, stderr: bool = False) -> Console:
    """One console per stream, so that a line goes above a spinner; rich is imported with the first of them."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, markup=False, emoji=False)
