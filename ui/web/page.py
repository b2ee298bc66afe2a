"""The chat page: its parts, and which event changes which of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from tastemaker.agent import Session, Tastemaker
from tastemaker.agent.memory.person import Person
from tastemaker.ui.web.assets import script
from tastemaker.ui.web.cards import CardFaces, Verdict
from tastemaker.ui.web.condition_form import condition_form, parse
from tastemaker.ui.web.conversation import conversation
from tastemaker.ui.web.html import Html, tag
from tastemaker.ui.web.opening import demo_history, example_messages
from tastemaker.ui.web.person_panel import person_panel
from tastemaker.ui.web.profile_panel import chosen_chips, profile_panel, without_condition, without_wish
from tastemaker.ui.web.tab import Tab, TabSeed
from tastemaker.ui.web.title_search import title_search
from tastemaker.ui.web.trace_panel import trace_panel

TITLE = "Tastemaker"
JUST_SHOW = "What would I like next?"
"""The message behind the button for people who would rather not type."""

STILL_BUSY = "I am still answering; erase it when I am done."

VERDICTS: dict[str, Verdict] = {"like": "liked", "dislike": "disliked", "forget": ""}


class ChatPage:
    """Builds the page over one :class:`Tastemaker` and holds its parts while they are wired together."""

    def __init__(self, tm: Tastemaker, person: str | None = None) -> None:
        self._tm = tm
        self._person = tm.person(person) if person else None
        self._tool_context = tm.resources.tool_context
        self._faces = CardFaces(self._tool_context.catalog)

    def build(self) -> gr.Blocks:
        """The page, not yet served."""
        page: gr.Blocks
        with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as page:
            self._tab = gr.State(None)
            self._tab.value = TabSeed(self._session)
            gr.HTML(self._masthead(), apply_default_css=False, elem_id="tm-masthead")
            with gr.Row(elem_id="tm-main"):
                with gr.Column(elem_id="tm-chat"):
                    self._draw_chat()
                with gr.Column(elem_id="tm-side"):
                    self._draw_side()
            self._wire(page)
        return page

    def _draw_chat(self) -> None:
        with gr.Column(elem_id="tm-welcome") as self._welcome:
            gr.HTML(_hello(), apply_default_css=False)
            self._search = title_search(
                self._tool_context,
                "tm-search",
                "Search titles you like",
                "Type a title, pick as many as you want",
            )
            self._picked = _panel("clicks", elem_id="tm-picked")
            with gr.Row(elem_id="tm-starts"):
                self._show = gr.Button("Show me something", variant="primary", elem_id="tm-show")
                self._demo = gr.Button("Take a demo history", elem_id="tm-demo")
            self._examples = _panel(
                "clicks", value=_examples(example_messages(self._tool_context)), elem_id="tm-examples"
            )
        self._conversation = _panel("conversation", elem_id="tm-conversation")
        self._box = gr.Textbox(
            label="Your message",
            placeholder="What are you in the mood for?",
            submit_btn=True,
            autofocus=True,
            lines=1,
            max_lines=5,
            elem_id="tm-box",
            container=False,
            show_label=False,
            html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="send"),
        )

    def _draw_side(self) -> None:
        gr.HTML(tag("h2", "Your taste"), apply_default_css=False)
        self._profile = _panel("clicks", elem_id="tm-profile")
        with gr.Row(elem_id="tm-edits"):
            self._undo = gr.Button("Undo", size="sm", elem_id="tm-undo")
            self._restart = gr.Button("Start over", size="sm", elem_id="tm-restart")
        self._add = title_search(self._tool_context, "tm-add", "Add a title you like", "Search titles")
        with gr.Accordion("Add a condition", open=False, elem_classes=["tm-fold"]):
            self._condition = condition_form(self._tool_context.catalog)
        if self._person:
            with gr.Accordion(
                "Remembered about you", open=False, elem_classes=["tm-fold"], elem_id="tm-person"
            ):
                self._remembered = _panel("clicks", elem_id="tm-remembered")
        with gr.Accordion("How I got there", open=False, elem_classes=["tm-fold"], elem_id="tm-trace"):
            self._trace = _panel("clicks", value=trace_panel(()), elem_id="tm-trace-steps")

    @property
    def _views(self) -> list[gr.components.Component]:
        views = [self._conversation, self._profile, self._picked, self._trace, self._welcome]
        return [*views, self._remembered] if self._person else views

    def _views_of(self, tab: Tab) -> list[Any]:
        """All views of a tab, in the order of ``_views``."""
        profile, catalog = tab.session.profile, self._tool_context.catalog
        events = tab.exchanges[-1].events if tab.exchanges else ()
        return [
            conversation(tab, self._faces, profile),
            profile_panel(profile, catalog, tab.notice),
            chosen_chips(profile, catalog),
            trace_panel(events),
            gr.update(visible=not tab.exchanges),
            *([self._person_view(tab, self._person)] if self._person else []),
        ]

    def _person_view(self, tab: Tab, person: Person) -> Html:
        return person_panel(
            person.id, person.taste, len(person.sessions), self._tool_context.catalog, tab.erasing
        )

    def _session(self) -> Session:
        return self._tm.session(person=self._person.id if self._person else None)

    def _wire(self, page: gr.Blocks) -> None:
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        edits: dict[str, Any] = {
            **quiet,
            "inputs": [self._tab],
            "outputs": self._views,
            "trigger_mode": "multiple",
        }
        page.load(self._views_of, [self._tab], self._views, **quiet)
        page.load(None, None, None, js=script("ready"))
        spoken = [self._box, *self._views]
        turns: list[Any] = [
            self._box.submit(self._send, [self._tab, self._box], spoken, **quiet),
            self._show.click(self._send_show, [self._tab, self._box], spoken, **quiet),
            self._examples.click(self._send_example, [self._tab, self._box], spoken, **quiet),
        ]
        panels = [self._conversation, self._profile, self._picked]
        for panel in [*panels, self._remembered] if self._person else panels:
            panel.click(self._act, **edits)
        for box in (self._search, self._add):
            box.select(self._pick, **edits)
        self._demo.click(self._take_demo, **edits)
        self._undo.click(self._take_back, **edits)
        self._condition.submit(self._constrain, **edits)
        self._restart.click(self._open, None, [self._tab, *self._views], cancels=turns, **quiet)

    def _open(self) -> list[Any]:
        """A new session for a tab that starts over."""
        tab = Tab(self._session())
        return [tab, *self._views_of(tab)]

    def _send(self, tab: Tab, message: str) -> Iterator[list[Any]]:
        """A turn: the box empties at once, the views follow the events."""
        if not message.strip() or tab.busy:
            yield [gr.skip()] * (len(self._views) + 1)
            return
        with closing(tab.say(message.strip())) as exchanges:  # type: ignore[type-var]
            for number, _ in enumerate(exchanges):
                yield [gr.skip() if number else "", *self._views_of(tab)]

    def _send_show(self, tab: Tab, _typed: str) -> Iterator[list[Any]]:
        yield from self._send(tab, JUST_SHOW)

    def _send_example(self, tab: Tab, _typed: str, event: gr.EventData) -> Iterator[list[Any]]:
        yield from self._send(tab, _text_of(event, "value"))

    def _act(self, tab: Tab, event: gr.EventData) -> list[Any]:
        """A button on a card or a chip."""
        act, value = _text_of(event, "act"), _text_of(event, "value")
        if act in VERDICTS:
            tab.judge(value, VERDICTS[act])
        elif act == "choose":
            tab.choose(value)
        elif act == "open":
            tab.open_or_close(value)
        elif act == "drop-condition":
            tab.edit(lambda session: without_condition(session, value))
        elif act == "drop-wish":
            tab.edit(lambda session: without_wish(session, value))
        elif self._person:
            self._act_on_memory(tab, self._person, act, value)
        return self._views_of(tab)

    def _act_on_memory(self, tab: Tab, person: Person, act: str, value: str) -> None:
        """A button of the panel that shows what is remembered across sessions."""
        tab.erasing = act == "erase-person"
        if act == "unremember":
            tab.edit(lambda session: (session.forget(value), person.forget(value)))
        elif act == "erase-person-now" and tab.busy:
            tab.notice = STILL_BUSY
        elif act == "erase-person-now":
            person.erase()
            tab.start_over(self._session())

    def _pick(self, tab: Tab, event: gr.EventData) -> list[Any]:
        tab.judge(_text_of(event, "value"), "liked")
        return self._views_of(tab)

    def _take_demo(self, tab: Tab) -> list[Any]:
        ids = demo_history(self._tm.workspace.interactions, self._tool_context.catalog)
        tab.edit(lambda session: session.add_history(ids))
        return self._views_of(tab)

    def _take_back(self, tab: Tab) -> list[Any]:
        tab.undo()
        return self._views_of(tab)

    def _constrain(self, tab: Tab, event: gr.EventData) -> list[Any]:
        form = dict(event._data or {})
        tab.edit(lambda session: session.add_constraint(parse(form)))
        return self._views_of(tab)

    def _masthead(self) -> Html:
        items = f"{len(self._tool_context.catalog):,} titles"
        model = self._tm.model.name if self._tm.model else "rules, no language model"
        return tag(
            "header",
            tag("h1", tag("span", class_="tm-logo", aria_hidden="true"), TITLE),
            tag("p", tag("span", self._tm.workspace.manifest.name), tag("span", items), tag("span", model)),
            class_="tm-masthead",
        )


def build_page(tm: Tastemaker, person: str | None = None) -> gr.Blocks:
    """The chat page over an open agent, for anybody or for one person;
    :func:`tastemaker.ui.web.server.serve` serves it.

    Raises:
        QueryError: a malformed person id.
    """
    return ChatPage(tm, person).build()


def _panel(js: str, value: Html | None = None, elem_id: str = "") -> gr.HTML:
    return gr.HTML(value or "", js_on_load=script(js), elem_id=elem_id, apply_default_css=False)


def _hello() -> Html:
    return tag(
        "div",
        tag("h2", "What do you like?"),
        tag("p", "Pick a few titles, borrow somebody’s history, or just start typing below."),
        class_="tm-hello",
    )


def _examples(messages: list[str]) -> Html:
    buttons = [
        tag(
            "li",
            tag(
                "button",
                text,
                type="button",
                class_="tm-example",
                data_act="say",
                data_value=text,
                dir="auto",
            ),
        )
        for text in messages
    ]
    return tag(
        "div", tag("p", "Or try"), tag("ul", buttons, aria_label="Example messages"), class_="tm-examples"
    )


def _text_of(event: gr.EventData, key: str) -> str:
    """A string out of what the browser sent; it may send anything."""
    data = event._data if isinstance(event._data, dict) else {}
    return str(data.get(key) or "")
