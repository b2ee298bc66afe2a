"""The surrogate user, for a capable model: it sees the merged list, takes a step, sees what changed, and decides.

After ToolRec (Zhao et al., "Let Me Do It For You: Towards LLM Empowered Recommendation
via Tool Learning", SIGIR 2024): the model stands in for the person, calls tools until the
list holds what it misses, and its last word is the order of the list.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tastemaker import prompts
from tastemaker.agent.events import Explored
from tastemaker.agent.llm.model import FormAnswer, LanguageModel
from tastemaker.agent.llm.model_profile import stays_capable
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.nlu.item_rows import ItemRows, describe_vocabulary
from tastemaker.agent.nlu.talk import Talk, request_in_words
from tastemaker.agent.shortlist.constraint_check import filter_by_constraints
from tastemaker.agent.shortlist.fusion import Fused, fuse
from tastemaker.agent.shortlist.model_ranking import (
    EXTRA,
    MAX_ANSWER_TOKENS,
    Ranking,
    fields_of_request,
    pool_of,
    read_ranking,
    values_of_request,
)
from tastemaker.agent.shortlist.opening_calls import time_call
from tastemaker.agent.shortlist.surrogate_steps import look_up, step_key, step_schema, take_step
from tastemaker.retrieval.errors import ModelNonsense, QueryError, ToolError
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.tool_context import ToolContext

MAX_NEW = 10
"""Items that a step found and that are shown; the merged list has those that matter most."""
MAX_ORDER = 15
MAX_STEP_CHARS, MAX_TOLD, MAX_WHY = 300, 2500, 240
"""Letters of a step as the dialogue repeats it, of what it told, of the reason to stop."""

OnModel = Callable[[str, FormAnswer], None]
OnTool = Callable[[Candidates], None]


@dataclass(frozen=True)
class Surroundings:
    """What the surrogate user works with.

    Attributes:
        rows: writes the candidates.
        kinds: what items are called.
        talk: the conversation; its profile is that after the message.
        message: what is answered.
        k: items that will be shown.
    """

    tool_context: ToolContext
    rows: ItemRows
    kinds: str
    talk: Talk
    message: str
    k: int

    @property
    def profile(self) -> TasteProfile:
        """The person's, after the message."""
        return self.talk.profile


def look_around(
    around: Surroundings,
    opening: Sequence[Candidates],
    model: LanguageModel,
    on_model: OnModel,
    on_tool: OnTool,
    max_rounds: int,
) -> tuple[Explored, Ranking]:
    """Up to ``max_rounds`` steps, each chosen by the model, then its order of what was found.

    One dialogue: each round adds the step, what it found and the list as it stands, so that the server
    has read all before it already. A step taken before, or that fails, is told as such.

    Raises:
        ModelError: the model failed; what was found so far has been reported through ``on_tool``.
    """
    lists = list(opening)
    merged = _merge(around, lists)
    seen = pool_of(merged, [[item_id for item_id, _ in found.ranked] for found in lists])
    dialogue, sha = _begin(around, lists, seen)
    taken, most = set[str](), around.k + EXTRA
    for round_ in range(1, max_rounds + 2):
        last = round_ > max_rounds
        schema = step_schema(around.tool_context.catalog, seen, most, last=last)
        filled = model.complete(schema, dialogue, MAX_ANSWER_TOKENS)
        on_model(sha, filled)
        step = filled.value.get("step")
        if not isinstance(step, dict) or "action" not in step:
            raise ModelNonsense(f"the step form does not fit: {str(filled.value)[:200]}")
        if step["action"] == "finish" or last:
            ranking = read_ranking(step, seen, most)
            if not stays_capable(model.name, len(filled.failed)):
                ranking = Ranking()
            why = "finished" if step["action"] == "finish" else "rounds"
            return Explored(stopped=why, rounds=round_, why=ranking.lead[:MAX_WHY]), ranking  # type: ignore[arg-type]
        told, found = _take(around, step, merged, round_, taken)
        if found is not None:
            lists.append(found)
            on_tool(found)
            merged = _merge(around, lists)
        new = _newest(found, merged, seen) if found else []
        seen = [*seen, *new]
        text = prompts.load(
            "surrogate_found",
            told=told[:MAX_TOLD],
            candidates=_table(around, new) if found else "",
            order=", ".join(one.id for one in merged[:MAX_ORDER]),
            rounds="Finish now." if round_ == max_rounds else f"{max_rounds - round_} more steps at most.",
        )
        dialogue += [("assistant", json.dumps(step)[:MAX_STEP_CHARS]), ("user", text.text)]
        sha = text.sha
    raise ModelNonsense("the surrogate user did not finish")  # the last round always does


def _take(
    around: Surroundings, step: dict[str, Any], merged: Sequence[Fused], round_: int, taken: set[str]
) -> tuple[str, Candidates | None]:
    """What a step told, and what it found, where it finds."""
    key = step_key(step)
    if key in taken:
        return "You took this very step before; take another, or finish.", None
    taken.add(key)
    try:
        if step["action"] in ("facets", "inspect"):
            return prompts.fence("told", look_up(around.tool_context, step, around.rows), MAX_TOLD), None
        found = time_call(lambda: take_step(around.tool_context, step, around.profile, merged), round_)
    except (ToolError, QueryError, KeyError, TypeError, ValueError) as error:
        return f"That step failed: {' '.join(str(error).split())[:MAX_STEP_CHARS]}", None
    return f"{found.label()[:MAX_STEP_CHARS]}: {len(found.ranked)} found. New:", found


def _merge(around: Surroundings, lists: Sequence[Candidates]) -> list[Fused]:
    """All lists as one, within the person's conditions."""
    return filter_by_constraints(fuse(lists), around.profile, around.tool_context)


def _newest(found: Candidates, merged: Sequence[Fused], seen: Sequence[str]) -> list[str]:
    """The best of what a step found that may be shown and was not seen yet."""
    may = {one.id for one in merged}
    return [item_id for item_id, _ in found.ranked if item_id in may and item_id not in seen][:MAX_NEW]


def _begin(
    around: Surroundings, lists: Sequence[Candidates], seen: Sequence[str]
) -> tuple[list[tuple[str, str]], str]:
    catalog, profile = around.tool_context.catalog, around.profile
    system = prompts.load(
        "surrogate",
        kinds=around.kinds,
        tools=prompts.load("surrogate_tools").text,
        most=str(around.k + EXTRA),
        attributes=describe_vocabulary(catalog),
    )
    state = prompts.load(
        "surrogate_state",
        talk=around.talk.lines(catalog),
        taste="" if profile.request.other_person else around.talk.taste(catalog),
        request=request_in_words(profile),
        message=prompts.fence("message", around.message),
        calls="\n".join(f"- {found.label()[:MAX_STEP_CHARS]}: {len(found.ranked)} found" for found in lists),
        candidates=_table(around, seen),
    )
    return [("system", system.text), ("user", state.text)], state.sha


def _table(around: Surroundings, ids: Sequence[str]) -> str:
    if not ids:
        return "(nothing)"
    profile = around.profile
    table = around.rows.table(
        ids, fields_of_request(profile), asked_for=values_of_request(profile), shown=profile.shown
    )
    return prompts.fence("candidates", table, len(table))
