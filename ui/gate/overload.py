"""What a turn is told when too many are asked for, and how a caller that blocks is let in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from tastemaker.agent.turn.allowance import FULL, Allowance
from tastemaker.retrieval.errors import TastemakerError

Admit = Callable[[], AbstractContextManager[Allowance]]
"""Gives a block in which one turn runs, and what it may do there; raises Overloaded where none may."""


class Overloaded(TastemakerError):
    """No turn can be taken now; ``seconds`` is when to come again."""

    def __init__(self, seconds: int = 1) -> None:
        super().__init__(f"too many turns at the moment; come again in {seconds} s")
        self.seconds = seconds


def admit_all() -> AbstractContextManager[Allowance]:
    """Every turn at once, with all that its agent allows."""
    return nullcontext(FULL)
