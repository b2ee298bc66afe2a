"""Whether what a reply states comes from somewhere: items shown or named, or the person's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from tastemaker.evals.judge.claim_spans import PARTICLES, Span, spans
from tastemaker.evals.judge.judged_reply import JudgedReply
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.item_text import stated_attributes
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.text.common_words import is_everyday
from tastemaker.retrieval.text.normalise import fold, split_year

LONGEST_TITLE = 12
"""Words of a title that is looked for in what people say."""

DECADE = re.compile(r"\b(?:(1[89]|20))?(\d)0'?s\b", re.IGNORECASE)
POSSESSIVE = re.compile(r"['’]s\b")
DECADES = {
    "twenties": 2,
    "thirties": 3,
    "forties": 4,
    "fifties": 5,
    "sixties": 6,
    "seventies": 7,
    "eighties": 8,
    "nineties": 9,
}

Tokens = tuple[str, ...]


class Grounding:
    """Knows a catalogue's items, and says what of a reply comes from none of those that came up."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._stated = stated_attributes(catalog.schema)
        self._by_title: dict[Tokens, list[str]] = {}
        for item in catalog:
            for form in {fold(item.title), fold(split_year(item.title)[0])}:
                self._by_title.setdefault(tuple(form.split()), []).append(item.id)
        kinds = catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS)
        self._one_word = frozenset(
            fold(v) for name in kinds for v in catalog.values(name) if " " not in fold(v)
        )
        self._fields = lru_cache(maxsize=50_000)(self._fields_of)

    def unsupported_spans(self, reply: JudgedReply) -> list[Span] | None:
        """The spans of a reply that nothing supports; None where the row lacks text or what was said.

        An item counts as named where its title stands in what was said, with or without its year. A
        decade that was named supports its first and last year. A number may also be the count of the items
        shown, or a rank at which a tool found one of them.
        """
        if reply.text is None or reply.said is None:
            return None
        items = self.came_up(reply)
        fields = [*map(fold, reply.said), *(field for item in items for field in self._fields(item.id))]
        evidence = f" {' | '.join(fields)} "
        numbers = {str(len(reply.items)), *map(str, (n for of in (reply.places or {}).values() for n in of))}
        numbers |= {year for text in reply.said for year in _decades(text)}
        text = _without(reply.text, [item.title for item in items])
        return [one for one in spans(text) if not self._is_grounded_span(one, evidence, numbers)]

    def came_up(self, reply: JudgedReply) -> list[Item]:
        """Items shown or named by then, those of the person's history included."""
        named = self._mentions(reply.said or ())
        ids = [*reply.items, *reply.earlier, *(reply.mentioned or ()), *reply.known, *named]
        return [self._catalog[i] for i in dict.fromkeys(ids) if i in self._catalog]

    def _fields_of(self, item_id: str) -> list[str]:
        item = self._catalog[item_id]
        return [
            fold(item.title),
            *_add_years(item, self._stated),
            *(fold(v) for value in item.attributes.values() for v in _texts(value)),
        ]

    def _mentions(self, said: Sequence[str]) -> Iterator[str]:
        """Items whose title stands in what was said; titles of everyday words alone need their year."""
        for text in said:
            tokens = fold(text).split()
            for first in range(len(tokens)):
                for last in range(first + 1, min(first + LONGEST_TITLE, len(tokens)) + 1):
                    if not all(is_everyday(token) for token in tokens[first:last]):
                        yield from self._by_title.get(tuple(tokens[first:last]), ())

    def _is_grounded_span(self, span: Span, evidence: str, numbers: set[str]) -> bool:
        said = fold(span.said)
        if span.kind == "number":
            return said in numbers or f" {said} " in evidence or _has_decade(said, evidence)
        if span.kind == "dated title":
            return self._has_title(span.said, evidence)
        if not said or f" {said} " in evidence:
            return True
        if span.kind == "quoted title":
            return False
        return self._has_name(span, evidence) or self._has_name(
            Span(span.kind, POSSESSIVE.sub("", span.said), span.opens), evidence
        )

    def _has_name(self, span: Span, evidence: str) -> bool:
        words = fold(span.said).split()
        opening = span.opens and is_everyday(words[0])
        return self._in_parts(words, evidence) or (opening and self._after(words[1:], evidence))

    def _after(self, words: Sequence[str], evidence: str) -> bool:
        """Whether what follows the first word of a sentence is a single word, or supported."""
        return len(words) == 1 or self._in_parts(words, evidence)

    def _has_title(self, said: str, evidence: str) -> bool:
        """Whether the words before a year end with a title of that year, beginning at a capital."""
        title, year = said[:-6].rstrip(), said[-5:-1]
        words = title.split()
        starts = [n for n, word in enumerate(words) if not word[0].islower()] or [0]
        return any(f" {fold(' '.join([*words[n:], year]))} " in evidence for n in starts)

    def _in_parts(self, words: Sequence[str], evidence: str) -> bool:
        """Whether a run of words is made of supported names, and little words and one-word values between them."""
        if not words:
            return True
        single = words[0] in PARTICLES or (words[0] in self._one_word and f" {words[0]} " in evidence)
        if single and self._in_parts(words[1:], evidence):
            return True
        return any(
            f" {' '.join(words[:n])} " in evidence and self._in_parts(words[n:], evidence)
            for n in range(len(words), 1, -1)
        )


def _add_years(item: Item, stated: frozenset[str]) -> Iterator[str]:
    """The title with each year that an attribute holds, where the title itself has none."""
    main, year = split_year(item.title)
    if year is None:
        for name, value in item.attributes.items():
            if name in stated and isinstance(value, int | float) and not isinstance(value, bool):
                yield f"{fold(main)} {value:g}"


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, float) and value.is_integer():
        return (str(int(value)), str(value))
    return as_tags(value) if isinstance(value, tuple) else (str(value),)


def _without(text: str, titles: Iterable[str]) -> str:
    """A text with whole titles of two words and more taken out."""
    for title in sorted((one for one in titles if len(one.split()) > 1), key=len, reverse=True):
        text = text.replace(title, "•")
    return text


def _decades(text: str) -> Iterator[str]:
    found = [(century or ("20" if tens in "01" else "19")) + tens for century, tens in DECADE.findall(text)]
    found += [f"19{DECADES[word]}" for word in fold(text).split() if word in DECADES]
    return (f"{three}{last}" for three in found for last in (0, 9))


def _has_decade(said: str, evidence: str) -> bool:
    """Whether ``1990s`` has a year among the evidence."""
    digits = said.removesuffix("s").strip()
    return said != digits and len(digits) == 4 and bool(re.search(rf" {digits[:3]}\d ", evidence))
