"""What a click on the request changes, in words: the message of the list that follows it."""

from __future__ import annotations

from tastemaker.agent import TasteProfile
from tastemaker.agent.nlu.tokenizer import shorten
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Schema
from tastemaker.retrieval.filters.condition_words import condition_in_words
from tastemaker.retrieval.filters.conditions import Condition, describe
from tastemaker.retrieval.filters.widen import widen
from tastemaker.ui.web.cards import in_words
from tastemaker.ui.web.strings import t

MAX_CHARS = 80


def edit_in_words(act: str, value: str, profile: TasteProfile, catalog: Catalog) -> str:
    """What an act on a chip does to the request of a profile; "" where it does nothing to it.

    Args:
        act: of a button: ``drop-condition``, ``widen-condition``, ``drop-wish``, ``drop-preference``, ``drop-request``.
        value: which chip: the wish, or the condition as ``describe`` says it.
        profile: before the act.
        catalog: whose attributes the conditions are of.
    """
    schema = catalog.schema
    hard = {describe(one): one for one in profile.constraints}
    soft = {describe(one.condition): one.condition for one in profile.request.prefer}
    if act == "drop-wish" and value in profile.wishes:
        return t("No longer: {words}", words=f"“{shorten(value, MAX_CHARS)}”")
    if act == "drop-condition" and value in hard:
        return t("No longer: {words}", words=_words(hard[value], schema))
    if act == "drop-preference" and value in soft:
        return t("No longer: {words}", words=_words(soft[value], schema))
    if act == "drop-request" and (hard or soft or profile.wishes or not profile.request.is_empty()):
        return t("Drop it all")
    if act == "widen-condition" and value in hard:
        wider = widen(hard[value], catalog)
        words = _words(wider or hard[value], schema)
        return t("Wider: {words}", words=words) if wider else t("Only preferred: {words}", words=words)
    return ""


def condition_added(condition: Condition, schema: Schema) -> str:
    """That a condition was added by the form."""
    return t("Only {words}", words=_words(condition, schema))


def asks_for_other_things(one: TasteProfile, other: TasteProfile) -> bool:
    """Whether two profiles differ in what they ask for, likes and histories apart."""
    return (one.constraints, one.wishes, one.request) != (other.constraints, other.wishes, other.request)


def _words(condition: Condition, schema: Schema) -> str:
    return in_words(condition_in_words(condition, schema))
