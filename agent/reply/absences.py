"""What was turned down and is not in a list: what can be denied of it, and what can only be said not to be known.

That a thing is not noted of an item is no proof that it is not there. It is denied where the items' other values rule
it out, and otherwise said to be unknown; where they speak for it, nothing is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.reply.evidence import Evidence, excluded_of, holds, refused_of
from tastemaker.retrieval.catalog.catalog import Item
from tastemaker.retrieval.filters.conditions import Constraint
from tastemaker.retrieval.text.joined import either, predicate

ARTICLES = ("a ", "an ", "the ")


@dataclass(frozen=True)
class Absences:
    """What no item of a list has.

    Attributes:
        denied: attributes and phrases of what none has.
        unnoted: phrases of what is not known of any.
    """

    denied: tuple[tuple[str, str], ...] = ()
    unnoted: tuple[str, ...] = ()


def find_absences(items: Sequence[Item], profile: TasteProfile, evidence: Evidence) -> Absences:
    """What a person turned down and no item of a list has, hard conditions first."""
    denied, unnoted = dict[str, str](), list[str]()
    hard = excluded_of(profile)
    for one in (*hard, *refused_of(profile)):
        phrase = evidence.phrases.of_excluded(one)
        if not phrase or phrase in denied or phrase in unnoted:
            continue
        if evidence.doubts.is_listed_in_part(one.field):
            if all(evidence.doubts.is_proven(item, one) for item in items):
                denied[phrase] = one.field
            elif all(evidence.shows(item, one) for item in items):
                unnoted.append(phrase)
        elif one in hard or _is_lacked(items, one, evidence):
            denied[phrase] = one.field
    return Absences(tuple((field, phrase) for phrase, field in denied.items()), tuple(unnoted))


def _is_lacked(items: Sequence[Item], refused: Constraint, evidence: Evidence) -> bool:
    """Whether no item has what a wish turns down; of impressions, which are matters of degree, that is not said."""
    return (
        refused.field not in evidence.impressions
        and evidence.can_deny(refused)
        and all(holds(item, refused) and refused.field in item.attributes for item in items)
    )


def not_known(phrases: Sequence[str], number: int, items: str = "") -> str:
    """That nothing is known of some things in so many items, in a sentence; ``items`` are their names.

    >>> not_known(["with strong language", "with the death of an animal"], 5), not_known(["set in a prison"], 1)
    ('I know of no strong language or death of an animal in them.', 'I do not know it to be set in a prison.')
    """
    them = items or ("it" if number == 1 else "them")
    things = [phrase.removeprefix("with ") for phrase in phrases if phrase.startswith("with ")]
    other = [phrase for phrase in phrases if not phrase.startswith("with ")]
    sentences = []
    if things:
        sentences.append(f"I know of no {either([_without_article(one) for one in things])} in {them}.")
    if other:
        said = predicate(other, " or ", plural=number > 1).partition(" ")[2]
        sentences.append(f"I do not know {'it' if number == 1 else 'any of them'} to be {said}.")
    return " ".join(sentences)


def _without_article(thing: str) -> str:
    return next((thing.removeprefix(article) for article in ARTICLES if thing.startswith(article)), thing)
