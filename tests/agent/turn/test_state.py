"""What steps hand on fits the state of the graph, and what a session keeps comes back as it was."""

import json

import pytest

from tastemaker.agent.memory.message import Message
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.undo_history import Timeline
from tastemaker.agent.nlu.pending_question import PendingQuestion
from tastemaker.agent.turn import state
from tastemaker.agent.turn.session_state import SessionState


@pytest.mark.parametrize("step", state._Step.__subclasses__())
def test_a_step_adds_fields_of_the_state_alone(step):
    fields = state.TurnState.model_fields
    assert set(step.model_fields) <= set(fields)
    for name, field in step.model_fields.items():
        assert field.is_required()
        assert field.annotation in (
            fields[name].annotation,
            getattr(fields[name].annotation, "__args__", (None,))[0],
        )


def test_a_stored_session_comes_back_as_it_was():
    past = TasteProfile(wishes=("a",), shown=("1",))
    session = SessionState(
        profile=TasteProfile(likes=("3",), shown=("1", "2")),
        timeline=Timeline(past=(past,)),
        messages=(Message(role="user", text="zero \0, snow ☃"),),
        turn=3,
        asking=PendingQuestion(kind="again", text="Again?"),
        questions=("again",),
        revision=5,
    )
    stored = json.loads(json.dumps(session.to_json()))
    assert stored["past"][0]["shown_then"] == 1
    assert "revision" not in stored
    assert SessionState.from_json(stored, 5) == session
    assert SessionState.from_json({**stored, "from another version": 1}, 5) == session
    assert SessionState.from_json({}) == SessionState()


def test_a_turn_keeps_of_the_session_what_it_does_not_change():
    session = SessionState(turn=3, clarified=("genres",), revision=2)
    assert state.TurnState.begin(session, "hello").session == session
