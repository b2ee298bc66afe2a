"""Names written small in tags, as the catalogue's own sentences write them: "santa claus" as "Santa Claus"."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property, lru_cache
from itertools import pairwise

from tastemaker.retrieval.catalog.catalog import Catalog, as_tags
from tastemaker.retrieval.catalog.item_text import name_attributes
from tastemaker.retrieval.catalog.schema import EVERY, Kind
from tastemaker.retrieval.text.common_words import is_everyday

MIN_TIMES = 3
"""How often a word of any talk must be written large, and never small, to be a name."""
MIN_NAMESAKES = 5
"""People of the catalogue who have a first name that is a word as well, for it to be told by."""
MANY_TAGS = 5
"""Tags with a word from which it is no name."""
MAX_KEPT = 10_000
"""Phrases whose form is kept ready."""
_WORD = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"(?:[a-z]\.)+")
_SHORT = {
    **{
        word: word.capitalize()
        for word in "arabian asian bosnian bulgarian claus congolese croatian edwardian mediterranean romanian".split()
    },
    **{word: word.upper() for word in "cia fbi nasa ptsd tv uk us usa".split()},
}
"""Abbreviations, peoples and a name that tags write small."""
_AFTER_AUTHOR = ("adaptation", "adaptations", "update", "story", "biography")
"""Words behind somebody's name: "jules verne adaptation"."""
_START = re.compile(r"(?:^|[.!?:]\s+)[\"“'‘(]*$")


class LetterCase:
    """Looks phrases up in the catalogue's sentences. Safe to share between threads.

    >>> from tastemaker.retrieval.catalog.catalog import Item
    >>> from tastemaker.retrieval.catalog.schema import Attribute, Schema
    >>> item = Item("1", "One", {"plot": "A clerk in New York turns into Santa Claus."})
    >>> case = LetterCase(Catalog([item], Schema(attributes=(Attribute(name="plot", kind=Kind.TEXT),))))
    >>> case.restored("santa claus"), case.restored("clerk"), case.restored("reindeer")
    ('Santa Claus', 'clerk', 'reindeer')
    >>> case.restored("new york nights"), case.restored("1990s new york")
    ('New York nights', '1990s New York')
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        names = list(catalog.schema.of_kind(Kind.TEXT))
        self._text = "\n".join(str(item.attributes.get(name, "")) for item in catalog for name in names)
        labels = catalog.schema.of_kind(Kind.TAGS, Kind.CATEGORY)
        self._values = {value for name in labels for value in catalog.values(name)}
        self._titles = " . ".join(item.title for item in catalog)
        people = {
            name
            for field in name_attributes(catalog)
            for item in catalog
            for name in as_tags(item.attributes.get(field))
        }
        firsts = Counter(name.split()[0].lower() for name in people if " " in name)
        self._lasts = frozenset(name.split()[-1].lower() for name in people if " " in name)
        self._firsts = frozenset(
            name
            for name, times in firsts.items()
            if len(name) > 2
            and name not in self._values
            and (times >= MIN_NAMESAKES or not is_everyday(name))
        )
        self.restored = lru_cache(maxsize=MAX_KEPT)(self._restored)

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Where each word begins, within sentences."""
        places: dict[str, list[int]] = {}
        for match in _WORD.finditer(self._text):
            if not _START.search(self._text[max(0, match.start() - 4) : match.start()]):
                places.setdefault(match[0].lower(), []).append(match.start())
        return places

    def _restored(self, phrase: str) -> str:
        """A phrase in small letters with the capitals that it mostly has within sentences."""
        if not _WORD.match(phrase) or not phrase.islower():
            return phrase
        return (
            self._as_written(phrase)
            or self._names.get(phrase)
            or self._as_in_titles(phrase)
            or self._with_people(self._by_words(phrase))
        )

    def _is_word(self, word: str) -> bool:
        """Whether a word is one of any talk, or written small within sentences."""
        lower = word.lower()
        return (
            is_everyday(lower)
            or lower in self._tag_words
            or any(self._text[place].islower() for place in self._places.get(lower, ()))
        )

    @cached_property
    def _tag_words(self) -> frozenset[str]:
        """Words of many tags in small letters, which are no names: "adaptation"."""
        counts = Counter(word for value in self._values if value.islower() for word in value.split())
        return frozenset(word for word, times in counts.items() if times >= MANY_TAGS)

    def _as_in_titles(self, phrase: str) -> str:
        """A phrase of words that nobody uses in any talk, as titles have it: "Monty Python", "Winnie the Pooh"."""
        telling = [word for word in phrase.split() if len(word) > 3]
        if len(telling) < 2 or any(map(self._is_word, telling)):
            return ""
        found = re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", self._titles, re.IGNORECASE)
        return found[0] if found else ""

    def _with_people(self, phrase: str) -> str:
        """A phrase with the people in it who are told by a first name of the catalogue's own, or by initials."""
        words = phrase.split(" ")
        if len(words) > 2 and words[-1] in _AFTER_AUTHOR and not any(map(self._is_word, words[:-1])):
            return " ".join((*map(_large, words[:-1]), words[-1]))
        for at, (word, behind) in enumerate(pairwise(words)):
            initials = _INITIALS.fullmatch(word.lower())
            is_first = initials or (
                word.lower() in self._firsts
                and (is_everyday(word.lower()) or word.istitle() or not self._is_word(word))
            )
            is_last = not self._is_word(behind) or (initials and behind.lower() in self._lasts)
            if is_first and behind.isalpha() and is_last:
                words[at] = _large(word) if initials or word.islower() else word
                words[at + 1] = behind.capitalize() if behind.islower() else behind
        return " ".join(words)

    def _as_written(self, phrase: str) -> str:
        """The commonest form of a phrase within sentences; "" where it stands in none."""
        first = _WORD.match(phrase)
        forms = Counter[str]()
        for place in self._places.get(first[0], ()) if first else ():
            form = self._text[place : place + len(phrase)]
            behind = self._text[place + len(phrase) : place + len(phrase) + 1]
            if form.lower() == phrase and not behind.isalnum():
                forms[form] += 1
        return forms.most_common(1)[0][0] if forms else ""

    def _by_words(self, phrase: str) -> str:
        """Names within a phrase, then each word, with the capitals of the sentences: "New York nights", "NASA"."""
        parts = phrase.split(" ")
        for size in range(len(parts) - 1, 1, -1):
            for start in range(len(parts) - size + 1):
                own = " ".join(parts[start : start + size])
                form = self._names.get(own) or self._as_written(own)
                if form and form.lower() == own and form != own:
                    before, behind = " ".join(parts[:start]), " ".join(parts[start + size :])
                    return " ".join(filter(None, (self._by_words(before), form, self._by_words(behind))))
        words = _WORD.sub(lambda match: self._only_form(match[0]), phrase).split(" ")
        return " ".join(
            _SHORT.get(word, word) if at == 0 or word != "us" else word for at, word in enumerate(words)
        )

    def _only_form(self, word: str) -> str:
        """A word that a sentence once happens to write large, as a title or an office, is none: "justice"."""
        forms = Counter(self._text[place : place + len(word)] for place in self._places.get(word, ()))
        if not forms and (own := self._singles.get(word)):
            return own
        form, times = forms.most_common(1)[0] if forms else (word, 0)
        if len(forms) > 1 or form.islower():
            return word
        often = times >= MIN_TIMES or (times > 1 and not is_everyday(word))
        is_name = often or form in self._values or form.isupper()
        return form if is_name else word

    @cached_property
    def _singles(self) -> dict[str, str]:
        """Values of one word that are names, inferred ones too, by their form in small letters: "Iran"."""
        labels = self._catalog.schema.of_kind(Kind.TAGS, Kind.CATEGORY, provenance=EVERY)
        values = {value for name in labels for value in self._catalog.values(name)}
        single = (value for value in values if value.isalpha() and value.istitle())
        return {value.lower(): value for value in single if not is_everyday(value.lower())}

    @cached_property
    def _names(self) -> dict[str, str]:
        """Values of several words that are names, by their form in small letters: "Stephen King"."""
        return {value.lower(): value for value in self._values if " " in value and value.istitle()}


def _large(word: str) -> str:
    """A name with its capitals: "C.S." for initials."""
    return word.upper() if _INITIALS.fullmatch(word.lower()) else word.capitalize()
