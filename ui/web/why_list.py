"""Why this list: what each way of searching adds to the scores of the items shown, as bars."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from tastemaker.agent.events import Card
from tastemaker.ui.web.html import Html, tag
from tastemaker.ui.web.strings import t

MOST = 5
LABELS = {
    "rank": "Your taste",
    "retrieve": "Your words",
    "suit": "Your whole request",
    "named": "Titles the language model thought of",
    "similar": "Items like those you named",
    "filter": "Popular ones that meet your conditions",
    "conversation": "What others took after such conversations",
}
CHOSEN_BY_MODEL = "The language model put them in this order."


def parts_of(cards: Sequence[Card]) -> list[tuple[str, float]]:
    """(way of searching, share of what all add up to) pairs, the largest first; none where that is not known."""
    total: defaultdict[str, float] = defaultdict(float)
    for card in cards:
        for source in card.sources:
            if source.part > 0:
                total[source.tool] += source.part
    whole = sum(total.values())
    return [(tool, part / whole) for tool, part in sorted(total.items(), key=lambda one: -one[1])[:MOST]]


def bars(cards: Sequence[Card]) -> Html | None:
    """The parts as a list whose bars show their shares; None where nothing is known of them."""
    parts = parts_of(cards)
    if not parts:
        return None
    rows = [
        tag(
            "li",
            tag("span", t(LABELS[tool]) if tool in LABELS else tool, class_="tm-part-name"),
            tag("span", tag("span", style=f"width:{share:.0%}"), class_="tm-part-bar", aria_hidden="true"),
            tag("span", f"{share:.0%}", class_="tm-part-share"),
        )
        for tool, share in parts
    ]
    return tag("ul", rows, class_="tm-parts", aria_label=t("Parts of the score"))


def why_list(cards: Sequence[Card], place: int, shown: bool) -> Html | None:
    """A button that shows and hides the parts of a list; nothing where they are not known."""
    chart = bars(cards)
    if chart is None:
        return None
    button = tag(
        "button",
        t("Why this list"),
        type="button",
        class_="tm-link",
        data_act="why",
        data_value=place,
        aria_expanded=str(shown).lower(),
    )
    by_model = any(source.tool == "choose" for card in cards for source in card.sources)
    return tag(
        "div",
        button,
        chart if shown else None,
        tag("p", t(CHOSEN_BY_MODEL), class_="tm-cost") if shown and by_model else None,
        class_="tm-why",
    )
