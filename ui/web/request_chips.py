"""What is asked for now, above the box where one types: each part can be dropped, or all of it."""

from __future__ import annotations

from tastemaker.agent import Session, TasteProfile
from tastemaker.agent.memory.request import Request
from tastemaker.agent.memory.widen_profile import widened
from tastemaker.agent.nlu.tokenizer import shorten
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.filters.condition_words import condition_in_words
from tastemaker.retrieval.filters.conditions import Condition
from tastemaker.retrieval.filters.constraints import describe
from tastemaker.retrieval.filters.widen import widen
from tastemaker.ui.web.cards import in_words
from tastemaker.ui.web.html import Html, tag
from tastemaker.ui.web.profile_panel import chip
from tastemaker.ui.web.strings import t

MAX_CHIP = 60
MAX_PREFERENCES = 4


def request_chips(profile: TasteProfile, catalog: Catalog) -> Html:
    """Conditions, wishes and the strongest preferences as chips; empty where nothing is asked for."""
    schema = catalog.schema
    chips = [
        chip(
            "condition",
            "drop-condition",
            describe(one),
            in_words(condition_in_words(one, schema)),
            _widen_button(one, catalog),
        )
        for one in profile.constraints
    ]
    chips += [chip("wish", "drop-wish", wish, f"“{shorten(wish, MAX_CHIP)}”") for wish in profile.wishes]
    strongest = sorted(profile.request.prefer, key=lambda one: -abs(one.weight))[:MAX_PREFERENCES]
    chips += [
        chip(
            "prefer",
            "drop-preference",
            describe(one.condition),
            (f"{t('rather not')}: " if one.weight < 0 else "")
            + in_words(condition_in_words(one.condition, schema)),
        )
        for one in strongest
    ]
    if not chips:
        return Html("")
    everything = tag(
        "button", t("Drop it all"), type="button", class_="tm-link", data_act="drop-request", data_value="-"
    )
    return tag(
        "div",
        tag("p", t("Looking for"), class_="tm-chips-label"),
        tag("ul", chips, class_="tm-chips"),
        everything,
        class_="tm-standing",
        role="group",
        aria_label=t("What is asked for now"),
    )


def _widen_button(condition: Condition, catalog: Catalog) -> Html:
    """Loosens a condition; its title says to what."""
    schema, wider = catalog.schema, widen(condition, catalog)
    words = in_words(condition_in_words(condition, schema))
    to = in_words(condition_in_words(wider, schema)) if wider else t("only preferred")
    return tag(
        "button",
        tag("span", class_="tm-icon tm-icon-widen", aria_hidden="true"),
        type="button",
        class_="tm-remove tm-widen",
        data_act="widen-condition",
        data_value=describe(condition),
        aria_label=t("Widen {words}: {to}", words=words, to=to),
        title=t("Widen: {to}", to=to),
    )


def widen_condition(session: Session, said: str, catalog: Catalog) -> None:
    """Loosen the condition that reads like this; no change where there is none."""
    now = widened(session.profile, said, catalog)
    if now != session.profile:
        session.set_profile(now)


def without_preference(session: Session, said: str) -> None:
    """Drop the preference that reads like this; no change where there is none."""
    profile = session.profile
    kept = tuple(one for one in profile.request.prefer if describe(one.condition) != said)
    if len(kept) != len(profile.request.prefer):
        session.set_profile(
            profile.model_copy(update={"request": profile.request.model_copy(update={"prefer": kept})})
        )


def without_request(session: Session) -> None:
    """Drop all that is asked for; what is liked, disliked and had stays."""
    session.set_profile(
        session.profile.model_copy(update={"constraints": (), "wishes": (), "request": Request()})
    )
