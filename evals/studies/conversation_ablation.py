"""What each kind of evidence gives.

``python -m tastemaker.evals.studies.conversation_ablation --workspace W --data-file F``

Five folds by conversation, items new to it, the whole catalogue but what was mentioned. Rows are
read once a fold; every line of the table fits its own weights on them.

``--time-split .6 --only "what is named lately"`` tells what is gained by forgetting, on the later conversations.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tastemaker.evals.dialogues.case import DialogueCase, Names, link
from tastemaker.evals.dialogues.files import read_dialogues
from tastemaker.evals.dialogues.lessons import Lessons
from tastemaker.evals.dialogues.system import dialogue_context_of, logged_contexts
from tastemaker.evals.metrics.bootstrap import Interval
from tastemaker.evals.metrics.list_metrics import ndcg, recall
from tastemaker.evals.reports.summary import cluster_mean
from tastemaker.evals.reports.text_table import markdown_table
from tastemaker.recommenders.conversation.choice_model import Choice, ChoiceModel, fit_choices
from tastemaker.recommenders.conversation.renown import foretell_mentions
from tastemaker.tools.conversation_ranker.context_knn import group_mentions
from tastemaker.tools.conversation_ranker.encoder import Learned
from tastemaker.tools.conversation_ranker.evidence import EvidenceReader, Own, evidence_names
from tastemaker.tools.conversation_ranker.folds import FOLDS
from tastemaker.tools.conversation_ranker.lately import Lately
from tastemaker.tools.conversation_ranker.ranker import fit_parts, sample_candidates
from tastemaker.tools.conversation_ranker.said_vectors import encode_said
from tastemaker.tools.dialogue_context import Embed
from tastemaker.tools.tool_context import ToolContext
from tastemaker.tools.workspace.workspace import Workspace

HEAD = ("evidence", "recall@1", "recall@10", "recall@50", "ndcg@10", "less all of it, ndcg@10")
DEEP = 50

GROUPS = {
    "popularity": ("named", "taken"),
    "co-mention": ("beside",),
    "echo of like moments": ("echo",),
    "conversation encoder": ("expected",),
    "what is named lately": ("lately", "beside lately"),
    "renown of what is like it": ("renown",),
    "recommender": ("taste",),
    "text of what was said": ("meaning", "tag", "words"),
    "likeness to mentioned texts": ("likeness", "nearest"),
    "values said": ("said ",),
    "values shared": ("shared ",),
    "numbers": ("year", "near "),
}
"""Name -> evidence, by its name or the beginning of it."""


Part = tuple[Sequence[DialogueCase], Sequence[DialogueCase]]


@dataclass(frozen=True)
class Fold:
    """One fold, read: choices to learn from, and evidence on the cases to ask."""

    choices: list[Choice]
    cases: list[DialogueCase]
    tables: npt.NDArray[np.float16]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Leave out each kind of evidence, and use each alone.")
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--data-file", type=Path, required=True)
    parser.add_argument("--time-split", type=float, help="learn from this share, score what came later")
    parser.add_argument(
        "--only", nargs="*", help="of these kinds of evidence alone, what leaving them out costs"
    )
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(arguments)
    tool_context = Workspace.open(chosen.workspace).tool_context()
    cases = link(read_dialogues(chosen.data_file), Names(tool_context.catalog))
    split, scored = Lessons(folds=None if chosen.time_split else FOLDS, time_split=chosen.time_split).split(
        cases, Names(tool_context.catalog)
    )
    parts = [
        (
            split.lessons_for(part, cases),
            [case for case in scored if split.part(case.group) == part and case.new],
        )
        for part in sorted({split.part(case.group) for case in scored})
    ]
    table = list(rows(tool_context, parts, chosen.seed, chosen.only))
    sys.stdout.write(markdown_table(HEAD, table) + "\n")


def rows(
    tool_context: ToolContext, parts: Sequence[Part], seed: int, only: Sequence[str] | None = None
) -> Iterator[tuple[str, ...]]:
    """The lines of the table: all with and without the network, each group left out, each alone.

    Args:
        tool_context: what is learned over.
        parts: what is learned from and what is scored, part by part.
        seed: of fits.
        only: groups to leave out one by one, with the network; nothing else then.
    """
    names = evidence_names(tool_context.catalog.schema)
    members = {
        group: [n for n, name in enumerate(names) if _is_in(name, starts)] for group, starts in GROUPS.items()
    }
    every = list(range(len(names)))
    variants = {"all, with network": (every, True), "all": (every, False)}
    variants |= {
        f"without {g}": ([n for n in every if n not in own], False) for g, own in members.items() if own
    }
    variants |= {f"only {g}": (own, False) for g, own in members.items() if own}
    if only:
        left = {g: [n for n in every if n not in members[g]] for g in only}
        variants = {"all": (every, True)} | {f"without {g}": (kept, True) for g, kept in left.items()}
    found: dict[str, dict[str, npt.NDArray[np.float64]]] = {name: {} for name in variants}
    moments = [dialogue_context_of(case) for lessons, asked in parts for case in (*lessons, *asked)]
    embed, learned = encode_said(tool_context.index, moments), Learned()
    for number, (lessons, asked) in enumerate(parts):
        fold = read_fold(tool_context, lessons, asked, seed, embed, learned)
        for variant, (kept, bent) in variants.items():
            model = fit_choices([_only(choice, kept) for choice in fold.choices], seed=seed, bent=bent)
            found[variant] |= {case.id: values for case, values in ask_fold(fold, model, kept, tool_context)}
        sys.stderr.write(f"part {number + 1} of {len(parts)}\n")
    group_of = {case.id: case.group for _, asked in parts for case in asked}
    whole = found["all"]
    for variant, values in found.items():
        groups = [group_of[case] for case in values]
        table = np.stack(list(values.values()))
        change = table[:, 3] - np.stack([whole[case] for case in values])[:, 3]
        means = [cluster_mean(groups, column.tolist()) for column in table.T]
        yield (
            variant,
            *map(_figure, means),
            "" if variant == "all" else _figure(cluster_mean(groups, change.tolist()), "+"),
        )


def read_fold(
    tool_context: ToolContext,
    lessons: Sequence[DialogueCase],
    asked: Sequence[DialogueCase],
    seed: int,
    embed: Embed,
    learned: Learned,
) -> Fold:
    """Evidence for one part; ``learned`` keeps what several parts need."""
    logged = logged_contexts(lessons)
    named = group_mentions(logged)
    parts = fit_parts(tool_context, logged, embed, seed, learned)
    lately = Lately.fit(tool_context.catalog, logged)
    renown = foretell_mentions(parts[0].counts, parts[2].items, seed)
    reader = EvidenceReader(tool_context, *parts, embed, lately, renown)
    choices = []
    for one in (one for one in logged if one.named):
        table = reader.read(one.dialogue, without=Own(one.conversation, named[one.conversation]))
        _, told = sample_candidates(table, one, tool_context.catalog, seed)
        choices.append(Choice(told[: len(one.named)], told[len(one.named) :]))
    tables = [reader.read(dialogue_context_of(case)).astype(np.float16) for case in asked]
    return Fold(choices, list(asked), np.stack(tables))


def ask_fold(
    fold: Fold, model: ChoiceModel, kept: Sequence[int], tool_context: ToolContext
) -> Iterator[tuple[DialogueCase, npt.NDArray[np.float64]]]:
    """Recall at 1, 10, 50 and NDCG at 10 of every case, on new items."""
    for case, table in zip(fold.cases, fold.tables, strict=True):
        scores = model.utilities(np.ascontiguousarray(table[:, kept], dtype=np.float32))
        scores[tool_context.catalog.rows(case.mentioned)] = -np.inf
        ranked = [tool_context.catalog.ids[row] for row in np.argsort(-scores, kind="stable")[:DEEP]]
        yield (
            case,
            np.array([*(recall(ranked, case.new, k) for k in (1, 10, 50)), ndcg(ranked, case.new, 10)]),
        )


def _only(choice: Choice, kept: Sequence[int]) -> Choice:
    return Choice(choice.chosen[:, kept], choice.others[:, kept])


def _is_in(name: str, starts: Sequence[str]) -> bool:
    return any(name == start or (start.endswith(" ") and name.startswith(start)) for start in starts)


def _figure(told: Interval, sign: str = "") -> str:
    mean, low, high = (
        f"{value:{sign}.3f}".replace("0.", ".", 1) for value in (told.mean, told.low, told.high)
    )
    return f"{mean} [{low}, {high}]"


if __name__ == "__main__":
    main()
