"""Did somebody who must not name an item name it all the same? Looks for its title and for names of people.

A word is a secret when it stands in the title, in another title of the item, or in the name of
somebody who made it, little words aside. It is found in any case and number, with a few
letters wrong, and a title of several words also where its spaces are missing. Whoever masks
a text and whoever reads a transcript ask the same audit, and it errs on the strict side: the
"woods" of a story count as a leak of somebody called Woods.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import OSA

from tastemaker.agent.nlu.tokenizer import STOPWORDS
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.item_text import name_attributes
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.text.common_words import is_everyday
from tastemaker.retrieval.text.normalise import fold, normalise, title_forms, without_article
from tastemaker.retrieval.text.tokens import singular

ONE_EDIT, TWO_EDITS = 5, 9
"""Letters from which a word with one, and with two letters wrong is still taken for it."""

JOINED = 7
"""Letters from which a title without its spaces is looked for."""

NAMES_SHARE = 0.6
"""An attribute holds names of people or the like when this share of its values are several capitalised words."""


@dataclass(frozen=True)
class Leak:
    """What gave an item away.

    Attributes:
        kind: ``title``, ``title word``, ``person`` or ``near spelling``.
        said: the words that did.
        secret: what they are of, in its normal form.
    """

    kind: str
    said: str
    secret: str


@dataclass(frozen=True)
class Secrets:
    """What must not be said of one item, in normal form.

    Attributes:
        titles: whole titles, parts of titles before and behind a colon, titles in brackets.
        title_words: the telling words of these.
        names: the words of people's names.
    """

    titles: frozenset[str]
    title_words: frozenset[str]
    names: frozenset[str]

    @cached_property
    def without_spaces(self) -> frozenset[str]:
        """Titles of several words without their spaces."""
        found = (title.replace(" ", "") for title in self.titles if " " in title)
        return frozenset(title for title in found if len(title) >= JOINED)


class LeakAudit:
    """Knows the secrets of the items of one catalogue.

    Words that the catalogue's texts use in lower case are ordinary words: "hunted" is then
    no near spelling of "Hunter".
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self.names = tuple(dict.fromkeys((*name_attributes(catalog), *_people(catalog))))
        self._ordinary = frozenset(_lower_case_words(catalog))
        people = (value for name in self.names for value in catalog.values(name))
        self._names = frozenset(_telling(map(fold, people))) - self._ordinary

    def secrets(self, item: Item) -> Secrets:
        """What must not be said of an item."""
        forms = title_forms(item.title)
        named = (forms.full, forms.whole, *forms.aliases, *forms.heads, *forms.tails)
        titles = frozenset(one for title in named if title for one in (title, without_article(title)))
        people = [value for name in self.names for value in as_tags(item.attributes.get(name))]
        return Secrets(
            frozenset(title for title in titles if len(title) > 1 and title not in STOPWORDS),
            frozenset(_telling(titles)),
            frozenset(word for word in _telling(map(fold, people)) if len(word) > 2),
        )

    def may_be_a_name(self, word: str) -> bool:
        """Whether somebody in the catalogue is called so and no text uses the word in lower case."""
        return fold(word) in self._names

    def leaks(self, text: str, secrets: Secrets) -> list[Leak]:
        """Everything in a text that gives the item away; nothing where it is clean.

        >>> from tastemaker.retrieval.catalog.schema import Schema
        >>> streets = Item("1", "Mean Streets (1973)", {})
        >>> audit = LeakAudit(Catalog([streets], Schema(attributes=())))
        >>> [leak.kind for leak in audit.leaks("the one with streat in it", audit.secrets(streets))]
        ['near spelling']
        >>> audit.leaks("a crime story of the seventies", audit.secrets(streets))
        []
        """
        plain = f" {fold(text)} "
        numbered = f" {normalise(text)} "
        joined = plain.replace(" ", "")
        found = [
            Leak("title", t, t) for t in sorted(secrets.titles) if f" {t} " in numbered or f" {t} " in plain
        ]
        found += [Leak("title", t, t) for t in sorted(secrets.without_spaces) if t in joined]
        for word in dict.fromkeys(plain.split()):
            found += self._of_word(word, secrets)
        return list(dict.fromkeys(found))

    def _of_word(self, word: str, secrets: Secrets) -> Iterator[Leak]:
        forms = _forms(word)
        for kind, among in (("title word", secrets.title_words), ("person", secrets.names)):
            for secret in sorted(forms & among):
                yield Leak(kind, word, secret)
        if not forms & (secrets.title_words | secrets.names) and not self._is_ordinary(word):
            for secret in sorted(secrets.title_words | secrets.names):
                if OSA.distance(word, secret, score_cutoff=_edits(secret)) <= _edits(secret):
                    yield Leak("near spelling", word, secret)

    def _is_ordinary(self, word: str) -> bool:
        return word in STOPWORDS or word in self._ordinary or is_everyday(word)


def _forms(word: str) -> frozenset[str]:
    """A word, its singular, and either without a genitive that lost its apostrophe."""
    return frozenset({word, singular(word), word.removesuffix("s")})


def _edits(secret: str) -> int:
    return 2 if len(secret) >= TWO_EDITS else 1 if len(secret) >= ONE_EDIT else 0


def _telling(texts: Iterable[str]) -> Iterator[str]:
    """The words that could give a title or a name away, and their singulars."""
    for text in texts:
        for word in text.split():
            if len(word) > 1 and word not in STOPWORDS and not is_everyday(word):
                yield word
                yield singular(word)


def _people(catalog: Catalog) -> Iterator[str]:
    """Attributes that hold names, also in catalogues too small for ``name_attributes`` to say so."""
    for name in catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS):
        values = catalog.values(name)
        named = sum(" " in value and value == value.title() for value in values)
        if values and named >= NAMES_SHARE * len(values):
            yield name


def _lower_case_words(catalog: Catalog) -> Iterator[str]:
    texts = list(catalog.schema.of_kind(Kind.TEXT))
    for item in catalog:
        for name in texts:
            yield from re.findall(r"\b[a-z]{3,}\b", str(item.attributes.get(name, "")))
