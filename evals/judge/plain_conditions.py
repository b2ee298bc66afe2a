"""Whether an item meets a condition, written a second time and as plainly as can be, to check the others by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def meets(attributes: Mapping[str, Any], condition: Mapping[str, Any]) -> bool:
    """Whether attributes meet a condition in its JSON form; a missing value meets only what forbids values.

    >>> meets({"year": 1990}, {"field": "year", "op": "at_least", "value": 1985})
    True
    >>> meets({"genres": ("Drama",)}, {"field": "genres", "op": "is_not", "value": "drama"})
    False
    """
    if "op" not in condition:
        if "none_of" in condition:
            return not meets(attributes, condition["none_of"])
        parts = [meets(attributes, part) for part in condition.get("all_of", condition.get("any_of"))]
        return all(parts) if "all_of" in condition else any(parts)
    op, wanted = condition["op"], condition["value"]
    held = attributes.get(condition["field"])
    values = [] if held is None else [held] if not isinstance(held, tuple | list) else list(held)
    values = [v.casefold() if isinstance(v, str) else v for v in values]
    asked = [
        w.casefold() if isinstance(w, str) else w
        for w in (wanted if isinstance(wanted, list | tuple) else [wanted])
    ]
    if op in ("is_not", "none_of"):
        return not set(values) & set(asked)
    if op == "is" or op == "any_of":
        return bool(set(values) & set(asked))
    if op == "all_of":
        return set(asked) <= set(values)
    if op == "contains":
        return any(str(asked[0]) in str(v) for v in values)
    if not values:
        return False
    number = values[0]
    return bool(
        {
            "at_least": lambda: number >= asked[0],
            "at_most": lambda: number <= asked[0],
            "before": lambda: number < asked[0],
            "after": lambda: number > asked[0],
            "between": lambda: asked[0] <= number <= asked[-1],
        }[op]()
    )
