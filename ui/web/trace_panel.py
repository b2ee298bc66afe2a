"""What happened in the last turn, step by step."""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.agent.events import (
    CardsByRules,
    Done,
    Event,
    Explored,
    Fallback,
    ItemShown,
    ModelCalled,
    ModelSwitched,
    Started,
    Text,
    ToolCalled,
    Understood,
)
from tastemaker.agent.llm.usage import Usage
from tastemaker.agent.nlu.tokenizer import shorten
from tastemaker.ui.web.exchange import call_in_words, status_of
from tastemaker.ui.web.html import Html, count, tag
from tastemaker.ui.web.strings import t

NO_TURN = "No turn yet. Each search and each call of the language model will be listed here."
MAX_PROSE = 160
WHY_STOPPED = {"finished": "enough was found", "rounds": "all rounds used", "failed": "the model failed"}


def trace_panel(events: Sequence[Event]) -> Html:
    """The events of one turn as a list; a hint where there are none."""
    if not events:
        return tag("p", t(NO_TURN), class_="tm-empty")
    return tag("ol", [_step(event) for event in events], class_="tm-steps")


def _step(event: Event) -> Html:
    match event:
        case Started():
            return _row("start", "Started", f"{event.llm}, effort {event.effort}")
        case Understood():
            by = str(event.understanding.get("by", ""))
            return _row("read", status_of(event), f"read by {by}" if by else "", event.notes)
        case ToolCalled():
            return _tool(event)
        case ModelCalled():
            return _row("model", f"Model: {event.step}", _tokens(event.usage))
        case Explored():
            rounds = count(event.rounds, "round")
            return _row("model", f"Exploring: {WHY_STOPPED[event.stopped]}", rounds, (event.why,))
        case ModelSwitched():
            return _row("fallback", f"{event.model} failed, the next is asked", event.step, (event.reason,))
        case Fallback():
            return _row("fallback", f"Without the model: {event.step}", "", (event.reason,))
        case CardsByRules():
            return _row("item", "By rules, while the model is asked", count(len(event.cards), "item"))
        case ItemShown():
            sources = [source.label() for source in event.card.sources]
            return _row("item", event.card.title, f"score {event.card.score:.4f}", sources)
        case Text():
            return _row("text", "Words", "", (shorten(event.text, MAX_PROSE),))
        case Done():
            usage = event.reply.usage
            return _row("done", "Done", _tokens(usage) if usage.calls else "no model call")


def _tool(event: ToolCalled) -> Html:
    spent = f"{event.found:,} found · {event.seconds * 1000:.0f} ms"
    best = (f"best: {', '.join(event.best)}",) if event.best else ()
    return _row("tool", call_in_words(event), spent, (*best, event.note))


def _row(kind: str, words: str, figures: str, more: Sequence[str] = ()) -> Html:
    return tag(
        "li",
        tag("span", words, class_="tm-step-what"),
        tag("span", figures, class_="tm-step-figures") if figures else None,
        [tag("span", line, class_="tm-step-more") for line in more if line],
        class_=f"tm-step tm-step-{kind}",
    )


def _tokens(usage: Usage) -> str:
    cached = f" ({usage.cached_tokens:,} cached)" if usage.cached_tokens else ""
    calls = f"{count(usage.calls, 'call')} · " if usage.calls > 1 else ""
    cost = f" · costs {usage.cost:.4f}" if usage.cost else ""
    return (
        f"{calls}{usage.prompt_tokens:,} tokens in{cached} · {usage.completion_tokens:,} out"
        f" · {usage.seconds:.1f} s{cost}"
    )
