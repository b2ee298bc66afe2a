"""Why this list: what each way of searching adds to the scores of the items shown, as bars."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from tastemaker.agent.events import Card
from tastemaker.ui.web.html import Html, tag
from tastemaker.ui.web.strings import t

MOST = 6
LEAST = 0.01
"""A smaller share would be drawn as nothing."""
LABELS = {
    "rank": "Your taste",
    "retrieve": "Your words",
    "suit": "Your whole request",
    "named": "Titles the language model thought of",
    "similar": "Items like those you named",
    "filter": "Popular ones that meet your conditions",
    "conversation": "What others took after such conversations",
}
PARTS = {
    "words": "Your words",
    "judged": "What somebody who knows them would show",
    "preferences": "What you prefer",
    "renown": "How well known it is",
    "rating": "How others rate it",
    "likeness": "Items like those you named",
    "comparison": "More or less of something, as you said",
    "avoided": "Far from what you avoid",
}
"""What the score of a whole request is made of, see :func:`tastemaker.tools.suit.suit_parts`."""
CHOSEN_BY_MODEL = "The language model put them in this order."


def parts_of(cards: Sequence[Card]) -> list[tuple[str, float]]:
    """(words for a part, share of what all add up to) pairs, the largest first; none where that is not known."""
    total: defaultdict[str, float] = defaultdict(float)
    for source in (source for card in cards for source in card.sources if source.part > 0):
        if source.shares:
            for name, share in source.shares.items():
                total[PARTS.get(name, name)] += source.part * share
        else:
            total[LABELS.get(source.tool, source.tool)] += source.part
    whole = sum(total.values())
    shares = [(words, part / whole) for words, part in sorted(total.items(), key=lambda one: -one[1])[:MOST]]
    return [(words, share) for words, share in shares if share >= LEAST]


def bars(cards: Sequence[Card]) -> Html | None:
    """The parts as a list whose bars show their shares; None where nothing is known of them."""
    parts = parts_of(cards)
    if not parts:
        return None
    if len(parts) == 1:
        return tag("p", t("By one thing alone: {part}", part=t(parts[0][0])), class_="tm-parts")
    rows = [
        tag(
            "li",
            tag("span", t(words), class_="tm-part-name"),
            tag("span", tag("span", style=f"width:{share:.0%}"), class_="tm-part-bar", aria_hidden="true"),
            tag("span", f"{share:.0%}", class_="tm-part-share"),
        )
        for words, share in parts
    ]
    return tag("ul", rows, class_="tm-parts", aria_label=t("Parts of the score"))


def why_list(cards: Sequence[Card], place: int, shown: bool, must: Sequence[str] = ()) -> Html | None:
    """A button that shows and hides the parts of a list; nothing where they are not known.

    Args:
        cards: the list.
        place: of its exchange, from 0.
        shown: whether the parts are shown.
        must: the conditions that held, in words.
    """
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
        tag("p", t("Every one of them: {conditions}", conditions="; ".join(must)), class_="tm-must")
        if shown and must
        else None,
        tag("p", t(CHOSEN_BY_MODEL), class_="tm-cost") if shown and by_model else None,
        class_="tm-why",
    )
