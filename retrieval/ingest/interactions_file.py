"""A person's own log of who took what, from any of the files that :mod:`tastemaker.retrieval.ingest.tables` reads.

It is read in chunks: only numbers are kept of it, so that tens of millions of events fit.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.interactions import DISLIKE, LIKE, NEUTRAL, Interactions
from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.ingest.cells import as_id, as_number, is_missing
from tastemaker.retrieval.ingest.feedback import Verdict, event_text, judge_events, judge_ratings, together
from tastemaker.retrieval.ingest.forms.booleans import BooleanForm, boolean_form
from tastemaker.retrieval.ingest.forms.dates import DateForm, date_form
from tastemaker.retrieval.ingest.forms.numbers import NumberForm, number_form
from tastemaker.retrieval.ingest.infer_schema import Inference
from tastemaker.retrieval.ingest.list_logs import with_rows_of_lists
from tastemaker.retrieval.ingest.log_context import LogContext, context_text
from tastemaker.retrieval.ingest.log_roles import infer_interactions
from tastemaker.retrieval.ingest.overrides import InteractionOverrides, Overrides
from tastemaker.retrieval.ingest.rejects import SKIP_HINT, Rejects
from tastemaker.retrieval.ingest.tables import CHUNK, Source, Table, open_source

SAMPLE = 20_000
"""Rows by which the columns of a log are understood."""
MATCHED = 0.9
"""Share of interactions that must name an item of the catalogue."""
EXAMPLES = 5


@dataclass(frozen=True)
class LoadedInteractions:
    """A log, how its file was understood, and how many rows were set aside.

    Attributes:
        rules: what its events were taken to say, a line each, and doubts about it.
        n_unmatched: rows that name no item of the catalogue.
    """

    interactions: Interactions
    inference: Inference
    n_rejected: int = 0
    rules: tuple[str, ...] = ()
    n_unmatched: int = 0

    def __str__(self) -> str:
        """The report: columns, what events say, rows that were left out."""
        lines = [str(self.inference), *self.rules]
        if self.n_unmatched:
            lines.append(f"{self.n_unmatched:,} interactions name no item of the catalogue and are left out")
        return "\n".join(lines)


def load_interactions(
    path: Path,
    catalog: Catalog,
    overrides: Overrides | None = None,
    skip_bad_rows: bool = False,
    rejected: Path | None = None,
) -> Interactions:
    """The log alone; see :func:`read_interactions`."""
    return read_interactions(path, catalog, overrides, skip_bad_rows, rejected).interactions


def read_interactions(
    path: Path,
    catalog: Catalog,
    overrides: Overrides | None = None,
    skip_bad_rows: bool = False,
    rejected: Path | None = None,
    progress: bool = False,
) -> LoadedInteractions:
    """Read a log of who took what; time, event and rating are optional. Arguments as in :func:`read_items`.

    Times are seconds, milli-, micro- or nanoseconds since the epoch, or dates (UTC
    unless they say otherwise).

    Raises:
        DataError: something in the file is wrong, or too many interactions name no item of the catalogue.
    """
    said = (overrides or Overrides()).interactions
    rejects = Rejects(path, skip_bad_rows)
    source = open_source(path, said.form)
    sample = source.sample(SAMPLE)
    if not len(sample):
        next(source.chunks(rejects), None)  # raises what is wrong with the rows
        raise DataError("no rows below the header; give at least one", path)
    row_of = {item_id: row for row, item_id in enumerate(catalog.ids)}
    listed = with_rows_of_lists(source, sample, lambda value: _is_known(value, row_of), said.item)
    if listed is not source:
        source, sample = listed, listed.sample(SAMPLE)
    inference = infer_interactions(sample, said, lambda value: _is_known(value, row_of), tuple(source.notes))
    reader = _Reader(inference, sample, said, row_of, rejects)
    reader.read(source, progress)
    if not reader.rows:
        if reader.n_unmatched:
            raise reader.mismatch_error(path)
        raise DataError(f"none of the {rejects.count:,} rows is good: {rejects.first_reason}", path)
    rejects.write(rejected)
    interactions, rules = reader.interactions()
    return LoadedInteractions(interactions, inference, rejects.count, rules, reader.n_unmatched)


def _is_known(value: Any, row_of: Mapping[str, int]) -> bool:
    try:
        item_id = as_id(value)
        return item_id in row_of or item_id.removesuffix(".0") in row_of
    except ValueError:
        return False


@dataclass
class _Reader:
    """Collects the columns of a log, chunk by chunk."""

    inference: Inference
    sample: Table
    said: InteractionOverrides
    row_of: Mapping[str, int]
    rejects: Rejects
    users: dict[str, int] = field(default_factory=dict)
    n_unmatched: int = 0
    unmatched: Counter[str] = field(default_factory=Counter)
    first_unmatched: tuple[str, int] = ("", 0)

    def __post_init__(self) -> None:
        of = self.inference.of
        self.user_name, self.item_name = str(of("user")), str(of("item"))
        self.time_name, self.rating_name = of("timestamp"), of("rating")
        self.event_names = [column.name for column in self.inference.columns if column.becomes == "event"]
        self.codes, self.rows = array("i"), array("i")
        self.times, self.ratings = array("d"), array("f")
        self.events = [array("i") for _ in self.event_names]
        self.event_codes: list[dict[str, int]] = [{} for _ in self.event_names]
        self.context = LogContext(self.said.context)
        self._seconds = _seconds_reader(self.sample, self.time_name, self.said)
        self._rating = _rating_reader(self.sample, self.rating_name)

    def read(self, source: Source, progress: bool) -> None:
        """Every chunk of the file.

        Raises:
            DataError: a bad row, or too many that name no item.
        """
        from tqdm import tqdm

        n_rows = 0
        with tqdm(unit=" events", unit_scale=True, disable=not progress, desc="reading events") as bar:
            for chunk in source.chunks(self.rejects, CHUNK):
                self._read_chunk(chunk)
                n_rows += len(chunk)
                bar.update(len(chunk))
        if not self.rejects.skip and self.n_unmatched > (1 - MATCHED) * n_rows:
            raise self.mismatch_error(source.path, n_rows)

    def _read_chunk(self, chunk: Table) -> None:
        users, items = chunk.column(self.user_name), chunk.column(self.item_name)
        times = chunk.column(self.time_name) if self.time_name else None
        ratings = chunk.column(self.rating_name) if self.rating_name else None
        events = [chunk.column(name) for name in self.event_names]
        context = self.context.cells(chunk)
        known_users, row_of = self.users, self.row_of
        for at, line in enumerate(chunk.lines):
            column: str | None = self.user_name
            try:
                # An id that was met before is as it is; only a new one has to be looked at.
                user, item_id = users[at], items[at]
                if user not in known_users:
                    user = as_id(user)
                column = self.item_name
                if item_id not in row_of:
                    item_id = as_id(item_id)
                column = self.time_name
                when = self._seconds(times[at]) if times is not None else 0.0
                column = self.rating_name
                rating = self._rating(ratings[at]) if ratings is not None else 0.0
                moment = []
                for column, cells in context:  # noqa: B007 (the except clause names it)
                    moment.append(context_text(cells[at]))
            except (ValueError, TypeError) as error:
                self.rejects.add(str(error), line, column, chunk.row(at))
                continue
            row = row_of.get(item_id)
            if row is None and item_id.endswith(".0"):  # whole numbers as pandas writes them
                row = row_of.get(item_id[:-2])
            if row is None:
                self._note_mismatches(item_id, line, chunk, at)
                continue
            self.codes.append(known_users.setdefault(user, len(known_users)))
            self.rows.append(row)
            if context:
                self.context.add(moment)
            if times is not None:
                self.times.append(when)
            if ratings is not None:
                self.ratings.append(rating)
            for number, cells in enumerate(events):
                cell = cells[at]
                codes = self.event_codes[number]
                self.events[number].append(
                    -1 if cell is None else codes.setdefault(event_text(cell), len(codes))
                )

    def _note_mismatches(self, item_id: str, line: int, chunk: Table, at: int) -> None:
        if not self.n_unmatched:
            self.first_unmatched = (item_id, line)
        self.n_unmatched += 1
        if len(self.unmatched) < 10_000:
            self.unmatched[item_id] += 1
        if self.rejects.skip:
            self.rejects.add(f"item {item_id!r} is not in the catalogue", line, self.item_name, chunk.row(at))

    def mismatch_error(self, path: Path, n_rows: int = 0) -> DataError:
        """That too few interactions name an item, with examples of both sides."""
        item_id, line = self.first_unmatched
        total = n_rows or self.n_unmatched
        examples = ", ".join(repr(one) for one, _ in self.unmatched.most_common(EXAMPLES))
        ids = ", ".join(repr(one) for one in list(self.row_of)[:EXAMPLES])
        return DataError(
            f"item {item_id!r} is not in the catalogue, like {self.n_unmatched:,} of {total:,} interactions "
            f"(at most {1 - MATCHED:.0%} may be so): the log names {examples}; ids of the catalogue are {ids}; "
            'if another column names the item, write item = "..." under [interactions], or id = "..." under '
            f"[items] if it is the catalogue's; else {SKIP_HINT}",
            path,
            line,
            self.item_name,
        )

    def interactions(self) -> tuple[Interactions, tuple[str, ...]]:
        """The log, and what its events say in words."""
        verdicts: list[Verdict] = []
        columns = {column.name: column for column in self.inference.columns}
        for name, codes, known in zip(self.event_names, self.events, self.event_codes, strict=True):
            held = np.frombuffer(codes, dtype=np.int32)
            verdicts.append(judge_events(columns[name], list(known), held, self.said.events))
        ratings = np.frombuffer(self.ratings, dtype=np.float32) if self.rating_name else None
        if ratings is not None and self.rating_name:
            said = self.said
            verdict, ratings = judge_ratings(
                columns[self.rating_name], ratings, said.like_from, said.dislike_to, said.events
            )
            verdicts.append(verdict)
        feedback = together(verdicts)
        rules = [line for verdict in verdicts for line in _lines(verdict)]
        if feedback is None:
            rules.append("every event is a like: no column says otherwise")
        else:
            counts = {
                name: int((feedback == opinion).sum())
                for name, opinion in (("likes", LIKE), ("neutral", NEUTRAL), ("dislikes", DISLIKE))
            }
            rules.append("events: " + ", ".join(f"{n:,} {name}" for name, n in counts.items()))
        return Interactions.from_codes(
            tuple(self.users),
            np.frombuffer(self.codes, dtype=np.int32),
            np.frombuffer(self.rows, dtype=np.int32),
            np.frombuffer(self.times, dtype=np.float64) if self.time_name else None,
            ratings,
            None if feedback is None or (feedback == LIKE).all() else feedback,
            self.context.values(),
        ), (*rules, *self.context.rules())


def _lines(verdict: Verdict) -> list[str]:
    return [verdict.rule, *([f"  uncertain: {verdict.doubt}"] if verdict.doubt else [])]


def _seconds_reader(sample: Table, name: str | None, said: InteractionOverrides) -> Callable[[Any], float]:
    if name is None:
        return lambda _: 0.0
    known = [value for value in sample.columns[name] if not is_missing(value)]
    form = date_form(known, name=name, order=said.dates, timed=True, min_share=0.5) or DateForm()

    def seconds(value: Any) -> float:
        if value is None:
            raise ValueError("the time is empty")
        try:
            return form.seconds(value)
        except (ValueError, OverflowError):
            raise ValueError(f"time {str(value)[:80]!r} is neither a number of seconds nor a date") from None

    return seconds


def _rating_reader(sample: Table, name: str | None) -> Callable[[Any], float]:
    if name is None:
        return lambda _: 0.0
    known = [value for value in sample.columns[name] if not is_missing(value)]
    form: NumberForm | BooleanForm | None = number_form(known, name=name) or boolean_form(known)

    def rating(value: Any) -> float:
        if value is None:
            return math.nan
        try:
            if isinstance(form, BooleanForm):
                return float(form.read(value) == "yes")
            return as_number(value)
        except ValueError as error:
            if isinstance(form, NumberForm):
                try:
                    return form.read(value)
                except ValueError:
                    pass
            raise ValueError(f"rating: {error}") from None

    return rating
