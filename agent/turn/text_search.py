"""Search for what people type: read as the chat reads a first message, ranked by what it asks for.

Keywords and titles mean themselves and are left to :class:`tastemaker.retrieval.search.retriever.Retriever`;
of a request ("hidden gem from the nineties", "less violent than Heat") what was understood becomes conditions
and preferences, and :func:`tastemaker.tools.suit.suit_scores` ranks for the whole of it, as in the chat.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.nlu.rules.free_text_query import blank_out
from tastemaker.agent.nlu.rules.rule_reader import RulesReader
from tastemaker.agent.nlu.stance import stance_reader
from tastemaker.agent.nlu.tokenizer import words
from tastemaker.agent.nlu.understanding import Intent, Understanding
from tastemaker.agent.shortlist.opening_calls import wanted_by
from tastemaker.agent.turn.profile_update import update_profile
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.filters.aggregates import Aggregate, What
from tastemaker.retrieval.filters.condition_words import condition_in_words
from tastemaker.retrieval.filters.conditions import Condition, all_of
from tastemaker.retrieval.filters.where_parser import parse_where
from tastemaker.retrieval.search.condition_reasons import values_asked_of
from tastemaker.retrieval.search.preference import Preference
from tastemaker.retrieval.search.request import Hit, Search, SearchResult
from tastemaker.tools.search_context import SearchContext
from tastemaker.tools.suit import Wanted, suit_scores

EXTREME = 1000.0
"""Log odds of the item at the top for "the shortest": nothing else counts beside it."""
MAX_SAID = 120
"""Letters of a condition as it is told back."""
_COMPARES = re.compile(
    r"\b(?:like|likes?d|loved?|enjoyed|similar|than|seen|saw|watched|fans? of|(?:spirit|vein|style) of|as|but not|"
    r"same|reminds?)\b",
    re.IGNORECASE,
)
"""Words by which a title beside them is something to compare with, and not what is looked for."""


@dataclass(frozen=True)
class ReadText:
    """What a text asks for.

    Attributes:
        text: what is searched for in words; the whole text where nothing was understood.
        required: conditions that every hit meets.
        wanted: what ranks.
        hidden: ids of items that are named and not looked for themselves.
        unknown: properties asked for that no attribute holds, in words.
        notes: what the person should know, such as a title that is not there.
        extreme: attribute by which alone they are ranked, and whether the highest come first: "the shortest".
    """

    text: str
    required: tuple[Condition, ...] = ()
    wanted: Wanted = field(default_factory=Wanted)
    hidden: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    extreme: tuple[str, bool] | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it is words to search for and nothing else."""
        wanted = self.wanted
        soft = wanted.prefer or wanted.like or wanted.avoid or wanted.steps
        return not (self.required or self.unknown or self.extreme or soft)

    def in_words(self, catalog: Catalog) -> Iterator[str]:
        """How it was understood, a sentence each; none where it is plain words."""
        if self.is_plain:
            return
        schema = catalog.schema
        soft = [(_short(condition_in_words(one, schema)), weight) for one, weight in self._soft()]
        said = {
            "Required": [_short(condition_in_words(one, schema)) for one in self.required],
            "Preferred": [words for words, weight in soft if weight > 0],
            "Not wanted": [*(words for words, weight in soft if weight < 0), *self.wanted.avoid],
            "Like": [catalog[item_id].title for item_id in self.wanted.like],
            "Compared": [f"{'more' if more else 'less'} {name}" for name, _, more, _ in self.wanted.steps],
            "Searched for": [f"“{self.text}”"] if self.text else [],
            "In order of": [
                f"{name}, the {'highest' if up else 'lowest'} first"
                for name, up in [self.extreme or ("", True)]
                if name
            ],
        }
        yield from (f"{what}: {'; '.join(found)}." for what, found in said.items() if found)
        yield from (f"Not known here, so it counts for nothing: {what}." for what in self.unknown)

    def _soft(self) -> Iterator[tuple[Condition, float]]:
        """Preferences beside what is required, which says the same more strictly."""
        return ((one, weight) for one, weight in self.wanted.prefer if one not in self.required)


@dataclass(frozen=True)
class Found:
    """What was found, and how the text was understood."""

    result: SearchResult
    read: ReadText


class TextSearch:
    """Searches one catalogue for what people type. Read-only, safe to share between threads.

    Args:
        context: catalogue, indexes and facets.
        rules: reads texts; made unless given.
    """

    def __init__(self, context: SearchContext, rules: RulesReader | None = None) -> None:
        self._context = context
        stances = (
            None
            if rules
            else stance_reader(context.index.encoder, context.index.embed, context.index.prepare)
        )
        self._rules = rules or RulesReader(context.catalog, context.resolver, context.facet_matcher, stances)

    def search(self, asked: Search) -> Found:
        """The items that fit best; its other wishes hold beside what the text says.

        Raises:
            QueryError: as :meth:`tastemaker.retrieval.search.retriever.Retriever.search`.
        """
        context, schema = self._context, self._context.catalog.schema
        read = self.read(asked.text)
        if read.is_plain:
            return Found(context.retriever.search(asked), read)
        given = parse_where(asked.where, schema) if isinstance(asked.where, str) else asked.where
        conditions = [*([given] if given else []), *read.required]
        whole = replace(
            asked,
            text="",
            where=all_of(conditions) if conditions else None,
            exclude={*asked.exclude, *read.hidden},
            preferences=(*asked.preferences, self._preference(read)),
        )
        found = context.retriever.search(whole)
        hits = tuple(self._with_reasons(hit, read) for hit in found.hits)
        notes = (*read.in_words(context.catalog), *read.notes, *found.notes)
        return Found(replace(found, hits=hits, notes=notes), read)

    def read(self, text: str) -> ReadText:
        """What a text asks for."""
        if not text.strip():
            return ReadText(text)
        said = self._rules.read(text)
        if said.asked:
            return _read_extreme(text, said.asked.aggregate)
        if said.intent is not Intent.RECOMMEND or said.act or self._names_what_it_seeks(text, said):
            return ReadText(text)
        catalog = self._context.catalog
        update = update_profile(said, TasteProfile(), (), catalog, self._context.resolver, (), text)
        profile = update.profile
        wanted = wanted_by(profile)
        compared = tuple(dict.fromkeys(item_id for *_, ids in wanted.steps for item_id in ids))
        read = ReadText(
            wanted.texts[0][0] if wanted.texts else "",
            profile.constraints,
            # "Less violent than Heat" is something of its kind all the same.
            replace(wanted, like=wanted.like or compared),
            tuple(sorted({*profile.hidden_ids(), *compared})),
            profile.request.unknown,
            update.notes,
        )
        return ReadText(text) if read.is_plain else read

    def _preference(self, read: ReadText) -> Preference:
        """The ranking for a text as one wish."""
        if read.extreme is None:
            return Preference(suit_scores(self._context, read.wanted), 1.0)
        name, highest = read.extreme
        numbers = self._context.catalog.numbers(name) * (1 if highest else -1)
        order = np.searchsorted(np.unique(numbers[~np.isnan(numbers)]), numbers, side="right")
        shares = np.where(np.isnan(numbers), 0, order / max(int(order.max()), 1))
        return Preference(shares.astype(np.float32), EXTREME)

    def _names_what_it_seeks(self, text: str, said: Understanding) -> bool:
        """Whether a title in it is looked for itself: nothing says that it is only compared with."""
        titles = [mention.title for mention in said.mentions if mention.title]
        if not titles:
            return False
        spans = [(at, at + len(title)) for title in titles if (at := text.find(title)) >= 0]
        beside = blank_out(text, spans)
        return not said.critiques and (not words(beside) or not _COMPARES.search(beside))

    def _with_reasons(self, hit: Hit, read: ReadText) -> Hit:
        """The hit with what speaks for the text, and its values of what is preferred and not stated itself."""
        catalog = self._context.catalog
        asked = [condition for condition, weight in read.wanted.prefer if weight > 0]
        texts = self._context.retriever.text_reasons(hit.id, read.text) if read.text else ()
        told = {match.field for match in hit.matched}
        more = values_asked_of(catalog[hit.id], asked, catalog.schema)
        return replace(
            hit, matched=(*texts, *hit.matched, *(match for match in more if match.field not in told))
        )


def _short(words: str) -> str:
    """A condition on many values by the first of them."""
    return words if len(words) <= MAX_SAID else f"{words[:MAX_SAID].rpartition(', ')[0]}, …"


def _read_extreme(text: str, asked: Aggregate) -> ReadText:
    """A question for the items at one end; of other questions a search can show nothing but their words."""
    if asked.field is None or asked.what not in (What.HIGHEST, What.LOWEST):
        return ReadText(text)
    return ReadText("", asked.where, extreme=(asked.field, asked.what is What.HIGHEST))
