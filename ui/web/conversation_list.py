"""The conversations of this browser: open one again, rename it, keep a copy, delete it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from tastemaker.agent.nlu.tokenizer import shorten
from tastemaker.ui.web.html import Html, tag
from tastemaker.ui.web.strings import t

MAX_KEPT = 100
MAX_TITLE = 60
SEARCHED_FROM = 7


class Kept(TypedDict):
    """One conversation as the browser remembers it."""

    id: str
    title: str


def read_list(stored: object) -> list[Kept]:
    """What a browser sent as its list; it may send anything."""
    rows: Sequence[Any] = stored if isinstance(stored, list) else []
    return [
        Kept(id=row["id"][:64], title=row["title"][:MAX_TITLE])
        for row in rows[:MAX_KEPT]
        if isinstance(row, dict) and isinstance(row.get("id"), str) and isinstance(row.get("title"), str)
    ]


def with_conversation(kept: Sequence[Kept], session_id: str, message: str) -> list[Kept]:
    """The list with a conversation at its top; the title it has stays, a new one gets its first message."""
    title = next((one["title"] for one in kept if one["id"] == session_id), shorten(message, MAX_TITLE))
    return [Kept(id=session_id, title=title), *(one for one in kept if one["id"] != session_id)][:MAX_KEPT]


def rename_in_list(kept: Sequence[Kept], session_id: str, title: str) -> list[Kept]:
    """The list with another title for one conversation."""
    said = " ".join(title.split())[:MAX_TITLE]
    return [Kept(id=one["id"], title=said) if one["id"] == session_id and said else one for one in kept]


def conversation_list(kept: Sequence[Kept], now: str, deleting: str) -> Html:
    """The list; ``now`` is the open one, ``deleting`` the one whose deletion is to be confirmed."""
    if not kept:
        return tag(
            "p",
            t("None yet. What you say here is kept, and listed for you to go on with."),
            class_="tm-empty",
        )
    search = tag(
        "input",
        type="search",
        class_="tm-list-search",
        aria_label=t("Search conversations"),
        placeholder=t("Search"),
    )
    rows = [_row(one, one["id"] == now, one["id"] == deleting) for one in kept]
    return tag(
        "div",
        search if len(kept) >= SEARCHED_FROM else None,
        tag("ul", rows, class_="tm-list", aria_label=t("Conversations")),
        class_="tm-conversations",
    )


def _row(one: Kept, is_open: bool, sure: bool) -> Html:
    title = tag(
        "button",
        one["title"],
        type="button",
        class_="tm-list-title",
        data_act="open-session",
        data_value=one["id"],
        aria_current="true" if is_open else None,
        dir="auto",
    )
    if sure:
        buttons = [
            _button("Yes, delete it", "erase-session", one),
            _button("Keep it", "keep-session", one),
        ]
    else:
        buttons = [
            _button("Rename", "rename-session", one),
            _button("Markdown", "export-md", one),
            _button("JSON", "export-json", one),
            _button("Delete", "delete-session", one),
        ]
    return tag("li", title, tag("div", buttons, class_="tm-list-acts"), class_="tm-list-row")


def _button(words: str, act: str, one: Kept) -> Html:
    return tag(
        "button",
        t(words),
        type="button",
        class_="tm-link",
        data_act=act,
        data_value=one["id"],
        aria_label=f"{t(words)}: {one['title']}",
    )
