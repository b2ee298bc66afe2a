import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from tastemaker.retrieval.errors import SourceError
from tastemaker.retrieval.fetch import download as module
from tastemaker.retrieval.fetch.download import download, http_client

CONTENT = bytes(range(256)) * 40
SHA256 = hashlib.sha256(CONTENT).hexdigest()
URL = "http://host.example/f.bin"


class Breaking(httpx.SyncByteStream):
    """A body that breaks off after so many bytes."""

    def __init__(self, body, after):
        self.body, self.after = body, after

    def __iter__(self):
        yield self.body[: self.after]
        raise httpx.ReadError("connection lost")


class Server:
    """Answers with CONTENT, honouring Range; breaks each of the first ``breaks`` answers off."""

    def __init__(self, breaks=0, after=1000, ranges=True):
        self.breaks, self.after, self.ranges, self.asked = breaks, after, ranges, []

    def __call__(self, request):
        wanted = request.headers.get("Range")
        self.asked.append(wanted)
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and self.ranges else 0
        if start > len(CONTENT):
            return httpx.Response(416)
        body = CONTENT[start:]
        headers = {"Content-Length": str(len(body))}
        status = 206 if start else 200
        if len(self.asked) <= self.breaks:
            return httpx.Response(status, headers=headers, stream=Breaking(body, self.after))
        return httpx.Response(status, headers=headers, content=body)

    def client(self):
        return httpx.Client(transport=httpx.MockTransport(self))


def fetch(server, target, **options):
    return download(URL, target, sha256=SHA256, progress=False, client=server.client(), **options)


def test_a_file_arrives_whole_and_alone(tmp_path):
    assert fetch(Server(), tmp_path / "d" / "f.bin").read_bytes() == CONTENT
    assert [file.name for file in (tmp_path / "d").iterdir()] == ["f.bin"]


def test_a_broken_transfer_goes_on_where_it_broke(tmp_path):
    server = Server(breaks=2)
    assert fetch(server, tmp_path / "f").read_bytes() == CONTENT
    assert server.asked == [None, "bytes=1000-", "bytes=2000-"]


def test_one_that_keeps_breaking_is_kept_for_the_next_run(tmp_path):
    with pytest.raises(SourceError, match="broke 3 times"):
        fetch(Server(breaks=9), tmp_path / "f")
    assert (tmp_path / "f.part").stat().st_size == 3000
    later = Server()
    assert fetch(later, tmp_path / "f").read_bytes() == CONTENT
    assert later.asked == ["bytes=3000-"]


def test_a_server_without_ranges_starts_over(tmp_path):
    (tmp_path / "f.part").write_bytes(b"old")
    assert fetch(Server(ranges=False), tmp_path / "f").read_bytes() == CONTENT


def test_leftovers_longer_than_the_file_are_dropped(tmp_path):
    (tmp_path / "f.part").write_bytes(CONTENT + b"more")
    with pytest.raises(SourceError, match="does not fit"):
        fetch(Server(), tmp_path / "f")
    assert fetch(Server(), tmp_path / "f").read_bytes() == CONTENT


def test_a_whole_leftover_needs_no_transfer(tmp_path):
    (tmp_path / "f.part").write_bytes(CONTENT)
    server = Server()
    assert fetch(server, tmp_path / "f", size=len(CONTENT)).read_bytes() == CONTENT
    assert server.asked == []


def test_other_content_is_refused_and_not_kept(tmp_path):
    with pytest.raises(SourceError, match="sha256"):
        download(URL, tmp_path / "f", sha256="0" * 64, progress=False, client=Server().client())
    assert list(tmp_path.iterdir()) == []


def test_another_size_is_refused_before_the_transfer(tmp_path):
    with pytest.raises(SourceError, match="should be 10 bytes"):
        fetch(Server(), tmp_path / "f", size=10)
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_names_host_and_status(tmp_path):
    client = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(404)))
    with pytest.raises(SourceError, match=r"host\.example answered HTTP 404"):
        download(URL, tmp_path / "f", progress=False, client=client)


def test_an_unreachable_host_is_tried_once(tmp_path):
    tries = []

    def refuse(request):
        tries.append(request)
        raise httpx.ConnectError("no route")

    client = httpx.Client(transport=httpx.MockTransport(refuse))
    with pytest.raises(SourceError, match=r"host\.example is unreachable \(no route\)"):
        download(URL, tmp_path / "f", progress=False, client=client)
    assert len(tries) == 1
    assert http_client().timeout.connect <= 5


def test_too_little_space_is_seen_before_the_transfer(tmp_path, monkeypatch):
    def no_space(folder, n_bytes):
        raise SourceError(f"needs {n_bytes}")

    monkeypatch.setattr(module, "need_space", no_space)
    with pytest.raises(SourceError, match=f"needs {len(CONTENT)}"):
        fetch(Server(), tmp_path / "f")


@pytest.mark.wire
def test_over_a_real_connection(tmp_path):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(CONTENT) - start))
            self.end_headers()
            self.wfile.write(CONTENT[start:])

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        (tmp_path / "f.part").write_bytes(CONTENT[:5000])
        url = f"http://127.0.0.1:{server.server_port}/f"
        assert download(url, tmp_path / "f", sha256=SHA256, progress=False).read_bytes() == CONTENT
        server.shutdown()
        thread.join()
