"""What a step of a turn is given besides its state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from tastemaker.agent.events import Emit

C = TypeVar("C")


@dataclass(frozen=True)
class Runtime(Generic[C]):
    """Attributes: ``context`` is what all steps of a turn share, ``stream_writer`` takes events as they happen."""

    context: C
    stream_writer: Emit
