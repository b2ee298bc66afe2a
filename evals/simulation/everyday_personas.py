"""People of the hard level: they say how it should feel, bit by bit, turn near misses down, and lose patience."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from tastemaker.evals.simulation.personas import Persona
from tastemaker.evals.simulation.personas import personas as easy_personas
from tastemaker.retrieval.catalog.schema import nearest_of
from tastemaker.retrieval.errors import ConfigError


class Level(StrEnum):
    """How hard the people are to serve: ``easy`` ones read attributes out, ``hard`` ones never heard of any."""

    EASY = "easy"
    HARD = "hard"


@dataclass(frozen=True)
class EverydayPersona(Persona):
    """A way of talking at the hard level.

    Attributes:
        patience: replies in a row without anything near that they put up with; they leave at the next.
        excludes: how often they turn down what several near misses have in common.
    """

    patience: int = 2
    excludes: float = 0.5


_ALL = (
    EverydayPersona(
        "feeling",
        "says how it should feel and what the evening is like, never a genre; one wish after the other",
        opening=2,
        openings=("I'm not sure what to watch. I want {}.", "Tonight I'd like {}."),
        further=("I'd also like {}.", "What else? I want {}."),
    ),
    EverydayPersona(
        "choosy",
        "says above all what it must not be like, and only a little of what it should be",
        opening=1,
        openings=("Let's see. I want {}.",),
        further=("And I'd want {}.", "I do want {}."),
        excludes=1.0,
    ),
    EverydayPersona(
        "wavering",
        "first wants something that does not fit the rest, and thinks better of it two messages later",
        opening=1,
        openings=("I think I want {}.", "Maybe I'd like {}."),
        further=("And then I want {}.", "I'd like {}."),
        changes_mind=True,
    ),
    EverydayPersona(
        "impatient",
        "short of time: a few words at a time, and gone when suggestions are far off",
        opening=1,
        openings=("Quick, I want {}.",),
        further=("I said: I want {}.", "Come on. I want {}."),
        patience=1,
    ),
)
EVERYDAY_PERSONAS = MappingProxyType({persona.name: persona for persona in _ALL})
"""All of them by name."""


def personas_of(level: Level | str, names: list[str]) -> list[Persona]:
    """The personas of a level that are named, all where none is.

    Raises:
        ConfigError: no such level, or no such persona at it.

    >>> [persona.name for persona in personas_of("hard", ["choosy"])]
    ['choosy']
    """
    if level not in tuple(Level):
        raise ConfigError(f"no level {level!r}; --level must be {' or '.join(Level)}")
    if level == Level.EASY:
        return easy_personas(names)
    for name in names:
        if name not in EVERYDAY_PERSONAS:
            raise ConfigError(
                f"no persona {name!r} at --level hard; {nearest_of(name, list(EVERYDAY_PERSONAS))}"
            )
    return [EVERYDAY_PERSONAS[name] for name in names or EVERYDAY_PERSONAS]
