"""Cells as a person reads them: without HTML, entities, and letters that a wrong encoding broke."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>")
_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")


def readable(text: str) -> str:
    """The text without markup.

    >>> readable("<p>Fast, 16&nbsp;GB &amp; <b>bright</b>.</p>"), readable("I <3 you & me")
    ('Fast, 16 GB & bright.', 'I <3 you & me')
    >>> readable("cafÃ©"), readable("Notebook 14&quot; Pro")
    ('café', 'Notebook 14" Pro')
    """
    if text.isascii() and "&" not in text and "<" not in text:
        return text
    return _readable(text)


@lru_cache(maxsize=10_000)
def _readable(text: str) -> str:
    whole = text
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
        text = html.unescape(text) if _ENTITY.search(text) else text  # escaped twice, as exports often do
    if _TAG.search(text):
        from bs4 import BeautifulSoup  # only for columns with tags

        soup = BeautifulSoup(text, "html.parser")
        for part in soup(["script", "style"]):
            part.decompose()
        text = re.sub(r" +([.,;:!?])", r"\1", " ".join(soup.get_text(" ").split())) or whole
    if not text.isascii():
        import ftfy  # only for letters beyond ASCII

        text = ftfy.fix_encoding(text) if _looks_broken(text) else text
        text = text.replace("\u00a0", " ")
    return text.strip()


def _looks_broken(text: str) -> bool:
    """Whether the text holds a pair that UTF-8 read as Latin letters leaves behind; ftfy judges the rest."""
    return any("\u00c2" <= char <= "\u00f4" or char in "â€" for char in text) and any(
        "\u0080" <= char <= "\u00bf" or char in "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ" for char in text
    )


def tidy(values: list[Any]) -> Counter[str]:
    """Make a column's texts readable in place, those in lists as well; what was done, with how often."""
    done = Counter[str]()
    for at, value in enumerate(values):
        if isinstance(value, str):
            if not (value.isascii() and "&" not in value and "<" not in value):
                values[at] = _tidied(value, done) or None
        elif isinstance(value, list) and any(isinstance(part, str) for part in value):
            values[at] = [_tidied(part, done) if isinstance(part, str) else part for part in value]
    return done


def _tidied(value: str, done: Counter[str]) -> str:
    fresh = readable(value)
    if fresh != value:
        kinds = ("HTML" if _TAG.search(value) else "", "entities" if _ENTITY.search(value) else "")
        done.update(kind for kind in kinds if kind)
        if not any(kinds) and fresh != value.replace("\u00a0", " ").strip():
            done["broken letters"] += 1
    return fresh


def tidy_notes(counts: Iterable[tuple[str, int]]) -> str:
    """In words: "HTML in 6 cells"."""
    return ", ".join(f"{kind} in {n:,} cells read as text" for kind, n in counts)
