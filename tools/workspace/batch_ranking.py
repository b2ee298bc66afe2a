"""The best items for any number of people: no session, batch after batch, into one Parquet file.

What is done lies in parts beside the file until all is; a run that was stopped goes on with the next part.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from tqdm import tqdm

from tastemaker.retrieval.errors import DataError, QueryError
from tastemaker.tools.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tastemaker.recommenders import Recommender

PEOPLE_A_BATCH = 256
PEOPLE_A_PART = 20_000
SCHEMA = pa.schema(
    [("user", pa.string()), ("items", pa.list_(pa.string())), ("scores", pa.list_(pa.float32()))]
)

Person = tuple[str, tuple[str, ...]]
"""An id, and item ids in the order in which they were taken."""


@dataclass(frozen=True)
class BatchReport:
    """What a run did: people written by it, and by an earlier run that it went on with."""

    people: int
    earlier: int


def rank_people(
    workspace: Workspace, out: Path, k: int = 10, people: Path | None = None, progress: bool = True
) -> BatchReport:
    """Write ``user``, ``items`` and ``scores`` of everybody, the best item first, without what they had.

    Args:
        workspace: whose recommender ranks.
        out: the Parquet file; parts lie in a folder of its name and ``.parts`` meanwhile.
        k: items a person.
        people: Parquet with columns ``user`` and ``items`` (lists of ids, the oldest first); everybody in the
            workspace's log unless given. Ids that the recommender does not know are passed over.
        progress: show a bar on standard error.

    Raises:
        QueryError: k below 1.
        DataError: ``people`` is no such file, or the parts are of another run.
        WorkspaceError: the workspace cannot be read.
    """
    if k < 1:
        raise QueryError(f"k is {k}; ask for at least one item")
    from tastemaker.recommenders import load_recommender

    model = load_recommender(
        workspace.recommenders / workspace.manifest.recommender,
        workspace.catalog,
        workspace.embedder,
        grown=workspace.manifest.grown,
    )
    total, everybody = _people_of(workspace, people)
    parts = _parts_folder(out, workspace, k, people)
    finished = len(list(parts.glob("*.parquet")))
    earlier = min(finished * PEOPLE_A_PART, total)
    with tqdm(total=total, initial=earlier, disable=not progress, unit=" people") as bar:
        waiting = islice(everybody, earlier, None)
        for number in range(finished, -(-total // PEOPLE_A_PART)):
            _write_part(parts / f"{number:06}.parquet", model, islice(waiting, PEOPLE_A_PART), k, bar)
    _join_parts(parts, out)
    return BatchReport(total - earlier, earlier)


def _write_part(file: Path, model: Recommender, people: Iterable[Person], k: int, bar: tqdm[object]) -> None:
    from tastemaker.recommenders import Query

    unfinished = file.with_suffix(".writing")
    people = iter(people)
    with pq.ParquetWriter(unfinished, SCHEMA) as writer:
        while batch := list(islice(people, PEOPLE_A_BATCH)):
            best = model.top_batch([Query(history=history) for _, history in batch], k)
            writer.write_table(
                pa.table(
                    [
                        [user for user, _ in batch],
                        [[one.id for one in found] for found in best],
                        [[one.score for one in found] for found in best],
                    ],
                    schema=SCHEMA,
                )
            )
            bar.update(len(batch))
    unfinished.replace(file)


def _people_of(workspace: Workspace, file: Path | None) -> tuple[int, Iterator[Person]]:
    if file is None:
        log, ids = workspace.interactions, workspace.catalog.ids
        histories = (tuple(ids[row] for row in rows) for rows in log.histories())
        return len(log.users), zip(log.users, histories, strict=True)
    try:
        opened = pq.ParquetFile(file)
    except (OSError, pa.ArrowException) as error:
        raise DataError(f"no Parquet file ({error}); write columns user and items", file) from error
    missing = {"user", "items"} - set(opened.schema_arrow.names)
    if missing:
        opened.close()
        raise DataError(f"column {', '.join(sorted(missing))} is missing; write columns user and items", file)
    return opened.metadata.num_rows, _read_people(opened)


def _read_people(opened: pq.ParquetFile) -> Iterator[Person]:
    with opened:
        for batch in opened.iter_batches(PEOPLE_A_BATCH, columns=["user", "items"]):
            for user, items in zip(batch["user"].to_pylist(), batch["items"].to_pylist(), strict=True):
                yield str(user), tuple(str(item) for item in items or ())


def _parts_folder(out: Path, workspace: Workspace, k: int, people: Path | None) -> Path:
    """The folder of parts, which belongs to one question: the same version, people and k."""
    parts, stated = out.with_name(out.name + ".parts"), out.with_name(out.name + ".parts") / "question.json"
    size = people.stat().st_size if people and people.exists() else 0
    question = {
        "workspace": workspace.manifest.key,
        "recommender": workspace.manifest.recommender,
        "k": k,
        "people": [str(people), size] if people else None,
    }
    text = json.dumps({"sha256": hashlib.sha256(json.dumps(question).encode()).hexdigest()})
    if parts.exists() and (not stated.exists() or stated.read_text(encoding="utf-8") != text):
        raise DataError("parts of another run lie here; delete the folder, or choose another --out", parts)
    parts.mkdir(parents=True, exist_ok=True)
    stated.write_text(text, encoding="utf-8")
    return parts


def _join_parts(parts: Path, out: Path) -> None:
    unfinished = out.with_name(out.name + ".writing")
    files: Sequence[Path] = sorted(parts.glob("*.parquet"))
    with pq.ParquetWriter(unfinished, SCHEMA) as writer:
        for file in files:
            with pq.ParquetFile(file) as part:
                for batch in part.iter_batches(PEOPLE_A_PART):
                    writer.write_batch(batch)
    unfinished.replace(out)
    shutil.rmtree(parts)
