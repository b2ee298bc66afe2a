"""Facets of items, read from TOML: what may be known of an item, and how people ask for it.

The file has a name and one table a facet::

    name = "films"
    item = "film"

    [facets.violence]
    kind = "level"                      # number, level, category, tags or phrases
    values = ["none", "a little", "much", "its very point"]
    question = "How much violence is seen?"
    [facets.violence.says]              # said outright: may become a hard condition
    "at least 2" = ["(gory|bloody)", "lots of (fights|blood)"]
    "at most 1" = ["gentle", "non-violent"]
    [facets.violence.implies]           # suggests it: a preference at most
    "at most 1" = ["with my (gran|nan)"]

    [unknown.price]                     # what people ask for and no facet holds
    what = "what it costs"
    phrases = ["how much is [a] ticket"]

    [none]                              # sounds like a facet and is none
    phrases = ["not bad"]

A facet has ``kind``, ``question`` (for a model that fills it in) and

* ``values``: for a level its steps, for a category or tags the allowed values, either a list or a
  table ``value = "a phrase that explains it"``; ``open = true`` allows any other value too;
* ``allowed``: for a number the allowed numbers, ``unit``: what they count;
* ``grammar``: ``age``, ``duration``, ``period``, ``place``, ``language``, ``country`` or ``topic``,
  where amounts or names of that sort belong to this facet;
* ``brings``: what else is likely meant, a table from a condition to conditions on other facets
  (``"at most 10" = { occasions = "kids|family night" }``: who asks for a child of 8 wants more than nothing unfit);
* ``impression = true``: how an item strikes people (a mood, how sad), so that one may be so without being labelled;
* ``computed = true``: made from interactions, not asked of a model;
* ``partial = true``: its values are some of what is so, and what is not listed may be so as well;
* ``doubts``: with which values of other facets a condition of this one is not to be claimed, and ``proofs``: with which
  a value that is not listed is certainly absent; each a table from a condition to a table of facets and conditions that
  hold together, or a list of such tables of which one is enough
  (``"at most 1" = [{ age_from = "at least 16" }, { contains = "gore" }]``);
* ``negated``: what the opposite of a phrase is: a table from one condition to another;
* ``words``: how values are said of an item, see :mod:`tastemaker.retrieval.facets.value_phrases`.

``[labels]`` says the same of labels of the catalogue: with which values of facets one is not to be claimed.

``phrases`` are short phrases in which people would ask for an item (:mod:`tastemaker.retrieval.index.ask_index`): a
facet of that kind has a ``question`` and nothing else, and is searched, but is no attribute and never shown.

A condition is short for one on this facet: ``at least 2``, ``at most 7``, ``between 70 and 95``,
``top 20 %`` and ``bottom 20 %`` (of the catalogue), a value, several values with ``|`` between
them, or ``not`` and a value. A phrase is in the notation of :mod:`tastemaker.retrieval.facets.phrase_patterns`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from tastemaker.retrieval.catalog.schema import nearest_of
from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.facets.phrase_patterns import phrases_of

DATA = "data/facets"
"""Where the shipped definitions are, within ``tastemaker.retrieval``."""


class FacetKind(StrEnum):
    """What sort of value a facet holds."""

    NUMBER = "number"
    LEVEL = "level"
    CATEGORY = "category"
    TAGS = "tags"
    PHRASES = "phrases"


class Grammar(StrEnum):
    """Sorts of amounts and names that are read by rule."""

    AGE = "age"
    DURATION = "duration"
    PERIOD = "period"
    PLACE = "place"
    LANGUAGE = "language"
    COUNTRY = "country"
    TOPIC = "topic"


class Bound(StrEnum):
    """The ways in which a condition of a definition limits a facet."""

    AT_LEAST = "at least"
    AT_MOST = "at most"
    BETWEEN = "between"
    TOP = "top"
    BOTTOM = "bottom"
    ANY_OF = "any of"
    NONE_OF = "none of"


@dataclass(frozen=True)
class Meaning:
    """A condition on one facet, not yet on a catalogue's attribute.

    Attributes:
        bound: how the facet is limited.
        values: one number, two for ``BETWEEN``, percent for ``TOP`` and ``BOTTOM``, else allowed values.
    """

    bound: Bound
    values: tuple[float, ...] | tuple[str, ...]


Support = tuple[tuple[str, Meaning], ...]
"""Facets and conditions on them that hold together."""
Supports = tuple[tuple[Meaning, tuple[Support, ...]], ...]
"""What each of some conditions goes with: any of several supports."""


@dataclass(frozen=True)
class Saying:
    """A phrase, and what it means for a facet.

    Attributes:
        phrase: one phrase of people, no pattern.
        meaning: what it says.
        explicit: said outright, not only implied.
    """

    phrase: str
    meaning: Meaning
    explicit: bool


@dataclass(frozen=True)
class Facet:
    """One thing that may be known of an item.

    Attributes:
        name: the attribute it becomes.
        kind: what sort of value it holds.
        question: asked of a model that fills it in.
        values: allowed values and a phrase that explains each; steps of a level by their number.
        allowed: allowed numbers, ascending; empty for any.
        unit: what a number counts.
        open: whether values outside the list are allowed.
        grammar: the amounts or names that are read by rule as this facet.
        computed: made from interactions.
        impression: how an item strikes people, so that a missing label proves little.
        partial: whether its values are only some of what is so.
        doubts: with what a condition is not to be claimed of an item.
        proofs: with what a value that an item lacks is certainly absent.
        negated: the opposite of a meaning, where it is not the plain one.
        brings: what is likely meant beside a meaning, or a narrower one, of other facets.
        sayings: how people ask for it.
        words: how its values and conditions on it are said of an item.
    """

    name: str
    kind: FacetKind
    question: str
    values: Mapping[str, str]
    allowed: tuple[float, ...] = ()
    unit: str = ""
    open: bool = False
    grammar: Grammar | None = None
    computed: bool = False
    impression: bool = False
    partial: bool = False
    doubts: Supports = ()
    proofs: Supports = ()
    negated: Mapping[Meaning, Meaning] = field(default_factory=dict)
    brings: tuple[tuple[Meaning, str, Meaning], ...] = ()
    sayings: tuple[Saying, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_labels(self) -> bool:
        """Whether its values are words, and no amounts or steps."""
        return self.kind in (FacetKind.CATEGORY, FacetKind.TAGS)

    def opposite(self, meaning: Meaning) -> Meaning | None:
        """What is asked for by somebody who does not want ``meaning``; None where that says nothing."""
        if meaning in self.negated:
            return self.negated[meaning]
        first = meaning.values[0] if meaning.values else 0
        if meaning.bound is Bound.ANY_OF:
            return Meaning(Bound.NONE_OF, meaning.values)
        if meaning.bound is Bound.NONE_OF:
            return Meaning(Bound.ANY_OF, meaning.values)
        if meaning.bound in (Bound.TOP, Bound.BOTTOM):
            other = Bound.BOTTOM if meaning.bound is Bound.TOP else Bound.TOP
            return Meaning(other, (50.0,))
        if self.kind is FacetKind.LEVEL and meaning.bound is Bound.AT_LEAST:
            return Meaning(Bound.AT_MOST, (max(float(first) - 1, 0.0),))
        if self.kind is FacetKind.LEVEL and meaning.bound is Bound.AT_MOST:
            return Meaning(Bound.AT_LEAST, (min(float(first) + 1, len(self.values) - 1.0),))
        return None


@dataclass(frozen=True)
class UnknownKind:
    """A property that people ask for and no facet holds.

    Attributes:
        name: a short name.
        what: in words, as in "I do not know ...".
        phrases: how people ask for it.
    """

    name: str
    what: str
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class FacetSet:
    """The facets of one sort of item.

    Attributes:
        name: of the set.
        item: what one item is called.
        facets: by name, in the order of the file.
        unknown: properties recognised as not known.
        no_facet: phrases that sound like a facet and are none.
        labels: with what a label of the catalogue is not to be claimed of an item, by the label in small letters.
    """

    name: str
    item: str
    facets: Mapping[str, Facet]
    unknown: tuple[UnknownKind, ...] = ()
    no_facet: tuple[str, ...] = ()
    labels: Mapping[str, tuple[Support, ...]] = field(default_factory=dict)

    def with_grammar(self, grammar: Grammar) -> Facet | None:
        """The facet to which amounts or names of this sort belong."""
        return next((facet for facet in self.facets.values() if facet.grammar is grammar), None)


@cache
def shipped_facets(name: str = "films") -> FacetSet:
    """A facet set that comes with the package.

    Raises:
        DataError: there is none of that name.
    """
    return facets_from(_shipped_text(name), f"{name}.toml")


@cache
def shipped_tables(name: str) -> Mapping[str, Mapping[str, Any]]:
    """The facets of such a set as they are written, by name: enough to choose a set by, in a fifth of the time.

    Raises:
        DataError: as there.
    """
    tables: Mapping[str, Mapping[str, Any]] = tomllib.loads(_shipped_text(name))["facets"]
    return tables


def _shipped_text(name: str) -> str:
    folder = files("tastemaker.retrieval") / DATA
    file = folder / f"{name}.toml"
    if not file.is_file():
        names = (entry.name for entry in folder.iterdir())
        have = sorted(
            name.removesuffix(".toml") for name in names if name.endswith(".toml") and name != "places.toml"
        )
        raise DataError(f"no facet set {name!r} is shipped; {nearest_of(name, have)}; or name a file")
    return file.read_text(encoding="utf-8")


def read_facets(path: Path) -> FacetSet:
    """Read a definition file.

    Raises:
        DataError: not readable, not TOML, or something in it is wrong; says what, where and what is allowed.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"cannot be read ({error}); write it as UTF-8 text", path) from error
    return facets_from(text, path)


def facets_from(text: str, path: Path | str) -> FacetSet:
    """A facet set from the text of a definition file; ``path`` is named in errors.

    Raises:
        DataError: as :func:`read_facets`.

    >>> small = '''
    ... [facets.pace]
    ... kind = "category"
    ... values = ["slow", "fast"]
    ... [facets.pace.says]
    ... fast = ["never (dull|boring)"]
    ... '''
    >>> [saying.phrase for saying in facets_from(small, "small.toml").facets["pace"].sayings]
    ['never dull', 'never boring']
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"not TOML: {error}", path) from error
    try:
        return _facet_set(tables)
    except _Wrong as error:
        raise DataError(str(error), path) from None


_E = TypeVar("_E", bound=StrEnum)


class _Wrong(Exception):
    """Something in a definition is not allowed."""


RESERVED = ("id", "title")
"""What every item has and no attribute may be called."""
UNKNOWN = "unknown"
"""The answer of a model that does not know."""
_NAME = re.compile(r"[^\W\d]\w*")
_SET_KEYS = ("name", "item", "facets", "labels", "unknown", "none")
_FACET_KEYS = tuple(
    "kind values allowed unit open grammar computed impression partial doubts proofs negated brings question "
    "says implies words".split()
)


def _facet_set(tables: Mapping[str, Any]) -> FacetSet:
    _only(tables, _SET_KEYS, "the file")
    facets = _table(tables, "facets", "the file")
    if not facets:
        raise _Wrong("no facet is defined; write at least one table [facets.NAME]")
    none = _table(tables, "none", "the file")
    _only(none, ("phrases",), "[none]")
    made = {name: _facet(name, table) for name, table in facets.items()}
    for name, table in facets.items():
        made[name] = replace(
            made[name],
            brings=tuple(_companions(table, made[name], made)),
            doubts=tuple(_supports(table, "doubts", made[name], made)),
            proofs=tuple(_supports(table, "proofs", made[name], made)),
        )
    labels = _table(tables, "labels", "the file")
    return FacetSet(
        name=_text(tables, "name", "the file"),
        item=_text(tables, "item", "the file") or "item",
        facets=MappingProxyType(made),
        unknown=tuple(_unknown(name, table) for name, table in _table(tables, "unknown", "the file").items()),
        no_facet=tuple(_expanded(none.get("phrases", []), "[none]")),
        labels=MappingProxyType(
            {label.casefold(): _support(held, made, f"[labels] {label!r}") for label, held in labels.items()}
        ),
    )


def _facet(name: str, table: Any) -> Facet:
    where = f"[facets.{name}]"
    if not isinstance(table, dict):
        raise _Wrong(f"{where} must be a table")
    if not _NAME.fullmatch(name) or name.casefold() in RESERVED:
        raise _Wrong(
            f"{where} cannot be the name of an attribute; write a word of letters, digits and _, "
            f"and none of {', '.join(RESERVED)}"
        )
    _only(table, _FACET_KEYS, where)
    kind = _one_of(FacetKind, table.get("kind"), f"{where} kind")
    if kind is FacetKind.PHRASES:
        _only(table, ("kind", "question"), f"{where}, which is phrases,")
    grammar = _one_of(Grammar, table["grammar"], f"{where} grammar") if "grammar" in table else None
    bare = Facet(
        name=name,
        kind=kind,
        question=_text(table, "question", where),
        values=MappingProxyType(_values(table, kind, where)),
        allowed=_numbers(table.get("allowed", []), where),
        unit=_text(table, "unit", where),
        open=_truth(table, "open", where),
        grammar=grammar,
        computed=_truth(table, "computed", where),
        impression=_truth(table, "impression", where),
        partial=_truth(table, "partial", where),
        words=MappingProxyType(_words(table, where)),
    )
    negated = {
        _meaning(str(key), bare, f"{where} negated"): _meaning(str(value), bare, f"{where} negated")
        for key, value in _table(table, "negated", where).items()
    }
    sayings = (*_sayings(table, "says", bare), *_sayings(table, "implies", bare))
    _no_doubles(sayings, bare)
    return Facet(**{**vars(bare), "negated": MappingProxyType(negated), "sayings": sayings})


def _companions(
    table: Mapping[str, Any], facet: Facet, facets: Mapping[str, Facet]
) -> Iterator[tuple[Meaning, str, Meaning]]:
    where = f"[facets.{facet.name}] brings"
    for words, others in _table(table, "brings", f"[facets.{facet.name}]").items():
        meaning = _meaning(words, facet, where)
        if not isinstance(others, dict):
            raise _Wrong(f"{where}: {words!r} must be a table of other facets and conditions on them")
        for name, condition in others.items():
            if name not in facets or name == facet.name:
                raise _Wrong(f"{where}: {name!r} is no other facet; {nearest_of(name, list(facets))}")
            yield meaning, name, _meaning(str(condition), facets[name], where)


def _supports(
    table: Mapping[str, Any], key: str, facet: Facet, facets: Mapping[str, Facet]
) -> Iterator[tuple[Meaning, tuple[Support, ...]]]:
    where = f"[facets.{facet.name}] {key}"
    for words, held in _table(table, key, f"[facets.{facet.name}]").items():
        yield _meaning(words, facet, where), _support(held, facets, f"{where} {words!r}")


def _support(held: object, facets: Mapping[str, Facet], where: str) -> tuple[Support, ...]:
    tables = held if isinstance(held, list) else [held]
    found = list[Support]()
    for one in tables:
        if not isinstance(one, dict) or not one:
            raise _Wrong(
                f"{where} must be a table of facets and conditions on them, or a list of such tables"
            )
        for name in one:
            if name not in facets:
                raise _Wrong(f"{where}: {name!r} is no facet; {nearest_of(name, list(facets))}")
        found.append(
            tuple((name, _meaning(str(condition), facets[name], where)) for name, condition in one.items())
        )
    return tuple(found)


def _words(table: Mapping[str, Any], where: str) -> dict[str, str]:
    words = _table(table, "words", where)
    if not all(isinstance(phrase, str) for phrase in words.values()):
        raise _Wrong(f"{where} words must be a table of values and phrases in quotes")
    return dict(words)


def _sayings(table: Mapping[str, Any], key: str, facet: Facet) -> tuple[Saying, ...]:
    where = f"[facets.{facet.name}.{key}]"
    found: list[Saying] = []
    for words, patterns in _table(table, key, f"[facets.{facet.name}]").items():
        meaning = _meaning(words, facet, where)
        phrases = _expanded(patterns, f"{where} {words!r}")
        found += [Saying(phrase, meaning, key == "says") for phrase in phrases]
    return tuple(found)


def _no_doubles(sayings: Sequence[Saying], facet: Facet) -> None:
    """A phrase means one thing for a number; for labels it may stand for several, each once."""
    ranged = facet.kind in (FacetKind.NUMBER, FacetKind.LEVEL)
    seen: set[object] = set()
    for saying in sayings:
        key = saying.phrase.casefold() if ranged else (saying.phrase.casefold(), saying.meaning)
        if key in seen:
            raise _Wrong(
                f"[facets.{facet.name}] has the phrase {saying.phrase!r} in two places; leave one out"
            )
        seen.add(key)


_RANGE = re.compile(r"(at least|at most) (-?\d+(?:\.\d+)?)|between (-?\d+(?:\.\d+)?) and (-?\d+(?:\.\d+)?)")
_SHARE = re.compile(r"(top|bottom) (\d{1,3}) ?%")


def _meaning(words: str, facet: Facet, where: str) -> Meaning:
    if facet.kind in (FacetKind.NUMBER, FacetKind.LEVEL):
        return _range(words, facet, where)
    denied = words.startswith("not ")
    values = tuple(value.strip() for value in words.removeprefix("not ").split("|"))
    for value in values:
        if not facet.open and value not in facet.values:
            raise _Wrong(f"{where}: {value!r} is no value of it; {nearest_of(value, list(facet.values))}")
    return Meaning(Bound.NONE_OF if denied else Bound.ANY_OF, values)


def _range(words: str, facet: Facet, where: str) -> Meaning:
    if share := _SHARE.fullmatch(words):
        return Meaning(Bound(share[1]), (float(share[2]),))
    found = _RANGE.fullmatch(words)
    if not found:
        raise _Wrong(
            f"{where}: {words!r} is no condition on a {facet.kind}; "
            "write 'at least N', 'at most N', 'between N and M', 'top N %' or 'bottom N %'"
        )
    numbers = tuple(float(number) for number in found.groups()[1:] if number is not None)
    if facet.kind is FacetKind.LEVEL and not all(n in range(len(facet.values)) for n in numbers):
        raise _Wrong(
            f"{where}: {words!r} is outside its {len(facet.values)} steps; allowed: 0 to {len(facet.values) - 1}"
        )
    return Meaning(Bound(found[1]) if found[1] else Bound.BETWEEN, numbers)


def _values(table: Mapping[str, Any], kind: FacetKind, where: str) -> dict[str, str]:
    given = table.get("values", [])
    if kind is FacetKind.NUMBER and given:
        raise _Wrong(f"{where} is a number and has no values; write allowed = [numbers] or leave it out")
    if isinstance(given, list):
        given = dict.fromkeys(_listed(given, f"{where} values"), "")
    if not isinstance(given, dict) or not all(isinstance(phrase, str) for phrase in given.values()):
        raise _Wrong(f"{where} values must be a list of words or a table of words and phrases")
    if not all(value.strip() for value in given):
        raise _Wrong(f"{where} has an empty value; write a word, or leave it out")
    if any(value.strip().casefold() == UNKNOWN for value in given):
        raise _Wrong(f"{where} lists {UNKNOWN!r}, which every facet may be; leave it out")
    if not given and kind not in (FacetKind.NUMBER, FacetKind.PHRASES) and not table.get("open"):
        raise _Wrong(f"{where} is {kind} and has no values; list them, or write open = true")
    return given


def _unknown(name: str, table: Any) -> UnknownKind:
    where = f"[unknown.{name}]"
    if not isinstance(table, dict):
        raise _Wrong(f"{where} must be a table")
    _only(table, ("what", "phrases"), where)
    return UnknownKind(
        name, _text(table, "what", where) or name, tuple(_expanded(table.get("phrases", []), where))
    )


def _expanded(patterns: object, where: str) -> list[str]:
    found: dict[str, str] = {}
    for pattern in _listed(patterns, where):
        try:
            phrases = phrases_of(pattern)
        except ValueError as error:
            raise _Wrong(f"{where}: {error}") from None
        for phrase in phrases:
            found.setdefault(phrase.casefold(), phrase)  # patterns of one list may overlap
    return list(found.values())


def _listed(value: object, where: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise _Wrong(f"{where} must be a list of words in quotes, none of them empty")
    if len(set(value)) < len(value):
        twice = next(one for at, one in enumerate(value) if one in value[:at])
        raise _Wrong(f"{where} lists {twice!r} twice; leave one out")
    return value


def _numbers(value: object, where: str) -> tuple[float, ...]:
    if not isinstance(value, list) or not all(type(one) in (int, float) for one in value):
        raise _Wrong(f"{where} allowed must be a list of numbers")
    return tuple(sorted(float(one) for one in value))


def _only(table: Mapping[str, Any], allowed: Sequence[str], where: str) -> None:
    for key in table:
        if key not in allowed:
            raise _Wrong(f"{where} has no setting {key!r}; {nearest_of(key, list(allowed))}")


def _table(table: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise _Wrong(f"{key} of {where} must be a table")
    return value


def _text(table: Mapping[str, Any], key: str, where: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise _Wrong(f"{where} {key} must be text in quotes")
    return value


def _truth(table: Mapping[str, Any], key: str, where: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise _Wrong(f"{where} {key} must be true or false")
    return value


def _one_of(kinds: type[_E], value: object, where: str) -> _E:
    if value not in list(kinds):
        raise _Wrong(
            f"{where} {value!r} is not allowed; {nearest_of(str(value), [kind.value for kind in kinds])}"
        )
    return kinds(str(value))
