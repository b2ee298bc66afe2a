"""What happens to a bad row: it stops the load, or it is set aside with its reason."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from tastemaker.retrieval.errors import DataError

SKIP_HINT = "correct it, or skip bad rows (--skip-bad-rows)"


@dataclass
class Rejects:
    """Bad rows of one file.

    Attributes:
        source: the file.
        skip: set bad rows aside instead of stopping at the first.
        rows: what was set aside.
    """

    source: Path
    skip: bool = False
    rows: list[dict[str, object]] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many rows were set aside."""
        return len(self.rows)

    @property
    def first_reason(self) -> str:
        """Why the first of them was."""
        return str(self.rows[0]["reason"]) if self.rows else ""

    def add(self, reason: str, line: int, column: str | None, row: object) -> None:
        """Report a bad row and its content.

        Raises:
            DataError: unless bad rows are skipped.
        """
        if not self.skip:
            raise DataError(f"{reason}; {SKIP_HINT}", self.source, line, column)
        self.rows.append({"line": line, "column": column, "reason": reason, "row": row})

    def write(self, target: Path | None) -> None:
        """Write what was set aside as JSON lines; nothing where all rows were good."""
        if not self.rows:
            return
        target = target or self.source.with_name(f"{self.source.name}.rejected.jsonl")
        part = target.with_name(f"{target.name}.part")
        part.write_text("".join(f"{json.dumps(row, default=str)}\n" for row in self.rows), encoding="utf-8")
        part.replace(target)
