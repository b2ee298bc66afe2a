"""What of a message neither asks for anything nor turns it down: what one does meanwhile, what one does not care about."""

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


def find_asides(message: str) -> list[tuple[int, int]]:
    """Where a message tells what is nothing to search for and nothing to avoid.

    >>> texts = ("something to put on while I'm cooking", "visually stunning, don't care about the story")
    >>> [text[a:b] for text in texts for a, b in find_asides(text)]
    ["put on while I'm cooking", "don't care about the story"]
    """
    return [match.span() for pattern in (_MEANWHILE, _INDIFFERENT) for match in pattern.finditer(message)]
