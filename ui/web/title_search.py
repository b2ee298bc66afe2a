"""A search box over titles: suggestions while one types, chosen by mouse or keyboard."""

from __future__ import annotations

import gradio as gr

from tastemaker.agent.nlu.tokenizer import shorten
from tastemaker.tools.tool_context import ToolContext
from tastemaker.ui.web.assets import script
from tastemaker.ui.web.html import Html, tag
from tastemaker.ui.web.opening import popular

MAX_FOUND = 8
MAX_TYPED = 200


def title_search(tool_context: ToolContext, elem_id: str, label: str, placeholder: str) -> gr.HTML:
    """The box; choosing a title fires its ``select`` event with ``{"value": item_id}``."""

    def search_titles(text: str) -> list[dict[str, str]]:
        return find_titles(tool_context, text)

    return gr.HTML(
        _box(elem_id, label, placeholder),
        js_on_load=script("title_search"),
        server_functions=[search_titles],
        elem_id=elem_id,
        elem_classes=["tm-search"],
        apply_default_css=False,
    )


def find_titles(tool_context: ToolContext, text: object) -> list[dict[str, str]]:
    """What fits the text typed so far, and the most popular where nothing is typed yet."""
    typed = str(text or "").strip()[:MAX_TYPED]
    if typed:
        return [{"value": m.id, "title": m.title} for m in tool_context.resolver.search(typed, MAX_FOUND)]
    ids = popular(tool_context, MAX_FOUND)
    return [{"value": item_id, "title": shorten(tool_context.catalog[item_id].title, 120)} for item_id in ids]


def _box(elem_id: str, label: str, placeholder: str) -> Html:
    field, found = f"{elem_id}-field", f"{elem_id}-found"
    return tag(
        "div",
        tag("label", label, for_=field),
        tag(
            "input",
            id=field,
            type="text",
            role="combobox",
            autocomplete="off",
            spellcheck="false",
            placeholder=placeholder,
            aria_autocomplete="list",
            aria_expanded="false",
            aria_controls=found,
        ),
        tag("ul", id=found, role="listbox", aria_label=label, hidden=True),
        tag("p", class_="tm-unseen", role="status"),
        class_="tm-combobox",
    )
