"""The profiles that a session can go back to, and forward to again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from pydantic import BaseModel, ConfigDict

from tastemaker.agent.memory.profile import TasteProfile

MAX_STEPS = 20
SHOWN_THEN = "shown_then"


class Stored(TypedDict, total=False):
    """A timeline within a session's state, as JSON values."""

    past: list[dict[str, Any]]
    future: list[dict[str, Any]]


class Timeline(BaseModel):
    """Earlier profiles, the oldest first, and undone ones, the nearest last.

    >>> one, two = TasteProfile(), TasteProfile(wishes=("tense",))
    >>> back, timeline = Timeline().after_edit(one).undone(two)
    >>> back == one, timeline.redone(back)[0] == two
    (True, True)
    """

    model_config = ConfigDict(frozen=True)

    past: tuple[TasteProfile, ...] = ()
    future: tuple[TasteProfile, ...] = ()

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> Timeline:
        """As :meth:`to_json` put it into a session's state, beside the profile of now."""
        shown = state.get("profile", {}).get("shown", ())
        steps = {name: [_whole(step, shown) for step in state.get(name, ())] for name in cls.model_fields}
        return cls.model_validate(steps)

    def to_json(self, now: TasteProfile) -> Stored:
        """As JSON values, for a session's state whose profile is ``now``, or that with more shown.

        What was shown makes up most of a long session; each step holds only how much of it there was.
        """
        return {
            "past": [_brief(profile, now.shown) for profile in self.past],
            "future": [_brief(profile, now.shown) for profile in self.future],
        }

    def after_edit(self, before: TasteProfile) -> Timeline:
        """After an edit: back leads to ``before``, and there is no forward any more."""
        return Timeline(past=(*self.past, before)[-MAX_STEPS:])

    def undone(self, now: TasteProfile) -> tuple[TasteProfile, Timeline]:
        """One step back from ``now``, which stays as it is where there is none."""
        if not self.past:
            return now, self
        return self.past[-1], Timeline(past=self.past[:-1], future=(*self.future, now))

    def redone(self, now: TasteProfile) -> tuple[TasteProfile, Timeline]:
        """One step forward again."""
        if not self.future:
            return now, self
        return self.future[-1], Timeline(past=(*self.past, now), future=self.future[:-1])


def _brief(profile: TasteProfile, shown: tuple[str, ...]) -> dict[str, Any]:
    step = profile.model_dump(mode="json", exclude_defaults=True)
    if profile.shown == shown[: len(profile.shown)]:
        step.pop("shown", None)
        step[SHOWN_THEN] = len(profile.shown)
    return step


def _whole(step: Mapping[str, Any], shown: Sequence[str]) -> dict[str, Any]:
    if SHOWN_THEN not in step:
        return dict(step)
    return {**{k: v for k, v in step.items() if k != SHOWN_THEN}, "shown": tuple(shown[: step[SHOWN_THEN]])}
