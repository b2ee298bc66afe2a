"""What the feedback log teaches: moments of our own sessions, and what people took of what they were then shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tastemaker.agent.feedback import read_feedback
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.errors import DataError
from tastemaker.tools.conversation_ranker.context_knn import LoggedContext
from tastemaker.tools.dialogue_context import DialogueContext

TOOK = ("liked", "chosen")
"""What says that a person wants an item; to open one says little."""
JUDGED = (*TOOK, "disliked")
DAY = 86_400


@dataclass(frozen=True)
class FeedbackMoments:
    """What a folder of feedback logs teaches.

    Attributes:
        moments: of all sessions, the earliest first.
        events: lines read.
        sessions: logs read.
        unknown: items that the catalogue does not hold, left out.
    """

    moments: list[LoggedContext]
    events: int
    sessions: int
    unknown: int


def read_moments(folder: Path, catalog: Catalog, newest: int) -> FeedbackMoments:
    """Moments of all logged sessions.

    A session is a conversation: what a person judged without having been shown it, or brought along, counts as named by
    them; what they liked or chose of a turn's list is what followed on that turn.

    Args:
        folder: where ``tastemaker chat`` and ``serve`` keep their logs.
        catalog: whose items count.
        newest: only so many moments that something followed on are given as such, the latest. Of earlier sessions
            is told what they named, and when.

    Raises:
        DataError: no log there, or a broken one.
    """
    files = {
        file.name.removesuffix(".gz") for file in folder.glob("*.jsonl*") if not file.name.startswith(".")
    }
    order = sorted(((_first_time(folder / name), name) for name in files), reverse=True)
    if not order:
        raise DataError(
            "no logged sessions there; talk with the agent first (tastemaker web, chat, serve), or give the folder "
            "that --log named",
            folder,
        )
    known, kept, events, unknown = set(catalog.ids), list[list[LoggedContext]](), 0, set[str]()
    for _, name in order:
        records = list(read_feedback(folder / name))
        events += len(records)
        try:
            moments = list(_session(records, known, unknown))
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"a record is incomplete ({error!r})", folder / name) from error
        kept.append(moments if newest > 0 else _counts_alone(moments))
        newest -= sum(bool(one.named) for one in moments)
    return FeedbackMoments(
        [one for moments in reversed(kept) for one in moments], events, len(order), len(unknown)
    )


def _session(
    records: Sequence[dict[str, Any]], known: set[str], unknown: set[str]
) -> Iterator[LoggedContext]:
    """A session's moments; one without a turn is a single moment of what was judged."""
    took: dict[int, list[str]] = {}
    for one in records:
        if one["kind"] in TOOK and one["turn"] is not None:
            took.setdefault(one["turn"], []).append(one["item"])
    named, disliked = dict[str, None](), dict[str, None]()
    open_turn: dict[str, Any] | None = None

    def moment() -> LoggedContext:
        turn = open_turn or {}
        shown = took.get(turn.get("turn", 0), [])
        named_next = [i for i in dict.fromkeys(shown) if i in known and i not in named]
        dialogue = DialogueContext(_said(turn), tuple(named), tuple(i for i in disliked if i in named))
        return LoggedContext(
            str(records[0]["session"]),
            dialogue,
            tuple(named_next),
            _days(turn.get("at") or records[-1]["at"]),
        )

    def name(item: str) -> None:
        if item in known:
            named.setdefault(item)
        else:
            unknown.add(item)

    for one in records:
        if one["kind"] == "turn":
            if open_turn is not None:
                yield moment()
                for item in took.get(open_turn["turn"], ()):
                    name(item)
            open_turn = one
            profile = one.get("state", {}).get("profile", {})
            for item in (*profile.get("likes", ()), *profile.get("dislikes", ())):  # a history is the log's
                name(item)
            disliked |= dict.fromkeys(profile.get("dislikes", ()))
        elif one["kind"] in JUDGED and one["turn"] is None:
            name(one["item"])
            disliked |= {one["item"]: None} if one["kind"] == "disliked" else {}
    if open_turn is not None or named:
        yield moment()


def _counts_alone(moments: Sequence[LoggedContext]) -> list[LoggedContext]:
    """A session as one moment without words, of all that it named."""
    if not moments:
        return []
    last = moments[-1]
    named = dict.fromkeys(item for one in moments for item in (*one.dialogue.mentioned, *one.named))
    return (
        [LoggedContext(last.conversation, DialogueContext((), tuple(named)), (), last.time)] if named else []
    )


def _said(turn: dict[str, Any]) -> tuple[str, ...]:
    before = [message["text"] for message in turn.get("state", {}).get("messages", ())]
    return tuple(text for text in (*before, turn.get("message", "")) if text.strip())


def _first_time(file: Path) -> float:
    for one in read_feedback(file):
        return _days(one["at"])
    return 0.0


def _days(at: str) -> float:
    moment = datetime.fromisoformat(at)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() / DAY
