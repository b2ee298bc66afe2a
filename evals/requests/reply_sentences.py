"""The sentences of a reply, each as it stands there."""

from __future__ import annotations

import re

_END = re.compile(r"(?<=[.!?…])[\"”’)]*\s+(?=[\"“‘(]?[A-ZÀ-Þ0-9])|\s*\n+\s*")
_ABBREVIATED = re.compile(r"(?:\b(?:dr|mr|mrs|ms|st|jr|sr|vs|no|vol)|\b[A-Z])\.$", re.IGNORECASE)


def reply_sentences(text: str) -> list[str]:
    """Sentences in order.

    >>> reply_sentences("Two for you. Dr. Strangelove is funny!\\nShorter?")
    ['Two for you.', 'Dr. Strangelove is funny!', 'Shorter?']
    """
    found, begin = list[str](), 0
    for end in _END.finditer(text):
        piece = text[begin : end.start()]
        if _ABBREVIATED.search(piece) and "\n" not in end[0]:
            continue
        found.append(text[begin : end.end()].strip())
        begin = end.end()
    return [sentence for sentence in (*found, text[begin:].strip()) if sentence]
