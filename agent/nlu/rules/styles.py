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
    r"(?! (?:him|her|them)\b)|"
    r"^\s*,?\s*(?:or|o|ou|oder|of)\s+(?:(?:something|someone|somebody|films?|others?) "
    r"(?:like (?:that|it|him|her|them|those)|similar|in that (?:vein|style)|along those lines)|"
    r"similar\b|the like|such\b|"
    r"algo (?:as[íi]|parecido|similar|por el estilo|del estilo)|alguien (?:as[íi]|parecido)|"
    r"(?:quelque chose|un truc|quelqu['’]un) (?:comme (?:[çc]a|lui|elle)|"
    r"dans (?:le|ce) (?:m[êe]me )?genre|du (?:m[êe]me )?genre|de (?:semblable|similaire|ce genre))|"
    r"so (?:etwas|was|[äa]hnlich\w*)|(?:et)?was (?:[äa]hnliches|in der art)|[äa]hnlich\w*|"
    r"qualcosa (?:del genere|di simile|cos[ìi])|qualcuno (?:di simile|cos[ìi])|simil[ei])",
    re.IGNORECASE,
)


_LIKE = re.compile(r"(?:(?P<who>[\w'’]+)[,;:]?\s+)?\blike\s+(?:an?\s+)?$", re.IGNORECASE)
_FOND = frozenset(
    "i we you they he she who people i'd we'd you'd would don't didn't do did really also to and both all "
    "always".split()
)
"""Before "like" these make it a verb."""


def in_the_style(text: str, start: int, end: int) -> bool:
    """Whether a name at a span stands for a manner, which others have too, and not for its own works alone.

    >>> in_the_style("weird stuff, David Lynch style", 13, 24), in_the_style("weird stuff by David Lynch", 15, 26)
    (True, False)
    >>> in_the_style("weird, like David Lynch", 12, 23), in_the_style("I like David Lynch", 7, 18)
    (True, False)
    """
    if _BEFORE.search(text[:start]) or _BEHIND.match(text[end:]):
        return True
    like = _LIKE.search(text[:start])
    return like is not None and (like["who"] or "").casefold().replace("’", "'") not in _FOND
