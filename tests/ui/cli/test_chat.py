"""The chat in a terminal: messages, commands, and what goes wrong in them."""

import io
import json
import subprocess
import sys

import pytest

from tastemaker.agent import Tastemaker
from tastemaker.retrieval.errors import QueryError
from tastemaker.ui.cli.chat_commands import ChatCommands
from tastemaker.ui.views.where import read_where


@pytest.fixture
def shop(film_workspace, tmp_path):
    with Tastemaker(film_workspace, home=tmp_path) as tm:
        yield tm


@pytest.fixture
def chat(shop):
    session = shop.session()
    session.send("a drama", 3)
    return ChatCommands(session, shop.resources.tool_context.catalog), session


def test_commands_act_on_the_list_by_number(chat, capsys, tmp_path):
    commands, session = chat
    first, second = session.last_items[:2]
    assert commands.run("/why 1")
    assert first.title in capsys.readouterr().out
    commands.run("/compare 1 2")
    table = capsys.readouterr().out
    assert first.title in table
    assert second.title in table
    assert "year" in table
    commands.run("/like 1")
    assert session.profile.likes == (first.id,)
    commands.run("/profile")
    assert f"likes: {first.title}" in capsys.readouterr().out
    commands.run("/undo")
    assert session.profile.likes == ()
    commands.run("/take 2")
    assert second.id in session.profile.history
    commands.run(f"/export {tmp_path / 'talk.json'}")
    told = json.loads((tmp_path / "talk.json").read_text())
    assert [message["role"] for message in told["messages"]] == ["user", "assistant"]
    assert told["messages"][1]["items"][0] == {"id": first.id, "title": first.title}
    commands.run(f"/export {tmp_path / 'talk.md'}")
    assert f"1. {first.title}" in (tmp_path / "talk.md").read_text()
    assert not commands.run("/quit")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/wy 1", "there are /help"),
        ("/why 9", "1 to"),
        ("/compare 1", "2 or more numbers"),
        ("/compare 1 1", "2 to 4 different"),
        ("/export talk.txt", r"\.md or \.json"),
    ],
)
def test_a_wrong_command_says_what_is_allowed(chat, line, said):
    with pytest.raises(QueryError, match=said):
        chat[0].run(line)


def test_where_reads_words_and_grammar_and_drops_nothing(shop):
    context = shop.resources.tool_context

    def read(text):
        return read_where(text, context.catalog, lambda: context.resolver)

    assert read("year at least 1990") == read("from 1990 on")
    assert read("no horror") == read("genres is not Horror")
    with pytest.raises(QueryError, match="in words"):
        read("from 1990 on and somehow wistful")


def test_version_needs_no_heavy_import():
    code = (
        "import sys; from tastemaker.ui.cli.main import app\n"
        "try: app(['--version'])\n"
        "except SystemExit: pass\n"
        "sys.exit(' '.join({'torch','gradio','numpy','fastapi','langgraph'} & sys.modules.keys()) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("tastemaker ")


def test_a_chat_goes_on_after_a_wrong_line(shop, monkeypatch, capsys):
    from tastemaker.ui.cli.chat import _converse

    session = shop.session()
    monkeypatch.setattr(sys, "stdin", io.StringIO("a drama\n/why 77\n/undo\n\n"))
    _converse(session, ChatCommands(session, shop.resources.tool_context.catalog), 3)
    out, err = capsys.readouterr()
    assert "1. " in out
    assert "error: give 1 or more numbers" in err
    assert "to go on later" in err
