"""Cards over MCP: announced to clients, drawn by a page that takes everything for text; pages of a search."""

import asyncio
import json
import shutil

import pytest
from mcp import Client

from tastemaker.agent.mcp_cards import CARDS, PAGE, picture_sites
from tastemaker.agent.mcp_server import mcp_server
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema

EVIL = '<img src=x onerror="document.title=1"><script>document.title=2</script>'


def test_tools_that_give_items_name_a_page_that_a_client_can_read(tm):
    async def look():
        async with Client(mcp_server(tm)) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            (page,) = (await client.read_resource(CARDS)).contents
            return tools, page

    tools, page = asyncio.run(look())
    for name in ("recommend", "search"):
        assert tools[name].meta["ui"]["resourceUri"] == CARDS
        assert tools[name].output_schema
    assert not (tools["inspect"].meta or {}).get("ui")
    assert page.mime_type == "text/html;profile=mcp-app"
    assert "https://" not in page.text


def test_a_search_is_paged_and_ends(tm):
    async def walk():
        found, start = [], 0
        async with Client(mcp_server(tm)) as client:
            while start is not None:
                page = await client.call_tool(
                    "search", {"where": "year at least 1900", "k": 4, "start": start}
                )
                content = page.structured_content
                assert len(content["items"]) <= 4
                found += [item["id"] for item in content["items"]]
                start = content["next"]
            whole = await client.call_tool("search", {"where": "year at least 1900", "k": 50})
        return found, [item["id"] for item in whole.structured_content["items"]]

    paged, whole = asyncio.run(walk())
    assert paged == whole
    assert len(whole) == len(set(whole)) == len(tm.resources.tool_context.catalog)


def test_pictures_may_come_from_where_the_catalogue_has_them():
    schema = Schema(attributes=(Attribute(name="cover", kind=Kind.IMAGE),))
    covers = ["https://a.example/1.png", "https://a.example/2.png", "http://b.example:8080/x", "nonsense"]
    items = [Item(str(n), f"T{n}", {"cover": cover}) for n, cover in enumerate(covers)]
    assert picture_sites(Catalog(items, schema)) == ["https://a.example", "http://b.example:8080"]


HOST = """
<script>
const seen = window.seen = [];
addEventListener("message", ({ data, source }) => {
  seen.push(data);
  if (data.method === "ui/initialize")
    source.postMessage({ jsonrpc: "2.0", id: data.id, result: { protocolVersion: data.params.protocolVersion } }, "*");
  if (data.method === "ui/notifications/initialized")
    source.postMessage({ jsonrpc: "2.0", method: "ui/notifications/tool-result", params: RESULT }, "*");
  if (data.method === "ui/message") source.postMessage({ jsonrpc: "2.0", id: data.id, result: {} }, "*");
});
</script>
<iframe sandbox="allow-scripts" style="width:400px;height:600px"></iframe>
"""


@pytest.mark.wire
def test_a_client_draws_them_and_hears_what_is_clicked():
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        pytest.skip("NO BROWSER: install chromium to test the cards")
    from playwright.sync_api import sync_playwright

    items = [
        {"id": "1", "title": "Heat", "reason": "Tense.", "year": 1995, "link": "https://films.example/1"},
        {"id": "2", "title": EVIL, "reason": EVIL, "link": "javascript:alert(1)", "genres": ["Crime", EVIL]},
    ]
    result = {"structuredContent": {"items": items, "message": "Two.", "question": "Newer?", "notes": ["N."]}}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        page = browser.new_page()
        faults = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.set_content(HOST.replace("RESULT", json.dumps(result).replace("<", "\\u003c")))
        page.evaluate(
            "html => { document.querySelector('iframe').srcdoc = html }", PAGE.read_text(encoding="utf-8")
        )
        cards = page.frame_locator("iframe")
        cards.get_by_role("heading", name="Heat").wait_for()
        assert cards.locator("li").count() == 2
        assert cards.locator("li img, li script").count() == 0
        assert EVIL in cards.locator("li").nth(1).inner_text()
        assert cards.get_by_role("button", name="Open its page").count() == 1
        assert cards.locator("#message").inner_text() == "N. Two."
        cards.get_by_role("button", name="More like this: Heat").click()
        page.wait_for_function("seen.some(one => one.method === 'ui/message')")
        seen = page.evaluate("seen")
        browser.close()
    assert faults == []
    said = next(one for one in seen if one["method"] == "ui/message")
    assert said["params"]["content"][0]["text"] == "More like Heat"
    assert any(one["method"] == "ui/notifications/size-changed" for one in seen)
