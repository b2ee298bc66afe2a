"""What completes a message that speaks of the one before: "and the third?", "and the longest?", "who is in it?"."""

from __future__ import annotations

import re

from tastemaker.agent.nlu.rules.ordinals import PLACE, read_places

_AND = (
    r"^\W*(?:(?:ok|okay|hm+)\W+)?(?:(?:and|und|et|y|e|what about|how about|same (?:question )?(?:for|"
    r"about)|same with|also)\W+)+"
)
_NEXT = re.compile(
    rf"{_AND}(?:in |of |with |for |about |is )?(?P<what>[^?!.,;]{{1,60}}?)(?:\s+(?:then|too|"
    rf"as well))?\s*\?*\W*$",
    re.IGNORECASE,
)
_MOST = re.compile(
    rf"(?:{_AND}|(?=.*\?))\W*(?:which (?:one )?(?:is|was|has) )?"
    r"(?P<most>the (?:\w{3,}est|(?:most|least) [\w -]+?))(?: one)?\W*$",
    re.IGNORECASE,
)
_IT = re.compile(
    r"\b(?:in (?:it|that|this|there)|it|that one|this one|that|this|there|he|she)\b", re.IGNORECASE
)
_CLAUSES = re.compile(
    r"(?<=[.,;!?])\s+|\s+[-–—]+\s+|\s+(?=(?:and|but) (?:who|how|what|when|is|does|did|has|was)\b)"
)
_OPENING = re.compile(r"^\W*(?:(?:and|but|so|ok|okay)\W+)+", re.IGNORECASE)
_ASKS_OF_IT = re.compile(
    r"^\W*(?:(?:and|but|so|ok|okay|tell me|do you know)\W+)*(?:who|whose|how|what(?! about)|when|where|"
    r"is|are|was|does|do|did|has|have|which)"
    r"(?:['’]s)?\b(?=.*\b(?:it|that|this|there)\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^\W*(?:(?:and|but|so|ok|okay|hm+|oh|please|out of interest|just curious|tell me)\W+)*(?:who|whose|"
    r"how|what|when|where|why|which|is|are|was|were|does|do|did|has|have|"
    r"would|will|could|can)(?:n['’]?t|['’]s)?\b",
    re.IGNORECASE,
)


def read_next(message: str) -> str:
    """What a message that says nothing else goes on to: "the third" of "and the third?"; "" for any other message.

    >>> read_next("and in the second?"), read_next("what about Heat?"), read_next("and now something sad please")
    ('the second', 'Heat', '')
    """
    match = _NEXT.match(message)
    if (
        not match
        or split_place(match["what"])
        or re.search(
            r"\b(?:something|anything|one with|films?|movies?|please|more|less|now)\b",
            match["what"],
            re.IGNORECASE,
        )
    ):
        return ""
    return match["what"]


def split_place(phrase: str) -> str:
    """What stands beside a place in a phrase; "" where it is nothing but one, or has none."""
    for match, _ in read_places(f"{phrase}?"):
        return " ".join(
            re.sub(r"\b(?:the|one)\b", " ", f"{phrase[: match.start()]} {phrase[match.end() :]}").split()
        )
    return ""


def read_next_extreme(message: str) -> str:
    """The superlative that a message goes on to: "and the longest?".

    >>> read_next_extreme("and the longest?"), read_next_extreme("the longest?"), read_next_extreme("the longest")
    ('the longest', 'the longest', '')
    """
    match = _MOST.match(message)
    return match["most"] if match else ""


_BEFORE_ASKING = re.compile(
    r"^\W*(?:(?:(?:just )?tell me|can you tell me|do you know|i wonder|just wondering|out of interest|"
    r"just curious|quick question|hm+|ok(?:ay)?|right|so|well|oh|"
    r"and|um+|er+|wait|hang on|go on|(?:a )?(?:silly|stupid|dumb|quick|another|last|one) question|"
    r"one more thing|haha|lol|thanks|thank you|thx|cool|nice|great|interesting|good|fine|lovely|"
    r"please)\b[\s,:.!–-]*)+",
    re.IGNORECASE,
)


def without_opening(message: str) -> str:
    """A question without the words that open it.

    >>> without_opening("tell me, is the first one long?"), without_opening("ok and who's in it"), without_opening("ok")
    ('is the first one long?', "who's in it", 'ok')
    >>> without_opening("and has a dog in it"), without_opening("And where the jury is the main thing")
    ('and has a dog in it', 'And where the jury is the main thing')
    """
    bare = _BEFORE_ASKING.sub("", message)
    plainly = _PLAINLY_ASKS.match(bare) or (asks(bare) and bare.rstrip().endswith("?"))
    return bare if bare and plainly and not _AND_MORE.match(message) else message


_PLAINLY_ASKS = re.compile(
    r"^\W*(?:(?:who|whose|how|what|when|why|which)(?:['’]s)?\b(?! about)|(?:is|are|was|were|does|do|did|"
    r"has|have)(?:n['’]?t)? "
    r"(?:it|they|he|she|that|this|the|these|those|number|any|there|you|both|all)\b)",
    re.IGNORECASE,
)
"""A question without its mark; "and has a dog in it" is none."""
_AND_MORE = re.compile(r"^\W*(?:ok(?:ay)?\W+)?(?:and|so) (?:what about|how about)\b", re.IGNORECASE)


def asks(message: str) -> bool:
    """Whether a message opens as a question does."""
    return _ASKS.match(message) is not None


def replace_item(question: str, thing: str) -> str:
    """A question asked of another item.

    >>> replace_item("who directed the first one?", "the third"), replace_item("how long is it?", "the third")
    ('who directed the third one?', 'how long is the third one?')
    """
    name = _place_in_full(thing)
    for match, _ in read_places(question):
        return f"{question[: match.start()]}{name}{question[match.end() :]}"
    if it := _IT.search(question):
        said = f"in {name}" if it[0].casefold().startswith(("in ", "there")) else name
        return f"{question[: it.start()]}{said}{question[it.end() :]}"
    return ""


def _place_in_full(thing: str) -> str:
    """A place as it is read wherever it stands: "the third one" for "the third", "number 4" for "4"."""
    for match, places in read_places(thing):
        said = re.sub(r"^the | one$", "", match[0].strip(), flags=re.IGNORECASE)
        return f"the {said} one" if said.isalpha() else f"number {places[0]}"
    return thing


def name_item(message: str) -> str:
    """The question that a message ends with, "it" being the place that it names before.

    >>> name_item("the second one sounds good, who else is in it?")
    'who else is in the second one?'
    >>> name_item("what about the fourth, is that a true story?"), name_item("is it long?")
    ('is the fourth one a true story?', 'is it long?')
    """
    clauses = [clause for clause in _CLAUSES.split(message) if clause.strip()]
    if len(clauses) < 2 or not _ASKS_OF_IT.match(clauses[-1]) or PLACE.search(clauses[-1]):
        return message
    before = [places for clause in clauses[:-1] for places in read_places(clause)]
    if len(before) != 1 or len(before[0][1]) != 1:
        return message
    return replace_item(_OPENING.sub("", clauses[-1]), before[0][0][0]) or message
