"""Some of the logged conversations, drawn as wholes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tastemaker.evals.runs.run_cases import AnyCase


def sample(cases: Sequence[AnyCase], limit: int | None, seed: int) -> list[AnyCase]:
    """Cases of randomly drawn conversations, in the file's order, at most ``limit``; all without a limit."""
    if limit is None or len(cases) <= limit:
        return list(cases)
    groups = sorted({case.group for case in cases})
    chosen, left = set[str](), limit
    sizes = {group: sum(case.group == group for case in cases) for group in groups}
    for place in np.random.default_rng(seed).permutation(len(groups)).tolist():
        if sizes[groups[place]] <= left:
            chosen.add(groups[place])
            left -= sizes[groups[place]]
    return [case for case in cases if case.group in chosen]
