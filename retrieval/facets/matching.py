"""From the words of people to conditions on facets: "for my kids, 6 and 9" is ``age_from at most 6``.

Three readers look at a message: phrases of the definition file, amounts and names by grammar
(ages, running times, periods, countries, places, topics), and for what is left the nearest
phrase by embedding, where that is near enough. Then it is settled what is denied, tolerated or said
softly (:mod:`tastemaker.retrieval.facets.phrases`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from tastemaker.retrieval.catalog.catalog import Catalog, as_tags
from tastemaker.retrieval.catalog.item_text import holds_labels, name_attributes
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.facets.ages import ages_in, is_of_the_story
from tastemaker.retrieval.facets.asides import find_asides, find_told, is_of_somebody
from tastemaker.retrieval.facets.definition import (
    Bound,
    Facet,
    FacetKind,
    FacetSet,
    Grammar,
    Meaning,
    UnknownKind,
)
from tastemaker.retrieval.facets.durations import durations_in
from tastemaker.retrieval.facets.learned_meanings import LearnedMeanings
from tastemaker.retrieval.facets.meaning_conditions import condition_of
from tastemaker.retrieval.facets.periods import COMMON, periods_in, values_within
from tastemaker.retrieval.facets.phrase_trie import PhraseTrie
from tastemaker.retrieval.facets.phrase_vectors import NearestPhrases
from tastemaker.retrieval.facets.phrases import (
    CUE_WORDS,
    Cue,
    Sign,
    are_listed,
    denied_after,
    others_too_much,
    reach,
    ruled_out,
    signs_in,
    softened,
    tolerated_after,
)
from tastemaker.retrieval.facets.places import Named, PlaceNames, Role
from tastemaker.retrieval.facets.reading import FacetMatch, FacetReading, UnknownProperty
from tastemaker.retrieval.facets.topics import Topics
from tastemaker.retrieval.facets.words import Word, flat, keys_of, words_of
from tastemaker.retrieval.filters.conditions import Condition, Constraint, Op, any_of
from tastemaker.retrieval.index.embedder import TextEmbedder
from tastemaker.retrieval.text.common_words import is_everyday
from tastemaker.retrieval.text.edit_distance import NearStrings
from tastemaker.retrieval.text.glossary_table import single_stems, single_words
from tastemaker.retrieval.text.languages import ENGLISH, detect_language
from tastemaker.retrieval.text.light_stems import stem

SOFT_WEIGHT = 0.6
"""Weight of what is said with a "maybe"."""
IMPLIED_WEIGHT = 0.5
"""Weight of what is only implied."""
BROUGHT_WEIGHT = 0.24
"""Weight of what is likely meant with something else: it ranks, and replies don't speak of it."""
MIN_LONG_TOPIC = 3
"""Words of a topic that counts before a shorter phrase within it: "children in danger"."""
PLAIN_NOUNS = frozenset({"film", "films", "story", "stories", "stuff", "book", "game", "thing"})
"""Words beside a topic that add nothing to it."""
LINKS = frozenset({"with", "about", "in", "it", "as", "lead", "star", "starring", "hero"})
"""Words that tie a topic to the wish, and add nothing to it either."""
MIN_COMMON = 3
"""Values of a topic that counts beside another reading of the same words: "ghost story"."""
MIN_MISSPELT, MIN_TWO_EDITS = 4, 9
"""Letters of a word that one or two edits may mend; in the shortest only a letter may be missing."""
MIN_TITLE = 2
"""Words of a title that is known for one where a message is nothing else; one word may be a wish as well."""
_SUFFIX = re.compile(r"(?<=\w)-less\b")
"""What turns down only the word it ends: "a kung-fu-less Hong Kong film" is one from Hong Kong."""
MIN_SAYING = 3
"""Words of a phrase that is a saying of its own, wherever it stands."""
MAX_OWN = 3
"""Words of a clause that only names somebody of one's own."""
MAX_CORRECTED = 400
"""Words of one message whose spelling is mended; longer texts are no request."""


@dataclass(frozen=True)
class _NoFacet:
    """Stands for a phrase that asks for nothing."""


_Entry = tuple[str, Meaning, bool] | UnknownKind | _NoFacet


@dataclass
class _Found:
    """Something found at some words, before it is settled whether it is denied."""

    first: int
    behind: int
    entries: list[tuple[str, Meaning, bool, float]]
    named: Named | None = None
    unknown: UnknownKind | None = None
    common: bool = False
    amount: bool = False
    denied: bool = False
    softly_denied: bool = False
    tolerated: bool = False
    soft: bool = False
    again: bool = False  # words that another reading explains already


def _is_kept_as(facet: FacetKind, kind: Kind) -> bool:
    """Whether an attribute can hold a facet: a catalogue may have a column of that name and another kind."""
    return (kind is Kind.NUMBER) == (facet in (FacetKind.NUMBER, FacetKind.LEVEL))


class FacetMatcher:
    """Reads messages against the facets of one catalogue. Safe to share between threads.

    Args:
        facets: their definitions.
        catalog: facets that its schema does not have are left out, and open values are its own;
            without one every facet counts.
        embedder: for what no phrase covers; without one that is left unread.
        vectors_file: keeps the vectors of the phrases, which take seconds to make.
        learned: revises what is read of wishes in English by what they likely mean; None: patterns alone.
    """

    def __init__(
        self,
        facets: FacetSet,
        catalog: Catalog | None = None,
        embedder: TextEmbedder | None = None,
        vectors_file: Path | None = None,
        learned: LearnedMeanings | None = None,
    ) -> None:
        self.facets = facets
        self._learned = learned
        self._catalog = catalog
        self._here = {
            name: facet
            for name, facet in facets.facets.items()
            if catalog is None
            or (name in catalog.schema and _is_kept_as(facet.kind, catalog.schema[name].kind))
        }
        self._trie: PhraseTrie[_Entry] = PhraseTrie(self._phrases())
        grammar = {
            sort: facet
            for sort in Grammar
            if (facet := facets.with_grammar(sort)) and facet.name in self._here
        }
        self._grammar = grammar
        self._places = PlaceNames(
            self._counts(Grammar.PLACE), self._values(Grammar.COUNTRY), self._values(Grammar.LANGUAGE)
        )
        self._place_keys = [(f" {' '.join(keys_of(value))} ", value) for value in self._values(Grammar.PLACE)]
        self.topic_tags = tag_vocabularies(catalog) if catalog and Grammar.TOPIC in grammar else ()
        self._topics = Topics(self._topic_counts(), self._places.origins)
        self._periods = self._values(Grammar.PERIOD) or COMMON
        self._nearest = (
            NearestPhrases(facets, embedder, frozenset(self._here), vectors_file) if embedder else None
        )
        self._titles = self._title_keys()
        self._spelling = self._correctable()
        self._listed = self._trie.vocabulary | self._places.vocabulary | self._topics.vocabulary
        self._corrected = lru_cache(4096)(self._correct)

    def read(
        self,
        message: str,
        skip: Sequence[tuple[int, int]] = (),
        *,
        wishes: bool = True,
        guesses: bool = True,
    ) -> FacetReading:
        """What a message, or a single phrase, asks of facets.

        Args:
            message: any text.
            skip: spans that are names of items or people, and ask for nothing themselves.
            wishes: only what is wished for counts, and not what a question ("is it scary?") or a report says.
            guesses: what was learned revises the reading; a name alone means nothing that was learned.
        """
        text = _SUFFIX.sub(" xxxx", flat(message))
        for start, end in skip:
            text = text[:start] + "|" * (end - start) + text[end:]
        language = detect_language(message)
        words = words_of(text)
        if language == ENGLISH:
            words = self._mend_spelling(words)  # by English words, of which "gente" is no misspelt one
        if not words or self._is_title(words):
            return FacetReading()
        told = find_asides(text) if wishes else ()
        found = [
            one
            for one in self._find(text, words)
            if (not wishes or self._is_wished(one, text, words, told))
            and _is_of(language, words[one.first : one.behind])
        ]
        self._settle(found, text, words)
        if wishes and (of_people := find_told(text)):
            found = [said for one in found if (said := self._beyond_told(one, words, of_people))]
        reading = self._reading(found, message, text, words)
        if self._learned is None or not (wishes and guesses) or language != ENGLISH:
            return reading
        return self._revise(message, skip, reading, self._learned)

    def _revise(
        self,
        message: str,
        skip: Sequence[tuple[int, int]],
        reading: FacetReading,
        learned: LearnedMeanings,
    ) -> FacetReading:
        """A reading without what is unlikely, and with what no pattern covers."""
        plain = message
        for start, end in skip:
            plain = plain[:start] + " " * (end - start) + plain[end:]
        if not plain.strip():
            return reading
        parts = learned.parts(plain)
        revised = learned.revise(plain, reading, parts)
        more, unknown = list[FacetMatch](), list(revised.unknown)
        for name, meaning, chance, span in learned.find_more(plain, reading, parts):
            if meaning is None:
                kind = next((one for one in self.facets.unknown if one.name == name), None)
                unknown += [UnknownProperty(message[slice(*span)], kind.what, name, span)] if kind else []
            elif condition := self._make_condition(name, meaning):
                unwanted = meaning.bound in (Bound.NONE_OF, Bound.AT_MOST)
                more.append(
                    FacetMatch(
                        name, condition, chance, False, -1 if unwanted else 1, span, message[slice(*span)]
                    )
                )
        matches = _consistent(_merge([*revised.matches, *more]))
        return replace(revised, matches=tuple(matches), unknown=tuple(unknown))

    def _make_condition(self, name: str, meaning: Meaning) -> Condition | None:
        """A meaning as a condition, where the catalogue has the attribute and, of labels, the value."""
        facet = self._here.get(name)
        if facet is None:
            return None
        if self._catalog is not None and meaning.bound in (Bound.ANY_OF, Bound.NONE_OF):
            held = self._catalog.postings(name)
            if not any(len(held.get(str(value).casefold(), ())) for value in meaning.values):
                return None
        return self._condition(facet, meaning)

    def companions_of(self, match: FacetMatch) -> Iterator[FacetMatch]:
        """Conditions on other facets that are likely meant with one: who asks for a child of 8 wants a film for it."""
        condition, facet = match.condition, self._here.get(match.field)
        if facet is None or match.polarity < 0 or not isinstance(condition, Constraint):
            return
        for meaning, name, brought in facet.brings:
            other = self._here.get(name)
            if other and _is_within(condition, meaning) and (wanted := self._condition(other, brought)):
                yield FacetMatch(name, wanted, BROUGHT_WEIGHT, False, 1, match.span, match.words)

    def _is_wished(
        self, one: _Found, text: str, words: Sequence[Word], told: Sequence[tuple[int, int]]
    ) -> bool:
        """Whether what was found is no aside; what is unknown may well be asked for in a question."""
        start, end = words[one.first].start, words[one.behind - 1].end
        of_talk = one.unknown is None and not one.amount  # ages and minutes count in whatever clause
        if of_talk and any(low <= start and end <= high for low, high in told):
            return False
        return not (self._tells_origin(one) and is_of_somebody(text, start, end))

    def _beyond_told(
        self, one: _Found, words: Sequence[Word], told: Sequence[tuple[int, int]]
    ) -> _Found | None:
        """What is left of something found where people are told of: for whom it is, and what is turned down.

        Phrases of several words are sayings about people ("keeps me awake"), few words describe: "he's a slow eater".
        """
        start, end = words[one.first].start, words[one.behind - 1].end
        if (
            one.amount
            or one.denied
            or one.softly_denied
            or not any(low <= start and end <= high for low, high in told)
        ):
            return one
        if one.unknown:
            return one if one.first and words[one.first - 1].key in _BEING else None  # "my dad is deaf"
        is_saying = one.behind - one.first >= MIN_SAYING
        left = [
            (name, meaning, explicit, sure)
            for name, meaning, explicit, sure in one.entries
            if self._is_of_viewers(name, meaning)
            or (is_saying and sure == 1.0 and self._here[name].impression and self._is_kind(name))
        ]
        return replace(one, entries=left) if left else None

    def _is_of_viewers(self, name: str, meaning: Meaning) -> bool:
        """Whether a condition says for whom something is, or sets a limit to what they bear."""
        age = self._grammar.get(Grammar.AGE)
        of_people = {age.name, *(brought for _, brought, _ in age.brings)} if age else set()
        limits = meaning.bound is Bound.AT_MOST and self._here[name].kind is FacetKind.LEVEL
        return name in of_people or limits or meaning.bound is Bound.NONE_OF

    def _tells_origin(self, one: _Found) -> bool:
        """Whether it is what people also are themselves: from somewhere, of some trade, at the cinema."""
        if one.named is not None or one.unknown is not None:
            return True
        topic = self._grammar.get(Grammar.TOPIC)
        return topic is not None and all(name == topic.name for name, _, _, _ in one.entries)

    def _phrases(self) -> Iterator[tuple[Sequence[str], _Entry]]:
        for name, facet in self._here.items():
            for saying in facet.sayings:
                yield keys_of(saying.phrase), (name, saying.meaning, saying.explicit)
        for kind in self.facets.unknown:
            for phrase in kind.phrases:
                yield keys_of(phrase), kind
        for phrase in self.facets.no_facet:
            yield keys_of(phrase), _NoFacet()

    def _values(self, sort: Grammar) -> tuple[str, ...]:
        return tuple(self._counts(sort))

    def _counts(self, sort: Grammar) -> Counter[str]:
        facet = self.facets.with_grammar(sort)
        if facet is None or self._catalog is None or facet.name not in self._catalog.schema:
            return Counter()
        return Counter(value for item in self._catalog for value in as_tags(item.attributes.get(facet.name)))

    def _topic_counts(self) -> Counter[str]:
        """How many items have each topic, as the facet or among the catalogue's own tags."""
        counts = self._counts(Grammar.TOPIC)
        for item in self._catalog or ():
            counts.update(tag for name in self.topic_tags for tag in as_tags(item.attributes.get(name)))
        return counts

    def _title_keys(self) -> frozenset[tuple[str, ...]]:
        """Titles of several words, which ask for nothing where nothing else is said: "Home Alone"."""
        titles = (keys_of(_YEAR.sub("", item.title)) for item in self._catalog or ())
        return frozenset(keys for keys in titles if len(keys) >= MIN_TITLE)

    def _is_title(self, words: Sequence[Word]) -> bool:
        keys = tuple(word.key for word in words)
        return keys in self._titles

    # --- spelling

    def _correctable(self) -> NearStrings:
        words = {
            word
            for word in self._trie.vocabulary | self._places.origins
            if len(word) >= MIN_MISSPELT and word.isalpha()
        }
        return NearStrings(words)

    def _is_right(self, key: str) -> bool:
        """Whether a word stands as it is: in the definition, among cues, in any talk, in the catalogue's texts."""
        return key in self._listed or key in CUE_WORDS or is_everyday(key) or key in self._catalog_words

    @cached_property
    def _catalog_words(self) -> frozenset[str]:
        """Read for the first word that is none of talk: many a message has none."""
        if self._catalog is None:
            return frozenset()
        names = list(self._catalog.schema.of_kind(Kind.TEXT, Kind.TAGS, Kind.CATEGORY))
        found = set[str]()
        for item in self._catalog:
            values = (value for name in names for value in as_tags(item.attributes.get(name)))
            found.update(key for text in (item.title, *values) for key in keys_of(text))
        return frozenset(found)

    def warm_up(self) -> None:
        """Do now what the first misspelt word would otherwise wait for."""
        len(self._catalog_words)

    def _mend_spelling(self, words: list[Word]) -> list[Word]:
        if len(words) > MAX_CORRECTED:
            return words
        return [replace(word, key=self._corrected(word.key)) for word in words]

    def _correct(self, key: str) -> str:
        if len(key) < MIN_MISSPELT or not key.isascii() or not key.isalpha() or self._is_right(key):
            return key
        near = self._spelling.near(key, 2 if len(key) >= MIN_TWO_EDITS else 1)
        longer = len(key) > MIN_MISSPELT
        near = [one for one in near if one[0][0] == key[0] and (longer or len(one[0]) > len(key))]
        turned = [one for one in near if sorted(one[0]) == sorted(key)]
        if len(turned) == 1:
            return turned[0][0]  # "scray" is "scary", however many other words are as near
        if not near or (len(near) > 1 and near[1][1] == near[0][1] and len(key) < MIN_TWO_EDITS):
            return key
        swapped = len(near[0][0]) == len(key) and sorted(near[0][0]) != sorted(key)
        return (
            key if swapped and len(key) <= MIN_MISSPELT + 1 else near[0][0]
        )  # "grant" is no misspelt "grand"

    # --- finding

    def _find(self, text: str, words: Sequence[Word]) -> list[_Found]:
        taken = [False] * len(words)
        amounts = list(self._amounts(text, words, taken))
        topics = self._by_topic(words)
        outright = {
            (first, behind)
            for first, behind, entries in self._trie.all(words)
            if any(isinstance(entry, tuple) and entry[2] for entry in entries)
        }
        for one in topics:
            if (one.first, one.behind) in outright:
                continue  # "black and white" is a colour before it is a tag
            if one.behind - one.first >= MIN_LONG_TOPIC and not any(taken[one.first : one.behind]):
                amounts.append(one)
                taken[one.first : one.behind] = [True] * (one.behind - one.first)
        found = amounts + list(self._by_phrase(text, words, taken))
        found += self._by_place(words, taken)
        # A topic beside another reading of the same words is one more thing asked for; part of it is not.
        said = [one for one in found if one.unknown or one.named or any(entry[2] for entry in one.entries)]
        nothing = {*self._asking_nothing(words), *((one.first, one.behind) for one in said if one.unknown)}
        closed = [*((one.first, one.behind) for one in said), *nothing]
        for one in topics:
            if any(
                other is one or (other.named and other.first < one.behind and one.first < other.behind)
                for other in found
            ):
                continue
            touching = [place for place in closed if place[0] < one.behind and one.first < place[1]]
            inside = all(one.first <= low and high <= one.behind for low, high in touching) and (
                not touching
                or (len(touching) == 1 and _is_plain(touching[0], one, words))
                or (not nothing & set(touching) and self._is_label(one, words))
            )
            if inside or self._is_told_as_mood(one, said, words, closed):
                one.again = bool(touching)
                found.append(one)
                taken[one.first : one.behind] = [True] * (one.behind - one.first)
        if self._nearest is not None:
            found += self._by_vector(text, words, taken)
        return sorted(found, key=lambda one: (one.first, one.behind))

    def _is_label(self, topic: _Found, words: Sequence[Word]) -> bool:
        """Whether the words of a topic are one of the catalogue's own labels, and not only a part of some."""
        keys = tuple(word.key for word in words[topic.first : topic.behind])
        return any(keys_of(str(value)) == keys for value in topic.entries[0][1].values)

    def _is_told_as_mood(
        self, topic: _Found, said: Sequence[_Found], words: Sequence[Word], closed: Sequence[tuple[int, int]]
    ) -> bool:
        """Whether a topic's words are read as a mood or a level alone: a "spy film" is tense, and about spies."""
        touching = [place for place in closed if place[0] < topic.behind and topic.first < place[1]]
        if len(touching) != 1:
            return False
        over = next((one for one in said if (one.first, one.behind) == touching[0]), None)
        if (
            over is None
            or over.named
            or over.unknown
            or not (over.first <= topic.first and topic.behind <= over.behind)
        ):
            return False
        rest = [
            word.key
            for word in words[over.first : over.behind]
            if word not in words[topic.first : topic.behind]
        ]
        if topic.behind - topic.first == 1 and words[topic.first].text.endswith("er") and not rest:
            return False  # "the stranger the better" is about no strangers
        closed_lists = all(self._is_feeling(name) or self._is_kind(name) for name, _, _, _ in over.entries)
        return set(rest) <= PLAIN_NOUNS | LINKS and closed_lists

    def _is_feeling(self, name: str) -> bool:
        facet = self._here[name]
        return facet.kind is FacetKind.LEVEL or (
            facet.kind is FacetKind.TAGS and not facet.open and not facet.grammar
        )

    def _is_kind(self, name: str) -> bool:
        """Whether a facet sorts items into few kinds, so that a topic within says more: a dog is one animal of many."""
        facet = self._here[name]
        return facet.kind is FacetKind.CATEGORY and not facet.open and not facet.grammar

    def _by_phrase(self, text: str, words: Sequence[Word], taken: list[bool]) -> Iterator[_Found]:
        for first, behind, entries in self._trie.all(words):
            if any(taken[first:behind]) or self._places.is_of_another_thing(words, first, behind):
                continue
            if _SENTENCE_END.search(text, words[first].end, words[behind - 1].start):
                continue  # "a movie. I haven't seen it"
            if is_of_the_story(text, words[first].start) and self._are_ages(entries):
                continue
            taken[first:behind] = [True] * (behind - first)
            if any(isinstance(entry, _NoFacet) for entry in entries):
                continue
            unknown = next((entry for entry in entries if isinstance(entry, UnknownKind)), None)
            meanings = [(*entry, 1.0) for entry in entries if isinstance(entry, tuple)]
            yield _Found(first, behind, [] if unknown else meanings, unknown=unknown)

    def _are_ages(self, entries: Collection[object]) -> bool:
        """Whether a phrase says for whom it is to fit, and nothing else."""
        facet = self._grammar.get(Grammar.AGE)
        return facet is not None and all(isinstance(one, tuple) and one[0] == facet.name for one in entries)

    def _asking_nothing(self, words: Sequence[Word]) -> list[tuple[int, int]]:
        return [
            (first, behind)
            for first, behind, entries in self._trie.all(words)
            if any(isinstance(entry, _NoFacet) for entry in entries)
        ]

    def _amounts(self, text: str, words: Sequence[Word], taken: list[bool]) -> Iterator[_Found]:
        for sort, meaning, explicit, start, end in self._read_amounts(text):
            first, behind = _words_of_span(words, start, end)
            facet = self._grammar.get(sort)
            if facet is None or first >= behind:
                continue
            taken[first:behind] = [True] * (behind - first)
            yield _Found(first, behind, [(facet.name, meaning, explicit, 1.0)], amount=True)

    def _read_amounts(self, text: str) -> Iterator[tuple[Grammar, Meaning, bool, int, int]]:
        for age in ages_in(text):
            facet = self._grammar.get(Grammar.AGE)
            least = min(facet.allowed, default=0.0) if facet else 0.0
            yield Grammar.AGE, Meaning(Bound.AT_MOST, (max(age.years, least),)), True, age.start, age.end
        for time in durations_in(text):
            yield Grammar.DURATION, Meaning(time.bound, time.minutes), time.explicit, time.start, time.end
        for period in periods_in(text):
            if values := values_within(period.first, period.last, self._periods):
                yield Grammar.PERIOD, Meaning(Bound.ANY_OF, values), True, period.start, period.end

    def _by_place(self, words: Sequence[Word], taken: list[bool]) -> Iterator[_Found]:
        for named in self._places.named(words, taken):
            taken[named.first : named.behind] = [True] * (named.behind - named.first)
            yield _Found(named.first, named.behind, [], named=named)

    def _by_topic(self, words: Sequence[Word]) -> list[_Found]:
        facet = self._grammar.get(Grammar.TOPIC)
        if facet is None:
            return []
        return [
            _Found(
                first,
                behind,
                [(facet.name, Meaning(Bound.ANY_OF, values), True, 1.0)],
                common=len(values) >= MIN_COMMON,
            )
            for first, behind, values in self._topics.named(words)
        ]

    def _by_vector(self, text: str, words: Sequence[Word], taken: Sequence[bool]) -> Iterator[_Found]:
        if self._nearest is None:
            return
        said = list(taken)
        for sign in signs_in(words, taken):  # what is denied is looked up by itself
            said[sign.first : sign.behind] = [True] * (sign.behind - sign.first)
        clauses = [
            (first, behind)
            for first, behind in _free_clauses(text, words, said)
            if words[first].key != "my" or behind - first > MAX_OWN  # "my sister" is no woman in the lead
        ]
        phrases = [" ".join(word.text for word in words[first:behind]) for first, behind in clauses]
        for (first, behind), near in zip(clauses, self._nearest.near(phrases), strict=True):
            entries = [(one.field, one.meaning, False, one.probability) for one in near]
            if entries:
                yield _Found(first, behind, entries)

    # --- denials

    def _settle(self, found: list[_Found], text: str, words: Sequence[Word]) -> None:
        covered = [False] * len(words)
        for one in found:
            covered[one.first : one.behind] = [True] * (one.behind - one.first)
        for first, behind, entries in self._trie.all(words):
            if any(isinstance(entry, _NoFacet) for entry in entries) and behind - first > 1:
                covered[first:behind] = [True] * (behind - first)
        signs = signs_in(words, covered)
        places = [(one.first, one.behind) for one in found]
        for sign in signs:
            if sign.cue is not Cue.SOFTEN:
                for number in reach(sign, words, text, places):
                    one = found[number]
                    between = text[words[sign.behind - 1].end : words[one.first].start]
                    # "no cartoons, at most 90 minutes"; "too scary for a seven year old"
                    if not (one.amount and ("," in between or sign.cue is Cue.SOFT_DENY)):
                        _mark(one, sign)
        for one in found:
            end = words[one.behind - 1].end
            one.tolerated |= tolerated_after(text, end)
            one.denied |= denied_after(text, end)
            for_others = others_too_much(text, end)
            if one.softly_denied and for_others:
                one.softly_denied = False
                for other in found:
                    if end <= words[other.first].start < for_others:
                        other.tolerated = True
            one.soft |= softened(signs, words, text, one.first, one.behind)
        for start, end in ruled_out(text):
            for one in found:
                if start <= words[one.first].start and words[one.behind - 1].end <= end:
                    one.denied = True
        for one, other in zip(reversed(found[:-1]), reversed(found[1:]), strict=True):
            between = text[words[one.behind - 1].end : words[other.first].start]
            if denied_after(text, words[other.behind - 1].end) and are_listed(between):
                one.denied = True  # "horror and war films bore me"

    # --- results

    def _reading(
        self, found: Iterable[_Found], message: str, text: str, words: Sequence[Word]
    ) -> FacetReading:
        matches: list[FacetMatch] = []
        unknown: list[UnknownProperty] = []
        covered = [False] * len(words)
        for one in found:
            covered[one.first : one.behind] = [True] * (one.behind - one.first)
            span = words[one.first].start, words[one.behind - 1].end
            said = message[span[0] : span[1]]
            if one.unknown is not None:
                unknown.append(UnknownProperty(said, one.unknown.what, one.unknown.name, span))
            elif not one.tolerated:
                matches += self._matches(one, span, said)
        left = tuple(
            (words[first].start, words[behind - 1].end)
            for first, behind in _free_clauses(text, words, covered)
        )
        kept = _consistent(_merge(matches))
        return FacetReading(
            tuple(one for one in kept if not one.suggested),
            tuple(unknown),
            left,
            tuple(one for one in kept if one.suggested),
        )

    def _matches(self, one: _Found, span: tuple[int, int], said: str) -> Iterator[FacetMatch]:
        if one.named is not None:
            yield from self._of_name(one, one.named, span, said)
            return
        for name, meaning, explicit, sure in _join_values(one.entries):
            facet = self._here[name]
            denied = one.denied or one.softly_denied
            if denied and not explicit and sure == 1.0:
                continue
            wanted = facet.opposite(meaning) if denied else meaning
            condition = self._condition(facet, wanted) if wanted else None
            if condition is not None:
                outright = explicit and not one.soft
                score = (
                    sure
                    * (SOFT_WEIGHT if one.soft else 1.0)
                    * (1.0 if explicit or sure < 1.0 else IMPLIED_WEIGHT)
                )
                suggested = one.again or (not explicit and sure == 1.0 and not one.amount)
                yield FacetMatch(name, condition, score, outright, -1 if denied else 1, span, said, suggested)

    def _of_name(self, one: _Found, named: Named, span: tuple[int, int], said: str) -> Iterator[FacetMatch]:
        denied = one.denied or one.softly_denied
        country, language, place = (
            self._grammar.get(sort) for sort in (Grammar.COUNTRY, Grammar.LANGUAGE, Grammar.PLACE)
        )
        parts: list[Condition] = []
        field = ""
        op = Op.NONE_OF if denied else Op.ANY_OF
        if named.role in (Role.COUNTRY, Role.ORIGIN) and country and named.countries:
            parts.append(Constraint(field=country.name, op=op, value=named.countries))
            field = country.name
        spoken = named.role in (Role.LANGUAGE, Role.ORIGIN) and bool(named.languages)
        if language and spoken and (not denied or named.role is Role.LANGUAGE or not parts):
            parts.append(Constraint(field=language.name, op=op, value=named.languages))
            field = language.name
        if named.role is Role.PLACE and place:
            parts = list(self._of_place(place, named, denied))
            field = place.name
        if parts:
            score = SOFT_WEIGHT if one.soft else 1.0
            yield FacetMatch(field, any_of(parts), score, not one.soft, -1 if denied else 1, span, said)

    def _of_place(self, facet: Facet, named: Named, denied: bool) -> Iterator[Condition]:
        """Every value of the catalogue in which a name of the place occurs; the name itself where none does."""
        wanted = [f" {' '.join(keys_of(name))} " for name in named.places]
        values = self._values_of_place()
        inside = tuple(value for keys, value in values if any(name in keys for name in wanted))
        yield Constraint(
            field=facet.name, op=Op.NONE_OF if denied else Op.ANY_OF, value=inside or named.places[:1]
        )

    def _values_of_place(self) -> list[tuple[str, str]]:
        return self._place_keys

    def _condition(self, facet: Facet, meaning: Meaning) -> Condition | None:
        if meaning.bound in (Bound.TOP, Bound.BOTTOM):
            return self._of_share(facet, meaning)
        return condition_of(facet.name, meaning)

    def _of_share(self, facet: Facet, meaning: Meaning) -> Condition | None:
        """The best or least share of the catalogue as a limit; without a catalogue there is none."""
        if self._catalog is None or self._catalog.schema[facet.name].kind is not Kind.NUMBER:
            return None
        numbers = self._catalog.numbers(facet.name)
        numbers = numbers[~np.isnan(numbers)]
        if not len(numbers):
            return None
        share = float(meaning.values[0]) / 100
        top = meaning.bound is Bound.TOP
        limit = round(float(np.quantile(numbers, 1 - share if top else share)), 3)
        return Constraint(field=facet.name, op=Op.AT_LEAST if top else Op.AT_MOST, value=limit)


def tag_vocabularies(catalog: Catalog) -> tuple[str, ...]:
    """The catalogue's own tags of large vocabularies, names of people left out: they tell what items are about."""
    people = set(name_attributes(catalog))
    tags = catalog.schema.of_kind(Kind.TAGS)
    return tuple(name for name in tags if name not in people and not holds_labels(catalog, name))


def match_facets(
    message: str,
    facets: FacetSet,
    embedder: TextEmbedder | None = None,
    catalog: Catalog | None = None,
) -> list[FacetMatch]:
    """Conditions that a message asks for; the matcher is kept for the next call with the same arguments.

    Use :class:`FacetMatcher` for what is unknown or left unread as well.

    >>> from tastemaker.retrieval.facets.definition import shipped_facets
    >>> from tastemaker.retrieval.filters.conditions import describe
    >>> for match in match_facets("for my kids, 6 and 9, nothing scary, under 100 minutes", shipped_facets()):
    ...     print(describe(match.condition), match.explicit)
    age_from at most 6 True
    scares at most 1 True
    runtime at most 100 True
    """
    key = id(facets), id(embedder), id(catalog)
    held = _MATCHERS.get(key)
    if held is None:
        while len(_MATCHERS) >= MAX_MATCHERS:
            _MATCHERS.pop(next(iter(_MATCHERS)), None)
        # What a matcher was made from is kept with it, so that no id is given to another object.
        held = _MATCHERS[key] = FacetMatcher(facets, catalog, embedder), (facets, embedder, catalog)
    return list(held[0].read(message).matches)


MAX_MATCHERS = 8
_MATCHERS: dict[tuple[int, int, int], tuple[FacetMatcher, object]] = {}


def _is_within(condition: Constraint, meaning: Meaning) -> bool:
    """Whether a condition is a meaning, or a narrower limit in the same direction."""
    if condition.op is Op.AT_MOST and meaning.bound is Bound.AT_MOST:
        return float(condition.value) <= float(meaning.values[0])  # type: ignore[arg-type]
    if condition.op is Op.AT_LEAST and meaning.bound is Bound.AT_LEAST:
        return float(condition.value) >= float(meaning.values[0])  # type: ignore[arg-type]
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    is_any = condition.op in (Op.ANY_OF, Op.IS) and meaning.bound is Bound.ANY_OF
    return is_any and {str(value) for value in values} <= {str(value) for value in meaning.values}


_BEING = frozenset("is are be so very half almost nearly partly hes shes were was isnt".split())
_YEAR = re.compile(r"\s*\(\d{4}\)\s*$")
_SENTENCE_END = re.compile(r"[.!?;]\s|\n")


def _is_of(language: str, words: Sequence[Word]) -> bool:
    """Whether words may be of a language: a lone word must be known there, since "grands" is not English "grand"."""
    if language == ENGLISH or len(words) != 1 or not words[0].text.isalpha():
        return True
    own = words[0].text
    return own in single_words(language) or stem(own, language) in single_stems(language)


def _words_of_span(words: Sequence[Word], start: int, end: int) -> tuple[int, int]:
    """The words that touch a span: first, and behind the last."""
    touched = [at for at, word in enumerate(words) if word.start < end and start < word.end]
    return (touched[0], touched[-1] + 1) if touched else (0, 0)


def _mark(one: _Found, sign: Sign) -> None:
    if sign.cue is Cue.DENY:
        one.denied = True
    elif sign.cue is Cue.SOFT_DENY:
        one.softly_denied = True
    elif sign.cue is Cue.TOLERATE:
        one.tolerated = True


def _join_values(
    entries: Iterable[tuple[str, Meaning, bool, float]],
) -> list[tuple[str, Meaning, bool, float]]:
    """Several values of one facet from the same words become one "any of"."""
    found: dict[tuple[str, Bound, bool], tuple[str, Meaning, bool, float]] = {}
    for name, meaning, explicit, sure in entries:
        key = name, meaning.bound, explicit
        if key in found and meaning.bound in (Bound.ANY_OF, Bound.NONE_OF):
            values = dict.fromkeys(
                (*(str(v) for v in found[key][1].values), *(str(v) for v in meaning.values))
            )
            found[key] = name, Meaning(meaning.bound, tuple(values)), explicit, max(sure, found[key][3])
        elif key not in found:
            found[key] = name, meaning, explicit, sure
    return list(found.values())


def _merge(matches: Sequence[FacetMatch]) -> list[FacetMatch]:
    """Without repetitions; of several limits in one direction the tightest outright one stays."""
    kept: list[FacetMatch] = []
    for match in matches:
        other = next((at for at, one in enumerate(kept) if _same_limit(one, match)), None)
        if other is None:
            kept.append(match)
        elif _tighter(match, kept[other]):
            kept[other] = match
    return kept


def _consistent(matches: Sequence[FacetMatch]) -> list[FacetMatch]:
    """Without limits that an earlier one of the same attribute rules out, unless it is a denial that came later."""
    kept: list[FacetMatch] = []
    for match in matches:
        against = next((one for one in kept if _rules_out(one, match)), None)
        if against is None:
            kept.append(match)
        elif (match.polarity < 0, match.explicit) > (against.polarity < 0, against.explicit):
            kept[kept.index(against)] = match
    return kept


def _rules_out(one: FacetMatch, other: FacetMatch) -> bool:
    if not (isinstance(one.condition, Constraint) and isinstance(other.condition, Constraint)):
        return False
    limits = {one.condition.op: one.condition.value, other.condition.op: other.condition.value}
    if one.field != other.field or set(limits) != {Op.AT_LEAST, Op.AT_MOST}:
        return False
    return float(limits[Op.AT_LEAST]) > float(limits[Op.AT_MOST])  # type: ignore[arg-type]


def _same_limit(one: FacetMatch, other: FacetMatch) -> bool:
    if one.condition == other.condition:
        return True
    if not (isinstance(one.condition, Constraint) and isinstance(other.condition, Constraint)):
        return False
    ops = one.condition.op, other.condition.op
    return one.field == other.field and ops[0] == ops[1] and ops[0] in (Op.AT_MOST, Op.AT_LEAST)


def _tighter(one: FacetMatch, other: FacetMatch) -> bool:
    if one.explicit != other.explicit:
        return one.explicit
    if not (isinstance(one.condition, Constraint) and isinstance(other.condition, Constraint)):
        return one.score > other.score
    if one.condition == other.condition or isinstance(one.condition.value, tuple | str):
        return one.score > other.score
    low, high = float(one.condition.value), float(other.condition.value)  # type: ignore[arg-type]
    return low < high if one.condition.op is Op.AT_MOST else low > high


def _free_clauses(text: str, words: Sequence[Word], taken: Sequence[bool]) -> list[tuple[int, int]]:
    """Runs of words that nothing rests on and no punctuation parts: first word, and behind the last."""
    found: list[tuple[int, int]] = []
    first: int | None = None
    for at, word in enumerate(words):
        parted = at > 0 and any(mark in text[words[at - 1].end : word.start] for mark in ".,;:!?\n()|")
        if first is not None and (taken[at] or parted):
            found.append((first, at))
            first = None
        if first is None and not taken[at]:
            first = at
    if first is not None:
        found.append((first, len(words)))
    return found


def _is_plain(place: tuple[int, int], topic: _Found, words: Sequence[Word]) -> bool:
    """Whether a topic covers just the words of another reading and is well established.

    One word of any talk says too little; "WW2" does not.
    """
    says = place[1] - place[0] > 1 or any(char.isdecimal() for char in words[place[0]].text)
    return place == (topic.first, topic.behind) and topic.common and says
