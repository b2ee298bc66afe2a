"""The hub's own client against a small hub on loopback."""

import hashlib
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from huggingface_hub import constants

from tastemaker.retrieval.errors import SourceError
from tastemaker.retrieval.fetch import hub as module
from tastemaker.retrieval.fetch.hub import hub_file

CONTENT = bytes(range(256)) * 40
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def use_endpoint(monkeypatch, url):
    """As HF_ENDPOINT does, which is read when the client is imported."""
    template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(constants.ENDPOINT, url)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(constants, "ENDPOINT", url)


@pytest.fixture
def hub(monkeypatch):
    """Serves CONTENT as any file of any repository but ``r/gone``; remembers what was asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.answer(b"")

        def do_GET(self):
            self.answer(CONTENT)

        def answer(self, body):
            asked.append((self.command, self.path))
            known = not self.path.startswith("/r/gone")
            self.send_response(200 if known else 404)
            self.send_header("Content-Length", str(len(CONTENT)) if known else "0")
            self.send_header("X-Repo-Commit", "0" * 40)
            self.send_header("ETag", f'"{SHA256}"')
            if not known:
                self.send_header("X-Error-Code", "RepoNotFound")
            self.end_headers()
            self.wfile.write(body if known else b"")

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        use_endpoint(monkeypatch, f"http://127.0.0.1:{server.server_port}")
        yield asked
        server.shutdown()
        thread.join()


@pytest.mark.wire
def test_a_file_arrives_whole_and_alone(hub, tmp_path, capfd):
    file = hub_file("r/model", "d/w.bin", tmp_path / "m" / "w.bin", SHA256, len(CONTENT), progress=False)
    assert file.read_bytes() == CONTENT
    assert [path.name for path in file.parent.iterdir()] == ["w.bin"]
    assert capfd.readouterr().err == ""


@pytest.mark.wire
def test_a_bar_is_shown_where_wanted(hub, tmp_path, capfd):
    hub_file("r/model", "w.bin", tmp_path / "w.bin")
    assert "w.bin" in capfd.readouterr().err


@pytest.mark.wire
def test_other_content_is_refused_and_not_kept(hub, tmp_path):
    with pytest.raises(SourceError, match="sha256"):
        hub_file("r/model", "w.bin", tmp_path / "w.bin", "0" * 64, progress=False)
    assert not list(tmp_path.rglob("w.bin"))


@pytest.mark.wire
def test_another_size_is_refused_before_the_transfer(hub, tmp_path):
    with pytest.raises(SourceError, match="should be 10 bytes"):
        hub_file("r/model", "w.bin", tmp_path / "w.bin", size=10, progress=False)
    assert [command for command, _ in hub] == ["HEAD"]


@pytest.mark.wire
def test_a_refusal_is_one_line(hub, tmp_path):
    with pytest.raises(SourceError, match=r"hub's client: .*404") as refused:
        hub_file("r/gone", "w.bin", tmp_path / "w.bin", progress=False)
    assert "\n" not in str(refused.value)


@pytest.mark.wire
def test_an_unreachable_hub_is_given_up_at_once(tmp_path, monkeypatch):
    use_endpoint(monkeypatch, "http://127.0.0.1:9")
    began = time.monotonic()
    with pytest.raises(SourceError, match="hub's client"):
        hub_file("r/model", "w.bin", tmp_path / "w.bin", progress=False)
    assert time.monotonic() - began < module.CONNECT_SECONDS


def test_offline_means_not_asked(tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(SourceError, match="HF_HUB_OFFLINE"):
        hub_file("r/model", "w.bin", tmp_path / "w.bin")


def test_too_little_space_is_seen_before_the_transfer(tmp_path, monkeypatch):
    def no_space(folder, n_bytes):
        raise SourceError(f"needs {n_bytes}")

    monkeypatch.setattr(module, "need_space", no_space)
    monkeypatch.setattr(module, "_announced_size", lambda *_: 77)
    with pytest.raises(SourceError, match="needs 77"):
        hub_file("r/model", "w.bin", tmp_path / "w.bin")
