"""Short notation for the many ways to say one thing: ``(cry|weep) [all night]``."""

from __future__ import annotations

import re
from itertools import product

MAX_VARIANTS = 1_000
"""A pattern that stands for more phrases than this is refused: it is more likely a slip."""

_PART = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]")


def phrases_of(pattern: str) -> list[str]:
    """All phrases that a pattern stands for, the plainest first.

    ``(a|b)`` is one of several, ``[a|b]`` one of several or nothing. There is no nesting.

    Raises:
        ValueError: unbalanced or nested brackets, an empty phrase, or more than ``MAX_VARIANTS`` variants.

    >>> phrases_of("make me (cry|weep) [tonight]")
    ['make me cry', 'make me cry tonight', 'make me weep', 'make me weep tonight']
    """
    choices: list[list[str]] = []
    end = 0
    for part in _PART.finditer(pattern):
        choices.append([pattern[end : part.start()]])
        choices.append(part[1].split("|") if part[1] is not None else ["", *part[2].split("|")])
        end = part.end()
    choices.append([pattern[end:]])
    fixed = "".join(choice[0] for choice in choices[::2])
    if any(mark in fixed for mark in "()[]|"):
        raise ValueError(f"{pattern!r}: brackets must be closed and not nested, and | stands within brackets")
    n_variants = 1
    for choice in choices:
        n_variants *= len(choice)
    if n_variants > MAX_VARIANTS:
        raise ValueError(
            f"{pattern!r} stands for {n_variants:,} phrases, more than {MAX_VARIANTS}; write several"
        )
    found = [" ".join("".join(parts).split()) for parts in product(*choices)]
    if not all(found):
        raise ValueError(f"{pattern!r} stands for an empty phrase; put a word outside the square brackets")
    return list(dict.fromkeys(found))
