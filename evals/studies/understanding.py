"""How well messages are understood, on labelled ones: ``python -m tastemaker.evals.studies.understanding --llm rules``.

A message's slots are its titles with how the person speaks of them, its conditions, the
attributes it lets go of, and its wish. Precision, recall and F1 are over all slots of all
messages. Conditions are compared by what they mean ("after 1985" is "at least 1986"),
titles without case, accents and articles, wishes by their telling words: at least half of
them in common, as F1.

The figures of the held-out half are the honest ones; ``--show`` lists mistakes of the fit half only.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from tastemaker.agent.llm.model import LanguageModel
from tastemaker.agent.llm.open_models import RULES, open_model
from tastemaker.agent.nlu.tokenizer import STOPWORDS, words
from tastemaker.agent.nlu.understanding import Mention, Understanding
from tastemaker.agent.turn.state import TurnResources
from tastemaker.evals.benchmarks.recommenders import say, say_table
from tastemaker.evals.studies.labelled_messages import Half, Labelled, read_messages
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.errors import ModelError, QueryError
from tastemaker.retrieval.filters.conditions import Constraint, Op, values_of
from tastemaker.retrieval.filters.constraints import check, span
from tastemaker.retrieval.text.normalise import normalise, without_article
from tastemaker.retrieval.text.tokens import singular
from tastemaker.tools.workspace.workspace import Workspace

MIN_QUERY_OVERLAP = 0.5
Slot = tuple[Any, ...]
KINDS = ("mention", "condition", "forget", "wish")


@dataclass
class Counts:
    """Slots found, wanted, and both."""

    found: int = 0
    wanted: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        """Share of the slots found that are right; 1 where none was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the slots wanted that were found; 1 where none was wanted."""
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two.

        >>> Counts(found=4, wanted=2, right=2).f1
        0.6666666666666666
        """
        total = self.found + self.wanted
        return 2 * self.right / total if total else 1.0

    def add(self, found: Sequence[Slot], wanted: Sequence[Slot]) -> None:
        """Count one message's slots; each wanted slot can be found once."""
        left = list(wanted)
        for slot in found:
            match = next((one for one in left if same(slot, one)), None)
            if match is not None:
                left.remove(match)
        self.found += len(found)
        self.wanted += len(wanted)
        self.right += len(wanted) - len(left)


def slots(said: Understanding, catalog: Catalog) -> list[Slot]:
    """The slots of an understanding in a form in which equal meanings are equal."""
    mentions = [("mention", _mention(one), one.sentiment.value) for one in said.mentions]
    forgotten = [("forget", name) for name in said.forget]
    telling = frozenset(singular(w.norm) for w in words(said.wish) if w.norm not in STOPWORDS)
    query_text = [("wish", telling)] if telling else []
    return [*mentions, *_conditions(said.constraints, catalog), *forgotten, *query_text]


def same(one: Slot, other: Slot) -> bool:
    """Whether two slots say the same."""
    if one[0] == other[0] == "wish":
        common = len(one[1] & other[1])
        return 2 * common >= MIN_QUERY_OVERLAP * (len(one[1]) + len(other[1]))
    return one == other


def read_all(
    messages: Sequence[Labelled], resources: TurnResources, model: LanguageModel | None, progress: bool
) -> Iterator[Understanding]:
    """What a reader makes of each message; where the model fails, the rules, as in a conversation."""
    for labelled in tqdm(messages, disable=not progress, unit="message"):
        plainly = resources.rules.read(labelled.message)
        try:
            yield resources.reader.read(labelled.message, model, plainly)[0] if model else plainly
        except ModelError:
            yield plainly


def scores(
    messages: Sequence[Labelled], read: Sequence[Understanding], catalog: Catalog
) -> dict[str, Counts]:
    """Counts by kind of slot, and for easy, hard, fit, held-out and all messages."""
    counts = {name: Counts() for name in (*KINDS, "easy", "hard", *Half, "all")}
    for labelled, said in zip(messages, read, strict=True):
        found, wanted = slots(said, catalog), slots(labelled.meant, catalog)
        for name in ("all", "hard" if labelled.hard else "easy", labelled.half):
            counts[name].add(found, wanted)
        for kind in KINDS:
            counts[kind].add(_of_kind(found, kind), _of_kind(wanted, kind))
    return counts


def main(arguments: Sequence[str] | None = None) -> None:
    """Read every message and print the figures; with ``--show``, what was read wrongly."""
    parser = argparse.ArgumentParser(description="Measure how well messages are understood.")
    parser.add_argument("--workspace", type=Path, default=Path("workspaces/ml-100k"))
    parser.add_argument("--llm", default=RULES, help="rules, local, http://host/v1#MODEL or PROVIDER:MODEL")
    parser.add_argument("--limit", type=int, default=None, help="only so many messages, evenly spread")
    parser.add_argument("--show", action="store_true", help="list what was read wrongly in the fit half")
    parser.add_argument("--json", type=Path, default=None, help="write the figures there")
    chosen = parser.parse_args(arguments)
    messages, model = spread(read_messages(), chosen.limit), open_model(chosen.llm)
    tool_context = Workspace.open(chosen.workspace).tool_context()
    began = time.perf_counter()
    read = list(read_all(messages, TurnResources.of(tool_context), model, progress=sys.stderr.isatty()))
    seconds = (time.perf_counter() - began) / len(messages)
    if chosen.show:
        for line in _wrong(messages, read, tool_context.catalog):
            say(line)
    counts = scores(messages, read, tool_context.catalog)
    intents = intents_right(messages, read)
    _report(chosen.llm, counts, intents, seconds)
    if chosen.json:
        figures = {
            name: {"precision": c.precision, "recall": c.recall, "f1": c.f1} for name, c in counts.items()
        }
        record = {"llm": chosen.llm, "messages": len(messages), "intent_accuracy": intents, "slots": figures}
        chosen.json.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def spread(messages: Sequence[Labelled], most: int | None) -> list[Labelled]:
    """At most so many messages, evenly spread over the set; all of them for None."""
    if most is None or most >= len(messages):
        return list(messages)
    return [messages[place * len(messages) // most] for place in range(most)]


def intents_right(messages: Sequence[Labelled], read: Sequence[Understanding]) -> dict[str, float]:
    """Share of messages whose intent was read rightly, by half and of all; NaN where there is none."""
    right = [(one.half, one.meant.intent == said.intent) for one, said in zip(messages, read, strict=True)]
    shares = {half.value: [hit for which, hit in right if which is half] for half in Half}
    shares["all"] = [hit for _, hit in right]
    return {name: sum(hits) / len(hits) if hits else math.nan for name, hits in shares.items()}


def _report(llm: str, counts: dict[str, Counts], intents: dict[str, float], seconds: float) -> None:
    rows = [(f"slots, read by {llm}", "wanted", "precision", "recall", "F1")]
    rows += [
        (name, str(c.wanted), f"{c.precision:.3f}", f"{c.recall:.3f}", f"{c.f1:.3f}")
        for name, c in counts.items()
    ]
    say_table(rows)
    shares = ", ".join(f"{name} {share:.3f}" for name, share in intents.items())
    say(f"intent right: {shares}; {seconds:.3f} s a message")


def _wrong(messages: Sequence[Labelled], read: Sequence[Understanding], catalog: Catalog) -> Iterator[str]:
    for labelled, said in zip(messages, read, strict=True):
        found, wanted = slots(said, catalog), slots(labelled.meant, catalog)
        extra = [slot for slot in found if not any(same(slot, one) for one in wanted)]
        missed = [slot for slot in wanted if not any(same(slot, one) for one in found)]
        wrong = extra or missed or said.intent != labelled.meant.intent
        if wrong and labelled.half is Half.FIT:
            unlike = "" if said.intent is labelled.meant.intent else f" (meant {labelled.meant.intent})"
            yield f"{labelled.message!r}\n    {said.intent}{unlike} missed {_show(missed)} extra {_show(extra)}"


def _show(some: Iterable[Slot]) -> str:
    return (
        "; ".join(" ".join(str(sorted(p) if isinstance(p, frozenset) else p) for p in one) for one in some)
        or "-"
    )


def _of_kind(some: Sequence[Slot], kind: str) -> list[Slot]:
    return [slot for slot in some if slot[0] == kind]


def _mention(mention: Mention) -> str:
    return without_article(normalise(mention.title)) if mention.place is None else mention.text


def _conditions(constraints: Sequence[Constraint], catalog: Catalog) -> list[Slot]:
    ranges: dict[str, tuple[float, float]] = {}
    said: list[Slot] = []
    for constraint in constraints:
        try:
            constraint = check(constraint, catalog.schema)
        except QueryError:
            said.append(("condition", "malformed", str(constraint)))
            continue
        kind = catalog.schema[constraint.field].kind
        if kind in (Kind.NUMBER, Kind.DATE) and constraint.op not in (Op.IS_NOT, Op.NONE_OF, Op.ANY_OF):
            low, high = _range(constraint, kind)
            before = ranges.get(constraint.field, (-math.inf, math.inf))
            ranges[constraint.field] = max(low, before[0]), min(high, before[1])
        else:
            said += _labels(constraint)
    return [*dict.fromkeys(said), *(("condition", name, *ends) for name, ends in ranges.items())]


def _range(constraint: Constraint, kind: Kind) -> tuple[float, float]:
    spans = [span(value, kind) for value in values_of(constraint)]
    low, high = spans[0][0], spans[-1][1]
    ends = {
        Op.AT_LEAST: (low, math.inf),
        Op.AT_MOST: (-math.inf, high),
        Op.AFTER: (high + 1, math.inf),
        Op.BEFORE: (-math.inf, low - 1),
    }
    return ends.get(constraint.op, (low, high))


def _labels(constraint: Constraint) -> list[Slot]:
    wanted = [str(value).casefold() for value in values_of(constraint)]
    if constraint.op is Op.ANY_OF and len(wanted) > 1:
        return [("condition", constraint.field, "any", frozenset(wanted))]
    sign = "not" if constraint.op in (Op.IS_NOT, Op.NONE_OF) else "has"
    return [("condition", constraint.field, sign, value) for value in wanted]


if __name__ == "__main__":
    main()
