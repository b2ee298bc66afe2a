"""The sentences before a list: what was understood, and how far it is true of all that is shown."""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.request import Preference
from tastemaker.agent.nlu.tokenizer import shorten
from tastemaker.agent.reply.evidence import Evidence, excluded_of, holds, wanted_of
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.computed_attributes import PERCENTILE
from tastemaker.retrieval.catalog.schema import Provenance
from tastemaker.retrieval.filters.conditions import leaves
from tastemaker.retrieval.text.joined import either, join_and, number_in_words, predicate

MAX_SAID = 4
"""Wants of one sort that a lead-in names."""
MAX_QUOTED_CHARS = 60
"""Letters of a wish that it repeats; a longer one is not a phrase but a story."""
MIN_ALL = 3
"""Items of which "all" is said; of two it is "both"."""
HEDGE = "as far as I can tell, "

WITHOUT = "I would not say that it"
START = "Here is a start: what people here take most."
START_UNKNOWN = "Here is a start."
BY_TASTE = "Going by what you know already."
DESCRIBED = "The nearest I found to what you describe."


def lead_in(items: Sequence[Item], profile: TasteProfile, evidence: Evidence, catalog: Catalog) -> str:
    """What the list answers, in sentences that hold for all of it, and what cannot be known."""
    wants = _of_wants(items, profile, evidence, catalog) or [_without_wants(profile, catalog)]
    return " ".join((*wants, *of_unknown(profile.request.unknown)))


def said_once(items: Sequence[Item], profile: TasteProfile, evidence: Evidence) -> frozenset[str]:
    """Texts of facts that all items have in the same words, which the lead-in says."""
    if not items:
        return frozenset()
    once = set[str]()
    for want in _held(items, profile, evidence)[:MAX_SAID]:
        texts = [frozenset(fact.text for fact in evidence.meets(item, want.condition)) for item in items]
        once |= frozenset.intersection(*texts) | {evidence.phrases.of_condition(want.condition, want.words)}
    return frozenset(once)


def _held(items: Sequence[Item], profile: TasteProfile, evidence: Evidence) -> list[Preference]:
    wants = [w for w in wanted_of(profile) if evidence.phrases.of_condition(w.condition, w.words)]
    return [want for want in wants if all(holds(item, want.condition) for item in items)]


def _of_wants(
    items: Sequence[Item], profile: TasteProfile, evidence: Evidence, catalog: Catalog
) -> list[str]:
    if not items:
        return []
    all_, none, some = list[Preference](), list[Preference](), list[Preference]()
    for want in wanted_of(profile):
        held = [holds(item, want.condition) for item in items]
        if not evidence.phrases.of_condition(want.condition, want.words):
            continue
        if all(held):
            all_.append(want)
        elif evidence.phrases.can_deny(want.condition, catalog):
            (none if all(one is False for one in held) else some).append(want)
    said: list[str] = []

    def phrases(wants: Sequence[Preference]) -> list[str]:
        found = dict.fromkeys(evidence.phrases.of_condition(w.condition, w.words) for w in wants)
        others = [set(other.split()) for other in (*said, *found)]
        fresh = [
            one for one in found if one not in said and not any(set(one.split()) < other for other in others)
        ]
        said.extend(fresh[:MAX_SAID])
        return fresh[:MAX_SAID]

    is_sure = all(
        catalog.schema[leaf.field].provenance is not Provenance.INFERRED
        for want in (*all_, *none, *some)
        for leaf in leaves(want.condition)
    )
    one = len(items) == 1
    found = []
    if true := phrases(all_):
        found.append(f"{_all_of(len(items))} {predicate(true, plural=not one)}")
    if part := phrases(some):
        found.append(_partly(part, after=bool(true), one=one))
    if lacking := phrases(none):
        found.append(f"{WITHOUT if one else 'none of them'} {predicate(lacking, ' or ', plural=False)}")
    out = list(filter(None, map(evidence.phrases.of_excluded, excluded_of(profile))))[:MAX_SAID]
    if out and not lacking:
        found.append(f"{WITHOUT if one else 'none'} {predicate(out, ' or ', plural=False)}")
    if not found:
        return []
    text = ("" if is_sure or found[0].startswith("I ") else HEDGE) + "; ".join(found)
    return [f"{text[0].upper()}{text[1:]}."]


def _all_of(number: int) -> str:
    return ("it", "both")[number - 1] if number < MIN_ALL else f"all {number_in_words(number)}"


def _partly(phrases: Sequence[str], *, after: bool, one: bool) -> str:
    """What holds for some items only, or nobody knows; by itself it is said as what was looked for."""
    if one:
        return f"I cannot say whether it {predicate(phrases, ' or ', plural=False)}"
    if after:
        return f"not every one {predicate(phrases, ' or ', plural=False)}"
    return (
        f"I looked for something {join_and(phrases)}, which not every one is{' in full' * (len(phrases) > 1)}"
    )


def of_unknown(unknown: Sequence[str]) -> list[str]:
    """That properties asked for are not known, in a sentence; none where nothing was asked."""
    return [f"I don't know {either(unknown)}: this catalogue does not say."] if unknown else []


def _without_wants(profile: TasteProfile, catalog: Catalog) -> str:
    like = [catalog[i].title for i in profile.request.like[-2:] if i in catalog]
    wish = profile.wishes[-1] if profile.wishes else ""
    if like:
        return f"With {join_and(like)} in mind."
    if wish and len(wish) <= MAX_QUOTED_CHARS:
        return f"The nearest I found to “{shorten(wish, MAX_QUOTED_CHARS)}”."
    if wish:
        return DESCRIBED
    if profile.taste() and not profile.request.other_person:
        return BY_TASTE
    return START if PERCENTILE in catalog.schema else START_UNKNOWN
