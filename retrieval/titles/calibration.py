"""How probable it is that a match is the item meant: likeness read off a curve that was fitted once.

``data/title-scores.json`` comes from ``python -m tastemaker.evals.studies.titles.title_study --redial R --fit``.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

import numpy as np

SOURCE = "data/title-scores.json"


def probability(likeness: float, among: int = 1) -> float:
    """Probability that a match of this likeness, 0 to 1, is meant, where ``among`` match equally well."""
    likenesses, probabilities = _curve()
    return round(float(np.interp(likeness, likenesses, probabilities)) / among, 4)


@cache
def _curve() -> tuple[list[float], list[float]]:
    fitted = json.loads((files("tastemaker.retrieval") / SOURCE).read_text(encoding="utf-8"))
    return fitted["likeness"], fitted["probability"]
