"""A message with what only the conversation tells put in: "and the third?", "what else was he in?", "the emma one"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.request import Scope
from tastemaker.agent.nlu.rules.acts.follow_ups import (
    asks,
    name_item,
    read_next,
    read_next_extreme,
    replace_item,
    without_opening,
)
from tastemaker.agent.nlu.rules.acts.foreign_list_talk import put_in_english
from tastemaker.agent.nlu.rules.acts.list_names import name_places, name_titles
from tastemaker.agent.nlu.rules.acts.list_questions import read_list_question
from tastemaker.agent.nlu.rules.acts.people_asked import (
    MAKERS,
    PersonAsked,
    find_people_fields,
    read_person_question,
)
from tastemaker.agent.nlu.rules.acts.pronouns import whom_of
from tastemaker.agent.nlu.rules.acts.short_forms import write_out
from tastemaker.agent.nlu.rules.ordinals import read_places
from tastemaker.agent.reply.list_answers import ListAnswers
from tastemaker.agent.turn.session_state import SessionState
from tastemaker.agent.turn.state import TurnResources
from tastemaker.retrieval.catalog.catalog import Item, as_tags
from tastemaker.retrieval.filters.conditions import Constraint, Op, leaves, values_of
from tastemaker.retrieval.filters.constraints import mask

MIN_NEW = 2
SEARCHED = 20_000
"""Items of a catalogue that are gone through for one called by a word of its title."""
_EXTREME_TAKEN = re.compile(
    r"^\W*(?:(?:ok|okay|right|great|good|then|so|fine|well|thanks|yes|perfect|i think|i guess|i suppose)\W+)*"
    r"(?:(?:i|we)(?:['’]ll| will| would|['’]d)? (?:just )?(?:take|have|go (?:for|with)|watch|see|try)|"
    r"let['’]?s (?:take|go (?:for|with)|watch|see|try|have)|"
    r"(?:take|make it|going (?:for|with)|gonna (?:watch|see|take)))?\s*"
    r"(?P<what>the (?:\w{3,}est|best|(?:most|least) \w+|(?:one|film|movie) with the (?:best|most|least|"
    r"highest|fewest) \w+|(?:best|highest)[ -]rated)"
    r"(?: (?:one|film|movie))?)"
    r"(?=\W*$|[\s,]+(?:then|please|thanks|thank you|it is|tonight)\b|[.!]\s)",
    re.IGNORECASE,
)
"""Items not shown yet, below which somebody's other works are looked for in all of the catalogue."""
_SEEN = re.compile(r"\b(?:seen|saw|know|watched)\b", re.IGNORECASE)
_HAS = re.compile(r"^(?:has|have|got)\s+(?:got )?", re.IGNORECASE)
_IS = re.compile(r"^(?:is|are|was|were)\s+", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(him|her|he|she)\b(?! (?:last|second|first)\b)", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?;\n])\s+")


@dataclass(frozen=True)
class Meant:
    """What a message means in its conversation.

    Attributes:
        message: the message in full.
        scope: what it does to the request; None where its words say.
        unclear: whether it asks of somebody whom nobody named.
    """

    message: str
    scope: Scope | None = None
    unclear: bool = False


def name_items(message: str, session: SessionState, resources: TurnResources) -> str:
    """A message in which the places of the list stand in English, and items called by a name have their place."""
    catalog = resources.tool_context.catalog
    if not session.last:
        return message
    message = _name_extreme(write_out(message), session, resources)
    message = name_places(
        put_in_english(message), [catalog[card.id] for card in session.last if card.id in catalog]
    )
    if _SEEN.search(message):  # of what was shown before this list
        message = name_titles(
            message, [catalog[item_id] for item_id in session.profile.shown if item_id in catalog]
        )
    if _SEEN.search(message) and len(catalog) <= SEARCHED:
        message = name_titles(message, list(catalog), titles_only=True)
    return message


def _name_extreme(message: str, session: SessionState, resources: TurnResources) -> str:
    """A message that takes "the shortest one" with the title of it, where one item of the list is that."""
    taken = _EXTREME_TAKEN.match(message)
    question = read_list_question(f"which is {taken['what']}?") if taken else None
    if not taken or question is None:
        return message
    context, evidence = resources.tool_context, resources.reasons.evidence
    answers = ListAnswers(context.catalog, evidence, context.facet_matcher, resources.rules.values_in)
    told = answers.answer(question, session.last).split(";")[0]
    items = [card.title for card in session.last if card.title in told]
    return (
        f"{message[: taken.start('what')]}{items[0]}{message[taken.end('what') :]}"
        if len(items) == 1
        else message
    )


def complete_message(message: str, session: SessionState, resources: TurnResources) -> Meant:
    """A message in full; as it is where it speaks for itself."""
    if not session.last:
        return Meant(message)
    message = without_opening(name_item(_go_on(message, session, resources)))
    return _name_person(message, session, resources)


def _go_on(message: str, session: SessionState, resources: TurnResources) -> str:
    """The question before asked of another item, where a message says no more than which: "and the third?"."""
    said, most = read_next(message), read_next_extreme(message)
    if not (said or most):
        return message
    before = _question_before(session)
    if most and (
        message.lstrip(" .").casefold().startswith("the") or (before and read_list_question(before))
    ):
        return f"which is {most}?"
    if of_person := before and read_list_question(before) and _name_in(said, resources):
        return f"are any of them with {of_person}?"
    thing = said if said and (list(read_places(said)) or resources.rules.names_title(said)) else ""
    if not before or not thing:
        return message
    if of_list := read_list_question(before):
        asked = _HAS.sub("have ", _IS.sub("", of_list.about))
        return f"{'does' if _HAS.match(of_list.about) else 'is'} {thing} {asked}?"
    plain = resources.rules.without_titles(before)
    if plain != before:  # asked of a title: the place of it is the place of the next
        start = next(at for at, (one, other) in enumerate(zip(plain, before, strict=True)) if one != other)
        end = len(before) - next(
            at
            for at, (one, other) in enumerate(zip(reversed(plain), reversed(before), strict=True))
            if one != other
        )
        return f"{before[:start]}{thing}{before[end:]}"
    return replace_item(before, thing) or message


def _name_in(phrase: str, resources: TurnResources) -> str:
    """The name that a phrase consists of; "" for other phrases."""
    for condition, start, end in resources.rules.values_in(phrase):
        if _is_name(condition, resources) and not phrase[:start].strip() and not phrase[end:].strip(" ?!."):
            return str(values_of(condition)[0])
    return ""


def _question_before(session: SessionState) -> str:
    """The question that the last replies answered without a list, the one that goes on being asked; "" for none."""
    pairs = list(zip(session.messages[-2::-2], session.messages[::-2], strict=False))
    for asked, answered in pairs:
        if asked.role != "user" or answered.items:
            return ""
        text = name_item(put_in_english(asked.text))
        if not (read_next(text) or read_next_extreme(text)):
            return text if asks(text) else ""
    return ""


def _name_person(message: str, session: SessionState, resources: TurnResources) -> Meant:
    """What asks after somebody's other works, as a wish for them."""
    people = [one for one in resources.rules.values_in(message) if _is_name(one[0], resources)]
    spans = list(dict.fromkeys((start, end) for _, start, end in people))
    of_list = bool(session.last) and read_list_question(message) is not None
    asked = None if of_list else read_person_question(message, spans)
    if asked is None:
        return Meant(_name_pronoun(message, session, resources) if not spans else message)
    if spans:
        field, name = people[-1][0].field, str(values_of(people[-1][0])[0])
    else:
        field, name = _whom(asked, session, resources)
    if not name:
        unclear = bool(session.last) and asked.who in ("he", "she") and asks(_SENTENCE.split(message)[-1])
        return Meant(message, unclear=unclear)
    field = _as_what(asked, field, name, resources)
    kept = " ".join(part for part in _SENTENCE.split(message)[:-1] if _SEEN.search(part))
    kind = resources.reasons.evidence.item
    by = "by" if field in MAKERS else "with"
    if asked.best:
        return Meant(f"the best rated {kind} {by} {name}")
    wish = f"{kept} {f'what about {kind}s' if spans else 'something else'} {by} {name} {asked.rest}".strip()
    return Meant(f"{wish}?" if not wish.endswith("?") else wish, _scope(field, name, session, resources))


def _name_pronoun(message: str, session: SessionState, resources: TurnResources) -> str:
    """A question on the list with the name for "him": "which aren't with him?"."""
    pronoun = _PRONOUN.search(message)
    if not (pronoun and session.last and read_list_question(message)):
        return message
    who = "she" if pronoun[1].casefold() in ("she", "her") else "he"
    _, name = _whom(PersonAsked(who), session, resources)
    return f"{message[: pronoun.start()]}{name}{message[pronoun.end() :]}" if name else message


def _is_name(condition: Constraint, resources: TurnResources) -> bool:
    return condition.field in find_people_fields(resources.tool_context.catalog)


def _as_what(asked: PersonAsked, field: str, name: str, resources: TurnResources) -> str:
    """The attribute that somebody's works are looked for by: made by them, or with them in the cast."""
    catalog = resources.tool_context.catalog
    held = [one for one in find_people_fields(catalog) if name.casefold() in catalog.postings(one)]
    makers = [one for one in held if one in MAKERS]
    if asked.makes and makers:
        return makers[0]
    return field if field in held else (held or [field])[0]


def _scope(field: str, name: str, session: SessionState, resources: TurnResources) -> Scope:
    """Whether the works are looked for within what was asked for, or where too few are left in all of the catalogue."""
    catalog = resources.tool_context.catalog
    own = Constraint(field=field, op=Op.IS, value=name)
    within: TasteProfile = session.profile.with_constraint(own)
    fits = mask(catalog, list(within.constraints))
    fits[catalog.rows(item_id for item_id in session.profile.shown if item_id in catalog)] = False
    return Scope.REFINE if fits.sum() >= MIN_NEW else Scope.REPLACE


def _whom(asked: PersonAsked, session: SessionState, resources: TurnResources) -> tuple[str, str]:
    """Whom "he" means: of those named in the last answer, by the person, of the item spoken of, or asked for."""
    catalog = resources.tool_context.catalog
    for names in _spoken_of(asked, session, resources):
        alone = next(iter({name for _, name in names})) if len({name for _, name in names}) == 1 else ""
        if whom := alone or whom_of([name for _, name in names], asked.who):
            return next((field, name) for field, name in names if name == whom)
    people = set(find_people_fields(catalog))
    stated = [leaf for one in session.profile.constraints for leaf in leaves(one) if leaf.field in people]
    names = [(leaf.field, str(value)) for leaf in stated for value in values_of(leaf)]
    whom = whom_of([name for _, name in names], asked.who)
    return next(((field, name) for field, name in names if name == whom), ("", ""))


def _spoken_of(
    asked: PersonAsked, session: SessionState, resources: TurnResources
) -> Iterator[Sequence[tuple[str, str]]]:
    last = [message for message in session.messages[-2:] if not message.items]
    for message in reversed(last):
        told = resources.rules.values_in(resources.rules.without_titles(message.text))
        found = [one for one in told if _is_name(one[0], resources)]
        yield [(one.field, str(values_of(one)[0])) for one, _, _ in found]
    catalog = resources.tool_context.catalog
    alone = [card.id for card in session.last] if len(session.last) == 1 else []
    for item_id in (*reversed(session.named), *alone):
        if item_id in catalog:
            yield _people_of(catalog[item_id], asked, resources)


def _people_of(item: Item, asked: PersonAsked, resources: TurnResources) -> list[tuple[str, str]]:
    names = find_people_fields(resources.tool_context.catalog)
    first = [name for name in names if (name in MAKERS) == asked.makes]
    return [
        (name, value)
        for name in (*first, *(one for one in names if one not in first))
        for value in as_tags(item.attributes.get(name))
    ]
