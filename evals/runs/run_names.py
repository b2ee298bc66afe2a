"""What runs are called beside each other: their folders' names, and more of the path where two have the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path


def name_runs(paths: Sequence[Path]) -> dict[str, Path]:
    """Each run by the shortest end of its path that no other has; a path given twice is one.

    >>> list(name_runs([Path("a/agent"), Path("b/agent"), Path("b/copy")]))
    ['a/agent', 'b/agent', 'copy']
    >>> list(name_runs([Path("x/a/agent"), Path("y/a/agent")]))
    ['x/a/agent', 'y/a/agent']
    """
    each = list(dict.fromkeys(paths))
    names = {path: path.name for path in each}
    for depth in range(2, max((len(path.parts) for path in each), default=0) + 1):
        counts = Counter(names.values())
        names = {
            path: name if counts[name] == 1 else "/".join(path.parts[-depth:]) for path, name in names.items()
        }
    return {name: path for path, name in names.items()}
