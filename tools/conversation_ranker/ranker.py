"""Rank the catalogue for a conversation, by what logged conversations taught: weights over all evidence."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from tastemaker.recommenders.conversation.choice_model import ALTERNATIVES, Choice, ChoiceModel, fit_choices
from tastemaker.recommenders.conversation.co_mention import CoMentions
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.recommenders.saved_model import SavedModel, read_model, write_model
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.errors import DataError, WorkspaceError
from tastemaker.retrieval.filters.conditions import Condition
from tastemaker.retrieval.index.embedder import one_thread
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.conversation_ranker.context_knn import LoggedMoment, Past, named_by
from tastemaker.tools.conversation_ranker.dialogue_context import Embed, Moment
from tastemaker.tools.conversation_ranker.encoder import ConversationEncoder, Learned
from tastemaker.tools.conversation_ranker.evidence import Column, EvidenceReader, Own, evidence_names
from tastemaker.tools.conversation_ranker.item_features import item_features
from tastemaker.tools.tool_context import DEFAULT_K, Shelf

NAME = "conversation"
LEAST_CASES = 30
"""Fewer logged moments teach nothing that holds."""

Record = dict[str, object]


ReadKey = tuple[str, Moment, tuple[str, ...]]
Read = tuple[npt.NDArray[np.int64], npt.NDArray[np.float16]]
"""Rows of the catalogue and the evidence on them, float16[n, n_evidence]."""


class ConversationRanker:
    """Scores every item of a shelf for a conversation. Safe to share between threads.

    Attributes:
        mentions: what logged conversations name together.
        past: their moments, and what came next.
        encoder: what they make one expect.
        choice: how evidence becomes utility.
        record: on what and how it was fitted.
    """

    def __init__(
        self,
        shelf: Shelf,
        mentions: CoMentions,
        past: Past,
        encoder: ConversationEncoder,
        choice: ChoiceModel,
        record: Record,
        embed: Embed | None = None,
    ) -> None:
        self.mentions, self.past, self.encoder = mentions, past, encoder
        self.choice, self.record = choice, record
        self._reader = EvidenceReader(shelf, mentions, past, encoder, embed)
        self._shelf = shelf

    @property
    def evidence(self) -> tuple[str, ...]:
        """Names of the kinds of evidence."""
        return self._reader.names

    def scores(self, moment: Moment) -> Column:
        """Utility of each item, float32[n_items]; the softmax is the chance to be named next."""
        return self.choice.utilities(self._reader.read(moment))

    @classmethod
    @one_thread()  # sums in another order would end in other weights on a machine of other cores
    def fit(
        cls,
        shelf: Shelf,
        logged: Sequence[LoggedMoment],
        *,
        seed: int = 0,
        leave_out: Sequence[str] = (),
        embed: Embed | None = None,
        seen: dict[ReadKey, Read] | None = None,
        learned: Learned | None = None,
        progress: bool = False,
    ) -> ConversationRanker:
        """Learn from logged conversations.

        While the weights are fitted, what a conversation itself teaches is taken out of the evidence, so
        that this is worth what it will be worth on a new one.

        Args:
            shelf: catalogue, texts and a recommender; none of them may have seen what is scored later.
            logged: moments; all moments of a conversation are used or none.
            seed: of sampling and fitting.
            leave_out: names of evidence that is set to zero, for ablations.
            embed: gives a text's vector in place of the shelf's index, such as one that remembers.
            seen: what was read of moments, kept from one fit to the next on the same shelf and seed, as of
                folds: only what is counted in the other conversations is then read again.
            learned: items' features and two-tower models, kept in the same way.
            progress: show a bar.

        Raises:
            DataError: too few moments.
        """
        useful = [one for one in logged if one.named]
        if len(useful) < LEAST_CASES:
            raise DataError(
                f"{len(useful)} moments with new items are too few to learn from; at least {LEAST_CASES} are needed"
            )
        named = named_by(logged)
        mentions, past, encoder = taught(shelf, logged, embed or shelf.index.embed, seed, learned)
        reader = EvidenceReader(shelf, mentions, past, encoder, embed)
        gone = [reader.names.index(name) for name in leave_out]
        counted = [reader.names.index(name) for name in EvidenceReader.COUNTED]
        seen = {} if seen is None else seen
        choices = []
        for one in tqdm(useful, desc="reading conversations", unit="moment", disable=not progress):
            own = Own(one.conversation, named[one.conversation])
            key = (one.conversation, one.moment, one.named)
            if key not in seen:
                seen[key] = drawn(reader.read(one.moment, without=own), one, shelf.catalog, seed)
            rows, told = seen[key]
            table = told.copy()
            table[:, counted] = reader.counted(one.moment, without=own)[rows]
            table[:, gone] = 0
            choices.append(Choice(table[: len(one.named)], table[len(one.named) :]))
        record: Record = {
            "moments": len(useful),
            "conversations": len(named),
            "seed": seed,
            "recommender": shelf.recommender.name,
        }
        return cls(shelf, mentions, past, encoder, fit_choices(choices, seed=seed), record, embed)

    def save(self, folder: Path) -> None:
        """Write it as safetensors and JSON, all or nothing."""
        config = {"evidence": list(self.evidence)}
        arrays = {
            **self.mentions.arrays(),
            **self.past.arrays(),
            **self.encoder.arrays(),
            **self.choice.arrays(),
        }
        write_model(
            folder, SavedModel(NAME, config, Vocabulary(self._shelf.catalog.ids), arrays, self.record)
        )

    @classmethod
    def load(cls, folder: Path, shelf: Shelf, embed: Embed | None = None) -> ConversationRanker:
        """What :meth:`save` wrote.

        Args:
            folder: where it is.
            shelf: the catalogue that it was learned over.
            embed: gives a text's vector in place of the shelf's index.

        Raises:
            WorkspaceError: missing, broken, or of another catalogue.
        """
        saved = read_model(folder, name=NAME, vocabulary=Vocabulary(shelf.catalog.ids))
        if saved.config.get("evidence") != list(evidence_names(shelf.catalog.schema)):
            raise WorkspaceError(
                f"{folder} was learned by another version of tastemaker; run `tastemaker learn` again"
            )
        known = embed or shelf.index.embed
        past = Past.from_arrays(saved.arrays, shelf, known)
        return cls(
            shelf,
            CoMentions.from_arrays(saved.arrays),
            past,
            ConversationEncoder.from_arrays(saved.arrays, shelf, known, past.features),
            ChoiceModel.from_arrays(saved.arrays),
            dict(saved.record),
            known,
        )


def converse(
    shelf: Shelf,
    moment: Moment,
    constraints: Sequence[Condition] = (),
    exclude: Sequence[str] = (),
    k: int = DEFAULT_K,
) -> Candidates:
    """What people who recommend would name next in this conversation; nothing without a learned ranker."""
    ranker = shelf.conversation
    if ranker is None:
        return Candidates(NAME, note="no conversations were learned from; see `tastemaker learn`")
    keep = shelf.allowed(constraints, exclude)
    arguments = {"mentioned": len(moment.mentioned), "said": len(moment.said)}
    return Candidates(NAME, arguments, shelf.best(ranker.scores(moment), keep, k))


def taught(
    shelf: Shelf, logged: Sequence[LoggedMoment], embed: Embed, seed: int, learned: Learned | None = None
) -> tuple[CoMentions, Past, ConversationEncoder]:
    """What logged moments teach the evidence; arguments as those of :meth:`ConversationRanker.fit`."""
    catalog, useful = shelf.catalog, [one for one in logged if one.named]
    named = named_by(logged).values()
    mentions = CoMentions.of([catalog.rows(ids).tolist() for ids in named], len(catalog))
    learned = learned or Learned()
    features = learned.once("features", partial(item_features, shelf))
    past = Past.of(shelf, useful, embed, features)
    encoder = ConversationEncoder.fit(shelf, useful, embed, features, seed=seed, learned=learned)
    return mentions, past, encoder


def drawn(evidence: Column, one: LoggedMoment, catalog: Catalog, seed: int) -> Read:
    """Of a moment's evidence, what was named and what is drawn to compare it with, the named items first."""
    chosen = catalog.rows(one.named)
    free = np.ones(len(evidence), np.bool_)
    free[chosen] = free[catalog.rows(one.moment.mentioned)] = False
    others = np.flatnonzero(free)
    # Each moment has random numbers of its own: which others are read, and in what order, makes no difference.
    random = np.random.default_rng([seed, zlib.crc32(repr((one.conversation, one.moment)).encode())])
    drawn = random.choice(others, ALTERNATIVES, replace=len(others) < ALTERNATIVES)
    rows = np.concatenate([chosen, drawn])
    return rows, evidence[rows].astype(np.float16)
