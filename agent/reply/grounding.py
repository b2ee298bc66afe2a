"""The last check of a reply's prose: each sentence is borne out by what was shown, named or said, or it goes.

It reads what the person would read, whoever wrote it: templates quote texts of items, and a text may
hold titles that exist nowhere and orders to the reader. Only sentences are dropped, never a reply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from tastemaker.agent.nlu.fact_check import unsupported_words
from tastemaker.agent.reply.claim_check import ClaimCheck
from tastemaker.agent.reply.entity_index import Entities, Entity, key_of
from tastemaker.agent.reply.odd_titles import ORDER, holds_link
from tastemaker.retrieval.catalog.catalog import Item
from tastemaker.retrieval.catalog.item_text import full_text

_QUOTED = re.compile(r"[“\"«]([^“”\"«»]{2,300})[”\"»]")
_SENTENCE_END = re.compile(r"[.!?…]+[\"”»)]*(?=\s)\s*|\n+")
_DATED = re.compile(r"\(\d{4}\)")
_RUN = re.compile(
    r"\b[A-Z][\w-]+(?:['’]s)?(?:\s+(?:(?:of|the|and|in|to|at|on|for|de)\s+)*[A-Z][\w-]+(?:['’]s)?)+"
)
_POSSESSIVE = re.compile(r"['’]s\b")
_JOINING = re.compile(r"\s+(?:(?:and|in|to|at|on|for)\s+)+")
_OWN_MARKS = re.compile(
    r"</?(?:facts|candidates|message|taste|system|user|script)\b|\bignore\b.{0,40}\binstructions?\b",
    re.IGNORECASE,
)
_MASK = "\ue000"
"""Stands for each letter of what is borne out already, so that places stay and dots in titles end no sentence."""


@dataclass
class Ground:
    """What prose may speak of.

    Attributes:
        entities: finds titles and names of the catalogue.
        ids: everything shown or named in the session.
        near: the items that this reply is about; their texts count as well.
        said: the person's own words, the latest message first.
        told: what a tool of ours said or computed: an answer by counting, conditions, choices to ask about.
        claims: checks what a model says of items against their values.
        shown: the items of this reply, for which a sentence about all of them must hold.
        phrases: our own phrases for values, whose capital letters name nobody ("the Middle Ages").
    """

    entities: Entities
    ids: Sequence[str]
    near: Sequence[Item]
    said: Sequence[str]
    told: Sequence[str] = ()
    phrases: str = ""
    claims: ClaimCheck | None = None
    shown: Sequence[Item] = ()
    dropped: list[str] = field(default_factory=list)

    @cached_property
    def keys(self) -> frozenset[str]:
        """Keys of titles and names that may be mentioned."""
        return frozenset(key for item_id in self.ids for key in self.entities.keys_of(item_id))

    @cached_property
    def context_text(self) -> str:
        """The person's words and those of tools, as a row of normalised words."""
        return f" {key_of(' '.join((*self.told, *self.said)))} "

    @cached_property
    def context_words(self) -> frozenset[str]:
        """The same, word by word."""
        return frozenset(self.context_text.split())

    @cached_property
    def texts(self) -> str:
        """All that the catalogue has on the items of this reply, as a row of normalised words."""
        return f" {' '.join(key_of(facts_of(item)) for item in self.near)} {key_of(self.phrases)} "

    def keep_supported(self, prose: str, by_model: bool = False, about: Item | None = None) -> str:
        """The prose without the sentences that are not borne out; what went is added to ``dropped``.

        Args:
            prose: one part of a reply.
            by_model: a model wrote it: then numbers, single names and labels are checked as well.
            about: the only item that it speaks of, where it does.
        """
        entities = self.entities.find(prose)
        masked = _mask(prose, [entity for entity in entities if self._may(entity)])
        facts = [facts_of(item) for item in ([about] if about else self.near)] if by_model else []
        kept = []
        for start, end in _sentences(masked, entities):
            fault = self._fault(prose[start:end], masked[start:end], start, entities)
            if not fault and by_model:
                fault = self._claim(prose[start:end], facts)
            if not fault and by_model and self.claims:
                names = [(one.start - start, one.end - start) for one in entities if start <= one.start < end]
                fault = self.claims.fault(prose[start:end], [about] if about else self.shown, names)
            if fault:
                self.dropped.append(f"{fault}: {prose[start:end].strip()[:120]!r}")
            else:
                kept.append(prose[start:end])
        return "".join(kept).strip()

    def _claim(self, sentence: str, facts: Sequence[str]) -> str:
        """A number, name or label in a model's sentence that no fact holds; "" where there is none."""
        if wrong := unsupported_words(sentence, [*facts, *self.said, *self.told]):
            return ", ".join(wrong)
        claim, known = f" {key_of(sentence)} ", f" {key_of(' '.join(facts))} {self.context_text}"
        labels = (one for one in self.entities.labels if f" {one} " in claim and f" {one} " not in known)
        return next((f"{label} is no attribute of it" for label in sorted(labels)), "")

    def _may(self, entity: Entity) -> bool:
        return entity.key in self.keys or f" {entity.key} " in self.context_text

    def _fault(self, sentence: str, masked: str, at: int, entities: Sequence[Entity]) -> str:
        """What in a sentence is not borne out; "" where all is."""
        for entity in entities:
            if at <= entity.start < at + len(sentence) and entity.certain and not self._may(entity):
                return f"{entity.key} was neither shown nor named"
        checks: tuple[Callable[[str, str], str], ...] = (
            self._quotation,
            self._year,
            self._order,
            self._link,
            self._run,
        )
        return next(filter(None, (check(sentence, masked) for check in checks)), "")

    def _quotation(self, sentence: str, masked: str) -> str:
        for match in _QUOTED.finditer(masked):
            quoted = sentence[match.start(1) : match.end(1)]
            said = set(key_of(match[1].replace(_MASK, " ")).split())
            if not said <= self.context_words:
                return f"“{quoted}” is no quotation"
        return ""

    def _year(self, sentence: str, masked: str) -> str:
        for match in _DATED.finditer(masked):
            before = key_of(sentence[: match.end()]).split()[-2:]
            if f" {' '.join(before)} " not in self.context_text:
                return f"a title {match[0]} that is not in the catalogue"
        return ""

    def _order(self, sentence: str, masked: str) -> str:
        if _gives_orders(masked) and f" {key_of(sentence)} " not in self.context_text:
            return "an order to the reader"
        return ""

    def _link(self, sentence: str, masked: str) -> str:  # noqa: ARG002 - as all checks
        """Links are nobody's to give: not a model's, nor a text's or title's of the catalogue."""
        return "a link" if holds_link(sentence) and not self.is_said(sentence) else ""

    def is_said(self, text: str) -> bool:
        """Whether the person wrote these words."""
        return f" {key_of(text)} " in f" {key_of(' '.join(self.said))} "

    def _run(self, _: str, masked: str) -> str:
        for match in _RUN.finditer(masked):
            key = f" {key_of(_POSSESSIVE.sub('', match[0]))} "
            opening = key.split(" ", 2)[2] if match.start() == 0 else key
            if not any(map(self._stands, (key, opening))) and not self._in_parts(match[0]):
                return f"the name {match[0]}"
        return ""

    def _stands(self, key: str) -> bool:
        return any(f" {key.strip()} " in where for where in (self.context_text, self.texts))

    def _in_parts(self, run: str) -> bool:
        """Whether names that only a little word joins stand each for itself: "Holocaust and Poland"."""
        parts = _JOINING.split(run)
        return len(parts) > 1 and all(self._stands(key_of(_POSSESSIVE.sub("", part))) for part in parts)


def facts_of(item: Item) -> str:
    """The text of an item without what it orders its reader to do, and without titles with a year that are not its own.

    Such sentences are no facts, so that a model that follows them cannot be borne out by them.
    """
    text = full_text(item)
    own = len(item.title) if text.startswith(item.title) else 0
    places = [own, *(match.end() for match in _SENTENCE_END.finditer(text, own)), len(text)]
    sentences = (text[a:b] for a, b in pairwise(places))
    return text[:own] + "".join(
        sentence for sentence in sentences if not _gives_orders(sentence) and not _DATED.search(sentence)
    )


def _gives_orders(text: str) -> bool:
    return ORDER.search(text) is not None or _OWN_MARKS.search(text) is not None


def _mask(prose: str, spans: Iterable[Entity]) -> str:
    for span in spans:
        prose = prose[: span.start] + _MASK * (span.end - span.start) + prose[span.end :]
    return prose


def _sentences(masked: str, entities: Sequence[Entity]) -> list[tuple[int, int]]:
    """Where sentences begin and end; a dot within a title ends none."""
    ends = [match.end() for match in _SENTENCE_END.finditer(masked)]
    ends = [end for end in ends if not any(entity.start < end <= entity.end for entity in entities)]
    ends = [*(end for end in ends if end < len(masked)), len(masked)]
    return list(zip([0, *ends[:-1]], ends, strict=True)) if masked else []
