"""What to say when nothing fits: that, what comes nearest and what it lacks, and the change that would free most."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.nlu.pending_question import PendingQuestion
from tastemaker.agent.reply.evidence import Evidence
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.filters.condition_words import condition_in_words, provenance_of
from tastemaker.retrieval.filters.conditions import AllOf, Condition, Constraint, Op, describe, leaves
from tastemaker.retrieval.filters.constraints import NEGATIVE, mask, satisfies
from tastemaker.retrieval.filters.relaxations import Relaxation, relaxations
from tastemaker.retrieval.text.joined import either, join_and, joined, predicate

SHOW_AGAIN = "Shall I show some of them again?"
WHICH_MATTERS_LEAST = "Which of these conditions matters least to you?"
_FOOD = re.compile(r"ingredient|allerg|contain|additive", re.IGNORECASE)
"""Attributes that tell what is in something to eat."""
MAX_NEAREST = 3
"""Items that are named where none fits."""


@dataclass(frozen=True)
class Nothing:
    """The reply where nothing fits.

    Attributes:
        message: what is said.
        offer: the question to ask, if any.
        told: what message and question speak of besides the person's own conditions.
    """

    message: str
    offer: PendingQuestion | None = None
    told: tuple[str, ...] = ()


def nothing_fits(
    evidence: Evidence, profile: TasteProfile, asked: Collection[str], nearest: Sequence[Item], kind: str
) -> Nothing:
    """Say that nothing fits.

    No offer is made that was made before.

    Args:
        evidence: of the catalogue, for words.
        profile: whose conditions nothing meets.
        asked: keys of offers made before.
        nearest: items that meet all conditions but one, the best first; none is shown as fitting.
        kind: what an item is called.
    """
    catalog = evidence.catalog
    fitting = int(mask(catalog, profile.constraints).sum())
    found = (
        []
        if fitting
        else [one for one in relaxations(catalog, profile.constraints) if not _is_for_health(one)]
    )
    offers = _offers(profile, found, bool(fitting), evidence, kind)
    asking = next((one for one in offers if one.key not in asked), None)
    if fitting:
        rest = _that(profile.constraints, evidence)
        again = _shown_before(profile, catalog)
        named = f": {join_and(again)}" if again else ""
        return Nothing(
            f"You have already had or been shown every {kind} here{rest}{named}.", asking, (rest, *again)
        )
    near = tuple(nearest[:MAX_NEAREST])
    schema = evidence.catalog.schema
    guessed = any("inferred" in provenance_of(one, schema) for one in profile.constraints)
    opening = "As far as I can tell, no" if guessed else "No"
    message = f"{opening} {kind} here {_plainly(profile.constraints, evidence)}: nothing fits."
    if near and asking:  # said once, with the offer that would bring them
        told = [f"{item.title}{_lack(item, profile.constraints, evidence)}" for item in near]
        asking = asking.model_copy(update={"text": f"Nearest: {'; '.join(told)}. {asking.text}"})
    relaxed = tuple(describe(one.relaxed) for one in found if one.relaxed is not None)
    note_for = (message, *relaxed, *(item.title for item in near), asking.text if asking else "")
    return Nothing(message, asking, note_for)


def _shown_before(profile: TasteProfile, catalog: Catalog) -> list[str]:
    """Titles of what was shown and meets all conditions, the latest first: who narrows a list may mean one of them."""
    shown = [i for i in reversed(profile.shown) if i in catalog and i not in profile.dislikes]
    fits = mask(catalog, profile.constraints)
    return list(dict.fromkeys(catalog[i].title for i in shown if fits[catalog.row(i)]))[:MAX_NEAREST]


def _is_for_health(offered: Relaxation) -> bool:
    """Whether what would be given up keeps something out of the person's food: an allergy is not bargained over."""
    return any(leaf.op in NEGATIVE and _FOOD.search(leaf.field) for leaf in leaves(offered.constraint))


def _plainly(conditions: Sequence[Condition], evidence: Evidence) -> str:
    """Conditions as what an item is or has: "is from India and has a girl in the lead, but is not scary"."""
    wanted = list(dict.fromkeys(filter(None, (_wanted(one, evidence) for one in conditions))))
    barred = [one for one in (_barred(each, evidence) for each in conditions) if one]
    without = f"is anything but {joined(barred, ' or ').removeprefix('with ')}" if barred else ""
    if wanted and barred:
        return f"{predicate(wanted, plural=False)}, but not {joined(barred, ' or ')}"
    return predicate(wanted, plural=False) if wanted else without


def _that(conditions: Sequence[Condition], evidence: Evidence) -> str:
    return f" that {_plainly(conditions, evidence)}" if conditions else ""


def _wanted(condition: Condition, evidence: Evidence) -> str:
    if isinstance(condition, Constraint) and condition.op in NEGATIVE:
        return ""
    return evidence.phrases.of_condition(condition) or f"with {_formal(condition, evidence)}"


def _barred(condition: Condition, evidence: Evidence) -> str:
    if isinstance(condition, Constraint) and condition.op in NEGATIVE:
        return evidence.phrases.of_excluded(condition) or _formal(condition, evidence)
    return ""


def _formal(condition: Condition, evidence: Evidence) -> str:
    return condition_in_words(condition, evidence.catalog.schema)


def _lack(item: Item, conditions: Sequence[Condition], evidence: Evidence) -> str:
    """What an item lacks of what was asked for, or has that was ruled out, to stand behind its title."""
    parts = [part for one in conditions for part in (one.all_of if isinstance(one, AllOf) else (one,))]
    broken = [one for one in parts if not satisfies(item, one)]
    missing = [said.removeprefix("with ") for one in broken if (said := _wanted(one, evidence))]
    barred = [said for one in broken if (said := _barred(one, evidence))]
    if any(leaf.field not in item.attributes for one in broken for leaf in leaves(one)):
        return f", though nothing tells whether it {predicate([*missing, *barred], ' or ', plural=False)}"
    told = [f"but not {either(missing)}"] if missing else []
    return f", {', '.join([*told, *([f'but {join_and(barred)}'] if barred else [])])}"


def _offers(
    profile: TasteProfile, found: list[Relaxation], fitting: bool, evidence: Evidence, kind: str
) -> Iterator[PendingQuestion]:
    """What could be offered, the best first."""
    if fitting:
        yield PendingQuestion(kind="again", text=SHOW_AGAIN)
    for one in found:
        text = _offer(one, evidence, kind)
        yield PendingQuestion(kind="change", text=text, conditions=(one.constraint,), instead=one.relaxed)
    if not fitting and not found:
        yield PendingQuestion(kind="weakest", text=WHICH_MATTERS_LEAST, conditions=profile.constraints)


def _offer(relaxation: Relaxation, evidence: Evidence, kind: str) -> str:
    """The change and what it frees, as a question."""
    was, number = relaxation.constraint, f"{relaxation.freed:,} {kind}{'s' * (relaxation.freed != 1)}"
    if relaxation.relaxed is not None:
        said = _wanted(relaxation.relaxed, evidence)
        if said and not (isinstance(was, Constraint) and was.op is Op.ALL_OF):
            return f"{number} would fit if {said} will do. Shall I widen it?"
        return f"With {_formal(relaxation.relaxed, evidence)}, {number} would fit. Shall I widen it?"
    if barred := _barred(was, evidence):
        return f"{number} would fit if {barred} is fine after all. Shall I drop that?"
    return f"{number} would fit if it need not be {_wanted(was, evidence)}. Shall I drop that?"
