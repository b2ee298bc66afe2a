"""Pictures and pages of items, as they leave the server: over REST, to chat clients and tools, and in the widget."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from tastemaker.agent import Tastemaker
from tastemaker.agent.exported_tools import ExportedTools
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.tools.workspace.build import build_workspace
from tastemaker.ui.gate.admission import Admission
from tastemaker.ui.gate.listener import listen
from tastemaker.ui.gate.running_server import RunningServer
from tastemaker.ui.server.application import application
from tastemaker.ui.server.settings import ServerSettings

pytestmark = pytest.mark.wire

PICTURE = "https://pictures.example/{}.png"
ONE_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
HOSTILE = "javascript:fetch('//evil.example')"


@pytest.fixture(scope="module")
def tm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tastemaker]:
    """Lamps: every second has a picture that comes, every third a page, the first something else in its place."""
    schema = Schema(
        attributes=(
            Attribute(name="colour", kind=Kind.CATEGORY),
            Attribute(name="photo", kind=Kind.IMAGE),
            Attribute(name="shop", kind=Kind.LINK),
        )
    )
    items = []
    for n in range(6):
        own: dict[str, Any] = {"colour": ("green", "red")[n % 2], "photo": PICTURE.format(n)}
        if n % 3 == 0:
            own["shop"] = f"https://lamps.example/({n})?a=1&b=2" if n else HOSTILE
        items.append(Item(str(n), f"Lamp <b>{n}</b>", own))
    log = Interactions.from_columns([f"u{n // 3}" for n in range(12)], [n % 6 for n in range(12)])
    path = tmp_path_factory.mktemp("lamps") / "lamps"
    build_workspace(
        path, Catalog(items, schema), log, recommender="popularity", embedding="hashing", progress=False
    )
    with Tastemaker.open(path, llm="rules") as opened:
        yield opened


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """Somebody's page; where its widget comes from is in its query."""

    async def page(request: Any) -> HTMLResponse:
        source = request.query_params["server"]
        return HTMLResponse(f"<!doctype html><title>Lamps</title><script src='{source}/widget.js'></script>")

    listener = listen("127.0.0.1", 8620)
    with RunningServer(Starlette(routes=[Route("/", page)]), listener):
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture(scope="module")
def address(tm: Tastemaker, site: str) -> Iterator[str]:
    listener = listen("127.0.0.1", 8600)
    admission = Admission.of("127.0.0.1", origins=(site,))
    settings = ServerSettings(page=False, origins=(site,))
    with RunningServer(application(tm, admission, settings), listener):
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_addresses_of_an_item_and_only_safe_ones(address: str, tm: Tastemaker) -> None:
    with httpx.Client(base_url=address, timeout=60) as http:
        told = http.post("/v1/recommend", json={"message": "lamps", "k": 6}).json()["items"]
        by_id = {one["id"]: one for one in told}
        assert {one["image"] for one in told} == {PICTURE.format(n) for n in range(6)}
        assert [by_id[n]["link"] for n in "013"] == ["", "", "https://lamps.example/(3)?a=1&b=2"]
        assert "link" not in http.get("/v1/items/0").json()
        assert http.get("/v1/items/3").json()["link"] == by_id["3"]["link"]
        found = http.post("/v1/search", json={"where": 'colour is "green"'}).json()["items"]
        assert {one["image"] for one in found} == {PICTURE.format(n) for n in (0, 2, 4)}
        asked = {"model": "tastemaker", "messages": [{"role": "user", "content": "red lamps"}]}
        said = http.post("/v1/chat/completions", json=asked).json()["choices"][0]["message"]["content"]
        assert "**[Lamp &lt;b>3&lt;/b>](https://lamps.example/%283%29?a=1&b=2)**" in said
        assert "javascript" not in said
    tools = ExportedTools(tm)
    told = tools.recommend("lamps", k=6)["items"]
    assert {one["id"]: one.get("link") for one in told}["3"] == by_id["3"]["link"]
    assert all("link" not in one for one in told if one["id"] in "012")
    assert tools.search(like="3")["items"][0]["image"].startswith("https://pictures.example/")
    assert tools.inspect("3")["link"] == by_id["3"]["link"]


def test_the_widget_shows_pictures_and_leads_to_pages(address: str, site: str, tmp_path: Path) -> None:
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        pytest.skip("NO BROWSER: the widget was NOT tested; install chromium to test it")
    from playwright.sync_api import sync_playwright

    fetched: list[str] = []

    def picture(route: Any) -> None:
        fetched.append(route.request.url)
        comes = int(route.request.url[-5]) % 2 == 0
        route.fulfill(body=ONE_PIXEL, content_type="image/png") if comes else route.fulfill(status=404)

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 900, "height": 900})
        page.set_default_timeout(60_000)
        page.route("https://pictures.example/*", picture)
        page.goto(f"{site}/?server={address}")
        page.get_by_role("button", name="What are you looking for?").click()
        field = page.get_by_role("textbox")
        field.fill("lamps")
        field.press("Enter")
        page.locator("li").nth(4).wait_for()
        page.wait_for_function(
            "() => { const found = document.querySelector('div').shadowRoot.querySelectorAll('.picture img');"
            " return found.length && [...found].every((one) => one.complete && one.naturalWidth) }"
        )
        shown = page.locator("li").evaluate_all(
            "rows => rows.map(one => [one.querySelector('strong, a').textContent, one.querySelector('a')?.href ?? '',"
            " one.querySelector('a')?.rel ?? '', !!one.querySelector('img'), !!one.querySelector('.picture')])"
        )
        browser.close()
    assert len(shown) == 5
    for title, link, rel, pictured, drawn in shown:
        number = int(title[8])
        assert title == f"Lamp <b>{number}</b>"
        assert (link, rel) == (
            ("https://lamps.example/(3)?a=1&b=2", "noopener noreferrer nofollow") if number == 3 else ("", "")
        )
        assert pictured == (number % 2 == 0)
        assert drawn
    assert set(fetched) <= {PICTURE.format(n) for n in range(6)}
