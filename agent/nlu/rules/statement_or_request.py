"""Whether a message asks for what it names, or only tells of it: liked it, saw it, says what it is.

"A comedy please" asks; "I love comedies", "it was a great comedy" and "Tom Hanks was so good in it" tell.
What is only told speaks of a person's taste and is no promise to keep: on ReDial, conditions read out of
such sentences hid more than twice as many of the films that were then recommended as they kept, where
they named an actor (LOG.md).
"""

from __future__ import annotations

import re

_PEOPLE = (
    r"i|we|he|she|they|you|who|wife|husband|kids?|sons?|daughters?|friends?|girlfriend|boyfriend|family|"
    r"to|also|"
    r"really|do|usually|mostly|always|often|generally|normally|sometimes|still|actually|both|all|just|"
    r"typically|"
    r"definitely|especially|kinda|and"
)
_WOULD = r"(?:'d| would| might| could| should)(?: (?:also|really|rather|maybe|probably|just))?"
_ASKS = re.compile(
    r"\b(?:(?:stuff|anything|something|everything)"
    r" (?:that|which|who)(?:'s|'re| is| are| was| were| has| had| stars?| plays?)|"
    r"(?:look|search|hunt|hop|ask)(?:ing)? for(?: is)?|search of|seek(?:ing)?|(?:want|need)(?:s|ed|"
    r"ing)?(?: is)?|"
    rf"wanna|(?:i|we|you|they|he|she){_WOULD} (?:like|love|enjoy|prefer|be|take|go|want|need|watch|see)"
    r"(?: (?:now|today|tonight|most|best|right now))?(?: is| are)?|would (?:be|like|love)|"
    r"in mind(?: is| are)?(?: more)?(?: (?:like )?this)?|talking about|"
    r"recom+[ae]nd\w*|suggest\w*|any|anything|something|someone|mood for|show me|"
    r"give me|find|"
    r"list|name (?:a|some|any|me)|(?:how|what) about|maybe|perhaps|please|prefer\w*|rather|hoping|"
    r"interested in|"
    r"feel(?:ing)? like|only|know of|know (?:a|any|some)|do you have|have you got|let's|(?:is|are) there|"
    r"(?:what|which)(?: else)?(?:'s| is| are)?|make (?:it|that)|thinking|switch to|instead|back to|got|"
    r"(?<=, )so(?=\s*$))\b",
    re.IGNORECASE,
)
_LIKES = re.compile(
    rf"\b(?:(?:{_PEOPLE}) (?:like|dig)|(?:usually|mostly|always|often|generally|normally|sometimes|typically) "
    r"(?:watch|see|go for|read|play)|(?:love|enjoy|adore)|(?:love|like|enjoy|adore)(?:s|d|ed)|"
    r"loving|enjoying|"
    r"(?:am|i'm|im|is|are|be|really|much|so|(?:he|she|it|who)'s|(?:they|we|you)'re) into|"
    r"fans? of|fond of|ich (?:mag|liebe)|"
    r"j'(?:aime|adore)|me (?:gustan?|encantan?)|fav|favs|faves?|favou?rites?)\b|"
    r"^\W*like\b",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\b(?:is|was|were|are|it's|that's|he's|she's|they're|saw|seen|(?:re)?watched|heard|remember|has|had|"
    r"did|made|does|"
    r"makes|stars|starred|stared|plays|played|came|thought|reminds?|because|caught|"
    r"(?:i|we|they|he|she|who) met|married|emigrated|immigrated|moved to|grew up|buried|retired|divorced|"
    r"(?:am|i'm) (?:born|from))\b",
    re.IGNORECASE,
)
_MADE = re.compile(r"(?:^|[,;:]|\b(?:but|and|or|only|be|films?|movies?|ones?))\s*made\s$", re.IGNORECASE)
"""A participle, and nothing that somebody did: "but made before 1985"."""
_SENTENCE_END = re.compile(r"[.?!\n]")
_CLAUSE_END = re.compile(r"[.?!,;:\n]|\bbut\b", re.IGNORECASE)
_THEN_TELLS = re.compile(
    r"^\W*(?:(?!that|which|who|where|with|in|if|unless)\w+\W+){0,3}?(?:is|are|was|were|has|had|made|makes|stars|starred|plays|"
    r"played|did|does|scared)\b",
    re.IGNORECASE,
)
_OF_TITLE = re.compile(r"\S {3,}(?:with|starring|by|featuring)\s(?:\s*\w+){0,4}\s*$", re.IGNORECASE)
"""A person right after a title, which stands as blanks: "<title> with Hilary Swank"."""
_IN_TITLE = re.compile(r"\W*(?:(?:and|&)\W+(?:\w+\W+){1,2})?in {3,}\S?", re.IGNORECASE)
_OF_THING = re.compile(
    r"\b(?:films?|movies?|flicks?|pictures?|books?|songs?|shows?|games?|ones?|comed(?:y|ies)|dramas?|thrillers?|musicals?|"
    r"westerns?|(?:something|anything|stuff)(?: \w+)?),? (?P<told>(?:that|which|who)(?:['’]s| is| are| was| were| has|"
    r" have| had)?(?: stars| starred| features| featured| played| made| came| plays)?)(?= )|"
    r"(?:^|[.!?\n])\W*(?P<opens>stars|starred|features|featuring|has)(?= )",
    re.IGNORECASE,
)
"""What a relative clause, or one without a subject, says of a thing: it is what the thing is, whoever told or asked."""
_OF_PEOPLE = re.compile(
    r"\bwhat (?:did|do|were|was) (?:people|they|folks?|everyone|everybody|kids)\b(?: \w+){0,2}", re.IGNORECASE
)
"""What others did is asked after: "what did people watch in the fifties"."""
_YET_ASKS = re.compile(
    r"\b(?:would|please|want|looking|mood|need|is (?:safer|better|more like it|what|the (?:thing|one|ticket)))\b",
    re.IGNORECASE,
)
_PLEASE = re.compile(r"(?: (?:films?|movies?|ones?))?,?\s+(?:please|pls|plz)\b", re.IGNORECASE)
"""Right behind a word that is asked for, whatever was told before: "we emigrated in 1981, a comedy please"."""
_THEM = re.compile(
    r"\b(?:with|by|starring|from) (?:him|her|them)\b|\b(?:his|her|their) (?:other |older |"
    r"newer )?(?:movie|film|book|song|work)s\b",
    re.IGNORECASE,
)


_JUDGES = re.compile(
    r"\b(?:watch(?:ed|ing)?|(?:couldn't|could not|didn't) finish|bored|asleep|left me|own|wasn't|isn't|"
    r"knows?|done|finished|looks?|sounds?|"
    r"fand|habe|war|visto|adoré|vu|me encanta|meets)\b",
    re.IGNORECASE,
)


def judges(clause: str) -> bool:
    """Whether a clause in which an item is named only says what the person makes of it.

    >>> judges("I watched        yesterday"), judges("something like         with a dog")
    (True, False)
    """
    asks = _ASKS.search(clause)
    return not asks and any(pattern.search(clause) for pattern in (_LIKES, _TELLS, _JUDGES))


def is_liked(text: str, start: int) -> bool:
    """Whether the sentence says before a place that somebody likes what comes there.

    >>> is_liked("I love Tyler Perry. Any comedy?", 7), is_liked("I love it. Tyler Perry was in that", 11)
    (True, False)
    """
    opens = max((match.end() for match in _SENTENCE_END.finditer(text, 0, start)), default=0)
    return _LIKES.search(text.replace("’", "'"), opens, start) is not None


_FOND_NOW = re.compile(
    rf"\b(?:(?:{_PEOPLE}) (?:like|dig|love|enjoy|adore)|(?:loves|likes|enjoys|adores|digs)|"
    r"(?:am|i'm|im|is|he's|she's|we're|they're|are|really|much|so|big|huge|heavily) (?:into|on)|fans? of|fond of|"
    r"(?:mad|crazy|nuts) (?:about|for)|ich (?:mag|liebe)|j'(?:aime|adore)|me (?:gustan?|encantan?))"
    r"(?: (?!(?:it|him|her|them|that|this|was|when|how|if|but|because)\b)[\w'-]+){0,2}\W*$",
    re.IGNORECASE,
)
"""What says right before a place that somebody likes what comes there, now and in general."""


_NOT_TODAY = re.compile(
    r"\b(?:but|just|only)?\s*not (?:for )?(?:now|today|tonight|this time|again)\b", re.IGNORECASE
)


def is_fond_of(text: str, start: int) -> bool:
    """Whether somebody is said to be fond of what comes at a place, as a taste that holds today.

    >>> is_fond_of("she loves old musicals", 14), is_fond_of("I loved that musical", 13)
    (True, False)
    """
    fond = _FOND_NOW.search(text[:start].replace("’", "'"))
    return fond is not None and not _NOT_TODAY.search(text, start)


def is_statement(text: str, start: int, end: int) -> bool:
    """Whether what stands from ``start`` to ``end`` is told, not asked for.

    The nearest word before it in its sentence that asks or tells decides; without one, the words right
    after it do. What nothing speaks of is asked for, as in "comedies from the 90s".

    What a relative clause says of the thing asked for is asked for too: "anything that's new, with Cher".

    >>> said = "I love Tyler Perry. Can you recommend a comedy?"
    >>> is_statement(said, 7, 18), is_statement(said, 40, 46), is_statement("action is good too", 0, 6)
    (True, False, True)
    """
    plain = _OF_PEOPLE.sub(_blank_all, _OF_THING.sub(_blank, text.replace("’", "'")))
    opens = max((match.end() for match in _SENTENCE_END.finditer(plain, 0, start)), default=0)
    before = _MADE.sub(" ", plain[opens:start])
    asks, tells = _last(_ASKS, before), max(_last(_LIKES, before), _last(_TELLS, before))
    if _OF_TITLE.search(plain[:start]) or _IN_TITLE.match(plain[end:]):
        return True
    if _PLEASE.match(plain, end):
        return False
    if asks < 0 and tells < 0:
        closes = _CLAUSE_END.search(plain, end)
        after = plain[end : closes.start() if closes else len(plain)]
        tells = 0 if _THEN_TELLS.search(after) and not _YET_ASKS.search(after) else -1
    return tells > asks and not _THEM.search(plain, end)


def is_person_told(text: str, start: int, end: int) -> bool:
    """Whether a person is only told of: by the sentence before, or the one behind, where their own says nothing.

    >>> is_person_told("Oh nice! With Bruce Willis. Yes, I've seen that.", 14, 26)
    True
    >>> is_person_told("I want something funny. With Jim Carrey.", 29, 39), is_person_told("with Bruce Willis", 5, 17)
    (False, False)
    """
    if re.search(r"\($", text[:start]) and text[end : end + 1] == ")":
        return True
    plain = _OF_THING.sub(_blank, text.replace("’", "'"))
    opens = max((match.end() for match in _SENTENCE_END.finditer(plain, 0, start)), default=0)
    asks, tells = _last(_ASKS, plain[:start]), max(_last(_LIKES, plain[:start]), _last(_TELLS, plain[:start]))
    if asks >= opens or (asks < 0 and tells < 0 and opens == 0 and not _SENTENCE_END.search(plain, end)):
        return False
    if asks < 0 and tells < 0:
        behind = plain[end:]
        told = [match.start() for p in (_LIKES, _TELLS) if (match := p.search(behind))]
        asked = _ASKS.search(behind)
        return bool(told) and not (asked and asked.start() < min(told))
    return tells > asks


def _blank_all(match: re.Match[str]) -> str:
    return "x" * len(match[0])


def _blank(match: re.Match[str]) -> str:
    """What stands before the verb of such a clause, the verb itself as a word that says nothing."""
    start, end = match.span("told" if match["told"] else "opens")
    start, end = start - match.start(), end - match.start()
    return f"{match[0][:start]}{'x' * (end - start)}{match[0][end:]}"


def _last(pattern: re.Pattern[str], text: str) -> int:
    """Where the last match ends, or -1."""
    return max((match.end() for match in pattern.finditer(text)), default=-1)
