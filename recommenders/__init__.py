"""Recommenders: a history in, scores over the catalogue out, one contract for all models.

model = train("sasrec", catalog, interactions, folder, progress=True)
model = load_recommender(folder, catalog)
model.top(Query(history=("50", "172")), k=10)
"""

from tastemaker.recommenders.ada import Ada
from tastemaker.recommenders.alpharec import AlphaRec
from tastemaker.recommenders.attribute_ranking import AttributeRanker
from tastemaker.recommenders.bert4rec import BERT4Rec
from tastemaker.recommenders.cml import CML
from tastemaker.recommenders.hstu import HSTU
from tastemaker.recommenders.interruption import TrainingInterrupted
from tastemaker.recommenders.m2trec import M2TRec
from tastemaker.recommenders.popularity import Popularity
from tastemaker.recommenders.query import Query, Scored
from tastemaker.recommenders.reading import Reading
from tastemaker.recommenders.recommender import Recommender
from tastemaker.recommenders.registry import RECOMMENDERS, load_recommender, train
from tastemaker.recommenders.sasrec import SASRec, SASRecConfig
from tastemaker.recommenders.tim4rec import TiM4Rec
from tastemaker.recommenders.vocabulary import Vocabulary

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
    "Reading",
    "Recommender",
    "SASRec",
    "SASRecConfig",
    "Scored",
    "TiM4Rec",
    "TrainingInterrupted",
    "Vocabulary",
    "load_recommender",
    "train",
]
