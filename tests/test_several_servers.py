"""The example of two servers behind nginx: its files fit together, and nginx keeps each browser with one server."""

import re
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
import yaml

from tests.test_container import ROOT, variables

EXAMPLE = ROOT / "examples" / "several_servers"
CONFIG = (EXAMPLE / "nginx.conf").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((EXAMPLE / "compose.yaml").read_text(encoding="utf-8"))
FROM_UVICORN = {"FORWARDED_ALLOW_IPS"}
VISITORS = 40


def test_what_nginx_asks_is_what_compose_starts():
    services = COMPOSE["services"]
    asked = re.findall(r"^\s+server (\w+):8000;", CONFIG, re.MULTILINE)
    assert asked == services["nginx"]["depends_on"] == ["one", "two"]
    for name in asked:
        assert set(services[name]["environment"]) <= variables() | {"TASTEMAKER_TOKEN"} | FROM_UVICORN
        assert (EXAMPLE / services[name]["build"] / "Dockerfile").exists()
        assert "TASTEMAKER_SESSIONS" in services[name]["environment"], "conversations must be shared"
    for service in services.values():
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source in COMPOSE["volumes"] or (EXAMPLE / source).exists()
        assert "build" in service or re.search(r":\d", service["image"])


def answering(name):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", str(len(name)))
            self.end_headers()
            self.wfile.write(name.encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture
def nginx(tmp_path):
    """nginx with the example's configuration, but for addresses: its own, and the servers' behind it."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("no nginx here: the example's cookie was NOT tried (apt-get install nginx-light)")
    servers = {name: answering(name) for name in ("one", "two")}
    spare = answering("port")
    port = spare.server_port
    spare.shutdown()
    spare.server_close()
    config = CONFIG.replace("listen 8000;", f"listen 127.0.0.1:{port};")
    for name, server in servers.items():
        config = config.replace(f"server {name}:8000;", f"server 127.0.0.1:{server.server_port};")
    own = "".join(
        f"{kind}_temp_path {tmp_path};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = config.replace("http {", f"http {{ access_log off; {own}")
    file = Path(tmp_path, "nginx.conf")
    file.write_text(f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/errors;\n{config}")
    command = [program, "-e", f"{tmp_path}/errors", "-p", str(tmp_path), "-c", str(file)]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert tested.returncode == 0, tested.stderr
    process = subprocess.Popen(command)
    try:
        transport = httpx.HTTPTransport(retries=8)
        with httpx.Client(transport=transport, base_url=f"http://127.0.0.1:{port}") as first:
            first.get("/")
        yield f"http://127.0.0.1:{port}", servers
    finally:
        process.terminate()
        process.wait()
        for server in servers.values():
            server.shutdown()
            server.server_close()


@pytest.mark.wire
def test_a_browser_stays_with_the_server_that_it_began_at(nginx):
    address, servers = nginx
    began = set()
    for _ in range(VISITORS):
        with httpx.Client(base_url=address) as browser:
            told = [browser.get("/") for _ in range(4)]
            assert len({one.text for one in told}) == 1
            assert ["set-cookie" in one.headers for one in told] == [True, False, False, False]
            began.add(told[0].text)
    assert began == {"one", "two"}
    with httpx.Client(base_url=address) as browser:
        home = browser.get("/").text
        servers[home].shutdown()
        servers[home].server_close()
        assert browser.get("/").text == ({"one", "two"} - {home}).pop()
