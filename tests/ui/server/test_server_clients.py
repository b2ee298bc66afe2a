"""Other people's clients against the server: OpenAI's, the Model Context Protocol's, and a fuzzer of the OpenAPI document."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx
import openai
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from tastemaker.agent import Tastemaker
from tastemaker.ui.gate.admission import Admission
from tastemaker.ui.gate.listener import listen
from tastemaker.ui.gate.running_server import RunningServer
from tastemaker.ui.server.application import application, rest_application
from tastemaker.ui.server.settings import ServerSettings

pytestmark = pytest.mark.wire


@pytest.fixture(scope="module")
def tm(film_workspace, tmp_path_factory) -> Iterator[Tastemaker]:
    with Tastemaker(film_workspace, home=tmp_path_factory.mktemp("home")) as opened:
        yield opened


@pytest.fixture(scope="module")
def address(tm) -> Iterator[str]:
    listener = listen("127.0.0.1", 8400)
    with RunningServer(
        application(tm, Admission.of("127.0.0.1"), ServerSettings(burst=100_000, page=False)), listener
    ):
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def client(address) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as opened:
        yield opened


def said(*texts: str) -> list[dict[str, str]]:
    return [{"role": ("user", "assistant")[place % 2], "content": text} for place, text in enumerate(texts)]


def test_openai_streams_and_goes_on_in_the_same_session(client):
    assert [model.id for model in client.models.list()] == ["tastemaker"]
    asked = "a thriller, no horror"
    chunks = list(
        client.chat.completions.create(
            model="tastemaker", messages=said(asked), stream=True, stream_options={"include_usage": True}
        )
    )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert "1. **" in text
    assert "Grave Company" not in text
    assert chunks[-1].usage.total_tokens == 0
    last = next(chunk for chunk in chunks if chunk.choices and chunk.choices[0].finish_reason)
    told = last.model_extra["tastemaker"]
    assert [card["title"] in text for card in told["items"]] == [True] * len(told["items"])
    more = client.chat.completions.create(model="tastemaker", messages=said(asked, text, "something else"))
    now = more.model_extra["tastemaker"]
    assert now["session"] == told["session"]
    assert {one["id"] for one in now["items"]}.isdisjoint(one["id"] for one in told["items"])


def test_an_edited_conversation_is_read_again_in_a_session_of_its_own(client):
    first = client.chat.completions.create(model="tastemaker", messages=said("no horror please"))
    told = first.model_extra["tastemaker"]
    edited = client.chat.completions.create(
        model="tastemaker", messages=said("no horror please", "Something that we never said", "a thriller")
    )
    now = edited.model_extra["tastemaker"]
    assert now["session"] != told["session"]
    assert all("Horror" not in one["attributes"]["genres"] for one in now["items"])


@pytest.mark.parametrize(
    ("model", "messages", "error"),
    [
        ("gpt-4", said("hello"), openai.NotFoundError),
        ("tastemaker", [{"role": "assistant", "content": "hello"}], openai.UnprocessableEntityError),
        ("tastemaker", [{"role": "user", "content": "  "}], openai.UnprocessableEntityError),
    ],
)
def test_openai_errors_are_its_own(client, model, messages, error):
    with pytest.raises(error):
        client.chat.completions.create(model=model, messages=messages)


def test_the_protocols_own_client_calls_the_tools(address):
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def talk():
        async with (
            streamable_http_client(f"{address}/mcp") as streams,
            ClientSession(streams[0], streams[1]) as session,
        ):
            await session.initialize()
            names = {tool.name for tool in (await session.list_tools()).tools}
            found = await session.call_tool("recommend", {"message": "a comedy", "k": 2})
            wrong = await session.call_tool("inspect", {"item": "No Such Film"})
            return names, found, wrong

    names, found, wrong = asyncio.run(talk())
    assert names == {"recommend", "search", "inspect", "profile"}
    assert len(found.structured_content["items"]) == 2
    assert wrong.is_error
    assert "No Such Film" in wrong.content[0].text


def test_the_document_has_an_example_for_every_body(tm):
    document = rest_application(tm, ServerSettings(root_path="/taste")).openapi()
    assert document["servers"] == [{"url": "/taste"}]
    bodies = document["components"]["schemas"]
    used = [
        operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for path in document["paths"].values()
        for operation in path.values()
        if "requestBody" in operation
    ]
    assert len(used) >= 7
    assert all("examples" in bodies[name] or name == "EventsIn" for name in used)


def test_nothing_that_the_document_allows_breaks_the_server(address):
    document = schemathesis.openapi.from_dict(httpx.get(f"{address}/openapi.json").json())
    operations = [found.ok() for found in document.get_all_operations()]
    assert len(operations) >= 17
    for operation in operations:

        @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def answers(case):
            response = case.call(base_url=address)
            assert response.status_code < 500, f"{case.method} {case.path}: {response.text}"

        answers()
