"""Two hundred turns: prompts, stored state and answers stay as they were in the first ten."""

import sqlite3

import pytest

from tastemaker.agent import Tastemaker
from tastemaker.agent.memory.message import Message
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.summary import MAX_MESSAGES, Summary, earlier_lists, fold_messages
from tastemaker.agent.memory.undo_history import Timeline

TURNS = 200
TALK = (
    "something tense",
    "a drama",
    "no horror",
    "show me others",
    "why this?",
    "a comedy from the nineties",
    "what is the newest thriller?",
    "forget the year",
    "something about a farmer",
    "forget the genres",
)


class Echo:
    """A model that understands nothing and finishes at once; it keeps how long each prompt was."""

    name = "echo-1b"

    def __init__(self):
        self.sizes = []

    def complete(self, schema, messages, max_tokens, timeout=None):
        from tastemaker.agent.llm.model import FormAnswer
        from tastemaker.agent.llm.usage import Usage

        self.sizes.append(sum(len(text.split()) for _, text in messages))
        forms = {
            "understanding": {"intent": "recommend", "mentions": [], "constraints": [], "wish": ""},
            "action": {"step": {"action": "finish", "why": "enough"}},
        }
        return FormAnswer(forms.get(schema["title"], {"lead": "Here."}), Usage(calls=1))


@pytest.fixture(scope="module")
def held(film_workspace, tmp_path_factory):
    """A session of two hundred turns; per turn, the longest prompt in words, and the size of its state."""
    model, prompts, sizes = Echo(), [], []
    home = tmp_path_factory.mktemp("long")
    with Tastemaker(film_workspace, model, "thorough", home=home) as tm:
        session = tm.session()
        first = session.send("a thriller", k=2)
        for turn in range(TURNS - 1):
            model.sizes.clear()
            session.send(TALK[turn % len(TALK)], k=2)
            prompts.append(max(model.sizes, default=0))
            with sqlite3.connect(home / "sessions.sqlite") as file:
                (row,) = file.execute(
                    "SELECT count(*), sum(length(state)) FROM tastemaker_sessions"
                ).fetchall()
            sizes.append(row)
        yield session, first, prompts, sizes


def test_prompts_do_not_grow(held):
    _, _, prompts, _ = held
    assert max(prompts[-len(TALK) :]) <= max(prompts[: len(TALK)]) + 20


def test_of_each_session_one_state_is_stored_and_it_is_bounded(held):
    _, _, _, sizes = held
    assert {count for count, _ in sizes} == {1}
    assert sizes[-1][1] <= 2 * sizes[MAX_MESSAGES // 2][1]


def test_what_was_shown_first_is_known_after_two_hundred_turns(held):
    session, first, _, _ = held
    told = session.send("what did you show me first?").message
    assert all(card.title in told for card in first.items)
    assert len(session.messages) <= MAX_MESSAGES
    assert session.summary.messages + len(session.messages) == 2 * (TURNS + 1)
    assert session.summary.opening == "a thriller"


def test_undo_still_works_after_folding(held):
    session, *_ = held
    before = session.profile
    session.like("6")
    assert session.undo() == before


def test_folding_keeps_the_first_list_and_at_least_half():
    messages = [
        Message(role=role, text=f"{role} {n}", items=(str(n),) if role == "assistant" and n else ())
        for n in range(20)
        for role in ("user", "assistant")
    ]
    kept, summary = (), Summary()
    for end in range(1, len(messages) + 1):
        kept, summary = fold_messages(summary, (*kept, messages[end - 1]), most=8)
        assert 4 <= len(kept) <= 8 or len(kept) == end
    assert summary.first_shown == ("1",)
    assert earlier_lists(summary, kept)[0] == ("1",)
    assert earlier_lists(summary, kept)[-1] == ("19",)
    assert summary.messages + len(kept) == len(messages)


def test_steps_to_go_back_to_hold_what_was_shown_once():
    now = TasteProfile(shown=tuple(map(str, range(1000))))
    steps = [TasteProfile(shown=now.shown[:n], wishes=(str(n),)) for n in range(0, 1000, 100)]
    other = TasteProfile(shown=("7", "8"))
    timeline = Timeline(past=(*steps, other))
    stored = timeline.to_json(now)
    assert len(str(stored)) < 3000
    grown = now.with_shown(["new"])
    assert Timeline.of({"profile": grown.model_dump(mode="json"), **stored}) == timeline
