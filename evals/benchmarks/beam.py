"""How fast a token decoder answers: ``python -m tastemaker.evals.benchmarks.beam``.

One person's top 50 of 12,000 items by a beam of 20 over ids of four codes of 256, the shape of an Amazon shop;
weights and histories are drawn, since they cost the same whatever they are. Beside the time that the process
took, which a busy machine does not lengthen.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

import numpy as np
import torch

from tastemaker.evals.metrics.latency import WARM_UP, query_seconds
from tastemaker.recommenders import Query
from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.recommenders.models.generative.id_recommender import COUNTS, TRAINED, VECTORS
from tastemaker.recommenders.models.generative.minionerec import MiniOneRec, MiniOneRecConfig
from tastemaker.recommenders.models.generative.mmgrec import MMGRec, MMGRecConfig
from tastemaker.recommenders.models.generative.onepiece import OnePiece, OnePieceConfig
from tastemaker.recommenders.models.generative.synergen import TEXT_WIDTH, SynerGen, SynerGenConfig
from tastemaker.recommenders.models.generative.token_recommender import TokenConfig, TokenRecommender
from tastemaker.recommenders.semantic_ids.item_vectors import Source
from tastemaker.recommenders.semantic_ids.semantic_ids import CODE_COUNT, CODES

ITEMS, LEVELS, CODES_EACH, DIRECTIONS = 12_000, 4, 256, 64
BEAMS, K, LENGTH = 20, 50, 20
ASKED = 60
WORDS = 384
"""Width of a text's vector, which synergen reads."""
MODELS: tuple[tuple[type[TokenRecommender], type[TokenConfig]], ...] = (
    (MiniOneRec, MiniOneRecConfig),
    (MMGRec, MMGRecConfig),
    (OnePiece, OnePieceConfig),
    (SynerGen, SynerGenConfig),
)


def random_model(
    kind: type[TokenRecommender], config: type[TokenConfig], n_items: int, seed: int = 0
) -> TokenRecommender:
    """An untrained model over random ids, spread like those of residual k-means: few first codes are common."""
    random = np.random.default_rng(seed)
    first = (CODES_EACH * random.random((n_items, 1)) ** 2).astype(np.int16)
    others = random.integers(CODES_EACH, size=(n_items, LEVELS - 1)).astype(np.int16)
    table = ItemTable(
        n_items,
        {
            CODES: torch.from_numpy(np.concatenate([first, others], axis=1)),
            CODE_COUNT: torch.tensor([CODES_EACH]),
            VECTORS: torch.from_numpy(random.standard_normal((n_items, DIRECTIONS)).astype(np.float32)),
            COUNTS: torch.from_numpy(random.integers(100, size=n_items)),
            TRAINED: torch.ones(n_items, dtype=torch.bool),
            TEXT_WIDTH: torch.tensor([WORDS]),
        },
    )
    settings = config(
        source=Source.INTERACTIONS, levels=LEVELS, codes=CODES_EACH, beams=BEAMS, max_length=LENGTH
    )
    vocabulary = Vocabulary([f"i{row}" for row in range(n_items)])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = settings.compose(table)
    return kind(vocabulary, np.ones(n_items, np.float32), model, settings, table)


def measure(model: TokenRecommender, asked: int) -> tuple[float, float, float]:
    """Median and 95th percentile of the wall time of a top 50, and its mean processor time, in milliseconds."""
    random, ids = np.random.default_rng(1), model.vocabulary.ids
    queries = [
        Query(tuple(ids[row] for row in random.integers(len(ids), size=LENGTH)))
        for _ in range(asked + WARM_UP)
    ]
    began = time.process_time()
    seconds = query_seconds(model, queries, k=K)
    own = (time.process_time() - began) / (len(queries) + WARM_UP)
    median, slow = np.quantile(seconds, [0.5, 0.95])
    return float(median) * 1e3, float(slow) * 1e3, own * 1e3


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a line per model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=ITEMS)
    parser.add_argument("--asked", type=int, default=ASKED)
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)
    for kind, config in MODELS:
        median, slow, own = measure(random_model(kind, config, given.items), given.asked)
        sys.stdout.write(
            f"{kind.name}: top {K} of {given.items:,} items, beam {BEAMS}, history {LENGTH}: "
            f"median {median:.1f} ms, p95 {slow:.1f} ms, processor {own:.1f} ms\n"
        )


if __name__ == "__main__":
    main()
