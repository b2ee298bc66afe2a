"""What was shown and what became of it: an append-only log of events, one file of JSON lines per session.

A ``turn`` line tells what the turn began with, so that it can be held again under another
model; ``shown`` lines follow, one per item, with the probabilities of its being there; then
come ``opened``, ``liked``, ``disliked`` and ``chosen``, each with the turn and the rank at
which the item was last shown. ``tastemaker eval replay`` reads it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tastemaker.agent.line_log import append_lines, erase_lines, read_lines
from tastemaker.agent.shortlist.exploration_slots import Draw, ExplorationPolicy
from tastemaker.retrieval.errors import DataError

logger = logging.getLogger(__name__)

KINDS = ("opened", "liked", "disliked", "chosen")
"""What a person may do with an item; in the order of how much it says."""

MAX_MESSAGES = 30
"""Earlier messages that a turn's state keeps: no step of a turn looks further back."""

REMEMBERED = (
    "profile",
    "last",
    "named",
    "clarified",
    "asking",
    "questions",
    "summary",
    "past",
    "future",
    "messages",
)

Record = dict[str, Any]


class FeedbackLog:
    """The log of one session.

    Args:
        folder: where logs are kept.
        session_id: whose.
    """

    def __init__(self, folder: Path, session_id: str) -> None:
        self.path = folder / f"{session_id}.jsonl"
        self._session = session_id

    def turn(
        self,
        number: int,
        message: str,
        k: int,
        state: Mapping[str, Any],
        made_by: Mapping[str, Any],
        policy: ExplorationPolicy,
        drawn: Draw,
        shown: Sequence[str],
    ) -> None:
        """A turn that is over: what it began with, and what it showed, rank by rank.

        Args:
            number: the turn's, from 1.
            message, k: what was asked.
            state: the session's state before the turn.
            made_by: model, effort, recommender.
            policy: how slots were drawn.
            drawn: the candidates and the places shown; without any where nothing was ranked.
            shown: item ids as shown.
        """
        asked = {
            "kind": "turn",
            "turn": number,
            "message": message,
            "k": k,
            **made_by,
            **policy.model_dump(),
            "ranked": list(drawn.ranked),
            "candidates": drawn.of,
            "state": state_to_log(state),
        }
        self._append([asked, *_item_records(number, k, policy, drawn, shown)])

    def did(self, kind: str, item_ids: Iterable[str]) -> None:
        """A person opened, liked, disliked or chose items, one line each."""
        wanted = list(item_ids)
        if wanted:
            last = self._last_impressions(set(wanted))
            self._append([{"kind": kind, "item": item_id, **last[item_id]} for item_id in wanted])

    def erase(self) -> None:
        """Delete the file, if there is one."""
        erase_lines(self.path)

    def _last_impressions(self, item_ids: Collection[str]) -> dict[str, Record]:
        """Turn and rank at which each item was last shown, None where it was not; the log is read once."""
        last: dict[str, Record] = {item_id: {"turn": None, "rank": None} for item_id in item_ids}
        for one in read_feedback(self.path):
            if one["kind"] == "shown" and one["item"] in last:
                last[one["item"]] = {name: one[name] for name in ("turn", "rank")}
        return last

    def _append(self, records: Sequence[Record]) -> None:
        """All lines of one occasion go out together; what the disk has no room for is lost, and a warning logged."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        try:
            append_lines(self.path, [{"session": self._session, "at": at, **one} for one in records])
        except OSError as error:  # the turn matters more than its record
            logger.warning("feedback is not written down in %s: %s", self.path, error.strerror)


def state_to_log(state: Mapping[str, Any]) -> Record:
    """The part of a session's state that a turn depends on; of the steps to go back to, the last."""
    kept = {name: state[name] for name in REMEMBERED if name in state}
    for name, most in (("past", 1), ("future", 1), ("messages", MAX_MESSAGES)):
        if name in kept:
            kept[name] = kept[name][-most:]
    return kept


def read_feedback(path: Path) -> Iterator[Record]:
    """The lines of one session's log in order; none where there is no file, a torn last line left out.

    Raises:
        DataError: a line in the middle is no event.
    """
    for number, line in read_lines(path):
        try:
            record = json.loads(line)
            record["kind"]
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"not an event ({error}); take the line out and read the log again", path, number
            ) from None
        yield record


def _item_records(
    turn: int, k: int, policy: ExplorationPolicy, drawn: Draw, shown: Sequence[str]
) -> Iterator[Record]:
    at = {drawn.ranked[place]: place for place in drawn.places}
    for slot, item_id in enumerate(shown):
        place = at.get(item_id)
        chances = {
            "propensity": None if place is None else policy.propensity(drawn.of, k, place, slot),
            "inclusion": None if place is None else policy.inclusion(drawn.of, k, place),
        }
        yield {"kind": "shown", "turn": turn, "item": item_id, "rank": slot + 1, **chances}
