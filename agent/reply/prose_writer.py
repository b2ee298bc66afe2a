"""What a model does for a reply whose own sentences are not shown: it points to evidence.

A small model's prose is often false in ways that no check finds; it may still tell which facts matter. Whose
sentences are shown is in the model's profile (:mod:`tastemaker.agent.llm.model_profile`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tastemaker import prompts
from tastemaker.agent.llm.model import FormAnswer, LanguageModel

MAX_OFFERED, MAX_CHOSEN = 6, 2
"""Facts of an item that a model may choose from, and that it may choose."""
MAX_CHARS, MAX_FACT_CHARS = 400, 60
TOKENS_PER_ITEM, TOKENS_AROUND = 12, 20


def point(
    model: LanguageModel, message: str, facts: Sequence[Sequence[str]]
) -> tuple[list[tuple[int, ...]], FormAnswer, str]:
    """Let a model choose the facts that say best why each item suits a message.

    Args:
        model: asked once.
        message: of the person.
        facts: of each item, at most ``MAX_OFFERED``.

    Returns:
        places in each item's facts, from 0, possibly none; the raw answer, and the prompt's hash.

    Raises:
        ModelError: the model did not answer.
    """
    listed = "\n".join(
        f"{n}. " + "; ".join(f"({at}) {fact[:MAX_FACT_CHARS]}" for at, fact in enumerate(own, 1))
        for n, own in enumerate(facts, 1)
    )
    room = len(facts) * (MAX_FACT_CHARS + 6) * MAX_OFFERED
    state = prompts.load(
        "reply_facts_state",
        message=prompts.fence("message", message, MAX_CHARS),
        facts=prompts.fence("facts", listed, room),
    )
    turns = [("system", prompts.load("reply_facts").text), ("user", state.text)]
    limit = TOKENS_AROUND + TOKENS_PER_ITEM * len(facts)
    filled = model.complete(_schema([len(own) for own in facts]), turns, limit)
    return [_places(filled.value, n, len(own)) for n, own in enumerate(facts, 1)], filled, state.sha


def _places(value: Mapping[str, Any], n: int, most: int) -> tuple[int, ...]:
    chosen = value.get(str(n), [])
    places = (
        [one - 1 for one in chosen if isinstance(one, int) and 0 < one <= most]
        if isinstance(chosen, list)
        else []
    )
    return tuple(dict.fromkeys(places))[:MAX_CHOSEN]


def _schema(counts: Sequence[int]) -> dict[str, Any]:
    """JSON schema: under each item's number up to ``MAX_CHOSEN`` numbers of its facts."""
    properties = {
        str(n): {"type": "array", "items": {"enum": list(range(1, count + 1))}, "maxItems": MAX_CHOSEN}
        for n, count in enumerate(counts, 1)
        if count
    }
    return {
        "title": "facts",
        "description": "the facts form",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
