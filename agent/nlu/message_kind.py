"""What a short message does where it is no wish: leaves the choice to us, complains, asks of a title, and the like.

A softmax regression over the sentence vector, titles replaced by marks, so that "plot of Heat" and "plot of Fargo"
are one sentence. It knows wordings that no pattern lists. Weights and figures come from
``python -m tastemaker.evals.studies.sentences.message_kind``; they are for one encoder, and for others there are none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from tastemaker.agent.nlu.tokenizer import words
from tastemaker.retrieval.index.encoder_weights import SoftmaxWeights, shipped_softmax

WEIGHTS = "message-kind"
MIN_SHARE = 0.4
"""Below it a message counts as any other; chosen on the held-out writer's messages, where .35 to .5 are alike."""
MAX_WORDS = 20
"""Longer messages say more than one thing."""
MARKS = ("[X]", "[Y]", "[Z]")
"""Stand for the titles of a message, in order."""
SERIES_MARK = ("[S]",)
"""Stands for the name of a series."""
Embed = Callable[[str], npt.NDArray[np.float32]]


class MessageKind(StrEnum):
    """What a message does.

    ``ANYTHING`` leaves the choice to us, ``COMPLAINT`` is unhappy and says not with what, ``ABOUT_US`` is small talk
    about us, ``OFF_TOPIC`` wants what no recommender gives, ``BEST`` and ``POPULAR`` want nothing but that, ``SORT``
    wants the last list in another order. Of titles: ``STORY`` asks what happens in one, ``COMPARE`` holds two against
    each other, ``SERIES`` wants all of a series, ``HERE`` asks whether one is there, ``PAIR`` what goes with one.
    ``OTHER`` is everything else, and all wishes.
    """

    ANYTHING = "anything"
    COMPLAINT = "complaint"
    ABOUT_US = "about_you"
    OFF_TOPIC = "off_topic"
    BEST = "best"
    POPULAR = "popular"
    SORT = "sort"
    STORY = "story"
    COMPARE = "compare"
    SERIES = "series"
    HERE = "here"
    PAIR = "pair"
    OTHER = "other"


KINDS = tuple(MessageKind)


class MessageKindReader:
    """Tells kinds of messages with one encoder's weights.

    Args:
        weights: with a class for each of :data:`KINDS`.
        embed: a unit vector of a text, float32[d].
    """

    def __init__(self, weights: SoftmaxWeights, embed: Embed) -> None:
        self._weights, self._embed = weights, embed

    def read(
        self, message: str, titles: Sequence[tuple[int, int]], marks: Sequence[str] = MARKS
    ) -> MessageKind:
        """The kind of a message with titles at some places; ``OTHER`` where it is not sure."""
        if not 0 < len(words(message)) <= MAX_WORDS:
            return MessageKind.OTHER
        shares = self._weights.shares(self._embed(mask_titles(message, titles, marks)))
        best = int(shares.argmax())
        return KINDS[best] if shares[best] >= MIN_SHARE else MessageKind.OTHER


def mask_titles(message: str, titles: Sequence[tuple[int, int]], marks: Sequence[str] = MARKS) -> str:
    """A message with marks where titles stand.

    >>> mask_titles("is Heat better than Fargo?", [(3, 7), (20, 25)])
    'is [X] better than [Y]?'
    """
    placed = dict(zip(sorted(titles), marks, strict=False))
    for (start, end), mark in sorted(placed.items(), reverse=True):
        message = f"{message[:start]}{mark}{message[end:]}"
    return " ".join(message.split())


def message_kind_reader(encoder: str, embed: Embed) -> MessageKindReader | None:
    """A reader for an encoder that weights ship for."""
    weights = shipped_softmax("tastemaker.agent.nlu", WEIGHTS, encoder)
    return MessageKindReader(weights, embed) if weights else None
