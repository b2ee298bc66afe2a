"""Classes by name, each imported when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from tastemaker.recommenders.recommender import Recommender


class NamedClasses(Mapping[str, type[Recommender]]):
    """A mapping whose names are known at once and whose classes are imported one by one.

    Args:
        package: that all of them are in.
        places: name -> ``module:Class`` within it.
    """

    def __init__(self, package: str, places: Mapping[str, str]) -> None:
        self._package, self._places = package, dict(places)

    def __getitem__(self, name: str) -> type[Recommender]:
        module, _, kind = self._places[name].partition(":")
        found: type[Recommender] = getattr(import_module(f"{self._package}.{module}"), kind)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
