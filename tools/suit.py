"""Rank the catalogue by a whole request: words, preferences, what it should resemble, how well known items are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.computed_attributes import GEM, PERCENTILE, POPULARITY
from tastemaker.retrieval.filters.conditions import Condition, Constraint, Op, leaves, values_of
from tastemaker.retrieval.search.attribute_direction import attribute_direction
from tastemaker.retrieval.text.tokens import tokens
from tastemaker.tools.asked import ask_nearness, ask_words, clauses_of
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.judged import fit_by_judgements
from tastemaker.tools.search_context import Column, SearchContext
from tastemaker.tools.standardise import MAX_DEVIATIONS, standardise
from tastemaker.tools.tool_context import DEFAULT_K


@dataclass(frozen=True, slots=True)
class Wanted:
    """What items are measured by.

    Attributes:
        texts: what it is about, with weights; the latest words weigh most.
        said: the person's own words for it, from which judged requests tell what fits; "" for none.
        subject: what the latest text says it is about, where that is a part of it.
        prefer: conditions with weights, below 0 for unwanted ones.
        like: ids of items that it should resemble.
        avoid: texts that it should be far from.
        steps: (attribute or word, whether it is an attribute, more, ids): more or less of it than those items have.
        described: whether the latest text tells a story that one item has, so that a text that fits far better than
            all others decides.
    """

    texts: Sequence[tuple[str, float]] = ()
    said: str = ""
    subject: str = ""
    prefer: Sequence[tuple[Condition, float]] = ()
    like: Sequence[str] = ()
    avoid: Sequence[str] = ()
    steps: Sequence[tuple[str, bool, bool, Sequence[str]]] = ()
    described: bool = False


@dataclass(frozen=True, slots=True)
class SuitWeights:
    """What each part of a request counts; by coordinate search on the development requests (LOG.md):
    in five folds of conversations .534 of precision@5, as on all together, and .507 by a listwise loss.

    Attributes:
        text: nearness of texts, standardised.
        subject: nearness in meaning to the subject alone, standardised.
        asked: nearness of the texts' clauses to what items are asked for by, standardised; where the catalogue has
            such phrases. With ``asked_words`` on the development requests, precision@5 of the agent .551 -> .586
            and from the ideal form .643 -> .684 (LOG.md, "asks"); .2 to .5 differ by less than .01.
        asked_words: the share of the texts' telling words that stand in those phrases.
        judged: of what judged requests tell of the words and texts, standardised; where there were any.
        preference: of the logarithm of each preference's degree.
        floor: added to a degree, so that one preference that is not met at all does not end everything.
        limit: taken off for each step that an item's level lies beyond what is allowed at most.
        like: nearness to items, standardised.
        step: of the logarithm of the degree to which an item has more, or less, of something than others.
        avoid: nearness to what is to be avoided, where it is above a typical item's.
        renown: of the standardised logarithm of popularity.
        fame: of the same, above the mean, taken off where little-known items are asked for.
        rating: of the damped mean rating, in deviations.
    """

    text: float = 1.0
    subject: float = 0.4
    asked: float = 0.35
    asked_words: float = 1.5
    judged: float = 1.7
    preference: float = 1.3
    floor: float = 0.1
    limit: float = 0.6
    like: float = 1.3
    avoid: float = 0.5
    step: float = 1.0
    renown: float = 0.4
    fame: float = 1.5
    rating: float = 0.15


WEIGHTS = SuitWeights()
Parts = dict[str, npt.NDArray[np.float64]]
MEANING, TAGS, WAYS, RANKER, TINY = 1.0, 0.4, 0.2, 0.5, 1e-4
"""What vectors, the nearest tag, the mean of all ways and the learned ranker count for nearness to a text."""
STEP, STEEPNESS = 0.4, 4.0
"""Deviations that make a difference people notice, and how sharply it counts."""
ABOUT_RENOWN = frozenset({"known", POPULARITY, PERCENTILE, GEM})
"""Attributes that tell how well known an item is."""
OUTRIGHT = 0.8
"""Weight from which a limit was said outright."""
RARE = 0.1
"""A word that more of the items hold says nothing of what one of them is like."""
FAR, NEAR, NEAREST, LEAST_TRUST = 0.25, 0.5, 5, 0.3
"""Mean cosine of so many nearest items at which a text counts least, and fully. On the development requests and on
50 fresh conversations .25 to .3, .5 to .55 and .2 to .4 are alike (LOG.md)."""
NEARLY, UNLIKE_TOPIC, LIKE_TOPIC, MAX_LABELS = 0.5, 0.5, 0.85, 2
"""The degree of what is nearly about a topic, and the cosines from which and up to which it is so."""
FOUND = 1.0
"""What a deviation beyond :data:`MAX_DEVIATIONS` counts for a story that is told. On 114 described films (hit at 1)
none .54, .5 .79, 1 .82; for wishes it costs (LOG.md)."""


def suit(
    tool_context: SearchContext,
    wanted: Wanted,
    constraints: Sequence[Condition] = (),
    exclude: Sequence[str] = (),
    k: int = DEFAULT_K,
    weights: SuitWeights = WEIGHTS,
) -> Candidates:
    """Items that suit a request, the best first.

    Raises:
        QueryError: a condition makes no sense for the catalogue.
    """
    keep = tool_context.allowed_rows(constraints, exclude)
    parts = suit_parts(tool_context, wanted, weights)
    text = "; ".join(text for text, _ in wanted.texts)
    ranked = tool_context.best(_total(parts), keep, k)
    rows = tool_context.catalog.rows([item_id for item_id, _ in ranked])
    return Candidates("suit", {"text": text}, ranked, shares=_shares(parts, ranked, rows))


def suit_scores(tool_context: SearchContext, wanted: Wanted, weights: SuitWeights = WEIGHTS) -> Column:
    """How well each item suits a request, float32[n_items]."""
    return _total(suit_parts(tool_context, wanted, weights))


def suit_parts(tool_context: SearchContext, wanted: Wanted, weights: SuitWeights = WEIGHTS) -> Parts:
    """What a score is the sum of, by name, each float64[n_items]; without those that the request says nothing of."""
    said = [text for text, _ in wanted.texts]
    topics = [_topic_labels(tool_context, condition) for condition, _ in wanted.prefer]
    labels = [label for own in topics if _key(own) not in tool_context.topics for label in own]
    texts = (*said, wanted.said, wanted.subject, *wanted.avoid, *clauses_of(tool_context, said), *labels)
    tool_context.index.prepare([text for text in texts if text])
    parts: Parts = {"renown": _renown(tool_context, wanted, weights)}
    parts["rating"] = weights.rating * _ratings(tool_context).astype(np.float64)
    if wanted.texts:
        nearness = sum(weight * _nearness(tool_context, text) for text, weight in wanted.texts)
        trust = text_trust(tool_context, wanted.texts)
        _add(parts, "words", trust * weights.text * standardise(np.asarray(nearness)))
        for text, weight in wanted.texts if tool_context.asks else ():
            _add(parts, "words", trust * weight * weights.asked * ask_nearness(tool_context, text))
            _add(parts, "words", trust * weight * weights.asked_words * ask_words(tool_context, text))
    if weights.judged and tool_context.judgements and (wanted.said or said):
        whole = ((wanted.said, 1.0), *wanted.texts) if wanted.said else wanted.texts
        parts["judged"] = weights.judged * fit_by_judgements(tool_context, whole).astype(np.float64)
    if wanted.subject:
        _add(parts, "words", weights.subject * _meaning(tool_context, wanted.subject))
    if wanted.described and wanted.texts:
        _add(
            parts,
            "words",
            FOUND * np.maximum(_certainty(tool_context, wanted.texts[0][0]) - MAX_DEVIATIONS, 0),
        )
    for (condition, weight), own in zip(wanted.prefer, topics, strict=True):
        degrees = tool_context.satisfaction.of(condition).astype(np.float64)
        if weight > 0 and own:
            degrees = np.maximum(degrees, _topic_nearness(tool_context, own))
        degrees = degrees if weight >= 0 else 1 - degrees
        _add(parts, "preferences", weights.preference * abs(weight) * np.log(degrees + weights.floor))
        if weight >= OUTRIGHT:
            _add(parts, "avoided", -weights.limit * weight * steps_beyond(tool_context.catalog, condition))
    for text in wanted.avoid:
        _add(parts, "avoided", -weights.avoid * np.maximum(_nearness(tool_context, text), 0))
        _add(
            parts,
            "avoided",
            weights.preference * np.log(1 - _word_share(tool_context, text) + weights.floor),
        )
    if wanted.like:
        rows = tool_context.catalog.rows(wanted.like)
        _add(parts, "likeness", weights.like * _likeness(tool_context, rows))
    for condition, weight in wanted.prefer:
        if weight > 0 and len(works := _works_of(tool_context, condition)):
            _add(parts, "likeness", weights.like * weight * _likeness(tool_context, works))
    for name, is_attribute, more, than in wanted.steps:
        degrees = _step_degrees(tool_context, name, is_attribute, more, than)
        _add(parts, "comparison", weights.step * np.log(degrees + weights.floor))
    return parts


def steps_beyond(catalog: Catalog, condition: Condition) -> Column:
    """How many steps the level of each item lies beyond what a condition allows, float32[n_items].

    Who cannot bear blood is not served by the film that fits best but for it; near is not good enough there.
    """
    if not isinstance(condition, Constraint) or condition.op is not Op.AT_MOST:
        return np.zeros(len(catalog), dtype=np.float32)
    attribute = catalog.schema[condition.field]
    if not attribute.levels or isinstance(condition.value, tuple | str):
        return np.zeros(len(catalog), dtype=np.float32)
    beyond = np.nan_to_num(catalog.numbers(condition.field)) - float(condition.value)  # type: ignore[arg-type]
    return np.asarray(np.maximum(beyond, 0), dtype=np.float32)


def _topic_labels(tool_context: SearchContext, condition: Condition) -> tuple[str, ...]:
    """The first labels that a topic stands for, at most :data:`MAX_LABELS`; none for other conditions."""
    own = tuple(leaves(condition))
    if any(leaf.op is not Op.ANY_OF or leaf.field not in tool_context.topic_fields for leaf in own):
        return ()
    values = dict.fromkeys(str(value).casefold() for leaf in own for value in values_of(leaf))
    return tuple(values)[:MAX_LABELS]


def _topic_nearness(tool_context: SearchContext, labels: Sequence[str]) -> Column:
    """How nearly items that lack a topic's labels are about it, 0 to :data:`NEARLY`; kept for topics of late.

    By the cosine of their nearest label, or ask, with the labels that the topic stands for.
    """
    return tool_context.topics.of(_key(labels), lambda: _measured_topic(tool_context, labels))


def _key(labels: Sequence[str]) -> str:
    return "\n".join(labels)


def _measured_topic(tool_context: SearchContext, labels: Sequence[str]) -> Column:
    vectors = np.stack([tool_context.index.embed(label) for label in labels])
    near = np.max([tool_context.retriever.ways.phrases.scores(vector) for vector in vectors], axis=0)
    if tool_context.asks is not None:
        near = np.maximum(near, tool_context.asks.nearness(vectors).max(axis=0))
    return np.asarray(
        NEARLY * np.clip((near - UNLIKE_TOPIC) / (LIKE_TOPIC - UNLIKE_TOPIC), 0, 1), dtype=np.float32
    )


def _add(parts: Parts, name: str, more: npt.NDArray[np.floating]) -> None:
    parts[name] = parts.get(name, 0.0) + more.astype(np.float64)


def _total(parts: Parts) -> Column:
    return np.asarray(sum(parts.values()), dtype=np.float32)


def _shares(
    parts: Parts, ranked: Sequence[tuple[str, float]], rows: npt.NDArray[np.integer]
) -> dict[str, dict[str, float]]:
    """Which share each part has in what lifts an item above a typical one.

    For a sum these are Shapley's values: a part's value minus its mean over all items (Lundberg and Lee, 2017).
    """
    lifts = {name: np.maximum(part[rows] - part.mean(), 0) for name, part in parts.items()}
    whole = np.asarray(sum(lifts.values()))
    return {
        item_id: {name: round(float(lift[at] / whole[at]), 3) for name, lift in lifts.items() if lift[at] > 0}
        for at, (item_id, _) in enumerate(ranked)
    }


def _likeness(tool_context: SearchContext, rows: npt.NDArray[np.int64]) -> Column:
    """How near each item is to some items on average, by its text and by its labels, standardised."""
    near = [
        standardise(np.asarray(vectors @ vectors[rows].mean(axis=0)))
        for vectors in (np.asarray(tool_context.index.vectors), tool_context.label_vectors)
    ]
    return standardise(np.sum(near, axis=0))


def _works_of(tool_context: SearchContext, condition: Condition) -> npt.NDArray[np.int64]:
    """Rows of the works of a person whom a preference names: who likes a manner likes what is like them, too."""
    names = {leaf.field for leaf in leaves(condition)}
    if not names or not names <= tool_context.name_attributes:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(tool_context.satisfaction.of(condition) >= 1)


def _renown(tool_context: SearchContext, wanted: Wanted, weights: SuitWeights) -> npt.NDArray[np.float64]:
    """What being well known counts: a little for an item, unless little-known ones are asked for.

    Below the mean it then counts for nothing: a hidden gem is none for being rated by nobody.
    """
    renown = tool_context.renown.astype(np.float64)
    asked = 0.0
    for condition, weight in wanted.prefer:
        if {leaf.field for leaf in leaves(condition)} <= ABOUT_RENOWN:
            degrees = tool_context.satisfaction.of(condition).astype(np.float64)
            asked += weight * float(np.mean((degrees - degrees.mean()) * renown))
    return weights.renown * renown if asked >= 0 else -weights.fame * np.maximum(renown, 0)


def _step_degrees(
    tool_context: SearchContext, name: str, is_attribute: bool, more: bool, than: Sequence[str]
) -> npt.NDArray[np.float64]:
    """How surely each item has more (or less) of something than some items, float64[n_items] in [0, 1].

    A logistic curve over the difference, in deviations of the catalogue; 1/2 where nothing is known.
    """
    catalog = tool_context.catalog
    column = catalog.numbers(name) if is_attribute else attribute_direction(name, tool_context.retriever.ways)
    column = np.asarray(column, dtype=np.float64)
    deviation = float(np.nanstd(column)) or 1.0
    anchors = column[catalog.rows(than)]
    anchor = float(np.nanmean(anchors)) if np.isfinite(anchors).any() else float(np.nanmean(column))
    ahead = (column - anchor) / deviation * (1 if more else -1)
    return np.where(np.isnan(ahead), 0.5, 1 / (1 + np.exp(-STEEPNESS * (np.nan_to_num(ahead) - STEP))))


def _nearness(tool_context: SearchContext, text: str) -> Column:
    """How near each item is to a text in every way of searching, standardised; of texts asked lately it is kept."""
    return tool_context.nearness.of(text, lambda: _measured_nearness(tool_context, text))


def _measured_nearness(tool_context: SearchContext, text: str) -> Column:
    nearness, likely = tool_context.retriever.nearness(text), _judged(tool_context, text)
    tags = tool_context.retriever.ways.phrases.scores(tool_context.index.embed(text))
    parts = (
        (MEANING, _cosines(tool_context, text)),
        (TAGS, tags),
        (WAYS, nearness),
        (RANKER, np.log(likely + TINY)),
    )
    return standardise(np.asarray(sum(weight * standardise(part) for weight, part in parts)))


def text_trust(tool_context: SearchContext, texts: Sequence[tuple[str, float]]) -> float:
    """What the texts count, :data:`LEAST_TRUST` to 1, by how near any item comes to them.

    A text in which everything telling was read as preferences, or that is small talk, is near to nothing; once
    standardised its noise would weigh as much as a story that one item has.
    """
    total = 0.0
    for text, weight in texts:
        cosines = _cosines(tool_context, text)
        nearest = np.partition(cosines, -NEAREST)[-NEAREST:] if len(cosines) > NEAREST else cosines
        share = (float(nearest.mean()) - FAR) / (NEAR - FAR)
        total += weight * float(np.clip(LEAST_TRUST + (1 - LEAST_TRUST) * share, LEAST_TRUST, 1.0))
    return total / (sum(weight for _, weight in texts) or 1.0)


def _cosines(tool_context: SearchContext, text: str) -> Column:
    """The cosine of each item's text with a text; of texts asked lately it is kept."""
    return tool_context.cosines.of(
        text, lambda: np.asarray(tool_context.index.vectors @ tool_context.index.embed(text))
    )


def _judged(tool_context: SearchContext, text: str) -> Column:
    """What the learned ranker makes of every item for a text; of texts asked lately it is kept."""
    return tool_context.ranker_chances.of(text, lambda: tool_context.retriever.ranker_scores(text))


def _meaning(tool_context: SearchContext, text: str) -> Column:
    """How near each item and its nearest tag are to a text in meaning, standardised."""
    whole = _cosines(tool_context, text)
    tags = tool_context.retriever.ways.phrases.scores(tool_context.index.embed(text))
    return standardise(np.asarray(MEANING * standardise(whole) + TAGS * standardise(tags)))


def _word_share(tool_context: SearchContext, text: str) -> Column:
    """Which share of a text's telling words each item's own words hold, float32[n_items] in [0, 1].

    What is turned down by the catalogue's own word for it ("no slashers") is not a matter of nearness.
    """
    lexical = tool_context.retriever.ways.lexical
    telling = [word for word in dict.fromkeys(tokens(text)) if 0 < lexical.share_of_items(word) <= RARE]
    if not telling:
        return np.zeros(len(tool_context.catalog), dtype=np.float32)
    held = np.sum([lexical.scores(word) > 0 for word in telling], axis=0)
    return np.asarray(held / len(telling), dtype=np.float32)


def _certainty(tool_context: SearchContext, text: str) -> npt.NDArray[np.float64]:
    """How far the learned ranker puts each item above the catalogue for a text, in deviations of its log odds."""
    likely = np.clip(_judged(tool_context, text).astype(np.float64), TINY, 1 - TINY)
    odds = np.log(likely / (1 - likely))
    return np.asarray((odds - odds.mean()) / (float(odds.std()) or 1.0))


def _ratings(tool_context: SearchContext) -> Column:
    """The damped mean ratings, standardised; zeros where none are known."""
    if "rating_mean" not in tool_context.catalog.schema:
        return np.zeros(len(tool_context.catalog), dtype=np.float32)
    ratings = tool_context.catalog.numbers("rating_mean")
    known = np.where(np.isnan(ratings), np.nanmean(ratings), ratings)
    return standardise(known)
