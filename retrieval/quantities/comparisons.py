"""Comparisons around an amount: "not more than", "or less", "cheaper than", "around", with what negates them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tastemaker.retrieval.quantities.concepts import concepts
from tastemaker.retrieval.text.flat import flat


class Side(StrEnum):
    """On which side of an amount the wanted ones lie."""

    UNDER = "under"
    AT_MOST = "at most"
    OVER = "over"
    AT_LEAST = "at least"
    ABOUT = "about"
    EXACTLY = "exactly"
    NOT = "not"


OPPOSITE: Mapping[Side, Side] = {
    Side.UNDER: Side.AT_LEAST,
    Side.AT_MOST: Side.OVER,
    Side.OVER: Side.AT_MOST,
    Side.AT_LEAST: Side.UNDER,
    Side.ABOUT: Side.NOT,
    Side.EXACTLY: Side.NOT,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison that a text states of an amount.

    Attributes:
        side: where the wanted ones lie, a negation counted in.
        start, end: its place in the text, before or behind the amount.
        word: the comparative in it ("cheaper"), which says what is compared; "" for most.
        explicit: whether it is said at all, and not only meant by "I have 50 euros".
        denied: whether a negation turned it round.
    """

    side: Side
    start: int
    end: int
    word: str = ""
    explicit: bool = True
    denied: bool = False


_LESS = sorted({flat(word) for one in concepts() for word in one.less}, key=len, reverse=True)
_MORE = sorted({flat(word) for one in concepts() for word in one.more}, key=len, reverse=True)
_THAN = r"\s+(?:than|as|then|als|do que|que|di|dan)"
_BEFORE: Mapping[Side, str] = {
    Side.UNDER: r"under(?:neath)?|below|beneath|less than|less then|fewer than|lower than|smaller than|"
    r"younger than|short of|south of|sub|"
    r"en[- ]dessous de|sous|por debajo de|sotto(?: i)?|abaixo de|"
    r"unter|weniger als|menos de|"
    r"moins de|meno di|minder dan|onder|<(?!=)|lesser than|inferior to|"
    r"(?:less|lower|cheaper|smaller)(?=\s+than)|not quite|shy of|"
    r"billigare an|mindre an|billigere (?:end|enn)|mindre (?:end|enn)|ponizej|mniej niz|tan(?:sz|iej)\w* niz|"
    r"дешевле|менее|меньше|ниже|低于|少于|不到|便宜于",
    Side.AT_MOST: r"at most|at the most|at the very most|up to|upto|max(?:imum)?\.?(?: of)?|"
    r"a max(?:imum)? of|no more then|within|inside|"
    r"(?:a )?(?:budget|limit|ceiling|cap|maximum|max) (?:is |of |at |: ?|= ?|would be |"
    r"being )*(?:about |around |roughly |only |just )?|budget|"
    r"limited to|capped at|limit(?: it)? to|cap(?: it)? at|keep it to|as much as|"
    r"not? exceeding|not to exceed|(?:must|should|may|can) ?not exceed|can'?t exceed|"
    r"without exceeding|without going over|"
    r"<=|=<|≤|hochstens|maximal|bis(?: zu)?|no mas de|hasta|maximo|au plus|pas plus de|"
    r"jusqu'a|al massimo|fino a|non piu di|no maximo|ate|nao mais (?:de|que)|hooguit|"
    r"maximaal|tot|nicht mehr als|niet meer dan|"
    r"until|till|tops|at a push|"
    r"hogst|max|hojst|maks|hoyst|najwyzej|maksymalnie|nie wiecej niz|nie drozej niz|"
    r"не дороже|не более|не больше|максимум|до|不超过|最多|不高于",
    Side.OVER: r"over|above|more than|more then|greater than|higher than|bigger than|larger than|"
    r"exceed(?:s|ing)?|in excess of|beyond|past|north of|better than|older than|"
    r"au[- ]dessus de|por encima de|sopra(?: i)?|oltre|acima de|boven|"
    r"uber|mehr als|plus de|mas de|piu di|mais de|meer dan|>(?!=)|superior to|"
    r"mer an|dyrare an|over|mere end|dyrere (?:end|enn)|mer enn|powyzej|wiecej niz|ponad|drozsz\w* niz|"
    r"дороже|более|больше|свыше|выше|超过|高于|多于",
    Side.AT_LEAST: r"at least|at the least|at the very least|(?:a )?min(?:imum)?\.?(?: of)?|no fewer|"
    r"upwards? of|start(?:s|ing)? (?:at|from)|from|as (?:much|many|little|"
    r"few) as(?= \d+ or more)|"
    r">=|=>|≥|mindestens|ab|a partir de|"
    r"a partire da|au moins|al menos|como minimo|almeno|pelo menos|minstens|vanaf|not? below|"
    r"minst|atminstone|mindst|co najmniej|przynajmniej|не менее|не меньше|минимум|от|至少|最少|不低于",
    Side.ABOUT: r"around|about|roughly|approx(?:imately|\.)?|circa|ca\.?|near(?:ly)?|close to|almost|"
    r"some(?=\s+\d)|in the (?:region|neighbou?rhood|area|ballpark) of|more or less|ungefahr|"
    r"etwa|environ|alrededor de|cerca de|ongeveer|~|somewhere (?:around|near|about)|"
    r"give or take|something like|just (?:over|under)",
    Side.EXACTLY: r"exactly|precisely|equal(?:s| to)?|just(?= \d)|(?<![<>])=(?![<>])|genau",
}
_COMPARATIVES = {
    Side.UNDER: "|".join(map(re.escape, _LESS)),
    Side.OVER: "|".join(map(re.escape, _MORE)),
}
_NOT_AS = re.compile(r"not as (\w+) as|not so (\w+) as")
_PATTERN = re.compile(
    "|".join(
        [
            *(
                f"(?<![a-z])(?P<{side.name}_C>(?:{words})){_THAN}(?![a-z])"
                for side, words in _COMPARATIVES.items()
            ),
            *(
                f"(?:(?<![a-z])|(?=[<>=≤≥~]))(?P<{side.name}>{words})(?![a-z])"
                for side, words in _BEFORE.items()
            ),
        ]
    )
)
_AFTER: Mapping[Side, str] = {
    Side.AT_MOST: r"(?:or|and|&|oder|ou|o|of)\s+(?:even\s+)?(?:less|meno|minder|"
    r"under|below|lower|fewer|cheaper|shorter|"
    r"lighter|smaller|younger|down|beneath|within|weniger|moins|menos|quicker|faster|"
    r"no more)\b|"
    r"(?:at )?max(?:imum)?\b|tops\b|at (?:the )?(?:very )?most\b|at the outside\b|"
    r"(?:is|'s|was|are|would be|being) (?:already )?(?:the |my |our |about the |"
    r"an absolute |absolutely (?:the |my )?)*(?:absolute )?(?:max(?:imum)?|limit|budget|"
    r"ceiling|cap|upper limit|most|highest|(?:all|what|as much as) (?:that )?(?:i|"
    r"we)(?: can| could| want to| am able to)?(?: pay| spend| afford| give| have|"
    r" manage)?(?: at most)?)\b|"
    r"(?:price |spending |weight |time |page )?(?:limit|budget|ceiling|cap)\b|to spend\b|"
    r"or so max\b|and not (?:a \w+ )?more\b|and no more\b|and under\b|not more\b|no more\b|"
    r"hochstens\b|maximal\b|oder weniger\b|"
    r"(?:on me|in my pocket|in the bank)\b|以下|以内|之内|まで|이하|이내|까지|未満|미만|より安い|보다 싼|보다 저렴",
    Side.AT_LEAST: r"\+|plus\b|(?:or|and|&|oder|ou|o|of)\s+(?:even\s+)?(?:more|piu|mais|meer|"
    r"over|above|up|upwards?|higher|"
    r"better|bigger|larger|longer|heavier|older|greater|onwards?|taller|wider|mehr|plus|mas|"
    r"beyond)\b|"
    r"min(?:imum)?\b|at (?:the )?(?:very )?least\b|upwards?\b|以上|起|이상|초과|より高い|보다 비싼",
    Side.ABOUT: r"-?\s?ish\b|or so\b|or thereabouts\b|give or take\b|more or less\b|roughly\b|"
    r"approx(?:imately)?\b|左右",
    Side.EXACTLY: r"(?:exactly|precisely|sharp|on the dot)\b",
}
_AFTER_PATTERN = re.compile(
    "|".join(f"(?P<{side.name}>{words})(?!\\s+than\\b)" for side, words in _AFTER.items())
)

_NEGATION = re.compile(
    r"\b(?:not|no|nothing|none|never|nor|neither|without|don'?t|dont|doesn'?t|isn'?t|"
    r"aren'?t|shouldn'?t|mustn'?t|can'?t|cannot|won'?t|wouldn'?t|needn'?t|"
    r"avoid|exclude|excluding|except|skip|leave out|hide|drop|nobody|nowhere|refuse|hate|"
    r"ain'?t|rule out|filter out|get rid of|remove|kein\w*|nicht|nichts|ohne|pas|rien|sans|"
    r"nada|non|niente|senza|nao|niet|niets|geen|zonder)\b"
)
_CALLS_OFF = re.compile(
    r"\b(?:no (?:problem|worries|matter|idea|limit)|not (?:only|just|sure|bad)|why not|"
    r"nothing but|no doubt|anything but|nothing (?:else )?(?:than|but)|no(?:body|"
    r"thing)? other than|don'?t (?:mind|care|worry|know))\b"
)
_ASKS_NOT = re.compile(
    r"(?:don'?t|do not|not|never|hide|exclude|skip|leave out|drop|remove|"
    r"filter out)\s+(?:want|show|need|recommend|suggest|give|list|include|offer)?\b"
)
MAX_STRANGE = 2
"""Words for the thing itself between a negation and what it governs: "no green lamps over 100"."""
_LIGHT = frozenset(
    """a an the any anything anyone something things thing stuff ones one items item products product that
    which who is are be being was it its it's they're that's i me my us we you to of for at in on with show
    see want wants need needs give get find have has having go goes going come comes coming like really
    please ever even much many more at all too very also should must may can could would will spend pay
    paying pays cost costs costing price priced prices rated rating weigh weighs weighing take takes taking
    last lasts lasting longer heavier cheaper sort kind else than recommend suggest offer offers listing
    listings options option choices results list worth made lasting running runs marked set listed charge
    charges charging by be bother looking interested buy buying do does did so sells selling let come above
    over from out dated stay staying""".split()
)
"""Words that may stand between a negation and the comparison that it governs."""
ITEM_NOUNS = frozenset(
    """book books novel novels game games film films movie movies recipe recipes dish dishes meal meals song
    songs track tracks album albums job jobs role roles position positions home homes house houses flat
    flats apartment apartments app apps article articles course courses story stories product products item
    items thing things place places hotel hotels property properties show shows listing vacancy vacancies
    boardgame boardgames piece pieces stuff""".split()
)
"""What the items of any catalogue are called, and so nothing that a negation could leave out."""


def before(
    text: str, start: int, opens: int, is_noun: re.Pattern[str], nouns: Sequence[str] = ()
) -> Comparison | None:
    """The comparison in front of an amount that begins at ``start``; ``opens`` bounds where it may begin.

    Args:
        text: flat.
        is_noun: matches what may stand between the comparison and the amount: fillers and names of columns.
        nouns: what the items are called besides :data:`ITEM_NOUNS`.
    """
    window = text[opens:start]
    for match in reversed(list(_PATTERN.finditer(window))):
        gap = window[match.end() :]
        if not is_noun.fullmatch(gap):
            continue
        side, word = _side_of(match)
        begins = opens + match.start()
        if denied := _negation_before(window, match.start(), nouns, far=side in (Side.OVER, Side.AT_LEAST)):
            side, begins = OPPOSITE[side], opens + denied[0]
        return Comparison(side, begins, opens + match.end(), word, denied=denied is not None)
    return None


def behind(text: str, end: int, closes: int, between: re.Pattern[str]) -> Comparison | None:
    """The comparison behind an amount that ends at ``end``: "50 euros or less", "4 stars and up"."""
    window = text[end:closes]
    gap = between.match(window)
    for at in (gap.end() if gap else 0, 0):
        match = _AFTER_PATTERN.match(window, at)
        if match:
            side = next(side for side in _AFTER if match[side.name])
            return Comparison(side, end + match.start(), end + match.end())
    return None


def denies(text: str, at: int, opens: int, nouns: Sequence[str] = ()) -> int | None:
    """Where a negation begins that governs what stands at ``at``; None for none."""
    found = _negation_before(text[opens:at], at - opens, nouns)
    return opens + found[0] if found else None


def _side_of(match: re.Match[str]) -> tuple[Side, str]:
    for side in _COMPARATIVES:
        if word := match[f"{side.name}_C"]:
            return side, word
    return next(side for side in _BEFORE if match[side.name]), ""


def _negation_before(window: str, at: int, nouns: Sequence[str], far: bool = False) -> tuple[int, int] | None:
    """The place of a negation before ``at`` that only light words separate from it.

    ``far``: one that is further off governs it too: "no lamps over 100" is a limit, while "no sugar under 20"
    turns down the sugar; after a verb, "don't show me lamps under 20", it always is.
    """
    for match in reversed(list(_NEGATION.finditer(window, 0, at))):
        if _CALLS_OFF.match(window, match.start()):
            continue
        between = window[match.end() : at]
        if re.search(r"[.;!?\n,]|\bbut\b", between):
            continue
        words = re.findall(r"[\w']+", between)
        own = {word for noun in nouns for word in noun.split()}
        strange = [
            word for word in words if word not in _LIGHT and word not in ITEM_NOUNS and word not in own
        ]
        reaches = far or _ASKS_NOT.match(window, match.start())
        if len(strange) <= (MAX_STRANGE if reaches else 0):
            twice = _negation_before(window, match.start(), nouns)  # "nothing that isn't under 50"
            return None if twice else match.span()
    return None
