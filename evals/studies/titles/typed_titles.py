"""What people typed for titles in ReDial's validation dialogues, and which films fit their words.

In ReDial people pick films from an autocomplete (``@135508``), but now and then they type a
title instead: "i have seen bullitt". ``data/typed-titles.tsv`` lists these, one row each:
the conversation, the message's place in it, the offset, what was typed, and the titles meant.

How it was labelled. A language model, not a person, read the messages of all 1,000 dialogues once,
with the picked films blanked, and nobody has checked it. It saw the first 420 characters of a message
(300 in 580 of the dialogues), without bare greetings and without messages that consist of the 300 most
frequent words only, and noted every span
that names a film or series: titles as typed ("pulp fiction"), shortened ("talladega"),
misspelt ("Forest Gump"), and series ("the harry potter films"). The titles column holds

* titles of the catalogue without their years, separated by ``;``, with ``*`` for the rest of a
  title where the words name a series; every film of such a title is meant, as nobody typed enough
  to choose among remakes (only "Mean Girls (2004)" and three more carry a year);
* ``-`` where the words are no film of the catalogue, such as television series;
* ``?`` where it is unclear whether a title is meant; these are not counted.

Even conversation numbers are for fitting, odd ones are held out. Held out is not blind: the labels of
both halves were written before the resolver's rules were, by the same hand, and the figures of both were
seen while the rules were made; only the mistakes of the even half were looked at one by one.

The rows quote ReDial (Li et al., NeurIPS 2018, CC BY 4.0); the messages themselves are not shipped.
"""

from __future__ import annotations

import csv
import fnmatch
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Schema
from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.titles.resolver import Resolution

PICKED = re.compile(r"@\d+")
_YEAR = re.compile(r"\s*\((\d{4})\)\s*$")


@dataclass(frozen=True)
class TypedTitle:
    """One title as somebody typed it.

    Attributes:
        dialogue: the conversation's number.
        message: place of the message in the conversation.
        start: offset of the first letter.
        text: as typed.
        meant: ids of the films that fit; empty where the catalogue has none.
        namesakes: those of ``meant`` whose whole title was typed: all of them have to be named.
        counted: False where it is unclear whether a title is meant.
    """

    dialogue: int
    message: int
    start: int
    text: str
    meant: frozenset[str]
    namesakes: frozenset[str]
    counted: bool = True

    @property
    def held_out(self) -> bool:
        """Whether it is for measuring rather than for fitting."""
        return bool(self.dialogue % 2)

    def without(self, gone: frozenset[str]) -> TypedTitle:
        """The same words asked of a catalogue that lacks some films."""
        return TypedTitle(
            self.dialogue, self.message, self.start, self.text, self.meant - gone, self.namesakes - gone
        )


@dataclass(frozen=True)
class Redial:
    """Catalogue, dialogues and labels.

    Attributes:
        films: the catalogue.
        messages: (dialogue, place) -> text.
        picked: (dialogue, name) of the films that were picked, as named there.
        typed: the labels.
    """

    films: Catalog
    messages: dict[tuple[int, int], str]
    picked: tuple[tuple[int, str], ...]
    typed: tuple[TypedTitle, ...]


def load_redial(folder: Path) -> Redial:
    """Read ``id2info.json`` and ``valid_data.jsonl`` of a folder, and the labels that are shipped.

    Raises:
        DataError: a file is missing, or a label does not lie where it should.
    """
    for name in ("id2info.json", "valid_data.jsonl"):
        if not (folder / name).is_file():
            raise DataError("no such file; --redial names the folder with ReDial's files", folder / name)
    info = json.loads((folder / "id2info.json").read_text(encoding="utf-8"))
    films = Catalog([Item(film, known["name"], {}) for film, known in info.items()], Schema(attributes=()))
    messages, picked = {}, []
    with (folder / "valid_data.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            dialogue = json.loads(line)
            number = int(dialogue["conversationId"])
            messages.update({(number, m["turn_id"]): m["text"] for m in dialogue["messages"]})
            picked += [
                (number, " ".join(name.split())) for name in dialogue["movieMentions"].values() if name
            ]
    return Redial(films, messages, tuple(picked), tuple(_labels(films, messages)))


def right(resolution: Resolution, typed: TypedTitle) -> bool:
    """Whether everything named is meant, and nothing is left out whose whole title was typed."""
    named = match_ids(resolution)
    return bool(named) and named <= typed.meant and typed.namesakes <= named


def match_ids(resolution: Resolution) -> frozenset[str]:
    """Ids of all matches, those listed twice included."""
    return frozenset(i for match in resolution.matches for i in (match.id, *match.also))


def plain(title: str) -> str:
    """A title's words for comparing labels, apart from the resolver's own reading of titles.

    >>> plain("Mike & Molly's (2004)"), plain("Harry Potter*")
    ('mike and mollys 2004', 'harry potter*')
    """
    words = re.sub(r"['’]", "", title.casefold()).replace("&", " and ")
    return " ".join(re.sub(r"[^\w*]+", " ", words).split())


def _labels(films: Catalog, messages: dict[tuple[int, int], str]) -> Iterable[TypedTitle]:
    titles = [(item.id, plain(_YEAR.sub("", item.title)), _year(item.title)) for item in films]
    listed = (files("tastemaker.evals") / "data/typed-titles.tsv").read_text(encoding="utf-8").splitlines()
    for row in csv.DictReader(listed, delimiter="\t", quoting=csv.QUOTE_NONE):
        place, start, text = (
            (int(row["conversation"]), int(row["message"])),
            int(row["start"]),
            row["typed"],
        )
        if not messages.get(place, "").startswith(text, start):
            raise DataError(
                f"{text!r} does not stand at {start} of message {place}; another edition of ReDial?"
            )
        patterns = [plain(title) for title in row["titles"].split(";") if title not in ("-", "?")]
        year, words = _year(text), plain(_YEAR.sub("", text))
        found = {i: title for i, title, known in titles if _fits(title, patterns) and year in (None, known)}
        namesakes = frozenset(i for i, title in found.items() if title == words)
        yield TypedTitle(*place, start, text, frozenset(found), namesakes, row["titles"] != "?")


def _fits(title: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(title, pattern) for pattern in patterns)


def _year(title: str) -> int | None:
    found = _YEAR.search(title)
    return int(found[1]) if found else None
