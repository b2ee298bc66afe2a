"""Titles that hold the words of a mention: the name of a series, a nickname, a product in short."""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.retrieval.titles.keys import TitleKeys
from tastemaker.retrieval.titles.word_index import TitleWords

PART = 0.8
"""How well a part stands for a title."""

MAX_MATCHES = 10
"""More titles than this are no answer."""

MIN_WORDS, LONG_TITLE = 3, 8
"""So many words, in any places, are enough for a title of at least so many."""

LITTLE = frozenset("the a an of in on at to and or for with from by vs is my".split())


def titles_with(typed: str, words: TitleWords, titles: Sequence[str]) -> list[int]:
    """Rows of the titles that a normalised text is a part of, or none where that is too little to go by.

    A part are words one behind the other, one of them in no other title ("spinal tap"),
    words that several titles begin with ("harry potter"), all words of a title but the little
    ones ("ghost shell"), or three words of a long title.
    """
    tokens = typed.split(" ")
    telling = [token for token in tokens if token not in LITTLE and not token.isdigit()]
    if not telling or len(tokens) == 1:
        return []
    rows = words.with_part(typed)
    if any(_has_number_next(titles[row], typed) for row in rows):
        return []
    if rows and (_is_unique(telling, words) or _is_series(typed, [titles[row] for row in rows], telling)):
        return rows if len(rows) <= MAX_MATCHES else []
    if len(telling) > 1 and (without := _without_little_words(tokens, words, titles)):
        return without
    if len(set(telling)) < MIN_WORDS:
        return []
    held = [
        int(row)
        for row in words.holding(tokens)[: MAX_MATCHES + 1]
        if titles[row].count(" ") >= LONG_TITLE - 1
    ]
    return held if len(held) <= MAX_MATCHES else []


def _without_little_words(tokens: Sequence[str], words: TitleWords, titles: Sequence[str]) -> list[int]:
    rows = words.holding(tokens)
    if len(rows) > MAX_MATCHES:
        return []
    kept = [token for token in tokens if token not in LITTLE]
    return [int(row) for row in rows if [t for t in titles[row].split(" ") if t not in LITTLE] == kept]


def behind_series(typed: str, keys: TitleKeys) -> str | None:
    """The title behind the name of its series: "star wars empire strikes back" -> "empire strikes back"."""
    tokens = typed.split(" ")
    for at in range(1, len(tokens) - MIN_WORDS + 1):
        title = " ".join(tokens[at:])
        if title in keys and " ".join(tokens[:at]) in keys:
            return title
    return None


def _has_number_next(title: str, part: str) -> bool:
    """Whether a number follows, so that the part is the name of another item: "Scary Movie" is not the second."""
    following = title.partition(f"{part} ")[2].partition(" ")[0]
    return following.isdigit() and len(following) < 3


def _is_unique(telling: Sequence[str], words: TitleWords) -> bool:
    return any(words.count(word) == 1 and len(word) > 2 for word in telling)


def _is_series(typed: str, titles: Sequence[str], telling: Sequence[str]) -> bool:
    starting = {title for title in titles if f"{title.removeprefix('the ')} ".startswith(f"{typed} ")}
    return len(telling) > 1 and len(starting) > 1
