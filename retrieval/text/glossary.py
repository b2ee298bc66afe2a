"""A message in another language, in English as far as a glossary goes: what is wanted, and what is not.

Searching by meaning knows English alone, and so do the phrases of facets. The words and phrases of
``data/glossary.tsv`` bring over what a request is about; grammar is left behind, but for what is denied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise, product

from tastemaker.retrieval.text.decades import Decade, decades_in
from tastemaker.retrieval.text.foreign_words import Word, words_of
from tastemaker.retrieval.text.function_words import FunctionWords, function_words
from tastemaker.retrieval.text.glossary_table import NOTHING, SYNONYM, english_words, glossary_table
from tastemaker.retrieval.text.languages import ENGLISH, detect_language
from tastemaker.retrieval.text.light_stems import stem

MIN_STEM = 4
"""Letters of the stem of a single word by which it is found: shorter ones stand for too much."""
MIN_PART = 4
"""Letters of a part of a compound whose parts are looked up by their stems; shorter ones must match exactly."""
MIN_SHORT_PART = 3
_COMPOUND = ("de", "nl")
_LINKS = ("", "s", "es", "n", "en", "er", "e")
"""What may stand between the parts of a compound: "Liebe-s-film"."""
_GENERIC = frozenset("film story book game recipe series novel".split())
"""Sorts of items, which nobody turns down by themselves."""
PEOPLE = frozenset(
    "mother father parents son daughter brothers sisters grandmother grandfather grandparents niece nephew "
    "grandchildren wife husband girlfriend boyfriend friends child children children's girl boy "
    "baby family teenagers".split()
)
"""Persons for whom and with whom items are wanted."""
POSSESSIVE = "'s"
MAX_ROLE = 3
"""Words before a person that may say so."""
_BEFORE_NAME = frozenset("von mit wie aus van met als".split())
"""Words behind which a German or Dutch word in capitals may be a name and not a noun."""
_SETTING = "set in"
NO_TEXT = frozenset(
    (
        _SETTING,
        "recent / modern",
        "old",
        "short",
        "long",
        "famous",
        "popular",
        "little known",
        "award-winning",
    )
)
"""What no text of an item says of itself: attributes hold it."""
_TIES = re.compile(r"[\s\-'’]*")
_BREAK = re.compile(r"[,.;:!?\n()…–—]")


class _Sort(Enum):
    CONTENT = "content"
    DENY = "deny"
    LESS = "less"
    CONTRAST = "contrast"
    WITH = "with"
    EITHER = "either"
    NAME = "name"
    DECADE = "decade"
    PERSON = "person"


@dataclass
class _Part:
    """Something of the message: its sort, the English, its words, and whether it is unwanted."""

    sort: _Sort
    english: str
    first: int
    behind: int
    denied: bool = False


@dataclass(frozen=True)
class Glossed:
    """A message in another language, in English.

    Attributes:
        language: of the message, such as "de".
        wanted: the content words in order, without function words.
        unwanted: what the message turns down, a phrase each.
        sentence: both, as plain English says it: "vampire, elegant, no blood".
    """

    language: str
    wanted: str
    unwanted: tuple[str, ...]
    sentence: str


def to_english(text: str) -> str | None:
    """The content words of a text in English, in order; None for a text that is English or in no language known.

    >>> to_english("un polar français, plutôt sombre"), to_english("a dark French thriller")
    ('crime thriller French dark', None)
    """
    glossed = gloss(text)
    return glossed.wanted if glossed else None


def gloss(text: str) -> Glossed | None:
    """What a text in another language wants and does not; None for a text that is not known to be in one.

    >>> gloss("quiero una de vampiros, pero elegante. nada de sangre").unwanted
    ('gore blood',)
    >>> gloss("ein lustiger Film ohne Krieg, für meine Nichte").sentence
    'funny film, no war, for my niece'
    """
    language = detect_language(text)
    if language == ENGLISH:
        return None
    words = words_of(text)
    before: _Clause | None = None
    phrases: list[_Phrase] = []
    for clause in _clauses(_parts(text, words, language), text, words):
        _mark_denied(clause, before)
        phrases += _phrases(clause)
        before = clause
    wanted = [part for phrase in phrases if not phrase.denied for part in phrase.parts]
    return Glossed(
        language,
        _query(wanted),
        tuple(dict.fromkeys(phrase.plain for phrase in phrases if phrase.denied)),
        ", ".join(dict.fromkeys(one for phrase in phrases for one in phrase.said())),
    )


def _query(wanted: Sequence[_Part]) -> str:
    """What texts of items may hold of what is wanted; "" for sorts of items alone."""
    about = [part for part in wanted if part.sort is not _Sort.PERSON and part.english not in NO_TEXT]
    if all(part.english in _GENERIC for part in about):
        return ""
    return " ".join(dict.fromkeys(map(_plain, about)))


@dataclass
class _Clause:
    parts: list[_Part]
    comma: bool
    """Whether a comma is what parts it from the clause before."""

    def says(self) -> list[_Part]:
        return [part for part in self.parts if part.sort in (_Sort.CONTENT, _Sort.NAME, _Sort.PERSON)]


# --- words to parts


def _parts(text: str, words: Sequence[Word], language: str) -> Iterator[_Part]:
    """Words and phrases that mean something, in order; function words are left out."""
    decades = list(decades_in(text))
    little = function_words()[language]
    at = 0
    name_before = False
    while at < len(words):
        part = _decade(words, at, decades) or _phrase(text, words, at, language, little)
        if part is None:
            part = _name(text, words, at, language, name_before)
        name_before = part is not None and part.sort is _Sort.NAME
        if part is not None and part.english in PEOPLE and (role := _role(text, words, part, little)):
            part = replace(part, sort=_Sort.PERSON, english=f"{role} {part.english.removesuffix(POSSESSIVE)}")
        if part is not None and part.english != NOTHING:
            yield part
        at = part.behind if part else at + 1


def _role(text: str, words: Sequence[Word], part: _Part, little: FunctionWords) -> str:
    """Whether a person is one for whom or with whom the item is: "for my", "with my", or ""."""
    start = max(0, part.first - MAX_ROLE)
    near = [
        word
        for word in words[start : part.first]
        if not _BREAK.search(text[word.end : words[part.first].start])
    ]
    norms = {word.norm for word in near} | {words[part.first].norm}  # "mia nipote" is an entry itself
    if norms & little.for_:
        return "for my"
    own = norms & little.own or part.english == "friends"
    return "with my" if own and norms & little.with_ else ""


def _phrase(text: str, words: Sequence[Word], at: int, language: str, little: FunctionWords) -> _Part | None:
    """The longest phrase at a word: of the glossary by its words or stems, or one that governs others."""
    table = glossary_table(language)
    for length in range(min(table.longest, len(words) - at), 0, -1):
        if not _tied(text, words[at : at + length]):
            continue
        key = tuple(word.norm for word in words[at : at + length])
        if length > 1 and (english := table.exact.get(key)):
            return _Part(_Sort.CONTENT, english, at, at + length)
        if sort := _governs(key, little):
            return _Part(sort, "", at, at + length)
        if length == 1 and (key[0] in little.function or key[0] in little.passing):
            return None
        stems = tuple(stem(word, language) for word in key)
        sure = length > 1 or len(stems[0]) >= MIN_STEM
        english = table.exact.get(key) or (table.stems.get(stems) if sure else None)
        if english:
            return _Part(_Sort.CONTENT, english, at, at + length)
    word = words[at].norm
    english = _compound(word, language) if language in _COMPOUND else None
    if english is None and word in english_words() and len(word) > MIN_SHORT_PART:
        english = word
    return _Part(_Sort.CONTENT, english, at, at + 1) if english else None


def _tied(text: str, words: Sequence[Word]) -> bool:
    """Whether nothing but blanks, hyphens and apostrophes parts words; a full stop may follow a number."""
    return all(
        _TIES.fullmatch(gap := text[one.end : other.start]) or (one.norm.isdigit() and gap.strip() == ".")
        for one, other in pairwise(words)
    )


def _governs(key: tuple[str, ...], little: FunctionWords) -> _Sort | None:
    if key in little.deny:
        return _Sort.DENY
    if key in little.contrast:
        return _Sort.CONTRAST
    if len(key) == 1:
        for own, sort in (
            (little.less, _Sort.LESS),
            (little.with_, _Sort.WITH),
            (little.either, _Sort.EITHER),
        ):
            if key[0] in own:
                return sort
    return None


def _compound(word: str, language: str) -> str | None:
    """The English of a compound's two parts: "Liebesfilm" as "love film"; of the last alone where it says enough."""
    table = glossary_table(language)

    def known(part: str) -> str | None:
        exact = table.exact.get((part,))
        return exact or (table.stems.get((stem(part, language),)) if len(part) >= MIN_PART else None)

    last = None
    for cut in range(MIN_SHORT_PART, len(word) - MIN_SHORT_PART + 1):
        head, tail = word[:cut], known(word[cut:])
        if not tail or len(word) - cut < MIN_PART:
            continue
        for link in _LINKS:
            bare = head.removesuffix(link)
            if head.endswith(link) and len(bare) >= MIN_SHORT_PART and (first := known(bare)):
                return f"{first} {tail}"
        if cut >= MIN_PART and len(word) - cut > MIN_PART:
            last = last or tail
    return last


def _decade(words: Sequence[Word], at: int, decades: Sequence[Decade]) -> _Part | None:
    """A decade at a word, which is content only where a story is set in it."""
    for decade in decades:
        if decade.start <= words[at].start < decade.end:
            behind = next((n for n in range(at, len(words)) if words[n].start >= decade.end), len(words))
            return _Part(_Sort.DECADE, f"the {decade.first}s", at, behind)
    return None


def _name(text: str, words: Sequence[Word], at: int, language: str, name_before: bool) -> _Part | None:
    """An unknown word that may be a name: in capitals inside a sentence."""
    word = words[at]
    little = function_words()[language]
    if not word.text[0].isupper() or word.norm in little.function or word.norm in little.passing:
        return None
    starts = at == 0 or any(mark in text[words[at - 1].end : word.start] for mark in ".!?\n:")
    if starts or len(word.norm) < MIN_SHORT_PART:
        return None
    if language == "de" and not (name_before or words[at - 1].norm in _BEFORE_NAME):
        return None
    return _Part(_Sort.NAME, word.text, at, at + 1)


# --- what is denied


def _clauses(parts: Iterator[_Part], text: str, words: Sequence[Word]) -> Iterator[_Clause]:
    """Parts between punctuation and words of contrast."""
    clause = _Clause([], comma=False)
    end = 0
    for part in parts:
        gap = text[end : words[part.first].start]
        breaks = _BREAK.findall(gap)
        if breaks or part.sort is _Sort.CONTRAST:
            yield clause
            clause = _Clause([], comma=breaks == [","] and part.sort is not _Sort.CONTRAST)
        if part.sort is not _Sort.CONTRAST:
            clause.parts.append(part)
        end = words[part.behind - 1].end
    yield clause


def _mark_denied(clause: _Clause, before: _Clause | None) -> None:
    """Mark what the clause's own denials govern, and what goes on with a denied list of the clause before."""
    parts, said = clause.parts, clause.says()
    denying, since = False, 0
    for at, part in enumerate(parts):
        if part.sort is _Sort.DENY:
            denying, since = True, 0
        elif part.sort is _Sort.LESS:
            behind = parts[at + 1] if at + 1 < len(parts) else None
            if behind in said and behind is not None and behind.first == part.behind:
                behind.denied = True
        elif part.sort in (_Sort.WITH, _Sort.PERSON) and since:
            denying = False
        elif part in said and part.sort is not _Sort.PERSON:
            part.denied, since = part.denied or denying, since + 1
    if parts and parts[-1].sort is _Sort.DENY and not any(part.denied for part in said):
        _deny(said)  # "Krieg mag ich nicht"
    joins = any(part.sort in (_Sort.EITHER, _Sort.DENY) for part in parts[1:]) and len(said) > 1
    goes_on = clause.comma and before is not None and any(part.denied for part in before.parts[-1:])
    if goes_on and joins and not any(part.sort is _Sort.WITH for part in parts):
        _deny(said)  # "sin guerra, violencia ni sangre"


def _deny(parts: Iterable[_Part]) -> None:
    for part in parts:
        part.denied = part.sort is not _Sort.PERSON


# --- parts to phrases


@dataclass(frozen=True)
class _Phrase:
    """Parts that belong together, all wanted or all unwanted."""

    parts: Sequence[_Part]
    denied: bool

    @property
    def plain(self) -> str:
        return " ".join(dict.fromkeys(map(_plain, self.parts)))

    def said(self) -> Iterator[str]:
        """The phrase as English sentences hold it; synonyms one by one."""
        words = [part.english.split(SYNONYM) for part in self.parts]
        if self.denied:
            yield from (f"no {' '.join(one)}" for one in product(*words))
            return
        yield " ".join(first for first, *_ in words)
        yield from (other for _, *others in words for other in others)


def _plain(part: _Part) -> str:
    return part.english.replace(SYNONYM, " ")


def _phrases(clause: _Clause) -> Iterator[_Phrase]:
    """Runs of a clause that are wanted or unwanted alike; lists are taken apart."""
    run: list[_Part] = []
    for part in [*clause.parts, None]:
        apart = part is None or part.sort in (_Sort.DENY, _Sort.EITHER, _Sort.LESS, _Sort.PERSON)
        if run and (apart or (part is not None and part.denied != run[0].denied)):
            if kept := _kept(run):
                yield _Phrase(kept, run[0].denied)
            run = []
        if part is not None and part.sort is _Sort.PERSON:
            yield _Phrase([part], denied=False)
        elif part is not None and part.sort in (_Sort.CONTENT, _Sort.NAME, _Sort.DECADE):
            run.append(part)


def _kept(run: Sequence[_Part]) -> list[_Part]:
    """Without sorts of items that nobody turns down, decades of making, and "set in" before nothing."""
    kept: list[_Part] = []
    run = list(run)
    if len(run) > 1 and run[-1].english == _SETTING:  # "der in Paris spielt"
        run[-2:] = [run[-1], run[-2]]
    for at, part in enumerate(run):
        setting = bool(kept) and kept[-1].english == _SETTING
        if part.denied and part.english in _GENERIC:
            continue
        if (part.sort is _Sort.DECADE) and not setting:
            continue
        if part.english == _SETTING and at + 1 == len(run):
            continue
        kept.append(part if part.sort is not _Sort.DECADE else replace(part, sort=_Sort.NAME))
    return [*kept[1:], kept[0]] if kept and kept[0].english in _GENERIC else kept  # "film dance"
