"""An open system as what a process holds: asked about cases, and told to miss those that fail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic

from tastemaker.evals.runs.run_cases import Ask, CaseIn, Miss
from tastemaker.evals.runs.run_folder import Row


@dataclass(frozen=True)
class HeldAsker(Generic[CaseIn]):
    """A system that is open already.

    Attributes:
        ask: a case's row.
        miss: the row of a case without an answer.
    """

    ask: Ask[CaseIn]
    miss: Miss[CaseIn]

    def open(self) -> None:
        """Nothing is left to open."""

    def __call__(self, case: CaseIn, /) -> Row:
        """A case's row, answered."""
        return self.ask(case)

    def miss_row(self, case: CaseIn, /) -> Row:
        """The row of a case without an answer."""
        return self.miss(case)
