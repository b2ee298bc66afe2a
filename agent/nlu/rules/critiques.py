"""Comparisons with items: "less violent than Heat", "funnier", "not as dark as the second one".

The quality is looked up among the catalogue's facets: one with a scale becomes a step on it, any other
word a direction in the space of item texts (critiquing as in Burke, Hammond and Young, 1997). A comparative
("artsier") is read where the facets know its adjective, or the words that are placed on qualities do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tastemaker.agent.memory.request import Critique
from tastemaker.agent.nlu.rules.acts.dialogue_acts import THAN_AMOUNT
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import EVERY, Kind
from tastemaker.retrieval.facets.definition import Grammar
from tastemaker.retrieval.facets.matching import FacetMatcher
from tastemaker.retrieval.filters.conditions import Constraint, Op, leaves
from tastemaker.retrieval.search.known_films import shipped_films
from tastemaker.retrieval.search.quality_words import word_tables

_QUALITY = r"[^\W\d_][\w-]{2,}"
_LESS = (
    r"moins|pas (?:si|trop|aussi)|menos|no tan|meno|non (?:cos[ìi]|troppo)|weniger|nicht (?:so|ganz so|zu)|minder|"
    r"n[ãa]o t[ãa]o"
)
"""The same in French, Spanish, Italian, German, Dutch and Portuguese."""
_COMPARED = re.compile(
    rf"\b(?:(?P<less>(?<!-)less|fewer|not (?:so|as|quite (?:so|as))|too|{_LESS})|"
    rf"(?P<more>(?<!\bno )(?<!\bany )(?:a (?:bit|little) |much |even |far |way )?more))\s+"
    rf"(?P<quality>{_QUALITY})\b|\b(?:(?:a (?:bit|little)|much|even|far|something|but|only) )*(?P<er>[a-z]{{3,}}er)\b",
    re.IGNORECASE,
)
_COMPLAINT = re.compile(
    r"\b(?:these|those|they|it|this|that|this lot|that lot|(?:this|that|the (?:first|second|third|fourth|fifth|last)) "
    r"one|(?:the )?list|all|both|most)(?:['’](?:s|re)| (?:is|are|was|were|looks?|seems?|feels?|sounds?|got))? "
    r"(?:all |both |just |still )*(?:a (?:bit|little|touch|tad) (?:too )?|a bit on the |on the |somewhat |rather |"
    rf"kind of |kinda |a bit much of a )(?P<quality>{_QUALITY})(?! (?:like|of|for)\b)",
    re.IGNORECASE,
)
"""What is found amiss with what was shown: "these are a bit heavy", "the list is rather dark"."""
_LOOKS_AMISS = re.compile(
    r"\b(?:these|those|they|it|this|that|(?:this|that|the (?:first|second|third|fourth|fifth|last)) one|all)"
    r"(?: all| both)? (?:looks?|seems?|sounds?|feels?) (?:all |quite |pretty |awfully |so |very |really )*"
    r"(?P<quality>long|slow|heavy|violent|gory|bloody|dark|sad|bleak|depressing|gloomy|scary|childish|silly|stupid|"
    r"dumb|cheesy|soppy|mushy|pretentious|boring|dull|grim|gruesome)\b(?!\W+(?:love|great|perfect|good|nice|yes|"
    r"just what|exactly|i like|more)\b)",
    re.IGNORECASE,
)
"""The same of qualities that few look for: "that looks long"."""
_NOT_LONG = re.compile(
    r"\b(?:not (?:that|so|too|quite so) |less |too )long\b(?! (?:ago|after|before)\b)", re.IGNORECASE
)
_THAN = re.compile(r"\s*(?:than|as)\s+", re.IGNORECASE)
_NO_QUALITY = frozenset(
    """other another either neither whether never ever over under after rather together however mother father brother
    sister daughter letter matter order dinner summer winter number paper water power master killer thriller teacher
    character theater theatre center cover corner remember consider offer answer newer older later earlier better
    cheaper than recent expensive more one ones like please films movies of that this them it people time player
    soldier gangster monster lover singer dancer writer painter lawyer officer driver prisoner leader stranger partner
    late early much many often good bad far close near soon hard easy big small long longer shorter
    lieber oder immer wieder aber unter tired busy drunk ill sick old young lazy
    cleaner dryer smaller what who where when which how why
    policier policiers familier dernier premier
    ladder murder border disaster hunter farmer sober clever tender sinister super proper sheer
    """.split()
)
_LENGTH = {"longer": True, "shorter": False}
_LENGTH_FIELDS = ("runtime", "length", "duration", "minutes", "pages")
_BASE = {
    "funnier": "funny",
    "scarier": "scary",
    "sexier": "sexy",
    "sunnier": "sunny",
    "happier": "happy",
    "lighter": "light-hearted",
    "heavier": "heavy",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison in a message.

    Attributes:
        critique: without the items compared with.
        span: where it stands.
        than: where what it is compared with begins, None where nothing is named.
    """

    critique: Critique
    span: tuple[int, int]
    than: int | None


class CritiqueReader:
    """Reads comparisons in the words of one catalogue."""

    def __init__(self, matcher: FacetMatcher, catalog: Catalog) -> None:
        self._matcher = matcher
        grammars = (matcher.facets.with_grammar(one) for one in (Grammar.COUNTRY, Grammar.LANGUAGE))
        self._origins = frozenset(facet.name for facet in grammars if facet)
        self._by_hand = word_tables(shipped_films().names).by_hand
        numbers = list(catalog.schema.of_kind(Kind.NUMBER, provenance=EVERY))
        self._numbers = frozenset(numbers)
        self._length = next(
            (n for n in numbers if any(part in n.casefold() for part in _LENGTH_FIELDS)), None
        )

    def read(self, text: str) -> list[Comparison]:
        """The comparisons of a message whose titles are blanked out."""
        found = []
        if self._length and (match := _NOT_LONG.search(text)):
            found.append(Comparison(Critique(field=self._length, more=False), match.span(), None))
        for match in (*_COMPLAINT.finditer(text), *_LOOKS_AMISS.finditer(text)):
            word = match["quality"].casefold()
            if word == "long" and self._length:
                found.append(Comparison(Critique(field=self._length, more=False), match.span(), None))
            elif word not in _NO_QUALITY and self._knows(word):
                field = self._scale_of(word)
                less = Critique(field=field, word="" if field else word, more=False)
                found.append(Comparison(less, match.span(), None))
        taken = [one.span for one in found]
        for match in _COMPARED.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            critique = self._critique(match)
            if critique is not None and not THAN_AMOUNT.match(text, match.end()):
                than = _THAN.match(text, match.end())
                found.append(Comparison(critique, match.span(), than.end() if than else None))
        return found

    def _critique(self, match: re.Match[str]) -> Critique | None:
        word = (match["quality"] or match["er"]).casefold()
        if word in _LENGTH and self._length and match["er"]:
            return Critique(field=self._length, more=_LENGTH[word])
        if word in _NO_QUALITY:
            return None
        more = match["less"] is None
        base = word if match["quality"] else _positive(word, self._knows)
        if base is None:
            return None
        if match["quality"] and not more and self._is_origin(base):
            return None  # "less American": not from there
        field = self._scale_of(base)
        return Critique(field=field, word="" if field else base, more=more)

    def _knows(self, word: str) -> bool:
        return bool(self._matcher.read(word).matches) or word in self._by_hand

    def _is_origin(self, word: str) -> bool:
        """Whether a quality says where something is from, or in which language it is."""
        return any(
            leaf.field in self._origins
            for one in self._matcher.read(word).matches
            for leaf in leaves(one.condition)
        )

    def _scale_of(self, word: str) -> str:
        """The level that a quality has much of, "" where no scale holds it."""
        for found in self._matcher.read(word).matches:
            condition = found.condition
            if (
                isinstance(condition, Constraint)
                and condition.op is Op.AT_LEAST
                and condition.field in self._numbers
            ):
                return condition.field
        return ""


def _positive(word: str, known: Callable[[str], bool]) -> str | None:
    """The adjective of a comparative, if it is one that is known.

    >>> _positive("darker", {"dark"}.__contains__), _positive("gentler", {"gentle"}.__contains__)
    ('dark', 'gentle')
    >>> _positive("poster", {"dark"}.__contains__) is None
    True
    """
    stem = word[:-2]
    forms: Sequence[str] = (
        _BASE.get(word, ""),
        stem,
        f"{stem}e",
        f"{stem[:-1]}y" if stem.endswith("i") else "",
        stem[:-1],
    )
    return next((form for form in forms if form and known(form)), None)
