"""The picture of the page in the documentation: ``python docs/page_picture.py --workspace workspaces/ml-100k``.

Needs Chromium and playwright. The picture shows what the page shows: nothing in it is drawn by hand.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

OUT = Path(__file__).parent / "page.png"
MESSAGE = "a tense thriller from the nineties, no horror"


def main() -> None:
    """Serve the page, say something, keep a picture."""
    from playwright.sync_api import sync_playwright

    from tastemaker.agent import Tastemaker
    from tastemaker.ui.web.server import launch

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, default=Path("workspaces/ml-100k"))
    parser.add_argument("--out", type=Path, default=OUT)
    chosen = parser.parse_args()
    with Tastemaker.open(chosen.workspace, sessions="memory") as tm, sync_playwright() as driver:
        server, url = launch(tm, port=7990, language="en")
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1180, "height": 760})
        page.goto(url)
        box = page.locator("#tm-box textarea")
        box.fill(MESSAGE)
        box.press("Enter")
        page.locator(".tm-turn[data-running=false]").wait_for()
        page.locator(".tm-card").nth(4).wait_for()
        page.locator(".tm-act-like").first.click()
        page.wait_for_timeout(1500)
        page.screenshot(path=chosen.out)
        browser.close()
        server.close()


if __name__ == "__main__":
    main()
