"""The sentences before a list: what was understood, and how far it is true of all that is shown."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.request import Preference
from tastemaker.agent.nlu.rules.statement_or_request import judges
from tastemaker.agent.nlu.tokenizer import shorten, words
from tastemaker.agent.reply.absences import find_absences, not_known
from tastemaker.agent.reply.evidence import NO_NAME, Evidence, wanted_of
from tastemaker.agent.reply.kind_words import (
    as_kind,
    behind,
    is_told_by,
    kinds,
    label_of,
    merge_alternatives,
    offers_topics,
    without_empty,
)
from tastemaker.agent.reply.shown_before import name_shown_before
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.computed_attributes import PERCENTILE
from tastemaker.retrieval.filters.conditions import AnyOf, Constraint, Op, leaves
from tastemaker.retrieval.text.joined import either, join_and, number_in_words, predicate

MAX_SAID = 4
"""Wants of one sort that a lead-in names."""
MAX_QUOTED_CHARS = 60
"""Letters of a wish that it repeats; a longer one is not a phrase but a story."""
MAX_GROUPS, MAX_PLACES = 2, 3
"""Groups of items by what only they meet, and items of a group that are told by their places."""
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
ASKED_FOR = 0.8
"""Weight from which a want was said outright: that few items meet it is told, and not left to be found out."""
STANDS = 0.5
"""Weight from which it is told that no item meets a want; what is fainter the person has moved on from."""
MIN_QUOTED_SHARE = 0.7
"""Words of a message that a wish must have to be quoted as what was looked for."""
MIN_ALL = 3
"""Items of which "all" is said; of two it is "both"."""
_ASKS_WITH = re.compile(
    r"^\W*(?:(?:(?:is|are) there|do you have|have you got|(?:you )?got|any(?:thing)?|something|what(?:['’]s| is)|"
    r"show me|find me|a|an|the|some|about)\b\W*)+",
    re.IGNORECASE,
)
"""Words that a wish is asked with."""
HEDGE = "as far as I can tell, "

WITHOUT = "I would not say that it"
START = "Here is a start: what people here take most."
START_UNKNOWN = "Here is a start."
BY_TASTE = "Going by what you know already."
OTHERWISE = "These come nearest by the rest of your words."
DESCRIBED = "The nearest I found to what you describe."


def lead_in(items: Sequence[Item], profile: TasteProfile, evidence: Evidence, catalog: Catalog) -> str:
    """What the list answers, in sentences that hold for all of it, and what cannot be known."""
    wants, unknown = _of_wants(items, profile, evidence), of_unknown(profile.request.unknown)
    if unknown and not wants:
        return f"{unknown[0]} {OTHERWISE}"
    before = name_shown_before(items, profile.shown, ORDINALS)
    return " ".join(filter(None, (*(wants or [_without_wants(profile, catalog)]), before, *unknown)))


def said_once(items: Sequence[Item], profile: TasteProfile, evidence: Evidence) -> frozenset[str]:
    """Texts of facts that the lead-in says, of all items or of some by their place."""
    split = _split(items, profile, evidence)
    once = set[str]()
    for places, wants in ((range(len(items)), split.of_all), *split.of_some):
        for want in wants[:MAX_SAID]:
            texts = [
                frozenset(fact.text for fact in evidence.meets(items[at], want.condition)) for at in places
            ]
            once |= frozenset.intersection(*texts) | {_phrase(want, [items[at] for at in places], evidence)}
    return frozenset(once)


@dataclass(frozen=True)
class _Split:
    """What was asked for by whom it holds: all items, some by their places, none."""

    of_all: Sequence[Preference] = ()
    of_some: Sequence[tuple[tuple[int, ...], Sequence[Preference]]] = ()
    of_none: Sequence[Preference] = ()


def _split(items: Sequence[Item], profile: TasteProfile, evidence: Evidence) -> _Split:
    """Wants by the items that meet them.

    What few items meet is left to their cards where more can be said of others: it may have been
    asked for in passing, or be misread.
    """
    of_all, of_none = list[Preference](), list[Preference]()
    some: dict[tuple[int, ...], list[Preference]] = {}
    for want in wanted_of(profile) if items else ():
        if not evidence.phrases.of_condition(want.condition, want.words):
            continue
        held = [evidence.shows(item, want.condition) for item in items]
        if all(held):
            of_all.append(want)
        elif any(held):
            some.setdefault(tuple(at for at, one in enumerate(held) if one), []).append(want)
        elif (
            want.weight >= STANDS and _is_closed(want, items, evidence) and _is_denied(want, items, evidence)
        ):
            of_none.append(want)
    bounds = {(leaf.field, leaf.op) for want in of_all for leaf in leaves(want.condition)}
    for places, wants in some.items():
        some[places] = [want for want in wants if not _is_bounded_otherwise(want, bounds)]
    ranked = sorted(
        ((places, wants) for places, wants in some.items() if wants), key=lambda one: -len(one[0])
    )
    many = [(places, wants) for places, wants in ranked if 2 * len(places) >= len(items)][:MAX_GROUPS]
    few = [one for one in ranked if all(_is_closed(want, items, evidence) for want in one[1])]
    if not (many or of_all or few):  # better than nothing, and not said as if the others were not so
        few = ranked
    few = [one for one in few if any(want.weight >= ASKED_FOR for want in one[1])]
    return _Split(of_all, [*many, *(one for one in few[:1] if one not in many)], of_none)


_OTHER_WAY = {Op.AT_LEAST: Op.AT_MOST, Op.AT_MOST: Op.AT_LEAST}


def _is_bounded_otherwise(want: Preference, bounds: Collection[tuple[str, Op]]) -> bool:
    """Whether the same scale is spoken of the other way: no "scary at least a little" that is "hardly scary" too."""
    return any((leaf.field, _OTHER_WAY.get(leaf.op)) in bounds for leaf in leaves(want.condition))


def _is_closed(want: Preference, items: Sequence[Item], evidence: Evidence) -> bool:
    """Whether the items that are not known to meet it do not."""
    return evidence.can_deny(want.condition) and all(
        evidence.shows(item, want.condition) is not None for item in items
    )


def _is_denied(want: Preference, items: Sequence[Item], evidence: Evidence) -> bool:
    """Whether nothing known of the items speaks for a want that none meets, as a love story does for romance."""
    levels = evidence.levels
    for leaf in leaves(want.condition):
        if leaf.field in levels and leaf.op is Op.AT_LEAST and isinstance(leaf.value, int | float):
            below = Constraint(field=leaf.field, op=Op.AT_MOST, value=leaf.value - 1)
            if not all(evidence.shows(item, below) for item in items):
                return False
    return True


def _phrase(want: Preference, items: Sequence[Item], evidence: Evidence) -> str:
    """A want in words; of an "or" the part alone that all items meet."""
    if isinstance(want.condition, AnyOf):
        for part in want.condition.any_of:
            if all(evidence.shows(item, part) for item in items) and (
                own := evidence.phrases.of_condition(part)
            ):
                return own
    return evidence.phrases.of_condition(want.condition, want.words)


def _of_wants(items: Sequence[Item], profile: TasteProfile, evidence: Evidence) -> list[str]:
    split, said, one = _split(items, profile, evidence), list[str](), len(items) == 1

    def phrases(wants: Sequence[Preference], holders: Sequence[Item]) -> list[str]:
        found = dict.fromkeys(merge_alternatives([_phrase(want, holders, evidence) for want in wants]))
        others = [set(other.split()) for other in (*said, *found)]
        fresh = [
            one for one in found if one not in said and not any(set(one.split()) < other for other in others)
        ]
        fresh = [one for one in fresh if not (is_told_by(label_of(one), sentences) or offers_topics(one))]
        said.extend(fresh[:MAX_SAID])
        return fresh[:MAX_SAID]

    sentences = list[str]()
    sure = all(
        evidence.is_plain(leaf.field)
        for want in (*split.of_all, *(want for _, wants in split.of_some for want in wants), *split.of_none)
        for leaf in leaves(want.condition)
    )
    if true := phrases(split.of_all, items):
        sentences.append(_of_all(true, len(items), evidence.item, sure))
    for places, wants in split.of_some:
        if part := phrases(wants, [items[at] for at in places]):
            closed = all(_is_closed(want, items, evidence) for want in wants)
            part = [as_kind(phrase, len(places), evidence.item) for phrase in part]
            sentences.append(
                f"{_by_place(places, len(items), closed)} {predicate(part, plural=len(places) > 1)}"
            )
    if lacking := phrases(split.of_none, items):
        none = f"none of them {predicate(lacking, ' or ', plural=False)}{', I am afraid' if sure else ''}"
        sentences.append(f"{WITHOUT} {predicate(lacking, ' or ', plural=False)}" if one else none)
    absent = find_absences(items, profile, evidence)
    out = [phrase for _, phrase in absent.denied][:MAX_SAID]
    sure = sure and all(evidence.is_plain(name) for name, _ in absent.denied)
    if out and not lacking:
        sentences.append(
            f"{WITHOUT} {predicate(out, ' or ', plural=False)}" if one else _without(out, evidence)
        )
    unnoted = [not_known(absent.unnoted[:MAX_SAID], len(items))] if absent.unnoted else []
    if not sentences:
        return unnoted
    if not sure and HEDGE not in sentences[0]:
        first = 1 if true and len(sentences) > 1 else 0  # what kind they are is known
        sentences[first] = f"{'' if sentences[first].startswith('I ') else HEDGE}{sentences[first]}"
    text = "; ".join(sentences)
    return [f"{text[0].upper()}{text[1:]}.", *unnoted]


def _of_all(phrases: Sequence[str], number: int, item: str, sure: bool) -> str:
    """What holds for all items: their kind first, where the phrases say it."""
    named = (label_of(phrase) for phrase in phrases)
    labels = [*dict.fromkeys(filter(None, named))] if item != NO_NAME else []
    rest = without_empty([phrase for phrase in phrases if not (labels and label_of(phrase))], labels)
    labels = [label for label in labels if not is_told_by(label, rest)]
    every = _all_of(number)
    if not labels:
        return f"{'' if sure else HEDGE}{every} {predicate(rest, plural=number > 1)}"
    head = kinds(number, labels, item)
    if not rest:
        return head
    if not sure:
        short = {1: "it", 2: "both"}.get(number, "all")
        return f"{head}; {HEDGE}{short} {predicate(rest, plural=number > 1)}"
    return f"{head}, {'' if number == 1 else 'both ' if number == 2 else 'all '}{behind(rest)}"


def _without(phrases: Sequence[str], evidence: Evidence) -> str:
    """What none of the items has of what was turned down."""
    labels = [label_of(phrase) for phrase in phrases]
    if all(labels) and evidence.item != NO_NAME:
        return f"no {either(labels)} {evidence.item}s among them"
    return f"none of them {predicate(phrases, ' or ', plural=False)}"


def _all_of(number: int) -> str:
    return ("this one", "both")[number - 1] if number < MIN_ALL else f"all {number_in_words(number)}"


def _by_place(places: Sequence[int], number: int, sure: bool) -> str:
    """Some items of a list by where they stand in it; ``sure`` where the others are known to differ.

    >>> _by_place([0, 1], 5, True), _by_place([0, 2, 4], 5, True), _by_place([1], 5, False)
    ('only the first two', 'the first, third and fifth', 'the second')
    >>> _by_place([0, 1, 3, 4], 5, True)
    'four of the five'
    """
    only = "only " if sure and 2 * len(places) < number else ""
    if len(places) > 1 and list(places) == list(range(len(places))):
        return f"{only}the first {number_in_words(len(places))}"
    if len(places) > MAX_PLACES or places[-1] >= len(ORDINALS):
        return f"{number_in_words(len(places))} of the {number_in_words(number)}"
    return f"{only}the {join_and([ORDINALS[at] for at in places])}"


def of_unknown(unknown: Sequence[str]) -> list[str]:
    """That properties asked for are not known, in a sentence; none where nothing was asked."""
    return [f"I don't know {either(unknown)}: this catalogue does not say."] if unknown else []


def without_opening(wish: str) -> str:
    """A wish without the words that it asks with, as it is told back.

    >>> without_opening("is there anything about chess"), without_opening("something")
    ('chess', 'something')
    """
    return _ASKS_WITH.sub("", wish) or wish


def _without_wants(profile: TasteProfile, catalog: Catalog) -> str:
    titles = dict.fromkeys(
        catalog[i].title for i in profile.request.like if i in catalog
    )  # some stand there twice
    like = list(titles)[-2:]
    wish = profile.wishes[-1] if profile.wishes else ""
    if like:
        return f"With {join_and(like)} in mind."
    said = profile.request.said[-1] if profile.request.said else wish
    # A scrap of what was said reads like mockery.
    whole = len(words(wish)) >= MIN_QUOTED_SHARE * len(words(said))
    if wish and whole and len(wish) <= MAX_QUOTED_CHARS and not judges(wish):
        return f"The nearest I found to “{shorten(without_opening(wish), MAX_QUOTED_CHARS)}”."
    if wish or profile.request.said:
        return DESCRIBED
    if profile.taste() and not profile.request.other_person:
        return BY_TASTE
    return START if PERCENTILE in catalog.schema else START_UNKNOWN
