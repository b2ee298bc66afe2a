"""How well items fit a text by what judged requests taught, where a workspace was built with some."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tastemaker.tools.kept_columns import Column
from tastemaker.tools.search_context import SearchContext
from tastemaker.tools.standardise import standardise


def fit_by_judgements(tool_context: SearchContext, texts: Sequence[tuple[str, float]]) -> Column:
    """How well each item fits some texts with these weights, standardised; zeros where nothing was judged."""
    fitting = np.zeros(len(tool_context.catalog), dtype=np.float32)
    if tool_context.judgements is None:
        return fitting
    missing = [text for text, _ in texts if text not in tool_context.fits]
    if missing:  # all at once: the gains are a large matrix, and reading it is what takes the time
        vectors = np.stack([tool_context.index.embed(text) for text in missing])
        columns = dict(zip(missing, tool_context.judgements.scores(vectors), strict=True))
    for text, weight in texts:
        fitting = fitting + weight * tool_context.fits.of(text, lambda text=text: columns[text])  # type: ignore[misc]
    return standardise(fitting)
