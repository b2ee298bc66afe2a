"""One row of each format as cases.

All of these raise :class:`~tastemaker.evals.dialogues.row_fields.FieldError` for a field that is
missing or not of its kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import unquote

from tastemaker.evals.dialogues.case import LoggedCase, Sentiment, Speaker, Utterance
from tastemaker.evals.dialogues.row_fields import (
    FieldError,
    Fields,
    days,
    label,
    number,
    objects,
    one_of,
    table,
    text,
    texts,
)

SPEAKERS: tuple[Speaker, Speaker] = ("seeker", "recommender")
SENTIMENTS: tuple[Sentiment, ...] = ("liked", "disliked", "seen")
_PICKED = re.compile(r"@(\d+)")
_QUOTE = "QUOTATION_MARK"


def own_case(row: Fields) -> LoggedCase:
    """A line of our own format, described in ``evals/data/dialogue.schema.json``.

    >>> case = own_case({"id": "1", "context": [{"speaker": "seeker", "text": "hi"}], "gold": ["Heat (1995)"],
    ...                  "mentioned": [{"item": "Alien (1979)", "sentiment": "liked"}]})
    >>> case.group, case.mentioned, dict(case.sentiment)
    ('1', ('Alien (1979)',), {'Alien (1979)': 'liked'})
    """
    context = tuple(Utterance(_speaker(one), text(one, "text")) for one in objects(row, "context"))
    told = row.get("mentioned", [])
    if not isinstance(told, list) or any(not isinstance(one, str | Mapping) for one in told):
        raise FieldError("mentioned", "must be a list of names, or of objects with item and sentiment")
    mentioned = [{"item": one} if isinstance(one, str) else one for one in told]
    named = [_clean(text(one, "item")) for one in mentioned]
    felt = {name: _sentiment(one) for name, one in zip(named, mentioned, strict=True) if one.get("sentiment")}
    gold = texts(row, "gold")
    if not gold:
        raise FieldError("gold", "is empty; leave out moments at which nothing was named")
    return LoggedCase(
        label(row, "id"),
        label(row, "conversation") if "conversation" in row else label(row, "id"),
        number(row, "turn") if "turn" in row else len(context),
        context,
        _names(named),
        _names(gold),
        felt,
        text(row, "response") if "response" in row else "",
        names="id",
        time=days(row, "time") if "time" in row else None,
    )


def from_processed(row: Fields) -> LoggedCase:
    """``{dialog_id, turn_id, context, entity, rec, resp}``: the seeker and the recommender take turns.

    The recommender speaks next, so every second utterance from the end is the seeker's.
    ``entity`` holds words and people too: only names of catalogue items count later.
    """
    turn = number(row, "turn_id")
    group = label(row, "dialog_id")
    return LoggedCase(
        f"{group}-{turn}",
        group,
        turn,
        alternating(texts(row, "context")),
        _names(texts(row, "entity")),
        _names(texts(row, "rec")),
        {},
        text(row, "resp") if "resp" in row else "",
        names="word",
    )


def redial_cases(row: Fields) -> Iterator[LoggedCase]:
    """A conversation of ReDial: a case wherever the recommender names films.

    A film without a title stays a number, which no catalogue has. Sentiment is what the seeker ticked
    afterwards (``initiatorQuestions``; 1 is yes, 0 no, 2 was not said), of films named before only.
    """
    films = {film: _clean(str(name or "")) for film, name in table(row, "movieMentions").items()}
    titles = {film: title or f"ReDial's film {film}" for film, title in films.items()}
    told = table(row, "initiatorQuestions") if "initiatorQuestions" in row else {}
    felt = {
        titles[film]: mood
        for film, form in told.items()
        if film in titles and (mood := _form_sentiment(form))
    }
    seeker, group = label(row, "initiatorWorkerId"), label(row, "conversationId")
    context, mentioned = list[Utterance](), list[str]()
    for place, message in enumerate(objects(row, "messages")):
        written = text(message, "text")
        seeks = label(message, "senderWorkerId") == seeker
        said = _PICKED.sub(lambda found: titles.get(found[1], found[0]), written)
        named = [titles[film] for film in _PICKED.findall(written) if film in titles]
        if named and not seeks:
            yield LoggedCase(
                f"{group}-{place}",
                group,
                place,
                tuple(context),
                tuple(dict.fromkeys(mentioned)),
                tuple(dict.fromkeys(named)),
                {name: mood for name, mood in felt.items() if name in mentioned},
                said,
            )
        context.append(Utterance(SPEAKERS[not seeks], said))
        mentioned += named


def from_inspired(rows: Iterable[Mapping[str, str]]) -> Iterator[LoggedCase]:
    """INSPIRED's table, an utterance per row: a case wherever the recommender names films."""
    for dialogue, group in groupby(rows, key=lambda row: row["dialog_id"]):
        context, mentioned = list[Utterance](), list[str]()
        for row in group:
            if short := [name for name in ("speaker", "text", "movies") if row[name] is None]:
                raise FieldError(short[0], "the line has too few columns")
            speaker = _speaker({"speaker": row["speaker"].strip().lower()})
            said = row["text"].replace(_QUOTE, '"')
            named = [_clean(name) for name in row["movies"].split(";") if name.strip()]
            if named and speaker == "recommender":
                yield LoggedCase(
                    f"{dialogue}-{row['utt_id']}",
                    dialogue,
                    len(context),
                    tuple(context),
                    tuple(dict.fromkeys(mentioned)),
                    tuple(dict.fromkeys(named)),
                    {},
                    said,
                )
            context.append(Utterance(speaker, said))
            mentioned += named


def alternating(context: Sequence[str]) -> tuple[Utterance, ...]:
    """Utterances by turns, the last one the seeker's.

    >>> [one.speaker for one in alternating(["Hi!", "Something tense?"])]
    ['recommender', 'seeker']
    """
    last = len(context) - 1
    return tuple(Utterance(SPEAKERS[(last - n) % 2], said) for n, said in enumerate(context))


def _clean(title: str) -> str:
    """One space between words, nothing percent-encoded, as ReDial has "Why Him%3F"."""
    return " ".join(unquote(title).split())


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(_clean, names)))


def _speaker(said: Fields) -> Speaker:
    return SPEAKERS[SPEAKERS.index(one_of(said, "speaker", SPEAKERS))]


def _sentiment(told: Fields) -> Sentiment:
    return SENTIMENTS[SENTIMENTS.index(one_of(told, "sentiment", SENTIMENTS))]


def _form_sentiment(told: Any) -> Sentiment | None:
    if not isinstance(told, Mapping):
        return None
    if told.get("liked") == 1:
        return "liked"
    if told.get("liked") == 0:
        return "disliked"
    return "seen" if told.get("seen") == 1 else None
