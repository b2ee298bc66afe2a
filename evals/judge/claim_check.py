"""Whether sentences about an item cite values that the catalogue holds for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tastemaker.evals.judge.claim_spans import LIST_MARK, NUMBER
from tastemaker.evals.judge.judged_reply import JudgedReply
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.item_text import LABELS_AT_MOST, stated_attributes
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.text.normalise import fold, split_year

LONGEST_VALUE = 6
"""Words of a value that is looked for in a sentence."""

NEGATIONS = frozenset("no not without never non nor isnt unlike less hardly than".split())
SENTENCE_END = re.compile(r"(?<=[^\s.][.!?])\s+(?=[A-Z\"“•])")
PAUSE = re.compile(r"[,;:()•]")
MARK = re.compile(r"•(\d+)•")
YEAR = re.compile(r"(?:18|19|20)\d\ds?")


@dataclass(frozen=True)
class Claim:
    """A sentence about an item that cites values; ``wrong`` are those that it does not hold."""

    item: str
    sentence: str
    wrong: tuple[str, ...]


class Claims:
    """Finds cited values: labels of fields with few values, values of two words, lists that name a field, years.

    A single word that is a value of a field with many values, such as a tag, is not taken for a
    citation unless the sentence names the field, as in "its tags include hope" or "shares hope (tags)
    with"; nor is a value that is denied, as in "no horror".
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._stated = stated_attributes(catalog.schema)
        names = list(catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS))
        self._values: dict[tuple[str, ...], set[str]] = {}
        for name in names:
            few = len(catalog.values(name)) <= LABELS_AT_MOST
            for value in catalog.values(name):
                tokens = tuple(fold(value).split())
                if few or len(tokens) > 1:
                    self._values.setdefault(tokens, set()).add(name)
        self._fields = {form: name for name in names for form in (name.replace("_", " "), name)}
        field = "|".join(re.escape(form) for form in sorted(self._fields, key=len, reverse=True))
        forms = (
            rf"\bits (?P<field>{field}) (?:is|are|includes?) (?P<list>[^;.]+)",
            rf"\bshares (?P<list>[^;.]+?) \((?P<field>{field})\)",
        )
        self._lists = [re.compile(form) for form in forms] if names else []

    def of(self, reply: JudgedReply, came_up: Sequence[Item] = ()) -> list[Claim] | None:
        """The claims of a reply about the items it shows; None where the row has no text.

        Args:
            reply: which.
            came_up: items whose titles may stand in it: what belongs to a title is no claim.
        """
        if reply.text is None:
            return None
        items = [self._catalog[i] for i in dict.fromkeys(reply.items) if i in self._catalog]
        titles = sorted({item.title for item in (*items, *came_up)}, key=len, reverse=True)
        found = []
        for item, sentence in _sentences(reply.text, items, titles):
            places = {str(n) for n in (reply.places or {}).get(item.id, ())}
            claim = self._claim(item, _mask(sentence, titles), sentence, places)
            found += [claim] if claim else []
        return found

    def _claim(self, item: Item, masked: str, sentence: str, places: set[str]) -> Claim | None:
        cited = dict(self._check_values(item, masked)) | {
            year: _has_year(item, year, self._stated) for year in _years(masked) if year not in places
        }
        if not cited:
            return None
        return Claim(item.id, sentence, tuple(value for value, held in cited.items() if not held))

    def _check_values(self, item: Item, text: str) -> Iterator[tuple[str, bool]]:
        """Each value that is cited, and whether the item holds it."""
        for pattern in self._lists:
            for found in pattern.finditer(text):
                yield from _check_list(item, self._fields[found["field"]], found["list"])
        for pattern in self._lists:
            text = pattern.sub("•", text)
        tokens = [token for part in PAUSE.split(text) for token in (*fold(part).split(), "•")]
        at = 0
        while at < len(tokens):
            size = next(
                (n for n in range(LONGEST_VALUE, 0, -1) if tuple(tokens[at : at + n]) in self._values), 0
            )
            if size and not NEGATIONS & set(tokens[max(0, at - 2) : at]):
                value = tuple(tokens[at : at + size])
                yield (
                    " ".join(value),
                    any(_holds(item, name, " ".join(value)) for name in self._values[value]),
                )
            at += size or 1


def _sentences(text: str, items: Sequence[Item], titles: Sequence[str]) -> Iterator[tuple[Item, str]]:
    """Sentences with the item that their line begins with or, failing that, that they name."""
    marks = {title: f"•{n}•" for n, title in enumerate(titles)}
    for line in LIST_MARK.sub("", text).splitlines():
        begun = [item for item in items if line.strip().startswith(item.title)]
        of_line = max(begun, key=lambda item: len(item.title), default=None)
        for title, mark in marks.items():
            line = line.replace(title, mark)  # a full stop in a title ends no sentence
        for sentence in SENTENCE_END.split(line):
            item = of_line or next((one for one in items if marks[one.title] in sentence), None)
            if item:
                yield item, MARK.sub(lambda found: titles[int(found[1])], sentence).strip()


def _mask(sentence: str, titles: Sequence[str]) -> str:
    for title in titles:
        sentence = sentence.replace(title, "•")
    return sentence


def _check_list(item: Item, field: str, said: str) -> Iterator[tuple[str, bool]]:
    """The values of a cited list: those that the item holds, and whatever is left between them."""
    rest = f" {fold(said)} "
    for value in sorted(map(fold, as_tags(item.attributes.get(field))), key=len, reverse=True):
        if f" {value} " in rest:
            rest = rest.replace(f" {value} ", " | ")
            yield value, True
    left = (part.strip() for part in re.split(r"\||\band\b", rest))
    yield from ((part, False) for part in left if part)


def _holds(item: Item, field: str, value: str) -> bool:
    return value in {fold(one) for one in as_tags(item.attributes.get(field))}


def _years(text: str) -> list[str]:
    return [found for found in NUMBER.findall(text) if YEAR.fullmatch(found)]


def _has_year(item: Item, year: str, stated: frozenset[str]) -> bool:
    """Whether a year, or one of a decade such as 1990s, stands in the title, a number, a date or a text."""
    said = [split_year(item.title)[1], *(value for name, value in item.attributes.items() if name in stated)]
    own = {number for value in said for number in re.findall(r"\d{4}", str(value))}
    return year in own or (year.endswith("s") and any(number[:3] == year[:3] for number in own))
