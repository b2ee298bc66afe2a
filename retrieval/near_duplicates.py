"""Items that are the same thing listed twice, or variants of one product, as groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Groups:
    """Which items stand for the same thing.

    Attributes:
        members: ids per group, two and more, in the catalogue's order; no item is in two.
    """

    members: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def _of(self) -> dict[str, int]:
        return {item_id: number for number, group in enumerate(self.members) for item_id in group}

    def twins(self, item_id: str) -> tuple[str, ...]:
        """The other members of the item's group; none where it stands alone.

        >>> Groups((("246", "268"),)).twins("268")
        ('246',)
        """
        number = self._of.get(item_id)
        return () if number is None else tuple(other for other in self.members[number] if other != item_id)

    def key(self, item_id: str) -> str:
        """One id that stands for the item's whole group: its first member's, or its own.

        >>> groups = Groups((("246", "268"),))
        >>> groups.key("268"), groups.key("1")
        ('246', '1')
        """
        number = self._of.get(item_id)
        return item_id if number is None else self.members[number][0]


def distinct(ids: Iterable[str], groups: Groups, k: int) -> list[tuple[str, tuple[str, ...]]]:
    """The best k items of a ranking, one of each group, each with those of the ranking that stand behind it.

    >>> distinct(["268", "50", "246", "181"], Groups((("246", "268"),)), k=2)
    [('268', ('246',)), ('50', ())]
    """
    behind: dict[str, list[str]] = {}
    for item_id in ids:
        behind.setdefault(groups.key(item_id), []).append(item_id)
    return [(first, tuple(rest)) for first, *rest in list(behind.values())[: max(k, 0)]]
