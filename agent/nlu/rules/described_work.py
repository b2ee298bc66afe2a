"""Which work it is that somebody describes: "what 1995 thriller stars Brad Pitt?", "this drama by Lumet is about ...".

What such a message says of the work itself (who made it and plays in it, when it came out, what sort it is) is asked
for, though it is told in the words of a statement. What it says of the story says nothing of the work: a film
about a war need not be listed as one, and what happens in 1920 was not made then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tastemaker.agent.nlu.tokenizer import STOPWORDS, Word, words
from tastemaker.retrieval.text.tokens import singular

WORKS = frozenset(
    """movie film flick picture feature motion movies book novel song album game show series sequel prequel remake
    adaptation classic blockbuster hit epic cartoon biopic tearjerker masterpiece musical comedy drama thriller western
    documentary romance mystery horror noir slasher spoof parody satire mockumentary trilogy flop debut winner film-noir
    fantasy adventure animation caper romcom rom-com whodunit story version release tale fairytale weepie short
    franchise installment instalment production""".split()
)
"""Nouns for works and for sorts of them."""
_PLAIN_WORK = r"(?:films?|movies?|flicks?|pictures?|features?|books?|novels?|songs?|albums?|games?|shows?)"
_WORK = rf"(?:{'|'.join(sorted(WORKS, key=len, reverse=True))})s?"
_NEAR = r"(?:[\w'’-]+ ){0,6}?"
MIN_TELLING = 5
"""Telling words without which "this movie is great" describes nothing."""
_ASKS_WHICH = re.compile(
    rf"^\W*(?:(?:can|could|do|would) you (?:please )?(?:know|tell me|name|remember|help me find) )?"
    rf"(?:(?:in )?(?:what|which)(?: of (?:the|these))? {_NEAR}{_WORK}\b"
    rf"|what(?:['’]?s| is| was)? (?:the |that |this )(?:name of )?{_NEAR}{_WORK}\b"
    rf"|(?:name|identify|guess) (?:the|a|an|this|that|one|me) {_NEAR}{_WORK}\b"
    rf"|(?:the )?name of (?:the|a|this|that) {_NEAR}{_WORK}\b"
    rf"|i(?:['’]? ?a?m) (?:thinking|trying to think|talking|asking) (?:of|about) (?:the|a|an|this|that|one) "
    rf"{_NEAR}{_WORK}\b)",
    re.IGNORECASE,
)
_THIS_WORK = re.compile(rf"\b(?:this|(?:in|of|is|from) (?:what|which)) {_NEAR}{_WORK}\b", re.IGNORECASE)
_YEAR_OPENS = re.compile(
    rf"^\W*(?:an? |the |this |which |what )?(?:1[89]|20)\d\d {_NEAR}{_WORK}\b", re.IGNORECASE
)
_OPINION = re.compile(
    r"\b(?:i|we|you)(?: (?:really|also|just|did|have|had|would|might|think|already))* (?:love|loved|like|liked|"
    r"enjoy\w*|hate\w*|saw|seen|watch\w*|heard|want|need|prefer|think|haven['’]?t|don['’]?t|didn['’]?t|will|guess|thought)\b|"
    r"\b(?:my|your|thanks?|please|recommend\w*|suggest\w*)\b",
    re.IGNORECASE,
)
"""What somebody says of themselves, who then talks and describes nothing."""
_GOES_ON = frozenset(
    """about where in which that who whose when with starring stars starred directed by from and or set featuring
    features featured is was has had based for follows tells revolves involving involves centers called made released
    of whom while whereby as to the a an so came written produced won""".split()
)
"""Words before which a noun phrase has ended: "a comedy about ..."."""
_STORY = re.compile(
    r"\b(?:about|where|who|whose|when|in which|tells|follows|set|involves|takes|based|story|plot|depicts?)\b",
    re.IGNORECASE,
)
_RELEASED = re.compile(
    r"\b(?:released|came out|made|filmed|shot|produced|debuted|premiered|was|is|film|movie|from)(?: back)?(?: in)?\s*$",
    re.IGNORECASE,
)
_MOST_WORDS = 5


def describes_work(message: str, names_titles: bool = False) -> bool:
    """Whether a message describes one work that is to be found.

    Args:
        message: as written.
        names_titles: whether it names works, which it then may be talking of.

    >>> describes_work("which 1987 film directed by bertolucci tells the story of the last emperor")
    True
    >>> describes_work("this movie is great"), describes_work("I love this movie with the two cops and the dog")
    (False, False)
    """
    if _OPINION.search(message):
        return False
    if _ASKS_WHICH.search(message) or _YEAR_OPENS.search(message):
        return True
    telling = sum(word.norm not in STOPWORDS for word in words(message))
    return not names_titles and telling >= MIN_TELLING and bool(_THIS_WORK.search(message))


def is_time_of_story(text: str, start: int) -> bool:
    """Whether a time that begins here is one in the story: behind a word that opens it, and no word of release.

    >>> is_time_of_story("the one where they meet in 1955", 24), is_time_of_story("about a bus, released in 1994", 22)
    (True, False)
    """
    before = text[:start]
    return not text[start].isdigit() and bool(_STORY.search(before)) and not _RELEASED.search(before)


def is_of_work(tokens: Sequence[Word], first: int, last: int) -> bool:
    """Whether words stand in a noun phrase that names a work: the "war" of "a war film", not of "in the war".

    >>> said = words("this animated feature about a war")
    >>> is_of_work(said, 1, 1), is_of_work(said, 5, 5)
    (True, False)
    """
    for word in tokens[last + 1 : last + 1 + _MOST_WORDS]:
        if word.norm in _GOES_ON:
            break
        if singular(word.norm) in WORKS:
            return True
    ends = last + 1 == len(tokens) or tokens[last + 1].norm in _GOES_ON
    return ends and singular(tokens[last].norm) in WORKS and _is_headed(tokens, first)


def _is_headed(tokens: Sequence[Word], first: int) -> bool:
    """Whether an article or the like opens the phrase that a word closes."""
    before = [word.norm for word in tokens[max(0, first - _MOST_WORDS) : first]]
    return not before or bool({"a", "an", "the", "this", "that", "what", "which", "s", "some"} & set(before))
