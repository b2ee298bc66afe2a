"""A bare answer to the question that was asked last: "the first", "1995", "either", "yes, drop that".

Read by rules whatever model is at hand: the choices are known exactly, so a model could only get them wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.request import Preference
from tastemaker.agent.nlu.pending_question import PendingQuestion
from tastemaker.agent.nlu.tokenizer import STOPWORDS, fold, words
from tastemaker.agent.nlu.understanding import Sentiment
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.item_text import full_text, stated_attributes
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.filters.conditions import AllOf, Condition, Constraint, Op, all_of, describe
from tastemaker.retrieval.text.normalise import split_year
from tastemaker.retrieval.text.tokens import singular
from tastemaker.retrieval.titles.item_years import item_year

MAX_WORDS = 9
"""A longer message says more than an answer, and is read like any other."""

_POLITE = re.compile(
    r"^\W*(?:(?:oh|ah|well|um+|hm+|i (?:meant?|think|guess|would say|'d say)|"
    r"i(?:'d| would) (?:rather|prefer)(?: have)?|"
    r"rather|prefer(?:ably)?|let'?s (?:say|go with|take)|make it|it'?s|that would be|just)\b\W*)+|"
    r"\W*\b(?:please|thanks|thank you|i think|i guess|maybe|then|of (?:them|these|those))\W*$",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    r"^(?:the )?(?:(first|1st|former)|(second|2nd)|(third|3rd)|(fourth|4th)|(last|latter))"
    r"(?: (?:one|film|movie|book|item|title|option))?$|^(?:#|number |no\.? |option )([1-4])$|^([1-4])$"
)
_YES = re.compile(
    r"^(?:yes|yeah|yep|yup|sure|ok|okay|fine|alright|all right|please do|please|go ahead|do (?:it|that|so)|of course|"
    r"why not|y|(?:drop|remove|widen|relax|forget|lift) (?:it|that|this)(?: one| condition)?|"
    r"show (?:me )?(?:them|some)(?: again)?)$"
)
_NO = re.compile(
    r"^(?:no|nope|nah|n|never|no way|not (?:again|now|really|that)|don'?t|do not|keep (?:it|that|them)|leave it|"
    r"i'?d rather not|rather not|better not|don'?t (?:drop|widen|change|do) (?:it|that)|no need)$"
)
_NEITHER = re.compile(
    r"^(?:neither|none|not (?:any|either)|nothing|no(?:ne)? of (?:them|these|those)|another|a different)(?: one)?$"
)
_OF_THE_LIST = re.compile(r"^no(?:ne)? of (?:them|these|those)$")
"""Turns down the items shown, and not every one of a question's values."""
_NEAREST = re.compile(
    r"^(?:(?:ok(?:ay)?|fine|well|right|then|so|just|show me|give me)\W+)*(?:the |your |whatever(?:'?s|"
    r" is) (?:the )?|what(?:'?s| is) )?"
    r"(?:next best|nearest|closest)(?: (?:thing|ones?|match(?:es)?|films?|movies?|books?|"
    r"items?))?(?: (?:you have|there is|then))?$"
)
"""Takes what comes nearest instead of naming the condition that matters least."""
_BOTH = re.compile(r"^(?:both|all|all (?:of )?(?:them|these|those|three|four)|both (?:of )?(?:them|these))$")
_EITHER = re.compile(
    r"^(?:either|any|whichever|whatever|anything|either (?:one|is fine|way|works)|"
    r"any (?:one|of them|is fine)|no preference|"
    r"(?:i )?(?:don'?t|do not) (?:mind|care|know)|(?:it )?(?:doesn'?t|does not) matter|all the same|not sure|no idea|"
    r"surprise me|you (?:choose|decide|pick)|both are fine|up to you|skip(?: that| it)?)$"
)
_NEGATION = re.compile(r"\b(?:no|not|nothing|never|without|but|except|n't|don'?t)\b")
_NEWER = re.compile(
    r"^(?:the )?(?:newer|newest|latest|later|most recent|more recent|recent|new|remake)(?: one| film| movie| version)?$"
)
_OLDER = re.compile(
    r"^(?:the )?(?:older|oldest|earlier|earliest|original|old)(?: one| film| movie| version)?$"
)
_POINTING = re.compile(
    r"^(?:the )?(?:one|film|movie|book)?\s*(?:(?:with|by|from|of|about|starring|where)\s+)?", re.IGNORECASE
)


@dataclass(frozen=True)
class Answered:
    """What an answer means.

    Attributes:
        profile: after it.
        named: ids that the turn is about now.
        notes: what the person should know.
        title: whether it settled a title, so that what was wanted then is to be done now.
    """

    profile: TasteProfile
    named: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    title: bool = False


def read_answer(
    message: str, asking: PendingQuestion, profile: TasteProfile, catalog: Catalog
) -> Answered | None:
    """The meaning of a message as an answer to a question, or None where it is none."""
    if len(words(message)) > MAX_WORDS or (
        asking.kind == "taste" and _OF_THE_LIST.match(fold(message).strip(" .!"))
    ):
        return None
    readers: Mapping[str, Callable[[str, PendingQuestion, TasteProfile, Catalog], Answered | None]] = {
        "title": _title,
        "taste": _taste,
        "change": _change,
        "weakest": _weakest,
        "again": _again,
    }
    return readers[asking.kind](bare(message), asking, profile, catalog)


def bare(message: str) -> str:
    """An answer without what surrounds it.

    >>> bare("I'd prefer the second one, please!"), bare("Um, 1995 I think.")
    ('the second one', '1995')
    """
    text, before = " ".join(fold(message).split()), ""
    while text != before:
        before, text = text, _POLITE.sub("", text).strip(" \t.,;:!?\"'“”")
    return text


def place_of(answer: str, of: int) -> int | None:
    """Which of so many choices an answer numbers, from 0; None where it numbers none.

    >>> place_of("the second one", 2), place_of("the last", 3), place_of("4", 2)
    (1, 2, None)
    """
    match = _ORDINAL.match(answer)
    if not match:
        return None
    named = next(number for number, word in enumerate(match.groups()) if word)
    place = of - 1 if named == 4 else int(match[named + 1]) - 1 if named > 4 else named
    return place if place < of else None


def _title(answer: str, asking: PendingQuestion, profile: TasteProfile, catalog: Catalog) -> Answered | None:
    if _NEITHER.match(answer) or _NO.match(answer):
        return Answered(profile, asking.named, (f"Then I leave “{asking.mention}” out.",))
    if _BOTH.match(answer):
        return _apply_sentiment(asking.ids, asking, profile)
    if _EITHER.match(answer):
        note = f"I took “{asking.mention}” to be {catalog[asking.ids[0]].title}."
        return _apply_sentiment(asking.ids[:1], asking, profile, (note,))
    chosen = _choose(answer, asking.ids, catalog)
    return _apply_sentiment([chosen], asking, profile) if chosen is not None else None


def _choose(answer: str, ids: Sequence[str], catalog: Catalog) -> str | None:
    """The one of several items that an answer points at: by number, year, age, or something only it has."""
    place = place_of(answer, len(ids))
    if place is not None:
        return ids[place]
    years = {i: item_year(catalog[i], catalog) or split_year(catalog[i].title)[1] for i in ids}
    dated = sorted((year, item_id) for item_id, year in years.items() if year is not None)
    if dated and _NEWER.match(answer):
        return dated[-1][1]
    if dated and _OLDER.match(answer):
        return dated[0][1]
    if _NEGATION.search(answer):
        return None
    wanted = {w.norm for w in words(_POINTING.sub("", answer))} - STOPWORDS
    stated = stated_attributes(catalog.schema)
    fits = [i for i in ids if wanted and wanted <= {w.norm for w in words(full_text(catalog[i], stated))}]
    return fits[0] if len(fits) == 1 else None


def _apply_sentiment(
    ids: Sequence[str], asking: PendingQuestion, profile: TasteProfile, notes: tuple[str, ...] = ()
) -> Answered:
    edits: Mapping[Sentiment, Callable[[TasteProfile, str], TasteProfile]] = {
        Sentiment.LIKED: TasteProfile.with_like,
        Sentiment.DISLIKED: TasteProfile.with_dislike,
        Sentiment.SEEN: TasteProfile.with_seen,
    }
    for item_id in ids:
        profile = edits[asking.sentiment](profile, item_id) if asking.sentiment in edits else profile
    return Answered(profile, (*asking.named, *ids), notes, title=True)


def _taste(answer: str, asking: PendingQuestion, profile: TasteProfile, catalog: Catalog) -> Answered | None:
    choices, tags = asking.choices, catalog.schema[asking.field].kind is Kind.TAGS
    if _EITHER.match(answer) or _NO.match(answer) or _YES.match(answer):
        return Answered(profile)
    if _NEITHER.match(answer):
        return _with(profile, asking.field, Op.NONE_OF, choices)
    if _BOTH.match(answer):
        return _with(profile, asking.field, Op.ALL_OF if tags and len(choices) == 2 else Op.ANY_OF, choices)
    place = place_of(answer, len(choices))
    if place is not None:
        return _with(profile, asking.field, Op.IS, choices[place : place + 1])
    norms = {singular(w.norm) for w in words(answer)}
    by_choice = {choice: {singular(w.norm) for w in words(choice)} for choice in choices}
    taken = tuple(choice for choice, own in by_choice.items() if own <= norms)
    left = norms - STOPWORDS - set[str]().union(*(by_choice[choice] for choice in taken))
    if _NEGATION.search(answer) or not taken or left - {"something", "one"}:
        return None
    return _with(profile, asking.field, Op.IS if len(taken) == 1 else Op.ANY_OF, taken)


def _with(profile: TasteProfile, name: str, op: Op, values: Sequence[str]) -> Answered:
    value = values[0] if op is Op.IS else tuple(values)
    return Answered(profile.with_constraint(Constraint(field=name, op=op, value=value)))


def _change(answer: str, asking: PendingQuestion, profile: TasteProfile, catalog: Catalog) -> Answered | None:
    del catalog
    if _NEAREST.match(answer):
        return Answered(_softened(profile))
    parts = [bare(part) for part in re.split(r"[,.;!]\s*", answer) if part.strip()] or [answer]
    if all(_NO.match(part) for part in parts):
        return Answered(profile)
    if all(_YES.match(part) for part in parts):
        return Answered(_relax(profile, asking.conditions[0], asking.instead))
    return None


def _weakest(
    answer: str, asking: PendingQuestion, profile: TasteProfile, catalog: Catalog
) -> Answered | None:
    del catalog
    if _NEAREST.match(answer):
        return Answered(_softened(profile))
    place = place_of(answer, len(asking.conditions))
    if _NEGATION.search(answer):
        return None
    norms = {singular(w.norm) for w in words(_POINTING.sub("", answer))} - STOPWORDS
    fits = [
        condition
        for condition in asking.conditions
        if norms and norms <= {singular(w.norm) for w in words(describe(condition))}
    ]
    if place is not None:
        fits = [asking.conditions[place]]
    return Answered(_relax(profile, fits[0], None)) if len(fits) == 1 else None


def _again(answer: str, asking: PendingQuestion, profile: TasteProfile, catalog: Catalog) -> Answered | None:
    del asking, catalog
    if _NO.match(answer):
        return Answered(profile)
    shown = tuple(i for i in profile.shown if i in profile.rejected)
    return Answered(profile.model_copy(update={"shown": shown})) if _YES.match(answer) else None


def _softened(profile: TasteProfile) -> TasteProfile:
    """The profile with every condition a preference, so that what meets most of them comes first."""
    wanted = tuple(Preference(condition=one) for one in profile.constraints)
    request = profile.request.model_copy(update={"prefer": (*profile.request.prefer, *wanted)})
    return profile.model_copy(update={"constraints": (), "request": request})


def _relax(profile: TasteProfile, old: Condition, instead: Condition | None) -> TasteProfile:
    """The profile with one condition, or part of one, dropped or replaced."""
    kept = list[Condition]()
    for condition in profile.constraints:
        parts = condition.all_of if isinstance(condition, AllOf) else (condition,)
        left = [instead if describe(part) == describe(old) else part for part in parts]
        found = [part for part in left if part is not None]
        if found:
            kept.append(found[0] if len(found) == 1 else all_of(found))
    return profile.model_copy(update={"constraints": tuple(kept)})
