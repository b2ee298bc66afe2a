"""A server that sends more than was asked for is left off, and costs neither memory nor time."""

import json
import resource
import time

import pytest

from tastemaker.agent.llm.bounded_answers import MAX_BODY_BYTES
from tastemaker.agent.llm.open_models import open_model
from tastemaker.evals.studies.faults.model_faults import BODY, FAULTS, faulty_server
from tastemaker.retrieval.errors import ModelError

pytestmark = pytest.mark.wire
SCHEMA = {"title": "wish", "type": "object", "properties": {"wish": {"type": "string"}}, "required": ["wish"]}
TOKENS = 50


def _long(connection):
    """An answer that fits, and is no JSON: what reads it by its last character takes minutes."""
    text = json.dumps("z" * 200_000).encode()
    body = BODY.replace(json.dumps(json.loads(BODY)["choices"][0]["message"]["content"]).encode(), text)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    connection.sendall(head.encode() + body)


@pytest.fixture(scope="module", autouse=True)
def imported():
    """What a first call imports is none of a fault's; an answer of the length that was allowed is read."""
    with faulty_server(FAULTS["usage None"]) as llm:
        assert (
            open_model(llm).complete(SCHEMA, [("user", "a film")], TOKENS, timeout=20).value["wish"]
            == "a drama"
        )


@pytest.mark.parametrize(
    "fault", [FAULTS["a body without an end"], FAULTS["a bomb of gzip"], FAULTS["an answer of 20 MB"], _long]
)
def test_a_long_answer_ends_soon_in_little_memory(fault):
    with faulty_server(fault) as llm:
        model = open_model(llm)
        before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        with pytest.raises(ModelError):
            model.complete(SCHEMA, [("user", "a film")], TOKENS, timeout=20)
        assert time.process_time() - started < 5
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * MAX_BODY_BYTES / 1024


def test_what_is_said_goes_to_no_other_server():
    asked = list[object]()
    with faulty_server(asked.append) as other, faulty_server(_redirects(other.partition("#")[0])) as llm:
        model = open_model(llm)
        with pytest.raises(ModelError):
            model.complete(SCHEMA, [("user", "a film")], TOKENS, timeout=20)
    assert asked == []


def _redirects(url):
    head = f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {url}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    return lambda connection: connection.sendall(head.encode())
