"""The words of a reply: written by the model where they are borne out, by template everywhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tastemaker import prompts
from tastemaker.agent.events import Card
from tastemaker.agent.llm.model import FormAnswer, LanguageModel
from tastemaker.agent.nlu.fact_check import support, unsupported_words
from tastemaker.agent.nlu.understanding import reply_schema
from tastemaker.retrieval.errors import ModelNonsense

MAX_FACTS = 240
MAX_REASON = 240
MIN_SUPPORT = 0.5
"""Share of a reason's telling words that must stand in its own item's facts.

A small model sometimes gives one item the reason of the next: names and numbers may all
be in order then, and yet the sentence is false.
"""

MIN_LEAD_SUPPORT = 0.4
"""Likewise for the lead-in and the message; a lead brings some words of its own."""

MAX_WORDED = 3
"""Cards that get the model's words, from the first; those below keep their template.

A person reads the first few, and each takes a small model on two cores about four seconds.
"""

MAX_CHARS = 400
"""Letters of the message that the prompt holds; with the facts of ``MAX_WORDED`` cards some 300 tokens."""

TOKENS_PER_ITEM, TOKENS_AROUND = 45, 60


@dataclass(frozen=True)
class Worded:
    """A reply's prose, and which parts of the model's prose were refused for lack of support."""

    message: str
    cards: tuple[Card, ...]
    question: str = ""
    refused: tuple[str, ...] = ()


def reword(
    model: LanguageModel, message: str, untitled: str, plain: Worded, facts: Sequence[str]
) -> tuple[Worded, FormAnswer, str]:
    """Let the model word a reply's first cards; each part that says more than the facts keeps its template.

    Args:
        model: asked once.
        message: the person's message.
        untitled: the same with titles blanked out: what a lead-in may repeat.
        plain: the reply by template, with the cards in order.
        facts: what may be said of each card's item, in the same order; of the first cards will do.

    Returns:
        the reply, the raw answer, and the prompt's hash.

    Raises:
        ModelError: the model did not answer, or not in the form.
    """
    facts = facts[: min(MAX_WORDED, len(plain.cards))]
    turns, sha = _turns(message, facts)
    limit = TOKENS_AROUND + TOKENS_PER_ITEM * len(facts)
    filled = model.complete(reply_schema(len(facts)), turns, limit)
    return _keep_supported(filled, untitled, plain, facts), filled, sha


def warm_up(model: LanguageModel) -> None:
    """Let the server read the stable part of the prompt before the first person waits for it."""
    model.complete(reply_schema(0), _turns("hello", [])[0], 20)


def _turns(said: str, facts: Sequence[str]) -> tuple[list[tuple[str, str]], str]:
    """The prompt, its stable part first, and the hash of what changes."""
    listed = "\n".join(f"{n}. {fact[:MAX_FACTS]}" for n, fact in enumerate(facts, 1))
    message = prompts.fence("message", said, MAX_CHARS)
    state = prompts.load(
        "reply_state", message=message, facts=prompts.fence("facts", listed, (MAX_FACTS + 5) * MAX_WORDED)
    )
    example, answer = prompts.load("reply_example").text.split("\n\n")
    stable = [("system", prompts.load("reply").text), ("user", example), ("assistant", answer)]
    return [*stable, ("user", state.text)], state.sha


def _keep_supported(filled: FormAnswer, untitled: str, plain: Worded, facts: Sequence[str]) -> Worded:
    refused: list[str] = []
    seen: set[str] = set()

    def keep(key: str, template: str, faults: Iterator[str]) -> str:
        text = " ".join(str(filled.value[key]).split())
        fault = next(faults, "said before" if text in seen else "")
        seen.add(text)
        if fault:
            refused.append(f"{key}: {fault}: {text[:80]!r}")
        return template if fault else text

    try:
        lead = str(filled.value["lead"])
        message = keep("lead", plain.message, _lead_faults(lead, untitled))
        cards = tuple(
            card.model_copy(
                update={"reason": keep(str(n), card.reason, _faults(str(filled.value[str(n)]), fact))}
            )
            for n, (card, fact) in enumerate(zip(plain.cards, facts, strict=False), 1)
        )
    except KeyError as error:
        raise ModelNonsense(f"the reply form lacks {error}: {json.dumps(filled.value)[:200]}") from error
    return Worded(message, (*cards, *plain.cards[len(cards) :]), plain.question, tuple(refused))


def _faults(text: str, fact: str) -> Iterator[str]:
    """What is wrong with an item's reason, the gravest first."""
    yield from _names_and_length(text, fact, "in the item's facts")
    if len(text) > MAX_FACTS // 2 and text[-1] not in ".!?":
        yield "broken off"
    if support(text, fact) < MIN_SUPPORT:
        yield "about something else"


def _lead_faults(text: str, message: str) -> Iterator[str]:
    """``message`` is the one without its titles: a lead that judges a title could say anything of it."""
    yield from _names_and_length(text, message, "said by the person")
    if support(text, message) < MIN_LEAD_SUPPORT:
        yield "about something else"


def _names_and_length(text: str, known: str, where: str) -> Iterator[str]:
    if not text.strip() or len(text) > MAX_REASON:
        yield "empty or too long"
    wrong = unsupported_words(text, [known])
    if wrong:
        yield f"{', '.join(wrong)} not {where}"
