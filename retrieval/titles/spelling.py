"""What a misspelt title may have been: each word put right by the words of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

from tastemaker.retrieval.titles.keys import TitleKeys
from tastemaker.retrieval.titles.word_index import TitleWords

SURE_LENGTH = 9
"""A single word shorter than this is too easily another word: "Contract" is not "Contact"."""

SHORT = 6
"""A word shorter than this is a slip for another by one letter only."""

MAX_EDITS = 3
MAX_WORDS = 24
MAX_CHOICES = 12
MAX_READINGS = 400
RARE = 3
"""A word in no more titles than this vouches for a title in which another word is wrong."""

Choice = tuple[str, int]


def misspelt(typed: str, keys: TitleKeys, words: TitleWords) -> dict[str, int]:
    """Spellings of titles that a normalised text is a slip for, with the letters that are wrong.

    A word that no title has may be a slip for one that a title has. A word that titles do have
    is taken as it is, but for a plural, or where the rest of the title leaves no doubt:
    "Forest Gump". Digits are never slips, and neither is one short word alone.
    """
    most = min(len(typed) // 5, MAX_EDITS)
    tokens = typed.split(" ")
    if not most or len(tokens) > MAX_WORDS:
        return {}
    found: dict[str, int] = {}
    for reading, edits in _readings(tokens, words):
        if edits <= most and reading in keys:
            found[reading] = min(edits, found.get(reading, edits))
    for reading in _respace(tokens, words):
        if reading in keys:
            found.setdefault(reading, 1)
    return found


def _readings(tokens: Sequence[str], words: TitleWords) -> Iterator[Choice]:
    """The text with words put right, and the letters changed; at least one is."""
    choices = [_choices(token, words, alone=len(tokens) == 1) for token in tokens]
    for slips in _with_one_real_word(tokens, choices, words):
        yield from _join(slips)


def _with_one_real_word(
    tokens: Sequence[str], choices: list[list[Choice]], words: TitleWords
) -> Iterator[list[list[Choice]]]:
    if all(choices):
        yield choices
    if len(tokens) == 1 or not all(token in words for token in tokens):
        return
    for at, token in enumerate(tokens):
        before, behind = tokens[:at], tokens[at + 1 :]
        if len(tokens) > 2 or _is_plausible([*before, *behind], words):
            slips = [slip for slip in _slips(token, words) if slip[1] == 1]
            yield [*([(word, 0)] for word in before), slips, *([(word, 0)] for word in behind)]


def _is_plausible(others: Sequence[str], words: TitleWords) -> bool:
    return any(len(word) > 3 and 0 < words.count(word) <= RARE for word in others)


def _join(choices: list[list[Choice]]) -> Iterator[Choice]:
    for tried, reading in enumerate(product(*choices)):
        if tried == MAX_READINGS:
            return
        if edits := sum(edit for _, edit in reading):
            yield " ".join(word for word, _ in reading), edits


def _choices(token: str, words: TitleWords, alone: bool) -> list[Choice]:
    """The word itself where titles have it, with its plural or singular; else what it is a slip for."""
    others = [] if alone else [(other, 1) for other in _other_numbers(token) if other in words]
    if token in words:
        return [(token, 0), *others]
    return [*others, *(slip for slip in _slips(token, words) if not alone or _is_sure(token, slip[0]))]


def _other_numbers(word: str) -> Iterator[str]:
    """Singulars of a plural, or the plurals of a singular.

    >>> list(_other_numbers("galaxies")), list(_other_numbers("galaxy"))
    (['galaxie', 'galaxy'], ['galaxys', 'galaxies'])
    """
    if word.endswith("s"):
        yield word[:-1]
        yield from [f"{word[:-3]}y"] if word.endswith("ies") else []
    else:
        yield f"{word}s"
        yield from [f"{word[:-1]}ies"] if word.endswith("y") else []


def _slips(token: str, words: TitleWords) -> list[Choice]:
    if not token.isalpha():
        return []
    most = 1 if len(token) < SHORT else 2
    return [pair for pair in words.near(token, most) if _is_slip(token, *pair)][:MAX_CHOICES]


def _is_slip(typed: str, meant: str, edits: int) -> bool:
    if not meant.isalpha():
        return False
    if sorted(typed) == sorted(meant):
        return edits <= 1
    return edits <= (0 if len(meant) <= 3 else 1 if len(meant) <= 7 else 2)


def _is_sure(typed: str, meant: str) -> bool:
    """Whether one word alone is a slip for another: a letter doubled, undoubled or swapped, or a long word.

    >>> _is_sure("speeed", "speed"), _is_sure("contract", "contact")
    (True, False)
    """
    swapped = sorted(typed) == sorted(meant)
    doubled = re.sub(r"(.)\1+", r"\1", typed) == re.sub(r"(.)\1+", r"\1", meant)
    return (
        swapped
        or doubled
        or (len(typed) >= SURE_LENGTH and typed.removesuffix("s") != meant.removesuffix("s"))
    )


def _respace(tokens: Sequence[str], words: TitleWords) -> Iterator[str]:
    """The text with one space taken out, and one letter put right in the joined word."""
    for at in range(len(tokens) - 1):
        joined = tokens[at] + tokens[at + 1]
        if not joined.isalpha():
            continue
        for word, _ in [(joined, 0), *([] if joined in words else words.near(joined, 1))]:
            yield " ".join([*tokens[:at], word, *tokens[at + 2 :]])
