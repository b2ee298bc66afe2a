"""How long one person waits for one ranked list."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tastemaker.recommenders.data.query import Query
from tastemaker.recommenders.recommender import Recommender

WARM_UP = 10
MAX_QUERIES = 200


def query_seconds(recommender: Recommender, queries: Sequence[Query], k: int = 10) -> npt.NDArray[np.float64]:
    """Seconds of ``recommender.top(query, k)``, one query at a time, after a warm-up.

    float64[n], with n the number of queries, at most 200.
    """
    for query in queries[:WARM_UP]:
        recommender.top(query, k)
    seconds = []
    for query in queries[:MAX_QUERIES]:
        started = time.perf_counter()
        recommender.top(query, k)
        seconds.append(time.perf_counter() - started)
    return np.array(seconds)
