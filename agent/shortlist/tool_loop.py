"""The surrogate-user loop: look at what was found, name the next step, take it, until it is enough.

After ToolRec (Zhao et al., "Let Me Do It For You: Towards LLM Empowered Recommendation
via Tool Learning", SIGIR 2024): per round the model compares the candidates with the
person's taste and calls one tool, or finishes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from tastemaker import prompts
from tastemaker.agent.events import Explored
from tastemaker.agent.llm.model import FormAnswer, LanguageModel
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.nlu.llm_reader import describe_attributes
from tastemaker.agent.nlu.understanding import action_schema
from tastemaker.agent.shortlist.fusion import fuse, has_conversation_list, weight_of
from tastemaker.agent.shortlist.opening_calls import time_call
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.item_text import label_fields
from tastemaker.retrieval.errors import ModelNonsense, QueryError, ToolError
from tastemaker.retrieval.filters.constraints import Constraint, Op, canonicalise, describe
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.filter import filter_items
from tastemaker.tools.rank import rank
from tastemaker.tools.retrieve import retrieve
from tastemaker.tools.similar import similar
from tastemaker.tools.tool_context import ToolContext

MAX_ROUNDS = 4
TABLE_ROWS = 6
"""Candidates in the first prompt, and of what a step found in the next."""

LAST_SAID, MAX_TALK, MAX_TASTE, MAX_ROW = 4, 400, 400, 70
"""Utterances shown; letters of the talk, of the taste, of a candidate's row."""

MAX_CALL_CHARS = 200
"""Letters of a call as the model is told of it."""

MAX_ANSWER_TOKENS = 80
MAX_REASON_CHARS = 240
"""Letters of the model's own reason that the trace keeps."""

OnModel = Callable[[str, FormAnswer], None]
OnTool = Callable[[Candidates], None]


def explore(
    tool_context: ToolContext,
    profile: TasteProfile,
    candidate_lists: Sequence[Candidates],
    model: LanguageModel,
    on_model: OnModel,
    on_tool: OnTool,
    max_rounds: int = MAX_ROUNDS,
    utterances: Sequence[str] = (),
) -> Explored:
    """Up to ``max_rounds`` further tool calls, each chosen by the model; returns why the loop stopped.

    One dialogue with the model: each round adds its step and the best of what that found, so that
    the server has read all before it already. A step that failed or was taken before is told
    as such. ``utterances`` is what
    was said lately, the latest last.

    Raises:
        ModelError: the model failed; what was found so far has been reported through ``on_tool``.
    """
    counts = partial(weight_of, step=True, beside_conversation=has_conversation_list(candidate_lists))
    taken = {candidates.label() for candidates in candidate_lists}
    dialogue, seen, sha = _opening(tool_context, profile, candidate_lists, utterances, counts)
    for round_ in range(1, max_rounds + 1):
        schema = action_schema(tool_context.catalog, seen, rank=counts("rank") > 0)
        filled = model.complete(schema, dialogue, MAX_ANSWER_TOKENS)
        on_model(sha, filled)
        step = filled.value.get("step")
        if not isinstance(step, dict) or "action" not in step:
            raise ModelNonsense(f"the action form does not fit: {str(filled.value)[:200]}")
        if step["action"] == "finish":
            return Explored(
                stopped="finished", rounds=round_, why=str(step.get("why", ""))[:MAX_REASON_CHARS]
            )
        try:
            result = _new(time_call(lambda step=step: take(tool_context, step, profile), round_), taken)  # type: ignore[misc]
        except (ToolError, QueryError, KeyError, TypeError) as error:
            outcome, new = f"The last step failed: {error}"[:MAX_CALL_CHARS], list[str]()
        else:
            on_tool(result)
            outcome = _call_line(result) + (", the best:" if result.ranked else "")
            new = [item_id for item_id, _ in result.ranked[:TABLE_ROWS] if item_id not in seen]
        seen += new
        shown = prompts.load("next_step_found", told=outcome, table=_table(tool_context, new))
        dialogue += [("assistant", json.dumps(filled.value)), ("user", shown.text)]
        sha = shown.sha
    return Explored(stopped="rounds", rounds=max_rounds)


def _new(result: Candidates, taken: set[str]) -> Candidates:
    """A result that counts once, however often the model asks for it."""
    if result.label() in taken:
        raise ToolError(f"{result.label()[:MAX_CALL_CHARS]} was done before; take another step, or finish")
    taken.add(result.label())
    return result


def take(tool_context: ToolContext, step: dict[str, Any], profile: TasteProfile) -> Candidates:
    """Carry out one step that the model chose, under the person's constraints.

    Raises:
        ToolError, QueryError: the step makes no sense for this catalogue.
    """
    where, hide = profile.constraints, tuple(sorted(profile.hidden_ids()))
    if step["action"] == "rank":
        return rank(tool_context, profile.taste(), step["by"], where, hide)
    if step["action"] == "retrieve":
        return retrieve(tool_context, step["text"], where, hide)
    if step["action"] == "similar":
        return similar(tool_context, step["item"], where, hide)
    wanted = canonicalise(
        Constraint(field=step["field"], op=Op.IS, value=step["value"]), tool_context.catalog
    )
    return filter_items(tool_context, (*where, wanted), hide)


def _opening(
    tool_context: ToolContext,
    profile: TasteProfile,
    lists: Sequence[Candidates],
    utterances: Sequence[str],
    counts: Callable[[str], float],
) -> tuple[list[tuple[str, str]], list[str], str]:
    """The dialogue's first prompt, the ids of the candidates in it, and the hash of what changes."""
    seen = [candidate.id for candidate in fuse(lists)[:TABLE_ROWS]]
    lines = prompts.load("next_step_tools").text.splitlines()
    tools = [line for line in lines if line.startswith("finish:") or counts(line.partition(":")[0]) > 0]
    system = prompts.load(
        "next_step", tools="\n".join(tools), attributes=describe_attributes(tool_context.catalog)
    )
    state = prompts.load(
        "next_step_state",
        **talk_and_taste(utterances, taste_in_words(tool_context, profile)),
        calls="\n".join(f"- {_call_line(candidates)}" for candidates in lists),
        table=_table(tool_context, seen),
    )
    return [("system", system.text), ("user", state.text)], seen, state.sha


def _call_line(candidates: Candidates) -> str:
    return f"{candidates.label()[:MAX_CALL_CHARS]}: {len(candidates.ranked)} found"


def _table(tool_context: ToolContext, ids: Sequence[str]) -> str:
    """Candidates, each with its id on one short line; empty without any."""
    rows = "\n".join(
        f"{item_id}: {short_row(tool_context.catalog, tool_context.catalog[item_id])}" for item_id in ids
    )
    return prompts.fence("candidates", rows, len(rows)) if rows else ""


def talk_and_taste(utterances: Sequence[str], taste: str) -> dict[str, str]:
    """What was said lately and the taste in words, fenced and bounded, under the names that prompts have for them."""
    talk = "\n".join(utterances[-LAST_SAID:])[-MAX_TALK:]
    return {
        "talk": prompts.fence("conversation", talk, MAX_TALK),
        "taste": prompts.fence("taste", taste, MAX_TASTE),
    }


def taste_in_words(tool_context: ToolContext, profile: TasteProfile) -> str:
    """The profile in a few lines for a prompt."""
    titles = [tool_context.catalog[i].title for i in profile.taste()[-6:]]
    lines = [
        "likes: " + "; ".join(titles),
        "dislikes: " + "; ".join(tool_context.catalog[i].title for i in profile.dislikes[-3:]),
        "conditions: " + "; ".join(describe(c) for c in profile.constraints),
        "wishes: " + "; ".join(profile.wishes),
    ]
    return "\n".join(line for line in lines if not line.endswith(": "))


def short_row(catalog: Catalog, item: Item) -> str:
    """An item on one short line: its title and its labels, such as genres."""
    labels = [value for name in label_fields(catalog) for value in as_tags(item.attributes.get(name))]
    return f"{item.title} | {', '.join(labels[:3])}".rstrip("| ")[:MAX_ROW]
