"""Systems trained for an evaluation, kept on disk so that a rerun does not train them again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from tastemaker.evals.next_item.interaction_files import EvalData
from tastemaker.evals.next_item.questions import questions
from tastemaker.evals.next_item.split import Split
from tastemaker.recommenders import Recommender, load_recommender, train
from tastemaker.recommenders.baselines.closed_form import ClosedForm
from tastemaker.recommenders.baselines.popularity import Popularity
from tastemaker.recommenders.fused import Fused
from tastemaker.recommenders.models.content_recommender import ContentRecommender
from tastemaker.recommenders.registry import recommender_class
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import ConfigError, WorkspaceError
from tastemaker.retrieval.index.embedder import TextEmbedder
from tastemaker.tools.workspace.data_files import log_hash

Settings = Mapping[str, object]


@dataclass(frozen=True)
class TrainedSystem:
    """A recommender that has not seen the test items, and what its training took.

    Attributes:
        recommender: the model; its ``record`` tells how the training went.
        cached: whether it was loaded instead of trained.
    """

    recommender: Recommender
    cached: bool


def parts_of(name: str) -> list[str]:
    """The recommenders in a system's name: one, or the two of a fused pair.

    Raises:
        ConfigError: more than two, or one that does not exist.

    >>> parts_of("sasrec+ease")
    ['sasrec', 'ease']
    """
    parts = name.split("+")
    if len(parts) > 2:
        raise ConfigError(f"{name!r} names {len(parts)} recommenders; two can be fused")
    for part in parts:
        recommender_class(part)
    return parts


def fuse_pair(first: Recommender, second: Recommender, data: EvalData, split: Split) -> Fused:
    """Two trained recommenders as one, their shares fitted on everyone's last but one item."""
    asked = questions(split.validation, data.catalog, timed=data.timed)
    return Fused.fit(first, second, [(question.query, question.target) for question in asked])


def training_part(name: str, split: Split) -> Interactions:
    """What a system gets to learn from: in the end all but each person's last two items.

    Models with a training loop are handed the last but one as well: they set it aside
    themselves, to choose the epoch by.
    """
    counted = issubclass(recommender_class(name), ClosedForm | Popularity)
    return split.train if counted else split.development


def load_or_train(
    name: str,
    data: EvalData,
    split: Split,
    folder: Path,
    *,
    seed: int = 0,
    settings: Settings | None = None,
    progress: bool = False,
) -> TrainedSystem:
    """Load a system that an earlier run trained on the same data with the same settings, or train it.

    Args:
        name: a recommender of the registry.
        data: the data; its catalogue gives the vocabulary.
        split: of its log.
        folder: where trained systems lie, each under its name and the hash of all that made it.
        seed, settings, progress: for the training.

    Raises:
        ConfigError: no such recommender or setting.
        DataError: too few interactions for this model, or too many items.
    """
    log = training_part(name, split)
    reads_texts = issubclass(recommender_class(name), ContentRecommender)
    embedder = data.embedder() if data.embedder and reads_texts else None
    place = folder / f"{name}-{_key(name, data, log, embedder, seed, settings or {})}"
    if place.exists():
        with suppress(WorkspaceError):  # broken or of an older version: train it again
            return TrainedSystem(load_recommender(place, data.catalog, embedder), cached=True)
    model = train(
        name, data.catalog, log, place, seed=seed, settings=settings, embedder=embedder, progress=progress
    )
    return TrainedSystem(model, cached=False)


def _key(
    name: str, data: EvalData, log: Interactions, embedder: TextEmbedder | None, seed: int, settings: Settings
) -> str:
    """Hash of all that decides what a system becomes; its defaults too, since they may change."""
    config = getattr(recommender_class(name), "config_class", None)
    defaults = config().model_dump(mode="json") if config else {}
    made_of = [
        *(name, data.catalog.content_hash, log_hash(log), embedder.name if embedder else None),
        *(seed, defaults, dict(settings), metadata.version("tastemaker")),
    ]
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()[:16]
