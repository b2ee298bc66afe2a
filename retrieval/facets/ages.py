"""Ages of the people who are to watch: "my kids, 6 and 9", "she turns 4", "under 12s"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tastemaker.retrieval.facets.amounts import NUMBER, number_of

MAX_AGE = 17
"""Who is older needs no limit."""

_KIN = (
    r"(?:kids?|kiddos?|child|children|sons?|daughters?|boys?|girls?|nephews?|nieces?|grandsons?|granddaughters?|"
    r"grandkids?|grandchildren|grandchild|grand-?kids|cousins?|brothers?|sisters?|twins|triplets|"
    r"little ones?|youngest|oldest|bros?|sis|cuz|"
    r"eldest|toddlers?|teens?|teenagers?|god(?:son|daughter)|step(?:son|daughter)|pupils?|students?|class|bub|"
    r"baby|youngster|"
    r"nipote|nipoti|figli[ao]?|hij[oa]s?|niet[oa]s?|sobrin[oa]s?|fille|fils|enfants?|tochter|sohn|kinder|kind|"
    r"dochter|zoon|kinderen|neffen?|nichte|enkel\w*|crianca|criancas|bambin[aieo]|nin[oa]s?|filh[oa]s?)"
)
_JOINT = r"(?:\s*(?:,|and|&|or|to|-|–|und|y|et|e|,\s*and)\s*)"
_LIST = rf"(?P<ages>{NUMBER}(?:-?{_JOINT}{NUMBER}){{0,6}})"
_NO_UNIT = (
    r"(?!\s*(?:%|\$|€|£|-?\s*(?:min|minutes?|mins|hours?|hrs?|h\b|films?|movies?|stars?|o'?clock|"
    r"am\b|pm\b|foot|feet|ft|points?|of (?:us|them|those|these)|"
    r"people|friends|times|th\b|st\b|nd\b|rd\b|episodes?|weeks?|days?|months?|dollars|euros|pounds|"
    r"bucks|kids|children|boys|girls|other|more|or (?:so )?less)))"
)
_OLD = (
    r"(?:yo'?s?\b|y/o|(?:years?|yrs?|yr)(?:[\s-]*olds?\b| of age)|jahre alt|jahrige[nrs]?\b|jaar\b|"
    r"anni\b|anos\b|ans\b|jahren?\b)"
)
_AGES = (
    rf"(?<!\d,)(?<!\d, )\b{_LIST}[\s-]*{_OLD}",
    (
        rf"\b(?:aged?s?|age of|ages?(?: of| from)?|rated|from)\s+(?:between\s+)?{_LIST}\b(?=\s*(?:\+|"
        rf"and (?:up|over|older|above)|up|upwards|or older|on\b|jahre|,|\.|!|\)|$|\s(?:to|who|and|in|is|"
        rf"for|at|on|with)\b)){_NO_UNIT}"
    ),
    rf"\b(?:turns|turning|turned|just turned|is turning|birthday,?)\s+{_LIST}\b{_NO_UNIT}",
    (
        rf"\b(?:{_KIN}|(?:my|our) (?:two|three|four|pair|lot))(?:'s)?"
        rf"(?:\s+(?:is|are|sind|haben|ont|tienen|hanno|zijn|tem|van|de|di|von|who is|"
        rf"who are|who's|aged?|ages|of|at|being|just|now|only|"
        rf"nearly|almost|both|all|under|around|about)|\s*[,:(–-]|'s|\s+who)*\s*{_LIST}\b{_NO_UNIT}"
    ),
    rf"\b{_KIN}\b[^.!?;\d()]{{0,40}}?\(\s*(?:aged?\s*|now\s*|just\s*|only\s*)?{_LIST}\s*\)",
    rf"\b{_KIN}\b[^.!?;\d()]{{0,50}}?,\s*(?:all|both)\s+(?:of them\s+)?(?:aged\s+|just\s+)?{_LIST}(?=\s*(?:$|"
    rf"[.,!?;)]))",
    rf"(?<![\d.,])\b{_LIST}\s+(?:and (?:up|over|above)|upwards|going on \w+)(?=\s*(?:$|[.,!?;)]))",
    rf"\b(?:some|one|another|the (?:young|old)est) (?:of (?:them|us) )?(?:is|are)\s+(?:only |"
    rf"just )?{_LIST}(?=\s*(?:$|[.,!?;)]|and\b)){_NO_UNIT}",
    rf"\b(?:my|our)\s+\w+(?:'s|\s+is)\s+(?:only|just|nearly|almost|barely|not yet|not even)\s+{_LIST}\b{_NO_UNIT}",
    (
        rf"\b(?:i'?m|i am|she'?s|he'?s|she is|he is|they'?re|they are)\s+(?:only\s+|just\s+|nearly\s+|"
        rf"almost\s+)?{_LIST}(?=\s*(?:[.,!?;)]|$|\b(?:and|so|but|now|who|y/o)\b)){_NO_UNIT}"
    ),
    rf"\bunder[\s-]?{_LIST}(?:'?s|-year-olds)\b",
    rf"(?<!\d,)(?<!\d, )\b{_LIST}\s*\+(?=\s|$|[.,!?)])",
    (
        rf"\b(?:ab|a partir de|des|dai|a partire dai|ab dem alter von)\s+{_LIST}(?:\s+(?:ans|jahren?|anos|"
        rf"anni))?\b{_NO_UNIT}"
    ),
)
_PATTERNS = tuple(re.compile(pattern) for pattern in _AGES)
_EACH = re.compile(rf"\b{NUMBER}(?![a-z])")
_OF_THE_STORY = re.compile(
    r"\b(?:about|where|in which|story of|lead(?: is)?|hero(?:ine)?(?: is)?|starring|follows|"
    r"main character|played by|the life of)"
    r"\s+(?:\w+\s+){0,2}$"
)


@dataclass(frozen=True)
class Age:
    """The youngest of the ages named at one place.

    Attributes:
        years: of the youngest.
        start: of the words, in the text.
        end: behind them.
    """

    years: float
    start: int
    end: int


_OF_WHOM = re.compile(
    r"\b(?:about|of|involving|featuring|follows|following|starring|on)\s+(?:(?:a|an|the|some|two|three|young|"
    r"troubled|"
    r"group of|bunch of|gang of|lonely|angry)\s+){0,3}$|\b(?:film|movie|story|book|one|something|anything|"
    r"comedy|drama|"
    r"thriller)s?\s+with\s+(?:(?:a|an|some|young)\s+){0,2}$"
)


def is_of_the_story(flat_text: str, start: int) -> bool:
    """Whether people named at a place are those that a story tells of: "about teenagers", and not "for teenagers".

    >>> is_of_the_story("something about teenagers", 16), is_of_the_story("something for teenagers", 14)
    (True, False)
    """
    return _OF_WHOM.search(flat_text[:start]) is not None


def ages_in(flat_text: str) -> Iterator[Age]:
    """Ages of viewers up to ``MAX_AGE`` in a flat text; those of people in the film are left out.

    >>> [age.years for age in ages_in("for my kids, 6 and 9")]
    [6.0]
    >>> [age.years for age in ages_in("a seven-year-old and her gran, 81")]
    [7.0]
    >>> list(ages_in("about a 12 year old boy"))
    []
    """
    taken: list[tuple[int, int]] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(flat_text):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            years = [number_of(one) for one in _EACH.findall(match["ages"])]
            young = [number for number in years if 0 < number <= MAX_AGE]
            before = flat_text[max(0, match.start() - 40) : match.start()]
            if young and not _OF_THE_STORY.search(before):
                taken.append(match.span())
                yield Age(min(young), *match.span())
