"""How many columns of published catalogues and logs are taken for what they are.

    python -m tastemaker.evals.studies.column_study

The files are rebuilt in miniature (``evals/data/published-schemas.toml``): the columns and the ways of writing
of the published ones, with a few rows made up here, which is harder than the real files with their thousands.
"""

from __future__ import annotations

import sys
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from tastemaker.retrieval.catalog.schema import Attribute, Precision
from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.ingest.infer_schema import Column, Inference
from tastemaker.retrieval.ingest.interactions_file import read_interactions
from tastemaker.retrieval.ingest.items_file import read_items
from tastemaker.retrieval.ingest.overrides import ItemOverrides, Overrides


@dataclass(frozen=True)
class Finding:
    """One column: what it should be and what it was taken for; of a schema's catalogue or log."""

    schema: str
    column: str
    wanted: str
    found: str

    @property
    def right(self) -> bool:
        """Whether it is one of the kinds wanted."""
        return self.found in self.wanted.split("|")


def study() -> list[Finding]:
    """Every column of every schema."""
    text = (
        resources.files("tastemaker.evals")
        .joinpath("data/published-schemas.toml")
        .read_text(encoding="utf-8")
    )
    return [finding for schema in tomllib.loads(text)["schema"] for finding in _study(schema)]


def _study(schema: Mapping[str, Any]) -> list[Finding]:
    name = schema["name"]
    said = Overrides(
        items=ItemOverrides(columns=tuple(schema.get("columns", ())), **schema.get("overrides", {}))
    )
    with tempfile.TemporaryDirectory() as folder:
        items = _write(Path(folder), schema["file"], schema["items"], schema.get("encoding", "utf-8"))
        log = _write(Path(folder), schema["log_file"], schema["log"]) if "log" in schema else None
        try:
            loaded = read_items(items, said, log=log)
        except DataError as error:
            return [Finding(name, column, wanted, str(error)) for column, wanted in schema["expect"].items()]
        found = _compare(name, schema["expect"], loaded.inference)
        if log is None:
            return found
        try:
            inference = read_interactions(log, loaded.catalog, said).inference
        except DataError as error:
            return found + [
                Finding(name, column, want, str(error)) for column, want in schema["log_expect"].items()
            ]
        return found + _compare(name, schema["log_expect"], inference)


def _write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text.lstrip("\n"), encoding=encoding)
    return path


def _compare(name: str, expected: Mapping[str, str], inference: Inference) -> list[Finding]:
    columns = {column.name: column for column in inference.columns}
    return [
        Finding(name, column, wanted, _said(columns.get(column), exact=":" in wanted))
        for column, wanted in expected.items()
    ]


def _said(column: Column | None, exact: bool) -> str:
    if column is None:
        return "missing"
    if not exact:
        return column.becomes
    attribute = column.attribute
    return f"{column.becomes}:{_measure(attribute)}"


def _measure(attribute: Attribute) -> str:
    precision = "" if attribute.precision is Precision.DAY else attribute.precision.value
    return attribute.currency or attribute.unit or precision


def main() -> None:
    """Print each wrong column, and the share of right ones per schema and in all."""
    findings = study()
    for finding in findings:
        if not finding.right:
            sys.stdout.write(
                f"{finding.schema}: {finding.column} is {finding.wanted}, taken for {finding.found}\n"
            )
    for schema in dict.fromkeys(finding.schema for finding in findings):
        own = [finding.right for finding in findings if finding.schema == schema]
        sys.stdout.write(f"{schema:28} {sum(own):3} of {len(own):3}\n")
    right = sum(finding.right for finding in findings)
    sys.stdout.write(f"{'all':28} {right:3} of {len(findings):3} ({right / len(findings):.1%})\n")


if __name__ == "__main__":
    main()
