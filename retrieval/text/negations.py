"""What a request wants and what it does not, told apart by the words that English negates with."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FILLERS = (
    r"(?:\s+(?:to|any|anything|something|it|too|so|very|overly|the|a|an|with|be|eat|have|use|make|that['’]?s?"
    r"|is|has|contains?|as|from|in))*"
)
_VERBS = (
    r"(?:\s+(?:really|even|want|like|need|have|eat|stand|use|include|contain|involve|require|be|do|drink"
    r"|tolerate|handle|enjoy|feature|get|make|cook|taste))*"
)
_NEGATED = (
    r"(?:(?:do|does|did|is|are|was|ca|wo|would|could|should)n['’]?t"
    r"|(?:do|does|did|would|should|could|will|is|are)\s+not|can\s?not|can['’]?t|won['’]?t)"
)
_UNWANTED = re.compile(
    rf"""\b(?:
      (?:not|nothing|no)(?!\s+(?:only|just|sure|longer|more\ than|matter))
    | without(?:\s+(?:using|having|needing))?
    | {_NEGATED}{_VERBS}
    | (?:ran|run|running|am|i['’]m|are|we['’]re)\s+out\s+of
    | forgot\s+to\s+(?:buy|get|bring)
    | instead\ of|rather\ than|other\ than|apart\ from|aside\ from|as\ opposed\ to
    | except(?:\ for)?|excluding|anything\ but|everything\ but
    | hates?|dislikes?|avoid(?:ing)?|allergic\ to|(?:sick|tired|bored)\ of|fed\ up\ with|skip
    | too(?=\ (?:un|oily|greasy|much|many|fat))
    | less|fewer
    ){_FILLERS}\s+""",
    re.IGNORECASE | re.VERBOSE,
)
_STOPS = re.compile(
    r"[.,;:!?()\n]|\b(?:but|and\s+(?:i|is|has|that|with)|because|since|so|that\s+(?:is|are|has|have|can|will)|which|who|i['’]?m|i|for|when|while|if|please)\b",
    re.IGNORECASE,
)
MAX_UNWANTED_WORDS = 8
"""A negation reaches no further."""


@dataclass(frozen=True, slots=True)
class Request:
    """Attributes: the part that is ``wanted``, and the ``unwanted`` things, in their order; all may be empty."""

    wanted: str
    unwanted: tuple[str, ...]


def split_negations(text: str) -> Request:
    """Tell what is wanted from what is not.

    >>> split_negations("a pasta without cream, but not too spicy")
    Request(wanted='a pasta', unwanted=('cream', 'spicy'))
    """
    wanted, unwanted, at = list[str](), list[str](), 0
    while found := _UNWANTED.search(text, at):
        end = _reach(text, found.end())
        wanted.append(text[at : found.start()])
        unwanted.append(text[found.end() : end])
        at = end
    wanted.append(text[at:])
    kept = " ".join(" ".join(wanted).split()).strip(" ,;.")
    kept = re.sub(r"(?:[\s,;.]+(?:but|and|with|or|that))+$", "", kept)
    return Request(kept, tuple(said for part in unwanted if (said := " ".join(part.split()).strip(" ,;."))))


def _reach(text: str, start: int) -> int:
    """Where what is negated ends."""
    stop = _STOPS.search(text, start)
    end = stop.start() if stop else len(text)
    words = [word.end() for word in re.finditer(r"\S+", text[start:end])]
    return start + words[MAX_UNWANTED_WORDS - 1] if len(words) > MAX_UNWANTED_WORDS else end
