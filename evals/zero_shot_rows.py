"""Rows of He et al., "Large Language Models as Zero-Shot Conversational Recommenders" (CIKM 2023).

``{context, resp, rec: [ids], prev_entity: [ids], dialog_id, turn_id, is_user}``, a line each; ``rec``
and ``prev_entity`` are numbers that ``entity2id.json`` explains. Rows whose answer comes from the
seeker (``is_user`` 1), or names nothing, are no cases.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tastemaker.evals.dialogue_case import DialogueCase, Mention, in_order_of_last_naming
from tastemaker.evals.dialogue_titles import DialogueTitles, cleaned, outside
from tastemaker.evals.json_rows import Row
from tastemaker.evals.processed_rows import alternating
from tastemaker.retrieval.errors import ConfigError, DataError

FIELDS = frozenset({"context", "rec", "prev_entity"})
ITEM_IDS = "item_ids.json"

_RESOURCE = re.compile(r"^<?(?:https?://dbpedia\.org/resource/)?(.*?)>?$")
_MEDIUM = re.compile(r"\s*\((?:(\d{4}) )?[^()]*\b(?:film|movie|series|miniseries)\)$")


@dataclass(frozen=True)
class IdMap:
    """What the numbers mean.

    Attributes:
        titles: number -> title, with its year where the name tells it.
        items: the numbers that are items; None where that is not known.
    """

    titles: Mapping[str, str]
    items: frozenset[str] | None = None


def read_id_map(path: Path) -> IdMap:
    """Read ``entity2id.json`` (name -> number) or its inverse (number -> title).

    Where ``item_ids.json``, a list of numbers, lies beside it, all other numbers are no items.

    Raises:
        DataError: no such file, or not one of these.
    """
    table = _json(path)
    if not isinstance(table, dict) or not all(isinstance(value, str | int) for value in table.values()):
        raise DataError(
            'an id map is a JSON object such as {"<.../Hoffa_(film)>": 0} or {"0": "Hoffa"}', path
        )
    pairs = [(str(value), key) if isinstance(value, int) else (key, value) for key, value in table.items()]
    beside = path.with_name(ITEM_IDS)
    items = _json(beside) if beside.is_file() else None
    if items is not None and not isinstance(items, list):
        raise DataError("must be a JSON list of numbers", beside)
    return IdMap(
        {number: title_of(name) for number, name in pairs},
        None if items is None else frozenset(map(str, items)),
    )


def title_of(name: str) -> str:
    """The title that an entity's name stands for.

    >>> title_of("<http://dbpedia.org/resource/Heat_(1995_film)>"), title_of("Hoffa_(film)")
    ('Heat (1995)', 'Hoffa')
    """
    found = _RESOURCE.match(name.strip())
    title = (found[1] if found else name).replace("_", " ")
    medium = _MEDIUM.search(title)
    if not medium:
        return title
    return title[: medium.start()] + (f" ({medium[1]})" if medium[1] else "")


def zero_shot_cases(
    rows: Iterator[Row], titles: DialogueTitles, id_map: IdMap | None
) -> Iterator[DialogueCase | str]:
    """A case for every answer of the recommender that names items, or the reason why a row is none.

    Raises:
        ConfigError: no id map.
        DataError: a field is missing or of the wrong kind.
    """
    if id_map is None:
        raise ConfigError(
            "these rows name items by number: give the file that explains the numbers, --id-map entity2id.json"
        )
    for place, row in enumerate(rows):
        if row.fields.get("is_user"):
            yield "answers of the seeker"
            continue
        numbers = row.labels("rec")
        if not numbers:
            yield "answers without items"
            continue
        yield _case(row, place, numbers, titles, id_map)


def _case(row: Row, place: int, numbers: list[str], titles: DialogueTitles, id_map: IdMap) -> DialogueCase:
    before = row.labels("prev_entity")
    gold = {number: _item(number, titles, id_map) for number in numbers}
    known = [found for number in before if (found := _known(number, titles, id_map))]
    conversation = row.label("dialog_id") if "dialog_id" in row.fields else str(place)
    turn = row.label("turn_id") if "turn_id" in row.fields else str(len(row.texts("context")))
    repeated = {item for number, item in gold.items() if number in before or item in known}
    return DialogueCase(
        f"{conversation}/{turn}", conversation, len(row.texts("context")),
        alternating(row.texts("context")), in_order_of_last_naming([Mention(item) for item in known]),
        tuple(dict.fromkeys(gold.values())), frozenset(repeated), row.optional_text("resp"),
    )  # fmt: skip


def _item(number: str, titles: DialogueTitles, id_map: IdMap) -> str:
    return _known(number, titles, id_map) or outside(id_map.titles.get(number, f"number {number}"))


def _known(number: str, titles: DialogueTitles, id_map: IdMap) -> str | None:
    title = id_map.titles.get(number)
    if title is None or (id_map.items is not None and number not in id_map.items):
        return None
    if title in titles.catalog:
        return titles.canonical(title)
    return titles.named(title) or titles.named_without_year(cleaned(title))


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"cannot be read as JSON ({error})", path) from error
