"""The replies that a run's rows hold, whatever kind of run and however old: what a row lacks is None."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tastemaker.evals.runs.reply_record import last_conditions
from tastemaker.evals.runs.run_folder import Head, Row
from tastemaker.retrieval.errors import DataError

KINDS = ("dialogues", "replay", "requests", "simulate")


@dataclass(frozen=True)
class JudgedReply:
    """One reply and what it answers; a field is None where the row did not record it.

    Attributes:
        case, group: of the row: a conversation is a row, a group may hold several.
        failed: the system gave no answer.
        said: what others had said in the conversation by then.
        earlier: ids shown earlier in the conversation.
        mentioned, known, items, text, places, conditions, first_seconds, seconds, usage: see
            :func:`tastemaker.evals.runs.reply_record.reply_record`.
    """

    case: str
    group: str
    failed: bool = False
    said: tuple[str, ...] | None = None
    earlier: tuple[str, ...] = ()
    mentioned: tuple[str, ...] | None = None
    known: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    text: str | None = None
    places: Mapping[str, Sequence[int]] | None = None
    conditions: Sequence[Mapping[str, Any]] | None = None
    first_seconds: float | None = None
    seconds: float | None = None
    usage: Mapping[str, Any] | None = None


def replies_of(row: Row, head: Head) -> list[JudgedReply]:
    """A row's replies in order; one without text where the row failed.

    Raises:
        DataError: a run of a kind that holds no replies.
    """
    kind = head["kind"]
    if kind not in KINDS:
        raise DataError(f"a run of {kind} holds no replies to judge; runs of {', '.join(KINDS)} do")
    if row.get("error"):
        return [JudgedReply(row["case"], row["group"], failed=True, text="", seconds=row["seconds"])]
    records = row.get("replies")
    if records is None:
        records = _of_exchanges(row) if kind == "simulate" else [_of_row(row, kind)]
    said, shown, found = list[str](), list[str](), []
    for one in records:
        said += one.get("said") or ()
        found.append(_reply(row, one, tuple(said), tuple(shown)))
        shown += one["items"]
    return found


def _reply(row: Row, one: Mapping[str, Any], said: tuple[str, ...], shown: tuple[str, ...]) -> JudgedReply:
    mentioned = one.get("mentioned")
    seconds = one.get("seconds")
    return JudgedReply(
        row["case"],
        row["group"],
        said=None if one.get("said") is None else said,
        earlier=shown,
        mentioned=None if mentioned is None else tuple(mentioned),
        known=tuple(one.get("known") or ()),
        items=tuple(one["items"]),
        text=one.get("text"),
        places=one.get("places"),
        conditions=one.get("conditions"),
        first_seconds=one.get("first_seconds"),
        seconds=row["seconds"] if seconds is None else seconds,
        usage=one.get("usage"),
    )


def _of_row(row: Row, kind: str) -> Row:
    """A reply from before rows kept them; what was said earlier in a session is not in such a row."""
    return {
        "items": row["items"],
        "text": row.get("text"),
        "usage": row.get("usage"),
        "first_seconds": row.get("first_seconds") if kind != "simulate" else None,
        "conditions": last_conditions(row.get("trace")),
    }


def _of_exchanges(row: Row) -> list[Row]:
    return [
        {
            "said": [one["user"]],
            "mentioned": [],
            "items": one["items"],
            "text": one["agent"],
            "seconds": one["seconds"],
            "usage": (one.get("usage") or {}).get("agent"),
        }
        for one in row.get("trace") or ()
    ]
