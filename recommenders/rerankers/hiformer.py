"""Hiformer as a reranker: each pair of features meets in its own way.

Gui et al., "Hiformer: Heterogeneous Feature Interactions Learning with Transformers for Recommender Systems"
(2023). The network is :class:`HiformerBlock`; ``interaction`` has plain attention and a factorisation machine
over the same tokens to compare with.
"""

from __future__ import annotations

from typing import ClassVar

from tastemaker.recommenders.rerankers.reranker import Reranker
from tastemaker.recommenders.rerankers.reranker_config import RerankerConfig


class Hiformer(Reranker):
    """Candidates ranked anew by how moment, person, history and item attributes meet."""

    name: ClassVar[str] = "hiformer"
    config_class: ClassVar[type[RerankerConfig]] = RerankerConfig
