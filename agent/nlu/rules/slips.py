"""What is said in other letters or at more length than it is read: "somthing liek Heat", "scary but not too scary"."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

from tastemaker.retrieval.text.common_words import is_everyday
from tastemaker.retrieval.text.function_words import function_words

_CUES = (
    *(
        "like",
        "similar",
        "something",
        "anything",
        "without",
        "nothing",
        "with",
        "movie",
        "movies",
        "film",
        "films",
    ),
    *(
        "more",
        "less",
        "seen",
        "watched",
        "love",
        "loved",
        "liked",
        "recommend",
        "recommendation",
        "instead",
        "please",
        "already",
    ),
)
"""Words that say how a title, a name or a wish beside them is meant."""
_COMPARATIVES = tuple(
    "older newer longer shorter funnier scarier lighter darker sadder happier gentler lighter quieter weirder cheaper "
    "slower faster shorter calmer earlier".split()
)
"""Words that are often all of a message, "oldr ones": one letter is missing, twice there, or swapped."""
LONG = 7
"""Letters from which a word with one letter missing, extra or wrong is hardly another one."""
_SOMETHING = "sth smth smthn smthng sumthing sumthin".split()
_SHORT_FORMS = {"w/o": "without", "w/": "with", **dict.fromkeys(_SOMETHING, "something")}
_SHORT = re.compile(rf"(?<![\w/])(?:w/o\b|w/(?=\s)|(?:{'|'.join(_SOMETHING)})\b)", re.IGNORECASE)
_WORD = re.compile(r"(?<![\w'’-])[a-z]{4,15}(?![\w'’-])")


def mend_slips(message: str) -> str:
    """The message with such words mended; all others stay as they are written.

    A swap of two letters makes no other word out of these; any other slip counts in long words alone.

    >>> mend_slips("somthing liek Heat, wihtout guns"), mend_slips("live music by the lake")
    ('something like Heat, without guns', 'live music by the lake')
    >>> mend_slips("smth w/ sports, w/o gong li")
    'something with sports, without gong li'
    """
    message = _SHORT.sub(lambda match: _SHORT_FORMS[match[0].casefold()], message)
    return _WORD.sub(lambda match: _mend_word(match[0]), message)


_MODERATE = re.compile(r"\b(\w{4,}),? but not (?:too|that|so|overly|very) (?:\1|much so)\b", re.IGNORECASE)


_MOST_I_CAN = re.compile(
    r"\b(?:the )?(?:longest|most|max(?:imum)?) (?:that )?(?:i|we|he|she|they)(?: can| could|'ll)(?: \w+){1,3} "
    r"(?:is|are|for|=) "
    r"(?=(?:about |around )?\d)",
    re.IGNORECASE,
)
_EITHER_WAY = re.compile(
    r",? ?\b(?:live[- ]action or (?:an? )?(?:cartoons?|animat(?:ed|ion))|"
    r"(?:cartoons?|animat(?:ed|ion)) or (?:in )?live[- ]action)\b",
    re.IGNORECASE,
)


_SECOND_THOUGHT = re.compile(r"\bno,? (?=(?:actually|wait|sorry|hang on|hold on)\b)", re.IGNORECASE)
"""A "no" that turns nothing down: "no actually a comedy is safer"; what it does to the list is told by the scope."""
_TOO_GROWN_UP = re.compile(
    r"\b(?:looks?|seems?|is|are|was|were|sounds?)(?: all)? (?:an? (?:bit|little|touch|tad)|rather|too|very|quite)"
    r"(?: too)? (?:grown[- ]up|adult)\b",
    re.IGNORECASE,
)
"""A complaint that asks for the opposite: "the others look a bit grown up"."""
_TAKEN_BACK = re.compile(
    r"\b(?:forget|scratch|scrap|drop)(?: about)?(?: the)? "
    r"(?!(?:the|about|that|this|it|them|these|those|all|every\w*|rest|others?|genre|kind|year|decade|\w*ties|era|age|time|period|"
    r"language|length|duration|runtime|country|director|actors?|limit|exact)\b)"
    r"(\w+(?: \w+)?)\s*[,;.!:–-]\s+",
    re.IGNORECASE,
)
"""What was asked for and is not any more: "scratch the thriller, a comedy"."""
_NEW_TO_IT = re.compile(
    r"\b(?:(?:i|we)(?:['’]ve| have)? )?never (?:really |actually |ever )?(?:seen|watched|read|tried|played) "
    r"(?:a(?: single| proper| good)?|an|any) "
    r"(?=[^.,;!?\n]{3,30}[.,;!?\n].*\b(?:start|begin|first|introduc\w+|recommend|which|what|try|suggest\w*)\b)",
    re.IGNORECASE,
)
"""Who asks for a way into what is new to them: "never seen a western. Where do I start?"."""


_SHORTER = (
    (_TOO_GROWN_UP, ", something family friendly"),
    (_SECOND_THOUGHT, ""),
    (_TAKEN_BACK, r"no \1. "),
    (_NEW_TO_IT, "a good "),
    (_MODERATE, r"a bit \1"),
    (_MOST_I_CAN, "at most "),
    (_EITHER_WAY, ""),
)
"""What is said at length with what is read for it, in this order."""


def shorten_phrases(message: str) -> str:
    """The message with what is said at length in few words: a mean that is no refusal, a limit, an "either" as nothing.

    >>> shorten_phrases("scary but not TOO scary, please")
    'a bit scary, please'
    >>> shorten_phrases("longest I can concentrate is 75 min")
    'at most 75 min'
    >>> shorten_phrases("Never seen a western. Where do I start?")
    'a good western. Where do I start?'
    >>> shorten_phrases("robin hood films, live action or cartoon")
    'robin hood films'
    """
    for pattern, short in _SHORTER:
        message = pattern.sub(short, message)
    return message


def _mend_word(word: str) -> str:
    if is_everyday(word):
        return word
    for cue in _CUES:
        if OSA.distance(word, cue, score_cutoff=1) != 1:
            continue
        if sorted(word) == sorted(cue) or (len(cue) >= LONG and word[0] == cue[0]):
            return cue
    if any(word in one.function for one in function_words().values()):  # the German "oder" is not "older"
        return word
    return next((one for one in _COMPARATIVES if _is_slip_of(word, one)), word)


def _is_slip_of(word: str, meant: str) -> bool:
    """Whether one letter of a word is missing, too many or swapped, the first one aside.

    >>> _is_slip_of("oldr", "older"), _is_slip_of("newwer", "newer"), _is_slip_of("olden", "older")
    (True, True, False)
    """
    near = OSA.distance(word, meant, score_cutoff=1) == 1 and word[0] == meant[0]
    return near and (len(word) != len(meant) or sorted(word) == sorted(meant))
