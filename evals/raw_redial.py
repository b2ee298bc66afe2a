"""ReDial as published: a conversation a line, films as ``@135508`` in the messages.

Li et al., "Towards Deep Conversational Recommendations" (NeurIPS 2018). Every message of the
recommender (``respondentWorkerId``) that names films is a case. What the seeker
(``initiatorWorkerId``) says of a film in ``initiatorQuestions`` was filled in after the
conversation; it is passed on for films that were named before, of which the seeker, whose turn it was
last, has had the chance to speak, and never for the films of the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

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

FIELDS = frozenset({"conversationId", "messages", "movieMentions", "initiatorWorkerId"})

_FILM = re.compile(r"@(\d+)")
_OPINIONS = {0: Opinion.DISLIKED, 1: Opinion.LIKED}


@dataclass(frozen=True)
class _Turn:
    """Messages of one speaker in a row, and the films that they name, by their ReDial ids."""

    said: Utterance
    films: tuple[str, ...]


def raw_redial_cases(rows: Iterator[Row], titles: DialogueTitles) -> Iterator[DialogueCase | str]:
    """A case for every turn of the recommender that names films, or the reason why a turn is none.

    Raises:
        DataError: a field is missing or of the wrong kind.
    """
    for row in rows:
        films = {film: _name(name) for film, name in row.table("movieMentions").items()}
        ids = {
            film: titles.item(film, name) or outside(name or f"ReDial {film}") for film, name in films.items()
        }
        opinions = _opinions(row)
        turns = list(_turns(row, films))
        conversation = row.label("conversationId")
        for number, turn in enumerate(turns):
            if turn.said.speaker is not Speaker.RECOMMENDER:
                continue
            gold = tuple(dict.fromkeys(ids[film] for film in turn.films))
            if not gold:
                yield "answers without items"
                continue
            named = [
                Mention(ids[film], earlier.said.speaker, opinions.get(film))
                for earlier in turns[:number]
                for film in earlier.films
            ]
            yield DialogueCase(
                f"{conversation}/{number}", conversation, number,
                tuple(earlier.said for earlier in turns[:number]),
                in_order_of_last_naming([one for one in named if one.item in titles.catalog]), gold,
                frozenset(gold) & {one.item for one in named}, turn.said.text,
            )  # fmt: skip


def _name(name: Any) -> str | None:
    return " ".join(name.split()) if isinstance(name, str) and name.strip() else None


def _opinions(row: Row) -> dict[str, Opinion]:
    """What the seeker said of films after the conversation; 2 stands for "did not say"."""
    if "initiatorQuestions" not in row.fields:
        return {}
    said = row.table("initiatorQuestions")
    liked = {film: form.get("liked") for film, form in said.items() if isinstance(form, Mapping)}
    return {film: _OPINIONS[value] for film, value in liked.items() if value in _OPINIONS}


def _turns(row: Row, films: Mapping[str, str | None]) -> Iterator[_Turn]:
    seeker = row.label("initiatorWorkerId")
    messages = [(one.label("senderWorkerId") == seeker, one.text("text")) for one in row.objects("messages")]
    for is_seeker, group in groupby(messages, key=lambda message: message[0]):
        text = " ".join(" ".join(words for _, words in group).split())
        named = tuple(film for film in _FILM.findall(text) if film in films)
        shown = _FILM.sub(lambda at: films.get(at[1]) or at[0], text)
        yield _Turn(Utterance(Speaker.SEEKER if is_seeker else Speaker.RECOMMENDER, shown), named)
