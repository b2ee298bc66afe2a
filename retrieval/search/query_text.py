"""Free text made fit for a search: no control characters, single blanks, not too long."""

from __future__ import annotations

import unicodedata

from tastemaker.retrieval.index.vector_index import MAX_QUERY_CHARS


def clean(text: str) -> tuple[str, str]:
    """The text that is searched for, and a note where it was cut.

    >>> clean("a heist\\x00\\n gone   wrong")
    ('a heist gone wrong', '')
    """
    plain = "".join(" " if unicodedata.category(char) in ("Cc", "Cs") else char for char in text)
    plain = " ".join(plain.split())
    if len(plain) <= MAX_QUERY_CHARS:
        return plain, ""
    return plain[
        :MAX_QUERY_CHARS
    ], f"only the first {MAX_QUERY_CHARS:,} of {len(plain):,} characters were searched for"
