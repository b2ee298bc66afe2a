"""Scripts written without blanks between words: where one word ends there is nothing to see."""

from __future__ import annotations

import re

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
MIN_LETTERS = 2
"""Letters that a name or value must have to be looked for inside other text."""


def is_unspaced(text: str) -> bool:
    """Whether a text is written without blanks and long enough to be found inside another.

    >>> is_unspaced("霸王别姬"), is_unspaced("侍"), is_unspaced("Heat")
    (True, False, False)
    """
    return len(text) >= MIN_LETTERS and _UNSPACED.search(text) is not None and " " not in text


def places_of(parts: list[str], text: str) -> list[tuple[int, int, str]]:
    """Where parts stand in a text, longer ones first and without overlap, from left to right.

    >>> places_of(["王别", "霸王别姬"], "我喜欢霸王别姬")
    [(3, 7, '霸王别姬')]
    """
    found: list[tuple[int, int, str]] = []
    for part in sorted(parts, key=len, reverse=True):
        for match in re.finditer(re.escape(part), text):
            if not any(start < match.end() and match.start() < end for start, end, _ in found):
                found.append((*match.span(), part))
    return sorted(found)
