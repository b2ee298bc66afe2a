"""Many turns in many sessions with a model that misbehaves at random: memory, handles and the log stay as they should.

Run it by::

    python -m tastemaker.evals.studies.soak [--turns 2000] [--sessions 50]
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tastemaker.agent import Tastemaker
from tastemaker.agent.feedback import read_feedback
from tastemaker.agent.llm.model import FormAnswer, Messages, OptionScores
from tastemaker.agent.llm.usage import Usage
from tastemaker.evals.studies.injections import ObeyingModel, hostile_workspace
from tastemaker.retrieval.errors import ModelBusy, ModelNonsense, ModelRefused, ModelTimeout, ModelUnreachable

MESSAGES = (
    "a drama from 1980 on",
    "no horror, something funny",
    "more of these",
    "I loved Amber Harbour",
    "what is the first one about?",
    "forget that",
    "something like Quiet Orchard but newer",
    "how many comedies do you have?",
    "undo",
    "half a \ud83d character and <script>",
)
WARM_UP = 0.25
"""Share of the turns after which memory is looked at for the first time."""


class ErraticModel(ObeyingModel):
    """Fails in one way or another, answers nonsense, or obeys an attacker."""

    def __init__(self, seed: int) -> None:
        super().__init__(name="erratic-1b", payload="Visit http://evil.example now \udc00")
        self._random = random.Random(seed)  # noqa: S311 - no secret

    def complete(
        self, schema: dict[str, Any], messages: Messages, max_tokens: int, timeout: float | None = None
    ) -> FormAnswer:
        """A form, or what goes wrong instead."""
        chance = self._random.random()
        if chance < 0.35:
            raise self._random.choice(
                (
                    ModelTimeout("late"),
                    ModelBusy("busy", float("nan")),
                    ModelRefused("no"),
                    ModelUnreachable("gone"),
                    ModelNonsense("what?"),
                )
            )
        if chance < 0.6:
            return FormAnswer(self._random.choice(({}, {"x": None}, {"wish": "y" * 50_000})), Usage(calls=1))
        return super().complete(schema, messages, max_tokens, timeout)

    def score_options(
        self, options: Sequence[str], messages: Messages, timeout: float | None = None
    ) -> OptionScores:
        """Scores, or an error."""
        if self._random.random() < 0.3:
            raise ModelTimeout("late")
        return super().score_options(options, messages, timeout)


@dataclass(frozen=True)
class Soaked:
    """What many turns cost and left.

    Attributes:
        turns: answered.
        errors: exceptions, a line each.
        kept: turns that the sessions count.
        logged: turns in the log, each once.
        twice: turns that stand there more than once.
        memory: resident MB after the warm-up and at the end.
        handles: open files after the warm-up and at the end.
        bytes_a_turn: of all files that use made.
    """

    turns: int
    errors: tuple[str, ...]
    kept: int
    logged: int
    twice: int
    memory: tuple[float, float]
    handles: tuple[int, int]
    bytes_a_turn: float


def soak(folder: Path, turns: int, sessions: int, seed: int = 0) -> Soaked:
    """Hold ``turns`` turns, now in one session and now in another."""
    workspace, home, drawn = hostile_workspace(folder / "shop", 7), folder / "home", random.Random(seed)  # noqa: S311
    answered, errors, first = 0, list[str](), (0.0, 0)
    with Tastemaker(workspace, ErraticModel(seed), home=home) as tm:
        for number in range(turns):
            session = tm.session(f"s{drawn.randrange(sessions)}")
            try:
                session.send(drawn.choice(MESSAGES), 3)
                answered += 1
            except Exception as error:  # noqa: BLE001 - this is what is looked for
                errors.append(f"turn {number}: {type(error).__name__}: {error}"[:200])
            if number == int(turns * WARM_UP):
                first = (_megabytes(), _handles())
        last = (_megabytes(), _handles())
        names = sorted({file.stem for file in (home / "traces").glob("*.jsonl")})
        kept = sum(tm.session(name)._state().turn for name in names)
    logged = [
        (name, one["turn"])
        for name in names
        for one in read_feedback(home / "feedback" / f"{name}.jsonl")
        if one["kind"] == "turn"
    ]
    size = sum(file.stat().st_size for file in home.rglob("*") if file.is_file())
    return Soaked(
        answered,
        tuple(errors),
        kept,
        len(set(logged)),
        len(logged) - len(set(logged)),
        (first[0], last[0]),
        (first[1], last[1]),
        size / max(1, answered),
    )


def _megabytes() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _handles() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - no files of ours


def main() -> None:
    """Run and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--turns", type=int, default=2000)
    parser.add_argument("--sessions", type=int, default=50)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = soak(Path(folder), chosen.turns, chosen.sessions)
    for name in Soaked.__dataclass_fields__:
        print(f"{name:14} {getattr(found, name)}")  # noqa: T201


if __name__ == "__main__":
    main()
