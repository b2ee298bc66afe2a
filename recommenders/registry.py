"""Every recommender by name: how to train it and how to load it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from tastemaker.recommenders.data.item_content import ItemContent
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.recommenders.named_classes import NamedClasses
from tastemaker.recommenders.recommender import Recommender
from tastemaker.recommenders.saved_model import read_model
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import nearest_of
from tastemaker.retrieval.errors import ConfigError, DataError
from tastemaker.retrieval.index.embedder import TextEmbedder

RECOMMENDERS: Mapping[str, type[Recommender]] = NamedClasses(
    "tastemaker.recommenders",
    {
        "popularity": "baselines.popularity:Popularity",
        "recency-popularity": "baselines.recency_popularity:RecencyPopularity",
        "activation": "baselines.activation:Activation",
        "item-knn": "baselines.item_knn:ItemKNN",
        "ease": "baselines.ease:EASE",
        "tifu-knn": "baselines.tifu_knn:TIFUKNN",
        "cml": "models.cml:CML",
        "alpharec": "models.alpharec:AlphaRec",
        "sasrec": "models.sasrec:SASRec",
        "text-sasrec": "models.text_sasrec:TextSASRec",
        "m2trec": "models.m2trec:M2TRec",
        "rlmrec": "models.rlmrec:RLMRec",
        "rpg": "models.rpg:RPG",
        "mmgrec": "models.generative.mmgrec:MMGRec",
        "minionerec": "models.generative.minionerec:MiniOneRec",
        "onepiece": "models.generative.onepiece:OnePiece",
        "synergen": "models.generative.synergen:SynerGen",
        "bert4rec": "models.bert4rec:BERT4Rec",
        "hstu": "models.hstu:HSTU",
        "tim4rec": "models.tim4rec:TiM4Rec",
        "decision-transformer": "models.decision_transformer:DecisionTransformer",
        "pisa": "models.pisa:PISA",
        "hiformer": "rerankers.hiformer:Hiformer",
        "fintrec": "rerankers.fintrec:FinTRec",
        "ada": "models.ada:Ada",
        "recformer": "models.recformer:Recformer",
    },
)
"""Name -> class, the cheapest to train first."""


def recommender_class(name: str) -> type[Recommender]:
    """The class of a name.

    Raises:
        ConfigError: no recommender has this name.
    """
    try:
        return RECOMMENDERS[name]
    except KeyError:
        allowed = nearest_of(name, list(RECOMMENDERS), most=len(RECOMMENDERS))
        raise ConfigError(f"no recommender {name!r}; {allowed}") from None


def train(
    name: str,
    catalog: Catalog,
    interactions: Interactions,
    folder: Path,
    *,
    seed: int = 0,
    progress: bool = False,
    settings: Mapping[str, object] | None = None,
    embedder: TextEmbedder | None = None,
) -> Recommender:
    """Train a recommender on a log and save it in ``folder``.

    Under ``torchrun``, its processes share the work of the models with a training loop.

    Args:
        name: one of :data:`RECOMMENDERS`.
        catalog: its ids become the model's vocabulary.
        interactions: the log, all of it the model's to learn from; for an honest test, hold some out first.
        folder: replaced when the training is done, not before; a stopped run's checkpoint lies beside it.
        seed: equal seeds, data and settings give an equal model on one machine.
        progress: show a bar with loss, validation NDCG@10 and time left.
        settings: values of the model's config that differ from its defaults.
        embedder: for the models that read item texts.

    Raises:
        ConfigError: no such recommender, or a setting that it does not have.
        DataError: a log without interactions, or with too few for this model; popularity alone takes one.
        TrainingInterrupted: stopped by SIGINT or SIGTERM; the same call continues.
    """
    kind, folder = recommender_class(name), Path(folder)
    if not len(interactions) and name != "popularity":
        raise DataError("the log holds no interactions; a recommender needs some to learn from")
    checkpoint = folder.with_name(f"{folder.name}.checkpoint.safetensors")
    content = ItemContent(catalog, embedder)
    began = time.monotonic()
    from tastemaker.recommenders.training.distributed import join

    with join() as processes:
        model = kind.fit_content(
            content, interactions, checkpoint, seed=seed, progress=progress, settings=settings
        )
        model.attach(embedder)
        model.record = {"seconds": round(time.monotonic() - began, 3), "seed": seed, **model.record}
        if processes.first:
            model.save(folder)
        processes.wait()
    return model


def load_recommender(
    folder: Path,
    catalog: Catalog | None = None,
    embedder: TextEmbedder | None = None,
    *,
    grown: bool = False,
) -> Recommender:
    """Load whatever recommender a folder holds.

    Args:
        folder: what :func:`train` or ``save`` wrote.
        catalog: refuse a model that was trained on other items.
        embedder: for the wishes in words of a query; without it, the model leaves them aside and says so.
        grown: the catalogue may hold more items than the model was trained on. A model of texts or
            attributes ranks them too; for others, ``unservable`` names what they leave out.

    Raises:
        WorkspaceError: no recommender there, a broken one, or one of another catalogue.
        ConfigError: a recommender that this version does not know, or a catalogue that lacks what it reads.
    """
    wanted = None if catalog is None else Vocabulary(catalog.ids)
    saved = read_model(folder, vocabulary=wanted, grown=grown)
    model = recommender_class(saved.name).from_saved(saved)
    model.attach(embedder)
    if catalog is None or wanted is None or saved.vocabulary.sha256 == wanted.sha256:
        return model
    return model.with_items(ItemContent(catalog, embedder))
