"""What a model wrote, as text that can be stored."""

from __future__ import annotations

import re
from typing import Any

_LONE = re.compile("[\ud800-\udfff]")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def storable(value: Any) -> Any:
    """A JSON value whose texts can be written as UTF-8: half of a surrogate pair alone becomes a mark.

    >>> storable({"lead": "a \\ud83d b", "best": ["1"], "n": 3}) == {"lead": "a \ufffd b", "best": ["1"], "n": 3}
    True
    """
    if isinstance(value, str):
        return _LONE.sub(REPLACEMENT, value)
    if isinstance(value, dict):
        return {storable(key): storable(one) for key, one in value.items()}
    return [storable(one) for one in value] if isinstance(value, list) else value
