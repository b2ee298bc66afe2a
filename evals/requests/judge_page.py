"""A page on which a person judges what systems showed and said, and which writes a file of requests.

Items and sentences of all systems lie mixed and without names, so that nobody can favour one. What
the file says of an item already is chosen to begin with; what is left open stays as it is in the file.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tastemaker.evals.requests.case import VERDICTS, RequestCase
from tastemaker.evals.requests.reply_sentences import reply_sentences
from tastemaker.evals.requests.system import SHOWN
from tastemaker.evals.runs.run_folder import Row
from tastemaker.retrieval.atomic_write import write_atomically
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.schema import Kind

MAX_VALUES = 6
"""Values of an attribute that the page tells."""
LISTS = ("history", "shown", "excluded")


@dataclass(frozen=True)
class JudgedItem:
    """An item on the page: ``names`` are all that a file may call it, ``grade`` is the file's, "" for none."""

    id: str
    title: str
    facts: str
    texts: tuple[str, ...]
    names: tuple[str, ...]
    grade: str


@dataclass(frozen=True)
class OpenSentence:
    """A sentence on the page; ``item`` is "" where it belongs to the reply, ``verdict`` where nobody judged it."""

    text: str
    item: str
    title: str
    verdict: str


@dataclass(frozen=True)
class JudgedRequest:
    """One request of the page."""

    case: RequestCase
    history: str
    shown: str
    items: tuple[JudgedItem, ...]
    sentences: tuple[OpenSentence, ...]


def write_judge_page(
    path: Path,
    name: str,
    cases: Sequence[RequestCase],
    runs: Mapping[str, Sequence[Row]],
    catalog: Catalog,
    seed: int = 0,
) -> None:
    """Write the page.

    Args:
        path: an HTML file.
        name: of the file of requests; the page offers its successor under this name.
        cases: what was asked.
        runs: rows of each system.
        catalog: tells of the items.
        seed: of the order in which things lie.
    """
    rows = {
        case.id: [row for held in runs.values() for row in held if row["case"] == case.id] for case in cases
    }
    judged = [_request(case, rows[case.id], catalog, random.Random(f"{seed} {case.id}")) for case in cases]  # noqa: S311
    page = _environment().get_template("judge_page.html.j2")
    shown = page.render(
        name=name,
        requests=judged,
        sources=[dict(case.source) for case in cases],
        whole_numbers=any(_has_numbers(case.source) for case in cases),
        verdicts=VERDICTS,
    )
    write_atomically(path, shown.encode())


def _request(case: RequestCase, rows: Sequence[Row], catalog: Catalog, dice: random.Random) -> JudgedRequest:
    items = list(dict.fromkeys(item for row in rows for item in row["items"][:SHOWN]))
    said = dict.fromkeys(
        (sentence, item)
        for row in rows
        for item, text in (("", row["text"]), *row["reasons"].items())
        for sentence in reply_sentences(text)
    )
    known = {(one.text, one.item): one.verdict for one in case.sentences}
    sentences = [
        OpenSentence(text, item, catalog[item].title if item else "", known.get((text, item), ""))
        for text, item in said
    ]
    dice.shuffle(items)
    dice.shuffle(sentences)
    return JudgedRequest(
        case,
        _titles(case.history, catalog),
        _titles(case.shown, catalog),
        tuple(_item(catalog[item], case, catalog) for item in items),
        tuple(sentences),
    )


def _titles(ids: Sequence[str], catalog: Catalog) -> str:
    return "; ".join(catalog[item].title for item in ids)


def _item(item: Item, case: RequestCase, catalog: Catalog) -> JudgedItem:
    texts = [
        str(item.attributes[name]) for name in catalog.schema.of_kind(Kind.TEXT) if item.attributes.get(name)
    ]
    grade = case.grade(item.id)
    names = (item.id, item.title)
    unfit = {str(name) for name in (case.source.get("relevant") or {}).get("0") or ()}
    return JudgedItem(
        item.id,
        item.title,
        _facts(item, catalog),
        tuple(texts),
        names,
        str(grade) if grade or unfit & set(names) else "",
    )


def _facts(item: Item, catalog: Catalog) -> str:
    told = []
    for name in catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS, Kind.NUMBER, Kind.DATE):
        value = item.attributes.get(name)
        if value is not None and value != ():
            listed = as_tags(value) if isinstance(value, str | tuple) else (f"{value}",)
            told.append(f"{name}: {', '.join(listed[:MAX_VALUES])}")
    return "; ".join(told)


def _has_numbers(source: Mapping[str, Any]) -> bool:
    lists = [source.get(name) for name in LISTS] + list((source.get("relevant") or {}).values())
    return any(isinstance(item, int) for held in lists for item in held or ())


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
