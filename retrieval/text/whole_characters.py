"""Texts that can be stored and sent: whole characters only."""

from __future__ import annotations

import re

SURROGATE = re.compile("[\ud800-\udfff]")


def whole_characters(text: str) -> str:
    """The text with pairs of surrogates joined and lone ones replaced, which no encoding can hold.

    Such texts come from JSON with ``\\ud83d`` alone, or from a message cut in the middle of an emoji.

    >>> whole_characters("a\\ud83d b \\ud83d\\ude00") == "a\\ufffd b \\U0001f600"
    True
    """
    if not SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
