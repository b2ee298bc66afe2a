"""HTML that is safe by construction: whatever is not made by :func:`tag` is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

VOID = frozenset({"input", "br", "hr"})


class Html(str):
    """Markup made by this module. Plain strings are text and get escaped wherever they meet it."""

    __slots__ = ()


EMPTY = Html("")


def tag(name: str, *children: object, **attributes: object) -> Html:
    """An element. Plain children are escaped; ``None``, ``False`` and ``""`` are left out.

    A trailing underscore of an attribute name is dropped and the others become hyphens;
    ``True`` gives a bare attribute.

    >>> tag("b", "1 < 2", class_="x", hidden=True, title=None)
    '<b class="x" hidden>1 &lt; 2</b>'
    """
    opening = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID:
        return Html(f"<{name}{opening}>")
    return Html(f"<{name}{opening}>{join(children)}</{name}>")


def join(parts: Iterable[object]) -> Html:
    """Several parts, one after the other; text escaped, nested iterables flattened."""
    return Html("".join(_text(part) for part in parts))


def count(n: int, one: str) -> str:
    """A number with its noun.

    >>> count(1, "search"), count(1200, "search")
    ('1 search', '1,200 searches')
    """
    plural = one + ("es" if one.endswith(("ch", "s", "x")) else "s")
    return f"{n:,} {one if n == 1 else plural}"


def _text(part: object) -> str:
    if part is None or part is False:
        return ""
    if isinstance(part, Html):
        return part
    if isinstance(part, str | int | float):
        return escape(str(part), quote=True)
    if isinstance(part, Iterable):
        return join(part)
    raise TypeError(f"{type(part).__name__} is no part of a page; give text, Html or an iterable of them")


def _attribute(key: str, value: object) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value), quote=True)}"'
