import json
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import openai
import pytest
from filelock import FileLock

from tastemaker.agent.llm import local_process as model_process
from tastemaker.agent.llm import local_server
from tastemaker.agent.llm.local_server import (
    LocalServer,
    ServerSettings,
    ensure_local_server,
    is_up,
    main,
    stop_local_server,
)
from tastemaker.retrieval.errors import ConfigError, ModelUnreachable
from tastemaker.retrieval.fetch.model_files import chat_model

SMALL = "smollm2-135m"


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("TASTEMAKER_CACHE", str(tmp_path))
    return tmp_path


def write_record(path, **fields):
    path.write_text(json.dumps({"pid": os.getpid(), "port": 1, "key": "k", "alias": "m"} | fields))


def test_the_key_stays_out_of_what_is_printed(tmp_path):
    assert "secret" not in repr(LocalServer("m", "http://127.0.0.1:1/v1", "secret", 1, tmp_path))


def test_a_missing_model_file_says_what_is_allowed(own_cache):
    with pytest.raises(ConfigError, match=r"no model file .*smollm2-135m"):
        ensure_local_server(own_cache / "missing.gguf")


def test_nothing_to_stop_is_no_error(own_cache):
    assert stop_local_server(SMALL) == 0


def test_other_settings_are_another_server(own_cache):
    file = own_cache / "m.gguf"
    file.touch()
    same = {local_server._place("m", file, ServerSettings()).name for _ in range(2)}
    assert len(same) == 1
    assert local_server._place("m", file, ServerSettings(context=512)).name not in same


def test_the_first_error_is_the_reason_and_else_the_last_line(tmp_path):
    log = tmp_path / "log"
    log.write_text("0.1 E gguf: invalid magic\n0.2 E later\nRuntimeError: failed\n")
    assert local_server._reason(log) == "gguf: invalid magic"
    log.write_text("Traceback\nImportError: no library\n\n")
    assert local_server._reason(log) == "ImportError: no library"
    log.write_text("")
    assert "no reason" in local_server._reason(log)


def test_a_record_is_private_and_replaced_whole(tmp_path):
    for text in ("a", "b"):
        model_process.write_private(tmp_path / "r.json", text)
    assert (tmp_path / "r.json").read_text() == "b"
    assert (tmp_path / "r.json").stat().st_mode & 0o777 == 0o600
    assert len(list(tmp_path.iterdir())) == 1


def test_a_held_lease_counts_and_a_left_one_is_swept(tmp_path):
    assert not model_process.any_lease(tmp_path)
    with FileLock(tmp_path / "1.lease"):
        assert model_process.any_lease(tmp_path)
    assert not model_process.any_lease(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_killed_client_holds_no_lease(tmp_path):
    code = textwrap.dedent("""
        import sys
        from filelock import FileLock
        with FileLock(sys.argv[1]):
            print("held", flush=True)
            sys.stdin.read()
    """)
    command = [sys.executable, "-c", code, str(tmp_path / "1.lease")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as client:
        assert client.stdout.readline() == b"held\n"
        held = model_process.any_lease(tmp_path)
        client.kill()
    assert held
    assert not model_process.any_lease(tmp_path)


@pytest.fixture
def quick_watch(monkeypatch):
    monkeypatch.setattr(model_process, "WATCH_SECONDS", 0.01)


def test_the_watch_ends_when_the_record_names_another(tmp_path, quick_watch):
    write_record(tmp_path / "r", pid=os.getpid() + 1)
    model_process.watch(tmp_path / "r", tmp_path, tmp_path / "lock", 60)


def test_the_watch_ends_a_while_after_the_last_client(tmp_path, quick_watch):
    write_record(tmp_path / "r")
    start = time.monotonic()
    model_process.watch(tmp_path / "r", tmp_path, tmp_path / "lock", 0.2)
    assert 0.2 <= time.monotonic() - start < 5
    assert not (tmp_path / "r").exists()


def test_an_unknown_model_on_the_command_line_is_one_line_and_status_2(own_cache, capsys):
    assert main(["--model", "gpt-9"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_it_does_not_retire_while_a_client_is_looking_for_it(tmp_path):
    write_record(tmp_path / "r")
    with FileLock(tmp_path / "lock"):
        model_process.retire(tmp_path / "r", tmp_path, tmp_path / "lock")
    assert (tmp_path / "r").exists()
    model_process.retire(tmp_path / "r", tmp_path, tmp_path / "lock")
    assert not (tmp_path / "r").exists()


@pytest.mark.wire
def test_a_broken_model_file_gives_the_servers_reason(own_cache):
    (own_cache / "bad.gguf").write_bytes(b"x" * 4000)
    with pytest.raises(ModelUnreachable, match=r"died at start: .*invalid magic.*bad-\w{8}\.log"):
        ensure_local_server(own_cache / "bad.gguf")
    assert not list(own_cache.rglob("*.json"))


@pytest.mark.wire
def test_a_stale_record_is_not_believed(own_cache):
    file = own_cache / "m.gguf"
    file.touch()
    place = local_server._place("m", file, ServerSettings())
    write_record(place.record, port=9)
    assert local_server._running(place) is None


@pytest.fixture(scope="module")
def small_model():
    return chat_model(SMALL, progress=False)


@pytest.fixture(scope="module")
def server(small_model, tmp_path_factory):
    """A server with a cache folder of its own, so that it meets no other one of this user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TASTEMAKER_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield ensure_local_server(small_model, settings=ServerSettings(context=2048))
        assert stop_local_server(small_model) <= 1


FORM = {
    "type": "object",
    "properties": {"genre": {"type": "string", "enum": ["Thriller", "Comedy"]}},
    "required": ["genre"],
    "additionalProperties": False,
}


def ask(server, key=None):
    with openai.OpenAI(base_url=server.base_url, api_key=key or server.api_key, max_retries=0) as client:
        return client.chat.completions.create(
            model=server.model,
            messages=[
                {"role": "user", "content": "What kind of film is Heat? " + "Think of the city. " * 10}
            ],
            max_tokens=24,
            temperature=0,
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "form", "schema": FORM, "strict": True},
            },
        )


@pytest.mark.wire
def test_the_answer_fits_the_form_and_the_prompt_is_cached(server):
    first, second = ask(server), ask(server)
    assert json.loads(first.choices[0].message.content)["genre"] in {"Thriller", "Comedy"}
    assert second.usage.prompt_tokens_details.cached_tokens > second.usage.prompt_tokens // 2


@pytest.mark.wire
def test_a_wrong_key_is_refused(server):
    with pytest.raises(openai.AuthenticationError):
        ask(server, key="guess")


@pytest.mark.wire
def test_the_record_is_private(server):
    record = server.log.with_suffix(".json")
    assert record.stat().st_mode & 0o077 == 0
    assert server.log.stat().st_mode & 0o077 == 0


@pytest.mark.wire
def test_this_and_another_process_get_the_same_server(server, small_model):
    settings = ServerSettings(context=2048)
    assert ensure_local_server(small_model, settings=settings) == server
    code = textwrap.dedent("""
        import sys
        from pathlib import Path
        from tastemaker.agent.llm.local_server import ServerSettings, ensure_local_server
        print(ensure_local_server(Path(sys.argv[1]), settings=ServerSettings(context=2048)).pid)
    """)
    command = [sys.executable, "-c", code, str(small_model)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert int(said.stdout) == server.pid


@pytest.mark.wire
def test_stop_ends_it_and_the_next_ensure_starts_another(server, small_model):
    assert stop_local_server(small_model) == 1
    assert not is_up(server)
    with pytest.raises(ProcessLookupError):
        os.kill(server.pid, 0)
    fresh = ensure_local_server(small_model, settings=ServerSettings(context=2048))
    assert fresh.pid != server.pid
    assert is_up(fresh)


@pytest.mark.wire
def test_it_ends_by_itself_once_no_client_lives(small_model, own_cache):
    code = textwrap.dedent("""
        import sys
        from pathlib import Path
        from tastemaker.agent.llm.local_server import ServerSettings, ensure_local_server
        settings = ServerSettings(context=512, linger_seconds=0.5)
        print(ensure_local_server(Path(sys.argv[1]), settings=settings).pid)
    """)
    command = [sys.executable, "-c", code, str(small_model)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    deadline = time.monotonic() + 20
    while Path(f"/proc/{int(said.stdout)}").exists():
        assert time.monotonic() < deadline, "the server outlived its only client"
        time.sleep(0.1)
    assert not list((own_cache / "servers").glob("*.json"))
