"""HTML that is safe by construction: whatever is not markup already is escaped, by markupsafe."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup as Html
from markupsafe import escape

__all__ = ["Html", "count", "join", "tag"]

VOID = frozenset({"img", "meta", "input", "br", "hr"})


def tag(name: str, *children: object, **attributes: object) -> Html:
    """An element. Plain children are escaped; ``None``, ``False`` and ``""`` are left out.

    A trailing underscore of an attribute name is dropped and the others become hyphens;
    ``True`` gives a bare attribute.

    >>> print(tag("b", "1 < 2", class_="x", hidden=True, title=None))
    <b class="x" hidden>1 &lt; 2</b>
    """
    opening = join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID:
        return Html("<{}{}>").format(name, opening)
    return Html("<{0}{1}>{2}</{0}>").format(name, opening, join(children))


def join(parts: Iterable[object]) -> Html:
    """Several parts, one after the other; text escaped, nested iterables flattened."""
    return Html("").join(map(_markup, parts))


def count(n: int, one: str) -> str:
    """A number with its noun.

    >>> count(1, "search"), count(1200, "search")
    ('1 search', '1,200 searches')
    """
    plural = one + ("es" if one.endswith(("ch", "s", "x")) else "s")
    return f"{n:,} {one if n == 1 else plural}"


def _markup(part: object) -> Html:
    if part is None or part is False:
        return Html("")
    if isinstance(part, str | int | float):
        return escape(part)
    if isinstance(part, Iterable):
        return join(part)
    raise TypeError(f"{type(part).__name__} is no part of a page; give text, Html or an iterable of them")


def _attribute(key: str, value: object) -> Html:
    if value is None or value is False:
        return Html("")
    name = key.rstrip("_").replace("_", "-")
    return Html(" {}").format(name) if value is True else Html(' {}="{}"').format(name, str(value))
