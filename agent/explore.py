"""The surrogate-user loop: look at what was found, name the next step, take it, until it is enough.

After ToolRec (Zhao et al., "Let Me Do It For You: Towards LLM Empowered Recommendation
via Tool Learning", SIGIR 2024): per round the model compares the candidates with the
person's taste and calls one tool, or finishes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tastemaker import prompts
from tastemaker.agent.events import Explored
from tastemaker.agent.forms import action_schema
from tastemaker.agent.fuse import Fused, fuse
from tastemaker.agent.llm import Filled, LanguageModel
from tastemaker.agent.planner import timed
from tastemaker.agent.profile import TasteProfile
from tastemaker.agent.read_model import describe_attributes
from tastemaker.retrieval.constraints import Constraint, Op, describe, spelled
from tastemaker.retrieval.errors import ModelNonsense, QueryError, ToolError
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.filter import filter_items
from tastemaker.tools.rank import rank
from tastemaker.tools.retrieve import retrieve
from tastemaker.tools.shelf import Shelf
from tastemaker.tools.similar import similar

MOST_ROUNDS = 4
TABLE_ROWS = 8
MOST_ANSWER_TOKENS = 60
MOST_WHY = 240
"""Letters of the model's own reason that the trace keeps."""

OnModel = Callable[[str, Filled], None]
OnTool = Callable[[Candidates], None]


def explore(
    shelf: Shelf,
    profile: TasteProfile,
    found: Sequence[Candidates],
    model: LanguageModel,
    on_model: OnModel,
    on_tool: OnTool,
    max_rounds: int = MOST_ROUNDS,
) -> Explored:
    """Up to ``max_rounds`` further tool calls, each chosen by the model; returns why the loop stopped.

    Raises:
        ModelError: the model failed; what was found so far has been reported through ``on_tool``.
    """
    lists = list(found)
    told = ""
    for round_ in range(1, max_rounds + 1):
        table = fuse(lists)[:TABLE_ROWS]
        prompt = _prompt(shelf, profile, lists, table, told)
        filled = model.fill(
            action_schema(shelf.catalog, [f.id for f in table]), prompt[1], MOST_ANSWER_TOKENS
        )
        on_model(prompt[0], filled)
        step = filled.value.get("step")
        if not isinstance(step, dict) or "action" not in step:
            raise ModelNonsense(f"the action form does not fit: {str(filled.value)[:200]}")
        if step["action"] == "finish":
            return Explored(stopped="finished", rounds=round_, why=str(step.get("why", ""))[:MOST_WHY])
        try:
            result = timed(lambda step=step: take(shelf, step, profile), round_)  # type: ignore[misc]
        except (ToolError, QueryError, KeyError, TypeError) as error:
            told = f"The last step failed: {error}"
            continue
        told = "" if result.ranked else f"{result.label()} found nothing."
        on_tool(result)
        lists.append(result)
    return Explored(stopped="rounds", rounds=max_rounds)


def take(shelf: Shelf, step: dict[str, Any], profile: TasteProfile) -> Candidates:
    """Carry out one step that the model chose, under the person's constraints.

    Raises:
        ToolError, QueryError: the step makes no sense for this catalogue.
    """
    where, hide = profile.constraints, tuple(sorted(profile.hidden()))
    if step["action"] == "rank":
        return rank(shelf, profile.taste(), step["by"], where, hide)
    if step["action"] == "retrieve":
        return retrieve(shelf, step["text"], where, hide)
    if step["action"] == "similar":
        return similar(shelf, step["item"], where, hide)
    wanted = spelled(Constraint(field=step["field"], op=Op.IS, value=step["value"]), shelf.catalog)
    return filter_items(shelf, (*where, wanted), hide)


def _prompt(
    shelf: Shelf, profile: TasteProfile, lists: Sequence[Candidates], table: Sequence[Fused], told: str
) -> tuple[str, list[tuple[str, str]]]:
    system = prompts.load("next_step", attributes=describe_attributes(shelf.catalog))
    state = prompts.load(
        "next_step_state",
        taste=prompts.fence("taste", taste_in_words(shelf, profile)),
        calls="\n".join(f"- {found.label()}: {len(found.ranked)} found" for found in lists),
        table=prompts.fence("candidates", "\n".join(_row(shelf, one) for one in table)),
        told=told,
    )
    return state.sha, [("system", system.text), ("user", state.text)]


def taste_in_words(shelf: Shelf, profile: TasteProfile) -> str:
    """The profile in a few lines for a prompt."""
    titles = [shelf.catalog[i].title for i in profile.taste()[-6:]]
    lines = [
        "likes: " + "; ".join(titles),
        "dislikes: " + "; ".join(shelf.catalog[i].title for i in profile.dislikes[-3:]),
        "conditions: " + "; ".join(describe(c) for c in profile.constraints),
        "wishes: " + "; ".join(profile.wishes),
    ]
    return "\n".join(line for line in lines if not line.endswith(": "))


def _row(shelf: Shelf, one: Fused) -> str:
    item = shelf.catalog[one.id]
    brief = [
        ", ".join(value[:3]) if isinstance(value, tuple) else str(value) for value in item.attributes.values()
    ]
    return f"{item.id}: {item.title} | {' | '.join(brief)[:160]}"
