"""Whether what a run scores was learned from: the same conversations, nearly the same contexts, the same answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tastemaker.evals.dialogues.case import DialogueCase
from tastemaker.retrieval.errors import DataError
from tastemaker.tools.conversation_ranker.fingerprints import ALIKE, Fingerprints, longest_texts

SAME_NAME = 0.3
"""Share of what was said from which on two conversations of one name are taken for one."""
BY_CHANCE = 0.01
"""Share of contexts that may be nearly the same without a conversation in common: people repeat themselves. One of
ReDial's 2,716 is, of one fold among the others."""


@dataclass(frozen=True)
class Leaks:
    """What learning and scoring share.

    Attributes:
        conversations: of those scored, how many were learned from too, whole or in part.
        contexts: moments whose context is nearly that of a conversation that was learned from.
        answers: of these, moments with an item to find that the learned conversation names as well; None where it
            is not known what those name.
        of_conversations, of_contexts: how many are scored.
    """

    conversations: int
    contexts: int
    answers: int | None
    of_conversations: int
    of_contexts: int

    def __bool__(self) -> bool:
        return self.conversations > 0 or self.contexts > BY_CHANCE * self.of_contexts

    def describe(self) -> str:
        """A sentence for reports."""
        found = (
            f"{self.conversations:,} of {self.of_conversations:,} scored conversations were learned from, "
            f"{self.contexts:,} of {self.of_contexts:,} contexts are nearly the same as one that was"
        )
        found += (
            "." if self.answers is None else f", and {self.answers:,} of these have the same answer there."
        )
        return f"{'THE SPLIT LEAKS' if self else 'Leak check passed'}: {found}"

    def to_json(self) -> dict[str, Any]:
        """Fit for a run's head."""
        return asdict(self)


def find_leaks(
    asked: Sequence[DialogueCase], learned: Fingerprints, named: Sequence[frozenset[str]] | None = None
) -> Leaks:
    """Compare what is scored with what was learned from.

    Args:
        asked: the moments that are scored.
        learned: fingerprints of the conversations that were learned from.
        named: ids that each of these names, in the same order, where that is known.
    """
    whole = longest_texts((case.group, [one.text for one in case.context]) for case in asked)
    shared = {group for group, said in whole.items() if _is_known(group, said, learned)}
    contexts = answers = 0
    for case in asked:
        near = learned.nearest(" ".join(one.text for one in case.context))
        if near and near.share >= ALIKE:
            contexts += 1
            answers += named is not None and bool(named[near.conversation] & {*case.new})
    return Leaks(len(shared), contexts, None if named is None else answers, len(whole), len(asked))


def _is_known(group: str, said: str, learned: Fingerprints) -> bool:
    if learned.share_with(group, said) >= SAME_NAME:
        return True
    near = learned.nearest(said)
    return near is not None and near.share >= ALIKE


def find_leaks_of_cases(asked: Sequence[DialogueCase], lessons: Sequence[DialogueCase]) -> Leaks:
    """The same, from the moments that are learned from."""
    said = longest_texts(
        (case.group, [*(one.text for one in case.context), case.response]) for case in lessons
    )
    named: dict[str, set[str]] = {group: set() for group in said}
    for case in lessons:
        named[case.group].update(case.mentioned, case.gold)
    return find_leaks(asked, Fingerprints.of(said), [frozenset(ids) for ids in named.values()])


def add_up(leaks: Mapping[int, Leaks]) -> Leaks:
    """Of all parts of a split together."""
    return Leaks(
        *(sum(getattr(one, name) or 0 for one in leaks.values()) for name in Leaks.__dataclass_fields__)
    )


def stop_at(leaks: Leaks, *, allowed: bool) -> None:
    """Stop a run that scores what was learned from, unless that is allowed.

    Raises:
        DataError: the split leaks.
    """
    if leaks and not allowed:
        raise DataError(
            f"{leaks.describe()} Figures would be too good. Learn from other conversations, or say --allow-leaks: "
            "the report then says so"
        )
