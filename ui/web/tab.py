"""What one browser tab holds: its own session, its conversation, and edits that wait for a turn to end."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial

from tastemaker.agent import Session, TasteProfile
from tastemaker.agent.events import Done, Event
from tastemaker.agent.memory.manner import Manner
from tastemaker.retrieval.errors import QueryError, TastemakerError
from tastemaker.ui.gate.overload import Admit, Overloaded, admit_all
from tastemaker.ui.views.comparison import MOST
from tastemaker.ui.web.cards import Verdict
from tastemaker.ui.web.exchange import Exchange
from tastemaker.ui.web.strings import ENGLISH

logger = logging.getLogger(__name__)

APOLOGY = (
    "Sorry, something went wrong on my side. It has been logged; please try again, or say it differently."
)
NOTHING_TO_UNDO = "There is nothing to take back."
FULL = "So many messages wait already; let me answer them first."
TOO_FAR_BACK = "That message is too far back to change; say it anew."
STOPPED = "Stopped."
CROWDED = "Too many people ask at the moment. Please try again in a few seconds."

MAX_WAITING = 5
"""Messages that wait for a turn to end."""

Edit = Callable[[Session], object]


class Tab:
    """One tab's state. Edits made while a turn runs are kept and applied when it is over."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.exchanges: list[Exchange] = []
        self.notice = ""
        self._lock = threading.Lock()
        self._busy = False
        self._later: list[Edit] = []
        self._judged: dict[str, Verdict] = {}
        self._open: set[str] = set()
        self.erasing = False
        self.language = ENGLISH
        self.waiting: list[str] = []
        self.compared: list[str] = []
        self.deleting = ""
        self.editing: int | None = None
        self.explained: set[int] = set()
        self._manner: Manner | None = None
        self._edits: list[str] = []

    def note_edit(self, edit: str) -> None:
        """The request is edited, in these words, and the list is to follow."""
        self._edits.append(edit)

    def take_edits(self) -> str:
        """What was edited since the list was last made, "" for nothing."""
        edits, self._edits = self._edits, []
        return "; ".join(dict.fromkeys(edits))

    @property
    def manner(self) -> Manner:
        """How the conversation is answered, a choice made during a turn included."""
        return self._manner or self.session.manner

    def choose_manner(self, manner: Manner) -> None:
        """Answer like this from the next message on."""
        if manner != self.manner:
            self._manner = manner
            self.edit(lambda session: session.set_manner(manner))

    def explain(self, place: int) -> None:
        """Show why an answer's list is as it is, or hide that again."""
        self.explained ^= {place}

    @property
    def busy(self) -> bool:
        """Whether a turn is going on."""
        return self._busy

    def say(self, message: str, admit: Admit = admit_all) -> Iterator[Exchange]:
        """Run one turn; yields its exchange each time there is more to show. Nothing while another runs.

        Args:
            message: what the person said.
            admit: lets the turn in; how long it waits for that is told by nothing but the first status.
        """
        return self._run(Exchange(message), partial(self.session.stream, message), admit)

    def refresh(self, edit: str, admit: Admit = admit_all) -> Iterator[Exchange]:
        """Likewise, the list anew after the request was edited; ``edit`` tells how, in words."""
        return self._run(Exchange(edit, edited=True), partial(self.session.refresh, edit), admit)

    def _run(
        self, exchange: Exchange, start: Callable[..., Iterator[Event]], admit: Admit
    ) -> Iterator[Exchange]:
        with self._lock:
            if self._busy:
                return
            self._busy, self.notice = True, ""
            self.exchanges.append(exchange)
        try:
            yield exchange
            if not exchange.edited:
                exchange.before = self.session.snapshot()
            with (
                admit() as allowance,
                closing(start(allowance=allowance)) as events,  # type: ignore[type-var]
            ):
                for event in events:
                    if isinstance(event, Done):  # it is kept, whatever was asked for meanwhile
                        exchange.error = ""
                    elif exchange.error:  # stopped; a turn that is left before its end is not kept
                        break
                    exchange.hear(event)
                    yield exchange
        except Overloaded:
            exchange.fail(CROWDED)
        except TastemakerError as error:
            exchange.fail(str(error))
        except Exception:
            logger.exception("a turn of session %s failed", self.session.id)
            exchange.fail(APOLOGY)
        finally:
            self._settle(exchange)
        yield exchange

    def judge(self, item_id: str, verdict: Verdict) -> None:
        """Like or dislike an item, or with "" take a judgement back."""
        edits: dict[Verdict, Edit] = {
            "liked": lambda s: s.like(item_id),
            "disliked": lambda s: s.dislike(item_id),
            "": lambda s: s.forget(item_id),
        }
        with self._lock:
            self._judged[item_id] = verdict
            self._apply_or_keep(edits[verdict])

    def choose(self, item_id: str) -> None:
        """Take an item: from then on it counts as had."""
        self.edit(lambda session: session.choose(item_id))

    def open_or_close(self, item_id: str) -> None:
        """Show all of an item, or its card alone again; the session learns that it was looked at."""
        if item_id in self._open:
            self._open.discard(item_id)
            return
        self.edit(lambda session: session.open_item(item_id))
        self._open.add(item_id)

    def is_open(self, item_id: str) -> bool:
        """Whether all of an item is shown."""
        return item_id in self._open

    def wait_in_line(self, message: str) -> bool:
        """Keep a message until the turn that runs is over; False where there is no room for more."""
        with self._lock:
            if len(self.waiting) >= MAX_WAITING:
                self.notice = FULL
                return False
            self.waiting.append(message)
            return True

    def next_in_line(self) -> str | None:
        """The message that has waited longest."""
        with self._lock:
            return self.waiting.pop(0) if self.waiting else None

    def stop(self) -> None:
        """End the turn that runs, and forget the messages that wait; what it found so far stays on the page."""
        with self._lock:
            self.waiting.clear()
            if self._busy and self.exchanges and self.exchanges[-1].running:
                self.exchanges[-1].fail(STOPPED)

    def compare(self, item_id: str) -> None:
        """Put an item beside the others that are compared, or take it away again; the fifth drops the first."""
        if item_id in self.compared:
            self.compared.remove(item_id)
        else:
            self.compared = [*self.compared, item_id][-MOST:]

    def resume(self, session: Session, exchanges: list[Exchange]) -> None:
        """Go on with another session. Only while no turn runs."""
        self.start_over(session)
        self.exchanges = exchanges

    def fork(self, session: Session, place: int, shown: Sequence[str] = ()) -> None:
        """Go back to before an exchange, in a session of its own; the one so far stays as it is.

        Args:
            session: a new one.
            place: of the exchange, from 0.
            shown: items not to be shown again.

        Raises:
            QueryError: what came before it is not known any more.
        """
        before = self.exchanges[place].before if 0 <= place < len(self.exchanges) else None
        if before is None:
            raise QueryError(TOO_FAR_BACK)
        session.restore(before)
        session.set_manner(self.manner)
        if shown:
            session.set_profile(session.profile.with_shown(shown).withholding_shown())
        earlier = self.exchanges[:place]
        for number, exchange in enumerate(earlier, 1 - place):
            for event in exchange.events:
                session.trace.write(number, event)
        self.resume(session, earlier)

    def start_over(self, session: Session) -> None:
        """Begin again with another session. Only while no turn runs."""
        with self._lock:
            self.session, self.exchanges, self.notice, self.erasing = session, [], "", False
            self.waiting, self.compared, self.deleting, self.editing = [], [], "", None
            self.explained, self._manner, self._edits = set(), None, []
            self._later.clear()
            self._judged.clear()
            self._open.clear()

    def edit(self, edit: Edit) -> None:
        """Change the profile; an error of ours becomes the tab's notice."""
        with self._lock:
            self._apply_or_keep(edit)

    def undo(self) -> None:
        """Take back the last change of the profile."""

        def back(session: Session) -> None:
            before = session.profile
            if session.undo() == before:
                self.notice = NOTHING_TO_UNDO

        self.edit(back)

    def verdict(self, item_id: str, profile: TasteProfile) -> Verdict:
        """What the person said of an item, kept edits included."""
        if item_id in self._judged:
            return self._judged[item_id]
        return "liked" if item_id in profile.likes else "disliked" if item_id in profile.dislikes else ""

    def _apply_or_keep(self, edit: Edit) -> None:
        self.notice = ""
        if self._busy:
            self._later.append(edit)
        else:
            self._apply(edit)

    def _apply(self, edit: Edit) -> None:
        try:
            edit(self.session)
        except TastemakerError as error:
            self.notice = str(error)
        self._judged.clear()
        self._manner = None

    def _settle(self, exchange: Exchange) -> None:
        """End a turn: nothing is left running, edits made meanwhile are applied."""
        with self._lock:
            if exchange.running:
                exchange.fail(STOPPED)
            self._busy = False
            later, self._later = self._later, []
            for edit in later:
                self._apply(edit)


class TabSeed:
    """Becomes a tab of its own wherever it is copied: Gradio copies a state's first value for each page.

    So a page has its tab from its first event on, also where that is a message sent before the page was ready.

    Args:
        open_session: makes a tab's session.
    """

    def __init__(self, open_session: Callable[[], Session]) -> None:
        self._open_session = open_session

    def __deepcopy__(self, _: object) -> Tab:
        return Tab(self._open_session())
