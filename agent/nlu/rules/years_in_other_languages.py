"""Years and decades in German, French, Spanish, Italian, Portuguese and Dutch: "antes de 1980"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tastemaker.retrieval.filters.conditions import Constraint, Op
from tastemaker.retrieval.text.decades import DECADE, TENS_IN_WORDS, decade_of, first_year, part_of

_YEAR = r"(?:1[89]\d\d|20\d\d)"
_THE = r"(?:\s+(?:il|l'|o|el|the|het jaar|dem jahr|l'année))?\s*"
_BETWEEN = re.compile(
    rf"\b(?:zwischen|entre|tra|fra|tussen|von|dal|del?|desde|van){_THE}({_YEAR})\s*(?:und|y|et|e|en|bis|[àa]|al|hasta|at[ée]|tot|-|–)"
    rf"{_THE}({_YEAR})\b",
    re.IGNORECASE,
)
_SIDES = {
    "after": r"nach|apr[èe]s|despu[ée]s del?|posterior(?:es)? a|dopo|depois de|na|neuer als|"
    r"j[üu]nger als|plus r[ée]cents? que",
    "since": r"seit|ab|depuis|d[èe]s|desde|a partir (?:de|del|do)|[àa] partir de|a partire dal|dal|sinds|vanaf",
    "before": r"vor|avant|antes del?|anterior(?:es)? a|prima del?|voor|[äa]lter als|ouder dan",
    "until": r"bis|jusqu['’](?:en|[àa])|hasta|fino al|at[ée]|tot",
}
_BOUND = re.compile(
    rf"\b(?:{'|'.join(f'(?P<{side}>{words})' for side, words in _SIDES.items())}){_THE}(?P<year>{_YEAR})\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    rf"\b(?:aus dem jahre?|im jahre?|aus|von|del?|d['’]|du|des|dell?['’]|nel|en|em|uit|van|l['’]ann[ée]e|"
    rf"a[ñn]o|ano|anno)"
    rf"{_THE}({_YEAR})\b",
    re.IGNORECASE,
)
_EAST_ASIAN = re.compile(
    r"(?P<year>(?:1[89]|20)\d\d)\s?[年년](?:(?P<since>以后|之后|以後|以降|後|后|起|以来|から|이후|부터)|(?P<before>以前|之前|より前|前|이전))?"
)
"""Chinese, Japanese, Korean; "since" and "after" are the same words, and include the year."""
_PLAYS = (
    r"ambient\w+|se pass\w+|passant|se d[ée]roul\w+|se situe\w*|se desarroll\w+|transcurr\w+|situad\w+|que pas[ae]\w*|"
    r"passad[oa]s?|si svolg\w+|svolg\w+|spielt|spielen|handelt|speelt|afspeelt"
)
_PLAYS_BEFORE = re.compile(rf"\b(?:{_PLAYS})\s+(?:\w+\s+){{0,2}}$", re.IGNORECASE)
_PLAYS_AFTER = re.compile(
    r"^\s+(?:\w+\s+)?(?:spielt|spielen|handelt|afspeelt|speelt|si svolge)\b", re.IGNORECASE
)
_TENS = re.compile(rf"\d+|{TENS_IN_WORDS}", re.IGNORECASE)
_ALSO_DECADE = re.compile(
    r"\s*(?:ou|et|oder|und|o|u|y|e|of|en|bis|à|a|hasta|-|–|/)\s*(?:(?:les|los|gli|os|die|den|der|années|años|anni|anos|de|degli)"
    rf"\s+)*['’]?(?P<tens>(?:19)?[2-9]0|{TENS_IN_WORDS})\b(?!\s*(?:%|€|min|euros?|personnes|personas|minut\w*|ern?\b))",
    re.IGNORECASE,
)
"""A second decade by its tens alone: the 90 of "années 80 ou 90"."""
_LONG_PARTS = {"early": (0, 4), "mid": (3, 7), "late": (5, 9), "": (0, 9)}


def foreign_year_matches(text: str, field: str) -> Iterator[tuple[re.Match[str], Constraint | None]]:
    """Years that a text states, as conditions; None for those in which a story plays.

    >>> [(c.op.value, c.value) for _, c in foreign_year_matches("entre 1980 y 1985, depuis 1990", "year") if c]
    [('between', (1980, 1985)), ('at_least', 1990)]
    >>> [(c.op.value, c.value) for _, c in foreign_year_matches("Ende der Achtziger", "year") if c]
    [('between', (1985, 1989))]
    """
    for match, constraint in _stated(text, field):
        before, after = text[: match.start()], text[match.end() :]
        yield match, None if _PLAYS_BEFORE.search(before) or _PLAYS_AFTER.match(after) else constraint


def _stated(text: str, field: str) -> Iterator[tuple[re.Match[str], Constraint]]:
    for match in _EAST_ASIAN.finditer(text):
        year = int(match["year"])
        if match["since"] or match["before"]:
            op = Op.AT_LEAST if match["since"] else Op.AT_MOST
            yield match, Constraint(field=field, op=op, value=year - bool(match["before"]))
        else:
            yield match, Constraint(field=field, op=Op.BETWEEN, value=(year, year))
    for match in _BETWEEN.finditer(text):
        lower, upper = sorted((int(match[1]), int(match[2])))
        yield match, Constraint(field=field, op=Op.BETWEEN, value=(lower, upper))
    for match in DECADE.finditer(text):
        low, high = _LONG_PARTS[part_of(match)]
        first = first_year(match)
        yield match, Constraint(field=field, op=Op.BETWEEN, value=(first + low, first + high))
        if (also := _ALSO_DECADE.match(text, match.end())) and (
            tens := _TENS.match(text, also.start("tens"))
        ):
            first = decade_of(tens[0])
            yield tens, Constraint(field=field, op=Op.BETWEEN, value=(first, first + 9))
    for match in _BOUND.finditer(text):
        year = int(match["year"])
        if match["after"] or match["since"]:
            yield match, Constraint(field=field, op=Op.AT_LEAST, value=year + bool(match["after"]))
        else:
            yield match, Constraint(field=field, op=Op.AT_MOST, value=year - bool(match["before"]))
    for match in _PLAIN.finditer(text):
        yield match, Constraint(field=field, op=Op.BETWEEN, value=(int(match[1]), int(match[1])))
