"""All cases of some runs as a part of a page; what would make it too large stands in files beside it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from tastemaker.evals.browse.case_record import detail, index_line, slices_of_row
from tastemaker.evals.runs.item_titles import item_ids
from tastemaker.evals.runs.run_folder import Row
from tastemaker.retrieval.atomic_write import write_atomically

MOST_BYTES = 20_000_000
"""A page that is larger is slow to open and too large for mail."""
CASES_FOLDER = "report-cases"
"""Beside the page."""
MOST_SLICE_VALUES = 60
"""A slice of more values, such as a person's name, is no filter but a search."""
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Browser:
    """Cases to look through.

    Attributes:
        head: runs, metrics, slices, titles and the list of cases, as JSON that may stand in a page.
        pieces: what is shown of cases that are opened, likewise.
        folder: the files that hold the pieces, beside the page; "" where they stand in the page itself.
        files: name -> content of these files.
    """

    head: Markup
    pieces: Sequence[Markup] = ()
    folder: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def script(self) -> Markup:
        """The program of the page."""
        return Markup(_script())  # noqa: S704  our own file

    @property
    def script_hash(self) -> str:
        """What a Content-Security-Policy knows the program by, so that no other runs."""
        return "sha256-" + base64.b64encode(hashlib.sha256(_script().encode()).digest()).decode()

    @property
    def style(self) -> Markup:
        """The rules of the page."""
        return Markup((HERE / "browser.css").read_text(encoding="utf-8"))  # noqa: S704  our own file

    def write_files(self, place: Path) -> None:
        """Write the files that belong beside a page, and delete those of an earlier one."""
        for old in (place / (self.folder or CASES_FOLDER)).glob("*.js"):
            old.unlink()
        for name, content in self.files.items():
            (place / self.folder).mkdir(exist_ok=True)
            write_atomically(place / self.folder / name, content)


def case_browser(
    rows: Mapping[str, Sequence[Row]],
    metrics: Sequence[str],
    *,
    baseline: str,
    titles: Mapping[str, str] | None = None,
    folder: str = CASES_FOLDER,
    most_bytes: int = MOST_BYTES,
) -> Browser | None:
    """The cases of runs; None where rows hold no lists to look at.

    Args:
        rows: by run.
        metrics: which values tell hit from miss, the first of them unless another is chosen.
        baseline: the run that changes are told against.
        titles: item id -> title.
        folder: name of the folder of files beside the page, where they are needed.
        most_bytes: of the page's cases and of each file.
    """
    if not any("items" in row for own in rows.values() for row in own):
        return None
    by_case = {name: {str(row["case"]): row for row in own} for name, own in rows.items()}
    cases = list(dict.fromkeys(case for own in by_case.values() for case in own))
    slices = _slices(rows)
    told = titles or {}
    named = dict.fromkeys(one for own in rows.values() for row in own for one in item_ids(row))
    lines, pieces = [], list[str]()
    for number, details in enumerate(_pieces(cases, by_case, most_bytes)):
        pieces.append(details.text)
        lines += [
            {**index_line(case, held, metrics, list(slices)), "piece": number}
            for case, held in ((case, _held(case, by_case)) for case in details.cases)
        ]
    head = {
        "runs": list(rows),
        "baseline": list(rows).index(baseline),
        "metrics": list(metrics),
        "slices": [{"name": name, "values": values} for name, values in slices.items()],
        "titles": {one: told[one] for one in named if one in told},
    }
    return _placed(head, lines, pieces, folder, most_bytes)


@dataclass(frozen=True)
class _Piece:
    cases: Sequence[str]
    text: str


def _placed(
    head: dict[str, Any], lines: list[dict[str, Any]], pieces: list[str], folder: str, most_bytes: int
) -> Browser:
    """In the page where there is room; else pieces in files, and the list too where it alone is too large."""
    listed = _json(lines)
    if len(_json(head)) + len(listed) + sum(map(len, pieces)) <= most_bytes:
        return Browser(
            _json({**head, "cases": lines, "pieces": len(pieces)}), [_markup(one) for one in pieces]
        )
    files = {_file_name(n): _call(n, one) for n, one in enumerate(pieces)}
    lists: list[str] = []
    if len(listed) > most_bytes // 2:
        texts = [str(_json(line)) for line in lines]
        lists = [f"[{','.join(texts[part])}]" for part in _parts(texts, most_bytes)]
        lines = []
    for place, text in enumerate(lists, len(pieces)):
        files[_file_name(place)] = _call(place, text)
    told = {**head, "cases": lines, "pieces": len(pieces), "lists": len(lists), "folder": folder}
    return Browser(_json(told), (), folder, files)


def _pieces(
    cases: Sequence[str], by_case: Mapping[str, Mapping[str, Row]], most_bytes: int
) -> Iterator[_Piece]:
    """Details of cases, in the order of cases, in pieces of a size; each an object by case."""
    held: list[str] = []
    texts: list[str] = []
    size = 0
    for case in cases:
        text = f"{_json(case)}:{_json(detail(_held(case, by_case)))}"
        if texts and size + len(text.encode()) > most_bytes:
            yield _Piece(held, "{" + ",".join(texts) + "}")
            held, texts, size = [], [], 0
        held.append(case)
        texts.append(text)
        size += len(text.encode())
    yield _Piece(held, "{" + ",".join(texts) + "}")


def _parts(texts: Sequence[str], most_bytes: int) -> Iterator[slice]:
    begin = size = 0
    for place, text in enumerate(texts):
        size += len(text.encode())
        if size > most_bytes and place > begin:
            yield slice(begin, place)
            begin, size = place, len(text.encode())
    yield slice(begin, len(texts))


def _held(case: str, by_case: Mapping[str, Mapping[str, Row]]) -> list[Row | None]:
    return [own.get(case) for own in by_case.values()]


def _slices(rows: Mapping[str, Sequence[Row]]) -> dict[str, list[str]]:
    """Slice -> its values, those left out that tell nothing or are too many for a list."""
    found: dict[str, dict[str, None]] = {}
    for own in rows.values():
        for row in own:
            for name, value in slices_of_row(row).items():
                found.setdefault(name, {})[value] = None
    return {name: sorted(values) for name, values in found.items() if 1 < len(values) <= MOST_SLICE_VALUES}


def _file_name(number: int) -> str:
    return f"{number + 1:03}.js"


def _call(number: int, text: str) -> bytes:
    return f"tastemakerCases({number},{text});\n".encode()


def _json(value: object) -> Markup:
    """JSON that may stand in a script element: no title can end it or begin another."""
    return htmlsafe_json_dumps(value, dumps=_dumps)


def _dumps(value: object, **_: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def _markup(text: str) -> Markup:
    return Markup(text)  # noqa: S704  made by _json


@cache
def _script() -> str:
    return (HERE / "browser.js").read_text(encoding="utf-8")
