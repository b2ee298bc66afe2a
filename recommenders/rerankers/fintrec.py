"""FinTRec as a reranker: a stream of events that knows the time, and a head for looking and one for being glad.

Dwivedi et al., "FinTRec: Transformer Based Unified Contextual Ads Targeting and Personalization for Financial
Applications" (2025). Its sizes and tables are not published, so figures can't be compared; what is kept is its
shape: events and static features as channels of their own, one head per outcome, scores as the product of chances.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from tastemaker.recommenders.losses.list_loss import LIKED, TAKEN, Head
from tastemaker.recommenders.rerankers.reranker import Reranker
from tastemaker.recommenders.rerankers.reranker_config import RerankerConfig


class FinTRecConfig(RerankerConfig):
    """A reranker's settings with other defaults."""

    heads: tuple[Head, ...] = (TAKEN, LIKED)
    channel: Literal["mean", "timed"] = "timed"


class FinTRec(Reranker):
    """Candidates ranked by the chance of being taken and liked then, after a stream of events that knows the time."""

    name: ClassVar[str] = "fintrec"
    config_class: ClassVar[type[RerankerConfig]] = FinTRecConfig
