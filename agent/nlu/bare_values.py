"""Values that are also little words, letters or numbers: "no", "it", "M", "50" count only where said as a value."""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.agent.nlu.tokenizer import Word, words
from tastemaker.retrieval.text.tokens import singular

_LITTLE = frozenset(
    """a an the i it its me my we us our you your he him she her they them no yes not none any all some one
    other others true false and or nor but if so as at by do for from in is are was be of off on onto out to
    up with without more most less least very too also just only now then here there this that these those
    what which who how why when where can could will would may might must should shall has have had get got
    go na n y t f ok please""".split()
)
_POINTERS = frozenset("is are be as of in size the a an = : only mean take wear need want".split())
_WEARING = frozenset("size sizes fit fits wear large small".split())


def is_plain(key: Sequence[str]) -> bool:
    """Whether a value, as words in normal form, is a little word, a single letter or a number.

    >>> is_plain(["no"]), is_plain(["m"]), is_plain(["50"]), is_plain(["wool"]), is_plain(["out", "of"])
    (True, True, True, False, True)
    """
    return all(word in _LITTLE or len(word) == 1 or word.isdigit() for word in key)


def is_said_as_value(field: str, text: str, tokens: Sequence[Word], first: int) -> bool:
    """Whether the word at ``first`` stands beside the name of its column ("size M"), or in capitals after "in".

    >>> text = "do you have it in size m"
    >>> is_said_as_value("size", text, words(text), 6), is_said_as_value("size", "I am Sam", words("I am Sam"), 0)
    (True, False)
    """
    own = {singular(word.norm) for word in words(field.replace("_", " "))}
    before = [word.norm for word in tokens[max(0, first - 3) : first]]
    after = [word.norm for word in tokens[first + 1 : first + 2]]
    while before and before[-1] in _POINTERS - own:
        before.pop()
    if (before and singular(before[-1]) in own) or (after and singular(after[0]) in own):
        return True
    word = tokens[first]
    is_size = bool(own & _WEARING)
    return (
        is_size
        and text[word.start : word.end].isupper()
        and word.norm != "i"
        and bool(first)
        and tokens[first - 1].norm in ("in", "an", "or")
    )
