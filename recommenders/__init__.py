"""Recommenders: a history in, scores over the catalogue out, one contract for all models.

model = train("sasrec", catalog, interactions, folder, progress=True)
model = load_recommender(folder, catalog)
model.top(Query(history=("50", "172")), k=10)
"""

from tastemaker.recommenders.interruption import TrainingInterrupted
from tastemaker.recommenders.popularity import Popularity
from tastemaker.recommenders.query import Query, Scored
from tastemaker.recommenders.reading import Reading
from tastemaker.recommenders.recommender import Recommender
from tastemaker.recommenders.registry import RECOMMENDERS, load_recommender, train
from tastemaker.recommenders.sasrec import SASRec, SASRecConfig
from tastemaker.recommenders.vocabulary import Vocabulary

__all__ = [
    "RECOMMENDERS",
    "Popularity",
    "Query",
    "Reading",
    "Recommender",
    "SASRec",
    "SASRecConfig",
    "Scored",
    "TrainingInterrupted",
    "Vocabulary",
    "load_recommender",
    "train",
]
