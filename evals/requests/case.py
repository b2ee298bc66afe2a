"""A natural request, one message of a conversation, with what fits it and what it means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from tastemaker.evals.dialogues.case import Names
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.errors import DataError

Verdict = Literal["true", "false", "empty"]
VERDICTS: tuple[Verdict, ...] = ("true", "false", "empty")
"""What a sentence may be; an empty one is true and says nothing that helps."""


@dataclass(frozen=True, slots=True)
class IdealForm:
    """What a request means, in plain words.

    Attributes:
        hard: what must be so; ``soft``: what is wanted besides; ``avoid``: what is not wanted.
        query: what to search for, in the catalogue's language.
        like, unlike: items that the wanted ones resemble, or do not.
        scope: new, refine, replace or reverse.
    """

    hard: tuple[str, ...] = ()
    soft: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    query: str = ""
    like: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    scope: str = ""


@dataclass(frozen=True, slots=True)
class JudgedSentence:
    """A sentence that somebody judged: of the reason for an item, or of the reply where ``item`` is ""."""

    text: str
    verdict: Verdict
    item: str = ""


@dataclass(frozen=True, slots=True)
class RequestCase:
    """One message; items by the names or ids of its file until :func:`link` makes ids of them.

    Attributes:
        id: unique in its file.
        group: the conversation.
        turn: which of the conversation's messages, from 1.
        history: items that the person likes.
        shown: the list that the message answers.
        earlier: the messages before.
        message: what the person says.
        kind: what sort of request it is.
        criterion: what fits, in words.
        fits: items that clearly fit; ``arguable``: those that do so arguably.
        excluded: items that are no answer, whatever they are: liked, shown or named.
        abstain: whether nothing in the catalogue fits, and that is what should be said.
        unknown_property: what is asked for that nobody can know of these items; "" mostly.
        ideal: what it means; None where the file does not say.
        sentences: of replies, that somebody judged.
        source: the row as it is in the file.
    """

    id: str
    group: str
    turn: int
    message: str
    history: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    kind: str = ""
    criterion: str = ""
    fits: tuple[str, ...] = ()
    arguable: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    abstain: bool = False
    unknown_property: str = ""
    ideal: IdealForm | None = None
    sentences: tuple[JudgedSentence, ...] = ()
    source: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def grade(self, item_id: str) -> int:
        """2 for an item that clearly fits, 1 for one that arguably does, else 0."""
        return 2 if item_id in self.fits else int(item_id in self.arguable)

    def unscored(self, place: int) -> RequestCase:
        """One of the earlier messages as a request of its own, of which nothing is known but its words."""
        said = self.earlier[:place]
        return RequestCase("", self.group, place + 1, self.earlier[place], self.history, earlier=said)


def conversations(cases: Iterable[RequestCase]) -> list[list[RequestCase]]:
    """The requests of each conversation, in order of their turns."""
    found: dict[str, list[RequestCase]] = {}
    for case in cases:
        found.setdefault(case.group, []).append(case)
    return [sorted(held, key=lambda case: case.turn) for held in found.values()]


def link(cases: Sequence[RequestCase], catalog: Catalog) -> tuple[list[RequestCase], int]:
    """Cases with ids for names, and how many of the items that they name are not in the catalogue.

    Raises:
        DataError: none of them is.
    """
    names, lost, found = Names(catalog), set[str](), set[str]()

    def ids(items: Iterable[str]) -> tuple[str, ...]:
        linked = list[str]()
        for name in items:
            item_id = name if name in catalog else names.by_title(name)
            (lost if item_id is None else found).add(name)
            linked += [item_id] if item_id else []
        return tuple(dict.fromkeys(linked))

    linked = [_with_ids(case, ids) for case in cases]
    if lost and not found:
        raise DataError(
            f"none of the {len(lost):,} items that the file names is in this catalogue, such as {min(lost)!r}; "
            "give the workspace that it was made for"
        )
    return linked, len(lost)


def _with_ids(case: RequestCase, ids: Any) -> RequestCase:
    ideal = case.ideal
    if ideal:
        ideal = replace(ideal, like=ids(ideal.like), unlike=ids(ideal.unlike))
    lists = {name: ids(getattr(case, name)) for name in ("history", "shown", "fits", "arguable", "excluded")}
    sentences = tuple(
        replace(one, item=(ids([one.item]) or ("",))[0]) if one.item else one for one in case.sentences
    )
    return replace(case, ideal=ideal, sentences=sentences, **lists)
