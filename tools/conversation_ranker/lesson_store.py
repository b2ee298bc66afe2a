"""The logged conversations that a workspace was taught, kept so that it can go on learning from them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tastemaker.retrieval.atomic_write import write_atomically
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.tools.conversation_ranker.context_knn import LoggedContext
from tastemaker.tools.dialogue_context import DialogueContext

NAME = "lessons.jsonl.gz"
"""Lies in the workspace itself, not in a version: a build makes a new version and leaves it."""


def write_lessons(workspace: Path, lessons: Sequence[LoggedContext]) -> None:
    """Keep moments, in place of those that were kept before.

    Raises:
        OSError: they cannot be written; what was kept before is as it was.
    """
    lines = "".join(json.dumps(_to_json(one), ensure_ascii=False) + "\n" for one in lessons)
    write_atomically(workspace / NAME, gzip.compress(lines.encode("utf-8", "backslashreplace"), mtime=0))


def read_lessons(workspace: Path, catalog: Catalog) -> list[LoggedContext]:
    """What was kept, without items that the catalogue no longer holds; nothing where nothing was kept.

    Raises:
        WorkspaceError: the file is damaged.
    """
    file = workspace / NAME
    if not file.is_file():
        return []
    known = set(catalog.ids)
    try:
        with gzip.open(file, "rt", encoding="utf-8", newline="\n") as lines:
            return [_from_json(json.loads(line), known) for line in lines]
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise WorkspaceError(
            f"{file} is damaged ({error}); delete it and teach the workspace again with `tastemaker learn FILE`"
        ) from error


def join_lessons(
    before: Sequence[LoggedContext], after: Sequence[LoggedContext], source: str
) -> list[LoggedContext]:
    """Earlier and new moments, each once; where both have a conversation of one name, the new one is called otherwise.

    >>> old = LoggedContext("1", DialogueContext(("hello",)), ("a",))
    >>> new = LoggedContext("1", DialogueContext(("good day",)), ("b",))
    >>> [one.conversation for one in join_lessons([old], [new], "may.jsonl")]
    ['1', 'may.jsonl: 1']
    """
    known = {_key(one) for one in before}
    names = {one.conversation for one in before}
    otherwise = [replace(one, conversation=f"{source}: {one.conversation}") for one in after]
    fresh = [
        (one, other)
        for one, other in zip(after, otherwise, strict=True)
        if not known & {_key(one), _key(other)}
    ]
    # A file that has grown since goes on under the name that its conversations had.
    same = {one.conversation for one in after if _key(one) in known}
    return [*before, *(one if one.conversation not in names - same else other for one, other in fresh)]


def _key(one: LoggedContext) -> tuple[str, DialogueContext, tuple[str, ...]]:
    return one.conversation, one.dialogue, one.named


def _to_json(one: LoggedContext) -> dict[str, Any]:
    dialogue = one.dialogue
    return {
        "conversation": one.conversation,
        "time": one.time,
        "said": dialogue.said,
        "mentioned": dialogue.mentioned,
        "disliked": dialogue.disliked,
        "named": one.named,
    }


def _from_json(row: dict[str, Any], known: set[str]) -> LoggedContext:
    mentioned, disliked, named = (
        tuple(i for i in row[name] if i in known) for name in ("mentioned", "disliked", "named")
    )
    dialogue = DialogueContext(tuple(row["said"]), mentioned, disliked)
    return LoggedContext(row["conversation"], dialogue, named, row["time"])
