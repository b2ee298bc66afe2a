"""Names that stand for a manner: "David Lynch style", "in the vein of Hitchcock", "à la Tarantino"."""

from __future__ import annotations

import re

_BEFORE = re.compile(
    r"\b(?:(?:in (?:the|a) )?(?:style|vein|manner|spirit|mould|tradition|vibe)s? of|à la|a la|reminiscent of|"
    r"(?:something|anything|stuff|films?|movies?|books?|ones?|bit|sort of|kind of|a little|much) like|similar to|"
    r"inspired by|remind(?:s|ed)? me of)\s+(?:(?:an?|the|old|early|late|classic) )*$",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"^(?:['’]s)?(?:[- ](?:style|styled|like|ish|esque|type|kind of|sort of|inspired|flavou?red|"
    r"vibes?|feel)\b|(?:ish|esque)\b)"
    r"(?! (?:him|her|them)\b)",
    re.IGNORECASE,
)


def in_the_style(text: str, start: int, end: int) -> bool:
    """Whether a name at a span stands for a manner, which others have too, and not for its own works alone.

    >>> in_the_style("weird stuff, David Lynch style", 13, 24), in_the_style("weird stuff by David Lynch", 15, 26)
    (True, False)
    """
    return bool(_BEFORE.search(text[:start]) or _BEHIND.match(text[end:]))
