"""What a system gives for a moment of a conversation, and the systems that need no language model."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from tastemaker.agent.llm.cpu_cores import usable_cores
from tastemaker.evals.dialogues.case import DialogueCase
from tastemaker.evals.dialogues.split import BY_FOLDS, Split, Way
from tastemaker.recommenders import Query
from tastemaker.retrieval.atomic_write import write_atomically
from tastemaker.retrieval.errors import ConfigError
from tastemaker.retrieval.index.embedder import one_thread
from tastemaker.tools.conversation_ranker.context_knn import LoggedContext
from tastemaker.tools.conversation_ranker.encoder import Learned
from tastemaker.tools.conversation_ranker.ranker import ConversationRanker, Read, ReadKey
from tastemaker.tools.conversation_ranker.said_vectors import embed_from, texts_of
from tastemaker.tools.dialogue_context import DialogueContext, Embed
from tastemaker.tools.tool_context import ToolContext

DEEP = 50
"""Items asked of every system: the largest k of any metric, and as many again for those named before."""

UNTAUGHT = (
    "this workspace has not learned from conversations: learn from another file (--learn-from FILE), from the other "
    "folds of this one (--folds 5) or from its past (--time-split .6), teach the workspace first (tastemaker learn), "
    "or leave out the systems popularity and conversation"
)
VECTORS = "said.npy"
"""Of what was said, in a folder shared by processes."""


@dataclass(frozen=True)
class Answer:
    """What a system answered.

    Attributes:
        items: ids, the best first.
        outside: titles that it named and the catalogue does not hold.
        text: what it said.
        first_seconds: until the first item was there, where it is known.
        usage: calls, tokens, cost.
        trace: what happened.
        places: item id -> the ranks at which tools found it, where it tells.
        question: what it asked back.
        chances: of the items, to be what is named next, where it gives any; 0 for those named before.
    """

    items: tuple[str, ...]
    outside: tuple[str, ...] = ()
    text: str | None = None
    first_seconds: float | None = None
    usage: Mapping[str, Any] | None = None
    trace: Sequence[Mapping[str, Any]] | None = None
    places: Mapping[str, Sequence[int]] | None = None
    question: str = ""
    chances: tuple[float, ...] = ()


class DialogueSystem(Protocol):
    """Anything that can be asked what it would name next; asked from several threads."""

    def answer(self, case: DialogueCase) -> Answer:
        """Items for a moment; it must look at nothing but context and mentioned items."""


Scores = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Scored:
    """A system that scores the whole catalogue. Ties go to the item that stands first.

    Attributes:
        utilities: whether the softmax of its scores is the chance to be named next.
    """

    tool_context: ToolContext
    score: Callable[[DialogueCase], Scores]
    utilities: bool = False

    def answer(self, case: DialogueCase) -> Answer:
        """The best items of the catalogue, mentioned ones included."""
        scores = self.score(case)
        order = np.argsort(-scores, kind="stable")[: DEEP + len(case.mentioned)]
        order = order[np.isfinite(scores[order])]
        chances = self._chances(scores, case)[order] if self.utilities else order[:0]
        return Answer(
            tuple(self.tool_context.catalog.ids[row] for row in order), chances=tuple(map(float, chances))
        )

    def _chances(self, scores: Scores, case: DialogueCase) -> npt.NDArray[np.float64]:
        """Softmax over what was not named before, float64[n_items]."""
        utilities = scores.astype(np.float64)
        utilities[self.tool_context.catalog.rows(case.mentioned)] = -np.inf
        return cast("npt.NDArray[np.float64]", softmax(utilities))


class Copy:
    """What was mentioned, the latest first: nothing new, ever."""

    def answer(self, case: DialogueCase) -> Answer:
        """The mentioned items."""
        return Answer(tuple(reversed(case.mentioned)))


def dialogue_context_of(case: DialogueCase) -> DialogueContext:
    """What may be known at this point."""
    disliked = tuple(i for i, felt in case.sentiment.items() if felt == "disliked")
    return DialogueContext(
        tuple(one.text for one in case.context if one.text.strip()), case.mentioned, disliked
    )


def logged_contexts(cases: Sequence[DialogueCase]) -> list[LoggedContext]:
    """Moments to learn from."""
    return [LoggedContext(c.group, dialogue_context_of(c), c.new, c.time) for c in cases]


@dataclass(frozen=True)
class Folds:
    """Systems that learn from conversations, each asked only about conversations it has not learned from.

    Attributes:
        cases: all cases that are scored.
        tool_context: what it learns over.
        leave_out: evidence left out, for ablations.
        place: a folder that keeps the vectors of what was said and the fitted rankers, for several processes
            and for the same run again.
        split: what is learned from for whom; by default the other folds' cases.
    """

    tool_context: ToolContext
    cases: Sequence[DialogueCase]
    seed: int = 0
    leave_out: tuple[str, ...] = ()
    progress: bool = False
    place: Path | None = None
    split: Split = BY_FOLDS
    _kept: dict[int, ConversationRanker] = field(default_factory=dict)
    _seen: dict[ReadKey, Read] = field(default_factory=dict)
    _learned: Learned = field(default_factory=Learned)

    def part(self, group: str) -> int:
        """Which ranker is asked about a conversation."""
        return self.split.part(group)

    def ranker(self, group: str) -> ConversationRanker:
        """The ranker that may be asked about a conversation.

        Raises:
            ConfigError: it is the workspace's own, and the workspace has none.
        """
        part = self.part(group)
        if part not in self._kept:
            self._kept[part] = (
                self._own_ranker() if self.split.way is Way.WORKSPACE else self._load_or_fit(part)
            )
        return self._kept[part]

    def _own_ranker(self) -> ConversationRanker:
        own = self.tool_context.conversation
        if not isinstance(own, ConversationRanker):
            raise ConfigError(UNTAUGHT)
        return own

    def _load_or_fit(self, part: int) -> ConversationRanker:
        saved = self._fold_folder(part)
        if saved and saved.exists():
            return ConversationRanker.load(saved, self.tool_context, self.embed)
        ranker = self._fit(part)
        if saved:
            ranker.save(saved)
        return ranker

    def lessons(self, part: int) -> list[LoggedContext]:
        """What the ranker of a part learns from."""
        return logged_contexts(self.split.lessons_for(part, self.cases))

    def _fit(self, part: int) -> ConversationRanker:
        return ConversationRanker.fit(
            self.tool_context,
            self.lessons(part),
            seed=self.seed,
            leave_out=self.leave_out,
            embed=self.embed,
            seen=self._seen,
            learned=self._learned,
            progress=self.progress,
        )

    def mention_counts(self, part: int) -> Scores:
        """How many of the conversations that a part learned from name each item, float32[n_items]."""
        if self.split.way is Way.WORKSPACE:
            return self._own_ranker().mentions.counts
        counts = np.zeros(len(self.tool_context.catalog), np.float32)
        said = {
            (case.group, i)
            for case in self.split.lessons_for(part, self.cases)
            for i in (*case.mentioned, *case.gold)
        }
        np.add.at(counts, self.tool_context.catalog.rows(i for _, i in sorted(said)), 1)
        return counts

    def _fold_folder(self, fold: int) -> Path | None:
        return self.place / f"fold-{fold}" if self.place else None

    @cached_property
    def embed(self) -> Embed:
        """A text's vector; every fold asks for those of what was said, so they are encoded once, all together."""
        texts = texts_of(dialogue_context_of(case) for case in (*self.split.lessons, *self.cases))
        return embed_from(self.tool_context.index, texts, self._encode(texts))

    def _encode(self, texts: list[str]) -> Scores:
        """A unit vector of each text, float32[n, d], out of the shared folder if they are there."""
        kept = self.place / VECTORS if self.place else None
        if kept and kept.exists():
            return cast(Scores, np.load(kept))
        vectors = self.tool_context.index.embed_all(texts) if texts else np.zeros((0, 0), np.float32)
        if kept:
            saved = io.BytesIO()
            np.save(saved, vectors)
            write_atomically(kept, saved.getvalue())
        return vectors

    def encode(self) -> None:
        """Encode what was said, so that it lies ready in the shared folder."""
        _ = self.embed

    @property
    def groups(self) -> list[str]:
        """One conversation of each fold."""
        return list({self.part(case.group): case.group for case in self.cases}.values())

    def groups_to_learn(self) -> list[str]:
        """One conversation of each fold whose ranker is neither fitted nor kept in the shared folder."""
        if self.split.way is Way.WORKSPACE:
            return []
        return [group for group in self.groups if not self._is_kept(self.part(group))]

    def _is_kept(self, part: int) -> bool:
        saved = self._fold_folder(part)
        return part in self._kept or bool(saved and saved.exists())

    def learn(self, group: str) -> None:
        """Fit the ranker of a conversation's fold, and keep it in the shared folder.

        Raises:
            ConfigError: there is no such folder.
        """
        if self.place is None:
            raise ConfigError("these folds have no shared folder; give them a place")
        self.ranker(group)

    def learn_all(self) -> Mapping[int, ConversationRanker]:
        """Every fold's ranker, fitted before threads ask for them: the first reads what the others need too."""
        first, *others = self.groups
        self.ranker(first)
        # One thread around them all: a fit that ends gives back the number it found, while others go on.
        with ThreadPoolExecutor(usable_cores()) as threads, one_thread():
            list(threads.map(self.ranker, others))
        return self._kept


def baseline(name: str, tool_context: ToolContext, folds: Folds) -> DialogueSystem:
    """A system by name, out of :data:`BASELINES`."""
    if name == "copy":
        return Copy()
    return Scored(tool_context, BASELINES[name](tool_context, folds), utilities=name == "conversation")


def _popularity(tool_context: ToolContext, folds: Folds) -> Callable[[DialogueCase], Scores]:  # noqa: ARG001
    count = cache(folds.mention_counts)
    return lambda case: count(folds.part(case.group))


def _by_popularity(tool_context: ToolContext, folds: Folds) -> Callable[[DialogueCase], Scores]:  # noqa: ARG001 - as all baselines
    return lambda case: tool_context.popularity.astype(np.float32)  # noqa: ARG005


def _lexical(tool_context: ToolContext, folds: Folds) -> Callable[[DialogueCase], Scores]:  # noqa: ARG001
    return lambda case: tool_context.retriever.ways.lexical.scores(_text(case))


def _dense(tool_context: ToolContext, folds: Folds) -> Callable[[DialogueCase], Scores]:
    embed = folds.embed
    return lambda case: tool_context.index.vectors @ embed(_text(case))


def _rank(tool_context: ToolContext, folds: Folds) -> Callable[[DialogueCase], Scores]:  # noqa: ARG001
    return lambda case: tool_context.rank_scores(Query(history=case.mentioned))


def _conversation(tool_context: ToolContext, folds: Folds) -> Callable[[DialogueCase], Scores]:  # noqa: ARG001
    return lambda case: folds.ranker(case.group).scores(dialogue_context_of(case))


BASELINES: Mapping[str, Callable[[ToolContext, Folds], Callable[[DialogueCase], Scores]]] = {
    "copy": _by_popularity,
    "popularity": _popularity,
    "log-popularity": _by_popularity,
    "lexical": _lexical,
    "dense": _dense,
    "rank": _rank,
    "conversation": _conversation,
}
"""Name -> what scores the catalogue; ``copy`` does not score at all."""


def _text(case: DialogueCase) -> str:
    return dialogue_context_of(case).recent_text() or "a good film"
