"""The licences of everything that a wheel of Tastemaker brings along, and of the weights it fetches. Run it by::

python -m tastemaker.evals.studies.licences [--out build/licences.md]
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

WEIGHTS = (
    ("all-MiniLM-L6-v2", "embedding model, safetensors", "Apache-2.0"),
    ("all-mpnet-base-v2", "embedding model, safetensors", "Apache-2.0"),
    ("Qwen2.5-Coder-1.5B-Instruct", "embedded chat model, GGUF", "Apache-2.0"),
)
"""As their model cards say; they are fetched when first used and are not part of the wheel."""

UNSAID = "not said"


def dependencies(root: str = "tastemaker") -> list[str]:
    """Names of all packages that ``root`` needs, directly or not, extras left out."""
    found, left = dict[str, None](), [root]
    while left:
        name = canonicalize_name(left.pop())
        if name in found:
            continue
        try:
            needed = metadata.distribution(name).requires or []
        except metadata.PackageNotFoundError:
            continue  # for another platform
        found[name] = None
        wanted = (Requirement(one) for one in needed)
        left += [one.name for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]
    return sorted(name for name in found if name != canonicalize_name(root))


def licence(name: str) -> str:
    """A package's licence: its expression, or its classifiers, or the first line of what it says."""
    told = metadata.metadata(name)
    if "License-Expression" in told:
        return str(told["License-Expression"])
    classes = [
        c.rpartition(" :: ")[2] for c in told.get_all("Classifier") or [] if c.startswith("License ::")
    ]
    named = [one for one in classes if one != "OSI Approved"]
    first = re.split(r"[\n.]", (told.get_all("License") or [""])[0].strip())[0]
    return ", ".join(named) or first[:60] or UNSAID


def table() -> Iterator[str]:
    """A table in Markdown."""
    yield "| package | version | licence |"
    yield "| --- | --- | --- |"
    for name in dependencies():
        yield f"| {name} | {metadata.version(name)} | {licence(name)} |"
    yield "\n| weights | kind | licence |"
    yield "| --- | --- | --- |"
    for row in WEIGHTS:
        yield f"| {' | '.join(row)} |"


def main() -> None:
    """Print the table, or write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    text = "\n".join(table()) + "\n"
    if chosen.out:
        chosen.out.parent.mkdir(parents=True, exist_ok=True)
        chosen.out.write_text(text, encoding="utf-8")
    else:
        print(text)  # noqa: T201


if __name__ == "__main__":
    main()
