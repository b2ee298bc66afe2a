"""The evaluation on natural requests: conversations in, a run folder per system out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tastemaker.evals.requests.case import RequestCase, conversations
from tastemaker.evals.requests.metrics import METRIC, Scores, miss, score
from tastemaker.evals.requests.system import RequestAnswer, RequestSystem, Talk
from tastemaker.evals.runs.reply_record import reply_record
from tastemaker.evals.runs.run_cases import append_rows, ask_case
from tastemaker.evals.runs.run_folder import Head, Row, RunFolder
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.errors import ConfigError

KIND = "requests"


@dataclass(frozen=True)
class Asker:
    """Holds conversations with one system.

    Attributes:
        given: whether a later message answers the file's list in place of the one that the system showed.
    """

    system: RequestSystem
    catalog: Catalog
    given: bool = False

    def rows(self, requests: Sequence[RequestCase]) -> list[Row]:
        """The rows of one conversation, asked message after message in one session."""
        with self.system.open(requests[0]) as talk:
            said = 0
            found = list[Row]()
            for request in requests:
                found.append(ask_case(request, _Turn(self, talk, said), self.miss_row))
                said = len(request.earlier) + 1
        return found

    def row(self, case: RequestCase, answer: RequestAnswer) -> Row:
        """A request's row, answered.

        Raises:
            ConfigError: an id that is not in the catalogue.
        """
        absent = [item for item in answer.items if item not in self.catalog]
        if absent:
            raise ConfigError(f"the system answered with {absent[0]!r}, which is no id of this catalogue")
        return _row(case, answer, score(case, answer, self.catalog))

    def miss_row(self, case: RequestCase) -> Row:
        """The row of a request without an answer."""
        return _row(case, RequestAnswer(), miss(case, self.catalog))


@dataclass(frozen=True)
class _Turn:
    """A message asked for its row, after those before it that the file does not ask about; ``said`` were said."""

    asker: Asker
    talk: Talk
    said: int

    def __call__(self, case: RequestCase) -> Row:
        for place in range(self.said, len(case.earlier)):
            self.talk.answer(case.unscored(place))
        if self.asker.given and case.earlier and case.shown:
            self.talk.replace_shown(case.shown)
        return self.asker.row(case, self.talk.answer(case))


def run_system(
    cases: Sequence[RequestCase],
    asker: Asker,
    folder: Path,
    head: Head,
    *,
    workers: int = 1,
    progress: bool = True,
) -> None:
    """Ask one system about every conversation in which a request has no row yet.

    Raises:
        WorkspaceError: the folder holds another run, or another process is at work there.
    """
    talks = {held[0].group: held for held in conversations(cases)}

    def rows_of(left: Sequence[RequestCase]) -> Iterator[Row]:
        missing = {case.id for case in left}
        groups = dict.fromkeys(case.group for case in left)
        for rows in pool.map(lambda group: asker.rows(talks[group]), groups):
            yield from (row for row in rows if row["case"] in missing)

    with RunFolder.open(folder, head) as run, ThreadPoolExecutor(max_workers=workers) as pool:
        append_rows(run, cases, rows_of, metric=METRIC, progress=progress)


def _row(case: RequestCase, answer: RequestAnswer, metrics: Scores) -> Row:
    return {
        "items": list(answer.items),
        "grades": [case.grade(item) for item in answer.items],
        "metrics": metrics,
        "labels": labels_of(case),
        "message": case.message,
        "text": answer.text,
        "reasons": dict(answer.reasons),
        "abstained": answer.abstained,
        "said_unknown": answer.said_unknown,
        "first_seconds": answer.first_seconds,
        "usage": dict(answer.usage) if answer.usage else None,
        "trace": list(answer.trace) if answer.trace else None,
        "replies": [
            reply_record(
                said=[*case.earlier, case.message],
                mentioned=(),
                known=case.history,
                items=answer.items,
                text=answer.text,
                places=None,
                conditions=answer.conditions,
                first_seconds=answer.first_seconds,
                seconds=None,
                usage=answer.usage,
            )
        ],
    }


def labels_of(case: RequestCase) -> dict[str, str]:
    """What requests are grouped by in reports."""
    told = {
        "turn": str(case.turn),
        "scope": case.ideal.scope if case.ideal else "",
        "history": "with history" if case.history else "without",
        "kind": case.kind,
    }
    return {name: value for name, value in told.items() if value}
