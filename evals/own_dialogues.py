"""Our own format: a conversation a line, as ``data/dialogues.schema.json`` describes it.

::

    {"conversation": "c1", "turns": [
      {"speaker": "seeker", "text": "I loved Heat", "items": [{"title": "Heat (1995)", "opinion": "liked"}]},
      {"speaker": "recommender", "text": "Then see Ronin.", "items": [{"id": "8195"}]}]}
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby

from tastemaker.evals.dialogue_case import (
    DialogueCase,
    Mention,
    Opinion,
    Speaker,
    Utterance,
    in_order_of_last_naming,
)
from tastemaker.evals.dialogue_titles import DialogueTitles, outside
from tastemaker.evals.json_rows import Row

FIELDS = frozenset({"conversation", "turns"})


def dialogue_schema() -> str:
    """The JSON schema of a line."""
    return (files("tastemaker.evals") / "data/dialogues.schema.json").read_text(encoding="utf-8")


@dataclass(frozen=True)
class _Turn:
    speaker: Speaker
    text: str
    named: tuple[Mention, ...]


def own_cases(rows: Iterator[Row], titles: DialogueTitles) -> Iterator[DialogueCase | str]:
    """A case for every turn of the recommender that names items, or the reason why a turn is none.

    Raises:
        DataError: a field is missing, unknown or of the wrong kind.
    """
    for row in rows:
        _only(row, FIELDS)
        conversation = row.label("conversation")
        context: list[Utterance] = []
        named: list[Mention] = []
        turns = [_turn(one, titles) for one in row.objects("turns")]
        for number, (speaker, group) in enumerate(groupby(turns, key=lambda turn: turn.speaker)):
            together = list(group)
            text = " ".join(turn.text for turn in together if turn.text)
            here = [mention for turn in together for mention in turn.named]
            gold = tuple(dict.fromkeys(mention.item for mention in here))
            if speaker is Speaker.RECOMMENDER and not gold:
                yield "answers without items"
            elif speaker is Speaker.RECOMMENDER:
                known = [mention for mention in named if mention.item in titles.catalog]
                yield DialogueCase(
                    f"{conversation}/{number}", conversation, number, tuple(context),
                    in_order_of_last_naming(known), gold,
                    frozenset(gold) & {mention.item for mention in named}, text,
                )  # fmt: skip
            context += [Utterance(speaker, text)] if text else []
            named += here


def _turn(row: Row, titles: DialogueTitles) -> _Turn:
    _only(row, {"speaker", "text", "items"})
    speaker = row.text("speaker")
    if speaker not in list(Speaker):
        raise row.wrong(f"speaker {speaker!r}; allowed: {', '.join(Speaker)}", "speaker")
    items = row.objects("items") if "items" in row.fields else []
    return _Turn(
        Speaker(speaker),
        " ".join(row.text("text").split()),
        tuple(_mention(one, Speaker(speaker), titles) for one in items),
    )


def _mention(row: Row, speaker: Speaker, titles: DialogueTitles) -> Mention:
    _only(row, {"id", "title", "opinion"})
    title = row.optional_text("title")
    item_id = row.label("id") if "id" in row.fields else ""
    if not title and not item_id:
        raise row.wrong("an item needs an id or a title", "items")
    opinion = row.fields.get("opinion")
    if opinion is not None and opinion not in list(Opinion):
        raise row.wrong(f"opinion {opinion!r}; allowed: {', '.join(Opinion)}", "opinion")
    item = titles.item(item_id, title or None) or outside(title or item_id)
    return Mention(item, speaker, Opinion(opinion) if opinion else None)


def _only(row: Row, allowed: set[str] | frozenset[str]) -> None:
    if strange := [name for name in row.fields if name not in allowed]:
        raise row.wrong(
            f"no field {strange[0]!r} in this format; allowed: {', '.join(sorted(allowed))}", strange[0]
        )
