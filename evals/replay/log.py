"""Our own logged sessions, turn by turn, with what became of what was shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tastemaker.agent.feedback import KINDS, read_feedback
from tastemaker.agent.shortlist.exploration_slots import ExplorationPolicy
from tastemaker.retrieval.errors import DataError


@dataclass(frozen=True)
class ShownItem:
    """An item as it was shown; ``inclusion`` is the probability of its being in the list, where known."""

    item: str
    inclusion: float | None


@dataclass(frozen=True)
class LoggedTurn:
    """One turn.

    Attributes:
        session, number: which.
        message, k, state: what it began with.
        made_by: model, effort and recommender.
        shown: in order.
        policy, ranked, candidates: how the list was filled, from what, and from how many.
        met_with: kind of event -> items of this list that met with it while it was the last to show them.
        later: kind of event -> items that met with it in this session from this turn on.
    """

    session: str
    number: int
    message: str
    k: int
    state: Mapping[str, Any]
    made_by: Mapping[str, str]
    shown: tuple[ShownItem, ...]
    policy: ExplorationPolicy
    ranked: tuple[str, ...]
    candidates: int
    met_with: Mapping[str, frozenset[str]]
    later: Mapping[str, frozenset[str]]

    @property
    def id(self) -> str:
        """Session and turn."""
        return f"{self.session}/{self.number:04d}"

    @property
    def group(self) -> str:
        """The session: its turns depend on each other."""
        return self.session

    @property
    def items(self) -> tuple[str, ...]:
        """Ids of what was shown, in order."""
        return tuple(one.item for one in self.shown)

    def inclusion(self, item_id: str) -> float:
        """Probability that this turn would have shown an item; 0 where it could not."""
        if item_id not in self.ranked:
            return 0.0
        return self.policy.inclusion(self.candidates, self.k, self.ranked.index(item_id))


def read_log(folder: Path) -> list[LoggedTurn]:
    """All turns in a folder of feedback logs, session by session.

    Raises:
        DataError: there are none, or a log is broken.
    """
    names = {file.name.removesuffix(".gz") for file in folder.glob("*.jsonl*")}
    files = [folder / name for name in sorted(names) if name.endswith(".jsonl") and not name.startswith(".")]
    turns = [turn for file in files for turn in _session(list(read_feedback(file)), file)]
    if not turns:
        raise DataError(
            "no logged turns there; talk with the agent first (tastemaker web, chat, the Python API), "
            "or give the folder that --log named",
            folder,
        )
    return turns


def _session(records: Sequence[Mapping[str, Any]], file: Path) -> Iterator[LoggedTurn]:
    number, before = 0, list[tuple[int, str, str, int | None]]()
    for one in records:  # what is done before the first turn belongs to none
        number = one["turn"] if one["kind"] == "turn" else number
        if one["kind"] in KINDS:
            before.append((number, one["kind"], one["item"], one["turn"]))
    for place, one in enumerate(records):
        if one["kind"] == "turn":
            try:
                yield _turn(one, records[place + 1 :], before)
            except (KeyError, ValueError) as error:
                raise DataError(f"turn {one.get('turn')} is incomplete ({error!r})", file) from error


def _turn(
    asked: Mapping[str, Any],
    following: Sequence[Mapping[str, Any]],
    done: Sequence[tuple[int, str, str, int | None]],
) -> LoggedTurn:
    number = asked["turn"]
    if "message" not in asked:
        raise DataError(
            f"turn {number} of session {asked['session']} was held with --private: what was said is not there to"
            " hold it again; give a log of sessions without --private"
        )
    shown = tuple(
        ShownItem(one["item"], one["inclusion"])
        for one in following
        if one["kind"] == "shown" and one["turn"] == number
    )
    return LoggedTurn(
        session=asked["session"],
        number=number,
        message=asked["message"],
        k=asked["k"],
        state=asked["state"],
        made_by={name: asked[name] for name in ("llm", "effort", "recommender")},
        shown=shown,
        policy=ExplorationPolicy(share=asked["share"], pool=asked["pool"]),
        ranked=tuple(asked["ranked"]),
        candidates=asked["candidates"],
        met_with={
            kind: frozenset(i for _, did, i, at in done if did == kind and at == number) for kind in KINDS
        },
        later={
            kind: frozenset(i for when, did, i, _ in done if did == kind and when >= number) for kind in KINDS
        },
    )
