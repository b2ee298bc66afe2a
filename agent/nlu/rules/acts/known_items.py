"""What people have seen already, said of what was shown or just named: "we've done those", "know them by heart".

Such words tell nothing of how much somebody likes a thing or how well known a wanted one should be. They only keep
what they speak of out of later lists.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tastemaker.agent.nlu.rules.ordinals import read_places
from tastemaker.agent.nlu.tokenizer import find_stop

_WHO = (
    r"(?:(?:i|we|you(?= all)|he|she|they|it['’]?s? all|all of us|both of us|everyone|everybody|"
    r"every (?:\w+ )?here|"
    r"(?:my|our|his|her|their|the) \w+)(?:['’](?:ve|s|d|m)| have| has| had| am)?\s+)?"
    r"(?:(?:both|all|already|probably|just|definitely|also|actually|recently|only just|of course)\s+)*"
)
_VERB = r"(?:(?:re-?)?(?:seen|watched|read|played)|saw|did|done|finished|knows?|knew|owns?|owned|had)"
_ALL = r"(?:(?:nearly|almost|pretty much|basically|virtually)\s+)?(?:all|both|most|each|every one|every single one|any)"
_THEM = (
    rf"(?:(?:{_ALL}\s+(?:of\s+)?)?(?:these|those|them|['’]?em)(?: (?:ones|films|movies|books|two|three))?|"
    rf"(?:it|that|this)(?: one| film| movie| book)?|the (?:whole )?lot|"
    rf"{_ALL}|every(?:thing| one) (?:here|in (?:there|here)|(?:on|in) (?:there|it|(?:the|this|that|"
    rf"your) list)))"
)
_BEHIND = (
    r"(?:[,\s]+(?:all|both|already|before|too|by heart|inside out|backwards|to death|yesterday|recently|"
    r"years ago|"
    r"(?:a |the )?(?:[\w-]+ ){1,2}times|twice|once|last \w+|the other (?:day|night)|on \w+day|"
    r"at the cinema|by now|"
    r"anyway|of course))*"
)
_ON_DISC = (
    r"(?:\s+(?:all|both|already|somewhere))* on (?:dvd|blu-?ray|tape|vhs|disc|cd|vinyl|(?:the|my|our) shelf)"
)
_OWNED = re.compile(
    r"(?:(?:\b(?:i|we|he|she|they)(?:['’](?:ve|s))? |^\W*)(?:already )?(?:got|have|has|own|owns))\b"
    r"[^.,;:!?\n]*?(?P<disc>\bon (?:dvd|blu-?ray|tape|vhs|disc|cd|vinyl|(?:the|my|our) shelf))\b(?!\s*\?)",
    re.IGNORECASE,
)
_KNOWN = re.compile(
    rf"(?:(?<=^)|(?<=[.,;:!?\n(–-])|(?<=\s))(?:{_WHO}{_VERB}\s+{_THEM}{_BEHIND}|"
    rf"{_WHO}(?:got|have|has|own|owns|['’]ve got)\s+{_THEM}{_ON_DISC}{_BEHIND}|"
    rf"who (?:hasn['’]t|has not) {_VERB}\s+{_THEM}|been there,? done that)"
    r"(?=\s*(?:$|[.,;:!?)\n–-]|(?:and|but|so|except|apart|bar|other|now|or|then)\b))",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"(?:n['’]t|\bnot|\bnever|\bnone|\bnobody|\bno one|\bhaven['’]?t|\bhavent)\s+(?:\w+\s+){0,2}$|"
    r"\b(?:you|if|until|once|as though|want(?:ed)? to|like to|to|and then)\s+$",
    re.IGNORECASE,
)
_FACT = re.compile(
    r"\b(?:knows?|knew|had)\s+(?:it|that|this)\b(?!.*\b(?:already|by heart|inside out|backwards)\b)",
    re.IGNORECASE,
)
"""Words that say what is known and no item: "I know that", "we had it"."""
_DONE_WITH = re.compile(
    r"\b(?:did|done)\s+(?:it|that|this)\b(?!.*\b(?:already|before|last|times|twice|yesterday)\b)",
    re.IGNORECASE,
)
_JOINS = re.compile(r"[\s,.?!:;–-]*(?:(?:and|or|nor|yeah|yes|ok|well|but|i|we)\b[\s,]*)*", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.?!\n]")
_JUDGED = re.compile(
    r"\b(?:love[ds]?|like[ds]?|enjoy\w*|hate[ds]?|favou?rites?|great|good|boring|bored)\b", re.IGNORECASE
)
_BUT = re.compile(
    r"[\s,]*(?:except(?: for)?|but(?: not)?|apart from|bar|other than|save(?: for)?)\s+", re.IGNORECASE
)


def find_known(text: str) -> list[tuple[int, int]]:
    """Where a message says of what was shown, or of titles just named, that somebody has seen it.

    >>> said = "seen it. and we know all of those by heart, so"
    >>> [said[a:b] for a, b in find_known(said)]
    ['seen it', 'we know all of those by heart']
    >>> find_known("I've never seen any of these"), find_known("have you seen it?"), find_known("seen that actor")
    ([], [], [])
    """
    found = []
    for match in _KNOWN.finditer(text):
        before, said = text[: match.start()], match[0]
        if _DENIED.search(before) or _FACT.search(said):
            continue
        if _DONE_WITH.search(said) and "been there" not in said.casefold():
            continue
        found.append(match.span())
    return found


def find_owned(text: str) -> list[tuple[int, int]]:
    """Where a message says on what somebody has a thing, which asks for no such edition.

    >>> said = "we've got the first one on DVD"
    >>> [said[a:b] for a, b in find_owned(said)]
    ['on DVD']
    """
    return [match.span("disc") for match in _OWNED.finditer(text)]


def find_known_titles(text: str, titles: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The titles that such words follow, unless the sentence says how somebody likes them.

    Args:
        text: a message whose titles are blanked out.
        titles: where these stand.

    >>> find_known_titles("       or        , we know those", [(0, 6), (10, 18)])
    [(0, 6), (10, 18)]
    >>> find_known_titles("I loved     , seen it twice", [(8, 12)])
    []
    """
    found = []
    for start, _ in find_known(text):
        end = start
        for title in sorted(titles, reverse=True):
            if title[1] > end or not _JOINS.fullmatch(text, title[1], end):
                continue
            end = title[0]
            opens = max((match.end() for match in _SENTENCE_END.finditer(text, 0, end)), default=0)
            if not _JUDGED.search(text, opens, end):
                found.append(title)
    return sorted(found)


_IT = re.compile(r"\b(?:it|that|this)\b(?: (?:one|film|movie))?\W*$", re.IGNORECASE)


def find_known_behind(text: str, end: int) -> bool:
    """Whether words behind a place say that it is known: "the first one's a classic, seen it".

    >>> find_known_behind("the first one's a classic, seen it. the third is new", 13)
    True
    >>> find_known_behind("the first. I have seen all of them", 9)
    False
    """
    stop = _SENTENCE_END.search(text, end)
    return any(
        end <= a and b <= (stop.end() if stop else len(text)) and _IT.search(text[a:b])
        for a, b in find_known(text)
    )


def find_exceptions(text: str) -> list[tuple[int, int]]:
    """What a message leaves out of what is known.

    >>> said = "seen all but the third"
    >>> [said[a:b] for a, b in find_exceptions(said)]
    [' but the third']
    """
    ends = [end for _, end in find_known(text)]
    return [(end, find_stop(text, rest.end())) for end in ends if (rest := _BUT.match(text, end))]


def without_exceptions(text: str) -> str:
    """A message without what it leaves out of what is known: "seen all but the third"."""
    for start, stop in find_exceptions(text):
        text = f"{text[:start]}{' ' * (stop - start)}{text[stop:]}"
    return text


def find_known_places(message: str, number: int) -> tuple[int, ...]:
    """The places of a list of so many items that a message says to be known, all but those it leaves out.

    >>> find_known_places("we've seen them all except the third", 4), find_known_places("something older", 4)
    ((1, 2, 4), ())
    """
    known = find_known(message)
    if not known:
        return ()
    rest = _BUT.match(message, known[-1][1])
    spared = (
        {place for _, places in read_places(message[rest.end() :]) for place in places} if rest else set()
    )
    spared = {number + 1 + place if place < 0 else place for place in spared}
    return tuple(place for place in range(1, number + 1) if place not in spared)
