"""Questions after other works of somebody spoken of: "what else was he in?", "and Fred Astaire, has he anything?"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.item_text import name_attributes
from tastemaker.retrieval.catalog.schema import Kind

_NAME = "Somebodyₙ"
"""Stands for a name in what the patterns read."""
_GUY = (
    r"(?:that|this|the|the same|same|the main|the lead|the leading) (?:guy|actor|actress|man|woman|lady|"
    r"bloke|chap|fellow|girl|lead|star|"
    r"person|director|filmmaker)"
)
_WHO = rf"(?P<who>he|she|they|{_GUY}|{_NAME})"
_WHOM = rf"(?P<who>him|her|them|{_GUY}|{_NAME})"
_DOES = r"(?:was|were|is|are|has|have|did|does|do|['’]s|had)"
_IN = (
    r"(?:(?:ever|also|been|got|be|have|she|he)\s+)*(?P<verb>in|done|do|made|make|got|have|"
    r"play(?:ed)? in|star(?:red)? in|act(?:ed)? in|"
    r"appear(?:ed)? in|star(?:red)?|act(?:ed)?|play(?:ed)?|appear(?:ed)?|direct(?:ed)?|shot|shoot|"
    r"film(?:ed)?|writt?en?|wrote)"
)
_THINGS = r"(?:films?|movies?|pictures?|stuff|things?|ones?|work|works|roles?)"
_ASKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:what|which)(?: (?:else|other {_THINGS}|{_THINGS}|"
        rf"other))?(?: of yours)? ?{_DOES} {_WHO} {_IN}\b(?! (?:it|this|that|there)\b(?!['’]s))",
        rf"\b{_DOES}(?:n['’]?t)? {_WHO} {_IN}? ?(?P<any>anything|something|any|some|others?|more|"
        rf"a)\b(?: (?:other|more|good))?(?: {_THINGS})?(?: else)?",
        rf"\b(?:is|was|are|were) {_WHO} in (?P<any>anything|something|any|other)\b(?: (?:other|"
        rf"more))?(?: {_THINGS})?(?: else)?",
        rf"\b(?P<any>anything|something|any|some|others?|more|another)(?: (?:other|"
        rf"more))?(?: {_THINGS})?(?: else)? (?:with|by|from|starring) {_WHOM}\b",
        rf"\b(?P<any>his|her|their) (?:other|earlier|later|older|newer|best|next|better|"
        rf"lesser known) {_THINGS}\b",
        r"\bmore of (?P<any>his|hers|theirs)\b",
        rf"\b(?:what|which)(?: {_THINGS})?(?: do you have| have you got| is there)(?: here)?(?: of| by|"
        rf" with| from) {_WHOM}\b",
    )
)
_BEST = re.compile(
    rf"\b(?:what|which)(?:['’]s| is| was| would be)? (?P<who>his|her|their|"
    rf"{_NAME}(?=['’]s))(?:['’]s)? (?:best|finest|greatest|top)(?: {_THINGS})?\s*\W*$",
    re.IGNORECASE,
)
_MAKES = re.compile(r"^(?:direct|shot|shoot|film|writ|wrote|made|make)", re.IGNORECASE)
_POSSESSIVE = {
    "his": "he",
    "her": "she",
    "hers": "she",
    "their": "they",
    "theirs": "they",
    "him": "he",
    "them": "they",
}
_WOMAN = re.compile(r"\b(?:actress|woman|lady|girl)\b", re.IGNORECASE)
_TAIL = re.compile(
    r"^[\s,]*(?:too|as well|at all|by (?:any )?chance|here|of (?:his|hers|theirs)|please|"
    r"then)?\b[\s,]*[?!.]*\s*",
    re.IGNORECASE,
)

_OF_LIST = re.compile(r"\s+(?:of|among|amongst) (?:these|those|them|the)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PersonAsked:
    """Whose works are asked for.

    Attributes:
        who: "he", "she" or "they" for somebody spoken of; "" where the message names them.
        makes: whether works made by them are meant, and not those they are in.
        rest: what else is asked of these works: "that's light".
        best: whether only the best of them is asked for.
    """

    who: str
    makes: bool = False
    rest: str = ""
    best: bool = False


MAKERS = ("director", "author", "artist", "creator", "writer")
CASTS = ("cast", "actor", "star")


def find_people_fields(catalog: Catalog) -> list[str]:
    """Attributes that say who made a thing or is in it: by what they are called, or by their values."""
    called = [name for name in catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS) if name in (*MAKERS, *CASTS)]
    return list(dict.fromkeys((*name_attributes(catalog), *called)))


def read_person_question(message: str, names: Sequence[tuple[int, int]] = ()) -> PersonAsked | None:
    """Whose other works a message asks for.

    Args:
        message: as written.
        names: where people stand in it.

    >>> read_person_question("right, that guy! what else was he in that's light")
    PersonAsked(who='he', makes=False, rest="that's light", best=False)
    >>> read_person_question("And Fred Astaire, has he anything?", [(4, 16)]).who
    ''
    >>> read_person_question("what else did she direct?").makes, read_person_question("anything funny?") is None
    (True, True)
    """
    text = message
    for start, end in sorted(names, reverse=True):
        text = f"{text[:start]}{_NAME}{text[end:]}"
    if match := _BEST.search(text):
        said = match["who"].casefold()
        return PersonAsked("" if names else _pronoun(said), best=True)
    for asks in _ASKS:
        if match := asks.search(text):
            groups = match.groupdict()
            said = (groups.get("who") or groups.get("any") or "").casefold()
            who = "" if names else _pronoun(said)
            if _OF_LIST.match(text, match.end()):
                continue
            rest = _TAIL.sub("", text[match.end() :]).strip(" ?!.").replace(_NAME, "")
            return PersonAsked(who, bool(_MAKES.match(groups.get("verb") or "") or "director" in said), rest)
    return None


def _pronoun(said: str) -> str:
    if said in ("he", "she", "they"):
        return said
    return _POSSESSIVE.get(said) or (
        "she" if _WOMAN.search(said) or said == "her" else "he" if said else "they"
    )
