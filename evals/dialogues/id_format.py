"""Rows that name items by number: He et al., "Large Language Models as Zero-Shot Conversational
Recommenders" (CIKM 2023), and the map that says what the numbers mean.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tastemaker.evals.dialogues.case import LoggedCase
from tastemaker.evals.dialogues.formats import alternating
from tastemaker.evals.dialogues.row_fields import Fields, label, labels, text, texts
from tastemaker.retrieval.errors import DataError

ITEM_IDS = "item_ids.json"

_RESOURCE = re.compile(r"^<?(?:https?://dbpedia\.org/resource/)?(.*?)>?$")
_MEDIUM = re.compile(r"\s*\((?:(\d{4}) )?[^()]*\b(?:film|movie|series|miniseries)\)$")


@dataclass(frozen=True)
class NumberMap:
    """What the numbers mean.

    Attributes:
        titles: number -> title, with its year where the name tells it.
        items: the numbers that are items; None where that is not known.
    """

    titles: Mapping[str, str]
    items: frozenset[str] | None = None

    def title(self, number: str) -> str:
        """The item's title, else the number in words, which no catalogue has."""
        known = self.items is None or number in self.items
        return self.titles.get(number, f"number {number}") if known else f"no item: number {number}"


def read_number_map(path: Path) -> NumberMap:
    """Read ``{"number": "title"}``, or its inverse such as ``entity2id.json`` (``{"<.../Hoffa_(film)>": 0}``).

    Where ``item_ids.json``, a list of numbers, lies beside it, all other numbers are no items.

    Raises:
        DataError: no such file, or not one of these.
    """
    told = _json(path)
    if not isinstance(told, dict) or not all(isinstance(value, str | int) for value in told.values()):
        raise DataError('no JSON object such as {"7": "Hoffa (1992)"} or {"<.../Hoffa_(film)>": 7}', path)
    pairs = [(str(value), key) if isinstance(value, int) else (key, value) for key, value in told.items()]
    beside = path.with_name(ITEM_IDS)
    items = _json(beside) if beside.is_file() else None
    if items is not None and not isinstance(items, list):
        raise DataError("must be a JSON list of numbers", beside)
    return NumberMap(
        {number: title_of(name) for number, name in pairs},
        None if items is None else frozenset(map(str, items)),
    )


def title_of(name: str) -> str:
    """The title that an entity's name stands for.

    >>> title_of("<http://dbpedia.org/resource/Heat_(1995_film)>"), title_of("Hoffa_(film)"), title_of("Up")
    ('Heat (1995)', 'Hoffa', 'Up')
    """
    found = _RESOURCE.match(name.strip())
    title = unquote(found[1] if found else name).replace("_", " ")
    medium = _MEDIUM.search(title)
    if not medium:
        return title
    return title[: medium.start()] + (f" ({medium[1]})" if medium[1] else "")


def from_numbers(row: Fields, line: int, numbers: NumberMap) -> LoggedCase | None:
    """``{context, rec, prev_entity, ...}`` as a case; None where the answer is the seeker's or names nothing.

    Raises:
        FieldError: a field is missing or not of its kind.
    """
    gold = labels(row, "rec")
    if row.get("is_user") or not gold:
        return None
    group = next((label(row, name) for name in ("dialog_id", "conv_id") if name in row), str(line))
    place = label(row, "turn_id") if "turn_id" in row else str(line)
    context = texts(row, "context")
    before = labels(row, "prev_entity")
    return LoggedCase(
        label(row, "id") if "id" in row else f"{group}-{place}",
        group,
        len(context),
        alternating(context),
        tuple(dict.fromkeys(map(numbers.title, before))),
        tuple(dict.fromkeys(map(numbers.title, gold))),
        {},
        text(row, "resp") if "resp" in row else "",
        names="yearless",
    )


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"cannot be read as JSON ({error})", path) from error
