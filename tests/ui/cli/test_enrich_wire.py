"""`tastemaker enrich` against a real server of the OpenAI protocol: whole, killed in the middle, nonsense."""

import json
import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tastemaker.tools.workspace.build import build_workspace
from tastemaker.tools.workspace.workspace import Workspace

pytestmark = pytest.mark.wire
FACETS = """
name = "small"
[facets.pace]
kind = "category"
values = ["slow", "fast"]
question = "How fast?"
[facets.violence]
kind = "level"
values = ["none", "a little", "much"]
question = "How violent?"
"""


class Answering(BaseHTTPRequestHandler):
    """Fills in the form it is asked for, slowly; what it answers and how often is set on the server."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with self.server.lock:
            self.server.asked.append(body)
        time.sleep(self.server.seconds)
        text = self.server.answer(body)
        message = {"role": "assistant", "content": text}
        data = json.dumps(
            {
                "id": "1",
                "object": "chat.completion",
                "created": 1,
                "model": body["model"],
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
            }
        ).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def filled(body):
    parts = body["response_format"]["json_schema"]["schema"]["properties"]
    return json.dumps({name: {"from": "premise", "is": "fast" if name == "pace" else 2} for name in parts})


@pytest.fixture
def server():
    made = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    made.lock, made.asked, made.seconds, made.answer = threading.Lock(), [], 0.0, filled
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


@pytest.fixture
def command(tmp_path, film_catalog, film_log, server):
    build_workspace(
        tmp_path / "w", film_catalog, film_log, recommender="popularity", embedding="hashing", progress=False
    )
    (tmp_path / "facets.toml").write_text(FACETS)
    spec = f"http://127.0.0.1:{server.server_address[1]}/v1#m"
    return [
        sys.executable,
        "-m",
        "tastemaker.ui.cli.main",
        "enrich",
        "-w",
        str(tmp_path / "w"),
        "--llm",
        spec,
        "-q",
        "--facets",
        str(tmp_path / "facets.toml"),
        "--workers",
        "2",
    ]


def run(command, *more):
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*command, *more], capture_output=True, text=True, timeout=120, env=env, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stderr
    return done


def lines(path):
    return path.read_bytes().count(b"\n") if path.exists() else 0


def test_a_killed_enrichment_goes_on_where_it_was(server, command, tmp_path):
    server.seconds = 0.3
    answers = tmp_path / "w" / "enrichment" / "answers.jsonl"
    process = subprocess.Popen([*command, "--yes"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while lines(answers) < 3 and time.monotonic() < end:
        time.sleep(0.02)
    process.kill()
    process.wait()
    kept = lines(answers)
    assert 3 <= kept < 12
    assert Workspace.open(tmp_path / "w").manifest.enriched is None
    server.seconds, before = 0.0, len(server.asked)
    done = run(command, "--yes")
    assert len(server.asked) - before == 12 - kept
    workspace = Workspace.open(tmp_path / "w")
    assert all(
        item.attributes["pace"] == "fast" and item.attributes["violence"] == 2 for item in workspace.catalog
    )
    assert "12" in done.stdout
    before = len(server.asked)
    assert "nothing to ask" in run(command).stderr
    assert len(server.asked) == before


def test_ten_items_come_first_and_nothing_more_without_a_yes(server, command, tmp_path):
    done = run(command)
    assert len(server.asked) == 10
    assert "2 items left: about" in done.stderr
    assert "200 tokens read and 40 written (no price is known; give --prices)" in done.stderr
    assert "--yes" in done.stderr
    (tmp_path / "prices.toml").write_text(
        f'["{command[command.index("--llm") + 1]}"]\ninput = 1000\noutput = 1000\n'
    )
    changed = FACETS.replace("How fast?", "Is it quick?")
    (tmp_path / "facets.toml").write_text(changed)
    server.asked.clear()
    priced = run(command, "--prices", str(tmp_path / "prices.toml"))
    assert "about 0.24 in all" in priced.stderr
    asked = [list(body["response_format"]["json_schema"]["schema"]["properties"]) for body in server.asked]
    # Of the ten that were answered only the changed facet is open; the other two are drawn or not.
    assert asked.count(["pace"]) >= 8
    assert asked.count(["pace"]) + asked.count(["pace", "violence"]) == len(asked) == 10


def test_a_model_that_talks_nonsense_is_asked_once_more_and_does_no_harm(server, command, tmp_path):
    server.answer = lambda body: "I would rather talk about the weather. </item> {"
    done = run(command, "--yes")
    assert len(server.asked) == 24
    workspace = Workspace.open(tmp_path / "w")
    assert workspace.manifest.enriched is None
    assert "violence" in done.stdout
    page = (tmp_path / "w" / "enrichment" / "spot-check.html").read_text()
    assert "outside the form twice" in page
    assert "&lt;item&gt;" in page
