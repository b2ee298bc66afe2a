"""Runs in the browser: the list, a report of chosen runs, what is asked for from elsewhere, and the real thing."""

import json
import shutil

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from tastemaker.evals.runs.run_folder import RunFolder, run_head
from tastemaker.ui.cli.main import app
from tastemaker.ui.gate.listener import listen
from tastemaker.ui.gate.running_server import RunningServer
from tastemaker.ui.viewer import application
from tastemaker.ui.viewer.application import LOOPBACK, viewer

EVIL = "<img src=x onerror=alert(1)>"


def make_run(folder, values, kind="dialogues", seed=0):
    head = run_head(
        kind, folder.name, data={"name": f"talks {EVIL}"}, parameters={"n": len(values)}, seed=seed
    )
    with RunFolder.open(folder, {**head, "commit": "f" * 40}) as run:
        for n, value in enumerate(values):
            said = {"said": [f"message {n} {EVIL}"], "items": ["1", "2"], "text": f"answer {EVIL}"}
            run.append(
                {
                    "case": f"c{n:02}",
                    "group": f"g{n}",
                    "items": ["1", "2"],
                    "gold": ["2"],
                    "new": ["2"],
                    "error": None,
                    "seconds": 0.5,
                    "metrics": {"recall@10": value},
                    "slices": {"turn": "0" if n % 2 else "1-2"},
                    "speakers": ["seeker"],
                    "trace": [{"kind": "understood", "text": EVIL}],
                    "replies": [said],
                }
            )
    (folder / "titles.json").write_text(json.dumps({"1": f"First {EVIL}", "2": "Second"}))
    return folder


@pytest.fixture
def runs(tmp_path):
    make_run(tmp_path / "before" / "agent", [1.0, 0.0] * 12)
    make_run(tmp_path / "after" / "agent", [1.0, 1.0, 0.0] * 8)
    make_run(tmp_path / "after" / "others", [None] * 24, kind="simulate")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "run.json").write_text("no run")
    return tmp_path


@pytest.fixture
def client(runs):
    return TestClient(viewer(runs), base_url="http://127.0.0.1:7870")


def test_the_list_has_all_runs_in_their_folders(client):
    page = client.get("/").text
    assert page.count('type="checkbox"') == 3
    assert "dialogues in after" in page
    assert "simulate in after" in page
    assert EVIL not in page
    assert "&lt;img src=x" in page


def test_runs_of_two_folders_are_reported_side_by_side(client):
    page = client.get("/report", params={"run": ["before/agent", "after/agent"]}).text
    assert "Compared with before/agent" in page
    assert '<script type="application/json" id="cases-head">' in page
    assert EVIL not in page


def test_a_run_that_grew_is_read_again(client, runs):
    asked = {"run": ["before/agent"]}
    assert "24 cases" in client.get("/report", params=asked).text
    rows = runs / "before" / "agent" / "rows.jsonl"
    line = json.loads(rows.read_text().splitlines()[0]) | {"case": "late"}
    rows.write_text(rows.read_text() + json.dumps(line) + "\n")
    assert "25 cases" in client.get("/report", params=asked).text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "choose one run or more"),
        ("?run=../secret", "no run '../secret'"),
        ("?run=before/agent&run=after/others", "one kind are needed"),
        ("?run=before/agent&baseline=nobody", "'nobody' is not among"),
    ],
)
def test_what_cannot_be_shown_is_said(client, query, said):
    answer = client.get(f"/report{query}")
    assert answer.status_code == 400
    assert said in answer.text
    assert answer.headers["content-type"].startswith("text/plain")


def test_other_sites_and_names_are_turned_away(client):
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 421
    assert client.get("/", headers={"Origin": "http://evil.example"}).status_code == 403
    policy = client.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_large_runs_are_fetched_piece_by_piece(client, monkeypatch):
    monkeypatch.setattr(application, "PIECE_BYTES", 2000)
    page = client.get("/report", params={"run": "before/agent"}).text
    head = json.loads(page.partition('id="cases-head">')[2].partition("</script>")[0])
    assert head["pieces"] > 2
    piece = client.get(f"{head['folder']}/001.js")
    assert piece.text.startswith("tastemakerCases(0,")
    assert client.get(f"{head['folder']}/999.js").status_code == 404


def test_a_folder_that_is_none_is_named(tmp_path):
    done = CliRunner().invoke(app, ["eval", "view", str(tmp_path / "nowhere")])
    assert "no such folder" in str(done.exception)


@pytest.mark.wire
@pytest.mark.parametrize("width", [1280, 390])
def test_cases_are_looked_through_in_a_real_browser(runs, width, monkeypatch):
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip("NO BROWSER: the case browser was NOT tested; install chromium to test it")
    driver = pytest.importorskip(
        "playwright.sync_api", reason="NO PLAYWRIGHT: the case browser was NOT tested"
    )
    monkeypatch.setattr(application, "PIECE_BYTES", 4000)
    with RunningServer(viewer(runs), listen(LOOPBACK, 7900)) as server, driver.sync_playwright() as playing:
        port = server._listener.getsockname()[1]
        browser = playing.chromium.launch(
            executable_path=chromium,
            args=["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page(viewport={"width": width, "height": 900})
        wrong = []
        page.on("console", lambda one: wrong.append(one.text) if one.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(f"http://127.0.0.1:{port}/")
        page.check("input[value='before/agent']")
        page.check("input[value='after/agent']")
        page.click("text=Compare what is ticked")
        page.wait_for_selector(".case-list li")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = {}
        page.select_option("#case-run", label="before/agent")
        page.select_option("#case-other", label="after/agent")
        for show in ("all", "hit", "miss", "changed", "rose", "fell"):
            page.select_option("#case-show", show)
            found[show] = page.locator(".case-list li").count()
        assert found == {"all": 24, "hit": 12, "miss": 12, "changed": 12, "rose": 4, "fell": 8}
        page.select_option("#case-show", "all")
        page.select_option("#case-slice-0", "0")
        assert page.locator(".case-list li").count() == 12
        page.fill("#case-search", "message 7")
        page.click(".case-list button")
        page.wait_for_selector(".case-view h3")
        assert page.inner_text(".case-view h3") == "Case c07"
        assert f"seeker: message 7 {EVIL}" in page.inner_text(".case-view")
        assert page.locator(".case-view img").count() == 0
        assert "Second – to find" in page.locator(".case-right").first.inner_text()
        page.reload()
        page.wait_for_selector(".case-view h3")
        assert page.locator(".case-list li").count() == 1
        with page.expect_download() as kept:
            page.click(".files a >> nth=0")
        assert kept.value.suggested_filename == "results.csv"
        browser.close()
        assert not wrong
