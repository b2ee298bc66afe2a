"""The words of a reply: written by the model where every word is borne out, by template everywhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tastemaker import prompts
from tastemaker.agent.events import Card
from tastemaker.agent.forms import reply_schema
from tastemaker.agent.llm import Filled, LanguageModel
from tastemaker.agent.verify import unsupported
from tastemaker.retrieval.errors import ModelNonsense

MOST_FACTS = 260
MOST_REASON = 240
MOST_ANSWER_TOKENS = 320


@dataclass(frozen=True)
class Worded:
    """A reply's prose, and which parts of the model's prose were refused for lack of support."""

    message: str
    cards: tuple[Card, ...]
    question: str = ""
    refused: tuple[str, ...] = ()


def reworded(
    model: LanguageModel, said: str, taste: str, plain: Worded, facts: Sequence[str]
) -> tuple[Worded, Filled, str]:
    """Let the model word a reply; each part that says more than the facts keeps its template.

    Args:
        said: the person's message.
        taste: the profile in words.
        plain: the reply by template, with the cards in order.
        facts: what may be said of each card's item, in the same order.

    Returns:
        the reply, the raw answer, and the prompt's hash.

    Raises:
        ModelError: the model did not answer, or not in the form.
    """
    listed = "\n".join(f"{n}. {fact[:MOST_FACTS]}" for n, fact in enumerate(facts, 1))
    state = prompts.load(
        "reply_state",
        message=prompts.fence("message", said, 600),
        taste=prompts.fence("taste", taste, 600),
        facts=prompts.fence("facts", listed, 4000),
    )
    schema = reply_schema([card.id for card in plain.cards])
    turns = [("system", prompts.load("reply").text), ("user", state.text)]
    filled = model.fill(schema, turns, MOST_ANSWER_TOKENS)
    return _kept(filled, said, taste, plain, facts), filled, state.sha


def _kept(filled: Filled, said: str, taste: str, plain: Worded, facts: Sequence[str]) -> Worded:
    refused: list[str] = []

    def keep(key: str, template: str, known: Sequence[str]) -> str:
        text = filled.value.get(key)
        if not isinstance(text, str):
            raise ModelNonsense(f"the reply form lacks {key!r}")
        text = " ".join(text.split())
        wrong = unsupported(text, known)
        if wrong or len(text) > MOST_REASON or (not text and key != "question"):
            refused.append(f"{key}: {', '.join(wrong) or 'empty or too long'}")
            return template
        return text

    cards = tuple(
        card.model_copy(update={"reason": keep(str(n), card.reason, [fact, said, taste])})
        for n, (card, fact) in enumerate(zip(plain.cards, facts, strict=True), 1)
    )
    message = keep("lead", plain.message, [said])
    question = plain.question or keep("question", "", [said])
    return Worded(message, cards, question, tuple(refused))
