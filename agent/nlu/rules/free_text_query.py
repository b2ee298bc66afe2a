"""What a message leaves to search for, when titles, conditions and small talk are taken out of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

from tastemaker.agent.nlu.rules.negation import NEGATION
from tastemaker.agent.nlu.rules.numeric_constraints import read_numbers
from tastemaker.agent.nlu.rules.statement_or_request import judges
from tastemaker.agent.nlu.tokenizer import STOPWORDS, clause_starts, words
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.filters.constraints import Constraint

FILLER = frozenset(
    """aber actor actress after again anybody anyone along alright am amazing annees anos appreciate aus avec awesome
    back bad before best better between big bit boring both busco by bye can't check cherche close comes con cool
    course cross das de definitely den der des didn't die directed director doing don't done du dull ein eine
    einen either el else enjoy enjoyed etwas ever excellent fan fantastic favorite favorites favourite favourites
    featuring film filme fine first funniest getting glad go going got guess gusta gustan ha haha hasn't hate
    hated haven't he's heard hmm hope i'll i've ich idea ideas instead isn't it's je just know la las last lately
    le least les lines list lol los lots love mag many me mean meets mind mit mochte mood name nice nothing now
    number oh only open opinion pelicula peliculas perfect perhaps please put quiero quisiera recently recommended
    said second seit she's similar since somebody someone sorry sounds starring still stuff style suche sure
    surprise take that's think third though three thx times titles totally try two type types u un una une uno
    until ur veux von voudrais wait watched watching welcome well whatever will won't wonder wonderful worse worst
    wow yeah yep yes yet nah nope once twice fussy fussed settle obviously eh erm pls plz cheers
    mate honestly""".split()
)
"""Further words that say nothing of what is wanted: judgements, politeness, pointers at other words."""

_OPENING = re.compile(
    r"^\W*(?:(?:hi|hello|hey|there|yes|yeah|yep|no|nope|ok|okay|sure|well|oh|thanks?|thank you|great|"
    r"cool|awesome|"
    r"nice|good|perfect|lol|haha|so|and|or|also|then|now|please|maybe|actually)\b\W*)+",
    re.IGNORECASE,
)
_SMALL_TALK = re.compile(
    r"\bhow are you\b|\bi(?:'m| am|m) (?:doing )?(?:good|great|fine|well|ok)\b|\bhappy (?:new|holiday)|"
    r"\b(?:have|did|do|are) you (?:ever )?(?:seen|watch(?:ed)?|see|heard|like|familiar)\b|"
    r"\bi(?:'ve| have|'m)?(?: also| already| actually| just| never| not|n't| haven't| did)* "
    r"(?:seen|saw|watched|heard|remember)\b|\bhaven't (?:seen|watched|heard)\b|"
    r"\bi(?:'ll| will| should| have to| need to| might)\b(?! need)|\bsounds? (?:good|great|like)\b|"
    r"\bwhere (?:do|should|can|would|could) (?:i|we|you|one) (?:start|begin)\b|^\W*(?:and |then )?something\W*$|"
    r"\bnice to meet\b|\bhave a (?:good|great|nice)\b|\bi agree\b|\bwhat (?:would|do|can|should|shall) (?:you|we|i)\b|"
    r"\b(?:seen|watched|had|know) (?:that|it|them|this|those|these|all|everything|both|every|most)\b|"
    r"\bwill be (?:there|here|watching|joining|with us|around|coming)\b|\bis(?: not|n't)? (?:my|our) (?:first|native|"
    r"favou?rite|mother|best|thing)\b|"
    r"^\W*(?:it|that|this|that one|this one|they|those|these|he|she)(?:'s| is| was| were| are| has| had|"
    r" does|'ll| did)\b",
    re.IGNORECASE,
)
_OF_ONESELF = re.compile(
    r"^\W*(?:(?:and|but|so|because|since|cause|plus|as|while|when)\W+)*(?:i(?:'m|'ve|'ll|'d)?|it(?:'s)?|"
    r"there(?:'s)?|we(?:'re|'ve| just| had| have| are)|(?:my|our) (?:\w+ ){0,2}\w+"
    r"(?:'s| is| are| was| were| has| have| had| says?| said|"
    r" thinks?| turns?| turned| just| came| keeps?))(?!\w)",
    re.IGNORECASE,
)
_WISHES = re.compile(
    r"\b(?:wants?|needs?|look(?:ing)?|search(?:ing)?|likes?|loves?|enjoys?|prefer|wish|hop(?:e|ing)|fancy|mood|rather|"
    r"something|anything|somebody|someone|films?|movies?|ones?|stor(?:y|ies)|books?|about|where|which|would|could|should|"
    r"may|might|must|(?:it|they|that|which|one) (?:has|have) to|please|"
    r"give|find|show|recommend|suggest|(?:feel|feeling) like|only|not)\b",
    re.IGNORECASE,
)
"""Words by which a clause about somebody says what is wanted after all, or what the story is."""
_WOULD_DO = re.compile(
    r"\W*(?:(?:and|but|or) )?(?:(?:something|anything|one|ones|films?|movies?)(?: that)? )?"
    r"(?:my|our|his|her) (?:\w+ ){1,2}"
    r"(?:would|will|could|can|might|won't|wouldn't)(?: (?:also|both|even|actually|still|not|all))* "
    r"(?:like|love|enjoy|watch|see|sit|put|get|tolerate|stand|accept|agree|mind|approve|fall|go|be)\b(?: \w+){0,2}$",
    re.IGNORECASE,
)
"""What somebody else would put up with says nothing of what it is."""
_FOR_WHOM = re.compile(r"\bfor (?:my|our|a|the|his|her|their)\b", re.IGNORECASE)
MAX_AVOIDED_WORDS = 4
"""What is turned down in more words is a story, and no thing to stay away from."""
_ENDS_LIST = re.compile(r"\b(?:or|nor)\b", re.IGNORECASE)
_ATTACHES = re.compile(r"\b(?:that|which|who|but)(?:['’]s| is| are| does| do| has| have)?\s*$", re.IGNORECASE)
_ATTACHED = frozenset({"without", "except", "excluding", "minus", "instead of"})
"""Words before a denial, and denials, that hang on what stands before them."""
_OF_STORY = re.compile(
    r"\b(?:where|who|whose|in which|when|that)\b(?: \w+){0,2} "
    r"(?:they|he|she|it|nobody|somebody|someone|everybody|people)\b[\w ']*$|"
    r"\b(?:somebody|someone|people|two \w+|a (?:man|woman|boy|girl|couple)) (?:who|that)\b[\w ']*$",
    re.IGNORECASE,
)
"""What opens a story in which somebody does not do something: no refusal of ours."""
_ENDS_DENIAL = re.compile(r"\W*(?:(?:and|but|so|because|then|until|or)\b)", re.IGNORECASE)
"""Nothing stands behind the denial that could be turned down."""
_OTHER_NAME = re.compile(
    r"\b(?:[Tt]hat|[Ww]hich|[Bb]ut|[Aa]nything|[Ss]omething|[Oo]nes?)(?:['’]s| is| are)?\s*(?:[Nn]ot|[Ii]sn['’]t|"
    r"[Aa]ren['’]t|[Ee]xcept)\s+(?:[Tt]he )?(?:[A-Z][\w'’]*[^s\W]\b)"
)
"""A name that is told to be another than what is looked for, the catalogue having none of that name."""
MIN_TELLING = 3
"""Telling words that make a part of a clause worth searching for."""
_DANGLING = frozenset("a an and by but for from in like is of on or that the to which who with".split())


def read_query_text(
    text: str,
    spans: Iterable[tuple[int, int]],
    labels: Collection[str],
    titles: Collection[tuple[int, int]] = (),
    *,
    explained: bool = False,
) -> str:
    """Clauses that say more than conditions, negations and small talk, joined by commas.

    Args:
        text: the message, titles blanked out.
        spans: further characters to leave out: numbers, references.
        labels: normal forms of words that conditions stand for.
        titles: where items are named; a clause that judges one wishes for nothing.
        explained: whether conditions say something already, so that how things are with the person need not be
            searched for: "I'm pregnant, nothing sad".
    """
    plain = blank_out(text, spans).replace("’", "'")
    places = [*clause_starts(plain), len(plain)]
    clauses = [
        plain[a:b]
        for a, b in pairwise(places)
        if not (any(a <= start < b for start, _ in titles) and judges(plain[a:b]))
    ]
    opened = [trim(_OPENING.sub("", _wanted_part(clause))) for clause in _without_denied_lists(clauses)]
    kept = [
        clause
        for clause in opened
        if clause and not _SMALL_TALK.search(clause) and says_more(clause, labels, STOPWORDS | FILLER)
    ]
    wishing = [clause for clause in kept if not tells_of_oneself(clause)]
    wishing = [clause for clause in wishing if not _WOULD_DO.match(clause)]
    return ", ".join(dict.fromkeys(wishing or ([] if explained else kept)))


def tells_of_oneself(clause: str) -> bool:
    """Whether a clause says how things are with the person, and nothing of what is wanted.

    >>> tells_of_oneself("I have to be up at six"), tells_of_oneself("I want to laugh")
    (True, False)
    """
    return bool(_OF_ONESELF.search(clause)) and not _WISHES.search(clause)


def read_avoided(text: str, labels: Collection[str]) -> tuple[str, ...]:
    """What a message turns down, in its own words, where that is more than values that conditions stand for.

    >>> read_avoided("suspense without guns, please", frozenset())
    ('guns',)
    """
    plain, found = text.replace("’", "'"), list[str]()
    places = [*clause_starts(plain), len(plain)]
    clauses = [plain[a:b] for a, b in pairwise(places)]
    found += _denied_parts(clauses, labels)
    for clause in clauses:
        negation = NEGATION.search(clause)
        if negation is None or negation[0].casefold() == "less":  # "less scary" is a step, no refusal
            continue
        if _OTHER_NAME.search(clause):
            continue  # "a boxer that isn't Rocky": another of its kind, and nothing far from it
        if _OF_STORY.search(clause[: negation.start()]) or _ENDS_DENIAL.match(clause[negation.end() :]):
            continue
        clause = _FOR_WHOM.split(clause)[0]
        telling = [
            clause[negation.end() + word.start : negation.end() + word.end]
            for word in words(clause[negation.end() :])
            if word.norm not in STOPWORDS | FILLER and word.norm not in labels
        ]
        if 0 < len(telling) <= MAX_AVOIDED_WORDS:
            found.append(" ".join(telling))
    return tuple(dict.fromkeys(found))


def _without_denied_lists(clauses: Sequence[str]) -> list[str]:
    """The clauses without the rest of a list that a negation opens: "nothing with spiders, snakes or rats"."""
    kept, denied = list[str](), False
    for place, clause in enumerate(clauses):
        if denied and not NEGATION.search(clause):
            if _ENDS_LIST.search(clause):
                denied = False
            continue
        kept.append(clause)
        opens = NEGATION.match(clause.strip()) is not None
        denied = opens and any(_ENDS_LIST.search(later) for later in clauses[place + 1 : place + 4])
    return kept


def _denied_parts(clauses: Sequence[str], labels: Collection[str]) -> Iterator[str]:
    """The later parts of denied lists: "births" and "dying parents" of "no accidents, births or dying parents"."""
    kept = set(_without_denied_lists(clauses))
    for clause in clauses:
        for part in _ENDS_LIST.split(clause) if clause not in kept else ():
            telling = [
                w.norm for w in words(part) if w.norm not in STOPWORDS | FILLER and w.norm not in labels
            ]
            if 0 < len(telling) <= MAX_AVOIDED_WORDS:
                yield trim(part).strip(" ,;")


def _wanted_part(clause: str) -> str:
    """A clause up to its negation, where that is enough to stand by itself; all of it without one."""
    negation = NEGATION.search(clause)
    if negation is None:
        return clause
    before, behind = clause[: negation.start()], clause[negation.end() :]
    if _OF_STORY.search(before) or _ENDS_DENIAL.match(behind):
        return clause  # "somebody pretends to be who they are not and gets away with it"
    if _ATTACHES.search(before) or negation[0].casefold() in _ATTACHED:
        return before  # "a boxer that isn't Rocky", "suspense without guns": what stands before is wanted
    telling = [word for word in words(before) if word.norm not in STOPWORDS | FILLER]
    return before if len(telling) >= MIN_TELLING else ""


def bare_query_text(
    query_text: str, constraints: Iterable[Constraint], catalog: Catalog, titles: Iterable[str] = ()
) -> str:
    """A wish without the years and amounts in it; nothing, where constraints and titles say all of it already."""
    bare = trim(blank_out(query_text, [(start, end) for _, start, end in read_numbers(query_text, catalog)]))
    covered = {word.norm for constraint in constraints for word in words(str(constraint.value))}
    covered |= {word.norm for title in titles for word in words(title)}
    return bare if says_more(bare, covered, STOPWORDS | FILLER) else ""


def blank_out(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with spans overwritten by blanks, so that offsets stay."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def trim(clause: str) -> str:
    """A clause without the little words at its end, which pointed at something that is now elsewhere."""
    tokens = words(clause)
    while tokens and tokens[-1].norm in _DANGLING:
        tokens.pop()
    return " ".join(clause[: tokens[-1].end].split()) if tokens else ""


def says_more(clause: str, labels: Collection[str], empty: Collection[str] = STOPWORDS) -> bool:
    """Whether a clause has a word that neither says nothing nor is one of ``labels``."""
    return any(
        word.norm not in empty and word.norm not in labels and not word.norm.isdecimal()
        for word in words(clause)
    )
