"""What is remembered of a person across sessions: to be seen, taken back one by one, or erased as a whole."""

from __future__ import annotations

from tastemaker.agent.memory.person import LongTermTaste
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.ui.web.html import Html, count, tag
from tastemaker.ui.web.profile_panel import section, titles
from tastemaker.ui.web.strings import t

WHAT_IT_IS = "Your next conversation begins with this. Conditions and wishes are not kept."
NOTHING_KEPT = "Nothing yet. What you like, dislike and choose here is kept for your next conversation."
WHAT_GOES = "This erases what is remembered, and your conversations, traces and logged clicks with it."


def person_panel(person_id: str, taste: LongTermTaste, sessions: int, catalog: Catalog, sure: bool) -> Html:
    """The lasting part of a person's taste as removable chips, and the way to erase it.

    Args:
        person_id: whose.
        taste: what is remembered.
        sessions: how many conversations of theirs are kept.
        catalog: the items.
        sure: whether erasing was asked for and is to be confirmed.
    """
    sections = [
        section(t("Liked"), "like", "unremember", titles(taste.likes, catalog)),
        section(t("Disliked"), "dislike", "unremember", titles(taste.dislikes, catalog)),
        section(t("Had before"), "history", "unremember", titles(taste.history[::-1], catalog)),
    ]
    known = any(sections)
    return tag(
        "div",
        tag("p", t(WHAT_IT_IS if known else NOTHING_KEPT), class_="tm-empty"),
        tag(
            "p",
            t("Name: "),
            tag("strong", person_id),
            f", {count(sessions, 'conversation')}",
            class_="tm-empty",
        ),
        sections if known else None,
        _erase(sure),
        class_="tm-profile tm-person",
    )


def _erase(sure: bool) -> Html:
    if not sure:
        return _button(t("Erase all of this"), "erase-person", "tm-button")
    return tag(
        "div",
        tag("p", t(WHAT_GOES), class_="tm-error", role="alert"),
        tag(
            "div",
            _button(t("Yes, erase it"), "erase-person-now", "tm-button tm-strong"),
            _button(t("Keep it"), "keep-person", "tm-button"),
            class_="tm-confirm",
        ),
    )


def _button(words: str, act: str, class_: str) -> Html:
    return tag("button", words, type="button", class_=class_, data_act=act, data_value="-")
