"""How simulated people talk: the same wish told tersely, at length, by what it is not, with a change of mind."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from tastemaker.retrieval.catalog.schema import nearest_of
from tastemaker.retrieval.errors import ConfigError


@dataclass(frozen=True)
class Persona:
    """A way of talking.

    Attributes:
        name: how the report calls it.
        manner: in one line, for a model that plays it.
        opening: facts told in the first message.
        each: facts told in each further one.
        openings, closer, worse, further: sentences around what is told; ``{}`` is where it goes.
        contrary: says what does not fit and tells a fact only every second time.
        changes_mind: begins with something the item is not, and takes it back in the second message.
        other_words: says tags by phrases of other items that mean much the same.
        bare: names what it wants without any words around it.
        comments: whether it says which of the items shown comes close.
    """

    name: str
    manner: str
    opening: int = 2
    each: int = 1
    openings: tuple[str, ...] = ("I'd like to see {}.", "Do you have {}?", "I'm in the mood for {}.")
    closer: tuple[str, ...] = ("Number {number} comes close: {fits}.",)
    worse: tuple[str, ...] = ("No {}, please.",)
    further: tuple[str, ...] = ("It should be {}.", "I'm thinking of {}.")
    contrary: bool = False
    changes_mind: bool = False
    other_words: bool = False
    bare: bool = False
    comments: bool = True


_ALL = (
    Persona("plain", "friendly and clear, one or two short sentences"),
    Persona(
        "terse",
        "a few words, no sentences, no politeness, all in lower case",
        opening=1,
        openings=("{}",),
        worse=("no {}",),
        further=("{}", "also {}"),
        bare=True,
        comments=False,
    ),
    Persona(
        "chatty",
        "long-winded: tells of their evening and their friends around what they want",
        opening=3,
        each=2,
        openings=(
            "Hi there! Long day at work, my feet are up at last, and what I would love now is {}.",
            "Hello! My sister is visiting and we can never agree, but this time we both want {}.",
        ),
        closer=("Oh, you are getting warm: number {number} is right in that it is {fits}.",),
        worse=("My sister really cannot do {}, so no {} please.",),
        further=("What I have in mind is more like this: {}.", "If it helps, we were talking about {}."),
    ),
    Persona(
        "contrary",
        "grumpy: says what is wrong with each suggestion and only grudgingly what they want",
        opening=1,
        openings=("Show me {}, if you must.",),
        worse=("Not {}.", "I can't stand {}."),
        further=("Fine: {}.",),
        contrary=True,
    ),
    Persona(
        "changes-mind",
        "first asks for something else, then says so and asks for what they want after all",
        openings=("I want {}.",),
        changes_mind=True,
    ),
    Persona(
        "other-words",
        "describes everything in words of their own and never in the words on the card",
        openings=("I'm after {}.", "Could you find me {}?"),
        other_words=True,
    ),
)

PERSONAS = MappingProxyType({persona.name: persona for persona in _ALL})
"""All of them by name."""


def personas(names: list[str]) -> list[Persona]:
    """The ones named, all where none is.

    Raises:
        ConfigError: no such persona.

    >>> [persona.name for persona in personas(["terse"])]
    ['terse']
    """
    for name in names:
        if name not in PERSONAS:
            raise ConfigError(f"no persona {name!r}; {nearest_of(name, list(PERSONAS))}")
    return [PERSONAS[name] for name in names or PERSONAS]
