"""What people did in conversations as a log of interactions, for a build to learn from."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np

from tastemaker.agent.feedback import read_feedback
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.interactions import DISLIKE, LIKE, NEUTRAL, Interactions
from tastemaker.retrieval.errors import DataError

PERSON = "session:"
"""In front of a session's id, so that what was learned before is known again and not learned twice."""
OPINIONS = {"liked": LIKE, "chosen": LIKE, "disliked": DISLIKE, "opened": NEUTRAL}


def events_of(folder: Path, catalog: Catalog) -> Interactions:
    """The likes, dislikes and choices of all sessions; items that the catalogue no longer has are left out.

    Raises:
        DataError: there is no such folder, nothing happened in it, or a file is broken.
    """
    if not folder.is_dir():
        raise DataError("no feedback yet; it is written down as people talk to the catalogue", folder)
    row_of = {item_id: row for row, item_id in enumerate(catalog.ids)}
    users, rows, times, opinions = list[str](), list[int](), list[float](), list[int]()
    for name in sorted({file.name.removesuffix(".gz") for file in folder.glob("*.jsonl*")}):
        for one in read_feedback(folder / name):
            opinion, row = OPINIONS.get(one["kind"]), row_of.get(one.get("item", ""))
            if opinion is not None and row is not None:
                users.append(PERSON + name.removesuffix(".jsonl"))
                rows.append(row)
                times.append(datetime.fromisoformat(one["at"]).timestamp())
                opinions.append(opinion)
    if not rows:
        raise DataError("nobody has liked, disliked or accepted an item of the catalogue yet", folder)
    return Interactions.from_columns(users, rows, times, feedback=opinions)


def with_feedback(log: Interactions, feedback: Interactions) -> Interactions:
    """A log with what happened in conversations, in place of what was learned of these before."""
    people = np.array([user.startswith(PERSON) for user in log.users], dtype=np.bool_)
    own = ~people[log.user] if len(log) else np.zeros(0, dtype=np.bool_)
    opinion = np.full(len(log), LIKE, dtype=np.int8) if log.feedback is None else log.feedback
    said = np.full(len(feedback), LIKE, dtype=np.int8) if feedback.feedback is None else feedback.feedback
    ratings = None
    if log.rating is not None:
        ratings = np.concatenate([log.rating[own], np.full(len(feedback), np.nan, dtype=np.float32)])
    return Interactions.from_columns(
        [log.users[code] for code in log.user[own]] + [feedback.users[code] for code in feedback.user],
        np.concatenate([log.item[own], feedback.item]),
        np.concatenate([log.timestamp[own], feedback.timestamp]),
        ratings,
        np.concatenate([opinion[own], said]),
    )
