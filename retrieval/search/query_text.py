"""Free text made fit for a search: no control characters, single blanks, not too long."""

from __future__ import annotations

import unicodedata

from tastemaker.retrieval.index.vector_index import MAX_QUERY_CHARS

CONSIDERED = 20 * MAX_QUERY_CHARS
"""Characters that are looked at at all: cleaning more would take time, and nobody writes so many."""


def clean(text: str) -> tuple[str, str]:
    """The text that is searched for, and a note where it was cut.

    >>> clean("a heist\\x00\\n gone   wrong")
    ('a heist gone wrong', '')
    """
    considered = text[:CONSIDERED]
    plain = "".join(" " if unicodedata.category(char) in ("Cc", "Cs") else char for char in considered)
    plain = " ".join(plain.split())
    if len(plain) <= MAX_QUERY_CHARS and len(text) <= CONSIDERED:
        return plain, ""
    cut = plain[:MAX_QUERY_CHARS]
    return cut, f"only the first {len(cut):,} of {len(text):,} characters were searched for"
