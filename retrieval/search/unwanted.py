"""What the learned ranker's odds are corrected by: what is not wanted, and items that hold nothing but a title.

The ranker was fitted on typed film queries first, which hardly ever turn anything down and whose titles are
names. Requests for dishes turn down a fifth of the time, and there the title is all that is said of an item.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.search.close_look import NAMES

Matrix = npt.NDArray[np.float32]
_COLUMN = {
    name: NAMES.index(name)
    for name in (
        "meaning",
        "unwanted",
        "unwanted_words",
        "title_key",
        "title_said",
        "query_words",
        "query_everyday",
    )
}
MIN_WORDS = 5
"""Words of a query from which it can turn something down; "no country" is half a title."""
MIN_EVERYDAY = 0.35
"""Share of its words that people use in every chat, likewise: keywords turn nothing down."""
NAMED = 0.5
"""Share of a title that is said, from which the title is meant, whatever it denies."""


@dataclass(frozen=True)
class Correction:
    """Log odds; measured on Recipe-MPR's development requests (LOG.md, 2026-11-30).

    Attributes:
        ranker: what the ranker's odds count.
        meaning: of a cosine with what is wanted.
        unwanted: that the nearest unwanted thing takes away, for a cosine of one beyond a typical item's.
        words: that an item which says all that is unwanted loses.
    """

    ranker: float = 1.0
    meaning: float = 0.0
    unwanted: float = 4.0
    words: float = 3.0

    def of(self, odds: Matrix, features: Matrix) -> Matrix:
        """The corrected odds, float32[n], of the ranker's and the features float32[n, d]."""
        named = (features[:, _COLUMN["title_key"]] > 0) | (
            (features[:, _COLUMN["title_said"]] >= NAMED) & (self.meaning == 0)
        )
        keywords = (features[:, _COLUMN["query_words"]] < np.log1p(MIN_WORDS) - 1e-4) | (
            features[:, _COLUMN["query_everyday"]] < MIN_EVERYDAY
        )
        loss = (
            self.unwanted * features[:, _COLUMN["unwanted"]]
            + self.words * features[:, _COLUMN["unwanted_words"]]
        )
        wanted = self.ranker * odds + self.meaning * features[:, _COLUMN["meaning"]]
        return np.asarray(wanted - np.where(named | keywords, 0, loss), dtype=np.float32)


DESCRIBED = Correction()
"""Where items have texts, tags or labels beside the title."""
BARE = Correction(ranker=0.5, meaning=20.0, unwanted=12.0, words=4.0)
"""Where a title is all there is: its words describe, so that finding them is not finding a name."""


def correction_for(catalog: Catalog) -> Correction:
    """The correction for a catalogue."""
    told = list(catalog.schema.of_kind(Kind.TEXT, Kind.TAGS, Kind.CATEGORY))
    return DESCRIBED if told else BARE
