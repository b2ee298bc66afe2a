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
from tastemaker.recommenders.conversation.renown import foretell_mentions
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.recommenders.saved_model import SavedModel, read_model, write_model
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.errors import DataError, WorkspaceError
from tastemaker.retrieval.index.embedder import one_thread
from tastemaker.tools.conversation_ranker.context_knn import ContextKNN, LoggedContext, group_mentions
from tastemaker.tools.conversation_ranker.encoder import ConversationEncoder, Learned
from tastemaker.tools.conversation_ranker.evidence import Column, EvidenceReader, Own, evidence_names
from tastemaker.tools.conversation_ranker.fingerprints import Fingerprints, longest_texts
from tastemaker.tools.conversation_ranker.item_features import item_features
from tastemaker.tools.conversation_ranker.lately import Lately
from tastemaker.tools.conversation_ranker.said_vectors import encode_said
from tastemaker.tools.dialogue_context import DialogueContext, Embed
from tastemaker.tools.tool_context import ToolContext

NAME = "conversation"
MIN_CASES = 30
"""Fewer logged moments teach nothing that holds."""

Record = dict[str, object]


ReadKey = tuple[str, DialogueContext, tuple[str, ...]]
Read = tuple[npt.NDArray[np.int64], npt.NDArray[np.float16]]
"""Rows of the catalogue and the evidence on them, float16[n, n_evidence]."""


class ConversationRanker:
    """Scores every item of a catalogue for a conversation. Safe to share between threads.

    Attributes:
        mentions: what logged conversations name together.
        neighbours: their moments, and what came next.
        encoder: what they make one expect.
        choice: how evidence becomes utility.
        record: on what and how it was fitted.
        renown: forecast of how often an item is named, float32[n_items].
        lately: what is named lately; None where it is not known when conversations were held.
        heard: tells the conversations that it learned from; None where an older version did not keep that.
    """

    def __init__(
        self,
        tool_context: ToolContext,
        mentions: CoMentions,
        neighbours: ContextKNN,
        encoder: ConversationEncoder,
        choice: ChoiceModel,
        record: Record,
        embed: Embed | None = None,
        heard: Fingerprints | None = None,
        lately: Lately | None = None,
        renown: Column | None = None,
    ) -> None:
        self.heard, self.lately, self.renown = heard, lately, renown
        self.mentions, self.neighbours, self.encoder = mentions, neighbours, encoder
        self.choice, self.record = choice, record
        self._reader = EvidenceReader(tool_context, mentions, neighbours, encoder, embed, lately, renown)
        self._tool_context = tool_context

    @property
    def evidence(self) -> tuple[str, ...]:
        """Names of the kinds of evidence."""
        return self._reader.names

    def scores(self, dialogue: DialogueContext) -> Column:
        """Utility of each item, float32[n_items]; the softmax is the chance to be named next."""
        return self.choice.utilities(self._reader.read(dialogue))

    @classmethod
    @one_thread()  # sums in another order would end in other weights on a machine of other cores
    def fit(
        cls,
        tool_context: ToolContext,
        logged: Sequence[LoggedContext],
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
            tool_context: catalogue, texts and a recommender; none of them may have seen what is scored later.
            logged: moments; all moments of a conversation are used or none.
            seed: of sampling and fitting.
            leave_out: names of evidence that is set to zero, for ablations.
            embed: gives a text's vector, such as one that remembers; None encodes what was said in batches.
            seen: what was read of moments, kept from one fit to the next on the same catalogue and seed, as of
                folds: only what is counted in the other conversations is then read again.
            learned: items' features and two-tower models, kept in the same way.
            progress: show a bar.

        Raises:
            DataError: too few moments.
        """
        useful = [one for one in logged if one.named]
        if len(useful) < MIN_CASES:
            raise DataError(
                f"{len(useful)} moments with new items are too few to learn from; at least {MIN_CASES} are needed"
            )
        named = group_mentions(logged)
        embed = embed or encode_said(tool_context.index, (one.dialogue for one in useful))
        mentions, neighbours, encoder = fit_parts(tool_context, logged, embed, seed, learned)
        lately = Lately.fit(tool_context.catalog, logged)
        renown = foretell_mentions(mentions.counts, encoder.items, seed)
        reader = EvidenceReader(tool_context, mentions, neighbours, encoder, embed, lately, renown)
        gone = [reader.names.index(name) for name in leave_out]
        counted = [reader.names.index(name) for name in EvidenceReader.COUNTED]
        seen = {} if seen is None else seen
        choices = []
        for one in tqdm(useful, desc="reading conversations", unit="moment", disable=not progress):
            own = Own(one.conversation, named[one.conversation])
            key = (one.conversation, one.dialogue, one.named)
            if key not in seen:
                seen[key] = sample_candidates(
                    reader.read(one.dialogue, without=own), one, tool_context.catalog, seed
                )
            rows, told = seen[key]
            table = told.copy()
            table[:, counted] = reader.count_columns(one.dialogue, without=own)[rows]
            table[:, gone] = 0
            choices.append(Choice(table[: len(one.named)], table[len(one.named) :]))
        record: Record = {
            "moments": len(useful),
            "conversations": len(named),
            "seed": seed,
            "recommender": tool_context.recommender.name,
            "half_life": lately.half_life if lately and np.isfinite(lately.half_life) else None,
        }
        heard = Fingerprints.of(longest_texts((one.conversation, one.dialogue.said) for one in logged))
        choice = fit_choices(choices, seed=seed)
        return cls(tool_context, mentions, neighbours, encoder, choice, record, embed, heard, lately, renown)

    def save(self, folder: Path) -> None:
        """Write it as safetensors and JSON, all or nothing."""
        config = {"evidence": list(self.evidence)}
        arrays = {
            **self.mentions.arrays(),
            **self.neighbours.arrays(),
            **self.encoder.arrays(),
            **self.choice.arrays(),
            **(self.heard.arrays() if self.heard else {}),
            **(self.lately.arrays() if self.lately else {}),
            **({} if self.renown is None else {"renown": self.renown}),
        }
        write_model(
            folder, SavedModel(NAME, config, Vocabulary(self._tool_context.catalog.ids), arrays, self.record)
        )

    @classmethod
    def load(cls, folder: Path, tool_context: ToolContext, embed: Embed | None = None) -> ConversationRanker:
        """What :meth:`save` wrote.

        Args:
            folder: where it is.
            tool_context: the catalogue that it was learned over.
            embed: gives a text's vector in place of the workspace's index.

        Raises:
            WorkspaceError: missing, broken, or of another catalogue.
        """
        saved = read_model(folder, name=NAME, vocabulary=Vocabulary(tool_context.catalog.ids))
        if saved.config.get("evidence") != list(evidence_names(tool_context.catalog.schema)):
            raise WorkspaceError(
                f"{folder} was learned by another version of tastemaker; run `tastemaker learn` again"
            )
        known = embed or tool_context.index.embed
        neighbours = ContextKNN.from_arrays(saved.arrays, tool_context, known)
        return cls(
            tool_context,
            CoMentions.from_arrays(saved.arrays),
            neighbours,
            ConversationEncoder.from_arrays(saved.arrays, tool_context, known, neighbours.features),
            ChoiceModel.from_arrays(saved.arrays),
            dict(saved.record),
            known,
            Fingerprints.from_arrays(saved.arrays),
            Lately.from_arrays(saved.arrays),
            np.asarray(saved.arrays["renown"], np.float32) if "renown" in saved.arrays else None,
        )


def fit_parts(
    tool_context: ToolContext,
    logged: Sequence[LoggedContext],
    embed: Embed,
    seed: int,
    learned: Learned | None = None,
) -> tuple[CoMentions, ContextKNN, ConversationEncoder]:
    """What logged moments teach the evidence; arguments as those of :meth:`ConversationRanker.fit`."""
    catalog, useful = tool_context.catalog, [one for one in logged if one.named]
    named = group_mentions(logged).values()
    mentions = CoMentions.of([catalog.rows(ids).tolist() for ids in named], len(catalog))
    learned = learned or Learned()
    features = learned.once("features", partial(item_features, tool_context))
    neighbours = ContextKNN.of(tool_context, useful, embed, features)
    encoder = ConversationEncoder.fit(tool_context, useful, embed, features, seed=seed, learned=learned)
    return mentions, neighbours, encoder


def sample_candidates(evidence: Column, one: LoggedContext, catalog: Catalog, seed: int) -> Read:
    """Of a moment's evidence, what was named and what is drawn to compare it with, the named items first."""
    chosen = catalog.rows(one.named)
    free = np.ones(len(evidence), np.bool_)
    free[chosen] = free[catalog.rows(one.dialogue.mentioned)] = False
    others = np.flatnonzero(free)
    # Each moment has random numbers of its own: which others are read, and in what order, makes no difference.
    random = np.random.default_rng([seed, zlib.crc32(repr((one.conversation, one.dialogue)).encode())])
    drawn = random.choice(others, ALTERNATIVES, replace=len(others) < ALTERNATIVES)
    rows = np.concatenate([chosen, drawn])
    return rows, evidence[rows].astype(np.float16)
