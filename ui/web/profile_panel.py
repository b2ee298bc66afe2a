"""What is known of the person's taste, every part of it with a button that takes it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tastemaker.agent import Session, TasteProfile
from tastemaker.agent.nlu.tokenizer import shorten
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Schema
from tastemaker.retrieval.filters.condition_words import condition_in_words
from tastemaker.retrieval.filters.constraints import describe
from tastemaker.ui.web.cards import in_words
from tastemaker.ui.web.html import Html, tag
from tastemaker.ui.web.strings import t

MAX_LISTED = 30
MAX_QUERY_TEXT = 80
"""Letters of a wish on its chip."""
NOTHING_KNOWN = "Nothing yet. Like a title, set a condition or just talk: what I learn shows here."


def profile_panel(profile: TasteProfile, catalog: Catalog, notice: str = "") -> Html:
    """The profile as removable chips; ``notice`` is what went wrong with the last edit, if anything."""
    sections = [
        section(t("You like"), "like", "forget", titles(profile.likes, catalog)),
        section(t("Not for you"), "dislike", "forget", titles(profile.dislikes, catalog)),
        section(t("Conditions"), "condition", "drop-condition", _conditions(profile, catalog.schema)),
        section(
            t("In your words"),
            "wish",
            "drop-wish",
            [(text, f"“{shorten(text, MAX_QUERY_TEXT)}”") for text in profile.wishes],
        ),
        section(t("You had before"), "history", "forget", titles(profile.history[::-1], catalog)),
    ]
    return tag(
        "div",
        tag("p", t(notice), class_="tm-error", role="alert") if notice else None,
        sections if any(sections) else tag("p", t(NOTHING_KNOWN), class_="tm-empty"),
        class_="tm-profile",
    )


def chosen_chips(profile: TasteProfile, catalog: Catalog) -> Html:
    """What was chosen before the first message, as chips; empty where nothing was."""
    ids = tuple(dict.fromkeys((*profile.likes, *profile.history)))
    return _chips("like", "forget", titles(ids, catalog)) if ids else Html("")


def without_condition(session: Session, words: str) -> None:
    """Drop the constraint that reads like this; no change where there is none."""
    profile = session.profile
    kept = tuple(c for c in profile.constraints if describe(c) != words)
    if kept != profile.constraints:
        session.set_profile(profile.model_copy(update={"constraints": kept}))


def without_wish(session: Session, wish: str) -> None:
    """Drop a wish; no change where there is none."""
    profile = session.profile
    if wish in profile.wishes:
        kept = tuple(w for w in profile.wishes if w != wish)
        session.set_profile(profile.model_copy(update={"wishes": kept}))


def titles(ids: Iterable[str], catalog: Catalog) -> list[tuple[str, str]]:
    """Items as (id, title) pairs."""
    return [(item_id, catalog[item_id].title) for item_id in ids]


def _conditions(profile: TasteProfile, schema: Schema) -> list[tuple[str, str]]:
    return [(describe(c), in_words(condition_in_words(c, schema))) for c in profile.constraints]


def section(heading: str, kind: str, act: str, entries: Sequence[tuple[str, str]]) -> Html:
    """Entries under a heading, as chips whose buttons send ``act`` and the entry's value; empty for none."""
    if not entries:
        return Html("")
    more = len(entries) - MAX_LISTED
    return tag(
        "section",
        tag("h3", heading),
        _chips(kind, act, entries[:MAX_LISTED]),
        tag("p", t("and {n} more", n=f"{more:,}"), class_="tm-empty") if more > 0 else None,
    )


def _chips(kind: str, act: str, entries: Sequence[tuple[str, str]]) -> Html:
    return tag(
        "ul", [chip(kind, act, value, words) for value, words in entries], class_=f"tm-chips tm-chips-{kind}"
    )


def chip(kind: str, act: str, value: str, words: str, more: Html | None = None) -> Html:
    """An entry with a button that takes it away, perhaps after another one."""
    remove = tag(
        "button",
        tag("span", class_="tm-icon tm-icon-remove", aria_hidden="true"),
        type="button",
        class_="tm-remove",
        data_act=act,
        data_value=value,
        aria_label=t("Remove {words}", words=words),
        title=t("Remove"),
    )
    return tag("li", tag("span", words, dir="auto"), more, remove, class_=f"tm-chip tm-chip-{kind}")
