"""What a model's choice by letter is worth.

``python -m tastemaker.evals.studies.choice_weight --workspace W --data-file F``

For moments of logged conversations the agent's tools make their list, and the model weighs the first
twenty (see :mod:`tastemaker.agent.shortlist.llm_rerank`). Under each weight the twenty are sorted anew and compared
with what the human recommender then named. The weight is fitted on four folds of conversations and
judged on the fifth, in turn. ``--write`` keeps it, fitted on all rows, if the judged gain is above zero
with its whole interval, and zero otherwise.

Where nothing to be found is among the twenty no choice can change the figure: such moments count as they are and
the model is not asked. Rows are written as they come: a stopped run goes on in the same file.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from tastemaker.agent.llm.model import FormAnswer, LanguageModel
from tastemaker.agent.llm.model_profile import profile_of, profiles_as_json, read_profiles
from tastemaker.agent.llm.open_models import open_models
from tastemaker.agent.shortlist.fusion import Fused
from tastemaker.agent.shortlist.llm_rerank import LETTERS, Shown, preferences, reorder
from tastemaker.agent.shortlist.tool_loop import taste_in_words
from tastemaker.evals.dialogues.agent_system import AgentSystem, teach_agent
from tastemaker.evals.dialogues.case import DialogueCase
from tastemaker.evals.dialogues.sample import sample
from tastemaker.evals.metrics.bootstrap import Interval
from tastemaker.evals.metrics.list_metrics import ndcg
from tastemaker.evals.reports.summary import cluster_mean
from tastemaker.evals.reports.text_table import markdown_table
from tastemaker.retrieval.atomic_write import write_atomically
from tastemaker.retrieval.errors import ConfigError, ModelError
from tastemaker.tools.conversation_ranker.folds import FOLDS, fold_of

WEIGHTS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0)
K = 10
HEAD = ("weight", f"ndcg@{K}", "less weight 0")


@dataclass(frozen=True)
class Row:
    """One moment: the tools' first items and scores, what was to be found, and what the model favours.

    Attributes:
        gold: what was named next and had not been mentioned; ``outside:`` before what the catalogue lacks.
        liked: standardised preferences in the order of ``ids``; None where the model was not asked.
        tokens: prompt tokens that the server had to read.
    """

    id: str
    group: str
    ids: tuple[str, ...]
    scores: tuple[float, ...]
    gold: tuple[str, ...]
    liked: tuple[float, ...] | None = None
    seconds: float = 0.0
    tokens: int = 0

    def gain(self, weight: float) -> float:
        """NDCG of the list under a weight."""
        ranked = [Fused(i, score, ()) for i, score in zip(self.ids, self.scores, strict=True)]
        if self.liked is not None:
            ranked = reorder(ranked, np.array(self.liked), weight)
        return ndcg([one.id for one in ranked], self.gold, K)

    def hopeless(self) -> bool:
        """Whether no order of the items could change the figure."""
        return not set(self.ids) & set(self.gold)


def main(arguments: Sequence[str] | None = None) -> None:
    """Ask, fit, print; with ``--write`` keep the weight."""
    chosen = _options(arguments)
    model = open_models(chosen.llm)
    if model is None:
        raise ConfigError("the rules choose nothing; give --llm local, or another model")
    with teach_agent(chosen.workspace, chosen.data_file, chosen.seed) as (agent, cases):
        asked = sample(cases, chosen.limit, chosen.seed)
        ask(asked, agent, model, chosen.rows, chosen.seconds)
    rows = read_rows(chosen.rows)
    weight, gain = evaluate(rows)
    sys.stdout.write("\n".join(report(rows, model.name, weight, gain)) + "\n")
    if chosen.write:
        keep(chosen.write, model.name, rows, weight, gain)


def ask(
    cases: Sequence[DialogueCase],
    agent: AgentSystem,
    model: LanguageModel,
    file: Path,
    most_seconds: float = float("inf"),
) -> None:
    """Append a row for every case that has something to find and no row yet, until the time is over."""
    done = {row.id for row in read_rows(file)} if file.exists() else set[str]()
    until = time.monotonic() + most_seconds
    with file.open("a", encoding="utf-8") as rows:
        for case in tqdm([case for case in cases if case.id not in done], desc="choosing", unit="moment"):
            if time.monotonic() > until:
                break
            if (case.new or case.outside) and (row := row_of(case, agent, model)):
                rows.write(json.dumps(asdict(row)) + "\n")
                rows.flush()


def row_of(case: DialogueCase, agent: AgentSystem, model: LanguageModel) -> Row | None:
    """A case as a row; None where the agent shows nothing or the model does not answer."""
    cards, profile = agent.shortlist(case, len(LETTERS))
    if not cards or not case.targets:
        return None
    row = Row(case.id, case.group, tuple(c.id for c in cards), tuple(c.score for c in cards), case.targets)
    if row.hopeless():
        return row
    tool_context, calls, started = agent.tool_context_of(case), list[FormAnswer](), time.perf_counter()
    talk = [one.text for one in case.context if one.text.strip()]
    shown = Shown.of(tool_context.catalog, row.ids, talk, taste_in_words(tool_context, profile))
    try:
        liked = preferences(model, shown, lambda _, filled: calls.append(filled))
    except ModelError as error:
        sys.stderr.write(f"{case.id}: {error}\n")
        return None
    read = sum(call.usage.prompt_tokens - call.usage.cached_tokens for call in calls)
    took = round(time.perf_counter() - started, 3)
    return Row(row.id, row.group, row.ids, row.scores, row.gold, tuple(map(float, liked)), took, read)


def read_rows(file: Path) -> list[Row]:
    """What :func:`ask` wrote; a last line that a kill cut short is left out."""
    rows = []
    for line in file.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            fields = json.loads(line)
            tuples = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
            rows.append(Row(**{**fields, **tuples}))
    return rows


def fit(rows: Sequence[Row]) -> float:
    """The weight under which the rows' mean NDCG is highest; the lowest of equals."""
    return max(WEIGHTS, key=lambda weight: (round(_mean(rows, weight), 9), -weight))


def evaluate(rows: Sequence[Row]) -> tuple[float, Interval]:
    """The weight to keep, and what fitted weights gain on conversations that they were not fitted on.

    Raises:
        ConfigError: the rows are of too few conversations to fit and judge on different ones.
    """
    held = [
        ([row for row in rows if fold_of(row.group) != n], [row for row in rows if fold_of(row.group) == n])
        for n in range(FOLDS)
    ]
    if not all(learned and asked for learned, asked in held):
        raise ConfigError(f"{len(rows)} rows are too few for {FOLDS} folds of conversations; raise --limit")
    gains = list[tuple[str, float]]()
    for learned, asked in held:
        weight = fit(learned)
        gains += [(row.group, row.gain(weight) - row.gain(0)) for row in asked]
    told = cluster_mean([group for group, _ in gains], [gain for _, gain in gains])
    return (fit(rows) if told.low > 0 else 0.0), told


def report(rows: Sequence[Row], name: str, weight: float, gain: Interval) -> Iterator[str]:
    """The figures as lines."""
    chosen = [row for row in rows if row.liked is not None]
    yield (
        f"{name}: {len(rows)} moments of {len({row.group for row in rows})} conversations; in {len(chosen)} "
        f"something to find was among the {len(LETTERS)} and the model chose"
    )
    if chosen:
        yield (
            f"mean place of the best of it: tools {_mean_place(chosen, None):.2f}, "
            f"model alone {_mean_place(chosen, 1e9):.2f}, "
            f"chance {np.mean([_by_chance(row) for row in chosen]):.2f}; "
            f"median {np.median([row.seconds for row in chosen]):.1f} s and "
            f"{np.median([row.tokens for row in chosen]):.0f} uncached prompt tokens a choice"
        )
    yield markdown_table(HEAD, [_line(rows, one) for one in WEIGHTS])
    yield (
        f"fitted on four folds, judged on the fifth: {gain.mean:+.4f} [{gain.low:+.4f}, {gain.high:+.4f}]; "
        f"weight kept: {weight:g}"
    )


def keep(file: Path, name: str, rows: Sequence[Row], weight: float, gain: Interval) -> None:
    """Put a model's weight into the file of profiles, beside those of other models."""
    held = read_profiles(file)
    measured = {
        "weight": weight,
        "moments": len(rows),
        "chosen": sum(row.liked is not None for row in rows),
        "gain": [round(value, 4) for value in (gain.mean, gain.low, gain.high)],
        "metric": f"ndcg@{K}",
    }
    known = held.get(name) or profile_of(name)
    told = {"order": weight, "measured": {**known.measured, "order": measured}}
    write_atomically(file, profiles_as_json({**held, name: known.model_copy(update=told)}).encode())


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Fit what a model's choice by letter counts.")
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--data-file", type=Path, required=True, help="logged conversations")
    parser.add_argument("--llm", default="local")
    parser.add_argument("--limit", type=int, help="only so many moments, of whole conversations")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop asking after so many")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rows", type=Path, required=True, help="file of rows; an earlier run goes on there")
    parser.add_argument(
        "--write", type=Path, help="keep the weight in this file (agent/llm/model_profiles.json)"
    )
    return parser.parse_args(arguments)


def _mean(rows: Sequence[Row], weight: float) -> float:
    return float(np.mean([row.gain(weight) for row in rows]))


def _line(rows: Sequence[Row], weight: float) -> tuple[str, str, str]:
    told = cluster_mean([row.group for row in rows], [row.gain(weight) - row.gain(0) for row in rows])
    change = f"{told.mean:+.4f} [{told.low:+.4f}, {told.high:+.4f}]" if weight else ""
    return f"{weight:g}", f"{_mean(rows, weight):.4f}", change


def _mean_place(rows: Sequence[Row], weight: float | None) -> float:
    """Mean of the best place that something to be found has: by the tools, or under a weight."""
    places = []
    for row in rows:
        ranked = [Fused(i, score, ()) for i, score in zip(row.ids, row.scores, strict=True)]
        if weight is not None and row.liked is not None:
            ranked = reorder(ranked, np.array(row.liked), weight)
        places.append(next(n for n, one in enumerate(ranked, 1) if one.id in row.gold))
    return float(np.mean(places))


def _by_chance(row: Row) -> float:
    """The expected best place of its right items in a random order: (n + 1) / (r + 1)."""
    return (len(row.ids) + 1) / (len(set(row.ids) & set(row.gold)) + 1)


if __name__ == "__main__":
    main()
