"""What a row keeps of each reply, so that it can be judged later and nobody is asked again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Record = dict[str, Any]


def reply_record(
    *,
    said: Iterable[str],
    mentioned: Iterable[str],
    known: Iterable[str],
    items: Iterable[str],
    text: str | None,
    places: Mapping[str, Sequence[int]] | None,
    conditions: Sequence[Mapping[str, Any]] | None,
    first_seconds: float | None,
    seconds: float | None,
    usage: Mapping[str, Any] | None,
) -> Record:
    """One reply as JSON.

    Args:
        said: what others said since the reply before.
        mentioned: item ids that came up in the conversation before: to show one is to repeat it.
        known: item ids known of the person beforehand.
        items: ids shown, best first.
        text: the reply; None for systems that don't speak.
        places: item id -> the ranks at which tools found it.
        conditions: those in force, as JSON; None where nobody knows.
        first_seconds, seconds: to the first item, and to the end; None for the row's own.
        usage: calls, tokens and cost.
    """
    return {
        "said": list(said),
        "mentioned": list(mentioned),
        "known": list(known),
        "items": list(items),
        "text": text,
        "places": {item: list(ranks) for item, ranks in (places or {}).items()} or None,
        "conditions": None if conditions is None else [dict(one) for one in conditions],
        "first_seconds": first_seconds,
        "seconds": seconds,
        "usage": dict(usage) if usage else None,
    }


def last_conditions(trace: Sequence[Mapping[str, Any]] | None) -> list[Record] | None:
    """The conditions of the profile as the agent read it last; None where the trace does not tell.

    >>> last_conditions([{"kind": "understood", "profile": {"constraints": []}}]), last_conditions(None)
    ([], None)
    """
    profiles = [event["profile"] for event in trace or () if event.get("kind") == "understood"]
    return list(profiles[-1].get("constraints") or ()) if profiles else None
