"""Which words of a message a negation governs."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from tastemaker.agent.nlu.tokenizer import STOPWORDS, clause_starts, words

NEGATION = re.compile(
    r"\b(?:(?<!up to )no(?! (?:i|it|but|that|we|you|thanks?|one|idea|doubt|wonder|matter|taste|clue|problem|preference|"
    r"brain|energy|time)\b)|not(?! (?:only|just|sure|necessarily|too bad|"
    r"bad|(?:yet )?seen)\b)|"
    r"non|without|nothing(?! (?:much |really |ever |big |special )?(?:but|happens|matters|works|makes|goes|is|"
    r"was|ever|can|will|could|beats|else)\b)|"
    r"never(?!(?: (?:ever|really|actually|even|once|yet|in (?:my|our) (?:whole |entire )?li(?:fe|ves)))*"
    r" (?:seen|saw|watched|heard|read|tried)\b)|except|excluding|avoid|"
    r"hate[sd]?|hating|"
    r"dislike[sd]?|isn't|aren't|mustn't|shouldn't|needn't|wouldn't|can't be|cannot be|must not|should not|"
    r"don't(?! mind)|dont(?! mind)|doesn't|didn't|skip|(?<!-)less|"
    r"(?:haven't|hasn't|havent|hasnt|have not|has not) got|can'?t (?:stand|do|bear|take|handle|watch)|"
    r"cannot (?:stand|do|bear|take|handle|watch)|can not do|won't|(?:sick|tired|bored) of|fed up with|"
    r"enough(?: of)?(?! for)|"
    r"(?:anything|everything) but|instead of|neither|nor|pass on|steer clear of|(?:could|can) do without|"
    r"stay away from|keep away from|"
    r"(?:anything|everything) but|instead of|neither|nor|minus(?! \d)|vetoe[sd]|leave out|hold the|free (?:of|from)|"
    r"allerg(?:ic|y|ies)(?: to)?|intoleran(?:t|ce)(?: to| of)?|(?:can't|cannot|can not|"
    r"don't|mustn't|won't) (?:eat|have|drink|tolerate|digest|touch)|"
    r"kein\w*|ohne|nicht|nichts|au(?:ß|ss)er|sans|pas de|pas d|aucun\w*|sauf|sin|ningun\w*|nada de|excepto|senza|"
    r"niente|tranne|sem|não|nao|nenhum\w*|exceto|geen|zonder|niet|behalve|inte|inga|ingen|utan|utom|ikke|uden|uten|"
    r"nie|bez|oprócz|oprocz|не|без|кроме)\b|"
    r"(?:不要|不想看|不想要|不喜欢|不看|除了|没有)",
    re.IGNORECASE,
)
"""Words that turn down what follows; also in German, French, Spanish and Italian."""

_FREE = re.compile(
    r"[\s-]*(?:free\b(?! (?:from|of|to|with)\b)|allerg(?:y|ies|ic)\b|intoleran(?:t|ce)\b|sensitivity\b)",
    re.IGNORECASE,
)
"""Behind a word it turns that down: "nut-free", "a peanut allergy"."""
_BEHIND_UNSPACED = re.compile(
    r"\s?(?:以外|ではな|じゃな|は嫌|が嫌|は苦手|抜き|なし|を除|말고|제외|빼고|은 싫|는 싫|이 아닌|가 아닌|之外|除外)"
)
"""The same where no blanks part words."""
_BEHIND = re.compile(
    r"(?: (?:films?|movies?|books?|stuff|ones?))?"
    r"(?:\s*\?\W*(?:no|nope|nah|never|god no)\b(?! (?:idea|doubt|matter|clue|problem|preference)\b)"
    r"(?: (?:thanks|thank you|way))?\W|"
    r" (?:is|are|would be|will be) (?:(?:my|the|our) (?:very )?last (?:choice|resort|thing)|out\b|off the table)|"
    r" (?:is|are) (?:for (?:babies|losers|idiots)|rubbish|garbage|boring|crap|not (?:his|her|my|our|their) thing)\b)",
    re.IGNORECASE,
)
"""What turns a word down behind it: "horror? No thanks.", "comedy would be my last choice"."""
_TURNS = re.compile(
    r"(?:\b(?:and|but|then)|[,/&+])\s*(?:(?:a (?:bit|little|lot)|much|lots|far|some) )?more\b", re.IGNORECASE
)
"""Behind it the opposite is asked for: "less war and more romance"."""
_MORE = re.compile(r"\bmore\b", re.IGNORECASE)
REACH = 30
"""Letters that may stand between a negation and what it governs."""

NARROWS_NOTHING = frozenset(
    """fancy care enjoy feel mood into keen interested mention add include including involving involve
    containing contain     bring send offer eat eating drink drinking whatsoever kinds sorts types type such
    pure proper purely strictly
    watching seeing reading buying showing recommending suggesting big single just ever still currently mind
    ein eine einen le la les un une el los las il das die der den de von""".split()
)
"""Words between a negation and what it turns down that leave it whole."""

_GOES_ON = re.compile(r"\W*(?:,|/|or|and|nor|oder|und|ou|et|ni|o|y)?\W*(?:any|a|an)?\W*", re.IGNORECASE)
_ENDS_LIST = re.compile(r"\b(?:or|and|nor|oder|und|ou|et|ni|o|y)\b", re.IGNORECASE)


def is_negated(text: str, at: int) -> bool:
    """Whether a negation governs the word at a character offset: same clause, at most 30 characters before.

    >>> is_negated("something tense, no horror", 20), is_negated("no horror, but a comedy", 18)
    (True, False)
    """
    text = text.replace("’", "'")
    start = max(place for place in clause_starts(text) if place <= at)
    return any(
        at - (start + match.end()) < REACH
        and not _TURNS.search(text, start + match.end(), at)
        and not (match[0].casefold() == "less" and _MORE.search(text, start + match.end(), at))
        for match in NEGATION.finditer(text[start:at])
    )


def _is_turned_down(text: str, end: int) -> bool:
    """Whether the word that ends here is turned down by what follows.

    >>> _is_turned_down("horror? No thanks. A comedy.", 6), _is_turned_down("horror? No idea", 6)
    (True, False)
    """
    return bool(_BEHIND_UNSPACED.match(text, end) or _FREE.match(text, end) or _BEHIND.match(f"{text}.", end))


def is_narrowed(text: str, start: int, values: Collection[str] = ()) -> bool:
    """Whether only some of what begins here is turned down: "no silly comedies", "no dying children".

    Args:
        text: the message.
        start: where the word begins.
        values: normal forms of words that stand for values themselves, and narrow nothing.

    >>> is_narrowed("no silly comedies", 9), is_narrowed("no comedies", 3), is_narrowed("I don't fancy comedies", 14)
    (True, False, False)
    """
    opens = max(place for place in clause_starts(text) if place <= start)
    before = text[opens:start].replace("’", "'")
    negation = max((match.end() for match in NEGATION.finditer(before)), default=None)
    if negation is None or not before.endswith(" "):
        return False
    between = [word.norm for word in words(before[negation:])]
    return bool(between) and between[-1] not in {*STOPWORDS, *NARROWS_NOTHING, *values}


def find_negations(text: str, spans: Sequence[tuple[int, int]]) -> list[bool]:
    """Whether each span is negated, by itself or as part of a list: "no horror, sci-fi or westerns".

    A list is what only commas and "or" join, with an "or" or "and" before its last part, so that in
    "no horror, comedy please" the comedy is wanted.

    >>> find_negations("no horror, sci-fi or westerns", [(3, 9), (11, 17), (21, 29)])
    [True, True, True]
    >>> find_negations("no horror, comedy please", [(3, 9), (11, 17)])
    [True, False]
    """
    negations = [is_negated(text, start) or _is_turned_down(text, end) for start, end in spans]
    for first in range(len(spans)):
        if not negations[first]:
            continue
        last = first
        while last + 1 < len(spans) and _GOES_ON.fullmatch(text[spans[last][1] : spans[last + 1][0]]):
            last += 1
        if last > first and _ENDS_LIST.search(text[spans[last - 1][1] : spans[last][0]]):
            negations[first : last + 1] = [True] * (last + 1 - first)
    return negations
