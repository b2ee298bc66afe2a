"""Lists in English."""

from __future__ import annotations

from collections.abc import Sequence

ARTICLES = frozenset({"a", "an", "the"})
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def join_and(words: Sequence[str]) -> str:
    """A list in English.

    >>> join_and(["crime", "drama", "thriller"])
    'crime, drama and thriller'
    """
    return _join_list(words, " and ")


def either(words: Sequence[str]) -> str:
    """A choice in English.

    >>> either(["crime", "drama", "thriller"])
    'crime, drama or thriller'
    """
    return _join_list(words, " or ")


def joined(phrases: Sequence[str], last: str = " and ") -> str:
    """Phrases in a row, with words that all of them begin or end with said once.

    >>> joined(["with a girl in the lead", "with a boy in the lead"], " or ")
    'with a girl or a boy in the lead'
    >>> joined(["from India", "in Hindi"], " or ")
    'from India or in Hindi'
    """
    split = [phrase.split() for phrase in phrases]
    least = min(map(len, split), default=1) - 1
    if len(split) < 2:
        return "".join(phrases)
    first = next((n for n in range(least) if len({tuple(one[: n + 1]) for one in split}) > 1), least)
    while first and split[0][first - 1] in ARTICLES:
        first -= 1
    room = least - first
    behind = next((n for n in range(room) if len({tuple(one[-n - 1 :]) for one in split}) > 1), room)
    middles = [" ".join(one[first : len(one) - behind]) for one in split]
    around = (
        " ".join(split[0][:first]),
        _join_list(middles, last),
        " ".join(split[0][len(split[0]) - behind :]),
    )
    return " ".join(part for part in around if part)


def predicate(phrases: Sequence[str], last: str = " and ", *, plural: bool = True) -> str:
    """What is said of items by phrases that go behind "something".

    >>> predicate(["tense", "in French", "with little violence"])
    'are tense and in French, and have little violence'
    >>> predicate(["tense", "with little violence"], " or ", plural=False)
    'is tense or has little violence'
    """
    has = [phrase.removeprefix("with ") for phrase in phrases if phrase.startswith("with ")]
    own = [phrase for phrase in phrases if not phrase.startswith("with ")]
    be, have = ("are", "have") if plural else ("is", "has")
    parts = [f"{be} {_join_list(own, last)}"] if own else []
    parts += [f"{have} {_join_list(has, last)}"] if has else []
    return (f",{last}" if len(own) > 1 else last).join(parts)


def number_in_words(number: int) -> str:
    """A small number as a word.

    >>> number_in_words(5), number_in_words(12)
    ('five', '12')
    """
    return NUMBERS[number] if 0 <= number < len(NUMBERS) else str(number)


def _join_list(words: Sequence[str], last: str) -> str:
    return last.join(part for part in (", ".join(words[:-1]), words[-1] if words else "") if part)
