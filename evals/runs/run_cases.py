"""Every case of a run that has no row yet: asked in parallel, within a bound, by threads or by processes."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import Any, Protocol, TypeVar

from tastemaker.evals.runs.progress import progress_bar
from tastemaker.evals.runs.run_folder import Row, RunFolder
from tastemaker.evals.runs.worker_processes import Processes

WAITING_PER_WORKER = 2
"""Cases handed out ahead, so that no worker waits and few are lost when a run is stopped."""


class Case(Protocol):
    """One thing to ask."""

    @property
    def id(self) -> str:
        """Unique among the run's cases."""

    @property
    def group(self) -> str:
        """The conversation or person that it belongs to: cases of one group are not independent."""


AnyCase = TypeVar("AnyCase", bound=Case)
Ask = Callable[[AnyCase], Row]
Miss = Callable[[AnyCase], Row]
CaseIn = TypeVar("CaseIn", bound=Case, contravariant=True)


class Asker(Protocol[CaseIn]):
    """What a process holds to make rows."""

    def open(self) -> None:
        """Open the system if it is not open yet; an error here ends the run."""

    def __call__(self, case: CaseIn, /) -> Row:
        """A case's row but for case, group, error and seconds."""

    def miss_row(self, case: CaseIn, /) -> Row:
        """The row of a case without an answer."""


def run_cases(
    folder: RunFolder,
    cases: Sequence[AnyCase],
    ask: Ask[AnyCase],
    miss: Miss[AnyCase],
    *,
    workers: int = 1,
    metric: str | None = None,
    progress: bool = True,
) -> None:
    """Ask what has not been asked, and append a row for each.

    A case whose answer fails is a row too, with the error and what ``miss`` says of it; it
    counts like any other. A run that is stopped keeps every row it has.

    Args:
        folder: where rows go.
        cases: all of the run's.
        ask: gives a case's row but for case, group, error and seconds; called in ``workers`` threads.
        miss: the row of a case without an answer.
        workers: how many are asked at the same time.
        metric: its running mean is shown beside the progress bar.
        progress: show the bar.
    """
    with ThreadPoolExecutor(max_workers=workers) as pool:
        append_rows(
            folder,
            cases,
            lambda left: _rows(
                lambda case: pool.submit(ask_case, case, ask, miss), left, workers * WAITING_PER_WORKER
            ),
            metric=metric,
            progress=progress,
        )


def run_cases_in(
    pool: Processes[Asker[AnyCase]],
    folder: RunFolder,
    cases: Sequence[AnyCase],
    *,
    metric: str | None = None,
    progress: bool = True,
) -> None:
    """Ask what has not been asked in processes, and append a row for each.

    Args:
        pool: its processes hold what is asked.
        folder, cases, metric, progress: see :func:`run_cases`.
    """
    append_rows(
        folder,
        cases,
        lambda left: _rows(lambda case: pool.hand(ask_in_process, case), left, pool.n * WAITING_PER_WORKER),
        metric=metric,
        progress=progress,
    )


def append_rows(
    folder: RunFolder,
    cases: Sequence[AnyCase],
    rows_of: Callable[[Sequence[AnyCase]], Iterator[Row]],
    *,
    metric: str | None = None,
    progress: bool = True,
) -> None:
    """Append the rows of the cases that have none yet, under a progress bar with a running mean.

    Args:
        folder, cases, metric, progress: see :func:`run_cases`.
        rows_of: asks cases; rows may come in any order.
    """
    left = [case for case in cases if case.id not in folder.done]
    done = len(cases) - len(left)
    with progress_bar(len(cases), str(folder.head["system"]), "cases", done=done, show=progress) as bar:
        total, n = 0.0, 0
        for row in rows_of(left):
            folder.append(row)
            value = (row.get("metrics") or {}).get(metric)
            if value is not None:
                total, n = total + value, n + 1
            bar.advance(note=f"{metric}={total / n:.4f}" if n else None)


def ask_case(case: AnyCase, ask: Ask[AnyCase], miss: Miss[AnyCase]) -> Row:
    """One case's row, whatever happens while it is asked."""
    started = time.perf_counter()
    head: dict[str, Any] = {"case": case.id, "group": case.group, "error": None}
    try:
        told = ask(case)
    except Exception as error:  # noqa: BLE001  any system may be plugged in: its failures are results
        last = traceback.extract_tb(error.__traceback__)[-1]
        head["error"] = f"{type(error).__name__}: {error} ({last.name}:{last.lineno})"
        told = miss(case)
    return {**head, "seconds": round(time.perf_counter() - started, 5), **told}


def ask_in_process(asker: Asker[AnyCase], case: AnyCase) -> Row:
    """One case's row, of what a process holds."""
    asker.open()
    return ask_case(case, asker, asker.miss_row)


def _rows(hand: Callable[[AnyCase], Future[Row]], cases: Iterable[AnyCase], most: int) -> Iterator[Row]:
    waiting, running = iter(cases), set[Future[Row]]()
    try:
        while True:
            running |= {hand(case) for case in islice(waiting, most - len(running))}
            if not running:
                return
            ready, running = wait(running, return_when=FIRST_COMPLETED)
            for future in ready:
                yield future.result()
    finally:
        for future in running:
            future.cancel()
