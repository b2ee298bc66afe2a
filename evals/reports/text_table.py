"""Tables as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    r"""A table whose columns line up in a terminal too.

    >>> print(markdown_table(("a", "b"), [("1", "|")]))
    | a | b  |
    | - | -- |
    | 1 | \| |
    """
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in (head, *rows)]
    widths = [max(len(row[n]) for row in cells) for n in range(len(head))]
    lines = [
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |"
        for row in cells
    ]
    return "\n".join([lines[0], f"| {' | '.join('-' * width for width in widths)} |", *lines[1:]])


def aligned_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table without rules, which any program can read that splits at two blanks.

    >>> print(aligned_table(("name", "n"), [("a b", "1"), ("c", "2")]))
    name  n
    a b   1
    c     2
    """
    lines = [head, *rows]
    widths = [max(len(row[n]) for row in lines) for n in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in lines
    )
