"""How long a person waits: ``python -m tastemaker.evals.bench_turns --workspace W --llm local``.

The peer, in the same run and with the same model, index and items, is the bot that people
build in an afternoon: search the vector store for the message, paste what was found into a
prompt, let the model write.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tastemaker.agent import Done, ItemShown, Session, Tastemaker
from tastemaker.agent.llm import LanguageModel
from tastemaker.agent.model_spec import open_model
from tastemaker.tools.workspace import Workspace

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


@dataclass(frozen=True)
class Waited:
    """Seconds from sending a message to the first item on screen, and to the end."""

    first: float | None
    whole: float


def main() -> None:
    """Print the table."""
    options = _options()
    workspace = Workspace.open(options.workspace)
    model = open_model(options.llm)
    rows: dict[str, list[Waited]] = {"rules": _turns(workspace, None, "fast")}
    if model:
        rows["RAG bot"] = _rag_bot(workspace, model)
        for effort in ("fast", "balanced", "thorough")[: options.efforts]:
            rows[f"{options.llm} {effort}"] = _turns(workspace, model, effort)
    for line in _table(rows, "RAG bot" if model else "rules"):
        sys.stdout.write(line + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--llm", default="rules")
    parser.add_argument("--efforts", type=int, default=2, help="fast; balanced; thorough: how many of them")
    return parser.parse_args()


def _turns(workspace: Workspace, model: LanguageModel | None, effort: str) -> list[Waited]:
    with Tastemaker(workspace, model, effort) as tm:
        tm.warm_up()
        session = tm.session(liked=[max(tm.mind.shelf.catalog, key=lambda item: _taken(tm, item.id)).id])
        session.send("anything")
        return [_timed(session, message) for message in MESSAGES]


def _taken(tm: Tastemaker, item_id: str) -> int:
    return int(tm.mind.shelf.popularity[tm.mind.shelf.catalog.row(item_id)])


def _timed(session: Session, message: str) -> Waited:
    started, first = time.perf_counter(), None
    for event in session.stream(message):
        if isinstance(event, ItemShown) and first is None:
            first = time.perf_counter() - started
        if isinstance(event, Done):
            break
    return Waited(first, time.perf_counter() - started)


def _rag_bot(workspace: Workspace, model: LanguageModel) -> list[Waited]:
    shelf = workspace.shelf()
    form = {
        "title": "answer", "description": "free text", "type": "object", "additionalProperties": False,
        "properties": {"answer": {"type": "string"}}, "required": ["answer"],
    }  # fmt: skip

    def answer(message: str) -> Waited:
        started = time.perf_counter()
        found = [shelf.catalog[item_id] for item_id, _ in shelf.index.search(message, RAG_ITEMS)]
        items = "\n".join(f"{item.title}: {'; '.join(map(str, item.attributes.values()))}" for item in found)
        prompt = f"Recommend from these items only and say why.\n{items}\nMessage: {message}"
        model.fill(form, [("user", prompt)], RAG_TOKENS)
        whole = time.perf_counter() - started
        return Waited(whole, whole)

    try:
        return [_or_cut(answer, message) for message in MESSAGES]
    finally:
        shelf.index.close()


def _or_cut(answer: Callable[[str], Waited], message: str) -> Waited:
    """An answer that hits the token limit took its time all the same."""
    from tastemaker.retrieval.errors import ModelNonsense

    started = time.perf_counter()
    try:
        return answer(message)
    except ModelNonsense:
        whole = time.perf_counter() - started
        return Waited(whole, whole)


def _table(rows: dict[str, list[Waited]], peer: str) -> Iterable[str]:
    base = statistics.median(waited.whole for waited in rows[peer])
    yield "| system | first item, median s | whole turn, median s | slowest s | whole / peer |"
    yield "| --- | --- | --- | --- | --- |"
    for name, waits in rows.items():
        firsts = [waited.first for waited in waits if waited.first is not None]
        wholes = [waited.whole for waited in waits]
        whole = statistics.median(wholes)
        yield (
            f"| {name} | {statistics.median(firsts):.3f} | {whole:.3f} | {max(wholes):.3f} | {whole / base:.2f} |"
        )


if __name__ == "__main__":
    main()
