"""What phrases of a message likely mean, by a classifier that has read how thousands of people would say it.

Patterns know words; a sentence vector knows what is meant: "gran walks out when people start stripping" holds no word
of any list. A softmax regression tells, of a message and of its clauses, which of some hundred meanings it has, or
none. It does two things to a reading: what patterns have found and it holds for unlikely is let go, or only hinted at
(a logistic regression on both decides), and what it is sure of is added, as a preference. Weights are for one encoder
and come from ``python -m tastemaker.evals.studies.sentences.wish_meanings``, which has the figures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.facets.definition import Bound, Meaning
from tastemaker.retrieval.facets.meaning_conditions import OPS
from tastemaker.retrieval.facets.reading import FacetMatch, FacetReading
from tastemaker.retrieval.filters.conditions import Constraint, leaves, values_of
from tastemaker.retrieval.index.encoder_weights import SoftmaxWeights, shipped_arrays, softmax_of
from tastemaker.retrieval.text.stopwords import STOPWORDS

NAME = "wish-meanings"
LEARNED_OF = "film"
"""What the facets have to be of: wishes for other things were never read."""
NOTHING, UNKNOWN = "nothing", "unknown"
"""Labels of messages that ask for nothing, and the first word of those for what no attribute holds."""
LIKELY, HINT, SURE = 0.45, 0.3, 0.65
"""Chance from which what patterns found is a reading, and a hint, and from which what they missed is added."""
MAX_PARTS, MIN_PART = 6, 2
"""Clauses of a message that are looked at, and words of one."""
EXACT = frozenset({"period", "country", "language", "place", "runtime", "age_from"})
"""Attributes whose values are names, times and numbers."""
MOST_COVERED = 0.5
"""Share of a clause's telling words on which a reading rests already, up to which it may mean something more."""
_WORD = re.compile(r"\w[\w'’-]*")
MAX_CHARS = 300
_CUT = re.compile(
    r"(?<=[.!?;,])\s+|\s+(?:but|and|because|cos|so|although|though|while|since)\s+", re.IGNORECASE
)
_BOUND_OF = {op: bound for bound, op in OPS.items()}
Embed = Callable[[str], npt.NDArray[np.float32]]
Prepare = Callable[[Sequence[str]], object]
Chances = npt.NDArray[np.float64]


@dataclass(frozen=True)
class MeaningWeights:
    """Weights of both regressions.

    Attributes:
        labels: of the meanings, such as "contains none of guns".
        classifier: with a class for each of them.
        gate: of the features of a match, see :func:`features`, by name.
    """

    labels: tuple[str, ...]
    classifier: SoftmaxWeights
    gate: dict[str, float]

    @cached_property
    def meanings(self) -> tuple[tuple[str, Meaning] | None, ...]:
        """What each label says of which attribute; None for those that say nothing of one."""
        return tuple(map(read_label, self.labels))


@dataclass(frozen=True)
class Part:
    """A message or one of its clauses: where it stands, and the chances of its meanings."""

    start: int
    end: int
    chances: Chances


class Missed(NamedTuple):
    """A meaning that patterns missed.

    Attributes:
        name: the attribute, or a property that no attribute holds.
        meaning: of the attribute; None for such a property.
        chance: how likely it is.
        span: of the clause.
    """

    name: str
    meaning: Meaning | None
    chance: float
    span: tuple[int, int]


class LearnedMeanings:
    """Revises readings of messages.

    Args:
        weights: of one encoder.
        embed: a unit vector of a text, float32[d].
        prepare: makes the vectors of several texts at once, which ``embed`` then remembers.
    """

    def __init__(self, weights: MeaningWeights, embed: Embed, prepare: Prepare | None = None) -> None:
        self.weights, self._embed, self._prepare = weights, embed, prepare

    def parts(self, message: str) -> list[Part]:
        """The message, and its clauses where it has several."""
        spans = [(0, len(message)), *split_clauses(message)]
        texts = [message[a:b][:MAX_CHARS] for a, b in spans]
        if self._prepare:
            self._prepare(texts)
        return [
            Part(a, b, self.weights.classifier.shares(self._embed(text)))
            for (a, b), text in zip(spans, texts, strict=True)
        ]

    def revise(self, message: str, reading: FacetReading, parts: Sequence[Part]) -> FacetReading:
        """What patterns found and is likely."""
        hints = list(reading.hints)
        kept: list[FacetMatch] = []
        for match in reading.matches:
            chance = self._chance(match, message, parts)
            if chance >= LIKELY:
                kept.append(match)
            elif chance >= HINT:
                hints.append(match)
        return replace(reading, matches=tuple(kept), hints=tuple(hints))

    def _chance(self, match: FacetMatch, message: str, parts: Sequence[Part]) -> float:
        found = features(match, message, parts, self.weights)
        odds = sum(self.weights.gate.get(name, 0.0) * value for name, value in found.items())
        return float(1 / (1 + np.exp(-odds)))

    def find_more(self, message: str, reading: FacetReading, parts: Sequence[Part]) -> Iterator[Missed]:
        """What a message surely means beside a reading, from words that the reading does not rest on."""
        said = set[int]()
        whole, *clauses = parts
        for part in (*clauses, whole):  # the narrowest place that says it
            best = int(part.chances.argmax())
            label = self.weights.labels[best]
            if part.chances[best] < SURE or label == NOTHING or best in said:
                continue
            said.add(best)
            span = part.start, part.end
            if label.startswith(UNKNOWN):
                if not reading.unknown:
                    yield Missed(label.removeprefix(f"{UNKNOWN} "), None, float(part.chances[best]), span)
                continue
            pair = self.weights.meanings[best]
            if pair and self._is_new(pair[0], part, message, reading):
                yield Missed(*pair, float(part.chances[best]), span)

    @staticmethod
    def _is_new(name: str, part: Part, message: str, reading: FacetReading) -> bool:
        """Whether a part says something of an attribute that the reading lacks.

        Patterns know names and times exactly: of these nothing is added. Nor is anything where they have read the same
        attribute, as "set in America" has no other country, or rest on most of the words.
        """
        near = [one for one in reading.matches if one.span[0] < part.end and part.start < one.span[1]]
        if name in EXACT or any(one.field == name for one in near):
            return False
        telling = [
            word.span() for word in _WORD.finditer(message, part.start, part.end) if word[0] not in STOPWORDS
        ]
        covered = [
            span for span in telling if any(one.span[0] <= span[0] and span[1] <= one.span[1] for one in near)
        ]
        return len(covered) <= MOST_COVERED * len(telling)


def features(
    match: FacetMatch, message: str, parts: Sequence[Part], weights: MeaningWeights
) -> dict[str, float]:
    """What decides whether something that patterns found is meant, by name."""
    whole = parts[0].chances
    around = [part for part in parts[1:] if part.start <= match.span[0] and match.span[1] <= part.end]
    own = classes_of(match, weights)
    found = {
        "bias": 1.0,
        "known": float(bool(own)),
        "explicit": float(match.explicit),
        "score": match.score,
        "share": (match.span[1] - match.span[0]) / max(len(message), 1),
        "words": float(min(len(match.words.split()), 6)),
        "top": float(whole.max()),
        "nothing": _log(whole[weights.labels.index(NOTHING)]),
        f"of {match.field}": 1.0,
    }
    if own:
        best = max(float(part.chances[own].max()) for part in (around or parts[:1]))
        found |= {"here": _log(best), "whole": _log(float(whole[own].max())), "known top": float(whole.max())}
    return found


def classes_of(match: FacetMatch, weights: MeaningWeights) -> list[int]:
    """The labels that mean what a match says: the same attribute and direction, the nearest number, a common value."""
    return sorted({at for leaf in leaves(match.condition) for at in _classes_of(leaf, weights)})


def _classes_of(leaf: Constraint, weights: MeaningWeights) -> list[int]:
    bound = _BOUND_OF.get(leaf.op)
    own = [
        (at, pair[1])
        for at, pair in enumerate(weights.meanings)
        if pair and pair[0] == leaf.field and pair[1].bound is bound
    ]
    if bound in (Bound.AT_MOST, Bound.AT_LEAST) and own:
        number = float(values_of(leaf)[0])  # type: ignore[arg-type]
        nearest = min(abs(float(meaning.values[0]) - number) for _, meaning in own)
        return [at for at, meaning in own if abs(float(meaning.values[0]) - number) == nearest]
    values = {str(value).casefold() for value in values_of(leaf)}
    return [at for at, meaning in own if values & {str(value).casefold() for value in meaning.values}]


@cache
def read_label(label: str) -> tuple[str, Meaning] | None:
    """A label as an attribute and a meaning; None for what says nothing of an attribute.

    >>> read_label("contains none of guns")[1].values, read_label("nothing")
    (('guns',), None)
    """
    name, _, rest = label.partition(" ")
    bound = next((bound for bound in Bound if rest.startswith(f"{bound} ")), None)
    if bound is None:
        return None
    said = rest.split(" ", 2)[2]
    of_values = bound in (Bound.ANY_OF, Bound.NONE_OF)
    return name, Meaning(bound, (said,) if of_values else (float(said),))


def split_clauses(message: str) -> list[tuple[int, int]]:
    """Where the clauses of a message stand; none where it has only one.

    >>> said = "nothing violent, but it may be sad"
    >>> [said[a:b] for a, b in split_clauses(said)]
    ['nothing violent,', 'but it may be sad']
    """
    cuts = [match.span() for match in _CUT.finditer(message)]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(message)]
    spans = [(a, b) for a, b in zip(starts, ends, strict=True) if len(message[a:b].split()) >= MIN_PART]
    return spans[:MAX_PARTS] if cuts else []


@cache
def shipped_meanings(encoder: str) -> MeaningWeights | None:
    """The weights that ship for an encoder, by its name; None where there are none."""
    arrays = shipped_arrays("tastemaker.retrieval", NAME, encoder)
    if arrays is None:
        return None
    gate = dict(zip(arrays["gate_names"].tolist(), map(float, arrays["gate"]), strict=True))
    return MeaningWeights(tuple(arrays["labels"].tolist()), softmax_of(arrays), gate)


def learned_meanings(encoder: str, embed: Embed, prepare: Prepare | None = None) -> LearnedMeanings | None:
    """What revises readings with an encoder that weights ship for."""
    weights = shipped_meanings(encoder)
    return LearnedMeanings(weights, embed, prepare) if weights else None


def _log(chance: float) -> float:
    return float(np.log(max(chance, 1e-4)))
