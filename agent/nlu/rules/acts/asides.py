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
MIN_STEM = 5
"""Letters by which a word and its plural are held for the same."""


def find_asides(message: str) -> list[tuple[int, int]]:
    """Where a message tells what is nothing to search for and nothing to avoid.

    >>> find_asides("a film for someone who hates musicals")
    []
    >>> texts = ("something to put on while I'm cooking", "visually stunning, don't care about the story")
    >>> [text[a:b] for text in texts for a, b in find_asides(text)]
    ["put on while I'm cooking", "don't care about the story"]
    """
    found = [
        match.span()
        for pattern in (_MEANWHILE, _INDIFFERENT, _SARCASTIC)
        for match in pattern.finditer(message)
    ]
    return found + [match.span() for match in _OF_OTHERS.finditer(message) if _is_asked_anyway(match)]


def _is_asked_anyway(match: re.Match[str]) -> bool:
    """Whether what others dislike is asked for beside: "musicals for people who hate musicals"."""
    beside = f"{match.string[: match.start()]} {match.string[match.end() :]}".casefold()
    return re.search(rf"\b{re.escape(match['what'].casefold()[:MIN_STEM])}", beside) is not None
