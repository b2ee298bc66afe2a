"""When logged conversations were held, as far as that is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tastemaker.tools.conversation_ranker.context_knn import LoggedContext

Times = Mapping[str, float]


def times_of(logged: Sequence[LoggedContext]) -> Times | None:
    """Conversation -> time; None where nothing is known of the order.

    Those without a time are as old as the oldest that has one. If none has, and all are numbered, as ReDial's are, the
    number orders them.

    >>> from tastemaker.tools.dialogue_context import DialogueContext
    >>> at = lambda name, time: LoggedContext(name, DialogueContext(), (), time)
    >>> times_of([at("a", 5.0), at("b", None), at("a", 7.0)])
    {'a': 7.0, 'b': 5.0}
    >>> times_of([at("12", None), at("9", None)]), times_of([at("x", None)])
    ({'12': 12.0, '9': 9.0}, None)
    """
    told = [one.time for one in logged if one.time is not None]
    names = dict.fromkeys(one.conversation for one in logged)
    if not told:
        numbered = all(name.isascii() and name.isdigit() for name in names)
        return {name: float(name) for name in names} if numbered else None
    oldest, found = min(told), dict[str, float]()
    for one in logged:
        time = oldest if one.time is None else one.time
        found[one.conversation] = max(found.get(one.conversation, oldest), time)
    return found
