"""Values that have an order by convention: clothes' sizes, levels, degrees."""

from __future__ import annotations

from collections.abc import Iterable

SCALES = (
    ("xxxs", "3xs"),
    ("xxs", "2xs"),
    ("xs", "x-small", "extra small"),
    ("s", "small"),
    ("m", "medium"),
    ("l", "large"),
    ("xl", "x-large", "extra large"),
    ("xxl", "2xl", "xx-large"),
    ("xxxl", "3xl"),
    ("xxxxl", "4xl"),
    ("xxxxxl", "5xl"),
)
"""Sizes from small to large, each with its spellings."""
OTHERS = (
    ("beginner", "intermediate", "advanced", "expert"),
    ("anfänger", "fortgeschritten", "experte"),
    ("very low", "low", "medium", "high", "very high"),
    ("very easy", "easy", "medium", "hard", "very hard"),
    ("easy", "moderate", "difficult", "very difficult"),
    ("very small", "small", "medium", "large", "very large"),
    ("mild", "medium", "hot", "very hot"),
    ("entry level", "junior", "mid level", "senior", "lead"),
    ("poor", "fair", "good", "very good", "excellent"),
    ("never", "rarely", "sometimes", "often", "always"),
)


def value_order(values: Iterable[str]) -> tuple[str, ...]:
    """The values in ascending order where a convention orders them all; () where none does.

    >>> value_order(["M", "L", "S", "XL"]), value_order(["red", "blue"])
    (('S', 'M', 'L', 'XL'), ())
    """
    held = list(dict.fromkeys(values))
    if len(held) < 2:
        return ()
    place = {spelling: rank for rank, spellings in enumerate(SCALES) for spelling in spellings}
    scales = [place, *({value: rank for rank, value in enumerate(scale)} for scale in OTHERS)]
    for scale in scales:
        ranks = [scale.get(value.strip().casefold()) for value in held]
        if all(rank is not None for rank in ranks):
            return tuple(
                value for _, value in sorted(zip(ranks, held, strict=True), key=lambda pair: pair[0] or 0)
            )
    return ()
