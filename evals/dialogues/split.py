"""Which conversations a system learns from before it is asked about others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tastemaker.evals.dialogues.case import DialogueCase
from tastemaker.retrieval.errors import ConfigError, DataError
from tastemaker.tools.conversation_ranker.folds import FOLDS, fold_of


class Way(StrEnum):
    """How it was decided what is learned from."""

    WORKSPACE = "workspace"
    """What ``tastemaker learn`` taught the workspace, as it serves."""
    FILE = "file"
    """Another file, learned from before the run."""
    FOLDS = "folds"
    """The other folds of the file that is scored, by conversation."""
    TIME = "time"
    """The earlier conversations of the file that is scored."""


@dataclass(frozen=True)
class Split:
    """What is learned from for each part of the conversations that are asked about.

    Attributes:
        way: how it was decided.
        folds: parts, where the way is ``folds``; all others have one part.
        lessons: what is learned from, where that is not among the cases themselves.
    """

    way: Way = Way.FOLDS
    folds: int = FOLDS
    lessons: tuple[DialogueCase, ...] = ()

    def __post_init__(self) -> None:
        if self.way is Way.FOLDS and self.folds < 2:
            raise ConfigError(f"--folds must be at least 2, got {self.folds}")

    def part(self, conversation: str) -> int:
        """Which part a conversation is in."""
        return fold_of(conversation, self.folds) if self.way is Way.FOLDS else 0

    def lessons_for(self, part: int, cases: Sequence[DialogueCase]) -> list[DialogueCase]:
        """What the ranker of a part learns from; ``cases`` are all that the file holds."""
        if self.way is Way.FOLDS:
            return [case for case in cases if self.part(case.group) != part]
        return list(self.lessons)


BY_FOLDS = Split()


def split_by_time(
    cases: Sequence[DialogueCase], share: float
) -> tuple[list[DialogueCase], list[DialogueCase]]:
    """The earlier conversations, so much of all of them, and the later ones.

    Raises:
        ConfigError: a share that leaves nothing on one side.
        DataError: the file tells no times, and its conversations have no numbers.

    >>> cases = [DialogueCase(f"{n}-0", str(n), 0, (), (), ("1",)) for n in (12, 3, 7, 9)]
    >>> [[case.group for case in part] for part in split_by_time(cases, 0.5)]
    [['3', '7'], ['12', '9']]
    """
    if not 0 < share < 1:
        raise ConfigError(f"--time-split is the share to learn from, between 0 and 1, got {share}")
    times = conversation_times(cases)
    if times is None:
        raise DataError(
            "--time-split needs to know which conversations came first: give every row a `time` "
            "(see --schema), or number the conversations in the order in which they were held"
        )
    order = sorted(times, key=lambda group: (times[group], group))
    past = set(order[: round(share * len(order))])
    if not past or len(past) == len(order):
        raise ConfigError(
            f"--time-split {share} of {len(order)} conversations leaves none on one side; choose another share"
        )
    return [c for c in cases if c.group in past], [c for c in cases if c.group not in past]


def conversation_times(cases: Sequence[DialogueCase]) -> dict[str, float] | None:
    """When each conversation was held, as its file tells, else its number; None where neither is known.

    The number orders the conversations of data sets that count them as they were held, as ReDial does.
    """
    if all(case.time is not None for case in cases):
        found: dict[str, float] = {}
        for case in cases:
            found[case.group] = max(found.get(case.group, -float("inf")), case.time or 0.0)
        return found
    if all(case.group.isascii() and case.group.isdigit() for case in cases):
        return {case.group: float(case.group) for case in cases}
    return None
