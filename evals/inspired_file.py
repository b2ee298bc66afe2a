"""INSPIRED as published: tab-separated, an utterance a line.

Hayati et al., "INSPIRED: Toward Sociable Recommendation Dialog Systems" (EMNLP 2020). Used are the
columns ``dialog_id``, ``speaker`` (recommender or seeker), ``text`` and ``movies`` (titles with
their years, separated by semicolons). Utterances of one speaker in a row are one turn; every turn
of the recommender that names films is a case. Films that people spoke of in a way the annotators
did not mark are not known to have been mentioned.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from tastemaker.evals.dialogue_case import (
    DialogueCase,
    Mention,
    Speaker,
    Utterance,
    in_order_of_last_naming,
)
from tastemaker.evals.dialogue_titles import DialogueTitles
from tastemaker.retrieval.errors import DataError

FIELDS = ("dialog_id", "speaker", "text", "movies")
QUOTATION = "QUOTATION_MARK"


@dataclass(frozen=True)
class _Line:
    dialogue: str
    speaker: Speaker
    text: str
    films: tuple[str, ...]


def inspired_cases(path: Path, titles: DialogueTitles) -> Iterator[DialogueCase | str]:
    """A case for every turn of the recommender that names films, or the reason why a turn is none.

    Raises:
        DataError: a column is missing, or a value is not of its kind.
    """
    for conversation, lines in groupby(_lines(path), key=lambda line: line.dialogue):
        context: list[Utterance] = []
        named: list[Mention] = []
        for number, (speaker, turn) in enumerate(groupby(lines, key=lambda line: line.speaker)):
            together = list(turn)
            text = " ".join(line.text for line in together)
            films = tuple(dict.fromkeys(film for line in together for film in line.films))
            gold = tuple(dict.fromkeys(titles.gold(film) for film in films))
            if speaker is Speaker.RECOMMENDER:
                yield (
                    _case(conversation, number, context, named, gold, text, titles)
                    if gold
                    else ("answers without items")
                )
            context.append(Utterance(speaker, text))
            named += [Mention(item, speaker) for item in gold]


def _case(
    conversation: str,
    turn: int,
    context: list[Utterance],
    named: list[Mention],
    gold: tuple[str, ...],
    text: str,
    titles: DialogueTitles,
) -> DialogueCase:
    known = [mention for mention in named if mention.item in titles.catalog]
    return DialogueCase(
        f"{conversation}/{turn}", conversation, turn, tuple(context), in_order_of_last_naming(known), gold,
        frozenset(gold) & {mention.item for mention in named}, text,
    )  # fmt: skip


def _lines(path: Path) -> Iterator[_Line]:
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = [name for name in FIELDS if name not in (table.fieldnames or ())]
        if missing:
            raise DataError(
                f"no column {missing[0]!r}; INSPIRED has {', '.join(FIELDS)}", path, 1, missing[0]
            )
        for row in table:
            yield _line(row, path, table.line_num)


def _line(row: dict[str, str | None], path: Path, number: int) -> _Line:
    for name in FIELDS:
        if row[name] is None:
            raise DataError("the line has too few columns", path, number, name)
    try:
        speaker = Speaker(str(row["speaker"]).strip().lower())
    except ValueError:
        raise DataError(
            f"speaker {row['speaker']!r}; allowed: RECOMMENDER, SEEKER", path, number, "speaker"
        ) from None
    text = " ".join(str(row["text"]).replace(QUOTATION, '"').split())
    films = tuple(title.strip() for title in str(row["movies"]).split(";") if title.strip())
    return _Line(str(row["dialog_id"]), speaker, text, films)
