"""A part of the list that a question is asked of: the rest, the others, the first three, "those I haven't seen"."""

from __future__ import annotations

import re

from tastemaker.agent.nlu.rules.ordinals import read_places

_THINGS = r"(?:ones|films|movies|books|games|items|titles|picks|suggestions)"
REST = (
    rf"(?:(?:the |all the )?(?:rest|remaining (?:two|three|four|{_THINGS})|others|other (?:two|three|"
    rf"four|{_THINGS})|"
    rf"(?:two|three|four|{_THINGS}) (?:that (?:are|were|is) )?left|ones? (?:that )?(?:i|"
    rf"we) (?:haven['’]?t|have not|don['’]?t|did not|didn['’]?t) "
    rf"(?:seen|see|know|watched|watch))(?: of (?:them|these|those))?|(?:those|what(?:['’]s|"
    rf" is)) (?:left|remaining)|"
    r"(?:those|these|them) (?:that )?(?:i|we) (?:haven['’]?t|have not|don['’]?t) (?:seen|see|know|watched))"
)
FEW = (
    rf"(?:the )?(?:first|last|top) (?:two|three|four|2|3|4)(?: {_THINGS})?|"
    r"(?:numbers? |nos?\.? )?[1-6](?:(?:\s*,\s*|,? and |,? or )[1-6])+"
)
_REST = re.compile(rf"\b{REST}\b", re.IGNORECASE)
_FEW = re.compile(
    rf"\b(?:of|among|amongst|between|from|is|are|do|does|has|have|any) (?P<few>{FEW})\b", re.IGNORECASE
)


_PLACES = (
    r"(?:the (?:first|second|third|fourth|fifth|last|\d(?:st|nd|rd|th))(?: one)?|"
    r"numbers? (?:\d|one|two|three|four|five)|#\d)"
)
_EXCEPTION = re.compile(
    rf"^\W*(?:(?:and|ok|okay|so)\W+)*(?:apart from|except(?: for)?|besides|other than|leaving out|"
    rf"not counting|without) (?P<what>{_PLACES}"
    rf"(?:(?:\s*,\s*|\s+(?:and|or)\s+){_PLACES})*),?\s+(?=\w)|"
    rf",?\s+(?:apart from|except(?: for)?|besides|other than|leaving out|not counting) (?P<behind>{_PLACES}"
    rf"(?:(?:\s*,\s*|\s+(?:and|or)\s+){_PLACES})*)(?=\s*\W*$)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    rf"\b(?:{_PLACES}|[1-6])(?:\s*,\s*(?:{_PLACES}|[1-6]))*\s+(?:and|or)\s+(?:{_PLACES}|"
    rf"(?:the )?(?:first|second|third|fourth|fifth|last)\b(?: one)?|[1-6]\b)",
    re.IGNORECASE,
)


def split_exception(message: str) -> tuple[tuple[int, ...], str]:
    """The places that a question leaves out, and the question without them.

    >>> split_exception("apart from the first, which one is best?")
    ((1,), 'which one is best?')
    """
    match = _EXCEPTION.search(message)
    if not match:
        return (), message
    said = match["what"] or match["behind"]
    places = tuple(place for _, found in read_places(f"{said}.") for place in found)
    return places, f"{message[: match.start()]}{message[match.end() :]}"


def put_they(message: str) -> str:
    """A question of several places as one of "these".

    >>> put_they("are the first and second connected?"), put_they("is the first sad?")
    ('are these connected?', 'is the first sad?')
    """
    return _SEVERAL.sub("these", message)


def asks_of_rest(message: str) -> bool:
    """Whether a question leaves out what was spoken of or is known.

    >>> asks_of_rest("and which of the rest is the saddest?"), asks_of_rest("which of these is the saddest?")
    (True, False)
    """
    return _REST.search(message) is not None


def read_few(message: str) -> tuple[int, ...]:
    """The places that a question is asked of; none where it is asked of the whole list.

    >>> read_few("which of the first three is the shortest?"), read_few("which of 2, 4 and 5 is sad?")
    ((1, 2, 3), (2, 4, 5))
    """
    match = _FEW.search(message)
    if not match:
        several = _SEVERAL.search(message)
        return tuple(p for _, found in read_places(f"of {several[0]}.") for p in found) if several else ()
    found = [places for _, places in read_places(match["few"])] or [
        places for _, places in read_places(f"of {match['few']}?")
    ]
    digits = tuple(int(one) for one in re.findall(r"[1-6]", match["few"]))
    return found[0] if found else digits
