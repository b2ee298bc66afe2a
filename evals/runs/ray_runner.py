"""The cases of a run asked on a Ray cluster: the same rows as :mod:`tastemaker.evals.runs.run_cases` makes.

A worker is sent a recipe, never a live system: it opens the workspace itself, once, and then
answers case after case. Every machine of the cluster needs the package and the same paths.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from typing import Any

from tastemaker.evals.runs.run_cases import AnyCase, Ask, Miss, append_rows, ask_case
from tastemaker.evals.runs.run_folder import Row, RunFolder
from tastemaker.evals.runs.worker_processes import Recipe
from tastemaker.retrieval.errors import ConfigError
from tastemaker.tools.workspace.batch.cluster import cluster

TRIES = 2
"""How often a case is asked whose worker dies."""


def run_cases_on_ray(
    folder: RunFolder,
    cases: Sequence[AnyCase],
    recipe: Recipe[Ask[AnyCase]],
    miss: Miss[AnyCase],
    address: str,
    *,
    workers: int = 2,
    metric: str | None = None,
    progress: bool = True,
) -> None:
    """Ask what has not been asked on a cluster, and append a row for each.

    Args:
        folder, cases, miss, metric, progress: see :func:`tastemaker.evals.runs.run_cases.run_cases`.
        recipe: makes a worker's system.
        address: of the cluster's head, such as ``10.0.0.1:6379`` or ``ray://10.0.0.1:10001``; ``local``
            starts one here.
        workers: how many processes, each with one processor and one case in hand, so that one that dies
            costs no other case.

    Raises:
        ConfigError: Ray is not installed, no cluster is there, or the workers cannot open what the recipe names.
    """
    if all(case.id in folder.done for case in cases):
        return
    with cluster(address, workers) as ray:
        pool = _pool(ray, recipe, workers)
        append_rows(
            folder, cases, lambda left: _rows(ray, pool, left, miss), metric=metric, progress=progress
        )


class _Worker:
    """One process of the pool."""

    def __init__(self, recipe: Recipe[Any]) -> None:
        self._held = ExitStack()
        self._ask = self._held.enter_context(recipe.open())

    def ready(self) -> bool:
        """Answers once the system is open."""
        return True

    def row(self, case: Any) -> Row:
        """A case's row; that of a failure lacks what the run says of misses."""
        return ask_case(case, self._ask, lambda _: {})


def _pool(ray: Any, recipe: Recipe[Any], workers: int) -> list[Any]:
    """So many workers, all open."""
    worker = ray.remote(num_cpus=1, max_restarts=-1, max_task_retries=TRIES - 1)(_Worker)
    pool = [worker.remote(recipe) for _ in range(workers)]
    try:
        ray.get([one.ready.remote() for one in pool])
    except ray.exceptions.RayError as error:
        cause = str(error).strip().splitlines()[-1]
        raise ConfigError(
            f"a Ray worker could not open the system: {cause}; every machine needs the same paths and packages"
        ) from error
    return pool


def _rows(ray: Any, pool: Sequence[Any], cases: Sequence[AnyCase], miss: Miss[AnyCase]) -> Iterator[Row]:
    """Rows as they are ready; each worker has one case in hand."""
    waiting = iter(cases)
    running: dict[Any, tuple[Any, AnyCase]] = {}
    for worker in pool:
        running |= {worker.row.remote(case): (worker, case) for case in islice(waiting, 1)}
    while running:
        (ready,), _ = ray.wait(list(running), num_returns=1)
        worker, case = running.pop(ready)
        running |= {worker.row.remote(fresh): (worker, fresh) for fresh in islice(waiting, 1)}
        yield _whole(ray, ready, case, miss)


def _whole(ray: Any, ready: Any, case: AnyCase, miss: Miss[AnyCase]) -> Row:
    """The row of a case that was answered, failed, or whose worker died."""
    try:
        row: Row = ray.get(ready)
    except ray.exceptions.RayError as error:
        told = f"{type(error).__name__}: {str(error).strip().splitlines()[0]} (after {TRIES} tries)"
        row = {"case": case.id, "group": case.group, "error": told, "seconds": 0.0}
    return {**row, **miss(case)} if row["error"] else row
