"""A story told at length, "two teenagers lose their tv and cross the country": nothing of it is required.

Who half remembers a film tells what was in it, in words that are values and times of the catalogue as well: a "cartoon
teenager" need not be listed as animation, and a film about the sixties was not made then. So nothing in such a
message is a hard condition.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from tastemaker.agent.memory.request import Preference
from tastemaker.agent.nlu.tokenizer import STOPWORDS, words
from tastemaker.agent.nlu.understanding import Understanding
from tastemaker.retrieval.filters.conditions import Constraint
from tastemaker.retrieval.text.languages import ENGLISH, detect_language

MIN_TELLING = 8
"""Telling words of a sentence that describes a story."""
SOFT = 0.5
"""Weight of what would be a condition elsewhere."""
_ASKS = re.compile(
    r"\b(?:please|want\w*|need\w*|look(?:ing)? for|something|anything|recommend\w*|suggest\w*|show me|give me|mood|"
    r"prefer\w*|must|should|ideally|maybe|only|just|no|not|nothing|without|never|any|some|for (?:my|me|us|our)|would|"
    r"i'?d|let'?s|tonight|today|tomorrow|we|i|my|minutes|hours?|than|but|love|like|hate|enjoy)\b|n['’]t\b|\?|[^\x00-\x7f]",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!]\s")
_RECALLS = re.compile(
    r"\b(?:what(?:'s| is| was|s) (?:that|the|this)"
    r"(?! (?:first|second|third|fourth|fifth|last|other)\b|[^.?!]*\babout\W*$)"
    r"(?: \w+){0,2} (?:film|movie|one)|(?:can't|cannot|don't|do not) "
    r"remember (?:the|its|what)|what(?:'s| is| was|s) it called|(?:it'?s|there'?s|there was|"
    r"it was) (?:this|that|a|an|some) "
    r"(?:\w+ )?(?:film|movie|one) (?:where|in which|with|about|that|when))\b",
    re.IGNORECASE,
)

_WHICH_ONE = re.compile(
    r"\b(?:(?:trying|try) to (?:think of|remember|recall)|"
    r"what(?:'s| is| was) the (?:name|title) of|"
    r"(?:the )?name of (?:the|that|a) (?:film|movie|book|one)|"
    r"(?:which|what) (?:film|movie|book) (?:was|is) it (?:where|in which|that)|"
    r"(?:which|what) (?:film|movie|book) (?:has|is the one)|"
    r"it was (?:a|the|that|this) (?:film|movie|book)|tip of my tongue|"
    r"(?:all|the only thing) (?:that )?i (?:can |do )?remember|i (?:only|just|vaguely|half|dimly|barely) remember)\b",
    re.IGNORECASE,
)


def describes_story(message: str) -> bool:
    """Whether a message tells a story, and asks for nothing by name.

    >>> describes_story("police chief wants the beaches closed, mayor says no, three men go out to sea")
    False
    >>> describes_story("two dumb cartoon teenagers lose their tv and end up crossing the whole country")
    True
    """
    if _RECALLS.search(message):
        return True
    if detect_language(message) != ENGLISH:
        return False
    if _SENTENCE_END.search(message.rstrip(" .!")):
        return False
    telling = [word for word in words(message) if word.norm not in STOPWORDS]
    return len(telling) >= MIN_TELLING and not _ASKS.search(message)


def asks_which(message: str) -> bool:
    """Whether a message asks which one it is that it half remembers.

    >>> asks_which("what's that film where a dog runs a bakery?"), asks_which("a film where a dog runs a bakery")
    (True, False)
    """
    return _RECALLS.search(message) is not None or _WHICH_ONE.search(message) is not None


def without_requirements(reading: Understanding, kept: Collection[Constraint] = ()) -> Understanding:
    """A reading whose hard conditions are preferences, but for those that are ``kept``."""
    hard = tuple(one for one in reading.constraints if one in kept)
    told = [one for one in reading.constraints if one not in kept]
    soft = [Preference(condition=one, weight=SOFT) for one in (*told, *reading.required)]
    held = [one.model_copy(update={"weight": one.weight * SOFT}) for one in reading.prefer]
    return reading.model_copy(update={"constraints": hard, "required": (), "prefer": (*soft, *held)})
