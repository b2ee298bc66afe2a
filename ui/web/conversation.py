"""The conversation: what was said, what is going on, what was found."""

from __future__ import annotations

from tastemaker.agent import TasteProfile
from tastemaker.agent.events import Fallback, ToolCalled
from tastemaker.ui.web.cards import CardFaces
from tastemaker.ui.web.exchange import Exchange
from tastemaker.ui.web.html import Html, count, tag
from tastemaker.ui.web.tab import Tab

MAX_CHARS = 4000


def conversation(tab: Tab, faces: CardFaces, profile: TasteProfile) -> Html:
    """All exchanges of a tab, the oldest first."""
    turns = [_turn(exchange, tab, faces, profile) for exchange in tab.exchanges]
    return tag("div", turns, class_="tm-turns", role="log", aria_label="Conversation", aria_live="polite")


def _turn(exchange: Exchange, tab: Tab, faces: CardFaces, profile: TasteProfile) -> Html:
    cards = [
        faces.face(
            card, number, tab.verdict(card.id, profile), tab.is_open(card.id), card.id in profile.history
        )
        for number, card in enumerate(exchange.cards, 1)
    ]
    return tag(
        "section",
        tag(
            "p",
            tag("span", "You: ", class_="tm-unseen"),
            exchange.message[:MAX_CHARS],
            class_="tm-said",
            dir="auto",
        ),
        _lead(exchange),
        tag("ol", cards, class_="tm-cards") if cards else None,
        _after(exchange),
        class_="tm-turn",
        data_running=str(exchange.running).lower(),
    )


def _lead(exchange: Exchange) -> Html:
    """The top of a reply: the status while it runs, then notes and lead-in, or the error."""
    if exchange.error:
        return tag("div", tag("p", exchange.error, class_="tm-error", role="alert"), class_="tm-lead")
    notes = exchange.reply.notes if exchange.reply else ()
    return tag(
        "div",
        [tag("p", note, class_="tm-note", dir="auto") for note in notes],
        tag("p", exchange.lead, class_="tm-prose", dir="auto") if exchange.lead else None,
        _status(exchange) if exchange.status else None,
        class_="tm-lead",
    )


def _status(exchange: Exchange) -> Html:
    return tag("p", tag("span", class_="tm-dots", aria_hidden="true"), exchange.status, class_="tm-status")


def _after(exchange: Exchange) -> Html | None:
    if not exchange.reply:
        return None
    question = exchange.reply.question
    return tag(
        "div",
        tag("p", question, class_="tm-question", dir="auto") if question else None,
        tag("p", _cost(exchange), class_="tm-cost"),
        class_="tm-after",
    )


def _cost(exchange: Exchange) -> str:
    searches = sum(isinstance(event, ToolCalled) for event in exchange.events)
    fell_back = any(isinstance(event, Fallback) and event.model_failed for event in exchange.events)
    usage = exchange.reply.usage if exchange.reply else None
    parts = [
        count(searches, "search") if searches else "",
        f"{count(usage.calls, 'model call')}, {usage.seconds:.1f} s" if usage and usage.calls else "",
        "partly without the language model" if fell_back else "",
    ]
    return " · ".join(part for part in parts if part)
