"""Recommenders: a history in, scores over the catalogue out, one contract for all models.

model = train("sasrec", catalog, interactions, folder, progress=True)
model = load_recommender(folder, catalog)
model.top(Query(history=("50", "172")), k=10)

A name is imported when it is first asked for: most models need PyTorch, which takes seconds, and who ranks by counts
alone does not.
"""

from typing import TYPE_CHECKING

from tastemaker.retrieval.names_on_demand import names_on_demand

if TYPE_CHECKING:
    from tastemaker.recommenders.attribute_ranking import AttributeRanker
    from tastemaker.recommenders.baselines.popularity import Popularity
    from tastemaker.recommenders.data.query import Query, Scored
    from tastemaker.recommenders.data.resolved_query import ResolvedQuery
    from tastemaker.recommenders.data.vocabulary import Vocabulary
    from tastemaker.recommenders.models.ada import Ada
    from tastemaker.recommenders.models.alpharec import AlphaRec
    from tastemaker.recommenders.models.bert4rec import BERT4Rec
    from tastemaker.recommenders.models.cml import CML
    from tastemaker.recommenders.models.hstu import HSTU
    from tastemaker.recommenders.models.m2trec import M2TRec
    from tastemaker.recommenders.models.sasrec import SASRec, SASRecConfig
    from tastemaker.recommenders.models.tim4rec import TiM4Rec
    from tastemaker.recommenders.recommender import Recommender
    from tastemaker.recommenders.registry import RECOMMENDERS, load_recommender, train
    from tastemaker.recommenders.training.interruption import TrainingInterrupted

__all__ = [
    "CML",
    "HSTU",
    "RECOMMENDERS",
    "Ada",
    "AlphaRec",
    "AttributeRanker",
    "BERT4Rec",
    "M2TRec",
    "Popularity",
    "Query",
    "Recommender",
    "ResolvedQuery",
    "SASRec",
    "SASRecConfig",
    "Scored",
    "TiM4Rec",
    "TrainingInterrupted",
    "Vocabulary",
    "load_recommender",
    "train",
]

__getattr__ = names_on_demand(
    __name__,
    {
        "CML": "models.cml",
        "HSTU": "models.hstu",
        "RECOMMENDERS": "registry",
        "Ada": "models.ada",
        "AlphaRec": "models.alpharec",
        "AttributeRanker": "attribute_ranking",
        "BERT4Rec": "models.bert4rec",
        "M2TRec": "models.m2trec",
        "Popularity": "baselines.popularity",
        "Query": "data.query",
        "Recommender": "recommender",
        "ResolvedQuery": "data.resolved_query",
        "SASRec": "models.sasrec",
        "SASRecConfig": "models.sasrec",
        "Scored": "data.query",
        "TiM4Rec": "models.tim4rec",
        "TrainingInterrupted": "training.interruption",
        "Vocabulary": "data.vocabulary",
        "load_recommender": "registry",
        "train": "registry",
    },
)
