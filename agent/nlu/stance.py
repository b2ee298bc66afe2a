"""Whether a value is asked for, only told of, or turned down: a small classifier over the sentence vector.

A softmax regression on the vector that the index makes of the value's clause, in which the value itself is
replaced by a plain word, so that "I'd pass on drama" and "I'd pass on horror" are one sentence. It knows wordings
that no pattern lists. Weights and figures come from ``python -m tastemaker.evals.studies.sentences.stance``; they are
for one encoder, and for others there are none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from tastemaker.agent.nlu.tokenizer import CLAUSE_END, words
from tastemaker.retrieval.index.encoder_weights import SoftmaxWeights, shipped_softmax

PLAIN, ONE = "films", "film"
"""Stand for the value in its clause, the second behind an article."""
MIN_CLAUSE_WORDS = 3
"""A clause of fewer words is read together with the one beside it: "Horror? No thanks."."""
MAX_CHARS = 300
_ARTICLE = re.compile(r"\b(?:an?|another|one|every|any)\s+(?:\w+\s+)?$", re.IGNORECASE)
_DESCRIBES = re.compile(
    r"\s(?:in which|that|where|who|which|without|with|set|about|from|nobody|under|over|below|up to|"
    r"(?:no |not )?(?:less|more|shorter|longer|older|newer|earlier|later) than)\b.*",
    re.IGNORECASE | re.DOTALL,
)
"""What is said of the items behind the value, and not of the wish for them."""
_OF_ANOTHER = re.compile(
    r"(?:,|\b(?:but|and))\s+(?:please\s+)?(?:not|no|without|nothing)\b"
    r"(?! (?:for (?:me|us|now|today)|today|tonight|now|again|thanks?|this|really|my|so|too|in)\b).*|"
    r"\s(?:but|and)\s*$",
    re.IGNORECASE | re.DOTALL,
)
"""What turns down something else: "animated but not Disney" wants animated films."""
_WORKS = frozenset("film films movie movies flick flicks story stories stuff thing things".split())


class Stance(StrEnum):
    """How a value is spoken of."""

    ASKED = "asked"
    TOLD = "told"
    REFUSED = "refused"


STANCES = tuple(Stance)
Embed = Callable[[str], npt.NDArray[np.float32]]
Prepare = Callable[[Sequence[str]], object]


class StanceReader:
    """Reads stances with one encoder's weights.

    Args:
        weights: with a class for each of :data:`STANCES`.
        embed: a unit vector of a text, float32[d].
        prepare: makes the vectors of several texts at once, which :class:`Embed` then remembers.
    """

    def __init__(self, weights: SoftmaxWeights, embed: Embed, prepare: Prepare | None = None) -> None:
        self._weights, self._embed, self._prepare = weights, embed, prepare

    def prepare(self, text: str, spans: Sequence[tuple[int, int]]) -> None:
        """Make at once what :meth:`shares` needs for several values of a text."""
        if self._prepare and len(spans) > 1:
            self._prepare([framed(text, *span) for span in spans])

    def shares(self, text: str, start: int, end: int) -> dict[Stance, float]:
        """How likely the value from ``start`` to ``end`` of a text is asked for, told of or refused."""
        found = self._weights.shares(self._embed(framed(text, start, end)))
        return dict(zip(STANCES, found.tolist(), strict=True))


def framed(text: str, start: int, end: int) -> str:
    """The clause around a value with a plain word in the value's place.

    >>> framed("I loved Heat. Horror? No thanks. A comedy.", 14, 20)
    'films? No thanks.'
    >>> framed("I'd pass on drama films, thanks", 12, 17)
    "I'd pass on films"
    >>> framed("what else is animated but not Disney", 13, 21)
    'what else is films'
    """
    cuts = [match.end() for match in CLAUSE_END.finditer(text)]
    low = max((cut for cut in cuts if cut <= start), default=0)
    high = next((cut for cut in cuts if cut >= end), len(text))
    following = [*(cut for cut in cuts if cut > high), len(text)]
    before = [0, *(cut for cut in cuts if cut < low)]
    if len(words(text[low:high])) < MIN_CLAUSE_WORDS:
        if "?" in text[end:high]:
            high = following[0]
        elif text[low - 1 : low] == ",":
            low = before[-1]
    after = text[end:high]
    named = words(after)
    if named and named[0].norm in _WORKS and not after[: named[0].start].strip():
        after = after[named[0].end :]
    before_value, after = text[low:start], _DESCRIBES.sub("", _OF_ANOTHER.sub("", after))
    plain = ONE if _ARTICLE.search(before_value) else PLAIN
    return f"{before_value}{plain}{after}".strip(" ,;:\n")[-MAX_CHARS:]


def stance_reader(encoder: str, embed: Embed, prepare: Prepare | None = None) -> StanceReader | None:
    """A reader for an encoder that weights ship for."""
    weights = shipped_softmax("tastemaker.agent.nlu", "stance", encoder)
    return StanceReader(weights, embed, prepare) if weights else None
