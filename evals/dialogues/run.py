"""The evaluation on logged dialogues: cases in, a run folder per system out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from tastemaker.evals.dialogues.case import DialogueCase, Names
from tastemaker.evals.dialogues.system import Answer, DialogueSystem, Folds
from tastemaker.evals.metrics.list_metrics import KS, all_metrics
from tastemaker.evals.runs.progress import progress_bar
from tastemaker.evals.runs.reply_record import last_conditions, reply_record
from tastemaker.evals.runs.run_cases import Ask, run_cases, run_cases_in
from tastemaker.evals.runs.run_folder import Head, Row, RunFolder
from tastemaker.evals.runs.worker_processes import Processes
from tastemaker.retrieval.catalog.catalog import Catalog, as_tags
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.errors import ConfigError

KIND = "dialogues"
METRIC = "ndcg@10"
"""What the progress bar shows, on items new to the conversation."""

HEAD_SHARE, MIDDLE_SHARE = 0.5, 0.8
"""The most mentioned items that make up half of all mentions are the head, up to four fifths the middle."""

_SIZES = ((0, "0"), (2, "1-2"), (5, "3-5"))


def run_system(
    cases: Sequence[DialogueCase],
    catalog: Catalog,
    system: DialogueSystem,
    folder: Path,
    head: Head,
    *,
    workers: int = 1,
    progress: bool = True,
) -> None:
    """Ask one system about every case that has no row yet.

    Raises:
        WorkspaceError: the folder holds another run, or another process is at work there.
    """
    rows = Rows(Names(catalog), Slices.of(cases, catalog))
    with RunFolder.open(folder, head) as run:
        run_cases(
            run, cases, rows.asking(system), rows.miss_row, workers=workers, metric=METRIC, progress=progress
        )


def learn_in(pool: Processes[DialogueAsker], folds: Folds, *, progress: bool = True) -> None:
    """Let processes fit the rankers of all folds, which find them in the folder that they share."""
    groups = folds.groups_to_learn()
    if not groups:
        return
    with progress_bar(len(groups), "learning from the other folds", "folds", show=progress) as bar:
        folds.encode()  # by all cores, before the processes need the vectors
        for learned in as_completed([pool.hand(DialogueAsker.learn, group) for group in groups]):
            learned.result()
            bar.advance()


def run_system_in(
    pool: Processes[DialogueAsker],
    cases: Sequence[DialogueCase],
    folder: Path,
    head: Head,
    *,
    progress: bool = True,
) -> None:
    """Ask the system that processes hold about every case that has no row yet.

    Raises:
        WorkspaceError: as :func:`run_system`.
    """
    with RunFolder.open(folder, head) as run:
        run_cases_in(pool, run, cases, metric=METRIC, progress=progress)


@dataclass(frozen=True)
class Rows:
    """Makes rows of cases, answered or not."""

    names: Names
    slices: Slices

    def asking(self, system: DialogueSystem) -> Callable[[DialogueCase], Row]:
        """A function that asks a system and gives the case's row."""
        return lambda case: row_of(case, system.answer(case), self.names, self.slices)

    def miss_row(self, case: DialogueCase) -> Row:
        """The row of a case without an answer."""
        return row_of(case, Answer(()), self.names, self.slices)


class DialogueAsker:
    """What a process holds to ask a system of a run: folds that it learns, and the system once it is asked.

    Args:
        folds: of the run.
        system: opens the system.
        rows: makes rows.
    """

    def __init__(self, folds: Folds, system: Callable[[], DialogueSystem], rows: Rows) -> None:
        self._folds, self._system, self._rows = folds, system, rows

    def learn(self, group: str) -> None:
        """See :meth:`tastemaker.evals.dialogues.system.Folds.learn`."""
        self._folds.learn(group)

    def open(self) -> None:
        """Open the system if it is not open yet."""
        _ = self._ask

    @cached_property
    def _ask(self) -> Ask[DialogueCase]:
        return self._rows.asking(self._system())

    def __call__(self, case: DialogueCase) -> Row:
        """A case's row, answered."""
        return self._ask(case)

    def miss_row(self, case: DialogueCase) -> Row:
        """The row of a case without an answer."""
        return self._rows.miss_row(case)


def row_of(case: DialogueCase, answer: Answer, names: Names, slices: Slices) -> Row:
    """A case's row: items new to the conversation are scored among new items, all among all.

    Raises:
        ConfigError: an id that is not in the catalogue.
    """
    unknown = [i for i in answer.items if names.id(i) is None]
    if unknown:
        raise ConfigError(f"the system answered with {unknown[0]!r}, which is no id of this catalogue")
    ranked = tuple(dict.fromkeys(names.first(i) for i in answer.items))
    fresh = [i for i in ranked if i not in case.mentioned]
    missing = [f"outside:{name}" for name in case.outside]
    metrics = all_metrics(fresh, case.targets) | all_metrics(ranked, [*case.gold, *missing], "all.")
    return {
        "items": list(ranked[: KS[-1]]),
        "gold": list(case.gold),
        "new": list(case.new),
        "gold_outside": list(case.outside),
        "targets": len(case.targets),
        "outside": list(answer.outside),
        "metrics": metrics,
        "slices": slices.of_case(case),
        "chances": _chances(answer, ranked[: KS[-1]], names),
        "text": answer.text,
        "response": case.response,
        "speakers": [one.speaker for one in case.context if one.text.strip()],
        "first_seconds": answer.first_seconds,
        "usage": dict(answer.usage) if answer.usage else None,
        "trace": list(answer.trace) if answer.trace else None,
        "replies": [
            reply_record(
                said=[one.text for one in case.context if one.text.strip()],
                mentioned=case.mentioned,
                known=(),
                items=ranked,
                text=answer.text,
                places=answer.places,
                conditions=last_conditions(answer.trace),
                first_seconds=answer.first_seconds,
                seconds=None,
                usage=answer.usage,
            )
        ],
    }


def _chances(answer: Answer, ranked: Sequence[str], names: Names) -> list[float] | None:
    """The chance of each ranked item, that of all items of its title together; None where there are none."""
    found: dict[str, float] = {}
    for item_id, chance in zip(answer.items, answer.chances, strict=False):
        found[names.first(item_id)] = found.get(names.first(item_id), 0.0) + chance
    return [round(found[item_id], 6) for item_id in ranked] if found else None


@dataclass(frozen=True)
class Slices:
    """What cases are grouped by in reports.

    Attributes:
        band: item id -> how popular it is among the cases.
        attribute: the catalogue's first attribute of values, such as its genres.
        value: gives an item's first value of it.
    """

    band: Mapping[str, str]
    attribute: str | None
    value: Callable[[str], str | None]

    @classmethod
    def of(cls, cases: Sequence[DialogueCase], catalog: Catalog) -> Slices:
        """Bands of popularity among the mentions of these cases, and the catalogue's first attribute of values."""
        named = {(case.group, i) for case in cases for i in (*case.mentioned, *case.gold)}
        counts: dict[str, int] = {}
        for _, item_id in sorted(named):
            counts[item_id] = counts.get(item_id, 0) + 1
        order = sorted(counts, key=lambda i: (-counts[i], i))
        before = np.cumsum([0, *(counts[i] for i in order)])[: len(order)] / max(1, sum(counts.values()))
        band = {
            i: "head" if share < HEAD_SHARE else "middle" if share < MIDDLE_SHARE else "tail"
            for i, share in zip(order, before, strict=True)
        }
        name = next(catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS), None)

        def value(item_id: str) -> str | None:
            values = as_tags(catalog[item_id].attributes.get(name)) if name else ()
            return values[0] if values else None

        return cls(band, name, value)

    def of_case(self, case: DialogueCase) -> dict[str, str]:
        """Slice -> the value of it that a case is in."""
        found = {"turn": _size(case.turn), "mentioned": _size(len(case.mentioned))}
        gold = case.new or case.gold
        if gold:
            found["popularity"] = self.band.get(gold[0], "tail")
            if self.attribute and (value := self.value(gold[0])):
                found.setdefault(self.attribute, value)
        return found


def _size(n: int) -> str:
    """Which band of counts.

    >>> [_size(n) for n in (0, 2, 3, 9)]
    ['0', '1-2', '3-5', '6 or more']
    """
    return next((name for most, name in _SIZES if n <= most), "6 or more")
