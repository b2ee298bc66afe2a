"""The chat page: its parts, and which event changes which of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import gradio as gr

from tastemaker.agent import Session, Tastemaker
from tastemaker.agent.llm.restarted import away
from tastemaker.agent.memory.person import Person
from tastemaker.retrieval.errors import QueryError, TastemakerError
from tastemaker.ui.gate.overload import Admit, admit_all
from tastemaker.ui.views.brand import Brand
from tastemaker.ui.views.export import conversation_json, conversation_markdown
from tastemaker.ui.web.assets import script
from tastemaker.ui.web.cards import CardFaces, Verdict
from tastemaker.ui.web.comparison_panel import comparison_panel
from tastemaker.ui.web.condition_form import condition_form, parse
from tastemaker.ui.web.conversation import announcement, conversation
from tastemaker.ui.web.conversation_list import (
    Kept,
    conversation_list,
    read_list,
    rename_in_list,
    with_conversation,
)
from tastemaker.ui.web.exchange import Exchange
from tastemaker.ui.web.html import Html, tag
from tastemaker.ui.web.manner_panel import chosen_manner, manner_panel
from tastemaker.ui.web.opening import demo_history, example_messages
from tastemaker.ui.web.past import past_exchanges
from tastemaker.ui.web.person_panel import person_panel
from tastemaker.ui.web.profile_panel import chosen_chips, profile_panel, without_condition, without_wish
from tastemaker.ui.web.request_chips import (
    request_chips,
    widen_condition,
    without_preference,
    without_request,
)
from tastemaker.ui.web.standing.edit_words import asks_for_other_things, condition_added, edit_in_words
from tastemaker.ui.web.strings import language, preferred, t, translations
from tastemaker.ui.web.suggestions import suggestion_buttons
from tastemaker.ui.web.tab import Tab, TabSeed
from tastemaker.ui.web.title_search import title_search
from tastemaker.ui.web.trace_panel import trace_panel

PLAIN = Brand()
JUST_SHOW = "What would I like next?"
"""The message behind the button for people who would rather not type."""

LOOK_SECONDS = 4.0
"""Between looks at a model that is being started."""
MODEL_AWAY = "The language model is being started; rules answer meanwhile."
STILL_BUSY = "I am still answering; erase it when I am done."
GONE = "That conversation is not kept any more."

VERDICTS: dict[str, Verdict] = {"like": "liked", "dislike": "disliked", "forget": ""}


@dataclass(frozen=True)
class PageTurns:
    """How the page's turns are let in.

    Attributes:
        admit: lets one in; its thread waits meanwhile.
        most: turns that run or wait at the same time; no more threads than that are held.
    """

    admit: Admit = admit_all
    most: int = 64


UNBOUNDED = PageTurns()


class ChatPage:
    """Builds the page over one :class:`Tastemaker` and holds its parts while they are wired together."""

    def __init__(
        self,
        tm: Tastemaker,
        person: str | None = None,
        language: str | None = None,
        brand: Brand = PLAIN,
        admit: Admit = admit_all,
    ) -> None:
        self._tm = tm
        self._admit = admit
        self._brand = brand
        self._language = language
        self._person = tm.person(person) if person else None
        self._tool_context = tm.resources.tool_context
        self._faces = CardFaces(self._tool_context.catalog, brand.card_fields)

    def build(self) -> gr.Blocks:
        """The page, not yet served."""
        page: gr.Blocks
        with gr.Blocks(title=self._brand.name, analytics_enabled=False, fill_width=True) as page:
            self._tab = gr.State(None)
            self._tab.value = TabSeed(self._session)
            # Kept by the browser alone; the secret only keeps it readable after a restart.
            self._kept = gr.BrowserState([], storage_key="tastemaker-conversations", secret="tastemaker")  # noqa: S106
            self._open_one = _panel("session_address", elem_id="tm-session")
            self._head = gr.HTML(self._masthead(), apply_default_css=False, elem_id="tm-masthead")
            self._look_again = gr.Timer(LOOK_SECONDS, active=False)
            with gr.Row(elem_id="tm-main"):
                with gr.Column(elem_id="tm-chat"):
                    self._draw_chat()
                with gr.Column(elem_id="tm-side"):
                    self._draw_side()
            self._wire(page)
        return page

    def _draw_chat(self) -> None:
        with gr.Column(elem_id="tm-welcome") as self._welcome:
            gr.HTML(_hello(self._brand), apply_default_css=False)
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
                "clicks",
                value=_examples(list(self._brand.examples) or example_messages(self._tool_context)),
                elem_id="tm-examples",
            )
        self._conversation = _panel("conversation", elem_id="tm-conversation")
        self._comparison = _panel("clicks", elem_id="tm-comparison")
        self._standing = _panel("clicks", elem_id="tm-standing")
        self._manner = _panel("manner", elem_id="tm-manner")
        with gr.Row(elem_id="tm-stop-row"):
            self._stop = gr.Button("Stop", size="sm", elem_id="tm-stop", visible=False)
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
        def export(asked: str) -> str:
            form, _, session_id = str(asked).partition(":")
            return self._export(session_id, form)

        with gr.Accordion("Conversations", open=False, elem_classes=["tm-fold"], elem_id="tm-conversations"):
            self._list = _panel("conversation_list", elem_id="tm-list", export=export)
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
        views += [self._comparison, self._standing, self._manner, self._stop, self._open_one]
        views += [self._head, self._look_again]
        return [*views, self._remembered] if self._person else views

    def _views_of(self, tab: Tab) -> list[Any]:
        """All views of a tab, in the order of ``_views``, in its language."""
        with language(tab.language):
            return self._draw_views(tab)

    def _draw_views(self, tab: Tab) -> list[Any]:
        profile, catalog = tab.session.profile, self._tool_context.catalog
        last = tab.exchanges[-1] if tab.exchanges else None
        follow_up = suggestion_buttons(last.cards, catalog) if last and not last.running else None
        return [
            conversation(tab, self._faces, profile, follow_up),
            profile_panel(profile, catalog, tab.notice),
            chosen_chips(profile, catalog),
            trace_panel(last.events if last else ()),
            gr.update(visible=not tab.exchanges),
            comparison_panel(tab.compared, catalog, self._faces.media.addresses),
            request_chips(profile, catalog) if tab.exchanges else "",
            manner_panel(tab.manner, self._tm.effort, tab.session.models),
            gr.update(visible=tab.busy),
            tag(
                "p",
                announcement(tab),
                class_="tm-unseen",
                role="status",
                data_session=tab.session.id if tab.exchanges else "",
                data_language=tab.language,
            ),
            *self._model_views(),
            *([self._person_view(tab, self._person)] if self._person else []),
        ]

    def _model_views(self) -> list[Any]:
        """The masthead, and whether it is to be drawn again soon: until a model that is started anew is there."""
        return [self._masthead(), gr.Timer(active=bool(away(self._tm.model)))]

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
        page.load(self._load, [self._tab, self._kept], [*self._views, self._list], **quiet)
        page.load(None, None, None, js=script("ready").replace("STRINGS", self._strings()))
        spoken = [self._box, self._kept, self._list, *self._views]
        heard = [self._tab, self._box, self._kept]
        several: dict[str, Any] = {**quiet, "trigger_mode": "multiple"}
        # Not held back by Gradio, whose queue has no end: whoever lets turns in decides.
        free: dict[str, Any] = {**several, "concurrency_limit": None}
        turns: list[Any] = [
            self._box.submit(self._send, heard, spoken, **free),
            self._show.click(self._send_show, heard, spoken, **free),
            self._examples.click(self._send_example, heard, spoken, **free),
            self._conversation.click(self._act_in_conversation, heard, spoken, **free),
        ]
        self._look_again.tick(self._look, [self._tab], [self._head, self._look_again], **quiet)
        self._stop.click(self._stop_turn, [self._tab], self._views, **quiet)
        self._list.click(
            self._act_on_list, [self._tab, self._kept], [self._kept, self._list, *self._views], **several
        )
        for panel in (self._standing, self._profile):
            panel.click(self._edit_request, **edits)
        panels = [self._comparison, self._manner, self._picked]
        for panel in [*panels, self._remembered] if self._person else panels:
            panel.click(self._act, **edits)
        for box in (self._search, self._add):
            box.select(self._pick, **edits)
        self._demo.click(self._take_demo, **edits)
        self._undo.click(self._take_back, **edits)
        self._condition.submit(self._constrain, **edits)
        self._restart.click(
            self._open, [self._tab, self._kept], [self._tab, self._list, *self._views], cancels=turns, **quiet
        )

    def _strings(self) -> str:
        """Translations for the parts that are drawn once, and the language where it is fixed, for a script."""
        return json.dumps({"language": self._language, "words": translations()}).replace("<", "\\u003c")

    def _load(self, tab: Tab, stored: object, request: gr.Request) -> list[Any]:
        """What a page begins with: the conversation that its address names, or none."""
        tab.language = self._language or preferred(request.headers.get("accept-language", ""))
        named = str(request.query_params.get("session") or "")
        if named and not tab.exchanges:
            self._resume(tab, named)
        return [*self._views_of(tab), self._list_of(tab, read_list(stored))]

    def _resume(self, tab: Tab, session_id: str) -> bool:
        """Go on with an earlier conversation; False where there is none of that id."""
        try:
            session = self._tm.session(session_id, person=self._person.id if self._person else None)
        except QueryError:
            return False
        if not session.is_kept:
            return False
        with language(tab.language):
            tab.resume(session, past_exchanges(session))
        return True

    def _list_of(self, tab: Tab, kept: Sequence[Kept]) -> Html:
        with language(tab.language):
            return conversation_list(kept, tab.session.id, tab.deleting)

    def _open(self, before: Tab, stored: object) -> list[Any]:
        """A new session for a tab that starts over; the one before stays in the list."""
        tab = Tab(self._session())
        tab.language = before.language
        return [tab, self._list_of(tab, read_list(stored)), *self._views_of(tab)]

    def _send(self, tab: Tab, message: str, stored: object) -> Iterator[list[Any]]:
        """A turn, and those of the messages that come in meanwhile: the box empties at once."""
        said, kept = (message or "").strip(), read_list(stored)
        nothing = [gr.skip()] * (len(self._views) + 3)
        if not said:
            yield nothing
            return
        if tab.busy:
            taken = tab.wait_in_line(said)
            yield ["" if taken else gr.skip(), gr.skip(), gr.skip(), *self._views_of(tab)]
            return
        if tab.editing is not None:
            place, tab.editing = tab.editing, None
            self._fork(tab, place)
        emptied: Any = ""
        while said:
            kept = with_conversation(kept, tab.session.id, said)
            with closing(tab.say(said, self._admit)) as exchanges:  # type: ignore[type-var]
                for number, _ in enumerate(_in_language(tab.language, exchanges)):
                    first = [gr.skip(), gr.skip()] if number else [kept, self._list_of(tab, kept)]
                    yield [emptied, *first, *self._views_of(tab)]
                    emptied = gr.skip()
            for views in self._refresh(tab):
                yield [gr.skip()] * 3 + views
            said = tab.next_in_line() or ""

    def _edit_request(self, tab: Tab, event: gr.EventData) -> Iterator[list[Any]]:
        """A chip is dropped or widened, and the list follows at once; during a turn, after it."""
        with language(tab.language):
            edit = edit_in_words(
                _text_of(event, "act"),
                _text_of(event, "value"),
                tab.session.profile,
                self._tool_context.catalog,
            )
        if edit and tab.exchanges:
            tab.note_edit(edit)
        yield self._act(tab, event)
        yield from self._refresh(tab)

    def _refresh(self, tab: Tab) -> Iterator[list[Any]]:
        """The list anew, if the request was edited since it was made; then the messages that came in meanwhile."""
        while not tab.busy:
            edit = tab.take_edits()
            said = "" if edit else tab.next_in_line()
            if not (edit or said):
                return
            with closing(
                tab.refresh(edit, self._admit) if edit else tab.say(said or "", self._admit)
            ) as exchanges:  # type: ignore[type-var]
                for _ in _in_language(tab.language, exchanges):
                    yield self._views_of(tab)

    def _send_show(self, tab: Tab, _typed: str, stored: object) -> Iterator[list[Any]]:
        yield from self._send(tab, JUST_SHOW, stored)

    def _send_example(
        self, tab: Tab, _typed: str, stored: object, event: gr.EventData
    ) -> Iterator[list[Any]]:
        yield from self._send(tab, _text_of(event, "value"), stored)

    def _fork(self, tab: Tab, place: int, shown: Sequence[str] = ()) -> bool:
        """Go back to before an exchange; False where that is not possible, and the tab says why."""
        try:
            tab.fork(self._session(), place, shown)
        except TastemakerError as error:
            tab.notice = str(error)
            return False
        return True

    def _act_in_conversation(
        self, tab: Tab, _typed: str, stored: object, event: gr.EventData
    ) -> Iterator[list[Any]]:
        """A button on a card or a message: some send a message, some change the list, some the profile."""
        act, value = _text_of(event, "act"), _text_of(event, "value")
        place = int(value) if value.isdecimal() else -1
        if act == "say":
            yield from self._send(tab, value, stored)
        elif act == "more" and value in self._tool_context.catalog:
            yield from self._send(tab, f"More like {self._tool_context.catalog[value].title}", stored)
        elif act == "retry" and 0 <= place < len(tab.exchanges) and not tab.busy:
            again = tab.exchanges[place]
            shown = [card.id for card in again.cards]
            if not self._fork(tab, place, shown):
                yield [gr.skip()] * 3 + self._views_of(tab)
            else:
                yield from self._send(tab, again.message, stored)
        elif act == "edit" and 0 <= place < len(tab.exchanges) and not tab.busy:
            tab.editing = place
            yield [gr.update(value=tab.exchanges[place].message), gr.skip(), gr.skip(), *self._views_of(tab)]
        else:
            yield [gr.skip()] * 3 + self._act(tab, event)

    def _look(self, tab: Tab) -> list[Any]:
        with language(tab.language):
            return self._model_views()

    def _stop_turn(self, tab: Tab) -> list[Any]:
        tab.stop()
        return self._views_of(tab)

    def _act_on_list(self, tab: Tab, stored: object, event: gr.EventData) -> list[Any]:
        """A button in the list of conversations."""
        act, value, kept = _text_of(event, "act"), _text_of(event, "value"), read_list(stored)
        tab.deleting = value if act == "delete-session" else ""
        if tab.busy and act in ("open-session", "erase-session"):
            tab.notice = STILL_BUSY
        elif act == "open-session" and not self._resume(tab, value):
            tab.notice = GONE
            kept = [one for one in kept if one["id"] != value]
        elif act == "rename-session":
            kept = rename_in_list(kept, value, _text_of(event, "title"))
        elif act == "erase-session":
            self._tm.session(value).erase()
            kept = [one for one in kept if one["id"] != value]
            if value == tab.session.id:
                tab.start_over(self._session())
        return [kept, self._list_of(tab, kept), *self._views_of(tab)]

    def _export(self, session_id: str, form: str) -> str:
        """A conversation as text, "" for one that is not there."""
        try:
            session = self._tm.session(session_id)
        except QueryError:
            return ""
        if not session.is_kept:
            return ""
        if form == "md":
            return conversation_markdown(session, self._tool_context.catalog)
        content = conversation_json(session, self._tool_context.catalog)
        return json.dumps(content, ensure_ascii=False, indent=2)

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
        elif act == "widen-condition":
            tab.edit(lambda session: widen_condition(session, value, self._tool_context.catalog))
        elif act in ("effort", "variety", "model"):
            tab.choose_manner(chosen_manner(tab.manner, act, value, tab.session.models))
        elif act == "why" and value.isdecimal():
            tab.explain(int(value))
        elif act == "drop-wish":
            tab.edit(lambda session: without_wish(session, value))
        elif act == "drop-preference":
            tab.edit(lambda session: without_preference(session, value))
        elif act == "drop-request":
            tab.edit(without_request)
        elif act == "compare":
            tab.compare(value)
        elif act == "close-comparison":
            tab.compared = []
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

    def _take_back(self, tab: Tab) -> Iterator[list[Any]]:
        before = tab.session.profile
        tab.undo()
        if tab.exchanges and not tab.busy and asks_for_other_things(before, tab.session.profile):
            with language(tab.language):
                tab.note_edit(t("Undo"))
        yield self._views_of(tab)
        yield from self._refresh(tab)

    def _constrain(self, tab: Tab, event: gr.EventData) -> Iterator[list[Any]]:
        form = _form_of(event)

        def constrain(session: Session) -> None:
            condition = parse(form)
            session.add_constraint(condition)
            if tab.exchanges:
                with language(tab.language):
                    tab.note_edit(condition_added(condition, self._tool_context.catalog.schema))

        tab.edit(constrain)
        yield self._views_of(tab)
        yield from self._refresh(tab)

    def _masthead(self) -> Html:
        items = f"{len(self._tool_context.catalog):,} {self._brand.items}"
        logo = (
            tag("img", src=self._brand.logo, alt="", class_="tm-own-logo")
            if self._brand.logo
            else tag("span", class_="tm-logo", aria_hidden="true")
        )
        source = self._tm.workspace.manifest.report.get("attribution")
        model = self._tm.model.name if self._tm.model else "rules, no language model"
        why = away(self._tm.model)
        return tag(
            "header",
            tag("h1", logo, self._brand.name),
            tag("p", tag("span", self._tm.workspace.manifest.name), tag("span", items), tag("span", model)),
            tag("p", t(MODEL_AWAY), class_="tm-away", role="status", title=why) if why else None,
            tag("p", str(source), class_="tm-attribution") if source else None,
            class_="tm-masthead",
        )


def build_page(
    tm: Tastemaker,
    person: str | None = None,
    language: str | None = None,
    brand: Brand = PLAIN,
    admit: Admit = admit_all,
) -> gr.Blocks:
    """The chat page over an open agent, for anybody or for one person, in one language or each browser's;
    :func:`tastemaker.ui.web.server.serve` serves it.

    Raises:
        QueryError: a malformed person id.
    """
    return ChatPage(tm, person, language, brand, admit).build()


def _panel(
    js: str, value: Html | None = None, elem_id: str = "", export: Callable[[str], str] | None = None
) -> gr.HTML:
    more: dict[str, Any] = {"server_functions": [export]} if export else {}
    return gr.HTML(value or "", js_on_load=script(js), elem_id=elem_id, apply_default_css=False, **more)


def _in_language(code: str, steps: Iterator[Exchange]) -> Iterator[Exchange]:
    """What an iterator yields, each step in a language; Gradio may take every step in another context."""
    while True:
        with language(code):
            step = next(steps, None)
        if step is None:
            return
        yield step


def _hello(brand: Brand) -> Html:
    return tag(
        "div",
        tag("h2", brand.greeting),
        tag("p", brand.hint),
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


def _form_of(event: gr.EventData) -> dict[str, Any]:
    """What the browser sent by name; it may send anything."""
    return event._data if isinstance(event._data, dict) else {}


def _text_of(event: gr.EventData, key: str) -> str:
    """A string out of it."""
    return str(_form_of(event).get(key) or "")
