"""What one might say next: a few short messages made of the last answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tastemaker.agent.events import Card
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.item_text import label_fields
from tastemaker.ui.web.html import Html, tag
from tastemaker.ui.web.strings import t

MOST = 4


def suggestions(cards: Sequence[Card], catalog: Catalog) -> list[tuple[str, str]]:
    """(words on the button, message) pairs; the messages are English, which every reader understands."""
    if not cards:
        return [(t("Show me something"), "What would I like next?")]
    found = [(t("More like {title}", title=cards[0].title), f"More like {cards[0].title}")]
    found += [
        (t("Without {value}", value=value), f"no {value}") for value in _common_labels(cards, catalog)[:1]
    ]
    year = next((name for name in catalog.schema.names() if "year" in name.casefold()), "")
    years = [card.attributes[year] for card in cards if isinstance(card.attributes.get(year), int | float)]
    if years:
        middle = int(sorted(years)[len(years) // 2]) // 10 * 10
        found.append((t("Newer than {year}", year=middle + 9), f"after {middle + 9}"))
    found.append((t("Something else"), "something else"))
    return found[:MOST]


def suggestion_buttons(cards: Sequence[Card], catalog: Catalog) -> Html:
    """The same as buttons that send their message."""
    buttons = [
        tag(
            "li",
            tag(
                "button",
                words,
                type="button",
                class_="tm-example",
                data_act="say",
                data_value=message,
                dir="auto",
            ),
        )
        for words, message in suggestions(cards, catalog)
    ]
    return tag("ul", buttons, class_="tm-suggestions", aria_label=t("What you might say next"))


def _common_labels(cards: Sequence[Card], catalog: Catalog) -> list[str]:
    """Labels that most of the cards share and not all, the commonest first."""
    counts: Counter[str] = Counter()
    for card in cards:
        for name in label_fields(catalog):
            value = card.attributes.get(name)
            counts.update(
                map(str, value) if isinstance(value, tuple | list) else ([str(value)] if value else [])
            )
    return [value for value, number in counts.most_common() if len(cards) / 2 <= number < len(cards)]
