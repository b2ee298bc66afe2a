"""What of a message asks for nothing and turns nothing down: what one does meanwhile, what one does not care about."""

from __future__ import annotations

import re

_END = r"[^.,;:!?\n]*?(?=[.,;:!?\n]|\s+(?:but|so|and (?:i|we|it)|just|only)\b|$)"
_MEANWHILE = re.compile(
    rf"\bwhile (?:i|we|she|he|they|you|(?:my|our|the|his|her) \w+)\b{_END}"
    rf"|\b(?:put|have|leave) (?:it )?on (?:while|during|in the background|when (?:i|we))\b{_END}",
    re.IGNORECASE,
)
_INDIFFERENT = re.compile(
    r"\b(?:(?:i|we)\s+)?(?:(?:do not|don['’]?t|couldn['’]?t|could not)\s+(?:really\s+|much\s+)?"
    rf"(?:care|bother|give a \w+)\b(?! for\b)(?!\s*$){_END}"
    rf"|\b(?:it\s+)?(?:does not|doesn['’]?t|does n['’]?t) (?:really )?matter\b(?:\s+to me)?{_END}"
    rf"|\bno matter (?:what|how|who|when|where|whether|if|the)\b{_END})",
    re.IGNORECASE,
)
_SARCASTIC = re.compile(
    r"(?:^|(?<=[.!?\n]))\W*(?:oh,? |wow,? |ah,? )?(?:great|brilliant|wow|wonderful|fantastic|lovely|super|yay|joy|"
    r"marvellous|oh)\b[,!]*\s+(?:yet (?:another|more)|another|more)\b(?! (?:one|please|like|of|from|with)\b)"
    r"(?:\s+[\w'’-]+){4,}",
    re.IGNORECASE,
)
"""What somebody has had enough of: "oh brilliant, yet more whispering in corridors about who inherits"."""
_OF_OTHERS = re.compile(
    r"(?:\b(?:that|which|for)\s+)?\b(?:people|those|some(?:one|body)|any(?:one|body)|folks|a person|guys|viewers)"
    r"\s+(?:who|that)\s+(?:\w+ly\s+|even\s+|always\s+|never\s+)*"
    r"(?:hates?|dislikes?|avoids?|(?:do not|does not|don['’]?t|doesn['’]?t|can['’]?t|cannot) (?:really )?"
    r"(?:like|love|stand|enjoy|watch|get|read|play|care for))\s+(?P<what>[\w-]+)"
    r"(?:\s+(?:would|will|might|may|could|can|should)\s+(?:still |also |even )?(?:like|love|enjoy|watch))?",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"(?:(?<=^)|(?<=[.,;:!?\n]))\W*(?:(?:but|and|so|please|oh)\W+)*(?:no|not|nothing|none|without|skip|avoid|never|"
    r"anything but|"
    r"(?:i|we) (?:don['’]?t|do not|can['’]?t) (?:want|like|stand|do))\b(?! (?:too|so|that|as|very)\b)[^.,;:!?\n()–]*?"
    r"(?:\s*[,;:(–-]\s*|\s+(?=(?:because|since|as|cos|cause)\s+(?:i|we|it|they|he|she|that)\b))"
    r"(?P<why>(?:(?:because|since|as|cos|cause)\s+)?"
    r"(?:(?:i|we|she|he|they) (?:always |just |really |personally )?(?:finds?|thinks?|considers?|call)\b[^.,;!?\n)]*|"
    r"(?:it|they|that|those|these|he|she|all of them)(?: all| both| just| always| really)*"
    r"(?:['’](?:s|re)| is| are| was| were| bores?| annoys?| puts?| drives?| makes?| gives?| sends?| leaves?| gets?)\b"
    r"[^.,;!?\n)]*|(?:so |just |really |deadly |utterly |very |pretty )*"
    r"(?:dull|boring|tedious|overrated|annoying|irritating|yawn|"
    r"snoozefest|a snooze|meh|awful|terrible|rubbish|silly|stupid|depressing|cheesy|"
    r"not my (?:thing|cup of tea)|never liked (?:it|them))"
    r"(?: stuff| thing| sport)?(?=\s*(?:$|[.,;!?\n)]))))",
    re.IGNORECASE,
)
"""The reason that somebody gives for a refusal: "no golf, I find it dull"."""
_LIMITS = re.compile(r"\b(?:too|so|way|much)\b", re.IGNORECASE)
"""In a reason it names what there should be less of."""
_SEEN_BEFORE = (
    r"(?:saw|watched|seen|last (?:week|night|time|month|year|one|\w+day)|yesterday|the other (?:day|night)|tried|"
    r"finished)"
)
_REMARK = re.compile(
    rf"\b{_SEEN_BEFORE}\b[^.;!?\n]*? {{3,}}[^.;!?\n]*?"
    r"(?P<remark>,?\s*\b(?:which|that|it|and it|but it) "
    r"(?:was|were|is|felt|seemed|looked|turned out|dragged|had)\b[^.;!?\n]*|"
    r"[,;–-]\s*(?:(?:was|felt) )?"
    r"(?:(?:a )?(?:bit|little|tad|touch)|rather|very|quite|pretty|really|kind of|sort of|fairly)"
    r"(?: of a)? \w+(?: (?:film|movie|one|for (?:me|us|my taste)))?(?:,? (?:that one|that|this one|though|it was))?)"
    r"(?=\s*(?:$|[.;!?\n]|,))",
    re.IGNORECASE,
)
"""What somebody thought of a title seen before, which stands as blanks: "we saw <title>, a bit long that one"."""
_POINTED_AT = (
    r"the (?!(?:first|second|third|fourth|fifth|last|next|other|same|right|best|only|new|whole) )"
    r"(?:[\w'’-]+ ){1,3}?one\b"
)
_THAT_ONE = re.compile(
    rf"\b{_POINTED_AT}(?! (?:where|about|in which|that|who|please|then)\b)"
    r"(?=\s+(?:(?:i|we)(?:['’]ve| have| had)?(?: already)? (?:know|knew|seen|saw|had|own|loved|liked)|"
    r"sounds?|looks?|would|was|seems?|might|could|will)\b)|"
    rf"(?:(?<=\bseen )|(?<=\bloved )){_POINTED_AT}(?: with(?: \w+){{1,3}}(?=[.,;!?]|$))?",
    re.IGNORECASE,
)
"""An item that is pointed at by what it is like, and no wish: "the animal one would finish me off"."""
_BY_THE_WAY = re.compile(
    r"(?:(?<=^)|(?<=[.,;!?\n(]))\s*(?:(?:ok|okay|please),? )?(?:do not|don['’]?t) (?:you )?"
    r"(?:laugh|judge(?: me)?|ask(?: me)?(?: why)?)"
    r"(?=\s*(?:$|[.,;:!?)\n]))",
    re.IGNORECASE,
)
"""What asks of whoever reads it: "don't laugh"."""
MIN_STEM = 5
"""Letters by which a word and its plural are held for the same."""


def find_asides(message: str) -> list[tuple[int, int]]:
    """Where a message tells what is nothing to search for and nothing to avoid.

    >>> find_asides("a film for someone who hates musicals")
    []
    >>> texts = ("something to put on while I'm cooking", "visually stunning, don't care about the story")
    >>> [text[a:b] for text in texts for a, b in find_asides(text)]
    ["put on while I'm cooking", "don't care about the story"]
    >>> texts = "no golf please, I find it dull", "we saw      last week, a bit long that one. a war film"
    >>> [text[a:b].strip(" ,") for text in texts for a, b in find_asides(text)]
    ['I find it dull', 'a bit long that one']
    """
    found = [
        match.span()
        for pattern in (_MEANWHILE, _INDIFFERENT, _SARCASTIC, _BY_THE_WAY, _THAT_ONE)
        for match in pattern.finditer(message)
    ]
    found += [match.span("why") for match in _WHY.finditer(message) if not _LIMITS.search(match["why"])]
    found += [
        match.span("remark") for match in _REMARK.finditer(message) if not _LIMITS.search(match["remark"])
    ]
    return found + [match.span() for match in _OF_OTHERS.finditer(message) if _is_asked_anyway(match)]


def _is_asked_anyway(match: re.Match[str]) -> bool:
    """Whether what others dislike is asked for beside: "musicals for people who hate musicals"."""
    beside = f"{match.string[: match.start()]} {match.string[match.end() :]}".casefold()
    return re.search(rf"\b{re.escape(match['what'].casefold()[:MIN_STEM])}", beside) is not None
