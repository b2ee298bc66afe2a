"""Taking an item of the last list: "I'll take the second one", "perfect, that one", "sold", "ok the third. thx".

What stands beside it may ask for more: "I'll go with that. And for tomorrow something in the same vein".
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tastemaker.agent.nlu.rules.acts.item_questions import asks_what_we_do, asks_who_we_are
from tastemaker.agent.nlu.rules.ordinals import read_places
from tastemaker.agent.nlu.understanding import Act

_GO = (
    r"(?:take|have|go (?:for|with)|watch|see|read|buy|order|get|pick|choose|play|cook|make|try|do|"
    r"settle (?:for|on)|"
    r"stick with|put|give)"
)
_GOING = (
    r"(?:going (?:for|with)|taking|having|watching|buying|choosing|picking|settling (?:for|on)|trying|doing)"
)
_TAKES = re.compile(
    rf"\b(?:i['’]?ll|i will|we['’]?ll|we will|i['’]?d like to|let me|i want to|we can|gonna|going to|"
    rf"i think i['’]?ll|"
    rf"i might as well|i['’]?m off to|off to) (?:just |gladly |definitely |probably )?{_GO}\b|"
    rf"\b(?:let['’]?s|lets|let us) (?:just )?{_GO}\b|"
    rf"^\W*(?:(?:ok|okay|right|so|then)\W+)*(?:will|might|may|could) (?:just |probably )?{_GO}\b|"
    rf"\b(?:i['’]?m|i am|we['’]?re|we are) {_GOING}\b|^\W*(?:\w+\W+){{0,2}}{_GOING}\b|"
    r"^\W*(?:(?:ok|okay|yes|so|then|great|good|right|cool|fine)\W+)*(?:take|choose|pick)\b(?!.*\b(?:off|"
    r"out|away|back)\b)|"
    r"\b(?:sounds? (?:good|great|perfect|lovely|ideal|right|just right|fun|like (?:a )?(?:plan|winner|"
    r"just the thing))|then|it is|"
    r"it['’]?s gonna be|will do|wins|has won me over|convinces me|"
    r"it shall be|is the one|(?:that|which) is it|(?:is|looks) (?:perfect|ideal|just right))\W*$|"
    r"\b(?:i|we)(?:['’]ve)? (?:choose|pick|take|chose|picked|decided (?:on|for)|settled (?:on|for))\b|"
    r"^\W*(?:decided|settled|sold) (?:on|for)\b|\byou had me at\b|^\W*it['’]?s\b.*\bthen\W*$|^\W*winner\b|"
    r"\bgo(?:ing)? (?:for|with) (?:the|that|this|number|#)\b",
    re.IGNORECASE,
)
_YES = (
    r"(?:(?:ok|okay|oh|yes|yep|yeah|right|great|perfect|brilliant|lovely|excellent|good|super|cool|nice|"
    r"fine|alright|well|"
    r"sure|sounds (?:good|great|perfect|lovely|like a plan)|then|haha|ha|lol|done|whatever|never mind|"
    r"go on|go on then|alright then|danke|gut|prima|bon|"
    r"merci|vale|bien|"
    r"gracias|wonderful|fab|"
    r"fabulous|sweet|ace|awesome|so|thanks|thank you|thx|sold|deal|decided|hm+|"
    r"ooh|ah)\W+)*"
)
_SOLD = re.compile(
    rf"^\W*{_YES}"
    r"(?:sold|deal|done deal|decided|settled|that(?:['’]s| is) (?:it|the one|settled|decided|perfect|sorted)|"
    r"that one|this one|it is|that(?:['’]s| is) (?:our|my|the) (?:film|movie|pick|choice)|"
    r"i['’]?ll take (?:it|that|that one|this one)|we['’]?ll take (?:it|that|that one|this one)|"
    r"(?:i['’]?m|we['’]?re|consider me) sold(?: on (?:it|that(?: one)?))?|that(?:['’]ll| will|"
    r" would) (?:do|be it|be perfect)(?: nicely)?|"
    r"you(?:['’]ve| have) sold me|taking (?:it|that|that one)|that (?:one )?it is|"
    r"(?:perfect|ideal|just right|great) for (?:tonight|us|me|today)|just the (?:thing|ticket)|"
    r"exactly what (?:i|we) (?:want(?:ed)?|need(?:ed)?)|"
    r"that (?:one )?sounds? (?:good|great|perfect|lovely|ideal|just right|just the thing))"
    r"(?:\W+(?:then|please|thanks|thank you|thx|ta|cheers|for tonight|tonight|for (?:me|us)))*\W*$",
    re.IGNORECASE,
)
_IT = re.compile(
    r"\b(?:take|have|watch|see|read|buy|get|try|do|with|for|on|put|give|taking|watching|trying)\s+(?:it|"
    r"that|this)(?:\s+one)?\b|"
    r"\b(?:that|this)(?: one)?,? (?:then|it is|will do|wins)\b|^\W*(?:\w+\W+){0,2}(?:that|this) one\b",
    re.IGNORECASE,
)
_ONLY_PLACE = re.compile(
    rf"^\W*(?P<opens>{_YES}(?:i(?:['’]d| would) say |i guess |make (?:it|that) |it(?:['’]s|"
    rf" is) )?)(?P<place>.+?)"
    r"(?P<behind>(?:[\s,.!]+(?:then|please|thanks(?: a lot| so much)?|thank you(?: so much| very much)?|"
    r"thx|ta|cheers|for (?:me|us)(?: please)?|"
    r"it is|it['’]?s gonna be|for tonight|tonight|will do|for the win))*)[\s.!]*$",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\b(?:but|like(?! (?:a )?(?:plan|winner|just the thing))|instead|more|other|others|else|except|"
    r"without|similar|another|though|"
    r"not|no(?! doubt)|don['’]?t|never|"
    r"something|anything|any|some|again|already|yesterday|last (?:night|week|year)|"
    r"would(?! (?:be perfect|do))|seen|know|saw|who|how|"
    r"which|what|why|when|is it|does it)\b|\?",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"^\W*(?:(?:thanks|thank you|thx|ta|cheers|great|perfect|lovely|brilliant|nice|good|ok|okay|cool|"
    r"bye|goodbye|good night|super|"
    r"a lot|so much|very much|loads|again|for (?:your|the|all your) (?:help|time|tips?|suggestions?)|"
    r"have a (?:good|nice|great|lovely) \w+|"
    r"you(?:['’]re| are) (?:the best|great|a star|brilliant)|that helped(?: a lot)?|much appreciated|"
    r"appreciate it|yes|yep|yeah|"
    r"danke|merci|gracias|grazie|see you|done|decided|sorted|sold|deal|looking forward(?: to it)?|"
    r"can['’]?t wait)\b\W*)+$",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"(?<=[.!;\n])\s+|\s+[-–—]+\s+|[,;]?\s+(?=(?:and|but|now|then|also|plus)\s+(?:then\s+)?(?:for|what|"
    r"something|another|one|do|any|maybe|"
    r"can|could|give|show|find|who|how|when|tomorrow|next|on|also|i(?:['’]d| would)? (?:also )?(?:like|"
    r"need|want)|we(?:['’]d| would)? (?:also )?"
    r"(?:like|need|want))\b)|[,;]\s+(?=(?:who|how|when|what|something|anything|another|any)\b)",
    re.IGNORECASE,
)
FEW = 8
"""Words of a message that may be a place with what surrounds it."""
_ASKS_OF_IT = re.compile(
    r"^\W*(?:(?:and|but|so)\W+)*(?:who|how|when|what|where|is|does|has|was|did)\b", re.IGNORECASE
)
_PRAISES = re.compile(r"\b(?:sounds?|looks?)\b", re.IGNORECASE)
_WANTS = re.compile(r"\b(?:want|need|looking|show|give|recommend|find|please)\b", re.IGNORECASE)
_LATER = re.compile(
    r"^\W*(?:(?:and|but|now|then|also|plus|so|ok|okay|maybe|perhaps)\W+)*"
    r"(?:(?:for|on|maybe|perhaps) )?(?:tomorrow(?: (?:night|evening))?|tonight|next (?:week|weekend|"
    r"time|\w+day)|"
    r"(?:the|this) (?:weekend|next (?:day|night|evening))|later|after(?:wards| that)?|another (?:day|"
    r"night|evening|time)|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day(?: (?:night|evening))?|the day after)\b(?: then)?[\s,:]*|"
    r"\s*\bfor (?:tomorrow|next (?:week|weekend|time|\w+day)|(?:the|this) weekend|another (?:day|night|"
    r"time))\b",
    re.IGNORECASE,
)


def accepts(message: str, *, names: bool) -> bool:
    """Whether a message takes one item, without asking for anything more.

    Args:
        message: as written.
        names: whether a title stands in it.

    >>> accepts("I'll take the second one", names=False), accepts("let's watch the first", names=False)
    (True, True)
    >>> accepts("perfect, that one", names=False), accepts("sold!", names=False), accepts("I'll watch Heat", names=True)
    (True, True, True)
    >>> accepts("take the first one", names=False), accepts("the third one sounds good", names=False)
    (True, True)
    >>> accepts("ok the third. thx", names=False), accepts("gonna watch Heat tonight, thanks", names=True)
    (True, True)
    >>> accepts("I'd like to watch something sad", names=False), accepts("the second one, but gentler", names=False)
    (False, False)
    """
    return split_acceptance(message, names=names) == (message.strip(), "")


def split_acceptance(message: str, *, names: bool | Callable[[str], bool]) -> tuple[str, str] | None:
    """The part of a message that takes an item, and what it asks for besides; None where it takes none.

    Args:
        message: as written.
        names: whether a title stands in it, or what tells that of a part of it.

    >>> split_acceptance("I'll go with that. And for tomorrow one in the same vein", names=False)
    ("I'll go with that.", 'one in the same vein')
    >>> split_acceptance("ok the third. thx", names=False), split_acceptance("something sad", names=False)
    (('ok the third. thx', ''), None)
    """
    if _takes_all(message):
        return message.strip(), ""
    parts = [part for part in _ENDS.split(message.strip()) if part.strip()]
    taking = next(
        (at for at, part in enumerate(parts) if _takes(part, names=names)),
        None,
    )
    if taking is None:
        return None
    before, behind = parts[:taking], [part for part in parts[taking + 1 :] if not _THANKS.match(part)]
    if any(_MORE.search(part) or _WANTS.search(part) for part in before):
        return None  # what it takes is an afterthought
    if not behind:
        return message.strip(), ""
    if _PRAISES.search(parts[taking]) or (_ASKS_OF_IT.match(behind[0]) and not _says_so(parts[taking])):
        return None  # "the second sounds good, how long is it?" takes nothing yet
    return parts[taking], " ".join(_LATER.sub(" ", " ".join(behind)).split())


def _takes_all(message: str) -> bool:
    """Whether nothing but taking is in a message, whatever marks stand in it: "done! number three"."""
    only = _ONLY_PLACE.match(message.strip())
    return bool(only) and len(message.split()) <= FEW and _takes(message.strip(), names=False)


def _says_so(part: str) -> bool:
    """Whether words of taking stand in it, and not only a place: "ok the third, who's in it?" takes nothing yet."""
    return bool(_TAKES.search(part) or _SOLD.search(part))


def _takes(part: str, *, names: bool | Callable[[str], bool]) -> bool:
    if _SOLD.search(part):
        return True
    if _MORE.search(part):
        return False
    places = list(read_places(part))
    only = _ONLY_PLACE.match(part)
    if (
        only
        and (only["opens"] or only["behind"])
        and any(
            _bare_place(match[0]) == _bare_place(only["place"]) and len(numbers) == 1
            for match, numbers in places
        )
    ):
        return True
    if not _TAKES.search(part):
        return False
    if places:
        return sum(len(numbers) for _, numbers in places) == 1
    return bool(_IT.search(part)) or (names(part) if callable(names) else names)


def _bare_place(phrase: str) -> str:
    return re.sub(r"^(?:the|that|this)\s+|\s+of (?:these|those|them)$", "", phrase.strip().casefold())


def talk_act_of(message: str, *, names: bool) -> Act | None:
    """The act of a message that ends the search or asks about us; ``names`` as in :func:`accepts`."""
    if accepts(message, names=names):
        return Act.ACCEPT
    return Act.ABOUT_US if asks_who_we_are(message) or asks_what_we_do(message) else None
