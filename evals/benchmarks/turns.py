"""How long a person waits: ``python -m tastemaker.evals.benchmarks.turns --workspace W --llm local``.

The peer, in the same run and with the same model, index and items, is the bot that people
build in an afternoon: search the vector store for the message, paste what was found into a
prompt, let the model write. Each turn also tells how many prompt tokens the server had to read, those that
it found in its cache not counted; turns by rules are repeated, so that their slow ones are known too.
Six short messages said over and over flatter: ``--requests FILE``, as ``tastemaker eval requests`` reads it, times
each message of people's own once.
With a model each turn is told as it ends, on the error stream: the whole takes minutes on two cores.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tastemaker.agent import CardsByRules, Done, ItemShown, Session, Tastemaker
from tastemaker.agent.llm.model import LanguageModel
from tastemaker.agent.llm.open_models import open_model
from tastemaker.agent.llm.usage import Usage
from tastemaker.evals.reports.text_table import markdown_table
from tastemaker.evals.requests.case import conversations
from tastemaker.evals.requests.files import read_requests
from tastemaker.retrieval.catalog.item_text import stated_attributes
from tastemaker.tools.workspace.workspace import Workspace

MESSAGES = (
    "something tense, no comedy",
    "what is the second one about?",
    "not the first one, something funnier please",
    "rather an old love story",
    "the one where somebody is wrongly accused",
    "show me others",
)
RAG_ITEMS = 5
RAG_TOKENS = 220
RULES_SESSIONS = 20
"""So often the messages are sent by rules, for a 95th percentile of 120 turns."""

HEAD = (
    "system",
    "turns",
    "first item, median s",
    "whole turn, median s",
    "p95 s",
    "slowest s",
    "CPU, median s",
    "p95",
    "uncached prompt tokens, median",
    "most",
    "model calls, most",
    "whole / peer",
)


@dataclass(frozen=True)
class Waited:
    """Seconds from sending a message to the first item on screen, and to the end; what the model was asked.

    ``cpu`` are those of this process, which a busy machine does not stretch.
    """

    first: float | None
    whole: float
    cpu: float = 0.0
    usage: Usage = field(default_factory=Usage)

    @property
    def prompt_misses(self) -> int:
        """Prompt tokens that the server had to read."""
        return self.usage.prompt_tokens - self.usage.cached_tokens


def main() -> None:
    """Print the table."""
    options = _options()
    workspace = Workspace.open(options.workspace)
    model = open_model(options.llm)
    rows: dict[str, list[Waited]] = {"rules": list(_turns(workspace, None, "fast", RULES_SESSIONS))}
    if options.requests:
        rows["rules, each message once"] = list(_once(workspace, options.requests))
    if model:
        rows["RAG bot"] = _report("RAG bot", _rag_bot(workspace, model))
        for effort in ("fast", "balanced", "thorough")[: options.efforts]:
            name = f"{options.llm} {effort}"
            rows[name] = _report(name, _turns(workspace, model, effort))
    sys.stdout.write(markdown_table(HEAD, list(_table(rows, "RAG bot" if model else "rules"))) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--llm", default="rules")
    parser.add_argument(
        "--requests", type=Path, help="file of people's requests; each is timed once, by rules"
    )
    parser.add_argument("--efforts", type=int, default=2, help="fast; balanced; thorough: how many of them")
    return parser.parse_args()


def _report(name: str, waits: Iterable[Waited]) -> list[Waited]:
    """All of them, each told as it comes."""
    held = list[Waited]()
    for waited in waits:
        first = "no item" if waited.first is None else f"first item {waited.first:.1f} s"
        usage = waited.usage
        sys.stderr.write(
            f"{name}, turn {len(held) + 1} of {len(MESSAGES)}: {first}, whole {waited.whole:.1f} s, "
            f"{waited.prompt_misses} prompt tokens read, {usage.completion_tokens} written\n"
        )
        held.append(waited)
    return held


def _turns(
    workspace: Workspace, model: LanguageModel | None, effort: str, sessions: int = 1
) -> Iterator[Waited]:
    with TemporaryDirectory() as home, Tastemaker(workspace, model, effort, home=Path(home)) as tm:
        tm.warm_up()
        best_known = max(tm.resources.tool_context.catalog, key=lambda item: _popularity_of(tm, item.id)).id
        for _ in range(sessions):
            tm.resources.tool_context.nearness.forget()  # other people do not say the same words
            tm.resources.tool_context.ranker_chances.forget()
            tm.resources.tool_context.fits.forget()
            session = tm.session(liked=[best_known])
            session.send("anything")
            for message in MESSAGES:
                yield _time(session, message)


def _once(workspace: Workspace, path: Path) -> Iterator[Waited]:
    """Each message of a file once, in its conversation: nothing of it was ever embedded or weighed."""
    with TemporaryDirectory() as home, Tastemaker(workspace, None, "fast", home=Path(home)) as tm:
        tm.warm_up()
        for conversation in conversations(read_requests(path)):
            session = tm.session()
            for one in conversation:
                yield _time(session, one.message)


def _popularity_of(tm: Tastemaker, item_id: str) -> int:
    return int(tm.resources.tool_context.popularity[tm.resources.tool_context.catalog.row(item_id)])


def _time(session: Session, message: str) -> Waited:
    started, first, usage = time.perf_counter(), None, Usage()
    worked = time.process_time()
    for event in session.stream(message):
        if isinstance(event, CardsByRules | ItemShown) and first is None:
            first = time.perf_counter() - started
        if isinstance(event, Done):
            usage = event.reply.usage
    return Waited(first, time.perf_counter() - started, time.process_time() - worked, usage)


def _rag_bot(workspace: Workspace, model: LanguageModel) -> Iterator[Waited]:
    tool_context = workspace.tool_context()
    form = {
        "title": "answer",
        "description": "free text",
        "type": "object",
        "additionalProperties": False,
        "properties": {"answer": {"type": "string"}},
        "required": ["answer"],
    }

    stated = stated_attributes(tool_context.catalog.schema)

    def answer(message: str) -> Waited:
        started = time.perf_counter()
        found = [
            tool_context.catalog[item_id] for item_id, _ in tool_context.index.search(message, RAG_ITEMS)
        ]
        items = "\n".join(
            f"{item.title}: {'; '.join(str(v) for n, v in item.attributes.items() if n in stated)}"
            for item in found
        )
        prompt = f"Recommend from these items only and say why.\n{items}\nMessage: {message}"
        filled = model.complete(form, [("user", prompt)], RAG_TOKENS)
        whole = time.perf_counter() - started
        return Waited(whole, whole, usage=filled.usage)

    try:
        for message in MESSAGES:
            yield _or_cut(answer, message)
    finally:
        tool_context.index.close()


def _or_cut(answer: Callable[[str], Waited], message: str) -> Waited:
    """An answer that hits the token limit took its time all the same."""
    from tastemaker.retrieval.errors import ModelNonsense

    started = time.perf_counter()
    try:
        return answer(message)
    except ModelNonsense:
        whole = time.perf_counter() - started
        return Waited(whole, whole)


def _table(rows: dict[str, list[Waited]], peer: str) -> Iterable[tuple[str, ...]]:
    base = statistics.median(waited.whole for waited in rows[peer])
    for name, waits in rows.items():
        firsts = [waited.first for waited in waits if waited.first is not None]
        wholes = sorted(waited.whole for waited in waits)
        read = [waited.prompt_misses for waited in waits]
        whole = statistics.median(wholes)
        yield (
            name,
            str(len(waits)),
            f"{statistics.median(firsts):.3f}",
            f"{whole:.3f}",
            f"{float(np.quantile(wholes, 0.95)):.3f}",
            f"{wholes[-1]:.3f}",
            f"{statistics.median(waited.cpu for waited in waits):.3f}",
            f"{float(np.quantile([waited.cpu for waited in waits], 0.95)):.3f}",
            f"{statistics.median(read):.0f}",
            str(max(read)),
            str(max(waited.usage.calls for waited in waits)),
            f"{whole / base:.2f}",
        )


if __name__ == "__main__":
    main()
