"""Which columns of a log are the person, the item, the time, the rating, and what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.ingest.column_roles import (
    ITEM_ID_NAMES,
    RATING_NAMES,
    RATING_WORDS,
    TIME_NAMES,
    TIME_WORDS,
    USER_WORDS,
    by_name,
    by_words,
    log_item_column,
    missing_role,
    named_column,
    plain_name,
    user_column,
)
from tastemaker.retrieval.ingest.feedback import (
    EVENT_NAMES,
    MOST_EVENTS,
    VAGUE_NAMES,
    is_count,
    is_event,
    is_flag,
)
from tastemaker.retrieval.ingest.forms.booleans import boolean_form
from tastemaker.retrieval.ingest.forms.dates import DateForm, date_form
from tastemaker.retrieval.ingest.forms.numbers import number_form
from tastemaker.retrieval.ingest.infer_schema import Column, Inference, words_of
from tastemaker.retrieval.ingest.overrides import InteractionOverrides
from tastemaker.retrieval.ingest.tables import Table

UNUSED = "a log's columns are user, item, timestamp, event, rating and what [interactions.context] names"


def infer_interactions(
    table: Table, said: InteractionOverrides, known: Callable[[Any], bool], notes: tuple[str, ...] = ()
) -> Inference:
    """What the columns of a log are.

    Args:
        table: its first rows.
        said: the overrides.
        known: whether a value is an id of the catalogue.
        notes: of reading the file.

    Raises:
        DataError: no user or item column, or the overrides name a column that is not there.
    """
    roles: dict[str, Column] = {}

    def free() -> list[str]:
        return [name for name in table.columns if name not in roles and name not in said.ignore]

    def settle(column: Column | None) -> None:
        if column:
            roles[column.name] = column

    roles_said = {
        "user": said.user,
        "item": said.item,
        "timestamp": said.timestamp,
        "rating": said.rating,
        "event": said.event,
    }
    for role, named in roles_said.items():
        settle(named_column(role, list(table.columns), named, table.path))
    for name, named in said.context.items():
        settle(_context(table, name, named, roles))
    settled = {column.becomes for column in roles.values()}
    if "user" not in settled:
        user = user_column(free())
        if user is None:
            raise missing_role("user", list(table.columns), table.path)
        settle(user)
    if "item" not in settled:
        settle(_item(table, free(), known))
    if "timestamp" not in settled:
        settle(_time(table, free(), said))
    if "rating" not in settled:
        settle(_rating(table, free()))
    if "event" not in settled:
        for name in free():
            values = [value for value in table.columns[name] if value is not None]
            if is_flag(name, values):
                settle(Column(name, "event", "yes or no, by its name"))
            elif is_event(name, values):
                settle(Column(name, "event", f"{len(set(values)):,} events, by their names"))
    columns = [roles.get(name) or _unused(name, table.columns[name]) for name in table.columns]
    return Inference(table.path, tuple(columns), notes)


def _unused(name: str, values: Sequence[Any]) -> Column:
    """A column that plays no role; one that may say what people thought is asked about."""
    held = {str(value) for value in values if value is not None}
    if (
        plain_name(name) not in EVENT_NAMES
        or plain_name(name) in VAGUE_NAMES
        or not 1 < len(held) <= MOST_EVENTS
    ):
        return Column(name, "ignored", UNUSED)
    shown = ", ".join(repr(value) for value in sorted(held)[:3])
    line = f'event = "{name}" under [interactions], and under [interactions.events] what each value means'
    return Column(name, "ignored", UNUSED, doubt=f"{shown} may say what people thought; if so, write {line}")


def _context(table: Table, name: str, named: str, taken: Mapping[str, Column]) -> Column | None:
    """The column of something that was known of each moment.

    Raises:
        DataError: it is not there, or it is named as something else too.
    """
    if other := taken.get(named):
        raise DataError(
            f"column {named!r} is named as context {name} and as {other.becomes}; a column is one of them",
            table.path,
            1,
        )
    column = named_column("context", list(table.columns), named, table.path)
    return column and replace(column, why=f"{name}, named in the overrides")


def _item(table: Table, names: Sequence[str], known: Callable[[Any], bool]) -> Column:
    column, share = log_item_column(table.columns, names, known)
    if column is None or (share == 0.0 and not by_name("item", names, ITEM_ID_NAMES)):
        raise missing_role(
            "item", list(table.columns), table.path, "; no column's values are ids of the catalogue"
        )
    return column


def _time(table: Table, names: Sequence[str], said: InteractionOverrides) -> Column | None:
    """By a usual name, by a word for time in the name, or because it is the only column of dates."""
    readable = {name: form for name in names if (form := _dates(table, name, said, timed=_says_time(name)))}
    column = by_name(
        "timestamp", [name for name in names if name in readable or not _has_values(table, name)], TIME_NAMES
    )
    column = column or by_name("timestamp", names, TIME_NAMES)
    column = column or by_words("timestamp", [name for name in readable if _says_time(name)], TIME_WORDS)
    if column is None:
        dated = [name for name, form in readable.items() if not form.epoch]
        counted = [name for name in names if not dated and _counts_seconds(table.columns[name])]
        if len(counted) == 1:
            readable = {counted[0]: DateForm(epoch=1.0 if _first(table.columns[counted[0]]) < 1e11 else 1e3)}
        elif not dated:
            return None
        column = Column(next(iter([*dated, *counted])), "timestamp", "its values are dates")
    others = [name for name in readable if name != column.name]
    form = readable.get(column.name)
    doubt = (
        form.uncertain.replace(f"[items.dates] {column.name} = ", "dates = ") + " under [interactions]"
        if form and form.uncertain
        else ""
    )
    also = f" ({', '.join(others[:2])} are dates too)" if others else ""
    kind = f", {_kind(form)}" if form else ""
    return Column(column.name, "timestamp", column.why + kind + also, form=form, doubt=doubt)


def _first(values: Sequence[Any]) -> float:
    return next((float(value) for value in values if value is not None), 0.0)


def _counts_seconds(values: Sequence[Any]) -> bool:
    """Whether numbers are seconds or milliseconds since 1970, of this century."""
    known = [value for value in values[:2000] if value is not None]
    try:
        numbers = [float(value) for value in known]
    except (TypeError, ValueError):
        return False
    spans = ((SINCE, UNTIL), (SINCE * 1e3, UNTIL * 1e3))
    return len(set(numbers)) > 1 and any(all(low <= one < high for one in numbers) for low, high in spans)


SINCE, UNTIL = 946_684_800.0, 2_208_988_800.0
"""2000 and 2040 in seconds since 1970."""


def _kind(form: DateForm) -> str:
    if form.epoch:
        return {1.0: "seconds", 1e3: "milliseconds", 1e6: "microseconds"}.get(
            form.epoch, "nanoseconds"
        ) + " since 1970"
    return "dates"


def _says_time(name: str) -> bool:
    return bool(TIME_WORDS & set(words_of(name).split())) or by_name("", [name], TIME_NAMES) is not None


def _has_values(table: Table, name: str) -> bool:
    return any(value is not None for value in table.columns[name])


def _dates(table: Table, name: str, said: InteractionOverrides, timed: bool) -> DateForm | None:
    known = [
        value for value in table.columns[name][:2000] if value is not None and not isinstance(value, bool)
    ]
    if not known or any(isinstance(value, list | dict) for value in known):
        return None
    return date_form(known, name=name, order=said.dates, timed=timed)


def _rating(table: Table, names: Sequence[str]) -> Column | None:
    readable = [
        name for name in names if _numeric(table, name) and not USER_WORDS & set(words_of(name).split())
    ]
    column = by_name(
        "rating", [name for name in names if name in readable or not _has_values(table, name)], RATING_NAMES
    )
    told = [name for name in names if plain_name(name) not in EVENT_NAMES]
    column = column or by_name("rating", told, RATING_NAMES) or by_words("rating", readable, RATING_WORDS)
    if column is None:
        counted = [name for name in readable if is_count(name)]
        column = Column(counted[0], "rating", "a count, by its name") if counted else None
    return column


def _numeric(table: Table, name: str) -> bool:
    known = [value for value in table.columns[name][:2000] if value is not None]
    if not known or any(isinstance(value, list | dict) for value in known):
        return False
    return number_form(known, name=name) is not None or boolean_form(known) is not None
