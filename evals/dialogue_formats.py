"""One row of each format as cases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from tastemaker.evals.dialogue_case import LoggedCase, Sentiment, Speaker, Utterance

SPEAKERS: tuple[Speaker, Speaker] = ("seeker", "recommender")
_PICKED = re.compile(r"@(\d+)")
_QUOTE = "QUOTATION_MARK"


def own_case(row: Mapping[str, Any]) -> LoggedCase:
    """A line of our own format, described in ``evals/data/dialogue.schema.json``.

    >>> case = own_case({"id": "1", "context": [{"speaker": "seeker", "text": "hi"}], "gold": ["Heat (1995)"],
    ...                  "mentioned": [{"item": "Alien (1979)", "sentiment": "liked"}]})
    >>> case.group, case.mentioned, dict(case.sentiment)
    ('1', ('Alien (1979)',), {'Alien (1979)': 'liked'})
    """
    context = tuple(Utterance(_speaker(one["speaker"]), str(one["text"])) for one in row["context"])
    mentioned = [one if isinstance(one, Mapping) else {"item": one} for one in row.get("mentioned", ())]
    felt = {str(one["item"]): _sentiment(one["sentiment"]) for one in mentioned if one.get("sentiment")}
    return LoggedCase(
        str(row["id"]), str(row.get("conversation", row["id"])), int(row.get("turn", len(context))), context,
        tuple(str(one["item"]) for one in mentioned), _names(row["gold"]), felt, str(row.get("response", "")),
    )  # fmt: skip


def processed_case(row: Mapping[str, Any]) -> LoggedCase:
    """``{dialog_id, turn_id, context, entity, rec, resp}``: the seeker and the recommender take turns.

    The recommender speaks next, so every second utterance from the end is the seeker's.
    ``entity`` holds words and people too: only names of catalogue items count later.
    """
    turn = int(row["turn_id"])
    return LoggedCase(
        f"{row['dialog_id']}-{turn}", str(row["dialog_id"]), turn, _alternating(row["context"]),
        _names(row["entity"]), _names(row["rec"]), {}, str(row.get("resp", "")),
    )  # fmt: skip


def ids_case(row: Mapping[str, Any], line: int, titles: Mapping[str, str]) -> LoggedCase:
    """``{context, rec, prev_entity}`` with numbers for items; numbers without a title stay numbers."""
    before = row.get("prev_entity", row.get("entity", ()))
    named = [[titles.get(str(one), str(one)) for one in ids] for ids in (before, row["rec"])]
    return LoggedCase(
        str(row.get("id", line)), str(row.get("dialog_id", row.get("conv_id", line))), len(row["context"]),
        _alternating(row["context"]), _names(named[0]), _names(named[1]), {}, str(row.get("resp", "")),
    )  # fmt: skip


def redial_cases(row: Mapping[str, Any]) -> Iterator[LoggedCase]:
    """A conversation of ReDial: a case wherever the recommender names films.

    Sentiment is what the seeker ticked afterwards (``initiatorQuestions``; 1 is yes, 0 no, 2 was not said).
    """
    titles = {number: " ".join(name.split()) for number, name in row["movieMentions"].items() if name}
    felt = {titles[number]: mood for number, told in (row.get("initiatorQuestions") or {}).items()
            if number in titles and (mood := _ticked(told))}  # fmt: skip
    context, mentioned = list[Utterance](), list[str]()
    for place, message in enumerate(row["messages"]):
        seeks = message["senderWorkerId"] == row["initiatorWorkerId"]
        text = _PICKED.sub(lambda found: titles.get(found[1], found[0]), message["text"])
        named = [titles[number] for number in _PICKED.findall(message["text"]) if number in titles]
        if named and not seeks:
            yield LoggedCase(
                f"{row['conversationId']}-{place}", str(row["conversationId"]), place, tuple(context),
                tuple(dict.fromkeys(mentioned)), tuple(dict.fromkeys(named)),
                {name: mood for name, mood in felt.items() if name in mentioned}, text,
            )  # fmt: skip
        context.append(Utterance(SPEAKERS[not seeks], text))
        mentioned += named


def inspired_cases(rows: Iterable[Mapping[str, str]]) -> Iterator[LoggedCase]:
    """INSPIRED's table, an utterance per row: a case wherever the recommender names films."""
    for dialogue, group in groupby(rows, key=lambda row: row["dialog_id"]):
        context, mentioned = list[Utterance](), list[str]()
        for row in group:
            text = row["text"].replace(_QUOTE, '"')
            named = [name.strip() for name in (row["movies"] or "").split(";") if name.strip()]
            if named and row["speaker"] == "RECOMMENDER":
                yield LoggedCase(
                    f"{dialogue}-{row['utt_id']}", dialogue, len(context), tuple(context),
                    tuple(dict.fromkeys(mentioned)), tuple(dict.fromkeys(named)), {}, text,
                )  # fmt: skip
            context.append(Utterance(SPEAKERS[row["speaker"] == "RECOMMENDER"], text))
            mentioned += named


def _alternating(context: Sequence[str]) -> tuple[Utterance, ...]:
    last = len(context) - 1
    return tuple(Utterance(SPEAKERS[(last - n) % 2], str(text)) for n, text in enumerate(context))


def _names(names: Iterable[Any]) -> tuple[str, ...]:
    if isinstance(names, str):
        raise TypeError(f"items must be a list, got the text {names!r}")
    return tuple(dict.fromkeys(" ".join(str(name).split()) for name in names))


def _speaker(said: str) -> Speaker:
    for speaker in SPEAKERS:
        if said == speaker:
            return speaker
    raise ValueError(f"speaker {said!r}; use seeker or recommender")


def _sentiment(said: str) -> Sentiment:
    for sentiment in ("liked", "disliked", "seen"):
        if said == sentiment:
            return sentiment
    raise ValueError(f"sentiment {said!r}; use liked, disliked or seen")


def _ticked(told: Mapping[str, Any]) -> Sentiment | None:
    if told.get("liked") == 1:
        return "liked"
    if told.get("liked") == 0:
        return "disliked"
    return "seen" if told.get("seen") == 1 else None
