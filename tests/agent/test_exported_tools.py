"""The agent as tools for other agents: LangChain's create_agent, and the Model Context Protocol."""

import asyncio
import os
import socket
import subprocess
import sys
import time

import pytest
from langchain.agents import create_agent
from langchain_core.language_models.fake_chat_models import FakeMessagesListChatModel
from langchain_core.messages import AIMessage, ToolMessage
from mcp import Client
from mcp.client.stdio import StdioServerParameters

from tastemaker.agent.mcp_server import mcp_server

NAMES = {"recommend", "search", "inspect", "profile"}


@pytest.fixture
def tools(tm):
    return {tool.name: tool for tool in tm.tools()}


def test_each_tool_explains_itself_and_the_search_its_catalogue(tools):
    assert set(tools) == NAMES
    assert all(tool.description and tool.args for tool in tools.values())
    assert "genres: " in tools["search"].description
    assert tools["recommend"].args["k"]["maximum"] == 50


def test_recommend_keeps_conditions_and_goes_on_in_a_session(tools):
    first = tools["recommend"].invoke({"message": "from the nineties, no horror", "k": 2})
    assert len(first["items"]) == 2
    second = tools["recommend"].invoke({"message": "show me others", "k": 2, "session": first["session"]})
    assert not {i["id"] for i in first["items"]} & {i["id"] for i in second["items"]}
    assert all(
        1990 <= tools["inspect"].invoke({"item": i["id"]})["attributes"]["year"] <= 1999
        for i in second["items"]
    )


def test_search_by_text_conditions_and_likeness(tools):
    found = tools["search"].invoke({"text": "a jury argues", "where": "year before 1990", "k": 1})
    assert found["items"][0]["title"] == "The Long Verdict (1957)"
    assert found["notes"] == []
    comedies = tools["search"].invoke({"where": "genres is comedy"})["items"]
    assert {one["id"] for one in comedies} == {"4", "9"}
    alike = tools["search"].invoke({"like": "Grave Company (1995)", "k": 3})["items"]
    assert "5" not in {one["id"] for one in alike}


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("search", {"where": "yeer is 1990"}, "did you mean 'year'"),
        ("search", {}, "nothing to search for"),
        ("inspect", {"item": "No Such Film"}, "not in the catalogue"),
        ("recommend", {"message": " "}, "empty"),
        ("profile", {"person": "a b"}, "person id"),
    ],
)
def test_what_goes_wrong_is_told_to_the_model(tools, name, arguments, told):
    assert told in tools[name].invoke(arguments)


class Scripted(FakeMessagesListChatModel):
    def bind_tools(self, tools, **_):
        return self


def test_the_tools_drop_into_somebody_elses_agent(tm):
    call = {"name": "search", "args": {"where": "genres is comedy"}, "id": "1"}
    script = [AIMessage("", tool_calls=[call]), AIMessage("There are two.")]
    agent = create_agent(Scripted(responses=script), tm.tools())
    said = agent.invoke({"messages": [("user", "Which comedies are there?")]})["messages"]
    answer = next(one for one in said if isinstance(one, ToolMessage))
    assert "Laughing Stock (1991)" in answer.content
    assert said[-1].content == "There are two."


async def _used(client):
    async with client:
        listed = {tool.name for tool in (await client.list_tools()).tools}
        found = await client.call_tool("search", {"where": "genres is comedy"})
        wrong = await client.call_tool("inspect", {"item": "No Such Film"})
        reply = await client.call_tool("recommend", {"message": "a thriller", "k": 2})
    return listed, found, wrong, reply


def _check(listed, found, wrong, reply):
    assert listed == NAMES
    assert {item["id"] for item in found.structured_content["items"]} == {"4", "9"}
    assert wrong.is_error
    assert "not in the catalogue" in wrong.content[0].text
    assert len(reply.structured_content["items"]) == 2


def test_the_official_client_in_process(tm):
    _check(*asyncio.run(_used(Client(mcp_server(tm)))))


def _command(path, *more):
    return [sys.executable, "-m", "tastemaker.ui.cli.main", "mcp", "--workspace", str(path), *more]


@pytest.mark.wire
def test_the_official_client_over_standard_input(film_workspace):
    command, *arguments = _command(film_workspace.path)
    _check(
        *asyncio.run(
            _used(Client(StdioServerParameters(command=command, args=arguments, env=dict(os.environ))))
        )
    )


@pytest.mark.wire
def test_the_official_client_over_http(film_workspace):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen(_command(film_workspace.path, "--http", str(port))) as server:
        try:
            for _ in range(600):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            _check(*asyncio.run(_used(Client(f"http://127.0.0.1:{port}/mcp"))))
        finally:
            server.terminate()
