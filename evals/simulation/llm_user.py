"""A simulated user played by a language model, which is given the masked card and nothing else of the item.

The model never sees the title, so that it can only guess it; the audit reads what it says.
Of what the agent shows it sees the attributes that may be told, not the titles. Which facts a
message tells it says in the form, and the conditions of these are what the agent is held to.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from tastemaker import prompts
from tastemaker.agent.llm.model import LanguageModel
from tastemaker.agent.llm.usage import Usage
from tastemaker.evals.simulation.personas import Persona
from tastemaker.evals.simulation.target_card import Fact, TargetCard, vague_first
from tastemaker.evals.simulation.user import SOMETHING_ELSE, AgentTurn, Said
from tastemaker.retrieval.catalog.catalog import Catalog, Item, plain
from tastemaker.retrieval.catalog.schema import STATED, Kind

MAX_FACTS_TOLD = 2
"""Facts in one message: a model that tells its whole card at once makes no conversation."""

CHOICES = 4
"""Facts to choose from."""

MAX_TOKENS, MAX_CHARACTERS, LAST = 120, 300, 6


@dataclass
class ModelUser:
    """One person in one conversation.

    Attributes:
        card: what may be said.
        hidden: attributes that hold names, left out of what is shown to the model.
        dice: the order in which facts come to mind, so that repeats differ.
    """

    card: TargetCard
    persona: Persona
    catalog: Catalog
    hidden: Collection[str]
    model: LanguageModel
    dice: random.Random
    _lines: list[str] = field(default_factory=list)
    _told: list[Fact] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._order = vague_first(self.card, self.dice)

    def opening(self) -> Said:
        """The first message.

        Raises:
            ModelError: the model did not answer.
        """
        return self._say("(nothing)", "")

    def answer(self, turn: AgentTurn) -> Said:
        """The next message, after a reply without the item; errors as in :meth:`opening`."""
        shown = [self._in_words(self.catalog[item_id]) for item_id in turn.items if item_id in self.catalog]
        listed = "\n".join(f"{number}. {one}" for number, one in enumerate(shown, 1)) or "(nothing)"
        self._lines.append(f"assistant: showed {len(shown)} items. {turn.question}".strip())
        return self._say(listed, turn.question)

    def _say(self, shown: str, question: str) -> Said:
        keys = {fact.key: fact for fact in self._at_hand(question)}
        system = prompts.load("simulated_user", manner=self.persona.manner, most=str(MAX_FACTS_TOLD))
        example, answer = prompts.load("simulated_user_example").text.rsplit("\n\n", 1)
        state = prompts.load(
            "simulated_user_turn",
            card=prompts.fence("card", "\n".join(keys)),
            said=prompts.fence("conversation", "\n".join(self._lines[-LAST:]) or "(not begun)"),
            shown=prompts.fence("shown", shown),
            question=prompts.fence("question", question or "(none)", 400),
        )
        turns = [("system", system.text), ("user", example), ("assistant", answer), ("user", state.text)]
        filled = self.model.complete(form_schema(list(keys)), turns, MAX_TOKENS)
        return self._utterance(filled.value, keys, filled.usage)

    def _at_hand(self, question: str) -> list[Fact]:
        """The facts to choose from: all where something was asked, else the next few, the vague ones first.

        A small model that sees the whole card recites it.
        """
        left = [fact for fact in self._order if fact not in self._told] or self._order
        return self._order if question else left[:CHOICES]

    def _utterance(self, value: dict[str, Any], keys: dict[str, Any], usage: Usage) -> Said:
        told = tuple(keys[key] for key in dict.fromkeys(value.get("tell", ())) if key in keys)[
            :MAX_FACTS_TOLD
        ]
        text = " ".join(str(value.get("say", "")).split())[:MAX_CHARACTERS] or SOMETHING_ELSE
        self._lines.append(f"you: {text}")
        self._told += told
        stated = tuple(fact.condition for fact in told if fact.condition)
        return Said(text, told, stated, usage=usage.model_dump(mode="json"))

    def _in_words(self, item: Item) -> str:
        schema = self.catalog.schema
        told = [n for n in schema.names(STATED) if n not in self.hidden and schema[n].kind is not Kind.TEXT]
        values = (plain(item.attributes[name]) for name in told if name in item.attributes)
        return "; ".join(", ".join(value) if isinstance(value, list) else str(value) for value in values)


def form_schema(keys: Sequence[str]) -> dict[str, Any]:
    """JSON schema of the form: which facts are told, and the words."""
    return {
        "title": "said",
        "description": "the said form",
        "type": "object",
        "properties": {
            "tell": {"type": "array", "items": {"enum": list(keys)}, "maxItems": MAX_FACTS_TOLD},
            "say": {"type": "string", "minLength": 2, "maxLength": MAX_CHARACTERS},
        },
        "required": ["tell", "say"],
        "additionalProperties": False,
    }
