"""Whether a message asks for somebody else than the person who writes."""

from __future__ import annotations

import re

_KIN = (
    r"mum|mom|mother|mama|dad|father|papa|gran|granny|grandma|grandmother|nan|nana|grandad|grandpa|grandfather|"
    r"grandson|granddaughter|grandkids|grandchild(?:ren)?|son|daughter|kids?|child(?:ren)?|boys?|girls?|nephews?|"
    r"nieces?|godson|goddaughter|brother|sister|husband|wife|partner|boyfriend|girlfriend|friends?|colleagues?|boss|"
    r"aunt|uncle|cousins?|in-laws|parents|grandparents|neighbou?rs?|flatmates?|teacher|students?|class|"
    r"toddler|baby|twins|\d{1,2}[- ]year[- ]olds?|nipote|figli[oa]|sobrin[oa]|hij[oa]s?|abuel[oa]|filh[oa]s?|mère|père|"
    r"fille|fils|oma|opa|mutter|vater|tochter|sohn|kinder"
)
_KIN_ELSEWHERE = (
    r"(?:groß)?eltern|schwester|bruder|nichte|neffen?|enkel\w*|"
    r"mein\w* (?:mann|frau)|freund(?:in|e|innen)?|grand-mère|grand-père|mamie|papi|nièce|neveux?|sœur|"
    r"frère|mari|ma femme|"
    r"enfants?|copine?s?|copains?|ami(?:e|s|es)?|padres?|madre|mam[aá]|pap[aàá]|herman[oa]s?|novi[oa]|"
    r"marido|esposa|mi mujer|"
    r"niet[oa]s?|niñ[oa]s?|genitori|mamma|nonn[oai]|fratello|sorella|fidanzat[oa]|ragazz[oa]|moglie|marito|amic[oaih]e?|"
    r"bambin[oaie]|mãe|pai|pais|avó|avô|avós|irmão|irmã|namorad[oa]|amig[oa]s?|net[oa]s?|crianças?|moeder|vader|zus|broer|"
    r"vriend(?:in|en)?|ouders|kinderen|kind|dochter|zoon"
)
_FOR_ELSEWHERE = re.compile(
    rf"\b(?:für|fuer|para|pour|per|voor)\s+(?:\w+\s+){{0,3}}?(?:{_KIN}|{_KIN_ELSEWHERE})\b", re.IGNORECASE
)
_FOR = re.compile(
    rf"(?<!\bnot )(?<!n't )\b(?:for|für|para|pour|per)\s+(?:(?:my|our|his|her|their|a|an|the|some|two|"
    rf"three|mein\w*|meu|minha|mi|mia|mio|ma|"
    rf"mon|mes|les)\s+)?(?:\w+\s+){{0,2}}?(?:{_KIN})\b|\bfor (?:him|her|them|somebody else|someone else)\b",
    re.IGNORECASE,
)
_WITH_ME = re.compile(
    rf"\bfor (?:me|us) and\b|\b(?:{_KIN}) and (?:me|i)\b|\bfor my (?:husband|wife|partner|family) and me\b|"
    r"\b(?:und mich|für mich und|et moi|pour moi et|y yo|y para mí|para mí y|e io|e me|per me e|e eu|"
    r"e para mim|para mim e|"
    r"en mij|voor mij en)\b",
    re.IGNORECASE,
)
_THEIRS = re.compile(
    rf"\bmy (?:\w+\s+)?(?:{_KIN}) (?:turns|is|are|will be|wants?|needs?|loves?|likes?|adores?|just came)\b|"
    r"\bthis (?:one(?:'s| is)|is) for my\b",
    re.IGNORECASE,
)


_TELLS = (
    r"(?:used to be|work(?:s|ed)|serv(?:es|ed)|fought|loves?|likes?|adores?|enjoys?|(?:is |was )?in(?:to)?)"
)
_OF_THEM = re.compile(
    r"(?:^|[.,;:!?\n]|\b(?:and|who|but|because))\s*(?:he|she|they|who)?\s*"
    r"(?:once |always |really |totally |also )*"
    rf"\b{_TELLS}\s+(?P<what>(?!it\b|me\b|them\b|us\b|you\b)[^.,;:!?\n]+)",
    re.IGNORECASE,
)


_WANTS = (
    r"(?:(?:would |['’]d )?(?:likes?|loves?|prefers?)|(?:really )?wants?|fancies|fancy|needs?|"
    r"(?:is|am|are|['’]s|['’]m|['’]re) (?:more |really |totally )?into|"
    r"(?:is|are|['’]s|['’]re) (?:more )?(?:a )?fans? of)"
)
_WISH_OF_THEM = re.compile(
    rf"\b(?:(?P<kin>(?:my|our) (?:\w+ )?(?:{_KIN}|gf|bf|date|other half|better half|missus|hubby|mate))|he|she|they)"
    rf"(?: |(?=['’])){_WANTS}\b"
    r"(?! (?:to|it|that|this|me|us|him|her|them|you)\b)",
    re.IGNORECASE,
)
_WISH_OF_ME = re.compile(rf"\b(?:i|me)(?: am)?\s?{_WANTS}\b(?! (?:to|it|that|this)\b)", re.IGNORECASE)


_DEVOTED = re.compile(
    rf"\b(?:(?P<kin>(?:my|our) (?:\w+ )?(?:{_KIN}|gf|bf))|he|she|they)(?:['’](?:s|re)| is| are)(?: \w+ly| so| really)*"
    r" (?:(?:going through|in|having) (?:a|an|her|his|their) (?P<phase>[\w-]+(?: [\w-]+)?) phase|"
    r"(?:obsessed with|mad about|mad on|crazy about|nuts about|big on|keen on|wild about)"
    r" (?P<thing>(?!it\b|that\b|this\b|them\b)[^.,;:!?\n]{3,40}?)(?= and\b| but\b| so\b|[.;:!?\n]|$))",
    re.IGNORECASE,
)
_NO_APOSTROPHE = re.compile(
    r"(?P<end>(?<=\bshe)s|(?<=\bhe)s|(?<=\bthey)re|(?<=\bi)m)"
    r"(?= (?:more |really |totally )?(?:into|obsessed|mad|crazy|keen|a fan)\b)",
    re.IGNORECASE,
)
"""Careless forms before what somebody likes: "shes into"."""
_OF_WORKS = re.compile(
    r"[^.,;:!?\n]*?\b(?:films?|movies?|stor(?:y|ies)|stuff|books?|games?|flicks?|pictures?|anything|things)\b",
    re.IGNORECASE,
)


def join_wishes(message: str) -> str:
    """The message with what the other one wants as a wish like the person's own.

    That is so where both say what they want, and where what the other one likes are works of a kind.

    >>> join_wishes("My husband wants politics, I want romance"), join_wishes("my dad likes submarine films")
    ('I want politics, I want romance', 'for my dad I want submarine films')
    >>> join_wishes("my daughter is going through a horse phase"), join_wishes("he's obsessed with trains")
    ('for my daughter I want films about horse', 'I want films about trains')
    >>> join_wishes("shes into jane austen im into explosions"), join_wishes("she is into books, I am into cars")
    ("I want jane austen i'm into explosions", 'I want books, I am into cars')
    >>> join_wishes("my husband loves westerns")
    'my husband loves westerns'
    """
    message = _NO_APOSTROPHE.sub(r"'\g<end>", message)
    both = _WISH_OF_ME.search(_WISH_OF_THEM.sub(" ", message)) is not None

    def turn(match: re.Match[str]) -> str:
        if both:
            return "I want"
        return f"{_for(match)}I want" if _OF_WORKS.match(message, match.end()) else match[0]

    def name(match: re.Match[str]) -> str:
        return f"{_for(match)}I want films about {match['phase'] or match['thing']}"

    return _WISH_OF_THEM.sub(turn, _DEVOTED.sub(name, message))


def _for(match: re.Match[str]) -> str:
    return f"for {match['kin'][0].lower()}{match['kin'][1:]} " if match["kin"] else ""


def facts_of_them(message: str) -> tuple[str, ...]:
    """What is told of the person it is for, as something to look for.

    >>> facts_of_them("something for my grandpa, he was in the navy"), facts_of_them("for my son, he's 10")
    (('the navy',), ())
    """
    if not is_for_somebody_else(message):
        return ()
    return tuple(match["what"].strip() for match in _OF_THEM.finditer(message))


def for_whom(message: str) -> list[tuple[int, int]]:
    """Where a message says for whom it is, which is nothing to search for: grandfathers in films are others.

    >>> said = "a western for my grandpa"
    >>> [said[a:b] for a, b in for_whom(said)]
    ['for my grandpa']
    """
    found = [match for pattern in (_FOR, _FOR_ELSEWHERE) for match in pattern.finditer(message)]
    spans = [match.span() for match in found if message[match.end() : match.end() + 2] not in ("'s", "’s")]
    return [*spans, *(match.span() for match in _OF_THEM.finditer(message) if spans)]


def is_for_somebody_else(message: str) -> bool:
    """Whether the items are for others, whose taste the person's own history says nothing of.

    >>> is_for_somebody_else("something for my gran"), is_for_somebody_else("a film for me and my wife")
    (True, False)
    """
    if _WITH_ME.search(message):
        return False
    return bool(_FOR.search(message) or _FOR_ELSEWHERE.search(message) or _THEIRS.search(message))
