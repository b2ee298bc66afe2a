"""What a message asks for, by patterns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tastemaker.agent.nlu.understanding import Intent

_UNDO = re.compile(r"^\W*(undo|go back|scratch that|take (that|it) back|never ?mind that)\b", re.IGNORECASE)
_REDO = re.compile(r"^\W*(redo|bring (that|it) back|put (that|it) back)\b", re.IGNORECASE)
_MORE = re.compile(
    r"\b(something else|anything else|others?\b.*\bplease|other ones|show me (?:more|others)|more please|"
    r"different ones|next ones|(?:like|liked|want|seen)? ?none of (?:these|them|those)|what else|"
    r"(?:i've|i have|already) (?:seen|read|watched|heard|know) (?:them all|all of (?:them|these|"
    r"those)))\b|^\W*(more|others|next)\W*$|"
    r"^\W*(?:die )?(?:kenne? (?:ich|wir)|hab\w* (?:ich|wir)) (?:schon |"
    r"die )*alle?\b(?: schon)?(?: gesehen)?\W*$|"
    r"^\W*je (?:les )?(?:connais|ai) (?:d[ée]j[àa] |tou(?:te)?s )*(?:vue?s)?(?: d[ée]j[àa]|"
    r" tou(?:te)?s)*\W*$|"
    r"^\W*(?:ya )?(?:las|los) (?:he visto|conozco)(?: ya| tod[oa]s)*\W*$|"
    r"^\W*(?:li|le) (?:conosco|ho)(?: gi[àa]| tutt[ei]| visti| viste)+\W*$",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"^\W*(who(?!(?:['’]?s| is| wants| would be)? (?:up|in|game|ready|in the mood) for\b)|"
    r"whose|(?:when|where)(?=['’]?s\b|\W*$| (?:is|are|was|were|does|do|did|can|could|to|would|should|will|in|on)\b)|"
    r"why|which year|what year|what(?:['’]s| is| was)\b(?! (?:a|an|some|another|the) "
    r"(?!(?:first|second|third|fourth|fifth|last|other)\b)(?:\w+ ){0,3}?(?:film|movie|one|book|story|"
    r"flick|game|"
    r"recipe)s? (?!about\W*$)).*\babout|"
    r"tell me (?:more )?about|how (?:long|old)|what did you show|what(?:'s| is) .* like)\b",
    re.IGNORECASE,
)
_DESCRIBES = re.compile(
    r"\bwhat(?:'s| is| was|s)? (?:that|the|this|it called,? the) "
    r"(?!(?:first|second|third|fourth|fifth|last|other)\b|[^.?!]*\babout\W*$)(?:\w+ ){0,3}?(?:film|"
    r"movie|one|book|"
    r"song|story|flick|show|game)\b"
    r"[^.?!]*\b(?:where|in which|with|about|that|when|who)\b|\b(?:more|others?|something|"
    r"anything) like (?:that|it|this)\b",
    re.IGNORECASE,
)
"""A film half remembered, or a wish behind a question."""
_CHAT = re.compile(
    r"^\W*(?:(?:hi|hello|hey|there|thanks|thank you|thx|a lot|so much|very much|many|bye|goodbye|"
    r"good (?:morning|day|evening|"
    r"night|afternoon)|great|cool|ok|okay|nice|perfect|awesome|let me think(?: about (?:it|that))?|"
    r"i['’]?ll think about (?:it|that)|maybe later|hallo|ta|cheers|fab|super|no worries|"
    r"danke|bonjour|merci|hola|gracias)\b\W*)+$",
    re.IGNORECASE,
)
_ASKS_OF_TITLE = re.compile(
    r"(?:^|[.,;:!?\n]\s*|\b(?:and|but) )(?:and |so |but |also |(?:can you |please )*(?:tell|"
    r"remind) me |do you know )*(?:who\b[^.?!]*|what(?:'s| is| was)?|when (?:was|is)|tell me (?:more )?"
    r"about|what(?:'s| is) the \w+ of|how \w+ is|(?:is|was|does|did|has))\s+$",
    re.IGNORECASE,
)
_SO_WAS = re.compile(r"\bso (?:is|was|did|does|has)\s+$", re.IGNORECASE)


def read_intent(message: str, titles: Sequence[tuple[int, int]]) -> Intent:
    """The intent of a message, given where titles stand in it; a question may stand behind another request."""
    patterns = (
        (_UNDO, Intent.UNDO),
        (_REDO, Intent.REDO),
        (_CHAT, Intent.CHAT),
        (_QUESTION, Intent.QUESTION),
        (_MORE, Intent.MORE),
    )
    found = next((intent for pattern, intent in patterns if pattern.search(message)), None)
    if found is Intent.QUESTION and _DESCRIBES.search(message) and not titles:
        found = None
    before = [message[:start] for start, _ in titles]
    asks = any(_ASKS_OF_TITLE.search(clause) and not _SO_WAS.search(clause) for clause in before)
    return found or (Intent.QUESTION if asks else Intent.RECOMMEND)
