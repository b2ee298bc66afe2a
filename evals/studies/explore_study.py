"""What steps of exploration give: ``python -m tastemaker.evals.studies.explore_study --workspace W --data-file F``.

The same steps are taken at every moment of logged conversations, whatever a model would have chosen: by each
tool, the step that lies nearest. Then each way of fusing what they found with the opening calls is compared
with the opening calls alone, on items new to the conversation. So the fusion can be
settled on hundreds of moments without a language model; what a model adds by choosing its steps is
measured with ``tastemaker eval dialogues --effort thorough``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.shortlist.fusion import Fused, fuse, has_conversation_list, weight_of
from tastemaker.agent.shortlist.opening_calls import opening_calls, time_call
from tastemaker.agent.shortlist.tool_loop import take
from tastemaker.evals.dialogues.agent_system import NOTHING_SAID, AgentSystem, teach_agent
from tastemaker.evals.dialogues.case import DialogueCase
from tastemaker.evals.dialogues.sample import sample
from tastemaker.evals.metrics.list_metrics import ndcg
from tastemaker.evals.reports.summary import cluster_mean
from tastemaker.evals.reports.text_table import markdown_table
from tastemaker.retrieval.catalog.catalog import as_tags
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.errors import QueryError, ToolError
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.tool_context import ToolContext

K = 10
HEAD = ("fusion", "moments", f"ndcg@{K}", "less the opening calls alone")
AS_OPENING: Mapping[str, float] = {"rank": 1.0, "retrieve": 1.0, "similar": 0.5, "filter": 0.5}
"""Steps at these weights were the first design."""

Fusion = Callable[["Explored"], list[Fused]]


@dataclass(frozen=True)
class Explored:
    """One moment: what the opening calls and the steps found, and what was then named."""

    group: str
    gold: tuple[str, ...]
    opening: tuple[Candidates, ...]
    steps: tuple[Candidates, ...]

    def gain(self, fusion: Fusion) -> float:
        """NDCG of the list that a fusion gives."""
        return ndcg([one.id for one in fusion(self)[:K]], self.gold, K)

    def margin(self) -> float:
        """How far the first item is above the tenth, in fused scores."""
        ranked = alone(self)[:K]
        return ranked[0].score - ranked[-1].score if ranked else 0.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Compare ways of fusing what steps of exploration find.")
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--data-file", type=Path, required=True, help="logged conversations")
    parser.add_argument("--limit", type=int, help="only so many moments, of whole conversations")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(arguments)
    with teach_agent(chosen.workspace, chosen.data_file, chosen.seed) as (agent, cases):
        asked = tqdm(sample(cases, chosen.limit, chosen.seed), desc="exploring", unit="moment")
        moments = [found for case in asked if (found := explore_case(case, agent))]
    sys.stdout.write(markdown_table(HEAD, list(lines(moments))) + "\n")


def explore_case(case: DialogueCase, agent: AgentSystem) -> Explored | None:
    """A moment with all its lists; None where nothing new is to be found or nothing was found."""
    if not case.targets:
        return None
    _, profile = agent.shortlist(case, 1)
    tool_context = agent.tool_context_of(case)
    said = [one.text for one in case.context if one.text.strip()]
    opening = tuple(time_call(call, 0) for call in opening_calls(tool_context, profile, (), said))
    if not any(found.ranked for found in opening):
        return None
    steps = _take_steps(tool_context, profile, fuse(opening), case.message or NOTHING_SAID)
    return Explored(case.group, case.targets, opening, tuple(steps))


def fusions() -> dict[str, Fusion]:
    """Name -> a way of fusing; the first is the opening calls alone."""
    found: dict[str, Fusion] = {
        "opening calls alone": alone,
        **{f"opening calls alone, personal ranking at {w:g}": _ranking_at(w) for w in (0.0, 0.5, 1.0)},
        "steps at the weights of opening calls": _at(AS_OPENING),
        **{f"the same, only within the first {n}": _within(n) for n in (10, 20, 50)},
        **{f"rankings count the difference to the plain one, at {w:g}": _difference(w) for w in (0.5, 1.0)},
        **{
            f"rankings do not count, other steps at {w:g}": _at(
                {tool: 0.0 if tool == "rank" else w for tool in AS_OPENING}
            )
            for w in (0.1, 0.2, 0.5, 1.0, 2.0)
        },
    }
    return {**found, "as shipped": lambda one: fuse([*one.opening, *one.steps])}


def lines(moments: Sequence[Explored]) -> Iterator[tuple[str, ...]]:
    """The table: each fusion on all moments, the shipped one on thirds by how sure the opening calls are."""
    base = np.array([one.gain(alone) for one in moments])
    groups = [one.group for one in moments]
    for name, fusion in fusions().items():
        gains = np.array([one.gain(fusion) for one in moments])
        yield _line(name, groups, gains, base)
    margins = np.array([one.margin() for one in moments])
    low, high = np.quantile(margins, [1 / 3, 2 / 3])
    for name, part in (
        ("flattest", margins <= low),
        ("middle", (margins > low) & (margins <= high)),
        ("steepest", margins > high),
    ):
        own = [group for group, is_in in zip(groups, part, strict=True) if is_in]
        if own:
            yield _line(f"as shipped, {name} third", own, gains[part], base[part])


def alone(one: Explored) -> list[Fused]:
    """The opening calls alone."""
    return fuse(one.opening)


def _take_steps(
    tool_context: ToolContext, profile: TasteProfile, best: Sequence[Fused], message: str
) -> Iterator[Candidates]:
    """The steps: rank by each attribute of labels or numbers, look around the best, search, filter."""
    schema, catalog = tool_context.catalog.schema, tool_context.catalog
    rankable = schema.of_kind(Kind.CATEGORY, Kind.TAGS, Kind.NUMBER)
    steps: list[dict[str, Any]] = [{"action": "rank", "by": name} for name in list(rankable)[:2]]
    steps += [{"action": "similar", "item": one.id} for one in best[:1]]
    steps.append({"action": "retrieve", "text": message})
    liked = profile.taste()[-1:] or [one.id for one in best[:1]]
    for name in list(schema.of_kind(Kind.CATEGORY, Kind.TAGS))[:1]:
        values = [value for item_id in liked for value in as_tags(catalog[item_id].attributes.get(name))]
        steps += [{"action": "filter", "field": name, "value": value} for value in values[:1]]
    for number, step in enumerate(steps, 1):
        try:
            yield time_call(lambda step=step: take(tool_context, step, profile), number)  # type: ignore[misc]
        except (ToolError, QueryError):
            continue  # the loop, too, is told and goes on


def _at(weights: Mapping[str, float]) -> Fusion:
    def fusion(one: Explored) -> list[Fused]:
        beside = has_conversation_list(one.opening)

        def weight(found: Candidates) -> float:
            opening = weight_of(found.tool, step=False, beside_conversation=beside)
            return weights[found.tool] if found.round else opening

        return fuse([*one.opening, *one.steps], weight)

    return fusion


def _ranking_at(weight: float) -> Fusion:
    """The opening calls with another weight of the personal ranking."""

    def fusion(one: Explored) -> list[Fused]:
        beside = has_conversation_list(one.opening)
        return fuse(
            one.opening,
            lambda found: (
                weight
                if found.tool == "rank"
                else weight_of(found.tool, step=False, beside_conversation=beside)
            ),
        )

    return fusion


def _within(most: int) -> Fusion:
    def fusion(one: Explored) -> list[Fused]:
        first = {found.id for found in alone(one)[:most]}
        return [found for found in _at(AS_OPENING)(one) if found.id in first]

    return fusion


def _difference(weight: float) -> Fusion:
    """A ranking by an attribute counts by what the attribute adds to the plain ranking; what it lacks, nothing."""

    def fusion(one: Explored) -> list[Fused]:
        plain = dict(next((found.ranked for found in one.opening if found.tool == "rank"), ()))
        total = {found.id: found.score for found in alone(one)}
        for step in one.steps:
            for item_id, score in step.ranked if step.tool == "rank" else ():
                if item_id in total and item_id in plain:
                    total[item_id] += weight * (score - plain[item_id])
        return [Fused(item_id, score, ()) for item_id, score in sorted(total.items(), key=lambda p: -p[1])]

    return fusion


def _line(name: str, groups: Sequence[str], gains: Any, base: Any) -> tuple[str, ...]:
    change = cluster_mean(groups, (gains - base).tolist())
    told = f"{change.mean:+.4f} [{change.low:+.4f}, {change.high:+.4f}]"
    return name, str(len(groups)), f"{gains.mean():.4f}", "" if name == "opening calls alone" else told


if __name__ == "__main__":
    main()
