"""Requests from a file: one JSON object a line, as ``evals/data/request.schema.json`` says.

================ ================================================================================
field            what it is
================ ================================================================================
id               unique in the file (needed)
message          what the person says (needed)
relevant         ``{"2": [...], "1": [...], "0": [...]}``: items that clearly fit, arguably, or do
                 not (needed but for "0"; whatever is on no list does not fit either)
conversation     its messages are asked one after the other in one session; the id unless given
turn             which of its messages, from 1; one more than ``earlier`` has unless given
history          items that the person likes, alike in all messages of a conversation
shown            the list that this message answers
earlier          the messages before this one
kind, criterion  what sort of request, and what fits, in words
excluded         items that are no answer: liked, shown or named
abstain          true where nothing fits and that is the right answer
unknown_property what is asked for that nothing tells, such as a price
ideal_form       what it means: ``hard``, ``soft``, ``avoid`` (lists of phrases), ``query``, ``like``,
                 ``unlike`` (items), ``scope`` (new, refine, replace, reverse)
sentences        judged ones of replies: ``{"text", "verdict": "true" | "false" | "empty", "item"}``
================ ================================================================================

Items are named by id or by exact title.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from tastemaker.evals.dialogues.row_fields import (
    FieldError,
    Fields,
    label,
    labels,
    number,
    objects,
    one_of,
    table,
    text,
    texts,
)
from tastemaker.evals.requests.case import VERDICTS, IdealForm, JudgedSentence, RequestCase, Verdict
from tastemaker.retrieval.errors import DataError

T = TypeVar("T")
SCOPES = ("new", "refine", "replace", "reverse")


def read_requests(path: Path) -> list[RequestCase]:
    """Every request of a file, items as they are named there.

    Raises:
        DataError: the file cannot be read; names line and field.
    """
    cases = [_case(row, path, line) for line, row in read_objects(path)]
    if not cases:
        raise DataError("there is no request in it", path)
    seen = set[str]()
    for case in cases:
        if case.id in seen:
            raise DataError(f"two requests have the id {case.id!r}", path)
        seen.add(case.id)
    return cases


def request_schema() -> str:
    """The JSON schema of a line."""
    return (resources.files("tastemaker.evals") / "data" / "request.schema.json").read_text(encoding="utf-8")


def read_objects(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The objects of a file of JSON Lines, each with its line's number.

    Raises:
        DataError: no such file, or a line that is no object.
    """
    if not path.is_file():
        raise DataError("no such file", path)
    with path.open(encoding="utf-8-sig") as lines:
        try:
            for line, told in enumerate(lines, 1):
                if told.strip():
                    yield line, _object(told, path, line)
        except UnicodeDecodeError as error:
            raise DataError(f"not UTF-8 text ({error.reason}); save it as UTF-8", path) from None


def _object(told: str, path: Path, line: int) -> Mapping[str, Any]:
    try:
        row = json.loads(told)
    except ValueError as error:
        raise DataError(f"not JSON: {error}", path, line) from None
    if not isinstance(row, dict):
        raise DataError(f"a line must be an object, got {type(row).__name__}", path, line)
    return row


def _case(row: Fields, path: Path, line: int) -> RequestCase:
    try:
        return _read(row)
    except FieldError as error:
        raise DataError(str(error), path, line, error.field) from None


def _read(row: Fields) -> RequestCase:
    relevant = table(row, "relevant")
    earlier = tuple(_optional(row, "earlier", texts, list[str]()))
    message = text(row, "message")
    if not message.strip():
        raise FieldError("message", "the message is empty")
    case_id = label(row, "id")
    return RequestCase(
        id=case_id,
        group=_optional(row, "conversation", label, case_id),
        turn=_optional(row, "turn", number, len(earlier) + 1),
        message=message,
        history=_ids(row, "history"),
        shown=_ids(row, "shown"),
        earlier=earlier,
        kind=_optional(row, "kind", text, ""),
        criterion=_optional(row, "criterion", text, ""),
        fits=_ids(relevant, "2"),
        arguable=_ids(relevant, "1"),
        excluded=_ids(row, "excluded"),
        abstain=_truth(row, "abstain"),
        unknown_property=_optional(row, "unknown_property", text, ""),
        ideal=_ideal(table(row, "ideal_form")) if row.get("ideal_form") is not None else None,
        sentences=tuple(map(_sentence, _optional(row, "sentences", objects, list[Fields]()))),
        source=row,
    )


def _ideal(form: Fields) -> IdealForm:
    return IdealForm(
        hard=_phrases(form, "hard"),
        soft=_phrases(form, "soft"),
        avoid=_phrases(form, "avoid"),
        query=_optional(form, "query", text, ""),
        like=_ids(form, "like"),
        unlike=_ids(form, "unlike"),
        scope=_optional(form, "scope", lambda row, name: one_of(row, name, SCOPES), ""),
    )


def _sentence(row: Fields) -> JudgedSentence:
    verdict: Verdict = next(one for one in VERDICTS if one == one_of(row, "verdict", VERDICTS))
    return JudgedSentence(text(row, "text"), verdict, _optional(row, "item", label, ""))


def _phrases(form: Fields, name: str) -> tuple[str, ...]:
    return tuple(_optional(form, name, texts, list[str]()))


def _ids(row: Fields, name: str) -> tuple[str, ...]:
    return tuple(_optional(row, name, labels, list[str]()))


def _truth(row: Fields, name: str) -> bool:
    value = row.get(name)
    if value is not None and not isinstance(value, bool):
        raise FieldError(name, f"must be true or false, got {json.dumps(value, default=str)[:80]}")
    return bool(value)


def _optional(row: Fields, name: str, read: Callable[[Fields, str], T], default: T) -> T:
    return default if row.get(name) is None else read(row, name)
