"""What a message leaves to search for, when titles, conditions and small talk are taken out of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import pairwise

from tastemaker.agent.negation import NEGATION
from tastemaker.agent.numbers_said import numbers_said
from tastemaker.agent.told import judges
from tastemaker.agent.words import STOPWORDS, clause_starts, words
from tastemaker.retrieval.catalog import Catalog
from tastemaker.retrieval.constraints import Constraint

FILLER = frozenset(
    """actor actress alright amazing appreciate awesome bad best better big boring bye bit check cool course
    definitely dull either else enjoy enjoyed ever excellent fan fantastic favorite favorites favourite favourites
    featuring fine first funniest getting glad going guess haha hate hated heard hmm hope idea ideas instead know last
    lately least list lol love mean mind mood name nice now oh only open opinion perfect perhaps recently
    recommended said second sorry sounds starring still stuff sure take think third thx titles totally try type types
    u ur watched watching wait welcome well wonderful wonder won't worse worst wow yeah yep yet directed director
    don't didn't haven't hasn't isn't it's that's can't am i'll i've he's she's done doing two three both by since
    comes close number just lots please again nothing go back style lines along similar cross meets yes film times many whatever surprise quiero busco quisiera pelicula peliculas gusta gustan je veux cherche voudrais ich mochte suche will mag aber anos annees me after before between until seit aus den der die das ein eine einen mit
    etwas film filme von un une le la les de des du avec una con el los las uno""".split()
)
"""Further words that say nothing of what is wanted: judgements, politeness, pointers at other words."""

_OPENING = re.compile(
    r"^\W*(?:(?:hi|hello|hey|there|yes|yeah|yep|no|nope|ok|okay|sure|well|oh|thanks?|thank you|great|cool|awesome|"
    r"nice|good|perfect|lol|haha|so|and|or|also|then|now|please|maybe|actually)\b\W*)+",
    re.IGNORECASE,
)
_SMALL_TALK = re.compile(
    r"\bhow are you\b|\bi(?:'m| am|m) (?:doing )?(?:good|great|fine|well|ok)\b|\bhappy (?:new|holiday)|"
    r"\b(?:have|did|do|are) you (?:ever )?(?:seen|watch(?:ed)?|see|heard|like|familiar)\b|"
    r"\bi(?:'ve| have|'m)?(?: also| already| actually| just| never| not|n't| haven't| did)* "
    r"(?:seen|saw|watched|heard|remember)\b|\bhaven't (?:seen|watched|heard)\b|"
    r"\bi(?:'ll| will| should| have to| need to| might)\b(?! need)|\bsounds? (?:good|great|like)\b|"
    r"\bnice to meet\b|\bhave a (?:good|great|nice)\b|\bi agree\b|\bwhat (?:would|do|can|should) you\b|"
    r"^\W*(?:it|that|this|that one|this one|they|those|these|he|she)(?:'s| is| was| were| are| has| had| does|'ll| did)\b",
    re.IGNORECASE,
)
_DANGLING = frozenset("a an and by but for from in like of on or the to with".split())


def wish_said(
    text: str,
    spans: Iterable[tuple[int, int]],
    labels: Collection[str],
    titles: Collection[tuple[int, int]] = (),
) -> str:
    """Clauses that say more than conditions, negations and small talk, joined by commas.

    Args:
        text: the message, titles blanked out.
        spans: further characters to leave out: numbers, references.
        labels: normal forms of words that conditions stand for.
        titles: where items are named; a clause that judges one wishes for nothing.
    """
    plain = blanked(text, spans).replace("’", "'")
    places = [*clause_starts(plain), len(plain)]
    clauses = [
        plain[a:b]
        for a, b in pairwise(places)
        if not (any(a <= start < b for start, _ in titles) and judges(plain[a:b]))
    ]
    opened = [trimmed(_OPENING.sub("", one)) for one in clauses if not NEGATION.search(one)]
    kept = [
        one
        for one in opened
        if one and not _SMALL_TALK.search(one) and says_more(one, labels, STOPWORDS | FILLER)
    ]
    return ", ".join(dict.fromkeys(kept))


def bare_wish(wish: str, constraints: Iterable[Constraint], catalog: Catalog) -> str:
    """A wish without the years and amounts in it; nothing, where constraints say all of it already."""
    bare = trimmed(blanked(wish, [(start, end) for _, start, end in numbers_said(wish, catalog)]))
    held = {word.norm for constraint in constraints for word in words(str(constraint.value))}
    return bare if says_more(bare, held) else ""


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with spans overwritten by blanks, so that offsets stay."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def trimmed(clause: str) -> str:
    """A clause without the little words at its end, which pointed at something that is now elsewhere."""
    tokens = words(clause)
    while tokens and tokens[-1].norm in _DANGLING:
        tokens.pop()
    return " ".join(clause[: tokens[-1].end].split()) if tokens else ""


def says_more(clause: str, labels: Collection[str], empty: Collection[str] = STOPWORDS) -> bool:
    """Whether a clause has a word that neither says nothing nor is one of ``labels``."""
    return any(word.norm not in empty and word.norm not in labels for word in words(clause))
