"""What people do in a conversation besides asking: compare, ask why not, refer back, start over.

These are read by rules whatever model is at hand: they speak of the conversation itself, which
rules know exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from statistics import mean

from tastemaker.agent.nlu.rules.acts.told_comparisons import is_told_comparison
from tastemaker.agent.nlu.rules.ordinals import ORDINALS
from tastemaker.agent.nlu.tokenizer import fold
from tastemaker.agent.nlu.understanding import Act, Relative
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.schema import EVERY, Kind
from tastemaker.retrieval.filters.constraints import Constraint, Op

_PLACED = rf"(?:(?:the\s+)?(?:{'|'.join(ORDINALS)})(?:\s+one)?|(?:number\s+|#)?[1-9](?!\d))"
"""A place of the last list: "the second", "number 3", "2"."""
_COMPARE = re.compile(
    r"^\W*(?:please\s+)?compare\b|\bdifferences? between\b|\bhow (?:is|are)\b.*\bdifferent\b|"
    r"\bhow (?:do|does) .+ compare\b|"
    r"\b(?:which|what) of (?:the|these|those) (?:two|2)\b|"
    rf"^\W*{_PLACED}\s+(?:vs\.?|versus|against|or)\s+{_PLACED}\W*$|"
    rf"^\W*(?:which|what)(?: (?:one|film|movie|book|item|of them))?(?:'s| is| has| would| looks| sounds)\b[^?]*?"
    rf"[,:]?\s*{_PLACED},? or {_PLACED}\W*$",
    re.IGNORECASE,
)
_WHY_NOT = re.compile(
    r"^\W*(?:why not|why (?:didn't|did you not|don't|do you not|isn't|is|wasn't) .*\bnot\b|"
    r"why (?:didn't|don't|won't|isn't|wasn't)\b|what(?:'s| is) wrong with|what about .+\bwhy not\b)",
    re.IGNORECASE,
)
_RECALL = re.compile(
    r"\bwhat (?:did|have|had) you (?:already |just )?(?:show|shown|recommend|recommended|suggest|suggested)\b",
    re.IGNORECASE,
)
_RESTART = re.compile(
    r"^\W*(?:start (?:over|again|afresh|from scratch)|(?:let'?s )?begin again|reset|clear everything|"
    r"forget (?:everything|it all|all of (?:that|it)))\W*$",
    re.IGNORECASE,
)
_ASKED_OF = re.compile(r"\bwhy not (?:also |show |recommend |suggest )*([^?!.,]{2,60}?)\W*$", re.IGNORECASE)
_AT_FIRST = re.compile(
    r"\b(?:first|at the beginning|in the beginning|originally|to begin with)\b", re.IGNORECASE
)
_PAIR = re.compile(r"\b(?:first|top) (?:two|2)\b|\b(?:these|those|the) two\b", re.IGNORECASE)
_SAME = re.compile(
    r"\b(?P<no>not|no more|never|nothing (?:else )?(?:by|from|with)|anything but|without|no)?\s*"
    r"(?:by\s+|from\s+|with\s+)?"
    r"\b(?P<which>that|this|the same|same)\s+(?P<what>[a-z]+)\b",
    re.IGNORECASE,
)
_OTHER_WORKS = re.compile(
    r"\bwhat else (?:did|has|have) (?:he|she|they|(?:the|that|this) director) (?:ever )?"
    r"(?:make|made|do|done|direct|directed|write|written)\b|"
    r"\b(?:more|anything|something|others?|films?|movies?|ones?) (?:else )?(?:by|from) (?:him|her|them)\b|"
    r"\b(?:his|her|their) (?:other|earlier|later|older|newer|best) "
    r"(?:stuff|films?|movies?|works?|ones|books?|things)\b",
    re.IGNORECASE,
)
"""What asks for more by whoever made the thing spoken of."""
_BY_OTHERS = re.compile(
    r"\bby (?:other|different|another|(?:some(?:one|body)|any(?:one|body)) else)"
    r"(?:\s+(?:people|persons?|directors?|makers?|authors?|writers?|one|ones))?\b",
    re.IGNORECASE,
)
_MAKERS = ("director", "author", "artist", "creator", "writer")
"""Attributes of whoever made an item, that of which a catalogue has the first being asked after."""
_NEWER = (
    "más nueva; más nuevo; más nuevas; más nuevos; más reciente; más recientes; más moderna; "
    "más moderno; neuer; neuere; neueres; neueren; moderner; plus récent; plus récents; plus moderne; "
    "più recente; più recenti; più nuovo; più moderno; mais recente; mais recentes; mais novo; "
    "plutôt récent; plutôt récents; eher neu; eher neuer; bastante reciente"
).split("; ")
_OLDER = (
    "más antigua; más antiguo; más antiguas; más antiguos; más vieja; más viejo; älter; ältere; "
    "älteres; älteren; plus ancien; plus anciens; plus vieux; più vecchio; più vecchi; più vecchia; "
    "mais antigo; mais antigos; mais antiga"
).split("; ")
"""Comparatives of age in other languages."""
_MORE = {
    "newer": ("year", True),
    "more recent": ("year", True),
    "more modern": ("year", True),
    "more up to date": ("year", True),
    "later": ("year", True),
    "not that old": ("year", True),
    "not so old": ("year", True),
    "not as old": ("year", True),
    "less old": ("year", True),
    "not that expensive": ("price", False),
    "not so expensive": ("price", False),
    "older": ("year", False),
    **dict.fromkeys(_NEWER, ("year", True)),
    **dict.fromkeys(_OLDER, ("year", False)),
    "earlier": ("year", False),
    "less recent": ("year", False),
    "cheaper": ("price", False),
    "less expensive": ("price", False),
    "more expensive": ("price", True),
    "longer": ("length", True),
    "shorter": ("length", False),
    "better rated": ("rating", True),
    "higher rated": ("rating", True),
}
_NEARER = re.compile(
    rf"\b(?:a bit |much |something |slightly |but )*({'|'.join(sorted(_MORE, key=len, reverse=True))})\b"
    r"(?!\s+(?:(?:wo)?m[ae]n|lad(?:y|ies)|gentlem[ae]n|people|persons?|couples?|kids?|child(?:ren)?|brothers?|sisters?|"
    r"audiences?|crowd|actors?|actress(?:es)?|generations?|adults?|folks?|guys?|girls?|boys?|leads?|viewers?)\b)",
    re.IGNORECASE,
)
_OF_THE_DAY = re.compile(
    r"\b(?:me|us|him|her|them|tonight|today|tomorrow|evening|night|watch|this|it|on|bed|dinner|lunch|work)\s+"
    r"(?:a bit )?$",
    re.IGNORECASE,
)
"""Before "later" and "earlier" these speak of the hour: "something for us later, when the kids are in bed"."""
THAN_AMOUNT = re.compile(
    r"\s+than\s+(?:about |around |roughly )?(?:[$€£¥₹]|\d|(?:eur|usd|gbp|chf)\b|(?:an?|one|"
    r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|half|last|this) (?!(?:first|second|third|one)\b)|"
    r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|ten|five|yesterday)\b|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b)",
    re.IGNORECASE,
)
"""What a comparison is with where it is an amount or a date, and no item."""
_OR_AMOUNT = re.compile(
    r"(?:\d|\b(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|"
    r"ninety|hundred|thousand|half)\b|\b(?:twen|thir|for|fif|six|seven|eigh|nine)ties\b)"
    r"[^.,;!?]{0,20}?\s*\b(?:and|or)(?: even)?\s+$",
    re.IGNORECASE,
)
"""What an "or longer" bounds."""
_STANDS_FOR = {
    "year": ("year", "date", "released", "published"),
    "price": ("price", "cost"),
    "length": ("length", "runtime", "duration", "minutes", "pages"),
    "rating": ("rating", "stars", "score"),
}
CALLED = {
    "actor": "cast",
    "actress": "cast",
    "star": "cast",
    "author": "author",
    "writer": "writer",
    "band": "artist",
    "maker": "brand",
    "company": "brand",
    "genre": "genres",
    "kind": "genres",
    "theme": "themes",
    "length": "runtime",
    "duration": "runtime",
    "subtitle": "language",
}


def act_of(message: str) -> Act | None:
    """The act of a message, if it is one.

    >>> act_of("compare the first two"), act_of("why not Heat?"), act_of("What did you show me first?")
    (<Act.COMPARE: 'compare'>, <Act.WHY_NOT: 'why_not'>, <Act.RECALL: 'recall'>)
    >>> act_of("start over"), act_of("something tense")
    (<Act.RESTART: 'restart'>, None)
    """
    patterns = (
        (_RESTART, Act.RESTART),
        (_RECALL, Act.RECALL),
        (_COMPARE, Act.COMPARE),
        (_WHY_NOT, Act.WHY_NOT),
    )
    return next((act for pattern, act in patterns if pattern.search(message)), None)


def why_not_title(message: str) -> str:
    """The words that "why not" is asked of, as a title; nothing where it is asked of nothing.

    >>> why_not_title("Why not Inception?"), why_not_title("why not?")
    ('Inception', '')
    """
    match = _ASKED_OF.search(message)
    return match[1].strip() if match else ""


def at_first(message: str) -> bool:
    """Whether a question about what was shown means the beginning."""
    return bool(_AT_FIRST.search(message))


def is_pair(message: str) -> bool:
    """Whether a message means the first two of what was shown."""
    return bool(_PAIR.search(message))


def relatives(message: str, catalog: Catalog) -> list[Relative]:
    """Conditions by comparison: "newer", "not that director", "the same genre".

    Words for which this catalogue has no attribute are left to the wish.
    """
    return [*_numbers(message, catalog), *_values(message, catalog)]


def resolve_relatives(
    relatives: Sequence[Relative], anchors: Sequence[Item]
) -> tuple[list[Constraint], list[str]]:
    """Relatives as conditions, by the items that they compare with: one that was named, or what was shown last.

    Returns the conditions, and a note for each that nothing known can be compared with.
    """
    constraints, notes = list[Constraint](), list[str]()
    for relative in relatives:
        if relative.more is not None:
            known = [
                number
                for item in anchors
                if isinstance(number := item.attributes.get(relative.field), int | float)
            ]
            if known:
                # The mean, since beyond the median of a list of recent ones nothing may be left.
                op, middle = (Op.AFTER if relative.more else Op.BEFORE), round(mean(known), 2)
                value = int(middle) if all(isinstance(one, int) for one in known) else middle
                constraints.append(Constraint(field=relative.field, op=op, value=value))
            else:
                notes.append(f"I know no {relative.field} to compare with.")
        else:
            values = tuple(
                dict.fromkeys(v for item in anchors[:1] for v in as_tags(item.attributes.get(relative.field)))
            )
            if values:
                constraints.append(
                    Constraint(
                        field=relative.field, op=Op.ANY_OF if relative.same else Op.NONE_OF, value=values
                    )
                )
            else:
                notes.append(f"I know no {relative.field} that you could mean.")
    return constraints, notes


def _numbers(message: str, catalog: Catalog) -> Iterator[Relative]:
    fields = catalog.schema.of_kind(Kind.NUMBER)
    for match in _NEARER.finditer(message):
        if match[1].casefold() in ("later", "earlier") and _OF_THE_DAY.search(message[: match.start(1)]):
            continue
        if THAN_AMOUNT.match(message, match.end()) or _OR_AMOUNT.search(message[: match.start()]):
            continue  # "newer than 1990", "cheaper than $50", "3 minutes or longer" say their number themselves
        if is_told_comparison(message, match.start(1), match.end(), match[1].lower()):
            continue
        stem, more = _MORE[match[1].lower()]
        field = next(
            (name for name in fields if any(part in name.casefold() for part in _STANDS_FOR[stem])), None
        )
        if field:
            yield Relative(field=field, more=more, first=match.start(), last=match.end())


def _values(message: str, catalog: Catalog) -> Iterator[Relative]:
    fields = list(catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS, provenance=EVERY))
    for match in _SAME.finditer(message):
        what = fold(match["what"])
        names = {CALLED.get(what, what), what, f"{what}s"}
        field = next((name for name in fields if name.casefold() in names), None)
        if field and (match["no"] or match["which"].lower().endswith("same")):
            yield Relative(field=field, same=not match["no"], first=match.start(), last=match.end())
    for maker in [name for name in _MAKERS if name in fields][:1]:
        for pattern, same in ((_OTHER_WORKS, True), (_BY_OTHERS, False)):
            for match in pattern.finditer(message):
                yield Relative(field=maker, same=same, first=match.start(), last=match.end())
