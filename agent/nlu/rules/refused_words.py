"""Things that a message turns down by words which are no value of the catalogue: "no soups", "without eggs".

A value that is turned down becomes a condition. What remains is looked up in titles and texts, where a thing that
is named is left out of the lists (:mod:`tastemaker.agent.turn.left_out`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from tastemaker.agent.nlu.rules.acts.intent import read_intent
from tastemaker.agent.nlu.rules.free_text_query import FILLER
from tastemaker.agent.nlu.tokenizer import STOPWORDS, clause_starts, words
from tastemaker.agent.nlu.understanding import Intent

MAX_WORDS = 3
"""What is turned down in more words is a story, and no thing."""
_REFUSES = re.compile(
    r"\b(?:no|not|without|nothing with|except|excluding|minus|avoid|skip|hates?|dislikes?|"
    r"allerg(?:ic|y|ies) to|intoleran(?:t|ce) (?:to|of)|can't (?:stand|eat|have)|cannot (?:stand|eat|have)|"
    r"(?:don't|do not) (?:want|like|eat|show me|give me|need)|anything but|leave out|hold the|"
    r"kein\w*|ohne|sans|senza)\s+(?:any |a |an |the |more |those |these |with |to (?:see|eat|have) |of )*",
    re.IGNORECASE,
)
_NO_THING = re.compile(
    r"\s*(?:to|counting|old|new|famous|too|so|very|really|more|less|over|under|above|below|before|after|older|newer|longer|shorter|cheaper|"
    r"sure|only|just|necessarily|yet|bad|that|this|those|it|them|idea|problem|matter|preference|rush|hurry|"
    r"limit|clue|worries|need|longer|way|doubt|one|wait|thanks?|thank|i|but|such|much|many|particularly|"
    r"(?:in|from|by|at|on|for)\b)\b",
    re.IGNORECASE,
)
"""What follows a negation that turns down no thing: "not too long", "no idea", "not before 2015"."""
_OF_SOMEBODY = re.compile(
    r"\b(?:(?:i|we|she|he|they)(?:'m|'s|'re| am| is| are| was| were)|im|shes|hes|were|theyre)\s*$",
    re.IGNORECASE,
)
"""Before "not", where it says what a person is not: "she's not a child", "I'm not 100"."""
_NEXT = re.compile(
    r"\s*(?:,|/|\bor\b|\bnor\b|\band\b(?!\s+(?:i|a|an|the|some|give|show)\b))\s*(?:no |any |an? |the )?",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:please|thanks|for|in|with|from|that|which|who|if|because|this|today|tonight|at|by)\b.*",
    re.IGNORECASE,
)

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


def asking_sentences(message: str, titles: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where the sentences of a question stand that ask: what they deny is no refusal ("is it no horror?").

    >>> asking_sentences("No eggs. Who is in Heat?", [(19, 23)])
    [(8, 24)]
    """
    return [
        sentence.span()
        for sentence in _SENTENCE.finditer(message)
        if "?" in sentence[0]
        or any(sentence.start() <= start < sentence.end() for start, _ in titles)
        or read_intent(sentence[0], ()) is Intent.QUESTION
    ]


def read_refused_words(text: str, labels: Collection[str]) -> tuple[str, ...]:
    """What a message turns down in one to three words of its own.

    Args:
        text: the message; titles, conditions and the like blanked out.
        labels: normal forms of the words that conditions stand for.

    >>> read_refused_words("something warm, no soups please", ()), read_refused_words("not too long, no idea", ())
    (('soups',), ())
    >>> read_refused_words("without eggs or milk", ()), read_refused_words("no night shifts", ())
    (('eggs', 'milk'), ('night shifts',))
    >>> read_refused_words("she's not a nurse though", ()), read_refused_words("it's not a soup", ())
    ((), ('soup',))
    """
    plain, found = text.replace("’", "'"), list[str]()
    places = [*clause_starts(plain), len(plain)]
    for clause in (plain[a:b] for a, b in pairwise(places)):
        refusal = _REFUSES.search(clause)
        if (
            refusal is None
            or _NO_THING.match(clause, refusal.end())
            or _OF_SOMEBODY.search(clause, 0, refusal.start())
        ):
            continue
        for part in _NEXT.split(clause[refusal.end() :]):
            said = _ENDS.sub("", part)
            tokens = words(said)
            while tokens and tokens[-1].norm in STOPWORDS | FILLER:
                tokens.pop()
            told = any(word.norm in labels for word in tokens)
            if 0 < len(tokens) <= MAX_WORDS and not told:
                found.append(said[tokens[0].start : tokens[-1].end])
    return tuple(dict.fromkeys(found))
