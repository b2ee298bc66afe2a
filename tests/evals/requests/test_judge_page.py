"""The page to judge on: what stands on it, and that nothing is loaded from elsewhere."""

import json
import re
import shutil
from html import unescape

import pytest

from tastemaker.evals.requests.case import link
from tastemaker.evals.requests.files import read_requests
from tastemaker.evals.requests.judge_page import write_judge_page
from tastemaker.retrieval.catalog.catalog import Catalog

REPLY = {"text": "Two </script><b>films</b>. Enjoy!", "reasons": {"1": "A foggy harbour. It’s tense."}}


def page_of(requests_file, catalog: Catalog, path):
    cases, _ = link(read_requests(requests_file), catalog)
    empty = {"text": "", "reasons": {}}
    runs = {
        "agent": [{"case": "a", "items": ["1", "2"], **REPLY}],
        "bot": [{"case": "a", "items": ["2", "12"], **empty}, {"case": "b1", "items": ["8"], **empty}],
    }
    write_judge_page(path, "requests.jsonl", cases, runs, catalog)
    return path.read_text(encoding="utf-8")


def test_items_and_sentences_of_all_systems_lie_mixed(requests_file, film_catalog, tmp_path):
    page = page_of(requests_file, film_catalog, tmp_path / "page.html")
    assert sorted(re.findall(r'data-request="0" data-item="(\d+)"', page)) == ["1", "12", "2"]
    checked = re.findall(r'name="(i-0-\d)" value="(\d)" checked', page)
    assert sorted(grade for _, grade in checked) == ["2", "2"]  # the file has 1 and 12; 2 is open
    said = [unescape(text) for text in re.findall(r'data-sentence="([^"]*)"', page)]
    assert sorted(said) == ["A foggy harbour.", "Enjoy!", "It’s tense.", "Two </script><b>films</b>."]
    assert "agent" not in page
    assert "bot" not in page


def test_the_page_is_whole_and_safe(requests_file, film_catalog, tmp_path):
    page = page_of(requests_file, film_catalog, tmp_path / "page.html")
    assert not re.search(r'(?:src|href)="', page)
    assert "<b>films" not in page
    assert page.count("</script>") == 2
    sources = json.loads(re.search(r'id="sources">(.*?)</script>', page, re.DOTALL)[1])
    assert [row["id"] for row in sources] == ["a", "b1", "b2", "c"]
    assert "const wholeNumbers = true" in page
    names = [json.loads(unescape(told)) for told in re.findall(r'data-names="([^"]*)"', page)]
    assert ["12", film_catalog["12"].title] in names
    assert page == page_of(requests_file, film_catalog, tmp_path / "again.html")


@pytest.mark.wire
def test_what_is_judged_is_downloaded_as_a_file_of_requests(requests_file, film_catalog, tmp_path):
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip("NO BROWSER: the page to judge on was NOT tested; install chromium to test it")
    driver = pytest.importorskip("playwright.sync_api", reason="NO PLAYWRIGHT: the page was NOT tested")
    page_of(requests_file, film_catalog, tmp_path / "page.html")
    with driver.sync_playwright() as playing:
        browser = playing.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page, faults = browser.new_page(), []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto((tmp_path / "page.html").as_uri())
        page.locator('fieldset[data-item="2"] input[value="1"]').first.check()
        page.locator('fieldset[data-item="8"] input[value="0"]').check()
        page.locator('fieldset[data-sentence="Enjoy!"] input[value="empty"]').check()
        page.locator('fieldset[data-of="1"] input[value="true"]').first.check()
        page.reload()  # judgements are kept
        with page.expect_download() as download:
            page.click("#download")
        assert download.value.suggested_filename == "requests.jsonl"
        download.value.save_as(tmp_path / "judged.jsonl")
        browser.close()
    assert faults == []
    before = [json.loads(line) for line in requests_file.read_text().splitlines()]
    after = [json.loads(line) for line in (tmp_path / "judged.jsonl").read_text().splitlines()]
    assert after[0]["relevant"] == {"2": [1, 3, 12], "1": [5, 2]}
    assert after[1]["relevant"] == {**before[1]["relevant"], "0": [8]}
    assert after[2:] == before[2:]
    cases, _ = link(read_requests(tmp_path / "judged.jsonl"), film_catalog)
    assert cases[0].arguable == ("5", "2")
    assert {(one.item, one.verdict) for one in cases[0].sentences} == {("", "empty"), ("1", "true")}
