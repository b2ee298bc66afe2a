"""One recommended item as a card: title, year, tags, text, reason, and two buttons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal
from urllib.parse import urlsplit

from tastemaker.agent.events import Card
from tastemaker.agent.nlu.tokenizer import shorten
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.item_text import label_fields
from tastemaker.retrieval.catalog.media import media_fields, web_address
from tastemaker.retrieval.catalog.schema import Kind, Provenance
from tastemaker.retrieval.catalog.value_words import provenance_mark, said_of_item, value_in_words
from tastemaker.retrieval.errors import ConfigError
from tastemaker.retrieval.filters.condition_words import condition_in_words
from tastemaker.retrieval.filters.conditions import Condition, leaves
from tastemaker.ui.web.html import Html, tag
from tastemaker.ui.web.strings import t
from tastemaker.ui.web.why_list import bars

Verdict = Literal["liked", "disliked", ""]

MAX_TEXT = 260
MAX_LABELS = 6
MAX_NAMES = 3
OUTWARD = "noopener noreferrer nofollow"
"""Of links that lead elsewhere: that page learns nothing of this one."""
MAX_INFERRED = 2
"""Inferred numbers that say something by themselves, such as a running time, on a card's front."""
NAME_FIELDS = 2
"""How many attributes of large vocabularies (director, cast) a card has room for."""


class CardFaces:
    """Draws the items of one catalogue; which attribute goes where follows from the schema."""

    def __init__(self, catalog: Catalog, front: Sequence[str] = ()) -> None:
        schema = self._schema = catalog.schema
        media = self.media = media_fields(catalog)
        choice = [name for name in schema.of_kind(Kind.CATEGORY, Kind.TAGS) if name not in media.addresses]
        self._labels = [name for name in label_fields(catalog) if name not in media.addresses]
        self._names = [name for name in choice if name not in self._labels][:NAME_FIELDS]
        numbers = list(schema.of_kind(Kind.NUMBER, Kind.DATE))
        self._year = next((name for name in numbers if "year" in name.casefold()), "")
        self._numbers = [name for name in numbers if name != self._year]
        if front:  # chosen by whoever serves the page
            unknown = [name for name in front if name not in schema]
            if unknown:
                raise ConfigError(
                    f"card fields {', '.join(unknown)}; the catalogue has {', '.join(schema.names())}"
                )
            self._labels, self._names, self._numbers = (
                [name for name in front if name in kept]
                for kept in (self._labels, [n for n in choice if n not in self._labels], self._numbers)
            )
        self._texts = [name for name in schema.of_kind(Kind.TEXT) if name not in media.addresses][:1]
        self._marks = {one.name: provenance_mark(one) for one in schema.attributes}
        self._inferred = [
            one
            for one in schema.attributes
            if one.provenance is Provenance.INFERRED and (one.unit or one.phrase)
        ][:MAX_INFERRED]

    def face(
        self,
        card: Card,
        number: int,
        verdict: Verdict,
        whole: bool = False,
        taken: bool = False,
        compared: bool = False,
    ) -> Html:
        """A card as a list item; ``number`` is its place in the list, from 1; ``whole`` with all its values."""
        title, year = self.title_and_year(card)
        heading = tag(
            "h3",
            title,
            [" ", tag("span", year, class_="tm-year")] if year else None,
            class_="tm-title",
            dir="auto",
        )
        return tag(
            "li",
            self._picture(card),
            tag("div", tag("span", number, class_="tm-number", aria_hidden="true"), heading, class_="tm-top"),
            tag("ul", [tag("li", label) for label in self._tags(card)], class_="tm-tags"),
            [tag("p", text, class_="tm-text", dir="auto") for text in self._text(card)],
            tag("p", _names_line(self._named_values(card)), class_="tm-names"),
            tag("p", card.reason, class_="tm-reason", dir="auto"),
            bars([card]) if whole else None,
            self._all_values(card) if whole else None,
            tag(
                "div", _buttons(card, verdict, whole, taken, compared), self._link(card), class_="tm-verdict"
            ),
            class_=" ".join(
                part
                for part in (
                    "tm-card",
                    f"tm-{verdict}" if verdict else "",
                    "tm-pictured" if self.media.image else "",
                )
                if part
            ),
            data_item=card.id,
        )

    def conditions_in_words(self, conditions: Sequence[Condition]) -> list[str]:
        """Conditions as people say them; those on an attribute that is gone are left out."""
        known = [one for one in conditions if all(leaf.field in self._schema for leaf in leaves(one))]
        return [in_words(condition_in_words(one, self._schema)) for one in known]

    def title_and_year(self, card: Card) -> tuple[str, str]:
        """The title without a year in brackets at its end, and the year of the item, "" where unknown."""
        year = _plain(card.attributes.get(self._year, ""))
        bare = card.title.removesuffix(f"({year})").rstrip() if year else card.title
        return bare or card.title, year

    def _picture(self, card: Card) -> Html | None:
        """The item's picture over a drawn one, which shows where there is none or it does not come.

        The browser fetches it from where the catalogue says, when it is about to be seen; the server never does.
        """
        if not self.media.image:
            return None
        address = self.media.image_of(card.attributes)
        image = tag(
            "img", src=address, alt="", loading="lazy", decoding="async", referrerpolicy="no-referrer"
        )
        letter = self.title_and_year(card)[0][:1].upper()
        return tag(
            "div", tag("span", letter), image if address else None, class_="tm-picture", aria_hidden="true"
        )

    def _link(self, card: Card) -> Html | None:
        address = self.media.link_of(card.attributes)
        if not address:
            return None
        return tag(
            "a",
            tag("span", class_="tm-icon tm-icon-link", aria_hidden="true"),
            tag("span", t("Open its page"), class_="tm-words"),
            href=address,
            target="_blank",
            rel=OUTWARD,
            class_="tm-button",
            title=t("Open its page"),
            aria_label=f"{t('Open its page')}: {card.title}",
        )

    def _tags(self, card: Card) -> list[str]:
        labels = [v for name in self._labels for v in _values(card.attributes.get(name))][:MAX_LABELS]
        numbers = [
            f"{name} {_plain(card.attributes[name])}" for name in self._numbers if name in card.attributes
        ]
        inferred = [
            said_of_item(one, value) if one.phrase else value_in_words(one, value)
            for one in self._inferred
            if (value := card.attributes.get(one.name)) is not None
        ]
        return [*labels, *numbers, *inferred]

    def _text(self, card: Card) -> Iterator[str]:
        return (
            shorten(str(card.attributes[name]), MAX_TEXT) for name in self._texts if name in card.attributes
        )

    def _named_values(self, card: Card) -> Iterator[tuple[str, list[str]]]:
        return (
            (name, _values(card.attributes[name])[:MAX_NAMES])
            for name in self._names
            if card.attributes.get(name)
        )

    def _all_values(self, card: Card) -> Html:
        """Every value of the item under its name, marked where the catalogue does not state it."""
        pairs = [
            (tag("dt", in_words(name)), tag("dd", *self._value(name, value), dir="auto"))
            for name, value in card.attributes.items()
        ]
        return tag("dl", *(part for pair in pairs for part in pair), class_="tm-values")

    def _value(self, name: str, value: object) -> Iterator[Html | str]:
        if name in self.media.addresses and (address := web_address(value)):
            yield tag("a", urlsplit(address).hostname, href=address, target="_blank", rel=OUTWARD)
            return
        mark = self._marks.get(name, "")  # an old card may have attributes that are gone
        if not mark:
            yield ", ".join(map(_plain, _values(value)))
            return
        yield value_in_words(self._schema[name], value)
        yield " "
        yield tag("span", mark, class_="tm-mark")


def _names_line(named: Iterator[tuple[str, list[str]]]) -> list[Html]:
    return [
        tag("span", tag("span", in_words(name), class_="tm-field"), " ", ", ".join(values))
        for name, values in named
    ]


def _buttons(card: Card, verdict: Verdict, whole: bool, taken: bool, compared: bool) -> list[Html]:
    return [
        _button("like", t("Like"), card, verdict == "liked"),
        _button("dislike", t("Not for me"), card, verdict == "disliked"),
        _button("choose", t("Taken") if taken else t("I’ll take it"), card, taken),
        _button("more", t("More like this"), card, None),
        _button("compare", t("Compare"), card, compared, "compare"),
        _button("open", t("Details"), card, whole, "open"),
    ]


def _button(act: str, words: str, card: Card, pressed: bool | None, pressed_act: str = "forget") -> Html:
    """A button of a card; ``pressed`` is None where it is none that stays down."""
    return tag(
        "button",
        tag("span", class_=f"tm-icon tm-icon-{act}", aria_hidden="true"),
        tag("span", words, class_="tm-words"),
        type="button",
        class_=f"tm-button tm-act-{act}",
        data_act=pressed_act if pressed else act,
        data_value=card.id,
        aria_pressed=None if pressed is None else str(pressed).lower(),
        title=words,
        aria_label=f"{words}: {card.title}",
    )


def in_words(name: str) -> str:
    """A column's name as a person reads it.

    >>> in_words("release_year")
    'release year'
    """
    return name.replace("_", " ")


def _values(value: object) -> list[str]:
    if value is None:
        return []
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [str(v) for v in value]
    return [str(value)]


def _plain(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
