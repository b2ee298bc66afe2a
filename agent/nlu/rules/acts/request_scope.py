"""What a message does to the standing request: goes on with it, turns it round, or asks for something else."""

from __future__ import annotations

import re

from tastemaker.agent.memory.request import Scope
from tastemaker.agent.nlu.tokenizer import words

LONG = 16
"""A message of more words that has no word of going on stands by itself."""

_REVERSE = re.compile(
    r"\b(?:(?:exact|very|complete|total)\s+)?opposite\b|\bthe (?:reverse|contrary)\b|\bmake it worse\b|"
    r"\bthe other way round\b|\bau contraire\b|\bal contrario\b|\bim gegenteil\b",
    re.IGNORECASE,
)
_REPLACE = re.compile(
    r"\b(?:forget (?:that|it|all that|about (?:that|it))|^\W*(?:actually |ok(?:ay)? |no |"
    r"oh )*forget (?!the\b)"
    r"(?:about )?[\w -]{3,30}[,.;] (?=[^,.;]*\b(?:wants?|film|movie|something|one)\b)|"
    r"changed my mind|change of plan|new plan|for a (?:change|switch)(?=\W*$|[.,;!])|"
    r"scrap that|scratch that|never ?mind|"
    r"something (?:completely|totally|quite|entirely)? ?(?:different|else entirely)|"
    r"(?:actually|now|ok(?:ay)?,?|maybe)? ?something else ?[:,–-] ?(?:an?|some|how about|maybe)|"
    r"on second thoughts?|different (?:question|topic|thing)|start again|i meant(?! (?:more|rather|also))|"
    r"lieber doch|doch lieber|"
    r"finalement non|en fait non|"
    r"mejor otra cosa|anzi no|na verdade não|stattdessen|in plaats daarvan|en su lugar|"
    r"(?:the )?other way (?:round|around) today|let['’]?s (?:go (?:to|for)|try|switch to)|switch to|"
    r"(?:qualcosa|quelque chose|algo|etwas|iets)\b.{0,40}\b(?:invece|plut[oô]t|en cambio|stattdessen|"
    r"anders))\b|^\W*(?:and )?now (?!only|just|make|with|without|in|the same|ones? th)\w+|"
    r"^\W*(?:fine|ok|okay|right|well)\W+(?:then )?(?:anything|something|how about|what about|a|an)\b|"
    r"^\W*and (?:something )?for (?:my|our|me|us)\b|\bdo(?:es)?n'?t have to be in it\b|"
    r"^\W*instead\b|\bnow (?:one|something|a film|a movie) (?:just )?for (?:me|us|myself|ourselves)\b",
    re.IGNORECASE,
)
_SAME_THINGS = re.compile(
    r"\bchanged my mind\b.*\b(?:\w+ ones|ones (?:that|who|which|with|where))\b", re.IGNORECASE | re.DOTALL
)
"""Another sort of the same things: "changed my mind. nasty ones that eat people"."""
_INSTEAD = re.compile(r"\binstead\W*(?:$|[,.;])", re.IGNORECASE)
_OF_A_PART = re.compile(r"^\W*(?:with|from|in|set|but|by|on|and|where|starring|about)\b", re.IGNORECASE)
"""How a message opens that changes a part of what was asked for: "with a woman instead"."""
_REFINE = re.compile(
    r"\b(?:but|though|although|only|just|also|too|same|again|still|rather than|the (?:first|second|"
    r"third|fourth|fifth|"
    r"last) one|of (?:these|those|them)|ones|one where|one in which|one with|one that|either|more|less|"
    r"fewer|than|"
    r"without|not (?:the|a|so|too)|no|nothing|set (?:in|before|after|during)|it can be|it must|it needs|"
    r"it should|pero|però|mais|aber|nur|solo|sin|senza|sans|ohne|mas|sem|mejor algo más|plus|più|más)\b|"
    r"\w{3,}er\b|^\W*and\b|^\W*with\b",
    re.IGNORECASE,
)


_ABOUT_THE_LIST = re.compile(
    r"\b(?:forget (?:that|it)|(?:i(?:'ve)? )?changed my mind|same (?:idea|thing|again|sort of thing|"
    r"kind)|scrap that|"
    r"(?:that )?you (?:showed|gave|suggested|recommended)(?: me)?|"
    r"(?:seen|know|had) (?:all )?(?:of )?(?:them|these|those|five)|"
    r"none of (?:these|those|them|that)|"
    r"(?:if (?:at all )?possible|si possible|wenn möglich|si es posible|se possibile)|"
    r"what else (?:is|do you have|have you got|would you recommend)\b|"
    r"in (?:that|this|the same) vein|along (?:those|these) lines|"
    r"^\W*(?:lovely|nice|perfect|excellent|wonderful|fab|cool|good(?: ones?| list| stuff)?|"
    r"thanks?(?: you)?)(?=\s*[.,!])|"
    r"something similar|similar ones?|those look like a lot|(?:oh )?(?:brilliant|groundbreaking|great|"
    r"wow)|yet (?:more|another)|make it worse|"
    r"on second thoughts?|best of all|instead)\b,?",
    re.IGNORECASE,
)


_RATHER = re.compile(
    r"(?:^|[.!?,;]\s*)(?:(?:i|we)(?:['’]?d| would) )?(?:much )?rather\b(?! than\b)|"
    r"^\W*(?:actually|hm+|well|oh|ok(?:ay)?|uh)?\W*(?:no|nope|nah)\b"
    r"(?! \w+ (?:please|though|either)\b)[^.!?,;]*[.!?,;]|"
    r"^\W*(?:finalement|en fait|al final|en realidad|alla fine|in realt[àa]|eigentlich|uiteindelijk|"
    r"no final)\b",
    re.IGNORECASE,
)
"""What turns to something else, where that is another category: "actually no. Rather a crime story"."""


def without_scope_words(text: str) -> str:
    """A text without what speaks of the list before, which is nothing to search for.

    >>> without_scope_words("forget that, one where a girl saves the day")
    'one where a girl saves the day'
    """
    return " ".join(_ABOUT_THE_LIST.sub(" ", text).split()).strip(" ,")


_OFFERS = re.compile(
    r"(?:^|[.!?]\s*)\W*(?:(?:ok(?:ay)?|and|or|so|hm+|well|then|but|maybe)\W+)*(?:what|how) about "
    r"(?!(?:the|that|this|these|those|something|anything|it|one|if|when)\b)\w",
    re.IGNORECASE,
)


def offers_another(message: str) -> bool:
    """Whether a message puts something in the place of what was asked for before: "what about planes?".

    >>> offers_another("seen it. what about planes?"), offers_another("what about the second one?")
    (True, False)
    """
    return _OFFERS.search(message) is not None


_OTHERS = re.compile(
    r"\b(?:others?|another|else|different|new ones|fresh|"
    r"(?:any|some|show me|give me|few|lots?) more|more(?= of| please|$)|"
    r"none of (?:these|them|those)|not (?:any of )?(?:these|those|them)|no to (?:all|any|"
    r"most) (?:of )?(?:these|those|them)|"
    r"more (?:films |ones |movies |stuff |things )?(?:just )?like (?:the|that|this|number|#)|"
    r"autres?|ander[ensr]{1,2}|weitere|otr[oa]s?|altr[oiae]|outr[oa]s?)\b|"
    r"\b(?:seen|know|knows|knew|watched|had|read|heard|done)\b[^.!?,;]{0,12}\b(?:all|both|every|each|"
    r"them|these|those)\b|"
    r"^\W*(?:more|next|encore|mehr|m[aá]s|ancora)\W*$",
    re.IGNORECASE,
)
_INSTEAD_OF_ATTRIBUTE = re.compile(
    r"\b(?:an)?other (?:than|way)\b|\bsome(?:thing|one|body) else's\b", re.IGNORECASE
)


def asks_for_others(message: str) -> bool:
    """Whether a message wants what was not shown yet, so that nothing of the lists before may come again.

    >>> [asks_for_others(one) for one in ("what else is scary?", "I know all of those", "a bit shorter")]
    [True, True, False]
    """
    return _OTHERS.search(_INSTEAD_OF_ATTRIBUTE.sub(" ", message)) is not None


_STEP = re.compile(
    r"^\W*(?:(?:no|nah|ok|okay|hm+|oh|but|and|then|well|nice|good|great|lovely|even|much|way|far|still|"
    r"(?:a )?(?:bit|lot|little)|slightly|please|something|"
    r"anything|make it|can you make it|go|get|ones?|a tad|yet|an?|some)\W+)*"
    r"(?:(?!other\b|another\b|rather\b|never\b|ever\b|under\b|over\b|after\b)[a-z]{3,}er|(?:more|"
    r"less) [a-z]+|not (?:so|as|that|too|quite so) [a-z]+)"
    r"(?:\W+(?:please|still|then|ones?|films?|movies?|though|if possible|thanks?|now))*\W*$",
    re.IGNORECASE,
)


def asks_for_step(message: str) -> bool:
    """Whether a message only says what the list has too little of, so that another one is wanted: "weirder!!".

    >>> [asks_for_step(one) for one in ("weirder!!", "a bit funnier please", "less gory", "a thriller set under water")]
    [True, True, True, False]
    """
    return _STEP.search(message) is not None


_ADDS = re.compile(
    r"^\W*(?:(?:and|but) )?(?:also|plus|additionally|on top of that)\b|\b(?:as well|too)\W*$", re.IGNORECASE
)


def adds(message: str) -> bool:
    """Whether a message asks for something beside what was asked for before, and not in its place.

    >>> [adds(one) for one in ("also a musical", "with songs as well", "a musical")]
    [True, True, False]
    """
    return _ADDS.search(message) is not None


def goes_on(message: str) -> bool:
    """Whether a message has a word that ties it to what was asked for before.

    >>> goes_on("but from the thirties"), goes_on("I'm sad today")
    (True, False)
    """
    return _REFINE.search(message) is not None


def read_scope(message: str, *, standing: bool, new_subject: bool) -> Scope:
    """The scope of a message, by its words alone.

    Args:
        message: as written.
        standing: whether there is a request to go on with.
        new_subject: whether it names a category other than the one asked for before.

    >>> read_scope("not the sugary ones though", standing=True, new_subject=False).value
    'refine'
    >>> read_scope("now the exact opposite please", standing=True, new_subject=False).value
    'reverse'
    >>> read_scope("forget that. a western", standing=True, new_subject=True).value
    'replace'
    >>> read_scope("hmm no, too late for that. Rather a western", standing=True, new_subject=True).value
    'replace'
    >>> read_scope("with a woman on the run instead", standing=True, new_subject=False).value
    'refine'
    """
    if not standing:
        return Scope.NEW
    if _REVERSE.search(message):
        return Scope.REVERSE
    if _SAME_THINGS.search(message) and not new_subject:
        return Scope.REFINE
    if _REPLACE.search(message) or (_INSTEAD.search(message) and not _OF_A_PART.search(message)):
        return Scope.REPLACE
    if new_subject and _RATHER.search(message):
        return Scope.REPLACE
    if _REFINE.search(message):
        return Scope.REFINE
    if new_subject or len(words(message)) > LONG:
        return Scope.NEW
    return Scope.REFINE
