"""The calls that always pay, worked out from the profile alone: how every turn begins."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.nlu.rules.half_remembered import asks_which, describes_story
from tastemaker.agent.nlu.tokenizer import STOPWORDS, words
from tastemaker.agent.shortlist.named_candidates import named_candidates
from tastemaker.retrieval.filters.conditions import leaves
from tastemaker.retrieval.filters.constraints import NEGATIVE
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.converse import converse
from tastemaker.tools.dialogue_context import DialogueContext
from tastemaker.tools.filter import filter_items
from tastemaker.tools.rank import rank
from tastemaker.tools.retrieve import retrieve
from tastemaker.tools.similar import similar
from tastemaker.tools.suit import Wanted, suit
from tastemaker.tools.tool_context import ToolContext

EARLIER = 0.6
"""What a text weighs beside the one said after it."""
TOGETHER = 0.5
"""What the messages as they were said, one after the other, weigh as a text: scraps of the last one ("less art") say
too little. On 242 later messages of talks that nothing was learned from, precision@5 is .362 without, .381 at .5, .386
at 1, .373 at 2.4; on the 30 of the development requests .573, .553 at .5, .547 at 1 (LOG.md, "All that was said")."""
ABOUT = 0.6
"""The same of what was read as a topic and is in no text."""
MAX_SIMILAR = 2
"""Titles named in the message that get a look-around of their own."""


def opening_calls(
    tool_context: ToolContext, profile: TasteProfile, named: Sequence[str], utterances: Sequence[str] = ()
) -> Iterator[Callable[[], Candidates]]:
    """Rank for the history, search for the wishes, look around titles just liked; else the popular.

    Where logged conversations were learned from, they rank first: by all that was said (``utterances``,
    the latest last) and named.
    """
    where, hide = profile.constraints, tuple(sorted(profile.hidden_ids()))
    taste = profile.taste()
    if tool_context.conversation and (taste or utterances):
        spoken = DialogueContext(
            tuple(utterances), tuple(dict.fromkeys((*taste, *profile.dislikes))), profile.dislikes
        )
        yield lambda: converse(tool_context, spoken, where, hide)
    request = profile.request
    if taste and not request.other_person:
        yield lambda: rank(tool_context, taste, None, where, hide)
    if request.candidates:
        yield lambda: named_candidates(tool_context, request.candidates, where, hide)
    whole = tool_context.facets or tool_context.judgements  # what a request as a whole can be ranked by
    asked = bool(request.prefer or request.queries or request.like or request.critiques)
    # Of "a comedy please" the label tells all; what says nothing to patterns judged requests may know.
    asked = asked or bool(tool_context.judgements and request.said and not where)
    if whole and (asked or profile.wishes):
        yield lambda: suit(tool_context, wanted_by(profile, tool_context.topic), where, hide)
    elif profile.wishes:
        text = ". ".join(telling(query_text) for query_text in reversed(profile.wishes))
        yield lambda: retrieve(tool_context, text, where, hide)
    for item_id in [i for i in named if i in profile.likes][-MAX_SIMILAR:]:
        yield lambda item_id=item_id: similar(tool_context, item_id, where, hide)  # type: ignore[misc]
    if not (taste or profile.wishes or (whole and asked) or request.candidates or request.like):
        yield lambda: filter_items(tool_context, where, hide)


def wanted_by(profile: TasteProfile, topic: str = "") -> Wanted:
    """What a profile's request measures items by: the latest words weigh most.

    Args:
        profile: of the person.
        topic: the attribute that holds what things are about, "" for none. What was read as one of its values is
            a text as well: where nothing new has the label, what is nearest to it comes next, and not what is popular.
    """
    request = profile.request
    texts = list(reversed(request.queries or profile.wishes))
    said = " ".join(texts).casefold()
    about = [
        one.words
        for one in reversed(request.prefer)
        if one.weight > 0
        and topic in one.fields
        and not any(leaf.op in NEGATIVE for leaf in leaves(one.condition))
        and one.words
        and one.words.casefold() not in said
    ]
    weighted = [(telling(text) or text, EARLIER**place) for place, text in enumerate(texts)]
    whole = "; ".join(request.said)
    if len(request.said) > 1:
        weighted.append((whole, TOGETHER))
    return Wanted(
        said=whole,
        subject=subject_of(texts[0]) if texts else "",
        texts=[*weighted, *((words, ABOUT if weighted else 1.0) for words in dict.fromkeys(about))],
        prefer=[(preference.condition, preference.weight) for preference in request.prefer],
        like=request.like,
        avoid=request.avoid,
        steps=[
            (step.field or step.word, bool(step.field), step.more, step.than) for step in request.critiques
        ],
        described=bool(texts) and not request.queries and (describes_story(texts[0]) or asks_which(texts[0])),
    )


_SUBJECT = re.compile(r"\b(?:about|where|in which)\s+(\w.+)", re.IGNORECASE)


def subject_of(query_text: str) -> str:
    """What a wish says that the thing is about, where it says more: all of its words together are near to anything.

    >>> subject_of("slow film about getting old"), subject_of("about getting old")
    ('getting old', '')
    """
    match = _SUBJECT.search(query_text)
    return match[1] if match and telling(query_text[: match.start()]) else ""


def telling(query_text: str) -> str:
    """A wish without the little words it opens with, which only draw in titles that contain them.

    >>> telling("something tense"), telling("the one where jurors argue about one verdict")
    ('tense', 'jurors argue about one verdict')
    """
    start = next((word.start for word in words(query_text) if word.norm not in STOPWORDS), 0)
    return query_text[start:]


def time_call(call: Callable[[], Candidates], round_: int) -> Candidates:
    """Make a call; its result carries the round and the seconds it took."""
    started = time.perf_counter()
    candidates = call()
    return replace(candidates, round=round_, seconds=round(time.perf_counter() - started, 5))
