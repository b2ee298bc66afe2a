"""What an enrichment will take, from the items that were asked first."""

from __future__ import annotations

from dataclasses import dataclass

from tastemaker.agent.enrichment.enrichment import Done

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0


@dataclass(frozen=True)
class Estimate:
    """Of the rest of a run.

    Attributes:
        items: left to ask.
        seconds: by the clock.
        prompt_tokens, completion_tokens: of all calls.
        cost: in the currency of the prices given; None without a price.
    """

    items: int
    seconds: float
    prompt_tokens: int
    completion_tokens: int
    cost: float | None

    @property
    def text(self) -> str:
        """A sentence for a person.

        >>> Estimate(1672, 5000.0, 1_500_000, 400_000, 1.23).text
        '1,672 items left: about 1.4 hours, 1,500,000 tokens read and 400,000 written (about 1.23 in all)'
        """
        cost = "no price is known; give --prices" if self.cost is None else f"about {self.cost:.2f} in all"
        cost = "free" if self.cost == 0 else cost
        return (
            f"{self.items:,} items left: about {duration(self.seconds)}, {self.prompt_tokens:,} tokens read"
            f" and {self.completion_tokens:,} written ({cost})"
        )


def estimate(pilot: Done, left: int, workers: int, *, priced: bool) -> Estimate:
    """The rest at the pilot's pace, by which fewer items than workers kept only so many at work."""
    share = left / max(pilot.items, 1)
    busy = min(workers, max(pilot.items, 1)) / workers
    return Estimate(
        left,
        pilot.seconds * share * busy,
        round(pilot.usage.prompt_tokens * share),
        round(pilot.usage.completion_tokens * share),
        pilot.usage.cost * share if priced else None,
    )


def duration(seconds: float) -> str:
    """A time as people say it.

    >>> duration(42), duration(400), duration(5000), duration(200_000)
    ('42 seconds', '6.7 minutes', '1.4 hours', '2.3 days')
    """
    for unit, name in ((DAY, "days"), (HOUR, "hours"), (MINUTE, "minutes")):
        if seconds >= unit:
            return f"{seconds / unit:.1f} {name}"
    return f"{seconds:.0f} seconds"
