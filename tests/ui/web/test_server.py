"""The chat page in a real browser, from the first title picked to the second tab."""

from __future__ import annotations

import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tastemaker.agent import Tastemaker
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.errors import ConfigError
from tastemaker.tools.workspace.build import build_workspace
from tastemaker.ui.gate.listener import listen

EVIL = "<img src=x onerror=alert(1)>"
EVIL_FIELD = "shade`${window.broken=1}{{constructor}}"
WORDS = "Amber Birch Cedar Dune Ember Fjord Glade Heron Iris Jade Kelp Lark Maple Night Ocean Pine".split()
PATIENCE = 60_000

pytestmark = pytest.mark.wire


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small tea shop, one tea of which is out to break the page."""
    schema = Schema(
        attributes=(
            Attribute(name="year", kind=Kind.NUMBER),
            Attribute(name="style", kind=Kind.TAGS),
            Attribute(name=EVIL_FIELD, kind=Kind.CATEGORY),
            Attribute(name="story", kind=Kind.TEXT),
        )
    )
    styles = ("Green", "Black", "White")
    items = [
        Item(
            str(n),
            f"{word} Leaf",
            {
                "year": 1990 + n,
                "style": (styles[n % 3],),
                EVIL_FIELD: EVIL,
                "story": f"A smoky tea number {n}.",
            },
        )
        for n, word in enumerate(WORDS)
    ]
    items.append(
        Item("evil", EVIL, {"year": 1995, "style": ("Green",), "story": "${window.broken=1} smoky tea"})
    )
    users = [f"u{n // 4}" for n in range(68)]
    log = Interactions.from_columns(users, [n % 17 for n in range(68)])
    path = tmp_path_factory.mktemp("shop") / "tea"
    build_workspace(
        path, Catalog(items, schema), log, recommender="popularity", embedding="hashing", progress=False
    )
    return path


@pytest.fixture(scope="module")
def url(shop: Path) -> Iterator[str]:
    from tastemaker.ui.web.server import launch

    with Tastemaker.open(shop, llm="rules") as tm:
        page, url = launch(tm, port=7900)
        yield url
        page.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip("NO BROWSER: the chat page was NOT tested; install chromium to test it")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="NO PLAYWRIGHT: the chat page was NOT tested"
    )
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()


class Watch:
    """A tab, and everything it did that it should not have done."""

    def __init__(self, browser: Any, url: str, width: int = 1280, known: str = "Nothing yet") -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 844})
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.faults: list[str] = []
        self.page.on("console", lambda m: m.type == "error" and self.faults.append(m.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.faults.append("dialog"), dialog.dismiss()))
        self.page.on("request", lambda r: r.url.startswith((url, "data:")) or self.faults.append(r.url))
        self.page.goto(url)
        self.profile = self.page.locator("#tm-profile")
        self.profile.get_by_text(known).wait_for()

    def pick(self, box: str, typed: str, title: str) -> None:
        self.page.get_by_role("combobox", name=box).press_sequentially(typed)
        self.page.get_by_role("option", name=title).click()
        self.profile.get_by_text(title).wait_for()

    def say(self, message: str, turn: int = 1) -> Any:
        """Send a message with Enter and wait for the end of that turn; returns the turn."""
        box = self.page.get_by_role("textbox", name="Your message")
        box.fill(message)
        box.press("Enter")
        said = self.page.locator(f".tm-turn[data-running=false] >> nth={turn - 1}")
        said.wait_for()
        assert box.input_value() == ""
        return said

    def width_of_content(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth"))

    def close(self) -> None:
        assert self.page.evaluate("window.broken") is None
        self.context.close()
        assert self.faults == []


def test_a_whole_conversation(browser: Any, url: str) -> None:
    tab = Watch(browser, url)
    tab.pick("Search titles you like", "amb", "Amber Leaf")
    turn = tab.say("something smoky, no black")
    cards = turn.locator(".tm-card")
    assert cards.count() == 5
    assert "Amber Leaf" not in cards.all_inner_texts()[0]
    tab.profile.get_by_text("style not Black").wait_for()
    assert tab.page.locator("#tm-welcome").count() == 0 or not tab.page.locator("#tm-welcome").is_visible()

    like = cards.first.get_by_role("button", name=re.compile("^Like"))
    like.click()
    tab.profile.locator(".tm-chips-like li", has_text=like.get_attribute("aria-label")[6:]).wait_for()
    assert like.get_attribute("aria-pressed") == "true"
    cards.nth(1).get_by_role("button", name=re.compile("^Not for me")).click()
    tab.profile.locator(".tm-chips-dislike li").wait_for()

    tab.profile.get_by_role("button", name="Remove style not Black").click()
    tab.profile.get_by_text("style not Black").wait_for(state="detached")
    tab.page.get_by_role("button", name="Undo").click()
    tab.profile.get_by_text("style not Black").wait_for()
    tab.page.locator(".tm-turn[data-running=false] >> nth=1").wait_for()  # an edit makes a list of its own
    tab.page.locator(".tm-turn[data-running=true]").first.wait_for(state="detached")
    turns = tab.page.locator(".tm-turn").count()

    tab.page.get_by_role("button", name="How I got there").first.click()
    tab.page.locator(".tm-step-tool").first.wait_for()
    assert tab.say("more please", turn=turns + 1).locator(".tm-card").count() > 0

    tab.page.get_by_role("button", name="Start over").click()
    tab.profile.get_by_text("Nothing yet").wait_for()
    tab.page.get_by_role("combobox", name="Search titles you like").wait_for()
    assert tab.page.locator(".tm-turn").count() == 0
    tab.close()


def test_two_tabs_know_nothing_of_each_other(browser: Any, url: str) -> None:
    one, other = Watch(browser, url), Watch(browser, url)
    one.pick("Add a title you like", "dune", "Dune Leaf")
    one.say("something smoky")
    other.page.get_by_role("button", name="Take a demo history").click()
    other.profile.get_by_text("You had before").wait_for()
    assert other.page.locator(".tm-turn").count() == 0
    assert other.profile.get_by_text("You like", exact=True).count() == 0
    assert one.profile.get_by_text("You had before").count() == 0
    one.close()
    other.close()


def test_a_hostile_catalogue_and_message_stay_text(browser: Any, url: str) -> None:
    tab = Watch(browser, url)
    tab.pick("Search titles you like", "<img", EVIL)
    turn = tab.say(f"{EVIL} <script>alert(1)</script> ${{window.broken=1}} {{{{constructor}}}}")
    assert "<script>alert(1)</script>" in turn.locator(".tm-said").inner_text()
    assert tab.page.locator("#tm-main img, #tm-main script").count() == 0
    tab.profile.locator(".tm-chips-like li", has_text=EVIL).wait_for()
    tab.close()


def test_a_condition_by_the_form_and_a_bad_one(browser: Any, url: str) -> None:
    tab = Watch(browser, url)
    tab.page.get_by_role("button", name="Add a condition").click()
    tab.page.get_by_label("Attribute").select_option("style")
    tab.page.get_by_label("Comparison").select_option("is_not")
    tab.page.get_by_label("Value").fill("green")
    tab.page.get_by_label("Value").press("Enter")
    tab.profile.get_by_text("style not Green").wait_for()
    tab.page.get_by_label("Value").fill("Plaid")
    tab.page.get_by_role("button", name="Add", exact=True).click()
    tab.profile.get_by_role("alert").get_by_text("Plaid").wait_for()
    tab.close()


def test_keys_and_an_example_are_enough_on_a_phone(browser: Any, url: str) -> None:
    tab = Watch(browser, url, width=390)
    box = tab.page.get_by_role("combobox", name="Search titles you like")
    box.press_sequentially("leaf")
    tab.page.get_by_role("option").first.wait_for()
    box.press("ArrowDown")
    box.press("Enter")
    tab.profile.locator(".tm-chips-like li").wait_for()
    tab.page.locator(".tm-example").first.click()
    tab.page.locator(".tm-turn[data-running=false]").wait_for()
    assert tab.width_of_content() == 390
    side, chat = (tab.page.locator(part).bounding_box() for part in ("#tm-side", "#tm-chat"))
    assert side["y"] >= chat["y"] + chat["height"]
    tab.close()


def test_a_message_that_is_too_long_is_answered_in_the_chat(browser: Any, url: str) -> None:
    tab = Watch(browser, url)
    turn = tab.say("long " * 5000)
    assert "at most 20,000" in turn.get_by_role("alert").inner_text()
    tab.close()


def test_one_persons_page_shows_takes_back_and_erases_what_is_remembered(browser: Any, shop: Path) -> None:
    from tastemaker.ui.web.server import launch

    with Tastemaker.open(shop, llm="rules") as tm:
        tm.session(liked=["Dune Leaf", "Jade Leaf"], disliked=["Kelp Leaf"], person="ann")
        page, url = launch(tm, port=7950, person="ann")
        tab = Watch(browser, url, known="Dune Leaf")
        tab.page.get_by_role("button", name="Remembered about you").click()
        kept = tab.page.locator("#tm-remembered")
        kept.get_by_text("Kelp Leaf").wait_for()
        kept.get_by_role("button", name="Remove Dune Leaf").click()
        kept.get_by_text("Dune Leaf").wait_for(state="detached")
        tab.profile.get_by_text("Dune Leaf").wait_for(state="detached")
        assert tm.person("ann").taste.likes == ("9",)

        tab.say("something smoky").locator(".tm-card").first.get_by_role(
            "button", name=re.compile("^Like")
        ).click()
        kept.locator(".tm-chip-like").nth(1).wait_for()
        logs = [shop / "feedback" / f"{session}.jsonl" for session in tm.person("ann").sessions]
        assert any(log.exists() for log in logs)
        kept.get_by_role("button", name="Erase all of this").click()
        kept.get_by_role("button", name="Keep it").click()
        kept.get_by_role("button", name="Erase all of this").click()
        kept.get_by_role("button", name="Yes, erase it").click()
        kept.get_by_text("Nothing yet").wait_for()
        tab.profile.get_by_text("Nothing yet").wait_for()
        assert tm.person("ann").taste.likes == ()
        assert not any(log.exists() for log in logs)
        assert tab.page.locator(".tm-turn").count() == 0
        tab.close()
        page.close()


def test_a_page_for_anybody_remembers_nobody(browser: Any, url: str) -> None:
    tab = Watch(browser, url)
    assert tab.page.locator("#tm-person").count() == 0
    tab.close()


def test_one_persons_page_is_not_served_to_others(shop: Path) -> None:
    from tastemaker.ui.web.server import launch

    with Tastemaker.open(shop, llm="rules") as tm, pytest.raises(ConfigError, match="would be this person"):
        launch(tm, host="0.0.0.0", port=7960, person="ann")


def test_the_next_free_port_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with listen("127.0.0.1", port) as bound:
            assert bound.getsockname()[1] > port


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 0), ("127.0.0.1", 70_000), ("192.0.2.1", 7860)])
def test_an_impossible_address_is_refused(host: str, port: int) -> None:
    with pytest.raises(ConfigError, match=re.escape(host) if port == 7860 else str(port)):
        listen(host, port)
