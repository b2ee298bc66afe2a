"""The top of the page tells who answers: the model, or rules while its server is being started."""

import threading

from tastemaker.agent.events import Fallback
from tastemaker.agent.llm.restarted import RestartedModel
from tastemaker.ui.web.page import MODEL_AWAY, ChatPage


def test_rules_answer_at_once_while_the_model_starts_and_the_masthead_says_so(tm_with, fake_model):
    up, alive = threading.Event(), threading.Event()
    alive.set()

    def start():
        up.wait(30)
        return fake_model

    model = RestartedModel("slow-1b", start, alive.is_set, wait=False)
    tm = tm_with(model)
    page = ChatPage(tm)
    assert MODEL_AWAY in page._masthead()
    assert page._model_views()[1].active
    events = list(tm.session().stream("a comedy"))
    assert events[-1].reply.items
    assert {one.error for one in events if isinstance(one, Fallback) and one.model_failed} <= {"ModelResting"}

    up.set()
    assert model.wait(10)
    assert MODEL_AWAY not in page._masthead()
    assert not page._model_views()[1].active

    up.clear()
    alive.clear()  # it dies
    assert MODEL_AWAY in page._masthead()
    alive.set()
    up.set()
    assert model.wait(10)
    assert MODEL_AWAY not in page._masthead()
