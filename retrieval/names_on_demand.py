"""Names of a package that are imported when they are first asked for (PEP 562)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def names_on_demand(package: str, places: Mapping[str, str]) -> Callable[[str], object]:
    """A ``__getattr__`` for a package; its names still stand under ``TYPE_CHECKING`` for readers and type checkers.

    Args:
        package: its ``__name__``.
        places: name -> module within it.
    """

    def get(name: str) -> object:
        if name not in places:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value: object = getattr(import_module(f"{package}.{places[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return get
