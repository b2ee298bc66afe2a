"""The best items for any number of people: no session, batch after batch, into a file, a table or a store of keys.

What is done is kept part by part; a run that was stopped goes on with the next part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa
from tqdm import tqdm

from tastemaker.retrieval.errors import QueryError
from tastemaker.tools.workspace.batch.cluster import cluster
from tastemaker.tools.workspace.batch.model import model_of
from tastemaker.tools.workspace.batch.on_ray import parts_on_ray
from tastemaker.tools.workspace.batch.open_target import open_target
from tastemaker.tools.workspace.batch.part import rank_part
from tastemaker.tools.workspace.batch.people import People, people_of
from tastemaker.tools.workspace.workspace import Workspace

PEOPLE_A_PART = 20_000


@dataclass(frozen=True)
class BatchReport:
    """What a run did: people written by it, and by an earlier run that it went on with."""

    people: int
    earlier: int


def rank_people(
    workspace: Workspace,
    out: Path | str,
    k: int = 10,
    people: Path | None = None,
    progress: bool = True,
    *,
    ray: str = "",
    workers: int = 2,
) -> BatchReport:
    """Write ``user``, ``items`` and ``scores`` of everybody, the best item first, without what they had.

    Args:
        workspace: whose recommender ranks.
        out: a Parquet file, or a ``postgresql://`` or ``redis://`` URL, see
            :func:`~tastemaker.tools.workspace.batch.open_target.open_target`. The parts of a file lie in a folder
            of its name and ``.parts`` meanwhile.
        k: items a person.
        people: Parquet with columns ``user`` and ``items`` (lists of ids, the oldest first); everybody in the
            workspace's log unless given. Ids that the recommender does not know are passed over.
        progress: show a bar on standard error.
        ray: address of a Ray cluster to rank on, such as ``10.0.0.1:6379``; ``local`` starts one here.
        workers: processes on that cluster.

    Raises:
        QueryError: k below 1.
        DataError: ``people`` is no such file, the parts are of another run, or nothing can be written there.
        ConfigError: no such kind of URL, or a package or cluster that is not there.
        WorkspaceError: the workspace cannot be read.
    """
    if k < 1:
        raise QueryError(f"k is {k}; ask for at least one item")
    everybody = people_of(workspace, people)
    with ExitStack() as stack:
        target = stack.enter_context(open_target(out, _question(workspace, k, people)))
        earlier = min(target.finished * PEOPLE_A_PART, everybody.total)
        numbers = range(target.finished, -(-everybody.total // PEOPLE_A_PART))
        bar = stack.enter_context(
            tqdm(total=everybody.total, initial=earlier, disable=not progress, unit=" people")
        )
        if ray and numbers:
            connected = stack.enter_context(cluster(ray, workers))
            parts = parts_on_ray(connected, workspace.path, people, k, numbers, PEOPLE_A_PART, workers)
            for number, table in parts:
                target.write(number, table)
                bar.update(len(table))
        else:
            for number, table in _parts_here(workspace, everybody, k, numbers, bar.update):
                target.write(number, table)
        target.finish()
    return BatchReport(everybody.total - earlier, earlier)


def _parts_here(
    workspace: Workspace, people: People, k: int, numbers: Sequence[int], tell: Callable[[int], object]
) -> Iterator[tuple[int, pa.Table]]:
    if not numbers:
        return
    model, waiting = model_of(workspace), people.since(numbers[0] * PEOPLE_A_PART)
    for number in numbers:
        yield number, rank_part(model, islice(waiting, PEOPLE_A_PART), k, tell)


def _question(workspace: Workspace, k: int, people: Path | None) -> dict[str, object]:
    """All that the lists depend on: the version, the recommender, k and whom they are for."""
    size = people.stat().st_size if people and people.exists() else 0
    return {
        "workspace": workspace.manifest.key,
        "recommender": workspace.manifest.recommender,
        "k": k,
        "people": [str(people), size] if people else None,
        "part": PEOPLE_A_PART,
    }
