"""What a conversation tells of every item: one column per kind of evidence, for any catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from tastemaker.recommenders import Query
from tastemaker.recommenders.conversation.co_mention import CoMentions, shares
from tastemaker.recommenders.standardised import varies
from tastemaker.retrieval.catalog.schema import Kind, Schema
from tastemaker.retrieval.text.normalise import fold
from tastemaker.tools.conversation_ranker.context_knn import ContextKNN
from tastemaker.tools.conversation_ranker.encoder import ConversationEncoder
from tastemaker.tools.conversation_ranker.lately import Lately
from tastemaker.tools.dialogue_context import DialogueContext, Embed
from tastemaker.tools.tool_context import ToolContext

Column = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

LONGEST_VALUE = 4
"""Words of an attribute value that is looked for in what was said."""

_PLURAL = re.compile(r"(?<=\w{3})s\b")


@dataclass(frozen=True)
class Own:
    """A logged conversation that must not tell of itself.

    Attributes:
        conversation: its name.
        named: ids of all items that it names.
    """

    conversation: str
    named: tuple[str, ...]


class EvidenceReader:
    """Turns a moment into evidence on each item of a catalogue.

    ========================= ===================================================================
    evidence                  is
    ========================= ===================================================================
    named                     log of the conversations that name the item
    taken                     log of its interactions in the log
    beside                    log chance to be named beside what was mentioned
    echo                      log of the votes of logged moments like this one
    renown                    forecast of named from text, values, numbers and log, for what was never named
    lately, beside lately     the same as named and beside, of mentions that fade with time
    expected                  utility to a two-tower model that learned from logged moments
    taste                     the workspace's recommender, given what was mentioned
    meaning, tag, words       likeness of the text to the last utterances: vector, nearest tag, words
    likeness, nearest         mean and greatest likeness of the text to those of the mentioned items
    said FIELD                values of the item that occur in what was said
    shared FIELD              values that it shares with the mentioned items, as a mean cosine
    FIELD, near FIELD         its number, and how near that is to those of the mentioned items
    ========================= ===================================================================

    Each column is standardised over the catalogue; one that says nothing is zero.
    """

    COUNTED = ("named", "beside", "echo", "expected", "lately", "beside lately", "renown")
    """Evidence that was learned from logged conversations."""

    def __init__(
        self,
        tool_context: ToolContext,
        mentions: CoMentions,
        neighbours: ContextKNN | None = None,
        encoder: ConversationEncoder | None = None,
        embed: Embed | None = None,
        lately: Lately | None = None,
        renown: Column | None = None,
    ) -> None:
        self._renown = renown
        self._tool_context = tool_context
        self._lately = lately
        self._embed = embed or tool_context.index.embed
        self._mentions = mentions
        self._neighbours, self._encoder = neighbours, encoder
        self.names = evidence_names(tool_context.catalog.schema)
        self._sets, self._numbers = _attributes(tool_context.catalog.schema)
        self._taken = np.log1p(tool_context.popularity).astype(np.float32)

    def read(self, dialogue: DialogueContext, without: Own | None = None) -> npt.NDArray[np.float32]:
        """Evidence on every item, float32[n_items, n_evidence].

        Args:
            dialogue: where the conversation stands.
            without: this conversation, if it is among those that were learned from.
        """
        table = np.stack([_standardise(column) for column in self._columns(dialogue, without)], axis=1)
        return np.ascontiguousarray(table)

    def count_columns(self, dialogue: DialogueContext, without: Own | None = None) -> npt.NDArray[np.float32]:
        """Of :meth:`read` the columns :attr:`COUNTED` alone, float32[n_items, 7]."""
        return np.stack([_standardise(column) for column in self._learned_columns(dialogue, without)], axis=1)

    def _learned_columns(self, dialogue: DialogueContext, without: Own | None) -> tuple[Column, ...]:
        own = None if without is None else self._tool_context.catalog.rows(without.named)
        mentioned = self._tool_context.catalog.rows(dialogue.mentioned)
        named, beside = self._mentions.mention_counts(own), self._mentions.log_probability(mentioned, own)
        conversation = without.conversation if without else None
        echo = expected = lately = beside_lately = np.zeros(len(named), np.float32)
        if self._neighbours:
            echo = self._neighbours.echo(dialogue, shares(named), conversation)
        if self._encoder:
            expected = self._encoder.utilities(dialogue, conversation)
        if self._lately:
            lately, beside_lately = self._lately.columns(mentioned, conversation)
        renown = np.zeros(len(named), np.float32) if self._renown is None else self._renown
        return np.log1p(named), beside, echo, expected, lately, beside_lately, renown

    def _columns(self, dialogue: DialogueContext, without: Own | None) -> Iterator[Column]:
        catalog, ways = self._tool_context.catalog, self._tool_context.retriever.ways
        nothing = np.zeros(len(catalog), np.float32)
        mentioned = catalog.rows(dialogue.mentioned)
        named, *learned = self._learned_columns(dialogue, without)
        yield named
        yield self._taken
        yield from learned
        yield self._taste(dialogue) if dialogue.mentioned else nothing
        text = dialogue.recent_text()
        last = dialogue.said[-1] if dialogue.said else ""
        vector = self._embed(text) if text else None
        yield nothing if vector is None else ways.index.vectors @ vector
        yield nothing if vector is None else ways.phrases.scores(vector)
        yield np.log1p(ways.lexical.scores(last)) if last.strip() else nothing
        likeness = (
            ways.index.vectors @ ways.index.vectors[mentioned].T if len(mentioned) else nothing[:, None]
        )
        yield likeness.mean(axis=1)
        yield likeness.max(axis=1)
        spoken = _grams(dialogue.all_text())
        for name in self._sets:
            yield self._value_match(name, spoken)
            held = self._shares[name]
            yield np.asarray(held @ held[mentioned].mean(axis=0)).ravel() if len(mentioned) else nothing
        for name in self._numbers:
            numbers = self._number_columns[name]
            known = numbers[mentioned] if len(mentioned) else numbers[:0]
            yield numbers
            yield -np.abs(numbers - known.mean()) if len(known) else nothing

    def _taste(self, dialogue: DialogueContext) -> Column:
        history = tuple(i for i in dialogue.mentioned if i not in dialogue.disliked)
        scores = self._tool_context.rank_scores(Query(history=history))
        known = np.isfinite(scores)
        scores = np.where(known, scores, scores[known].min() if known.any() else np.float32(0))
        deviation = float(scores.std()) or 1.0
        above: Column = np.log1p(np.maximum(scores - scores.mean(), 0) / deviation * 5).astype(np.float32)
        return above

    def _value_match(self, name: str, spoken: set[str]) -> Column:
        held = np.zeros(len(self._tool_context.catalog), np.float32)
        postings = self._tool_context.catalog.postings(name)
        for value in spoken & self._values[name].keys():
            for spelling in self._values[name][value]:
                held[postings[spelling]] += 1
        return held

    @cached_property
    def _values(self) -> dict[str, dict[str, list[str]]]:
        """Per attribute: value as people may say it -> the catalogue's casefolded spellings."""
        found: dict[str, dict[str, list[str]]] = {}
        for name in self._sets:
            found[name] = {}
            for spelling in self._tool_context.catalog.postings(name):
                found[name].setdefault(_PLURAL.sub("", fold(spelling)), []).append(spelling)
        return found

    @cached_property
    def _shares(self) -> dict[str, sparse.csr_array]:
        """Per attribute: items by values, each row of unit length, float32[n_items, n_values]."""
        found = {}
        for name in self._sets:
            postings = self._tool_context.catalog.postings(name)
            rows = [postings[value] for value in postings]
            value = np.repeat(np.arange(len(rows)), [len(r) for r in rows])
            item = np.concatenate(rows) if rows else np.zeros(0, np.int32)
            shape = (len(self._tool_context.catalog), max(1, len(rows)))
            held = sparse.csr_array((np.ones(len(item), np.float32), (item, value)), shape=shape)
            lengths = np.sqrt(np.maximum(np.asarray(held.sum(axis=1)).ravel(), 1)).astype(np.float32)
            found[name] = sparse.csr_array(held.multiply(1 / lengths[:, None]))
        return found

    @cached_property
    def _number_columns(self) -> dict[str, Column]:
        """Per number attribute: its values, the mean where it is not known, float32[n_items]."""
        found = {}
        for name in self._numbers:
            numbers = self._tool_context.catalog.numbers(name)
            known = numbers[np.isfinite(numbers)]
            found[name] = np.where(np.isfinite(numbers), numbers, known.mean() if len(known) else 0.0).astype(
                np.float32
            )
        return found


def evidence_names(schema: Schema) -> tuple[str, ...]:
    """Names of the kinds of evidence on a catalogue of this schema, in the order of the columns."""
    sets, numbers = _attributes(schema)
    return (
        "named",
        "taken",
        "beside",
        "echo",
        "expected",
        "lately",
        "beside lately",
        "renown",
        "taste",
        "meaning",
        "tag",
        "words",
        "likeness",
        "nearest",
        *(f"{kind} {name}" for name in sets for kind in ("said", "shared")),
        *(f"{kind}{name}" for name in numbers for kind in ("", "near ")),
    )


def _attributes(schema: Schema) -> tuple[list[str], list[str]]:
    """Attributes of values, and of numbers."""
    return list(schema.of_kind(Kind.CATEGORY, Kind.TAGS)), list(schema.of_kind(Kind.NUMBER, Kind.DATE))


def _grams(said: str) -> set[str]:
    """All runs of up to four words, plurals as singulars."""
    words = _PLURAL.sub("", fold(said)).split()
    return {
        " ".join(words[at : at + n]) for n in range(1, LONGEST_VALUE + 1) for at in range(len(words) - n + 1)
    }


def _standardise(column: Column) -> Column:
    column = np.asarray(column, np.float32)
    centred = column - column.mean()
    deviation = float(np.sqrt(np.square(centred).mean()))
    return centred / deviation if varies(deviation, column) else np.zeros_like(column)
