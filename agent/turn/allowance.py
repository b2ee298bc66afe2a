"""What one turn may do at most, whatever its agent allows: a server that is asked too much lets each do less."""

from __future__ import annotations

from dataclasses import dataclass

from tastemaker.agent.llm.limits import Limits
from tastemaker.agent.turn.state import Effort

WITHOUT_MODEL_NOW = "Many people ask at the moment, so this is answered without the language model."


@dataclass(frozen=True)
class Allowance:
    """Bounds of one turn.

    Attributes:
        effort: at most; the agent's own where it is None.
        model: whether the language model may be asked at all.
        seconds: for all its calls together; as the agent's limits say where it is None.
    """

    effort: Effort | None = None
    model: bool = True
    seconds: float | None = None

    def effort_within(self, own: Effort) -> Effort:
        """The lesser of an agent's effort and this one.

        >>> str(Allowance(Effort.FAST).effort_within(Effort.THOROUGH)), str(Allowance().effort_within(Effort.BALANCED))
        ('fast', 'balanced')
        """
        order = list(Effort)
        return own if self.effort is None else min(own, self.effort, key=order.index)

    def limits_within(self, own: Limits) -> Limits:
        """An agent's limits, with no more seconds than are left here."""
        if self.seconds is None or self.seconds >= own.turn_seconds:
            return own
        return own.model_copy(update={"turn_seconds": self.seconds})


FULL = Allowance()
