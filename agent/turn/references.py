"""What "this" and "that director" mean: the item that a message speaks of without naming it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.request import Preference, Request
from tastemaker.agent.nlu.rules.acts.list_parts import asks_of_rest, read_few, split_exception
from tastemaker.agent.nlu.rules.acts.list_questions import ListAsk, ListQuestion
from tastemaker.agent.nlu.rules.half_remembered import asks_which, describes_story
from tastemaker.agent.nlu.rules.stated_conditions import readers_of
from tastemaker.agent.nlu.understanding import Act, Intent, Mention, Sentiment, Understanding
from tastemaker.agent.turn.session_state import SessionState
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Provenance
from tastemaker.retrieval.filters.aggregates import What

EXTREMES = (What.HIGHEST, What.LOWEST)
_OF_THE_LIST = re.compile(
    r"\bof (?:these|those|them|the (?:list|five|four|three|two|ones? (?:above|shown)))\b|"
    r"^\W*(?:and |so |ok(?:ay)?,? )*which"
    r"(?: one| ones)?(?:['’]s| is| are| was| of|\W*$| (?:costs?|weighs?|takes?|lasts?|has|have)\b)",
    re.IGNORECASE,
)

_LIKE_IT = re.compile(
    r"\b(?:like|similar to|in the style of|along the lines of) (?:it|that one|that|this one|"
    r"this)\b(?! \w+ed\b)|"
    r"\b(?:in|along|of) (?:that|this|the same|a similar|those) (?:vein|spirit|style|mou?ld|lines|line|"
    r"kind|sort)\b|"
    r"\b(?:something|anything|one|others?|ones) (?:\w+ )?similar\b|^\W*(?:and )?similar\b|\b(?:more|"
    r"some) of the same\b|"
    r"\b(?:that|the) same (?:feel|feeling|mood|vibe|spirit)\b|"
    r"\b(?:dans le|du|de ce) m[êe]me (?:genre|style|esprit)\b|\b(?:dans (?:ce|le) (?:genre|style)|"
    r"comme [çc]a)\b|"
    r"\bin (?:der|dieser) (?:gleichen |selben )?art\b|\bso (?:etwas|was) [äa]hnliches\b|"
    r"\b(?:del|en el) mismo (?:estilo|g[ée]nero|tipo)\b|\ben (?:la misma|esa) l[íi]nea\b|\bparecid[oa]s?\b|"
    r"\b(?:nello|sullo|dello) stesso (?:genere|stile|tipo)\b",
    re.IGNORECASE,
)


def speaks_of_the_list(message: str) -> bool:
    """Whether a superlative is asked of the items shown: "which one is the cheapest?", "the lightest of these".

    >>> speaks_of_the_list("which one is the cheapest?"), speaks_of_the_list("which lamp is the cheapest?")
    (True, False)
    """
    return bool(_OF_THE_LIST.search(message))


def as_list_question(said: Understanding, question: ListQuestion, catalog: Catalog) -> Understanding:
    """What a message that asks something of the list shown says: nothing but a question, and what is known already.

    Extremes of what the catalogue itself states or counts ("the cheapest of these") are answered with the item.
    """
    extreme = question.ask in (ListAsk.MOST, ListAsk.LEAST)
    if said.act and not (said.act is Act.COMPARE and extreme):
        return said
    if any(mention.title and mention.sentiment is not Sentiment.SEEN for mention in said.mentions):
        return said
    if (
        said.asked
        and extreme
        and said.asked.aggregate.what in EXTREMES
        and _is_told(said.asked.aggregate.field, catalog)
    ):
        return said
    told = (one for one in said.mentions if one.sentiment in (Sentiment.SEEN, Sentiment.DISLIKED))
    return Understanding(intent=Intent.QUESTION, mentions=tuple(told))


def list_part(message: str, session: SessionState, profile: TasteProfile) -> tuple[str, ...]:
    """The part of the list that a question is asked of: of the rest, the first three; nothing for all of it."""
    shown = [card.id for card in session.last]
    if without := split_exception(message)[0]:
        left_out = [len(shown) + place if place < 0 else place - 1 for place in without]
        return tuple(item_id for at, item_id in enumerate(shown) if at not in left_out)
    if few := read_few(message):
        places = [len(shown) + place if place < 0 else place - 1 for place in few]
        return tuple(shown[place] for place in places if 0 <= place < len(shown))
    if not asks_of_rest(message):
        return ()
    known = {*profile.history, *profile.dislikes, *profile.rejected, *session.named}
    rest = tuple(item_id for item_id in shown if item_id not in known)
    return rest if len(rest) < len(shown) else ()


def _is_told(field: str | None, catalog: Catalog) -> bool:
    """Whether an attribute is stated or counted, and no impression."""
    return field is None or catalog.schema[field].provenance is not Provenance.INFERRED


def referenced_item(named: Sequence[str], session: SessionState, catalog: Catalog) -> Item | None:
    """What "this" means: the title named last in this message, else in the one before, else the first shown."""
    ids = [*reversed(named), *reversed(session.named), *(card.id for card in session.last)]
    return catalog[ids[0]] if ids else None


def meant_items(said: Understanding, session: SessionState) -> tuple[str, ...]:
    """What "it" and "that one" mean in a question and in taking an item: what was spoken of last, of what was shown.

    A list of one item needs no naming; of a longer one that nobody spoke of nothing is meant.
    """
    asks = said.intent is Intent.QUESTION and said.act is None and said.asked is None
    if (not asks and said.act is not Act.ACCEPT) or any(one.place is not None for one in said.mentions):
        return ()
    shown = [card.id for card in session.last]
    is_list = bool(session.messages and session.messages[-1].items)
    spoken_of = tuple(i for i in session.named if i in shown or not is_list)
    before = tuple(i for i in session.named if i not in session.profile.history)
    if not spoken_of and asks and is_list and len(shown) > 1 and len(before) == 1:
        return before  # "number two looks good", and a list like it: "how long is it?"
    if spoken_of or len(shown) == 1:
        return spoken_of or tuple(shown)
    return session.profile.taken[-1:] if said.act is None and not shown else ()


def with_like_it(said: Understanding, message: str, session: SessionState, catalog: Catalog) -> Understanding:
    """What a message says, "it" in "something like it" being the one item spoken of before."""
    alone = [card.id for card in session.last] if len(session.last) == 1 else []
    spoken_of = [*alone, *session.named]
    if said.mentions or not spoken_of or not _LIKE_IT.search(message):
        return said
    title = catalog[spoken_of[-1]].title
    mention = Mention(title=title, sentiment=Sentiment.LIKED)
    return said.model_copy(update={"mentions": (mention,), "intent": Intent.RECOMMEND})


_FOUND = re.compile(
    r"^\W*(?:(?:yes|yep|yeah|oh|ah|aha|wow|great|exactly|right|perfect|thanks?|thank you)\b\W*)*"
    r"(?:(?:that|this|it)(?:['’]?s| is| was) (?:it|the one|right|exactly it|exactly the one|that one)|found it|"
    r"you(?:['’]ve)? (?:got|found) it|bingo|(?<=\W)that)(?=\W*$|\s*[.!,;?]| (?:thanks?|and|so|now)\b)",
    re.IGNORECASE,
)


def end_recall(said: Understanding, state: SessionState, message: str) -> tuple[Understanding, TasteProfile]:
    """A message and the profile, "that's the one!" having ended the search for something half remembered.

    What was told of it was never wished for: what comes next is to be like the thing found.
    """
    wishes = state.profile.wishes
    recalls = wishes and (describes_story(wishes[-1]) or asks_which(wishes[-1]))
    if said.act or not (state.last and recalls and _FOUND.search(message)):
        return said, state.profile
    found = Mention(place=1, sentiment=Sentiment.LIKED)
    profile = state.profile.without_wishes().with_request(Request()).model_copy(update={"constraints": ()})
    mentions = said.mentions or (found,)
    return said.model_copy(update={"mentions": mentions, "intent": Intent.RECOMMEND}), profile


def without_comparison(said: Understanding, catalog: Catalog) -> Understanding:
    """What a message says where there is nothing to compare with: "older" is old then, as a preference."""
    eras = readers_of(catalog).eras
    wanted = [one for one in said.relative if one.field == eras.field and one.more is not None]
    prefer = [Preference(condition=eras.since(bool(one.more))) for one in wanted]
    left = tuple(one for one in said.relative if one not in wanted)
    return said.model_copy(update={"relative": left, "prefer": (*said.prefer, *prefer)})


def comparison_items(named: Sequence[str], session: SessionState, catalog: Catalog) -> list[Item]:
    """What "newer" and "that director" compare with: titles in this message, or the one before; else the last list."""
    last = [card.id for card in session.last]
    before = [i for i in session.named if i not in named]
    return [catalog[i] for i in named or before[-1:] or last]
