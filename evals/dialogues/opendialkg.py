"""OpenDialKG as published: a table with a column ``Messages``, one conversation a row, as JSON.

Moon et al., "OpenDialKG: Explainable Conversational Reasoning with Attention-based Walks over
Knowledge Graphs" (ACL 2019). Before a message, its writer may have chosen a path through the
knowledge graph: ``{"type": "action", "sender": "assistant", "metadata": {"path": [score, [[head,
relation, tail], ...], text]}}``. Both ends of the path are what the message is about. The file does
not tell items from people or genres, so that what the catalogue lacks is not counted as gold.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from tastemaker.evals.dialogues.case import LoggedCase, Speaker, Utterance
from tastemaker.retrieval.errors import DataError

FIELD = "Messages"
LONGEST_CELL = 2**31 - 1
_SPEAKERS: Mapping[str, Speaker] = {"user": "seeker", "assistant": "recommender"}


def opendialkg_cases(path: Path) -> Iterator[LoggedCase]:
    """A case for every turn of the assistant whose path ends somewhere.

    Raises:
        DataError: no such column, or a row that does not hold messages.
    """
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file)
        if FIELD not in (table.fieldnames or ()):
            raise DataError(f"no column {FIELD!r}, which OpenDialKG's table has", path, 1, FIELD)
        for number, row in enumerate(table):
            yield from _conversation(str(number), _messages(row[FIELD], path, table.line_num))


def _conversation(conversation: str, messages: Sequence[Mapping[str, Any]]) -> Iterator[LoggedCase]:
    context, named = list[Utterance](), list[str]()
    for place, (sender, turn) in enumerate(groupby(messages, key=lambda one: str(one["sender"]))):
        together = list(turn)
        text = " ".join(" ".join(str(one.get("message") or "").split()) for one in together).strip()
        triples = [triple for one in together for triple in _path(one)]
        if triples and _SPEAKERS[sender] == "recommender":
            yield LoggedCase(
                f"{conversation}-{place}",
                conversation,
                place,
                tuple(context),
                tuple(dict.fromkeys(named)),
                (triples[-1][1],),
                {},
                text,
                "entity",
            )
        context += [Utterance(_SPEAKERS[sender], text)] if text else []
        named += [end for triple in triples for end in triple]


def _path(message: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Head and tail of each step of a message's path; none where it has no path."""
    try:
        return [(str(head), str(tail)) for head, _, tail in message["metadata"]["path"][1]]
    except (KeyError, TypeError, IndexError, ValueError):
        return []


def _messages(cell: str, path: Path, line: int) -> list[Mapping[str, Any]]:
    try:
        messages = json.loads(cell)
        senders = {message["sender"] for message in messages}
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"no JSON list of messages with a sender ({error})", path, line, FIELD) from None
    if strange := senders - set(_SPEAKERS):
        raise DataError(f"sender {min(strange)!r}; allowed: user, assistant", path, line, FIELD)
    return list(messages)
