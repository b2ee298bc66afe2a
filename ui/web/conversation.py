"""The conversation: what was said, what is going on, what was found."""

from __future__ import annotations

from tastemaker.agent import TasteProfile
from tastemaker.agent.events import Fallback, ToolCalled
from tastemaker.ui.web.cards import CardFaces
from tastemaker.ui.web.exchange import Exchange
from tastemaker.ui.web.html import Html, tag
from tastemaker.ui.web.strings import t
from tastemaker.ui.web.tab import Tab
from tastemaker.ui.web.why_list import why_list

MAX_CHARS = 4000


def announcement(tab: Tab) -> str:
    """What is new, for somebody who listens: what goes on, then the words of the answer; never what was said before."""
    if not tab.exchanges:
        return ""
    last = tab.exchanges[-1]
    found = [card.title for card in last.cards] if last.reply else []
    return " ".join(part for part in (t(last.error), last.status, last.lead, ", ".join(found)) if part)


def conversation(tab: Tab, faces: CardFaces, profile: TasteProfile, after: Html | None = None) -> Html:
    """All exchanges of a tab, the oldest first, and the messages that wait; ``after`` ends the last answer."""
    last = len(tab.exchanges) - 1
    turns = [
        _turn(exchange, place, tab, faces, profile, after if place == last and not tab.waiting else None)
        for place, exchange in enumerate(tab.exchanges)
    ]
    waiting = [
        tag(
            "section",
            tag("p", message, class_="tm-said tm-waits", dir="auto"),
            tag("p", t("Waits for its turn"), class_="tm-cost"),
            class_="tm-line",
        )
        for message in tab.waiting
    ]
    return tag(
        "div",
        tag("h2", t("Conversation"), class_="tm-unseen") if turns else None,
        turns,
        waiting,
        class_="tm-turns",
        role="log",
        aria_label=t("Conversation"),
        aria_live="off",
    )


def _turn(
    exchange: Exchange, place: int, tab: Tab, faces: CardFaces, profile: TasteProfile, after: Html | None
) -> Html:
    cards = [
        faces.face(
            card,
            number,
            tab.verdict(card.id, profile),
            tab.is_open(card.id),
            card.id in profile.history,
            card.id in tab.compared,
        )
        for number, card in enumerate(exchange.cards, 1)
    ]
    return tag(
        "section",
        tag(
            "p",
            tag("span", t("You: "), class_="tm-unseen"),
            exchange.message[:MAX_CHARS],
            class_="tm-said tm-edited" if exchange.edited else "tm-said",
            data_said=None if exchange.edited else exchange.message[:MAX_CHARS],
            dir="auto",
        ),
        _message_acts(exchange, place, tab) if not exchange.running else None,
        _lead(exchange),
        tag("ol", cards, class_="tm-cards") if cards else None,
        why_list(exchange.cards, place, place in tab.explained, faces.conditions_in_words(exchange.required))
        if exchange.reply
        else None,
        _after(exchange),
        after if not exchange.running else None,
        class_="tm-turn",
        data_running=str(exchange.running).lower(),
    )


def _message_acts(exchange: Exchange, place: int, tab: Tab) -> Html:
    """Edit a message or ask it again; only where the session can go back to before it."""
    if exchange.before is None or tab.busy:
        return tag("div", class_="tm-message-acts")
    acts = [("edit", t("Edit")), ("retry", t("Try again"))]
    buttons = [
        tag(
            "button",
            words,
            type="button",
            class_="tm-link",
            data_act=act,
            data_value=place,
            aria_label=f"{words}: {exchange.message[:80]}",
        )
        for act, words in acts
    ]
    return tag("div", buttons, class_="tm-message-acts")


def _lead(exchange: Exchange) -> Html:
    """The top of a reply: the status while it runs, then notes and lead-in, or the error."""
    if exchange.error:
        return tag("div", tag("p", t(exchange.error), class_="tm-error", role="alert"), class_="tm-lead")
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
        t("Searches: {n}", n=searches) if searches else "",
        t("Model calls: {n}, {seconds} s", n=usage.calls, seconds=f"{usage.seconds:.1f}")
        if usage and usage.calls
        else "",
        t("partly without the language model") if fell_back else "",
    ]
    return " · ".join(part for part in parts if part)
