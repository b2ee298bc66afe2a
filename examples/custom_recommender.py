"""A recommender of one's own, saved, loaded and asked like any other: ``python examples/custom_recommender.py``"""

import tempfile
from pathlib import Path

import numpy as np
from small_shop import small_shop

from tastemaker.recommenders import Query, Recommender, Vocabulary


class NextInLog(Recommender):
    """What most often came right after the last item."""

    name = "next-in-log"

    def __init__(self, vocabulary, popularity, follows):
        super().__init__(vocabulary, popularity)
        self._follows = follows  # float32[n_items, n_items]

    @classmethod
    def fit(cls, vocabulary, interactions, checkpoint, *, seed=0, progress=False, settings=None):
        follows = np.zeros((len(vocabulary), len(vocabulary)), np.float32)
        for rows in interactions.histories():
            np.add.at(follows, (rows[:-1], rows[1:]), 1)
        return cls(vocabulary, interactions.counts(len(vocabulary)), follows)

    def score_resolved_queries(self, resolved_queries):
        return np.stack([self._follows[one.rows[-1]] for one in resolved_queries])

    @property
    def config(self):
        return {}

    def arrays(self):
        return {"follows": self._follows}

    @classmethod
    def from_arrays(cls, config, vocabulary, popularity, arrays):
        return cls(vocabulary, popularity, arrays["follows"])


folder = Path(tempfile.mkdtemp())
shop = small_shop(folder)
model = NextInLog.fit(Vocabulary(shop.catalog.ids), shop.interactions, folder)
model.save(folder / "next-in-log")
again = NextInLog.load(folder / "next-in-log")
for item_id, score in again.top(Query(history=("t1",)), k=3):
    print(f"{score:.0f}  {shop.catalog[item_id].title}")
