"""Answers that need no model: about an item, about why it was shown, small talk, the lead-in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tastemaker.agent.events import Card
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.nlu.message_kind import MessageKind
from tastemaker.agent.nlu.rules.acts.item_questions import asks_what_we_do, asks_who_we_are
from tastemaker.agent.nlu.rules.acts.list_questions import read_list_question
from tastemaker.agent.nlu.rules.acts.people_asked import read_person_question
from tastemaker.agent.nlu.rules.acts.shared_questions import SERIES, asks_of_series
from tastemaker.agent.reply.citations import source_in_words
from tastemaker.agent.reply.field_answers import answer_about, tell_here
from tastemaker.agent.reply.lead_in import of_unknown
from tastemaker.agent.reply.list_answers import ListAnswers
from tastemaker.agent.reply.shared_traits import tell_common_traits
from tastemaker.agent.turn.state import TurnResources, kinds_of
from tastemaker.retrieval.text.joined import join_and

MAX_SOURCES = 3
NOT_HERE = "I do not have it. Tell me what you like about it, and I look for the nearest."
"""Said beside the note that a title which was asked for is not in the catalogue."""
SORRY = "I am sorry. Tell me what you feel like, or name something you liked, and I try again."
WHICH_TITLE = "Which title do you mean? I can tell you what this catalogue knows about it."

WHOM = "I am not sure whom you mean. Tell me the name, and I look for what else there is."

_WHY = re.compile(r"^\W*why\b", re.IGNORECASE)
_WHY_THESE = re.compile(r"^\W*why\b[^,.]*\b(?:this|that|these|those|them|it)\b|^\W*why\W*$", re.IGNORECASE)
_OF_LAST = re.compile(r"\b(?:it|they|them|these|those|each|all)\b", re.IGNORECASE)
_SHOWN = re.compile(r"\bwhat did you (show|recommend|suggest)\b", re.IGNORECASE)


def about(message: str, named: Sequence[str], last: Sequence[Card], resources: TurnResources) -> str:
    """Answer a question about items of the catalogue, from the catalogue and the last reply alone."""
    if _SHOWN.search(message) and last:
        return "I showed you " + join_and([card.title for card in last]) + "."
    tool_context, evidence = resources.tool_context, resources.reasons.evidence
    asked = [card for card in last if card.id in named] if named else last
    if len(asked) >= len(named) and asked and (question := read_list_question(message)):
        values, matcher = resources.rules.values_in, tool_context.facet_matcher
        return ListAnswers(tool_context.catalog, evidence, matcher, values).answer(question, asked)
    if not named and last and read_person_question(message):
        return WHOM
    if not named and last and (_WHY_THESE.search(message) or _OF_LAST.search(message)):
        named = [card.id for card in last]
    if not named:
        matcher = tool_context.facet_matcher
        unknown = [one.what for one in matcher.read(message, wishes=False).unknown] if matcher else []
        return " ".join(of_unknown(list(dict.fromkeys(unknown)))) or WHICH_TITLE
    cards = [card for card in last if card.id in named]
    if _WHY.search(message) and cards:
        return " ".join(f"{card.title}: {card.reason} I found it as {_places(card)}." for card in cards)
    items = [tool_context.catalog[item_id] for item_id in named]
    if len(items) == 1 and asks_of_series(message):
        return tell_common_traits(SERIES, items, tool_context.catalog, evidence)
    if resources.plain.kind(message) is MessageKind.HERE:
        return tell_here(message, items)
    return answer_about(message, items, tool_context.catalog, evidence, tool_context.facet_matcher)


def _places(card: Card) -> str:
    return join_and([source_in_words(source) for source in card.sources[:MAX_SOURCES]])


def small_talk(profile: TasteProfile) -> str:
    """A friendly line that leads back to the catalogue."""
    if profile.taken and not profile.wishes:
        return "Enjoy it! Come back whenever you like."
    if profile.taste() or profile.wishes:
        return "Gladly. Tell me what to change, or ask for more."
    return "Hello! Name something you liked, or say what you are in the mood for."


def accepted(title: str) -> str:
    """The words that end a search."""
    return f"A good choice: {title} it is. I have put it on your list; enjoy!"


def off_topic(resources: TurnResources) -> str:
    """What is said to a wish for something else than the catalogue has."""
    known = _count_items(resources)
    return f"I can't help with that: all I know are the {known} here. Tell me what you are in the mood for."


def _count_items(resources: TurnResources) -> str:
    """What the catalogue holds, with the number: "1,682 films"."""
    return f"{len(resources.tool_context.catalog):,} {kinds_of(resources.tool_context)}"


def about_us(message: str, resources: TurnResources) -> str:
    """Who we are and what can be asked."""
    things = _count_items(resources)
    if asks_who_we_are(message):
        return f"I am Tastemaker, a program that recommends from the {things} here."
    if not asks_what_we_do(message):
        return (
            "I am a program, so I have no life and no favourites of my own; what I know are the "
            f"{things} here. Tell me about yours: what did you like lately?"
        )
    return (
        f"Among the {things} here I look for those that suit you. Say what you are in the mood for, for whom it "
        "is, what it must or must not have, or name something you liked. You can also ask about what I show, ask "
        "me to compare, ask why, take a step back, and tell me which one you take."
    )
