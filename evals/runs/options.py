"""Options that all kinds of run share: where rows go, where cases are asked, and what is allowed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tastemaker.retrieval.catalog.schema import nearest_of
from tastemaker.retrieval.errors import ConfigError

Say = Callable[[str], None]


def say_nothing(line: str) -> None:
    """For those who want no word of how a run goes on."""


@dataclass(frozen=True)
class RunOptions:
    """How a run is made, which changes no row of it.

    Attributes:
        workers: cases asked at the same time.
        ray: address of a Ray cluster, or ``local``; None for this machine without Ray.
        out: folder for runs, in which a stopped run goes on; None for one that is gone afterwards.
        progress: show bars.
        command: what makes the run again, kept in its head.
        say: is told what is about to be asked.
    """

    workers: int = 1
    ray: str | None = None
    out: Path | None = None
    progress: bool = True
    command: str = ""
    say: Say = say_nothing

    @contextmanager
    def place(self) -> Iterator[Path]:
        """The folder of the run folders."""
        if self.out is not None:
            yield self.out
            return
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)


def check_at_least(values: Mapping[str, tuple[int | None, int]]) -> None:
    """Option -> (what was given, the least that is allowed); None is always allowed.

    Raises:
        ConfigError: a value is too small.
    """
    for name, (value, least) in values.items():
        if value is not None and value < least:
            raise ConfigError(f"{name} must be at least {least}, got {value}")


def check_different(systems: Sequence[str], baseline: str | None = None) -> None:
    """One or more systems, none twice, and a baseline among them.

    Raises:
        ConfigError: otherwise.
    """
    if not systems or len(set(systems)) < len(systems):
        raise ConfigError(f"name one or more different systems, got {', '.join(systems) or 'none'}")
    if baseline and baseline not in systems:
        raise ConfigError(
            f"baseline {baseline!r} is not among the systems; {nearest_of(baseline, list(systems))}"
        )
