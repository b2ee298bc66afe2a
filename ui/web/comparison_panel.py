"""Items beside each other, as a table under the conversation."""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.ui.views.comparison import LEAST, compare_items
from tastemaker.ui.web.html import Html, tag
from tastemaker.ui.web.strings import t


def comparison_panel(ids: Sequence[str], catalog: Catalog, hidden: frozenset[str]) -> Html:
    """The table of two to four items; a hint for one, nothing for none. ``hidden`` are fields nobody reads."""
    if not ids:
        return Html("")
    close = tag(
        "button", t("Close"), type="button", class_="tm-button", data_act="close-comparison", data_value="-"
    )
    if len(ids) < LEAST:
        said = t("{title} is kept to compare; choose another.", title=catalog[ids[0]].title)
        return tag(
            "div", tag("p", said, class_="tm-empty", role="status"), close, class_="tm-comparison tm-one"
        )
    table = compare_items(catalog, ids, hidden)
    head = tag("tr", tag("td"), [tag("th", title, scope="col", dir="auto") for title in table.titles])
    rows = [
        tag("tr", tag("th", name, scope="row"), [tag("td", value, dir="auto") for value in said])
        for name, said in table.rows
    ]
    caption = tag("caption", t("Beside each other"))
    return tag(
        "div",
        tag(
            "div",
            tag("table", caption, tag("thead", head), tag("tbody", rows)),
            class_="tm-table",
            tabindex="0",
            role="region",
            aria_label=t("Beside each other"),
        ),
        close,
        class_="tm-comparison",
    )
