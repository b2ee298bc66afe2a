"""What the systems of a run learn from: said on the command line, read from files, checked, and told in the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tastemaker.evals.dialogues.case import DialogueCase, Names, link
from tastemaker.evals.dialogues.files import read_dialogues
from tastemaker.evals.dialogues.leak_check import Leaks, add_up, find_leaks, find_leaks_of_cases
from tastemaker.evals.dialogues.split import Split, Way, split_by_time
from tastemaker.evals.runs.run_folder import file_sha256
from tastemaker.retrieval.errors import ConfigError, DataError
from tastemaker.tools.conversation_ranker.ranker import ConversationRanker


@dataclass(frozen=True)
class Lessons:
    """Where a run learns from; the workspace's own ranker where nothing is said.

    Attributes:
        learn_from: another file of logged conversations.
        folds: learn from the other folds of the file that is scored, so many in all.
        time_split: learn from so much of that file, the earlier conversations, and score the later ones.
        allow_leaks: score what was learned from, and say so in the report.

    Raises:
        ConfigError: more than one of them.
    """

    learn_from: Path | None = None
    folds: int | None = None
    time_split: float | None = None
    allow_leaks: bool = False

    def __post_init__(self) -> None:
        told = {
            "--learn-from": self.learn_from,
            "--folds": self.folds,
            "--time-split": self.time_split,
        }
        if len(given := [name for name, value in told.items() if value is not None]) > 1:
            raise ConfigError(f"{' and '.join(given)} exclude each other: learning is done in one way")
        if self.folds is not None:
            Split(Way.FOLDS, self.folds)

    @property
    def way(self) -> Way:
        """How it is decided what is learned from."""
        if self.learn_from is not None:
            return Way.FILE
        if self.folds is not None:
            return Way.FOLDS
        return Way.WORKSPACE if self.time_split is None else Way.TIME

    def split(
        self, cases: Sequence[DialogueCase], names: Names, ids: Path | None = None
    ) -> tuple[Split, list[DialogueCase]]:
        """The split, and those of a file's moments that are scored.

        Args:
            cases: all moments of the file.
            names: of the catalogue.
            ids: what numbers mean, for a file to learn from in the format ``ids``.

        Raises:
            ConfigError: a share that leaves nothing to learn from or to score.
            DataError: the file to learn from cannot be read, or conversations have no order in time.
        """
        if self.learn_from is not None:
            return Split(Way.FILE, lessons=tuple(link(read_dialogues(self.learn_from, None, ids), names))), [
                *cases
            ]
        if self.time_split is not None:
            past, future = split_by_time(cases, self.time_split)
            return Split(Way.TIME, lessons=tuple(past)), future
        return Split(self.way, self.folds) if self.folds else Split(self.way), [*cases]

    def parameters(self, split: Split, ranker: ConversationRanker | None) -> dict[str, Any]:
        """What a run's head says of it."""
        told: dict[str, Any] = {"way": str(split.way)}
        if self.learn_from is not None:
            told |= {"file": self.learn_from.name, "sha256": file_sha256(self.learn_from)}
        if self.folds is not None:
            told["folds"] = self.folds
        if self.time_split is not None:
            told["share"] = self.time_split
        if split.lessons:
            told |= {
                "conversations": len({case.group for case in split.lessons}),
                "moments": len(split.lessons),
            }
        if split.way is Way.WORKSPACE:
            told["record"] = dict(ranker.record) if ranker else None
        return told

    def leaks(
        self,
        split: Split,
        cases: Sequence[DialogueCase],
        asked: Sequence[DialogueCase],
        ranker: ConversationRanker | None,
    ) -> Leaks | None:
        """What learning and scoring share; None where nothing was learned from.

        Raises:
            DataError: the workspace's ranker was learned by a version that did not keep what the check needs.
        """
        if split.way is Way.WORKSPACE:
            if ranker is None:
                return None
            if ranker.heard is None:
                if self.allow_leaks:
                    return None
                raise DataError(
                    "the workspace cannot tell which conversations it learned from: an older version taught it. Run "
                    "`tastemaker learn` again, or say --allow-leaks to score without the check"
                )
            return find_leaks(asked, ranker.heard)
        parts = {split.part(case.group) for case in asked}
        return add_up(
            {
                part: find_leaks_of_cases(
                    [case for case in asked if split.part(case.group) == part], split.lessons_for(part, cases)
                )
                for part in sorted(parts)
            }
        )


def describe_learning(told: Mapping[str, Any]) -> str:
    """How a run learned, in a sentence, from what its head says.

    >>> describe_learning({"way": "folds", "folds": 5})
    'Cross-validated figures: each conversation was scored by what the other 4 of 5 folds of the same file taught.'
    """
    size = f"{told.get('conversations', 0):,} conversations, {told.get('moments', 0):,} moments"
    match told["way"]:
        case Way.FOLDS:
            return (
                f"Cross-validated figures: each conversation was scored by what the other {told['folds'] - 1} of "
                f"{told['folds']} folds of the same file taught."
            )
        case Way.FILE:
            return f"Held-out figures: learned from {told['file']} ({size})."
        case Way.TIME:
            return f"Figures on the future: learned from the earliest {told['share']:.0%} of conversations ({size})."
    record = told.get("record")
    if record is None:
        return "Nothing was learned from conversations: the workspace as it was built."
    files = ", ".join(one["name"] for one in record.get("files", [])) or "files it does not name"
    return (
        f"Held-out figures of the workspace's own ranker, which learned from {record['conversations']:,} conversations "
        f"({files})."
    )
