"""A table as files to take along: CSV for spreadsheets, LaTeX for papers, in links that need no server."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from urllib.parse import quote

from tastemaker.evals.reports.sections import Table

BEGINS_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d.])")
"""Spreadsheets run cells that begin so; a signed number is none."""
ESCAPES = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}


def table_csv(table: Table) -> str:
    r"""A table as CSV with a head, quoted where needed; no cell is a formula.

    >>> table_csv((("system", "recall"), [("=cmd()", "-.012 [-.02, .00]")]))
    'system,recall\r\n\'=cmd(),"-.012 [-.02, .00]"\r\n'
    """
    head, rows = table
    out = io.StringIO()
    csv.writer(out).writerows([[_inert(cell) for cell in row] for row in (head, *rows)])
    return out.getvalue()


def table_latex(table: Table, caption: str) -> str:
    r"""A table as LaTeX with the rules of the package ``booktabs``.

    >>> print(table_latex((("system", "recall"), [("a_b", "50 %")]), "R&D"))
    \begin{table}
    \caption{R\&D}
    \begin{tabular}{ll}
    \toprule
    system & recall \\
    \midrule
    a\_b & 50 \% \\
    \bottomrule
    \end{tabular}
    \end{table}
    <BLANKLINE>
    """
    head, rows = table
    first, *lines = (" & ".join(map(_escape, row)) + r" \\" for row in (head, *rows))
    parts = [
        r"\begin{table}",
        rf"\caption{{{_escape(caption)}}}",
        rf"\begin{{tabular}}{{{'l' * len(head)}}}",
        r"\toprule",
        first,
        r"\midrule",
        *lines,
        r"\bottomrule",
        r"\end{tabular}",
        r"\end{table}",
    ]
    return "\n".join(parts) + "\n"


def links(title: str, table: Table) -> Sequence[tuple[str, str, str]]:
    """Label, file name and address of each file of a table."""
    name = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-") or "table"
    return [
        ("CSV", f"{name}.csv", "data:text/csv;charset=utf-8," + quote(table_csv(table))),
        ("LaTeX", f"{name}.tex", "data:text/x-tex;charset=utf-8," + quote(table_latex(table, title))),
    ]


def _inert(cell: str) -> str:
    return f"'{cell}" if BEGINS_FORMULA.match(cell) else cell


def _escape(text: str) -> str:
    return "".join(ESCAPES.get(sign, sign) for sign in text).replace("\n", " ")
