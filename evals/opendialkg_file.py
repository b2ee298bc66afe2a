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
import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from tastemaker.evals.dialogue_case import (
    DialogueCase,
    Mention,
    Speaker,
    Utterance,
    in_order_of_last_naming,
)
from tastemaker.evals.dialogue_titles import DialogueTitles
from tastemaker.retrieval.errors import DataError

FIELD = "Messages"
_SPEAKERS = {"user": Speaker.SEEKER, "assistant": Speaker.RECOMMENDER}


def opendialkg_cases(path: Path, titles: DialogueTitles) -> Iterator[DialogueCase | str]:
    """A case for every turn of the assistant whose path ends at an item, or why a turn is none.

    Raises:
        DataError: no such column, or a row that does not hold messages.
    """
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        if FIELD not in (table.fieldnames or ()):
            raise DataError(f"no column {FIELD!r}, which OpenDialKG's table has", path, 1, FIELD)
        for number, row in enumerate(table):
            yield from _conversation(str(number), _messages(row[FIELD], path, table.line_num), titles)


def _conversation(
    conversation: str, messages: list[Mapping[str, Any]], titles: DialogueTitles
) -> Iterator[DialogueCase | str]:
    context: list[Utterance] = []
    named: list[Mention] = []
    for number, (speaker, turn) in enumerate(groupby(messages, key=lambda one: _SPEAKERS[one["sender"]])):
        together = list(turn)
        text = " ".join(" ".join(str(one.get("message", "")).split()) for one in together).strip()
        triples = [triple for one in together for triple in _path(one)]
        tails = [item for _, _, tail in triples[-1:] if (item := titles.named(str(tail)))]
        ends = [item for head, _, tail in triples for end in (head, tail) if (item := titles.named(str(end)))]
        if speaker is Speaker.RECOMMENDER:
            if tails:
                repeated = frozenset(tails) & {mention.item for mention in named}
                yield DialogueCase(
                    f"{conversation}/{number}", conversation, number, tuple(context),
                    in_order_of_last_naming(named), tuple(tails), repeated, text,
                )  # fmt: skip
            else:
                yield "answers without items of the catalogue"
        context += [Utterance(speaker, text)] if text else []
        named += [Mention(item, speaker) for item in ends]


def _path(message: Mapping[str, Any]) -> list[tuple[Any, Any, Any]]:
    """The triples of a message's path; none where it has no path."""
    try:
        return [(head, relation, tail) for head, relation, tail in message["metadata"]["path"][1]]
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
