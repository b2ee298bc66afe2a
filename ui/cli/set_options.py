"""``--set`` options as nested settings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tastemaker.retrieval.errors import ConfigError


def read_settings(pairs: Sequence[str], form: str, least: int = 1) -> dict[str, Any]:
    """``["training.epochs=4", "loss=gbce"]`` as ``{"training": {"epochs": 4}, "loss": "gbce"}``.

    Args:
        pairs: as typed; a value that is no JSON is taken as text.
        form: what to write instead of a wrong pair.
        least: names there must be before the equals sign, such as 2 for ``sasrec.dropout``.

    Raises:
        ConfigError: no equals sign, too few names, or a name that has a value as well as names below it.
    """
    settings: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        *path, last = name.split(".")
        if not equals or len(path) + 1 < least:
            raise ConfigError(f"--set {pair!r}: write {form}")
        place = settings
        for step in path:
            place = place.setdefault(step, {})
            if not isinstance(place, dict):
                raise ConfigError(f"--set {pair!r}: {step} was set to {place!r} before; give one of the two")
        place[last] = _value(value)
    return settings


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
