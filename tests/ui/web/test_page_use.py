"""What a person does with the page in a real browser: come back, stop, edit, queue, compare, keep, delete; on a phone."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tastemaker.agent import Session, Tastemaker
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.tools.workspace.build import build_workspace

WORDS = "Amber Birch Cedar Dune Ember Fjord Glade Heron Iris Jade Kelp Lark Maple Night Ocean Pine".split()
PATIENCE = 60_000
PICTURE = "https://pictures.example/{}.png"
ONE_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)

pytestmark = pytest.mark.wire


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Teas with pictures and pages of their own; every third picture is not there."""
    schema = Schema(
        attributes=(
            Attribute(name="year", kind=Kind.NUMBER),
            Attribute(name="style", kind=Kind.TAGS),
            Attribute(name="story", kind=Kind.TEXT),
            Attribute(name="cover", kind=Kind.IMAGE),
            Attribute(name="site", kind=Kind.CATEGORY),
        )
    )
    items = [
        Item(
            str(n),
            f"{word} Leaf",
            {
                "year": 1985 + n,
                "style": (("Green", "Black", "White")[n % 3],),
                "story": f"A smoky tea number {n} with a long story about the hill where it grew and who picked it.",
                "cover": PICTURE.format(n),
                "site": f"https://teas.example/{n}",
            },
        )
        for n, word in enumerate(WORDS)
    ]
    log = Interactions.from_columns([f"u{n // 4}" for n in range(64)], [n % 16 for n in range(64)])
    path = tmp_path_factory.mktemp("shop") / "tea"
    build_workspace(
        path, Catalog(items, schema), log, recommender="popularity", embedding="hashing", progress=False
    )
    return path


@pytest.fixture(scope="module")
def tm(shop: Path) -> Iterator[Tastemaker]:
    with Tastemaker.open(shop, llm="rules") as opened:
        yield opened


@pytest.fixture(scope="module")
def url(tm: Tastemaker) -> Iterator[str]:
    from tastemaker.ui.web.server import launch

    server, url = launch(tm, port=7920)
    yield url
    server.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        pytest.skip("NO BROWSER: the chat page was NOT tested; install chromium to test it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = driver.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


class Visit:
    """A browser of its own, and everything that went wrong in it."""

    def __init__(self, chromium: Any, url: str, width: int = 1280, **more: Any) -> None:
        self.context = chromium.new_context(viewport={"width": width, "height": 812}, **more)
        self.faults: list[str] = []
        self.context.route("https://pictures.example/*", self._picture)
        self.page = self.tab(url)

    def tab(self, url: str) -> Any:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.goto(url)
        page.locator("#tm-session [data-language]").wait_for(state="attached")
        return page

    def _hear(self, message: Any) -> None:
        if message.type == "error" and "pictures.example" not in str(message.location):
            self.faults.append(message.text)

    def _picture(self, route: Any) -> None:
        number = int(re.findall(r"\d+", route.request.url)[0])
        missing = number % 3 == 0
        route.fulfill(status=404) if missing else route.fulfill(body=ONE_PIXEL, content_type="image/png")

    def say(self, message: str, turn: int = 1, page: Any = None) -> Any:
        page = page or self.page
        box = page.locator("#tm-box textarea")
        box.fill(message)
        box.press("Enter")
        said = page.locator(".tm-turn[data-running=false]").nth(turn - 1)
        said.wait_for()
        return said

    def close(self) -> None:
        self.context.close()
        assert self.faults == []


@pytest.fixture
def visit(chromium: Any, url: str) -> Iterator[Visit]:
    made = Visit(chromium, url)
    yield made
    made.close()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Turns wait after their first event until it is set."""
    go, stream = threading.Event(), Session.stream

    def slow(self: Session, message: str, k: int = 5, **more: Any) -> Iterator[Any]:
        for number, event in enumerate(stream(self, message, k, **more)):
            yield event
            if number == 0:
                go.wait(30)

    monkeypatch.setattr(Session, "stream", slow)
    yield go
    go.set()


def test_a_reload_and_another_server_go_on_with_the_conversation(
    visit: Visit, chromium: Any, shop: Path, url: str
) -> None:
    from tastemaker.ui.web.server import launch

    titles = visit.say("something smoky, no black").locator(".tm-title").all_inner_texts()
    assert "session=" in visit.page.url
    visit.page.reload()
    visit.page.locator(".tm-card").first.wait_for()
    assert visit.page.locator(".tm-title").all_inner_texts() == titles
    with Tastemaker.open(shop, llm="rules") as other:
        server, elsewhere = launch(other, port=7940)
        again = Visit(chromium, f"{elsewhere}?{visit.page.url.partition('?')[2]}")
        again.page.locator(".tm-card").first.wait_for()
        assert again.page.locator(".tm-title").all_inner_texts() == titles
        again.page.locator("#tm-profile").get_by_text("style not Black").wait_for()
        assert again.say("more", turn=2).locator(".tm-card").count() > 0
        again.close()
        server.close()


def test_conversations_are_listed_renamed_exported_and_deleted(visit: Visit, tm: Tastemaker) -> None:
    page = visit.page
    visit.say("something smoky")
    page.get_by_role("button", name="Start over").click()
    page.locator("#tm-welcome").wait_for()
    visit.say("a white tea")
    session = page.url.partition("session=")[2]
    page.locator("#tm-conversations > button").first.click()
    rows = page.locator(".tm-list-row")
    rows.nth(1).wait_for()
    assert page.locator(".tm-list-title").all_inner_texts() == ["a white tea", "something smoky"]

    rows.first.get_by_role("button", name="Rename").click()
    field = page.locator("#tm-list input")
    field.fill("Tea for Ann")
    field.press("Enter")
    page.locator(".tm-list-title", has_text="Tea for Ann").wait_for()

    with page.expect_download() as kept:
        rows.first.get_by_role("button", name="Markdown").click()
    assert f"# Conversation {session}" in Path(kept.value.path()).read_text()

    rows.nth(1).locator(".tm-list-title").click()
    page.locator(".tm-said", has_text="something smoky").wait_for()
    rows.filter(has_text="Tea for Ann").get_by_role("button", name="Delete").click()
    assert tm.session(session).is_kept
    rows.filter(has_text="Tea for Ann").get_by_role("button", name="Yes, delete it").click()
    rows.nth(1).wait_for(state="detached")
    assert not tm.session(session).is_kept


def test_a_turn_is_stopped_and_the_next_one_goes_well(visit: Visit, held: threading.Event) -> None:
    box = visit.page.locator("#tm-box textarea")
    box.fill("something smoky")
    box.press("Enter")
    visit.page.locator(".tm-turn[data-running=true]").wait_for()
    visit.page.locator("#tm-stop").click()
    held.set()
    visit.page.get_by_role("alert").get_by_text("Stopped.").wait_for()
    assert visit.say("a white tea", turn=2).locator(".tm-card").count() == 5


def test_a_condition_dropped_during_a_turn_changes_the_list_after_it(
    visit: Visit, held: threading.Event
) -> None:
    held.set()
    visit.say("a tea, no black")
    held.clear()
    box = visit.page.locator("#tm-box textarea")
    box.fill("something smoky")
    box.press("Enter")
    visit.page.locator(".tm-turn[data-running=true]").wait_for()
    visit.page.locator(".tm-standing").get_by_role("button", name="Remove style not Black").click()
    held.set()
    turns = visit.page.locator(".tm-turn[data-running=false]")
    turns.nth(2).locator(".tm-edited", has_text="No longer: style not Black").wait_for()
    assert turns.nth(1).locator(".tm-card", has_text="Black").count() == 0


def test_messages_wait_their_turn_and_the_arrow_brings_them_back(visit: Visit, held: threading.Event) -> None:
    box = visit.page.locator("#tm-box textarea")
    box.fill("something smoky")
    box.press("Enter")
    visit.page.locator(".tm-turn[data-running=true]").wait_for()
    box.fill("no black")
    box.press("Enter")
    visit.page.locator(".tm-waits", has_text="no black").wait_for()
    assert box.input_value() == ""
    held.set()
    last = visit.page.locator(".tm-turn[data-running=false]").nth(1)
    last.wait_for()
    assert "no black" in last.locator(".tm-said").inner_text()
    box.press("ArrowUp")
    assert box.input_value() == "no black"
    box.press("ArrowUp")
    assert box.input_value() == "something smoky"
    box.press("ArrowDown")
    box.press("ArrowDown")
    assert box.input_value() == ""


def test_an_edited_message_forks_and_trying_again_shows_others(visit: Visit, tm: Tastemaker) -> None:
    page = visit.page
    visit.say("a black tea")
    visit.say("after 1990", turn=2)
    before = page.url.partition("session=")[2]
    page.get_by_role("button", name="Edit: a black tea").click()
    page.wait_for_function("document.querySelector('#tm-box textarea').value === 'a black tea'")
    turn = visit.say("a green tea")
    page.locator(".tm-said", has_text="a black tea").wait_for(state="detached")
    assert page.locator(".tm-turn").count() == 1
    assert page.url.partition("session=")[2] != before
    assert len(tm.session(before).messages) == 4
    first = set(turn.locator(".tm-title").all_inner_texts())
    page.get_by_role("button", name="Try again: a green tea").click()
    page.wait_for_function(
        "old => { const c = document.querySelector('.tm-title'); return c && !old.includes(c.innerText) }",
        arg=list(first),
    )
    assert first.isdisjoint(page.locator(".tm-title").all_inner_texts())


def test_pictures_links_comparison_and_chips(visit: Visit) -> None:
    page = visit.page
    cards = visit.say("something smoky, no black").locator(".tm-card")
    link = cards.first.get_by_role("link", name=re.compile("Open its page"))
    assert re.fullmatch(r"https://teas\.example/\d+", link.get_attribute("href"))
    assert link.get_attribute("rel") == "noopener noreferrer nofollow"
    numbers = [int(card.get_attribute("data-item")) for card in cards.all()]
    shown = [number for number in numbers if number % 3]
    page.wait_for_function(f"document.querySelectorAll('.tm-picture img').length <= {len(shown)}")
    assert "https://" not in cards.first.inner_text()
    for image in page.locator(".tm-picture img").all():
        assert image.get_attribute("loading") == "lazy"
        assert image.get_attribute("referrerpolicy") == "no-referrer"
    assert page.locator(".tm-picture span").first.is_visible()
    cards.first.get_by_role("button", name=re.compile("^Details")).click()
    cards.first.locator(f".tm-values a[href='{link.get_attribute('href')}']").wait_for()

    for number in (0, 1):
        cards.nth(number).get_by_role("button", name=re.compile("^Compare")).click()
        page.locator(".tm-act-compare[aria-pressed=true]").nth(number).wait_for()
    table = page.get_by_role("region", name="Beside each other")
    table.wait_for()
    assert table.get_by_role("columnheader").count() == 2
    assert "https://" not in table.inner_text()
    page.get_by_role("button", name="Close").click()
    table.wait_for(state="detached")

    standing = page.locator(".tm-standing")
    standing.get_by_text("style not Black").wait_for()
    standing.get_by_role("button", name="Remove style not Black").click()
    standing.get_by_text("style not Black").wait_for(state="detached")
    again = page.locator(".tm-turn[data-running=false]").nth(1)
    again.locator(".tm-edited", has_text="No longer: style not Black").wait_for()
    assert again.locator(".tm-card", has_text="Black").count() > 0
    assert again.get_by_role("button", name=re.compile("^Edit")).count() == 0
    page.get_by_role("button", name="Undo").click()
    undone = page.locator(".tm-turn[data-running=false]").nth(2)
    undone.locator(".tm-edited", has_text="Undo").wait_for()
    assert undone.locator(".tm-card", has_text="Black").count() == 0
    page.locator(".tm-suggestions button").first.click()
    page.locator(".tm-turn[data-running=false]").nth(3).wait_for()


def test_a_condition_is_widened_and_the_list_explained(visit: Visit) -> None:
    turn = visit.say("smoky tea after 1995, no black")
    standing = visit.page.locator(".tm-standing")
    standing.get_by_role("button", name="Widen year at least 1996: year at least 1991").click()
    standing.get_by_text("year at least 1991").wait_for()
    standing.get_by_role("button", name="Widen style not Black: only preferred").click()
    standing.get_by_text("rather not: style is Black").wait_for()
    lists = visit.page.locator(".tm-turn[data-running=false]")
    lists.nth(2).locator(".tm-edited", has_text="Only preferred: style not Black").wait_for()
    years = [int(one) for one in lists.nth(1).locator(".tm-year").all_inner_texts()]
    assert min(years) >= 1991
    turn.get_by_role("button", name="Why this list").click()
    turn.locator("> .tm-why .tm-parts").wait_for()
    shares = turn.locator("> .tm-why .tm-part-share").all_inner_texts()
    assert 99 <= sum(int(one.removesuffix("%")) for one in shares) <= 101


def test_variety_is_chosen_for_a_conversation_and_kept_with_it(visit: Visit, tm: Tastemaker) -> None:
    page = visit.page
    assert page.locator(".tm-menu select").count() == 1  # without a model there is no effort to choose
    page.get_by_label("Variety").select_option("Very varied")
    visit.say("something smoky")
    assert tm.session(page.url.partition("session=")[2]).manner.diversity == 0.9
    page.reload()
    page.locator(".tm-card").first.wait_for()
    assert page.get_by_label("Variety").input_value() == "0.9"
    page.get_by_role("button", name="Start over").click()
    page.locator("#tm-welcome").wait_for()
    page.wait_for_function("document.querySelector('.tm-menu select').value === '0'")


def test_two_tabs_of_one_browser_never_mix(visit: Visit, url: str) -> None:
    other = visit.tab(url)
    visit.say("a black tea")
    visit.say("a green tea", page=other)
    assert (
        visit.page.locator(".tm-said").all_inner_texts() == ["You: a black tea"]
        or visit.page.locator(".tm-said").count() == 1
    )
    assert visit.page.url != other.url
    assert "green" not in visit.page.locator("#tm-profile").inner_text().casefold()


def test_a_phone_shows_five_cards_without_sideways_scroll(chromium: Any, url: str) -> None:
    phone = Visit(chromium, url, width=375, has_touch=True)
    cards = phone.say("something smoky").locator(".tm-card")
    first, last = cards.first.bounding_box(), cards.nth(4).bounding_box()
    assert last["y"] + last["height"] - first["y"] < 1400
    assert phone.page.evaluate("document.documentElement.scrollWidth") == 375
    phone.close()


def test_a_browser_is_spoken_to_in_its_language(chromium: Any, url: str) -> None:
    visit = Visit(chromium, url, locale="de-AT")
    visit.page.get_by_text("Was mögen Sie?").wait_for()
    assert visit.say("a white tea").get_by_role("button", name=re.compile("^Gefällt mir")).count() == 5
    assert visit.page.locator("html").get_attribute("lang") == "de"
    visit.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_nothing_keeps_anybody_out(chromium: Any, url: str, scheme: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    visit = Visit(chromium, url, width=width, color_scheme=scheme, reduced_motion="reduce")
    found = Axe().run(visit.page).response["violations"]
    visit.say("something smoky")
    for number in (0, 1):
        visit.page.locator(".tm-act-compare").nth(number).click()
    visit.page.locator(".tm-table").wait_for()
    visit.page.locator("#tm-conversations > button").first.click()
    visit.page.locator(".tm-list-row").wait_for()
    found += Axe().run(visit.page).response["violations"]
    told = {one["id"]: [node["html"][:150] for node in one["nodes"]][:3] for one in found}
    assert told == {}
    visit.close()
