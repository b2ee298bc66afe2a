"""One case of several runs as JSON: a line of the list, and what is shown once it is opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tastemaker.evals.runs.run_folder import Row

Talk = list[list[Any]]
"""Who spoke, what they said, and the ids of items that were shown with it."""
Record = dict[str, Any]

LABEL = 110
"""Letters of what was said last, which tell cases apart in the list."""
SEEKER, SYSTEM, UNKNOWN = "user", "system", ""
"""Rows of dialogues that an older version made do not tell who spoke."""
KEPT = ("items", "grades", "chances", "error", "seconds", "usage", "changes", "farewell", "leaks", "outside")
"""What is shown of a row as it stands."""


def index_line(
    case: str, rows: Sequence[Row | None], metrics: Sequence[str], slices: Sequence[str]
) -> Record:
    """A case's line of the list.

    Args:
        case: its id.
        rows: its row in each run, None where a run lacks it.
        metrics: which values are kept.
        slices: names of slices, in order.
    """
    row = next(one for one in rows if one)
    told = slices_of_row(row)
    return {
        "id": case,
        "group": row.get("group", case),
        "label": _label(row),
        "slices": [told.get(name) for name in slices],
        "values": [None if one is None else [_value(one, metric) for metric in metrics] for one in rows],
        "failed": [bool(one and one.get("error")) for one in rows],
    }


def detail(rows: Sequence[Row | None]) -> Record:
    """What is shown of a case: the conversation before the answer, what was right, and each run's answer."""
    held = [one for one in rows if one]
    first = held[0]
    before = [_context(one) for one in held]
    shared = before[0] if all(one == before[0] for one in before) else []
    return {
        "talk": shared,
        "gold": list(first.get("new") or first.get("gold") or ()),
        "repeated": [one for one in first.get("gold") or () if "new" in first and one not in first["new"]],
        "missing": list(first.get("gold_outside") or ()),
        "response": first.get("response") or "",
        "history": list(first.get("history") or _first_reply(first).get("known") or ()),
        "mentioned": list(_first_reply(first).get("mentioned") or ()) if "new" in first else [],
        "runs": [None if one is None else _answer(one, bool(shared)) for one in rows],
    }


def slices_of_row(row: Row) -> Mapping[str, str]:
    """What a case is grouped by: its slices, or its labels."""
    return row.get("slices") or row.get("labels") or {}


def _answer(row: Row, shared: bool) -> Record:
    replies = row.get("replies") or ()
    talk = [] if shared else _context(row)
    for place, reply in enumerate(replies):
        talk += _said(row, reply) if place else []
        talk.append([SYSTEM, reply.get("text") or "", list(reply.get("items") or ())[:10]])
    last = replies[-1] if replies else {}
    found = {name: row[name] for name in KEPT if row.get(name)}
    trace = row.get("trace") or []
    if trace and "user" in trace[0]:  # a simulated conversation's trace is the conversation itself
        trace = [{**event, "kind": f"turn {n}"} for n, event in enumerate(trace, 1)]
    return {**found, "talk": talk, "conditions": last.get("conditions"), "trace": trace}


def _context(row: Row) -> Talk:
    replies = row.get("replies") or ()
    return _said(row, replies[0]) if replies else []


def _said(row: Row, reply: Row) -> Talk:
    said = reply.get("said") or ()
    speakers = row.get("speakers") or ()
    who = UNKNOWN if "new" in row else SEEKER
    names = speakers if len(speakers) == len(said) else [who] * len(said)
    return [[name, text] for name, text in zip(names, said, strict=True)]


def _first_reply(row: Row) -> Row:
    first: Row = next(iter(row.get("replies") or ()), {})
    return first


def _label(row: Row) -> str:
    said = [text for text in (row.get("message"), *(text for _, text in _context(row)[-1:])) if text]
    text = " ".join(str(said[0]).split()) if said else ""
    return text if len(text) <= LABEL else text[: LABEL - 1] + "…"


def _value(row: Row, metric: str) -> float | None:
    value = (row.get("metrics") or {}).get(metric)
    return None if value is None else round(float(value), 4)
