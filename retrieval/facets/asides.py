"""What of a message tells or asks something and wishes for nothing: "I'm from Italy", "is it scary".

The same words are wishes elsewhere ("something from Italy"), so it is their place in a clause that is looked at.
"""

from __future__ import annotations

import re

_WHO = r"(?:i|we|you|he|she|they|(?:my|our|his|her)(?:\s+[\w'-]+){1,2}?)"
_BE = r"(?:\s*'?m|\s*'?re|\s*'?s|\s+(?:am|are|is|was|were|been|'ve been|have been|has been))"
_MODE = (
    r"(?:\s+(?:half|originally|actually|also|now|just|currently|partly|really|still|from|in|called|"
    r"named|an?))*"
)
_DWELL = (
    r"(?:live|lives|lived|living|work|works|worked|working|stay|stays|staying|study|studies|studied|studying|grew up|"
    r"was born|were born|moved|move|moving|"
    r"come|comes|came|travelled|travel|flew|flying|learn|learning|speak|speaks|"
    r"teach|teaches|taught|used to (?:live|work|study|be))"
)
_OWN = re.compile(
    rf"(?:^|[.!?;,:(\n-]|\b(?:and|but|because|since|as|so|while|where|that))\s*"
    rf"(?:{_WHO}{_BE}{_MODE}|{_WHO}(?:{_BE})?\s+{_DWELL}(?:\s+(?:in|at|from|to|for|as|near|a|an|the|some|"
    r"lots of))*)\s*$"
)
"""Before a word: it says what somebody is, or where somebody lives, works or comes from."""
_LOOK_BACK = 80
"""Letters before a word that are looked at."""
_ENDS = re.compile(r"\s*(?:$|[.!?;,:)\n-]|(?:and|but|so|because|too|myself|now|at|in|since|for|who)\b)")
"""Behind it the clause ends: "I'm French" does, "I'm French film mad" does not."""

_QUESTION = re.compile(
    r"(?:^|[.!?;\n]\s*|,\s*(?:and|but|so)?\s*|^(?:so|and|but|ok|okay|hmm|oh|well|hey),?\s+)(?P<told>"
    r"(?:is|was|are|were|does|did|has|had) (?:it|this|that one|that|he|she|they|these|"
    r"those|(?:the )?(?:first|second|third|"
    r"fourth|fifth|last|other) (?:one)?|the (?:violence|ending|end|story|plot|sex|romance|humou?r|acting|"
    r"pace|music|language|whole thing))\b(?! (?:possible|ok|okay|too much))"
    r"|how (?:\w+ )?(?:is|was|are|were)\b(?! (?:about|it going))"
    r"|who (?:plays|played|is|was|directed|made|wrote|stars|starred|did|dies)\b"
    r"|(?:do|did) (?:people|critics|others|you|they) (?:like|think|enjoy|hate|watch)\b"
    r"|what(?:'s| is| was) (?!(?:a|an|some|something|the (?:\w+est|best|most|least))\b)[^.!?;\n]{0,40}\babout\b"
    r"|are you\b|you(?:'re| are)\b)"
)
_REPORT = re.compile(
    r"(?:^|[.!?;,\n]\s*|\b(?:and|but|because|since)\s+)(?P<told>"
    r"(?:i|we)(?: have|'ve| had)?(?: already| just| only| once| both)? (?:watched|saw|seen|gave|rated) "
    r"(?:it|that|this|them|"
    r"that one|this one|these|those)\b"
    r"|(?:it|that one|this one|that|this) (?:made|got|gets|had|won|has won|only got|reminded|reminds)\b)"
)
_PAST = (
    r"(?:was|were|said|told|thought|used to|cancell?ed|broke|had|did|died|left|got|found|called|went|came|took|"
    r"read|heard|finished|worked|lost|met|spent|asked|saw|watched)"
)
_NEWS = re.compile(
    rf"(?:^|[.!?;,\n]\s*|\b(?:and|but|because|since|as)\s+)(?P<told>"
    rf"(?:he|she|they|(?:my|our|his|her|the|that|this|your) (?:other )?[\w']+(?: day i)?|i|we) {_PAST}\b"
    rf"(?! (?:looking|hoping|thinking|wondering|after|in the mood|searching|wanting))(?![^.!?;\n]{{0,40}}\btoo\b)"
    r"|(?:can|could|will|would) you (?:be|answer|reply|write)\b"
    r"|it(?:'s| is| was) (?:(?:so|very|really|too|all) )?\w+ (?:here|at home|at work)\b)"
)
"""What happened to somebody, and how the talk should go; "the last one was too long" is a wish."""
_CLAUSE_END = re.compile(r"[.!?;,\n]|\s(?:but|so|and (?:now|i|we)|now|instead)\s|$")


def find_asides(text: str) -> list[tuple[int, int]]:
    """Spans of a flat text (:func:`tastemaker.retrieval.facets.words.flat`) in which something is asked or told.

    >>> texts = ("ok, is it scary?", "we saw it with the kids, now something funny")
    >>> [text[a:b] for text in texts for a, b in find_asides(text)]
    ['is it scary', 'we saw it with the kids']
    """
    found = [
        (match.start("told"), _CLAUSE_END.search(text, match.end("told")).start())  # type: ignore[union-attr]
        for pattern in (_QUESTION, _REPORT, _NEWS)
        for match in pattern.finditer(text)
    ]
    return list(dict.fromkeys(found))


def is_of_somebody(text: str, start: int, end: int) -> bool:
    """Whether the words of a span say what somebody is or where somebody lives, not what is wished for.

    >>> is_of_somebody("my wife is french, something funny", 11, 17), is_of_somebody("i want a french film", 9, 15)
    (True, False)
    """
    before = text[max(0, start - _LOOK_BACK) : start]
    return _ENDS.match(text, end) is not None and _OWN.search(before) is not None
