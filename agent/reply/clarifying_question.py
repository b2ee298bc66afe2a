"""One question that would change the list, or none: by what the answers would tell about the candidates.

The gain of asking about an attribute is the entropy of its values among the best candidates,
weighted by how likely each candidate is to be chosen, times the share of the list that an
answer would replace (after Zou et al., "Towards Question-based Recommender Systems", SIGIR 2020).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log2
from weakref import WeakKeyDictionary

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.nlu.rules.free_text_query import FILLER
from tastemaker.agent.nlu.tokenizer import STOPWORDS, words
from tastemaker.agent.reply.odd_titles import reads_as_order
from tastemaker.agent.shortlist.fusion import Fused
from tastemaker.retrieval.catalog.catalog import Catalog, as_tags
from tastemaker.retrieval.catalog.item_text import LABELS_AT_MOST, name_attributes
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.facets.value_phrases import ValuePhrases
from tastemaker.retrieval.filters.conditions import describe, leaves, values_of
from tastemaker.retrieval.filters.constraints import NEGATIVE
from tastemaker.retrieval.text.joined import either
from tastemaker.retrieval.text.tokens import singular, tokens

CONSIDERED = 40
"""Candidates that a question is judged by."""

MAX_CHOICES = 4
MIN_GAIN = 0.8
"""Bits, after the share of the list that changes: below, the person would answer for little."""

MAX_QUESTIONS = 2
"""In one session."""
MAX_ASKED = 1
"""Things asked for already, from more of which the person has said what they want."""
OUTRIGHT = 0.5
"""Weight from which a preference is one of them."""


@dataclass(frozen=True)
class Question:
    """What to ask, about which attribute."""

    field: str
    text: str
    gain: float
    choices: tuple[str, ...] = ()


_kept: WeakKeyDictionary[Catalog, tuple[ValuePhrases, frozenset[str]]] = WeakKeyDictionary()


def _phrases_and_people(catalog: Catalog) -> tuple[ValuePhrases, frozenset[str]]:
    """How values are said, and attributes of people, of whom nobody was told yet: "rather Ann Lee or Bo Roe?"."""
    if catalog not in _kept:
        phrases = ValuePhrases(catalog.schema)
        named = (name for name in catalog.schema.names() if phrases.is_of_people(name))
        _kept[catalog] = phrases, frozenset((*name_attributes(catalog), *named))
    return _kept[catalog]


def question_worth_asking(
    ranked: Sequence[Fused],
    profile: TasteProfile,
    catalog: Catalog,
    asked: Collection[str],
    k: int,
    said: str = "",
) -> Question | None:
    """The question whose answer tells most, if any tells enough.

    Args:
        ranked: all that may be shown, the best first.
        profile: of the person; attributes that a condition is about are not asked about.
        catalog: the items.
        asked: attributes that were asked about in this session, which are not asked about again.
        k: length of the list.
        said: the message, whose own words are not offered: "forget the romance".
    """
    if len(asked) >= MAX_QUESTIONS or len(ranked) <= k or len(_wishes(profile)) > MAX_ASKED:
        return None
    heard = {singular(word) for word in tokens(said)}
    refused = _refused_values(profile)
    constrained = {leaf.field for constraint in profile.constraints for leaf in leaves(constraint)}
    questions = []
    phrases, people = _phrases_and_people(catalog)
    for field in catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS):
        if (
            field in people
            or field in constrained
            or field in asked
            or not 2 <= len(catalog.values(field)) <= LABELS_AT_MOST
        ):
            continue
        values = [as_tags(catalog[candidate.id].attributes.get(field)) for candidate in ranked[:CONSIDERED]]
        weights = likelihoods([candidate.score for candidate in ranked[:CONSIDERED]])
        shares = shares_of(values, weights)
        told = [value for value in shares if not reads_as_order(value) and value.casefold() not in refused]
        told = [value for value in told if heard.isdisjoint(map(singular, tokens(value)))]
        choices = sorted(told, key=lambda value: (-shares[value], value))[:MAX_CHOICES]
        if len(choices) < 2:
            continue
        gain = entropy(shares) * replaced_share({c: shares[c] for c in choices}, values, k)
        named = [c if phrases.keeps_capitals(field, c) else c.lower() for c in choices]
        text = f"Would you rather have {either(list(dict.fromkeys(named)))}?"
        questions.append(Question(field, text, gain, tuple(choices)))
    best = max(questions, key=lambda question: question.gain, default=None)
    return best if best and best.gain >= MIN_GAIN else None


def _wishes(profile: TasteProfile) -> set[str]:
    """The things that a person asks for by now: what they liken it to, what stands, what it is about."""
    request = profile.request
    soft = [one for one in request.prefer if one.weight >= OUTRIGHT]
    by_words = {one.words.casefold() or describe(one.condition) for one in soft}
    told = {leaf.field for one in soft for leaf in leaves(one.condition)}
    hard = {describe(one) for one in profile.constraints if not {leaf.field for leaf in leaves(one)} <= told}
    heard = {word.norm for one in soft for word in words(one.words)} | STOPWORDS | FILLER
    about = {"about" for wish in profile.wishes[-1:] if {word.norm for word in words(wish)} - heard}
    return by_words | hard | about | ({"like"} if request.like else set())


def _refused_values(profile: TasteProfile) -> set[str]:
    """Values that were turned down, in small letters."""
    conditions = (*profile.constraints, *(one.condition for one in profile.request.prefer))
    turned_down = (leaf for one in conditions for leaf in leaves(one) if leaf.op in NEGATIVE)
    words = (word for phrase in profile.request.avoid for word in tokens(phrase))
    return {str(value).casefold() for leaf in turned_down for value in values_of(leaf)} | set(words)


def likelihoods(scores: Sequence[float]) -> list[float]:
    """Softmax of scores.

    >>> likelihoods([1.0, 1.0])
    [0.5, 0.5]
    """
    top = max(scores)
    raised = [exp(score - top) for score in scores]
    return [weight / sum(raised) for weight in raised]


def shares_of(values: Sequence[Sequence[str]], weights: Sequence[float]) -> dict[str, float]:
    """How much of the weight each value has; an item of several values splits its weight among them.

    >>> shares_of([("a", "b"), ("a",), ()], [0.5, 0.25, 0.25])
    {'a': 0.5, 'b': 0.25}
    """
    shares: dict[str, float] = {}
    for labels, weight in zip(values, weights, strict=True):
        for value in labels:
            shares[value] = shares.get(value, 0.0) + weight / len(labels)
    return shares


def entropy(shares: Mapping[str, float]) -> float:
    """Of the shares, brought to sum to one, in bits.

    >>> entropy({"a": 0.25, "b": 0.25})
    1.0
    """
    total = sum(shares.values())
    return -sum(p / total * log2(p / total) for p in shares.values() if p > 0) if total else 0.0


def replaced_share(choices: Mapping[str, float], values: Sequence[Sequence[str]], k: int) -> float:
    """Share of the first k places that get another item when one choice becomes a condition, on average.

    Of the list a, b, b with k = 2: asked for "a", one place changes hands, or stays empty; for "b", one.

    >>> replaced_share({"a": 0.5, "b": 0.5}, [("a",), ("b",), ("b",)], k=2)
    0.5
    """
    total = sum(choices.values())
    stay = {c: sum(c in labels for labels in values[:k]) / min(k, len(values)) for c in choices}
    return sum(share / total * (1 - stay[choice]) for choice, share in choices.items())
