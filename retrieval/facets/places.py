""", by a table and by the catalogue's own values."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from tastemaker.retrieval.facets.definition import DATA
from tastemaker.retrieval.facets.phrase_trie import PhraseTrie
from tastemaker.retrieval.facets.words import Word, key_of, keys_of

TABLE = f"{DATA}/places.toml"

MIN_ITEMS_BARE = 3
"""Items that must play at a place before its bare name, without "in", means the place."""

_FILM_WORDS = frozenset(
    map(
        key_of,
        "film cinema one stuff thing comedy comedies drama thriller horror western romance animation "
        "anime classic classics "
        "musical movie director language production romcom noir indie gem documentary crime polar speaking spoken "
        "cine arthouse new wave humour humor wit mystery cartoon story detective murder".split(),
    )
)
_OPENERS = frozenset(
    "something anything some more any maybe not non no another only "
    "all one ideally or and but algo etwas was quelque".split()
)
_IN = frozenset(map(key_of, "in at on around through across inside throughout near".split()))
_SOMEWHERE = frozenset({"somewhere", "anywhere", "sunny"})
_JOINED = frozenset(
    map(
        key_of,
        "film movie cinema one only or and but please maybe perhaps ideally preferably possibly with that which "
        "from not too y o oder und".split(),
    )
)
_SETTINGS = frozenset(
    map(
        key_of,
        "high village town countryside suburb suburbs city farm coast island islands prison college campus beach "
        "mountains mountain desert jungle forest summer landscape boarding seaside riviera alps monastery convent "
        "chateau palace court streets street hospital university".split(),
    )
)
"""Behind an adjective of origin: what is set there."""
_AFTER_LANGUAGE = frozenset("to without for so because since as if when on today tonight".split())
"""Behind "in Spanish": it is a language still."""
_SPOKEN = frozenset("hear speak speaking spoken understand talk prefer".split())
"""Before a language that is no adjective of a land's: "I want to hear Mandarin"."""
_LEARNT = frozenset(
    "practise practice practising practicing brush brushing improve improving refresh".split()
)
_MUST = frozenset("must has should is shall needs will ought".split())
_SET = frozenset(
    map(
        key_of,
        "set place plays play playing happens happening located "
        "story character ambientada spielt deroule passe".split(),
    )
)
_FROM = frozenset(map(key_of, "from made produced de aus du do da".split()))
_LANGUAGE_IN = frozenset(map(key_of, "in speaking speak spoken language auf en".split()))


class Role(StrEnum):
    """What a name is in a message."""

    COUNTRY = "country"
    LANGUAGE = "language"
    ORIGIN = "origin"
    PLACE = "place"


@dataclass(frozen=True)
class Land:
    """A country or a region.

    Attributes:
        name: as in the table.
        names: as catalogues may write it.
        countries: names of all its countries, in the catalogue's writing or the table's.
        languages: spoken there as a rule.
        within: places there.
        region: whether it is a region.
        parts: of its names those of a part alone, with the places there: Scotland with Edinburgh.
    """

    name: str
    names: tuple[str, ...]
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    within: tuple[str, ...]
    region: bool
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Name:
    """What a phrase may name: a land by its name or people, a language, or a place."""

    land: Land | None = None
    people: bool = False
    foreign: bool = False
    language: str = ""
    place: str = ""
    city: bool = False
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Named:
    """A name in a message and what it is there.

    Attributes:
        role: country (made there), language, origin (either), or place (plays there).
        countries: their names.
        languages: their names.
        places: parts of place names.
        first: its first word.
        behind: the word behind its last.
    """

    role: Role
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    places: tuple[str, ...]
    first: int
    behind: int


class PlaceNames:
    """Looks up names in messages.

    Args:
        places: how many items have each value of the catalogue's place attribute.
        countries: values of its country attribute; empty if unknown.
        languages: values of its language attribute.
    """

    def __init__(
        self,
        places: Mapping[str, int] = MappingProxyType({}),
        countries: Sequence[str] = (),
        languages: Sequence[str] = (),
    ) -> None:
        self._written = {value.casefold(): value for value in countries}
        self._spoken = {value.casefold(): value for value in languages}
        self._lands = _lands()
        self._trie: PhraseTrie[_Name] = PhraseTrie(self._names(places))
        self.vocabulary = self._trie.vocabulary
        self.origins = {key for _, people in self._lands.values() for word in people for key in keys_of(word)}

    def _names(self, places: Mapping[str, int]) -> Iterable[tuple[Sequence[str], _Name]]:
        origins = {adjective for _, people in self._lands.values() for adjective in people}
        for land, people in self._lands.values():
            for name in land.names:
                yield keys_of(name), _Name(land, parts=land.parts.get(name, ()))
            for adjective in people:  # other languages than English are in small letters
                yield keys_of(adjective), _Name(land, people=True, foreign=adjective.islower())
            for place in land.within:
                if place not in origins and place not in land.names:
                    yield keys_of(place), _Name(place=place, city=self._is_common(place, places))
        for said, place in _tables()["also"].items():
            yield keys_of(said), _Name(place=place)
        languages = {spoken for land, _ in self._lands.values() for spoken in land.languages} | set(
            self._spoken.values()
        )
        for spoken in languages - {"silent", "no dialogue"}:
            yield keys_of(spoken), _Name(language=spoken)
        for place in places:
            if (keys := keys_of(place)) and len(keys) <= 4:
                yield keys, _Name(place=place)

    @staticmethod
    def _is_common(place: str, places: Mapping[str, int]) -> bool:
        """Whether a place is named so often that its name alone means the place, and not a title."""
        return not places or sum(count for value, count in places.items() if place in value) >= MIN_ITEMS_BARE

    def named(self, words: Sequence[Word], taken: Sequence[bool]) -> list[Named]:
        """The names in a message; those that describe something else ("French food") are left out."""
        found = []
        for first, behind, meanings in self._trie.all(words):
            if any(taken[first:behind]):
                continue
            named = self._role(words, first, behind, meanings)
            if named is not None:
                found.append(named)
        return found

    def _role(
        self, words: Sequence[Word], first: int, behind: int, meanings: Sequence[_Name]
    ) -> Named | None:
        before = words[first - 1].key if first else ""
        earlier = {word.key for word in words[max(0, first - 4) : first]}
        after = words[behind].key if behind < len(words) else ""
        adjective = next((one for one in meanings if one.land and one.people), None)
        country = next((one.land for one in meanings if one.land and not one.people), None)
        language = next((one.language for one in meanings if one.language), "")
        place = next((one for one in meanings if one.place), None)
        if language and (
            (before in _LANGUAGE_IN and (_closes(words, behind) or after in _AFTER_LANGUAGE))
            or after in ("speaking", "language", "spoken", "dialogue")
        ):
            return self._name_place(Role.LANGUAGE, None, (language,), first, behind)
        if language and earlier & _LEARNT and before in ("my", "on") and _closes(words, behind):
            return self._name_place(Role.LANGUAGE, None, (language,), first, behind)
        if country and (before in _FROM or earlier & _FROM):
            return self._name_place(Role.COUNTRY, country, (), first, behind)
        if country and (before in _IN or earlier & _SET):
            parts = next((one.parts for one in meanings if one.parts), ())
            if parts:  # "set in Scotland" is not all of Britain
                return Named(Role.PLACE, (), (), parts, first, behind)
            return self._name_place(Role.PLACE, country, (), first, behind)
        if place and (before in _IN or earlier & _SET):
            return Named(Role.PLACE, (), (), (place.place,), first, behind)
        if before in _SOMEWHERE and (land := country or (adjective.land if adjective else None)):
            return self._name_place(Role.PLACE, land, (), first, behind)
        if adjective and adjective.land and not adjective.foreign and after in _SETTINGS:
            return self._name_place(Role.PLACE, adjective.land, (), first, behind)  # "American high school"
        if adjective or language:
            return self._origin(words, first, behind, adjective, language)
        if country and (self._alone(words, first, behind) or before in _OPENERS):
            return self._name_place(Role.ORIGIN, country, (), first, behind)
        if place and place.city:
            return Named(Role.PLACE, (), (), (place.place,), first, behind)
        return None

    def _origin(
        self, words: Sequence[Word], first: int, behind: int, adjective: _Name | None, language: str
    ) -> Named | None:
        """An adjective of origin where it is said of the film: before a word for films, or on its own."""
        following = {word.key for word in words[behind : behind + 2]}
        before = words[first - 1].key if first else ""
        said = following & _FILM_WORDS or before in _FILM_WORDS or behind - first == len(words)
        said = said or (adjective is None and before in _SPOKEN)
        if adjective is None or not adjective.foreign:
            said = said or _closes(words, behind)
        if not said or (
            behind < len(words)
            and words[behind].key in ("food", "soldier", "dream", "wine", "people", "man", "woman")
        ):
            return None
        land = adjective.land if adjective else None
        spoken = (language,) if language else (land.languages if land else ())
        return self._name_place(Role.ORIGIN, land, spoken, first, behind)

    def is_of_another_thing(self, words: Sequence[Word], first: int, behind: int) -> bool:
        """Whether a phrase ends in an adjective of origin that belongs to what follows: "no American football"."""
        if behind - first == 1 or words[behind - 1].key not in self.origins or _closes(words, behind):
            return False
        return words[behind].key not in _FILM_WORDS

    def _alone(self, words: Sequence[Word], first: int, behind: int) -> bool:
        return behind - first >= len(words) - 1

    def _name_place(
        self, role: Role, land: Land | None, languages: Sequence[str], first: int, behind: int
    ) -> Named:
        spoken = tuple(self._spoken.get(one.casefold(), one) for one in languages)
        if self._spoken:
            spoken = tuple(one for one in spoken if one.casefold() in self._spoken) or spoken[:1]
        if land is None:
            return Named(role, (), spoken, (), first, behind)
        return Named(role, self._countries(land), spoken, (*land.names[:1], *land.within), first, behind)

    def _countries(self, land: Land) -> tuple[str, ...]:
        if not land.region:
            return self._writings(land)
        written = [name for country in land.countries for name in self._writings(self._lands[country][0])]
        return tuple(dict.fromkeys(written))

    def _writings(self, land: Land) -> tuple[str, ...]:
        """How the catalogue writes a country: every writing that occurs, else the usual one."""
        have = tuple(
            self._written[name.casefold()] for name in land.names if name.casefold() in self._written
        )
        return have or land.names[:1]


def _closes(words: Sequence[Word], behind: int) -> bool:
    """Whether a clause may end before word ``behind``: nothing follows that an adjective could belong to."""
    if behind == len(words) or words[behind].key in _JOINED:
        return True
    if words[behind].text == "it" and behind + 1 < len(words) and words[behind + 1].text in _MUST:
        return True  # "French it must be"
    return words[behind].start - words[behind - 1].end > 1  # more than a space: punctuation


@cache
def _tables() -> Mapping[str, Mapping[str, Any]]:
    tables: Mapping[str, Mapping[str, Any]] = tomllib.loads(
        (files("tastemaker.retrieval") / TABLE).read_text(encoding="utf-8")
    )
    return tables


@cache
def _lands() -> Mapping[str, tuple[Land, tuple[str, ...]]]:
    """Lands by name, with the adjectives for what is from there."""
    tables = _tables()
    found: dict[str, tuple[Land, tuple[str, ...]]] = {}
    for name, row in tables["countries"].items():
        land = Land(
            name,
            tuple(row["names"]),
            (name,),
            tuple(row.get("language", ())),
            tuple(row.get("within", ())),
            False,
            {part: tuple(places) for part, places in row.get("parts", {}).items()},
        )
        found[name] = land, tuple(row["people"])
    for name, row in tables["regions"].items():
        lands = [found[country][0] for country in row["countries"]]
        within = (*row.get("within", ()), *(place for land in lands for place in (*land.names, *land.within)))
        spoken = tuple(dict.fromkeys(language for land in lands for language in land.languages))
        found[name] = (
            Land(name, tuple(row["names"]), tuple(row["countries"]), spoken, within, True),
            tuple(row["people"]),
        )
    return found
