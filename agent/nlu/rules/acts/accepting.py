"""Taking an item of the last list: "I'll take the second one", "perfect, that one", "sold"."""

from __future__ import annotations

import re

from tastemaker.agent.nlu.rules.acts.item_questions import asks_what_we_do, asks_who_we_are
from tastemaker.agent.nlu.rules.ordinals import PLACE
from tastemaker.agent.nlu.understanding import Act

_TAKES = re.compile(
    r"\b(?:i['’]?ll|i will|we['’]?ll|we will|i['’]?d like to|let me|i want to|we can|gonna|going to) "
    r"(?:just |gladly )?(?:take|have|go (?:for|with)|watch|see|read|buy|order|get|pick|choose|play|cook|make|try|do)\b|"
    r"\b(?:let['’]?s|lets) (?:just )?(?:take|go (?:for|with)|watch|see|read|buy|order|get|do|have|play|cook|make|"
    r"try)\b|\b(?:i['’]?m|i am|we['’]?re|we are) (?:going (?:for|with)|taking|having|watching|buying|choosing)\b|"
    r"^\W*(?:(?:ok|okay|yes|so|then)\W+)?(?:take|choose|pick)\b(?!.*\b(?:off|out|away|back)\b)|"
    r"\b(?:sounds? (?:good|great|perfect|lovely)|then|it is)\W*$|"
    r"\b(?:i|we) (?:choose|pick|take)\b|\bgo(?:ing)? (?:for|with) (?:the|that|this|number|#)\b",
    re.IGNORECASE,
)
_SOLD = re.compile(
    r"^\W*(?:(?:ok|okay|oh|yes|yep|yeah|right|great|perfect|brilliant|lovely|excellent|good|super)\W+)*"
    r"(?:sold|deal|done deal|decided|settled|that(?:['’]s| is) (?:it|the one|settled)|that one|this one|it is|"
    r"i['’]?ll take (?:it|that|that one|this one)|we['’]?ll take (?:it|that|that one|this one)|"
    r"that(?:['’]ll| will) do(?: nicely)?|you(?:['’]ve| have) sold me)"
    r"(?:\W+(?:then|please|thanks|thank you|cheers))*\W*$",
    re.IGNORECASE,
)
_IT = re.compile(
    r"\b(?:take|have|watch|see|read|buy|get|try|do|with|for)\s+(?:it|that|this)(?:\s+one)?\b", re.IGNORECASE
)
_MORE = re.compile(
    r"\b(?:but|like|instead|more|other|others|else|except|without|similar|another|though|not|no|don['’]?t|never|"
    r"something|anything|any|some|again|already|yesterday|last (?:night|week|year)|would)\b|\?",
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
    >>> accepts("I'd like to watch something sad", names=False), accepts("the second one, but gentler", names=False)
    (False, False)
    """
    if _SOLD.search(message):
        return True
    if _MORE.search(message) or not _TAKES.search(message):
        return False
    return names or bool(PLACE.search(message) or _IT.search(message))


def talk_act_of(message: str, *, names: bool) -> Act | None:
    """The act of a message that ends the search or asks about us; ``names`` as in :func:`accepts`."""
    if accepts(message, names=names):
        return Act.ACCEPT
    return Act.ABOUT_US if asks_who_we_are(message) or asks_what_we_do(message) else None
