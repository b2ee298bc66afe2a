"""The wheel holds every part; nothing imports upwards."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MAY_IMPORT = {
    "retrieval": set(),
    "recommenders": {"retrieval"},
    "prompts": set(),
    "tools": {"retrieval", "recommenders"},
    "agent": {"tools", "prompts", "retrieval"},
    "evals": {"agent", "tools", "prompts", "retrieval", "recommenders"},
    "ui": {"agent", "evals", "tools", "prompts", "retrieval", "recommenders"},
}


def test_the_listed_packages_are_the_folders_found():
    listed = set(PROJECT["tool"]["setuptools"]["packages"])
    found = {f"tastemaker.{folder.parent.name}" for folder in ROOT.glob("*/__init__.py")}
    assert listed == found
    assert set(PROJECT["tool"]["setuptools"]["package-dir"]) == listed
    assert set(PROJECT["tool"]["setuptools"]["package-data"]) == listed


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_imports_run_downwards_only(part):
    for path in (ROOT / part).rglob("*.py"):
        for name in imported(path):
            if name.startswith("tastemaker."):
                other = name.split(".")[1]
                assert other == part or other in MAY_IMPORT[part], f"{path.name} imports {name}"


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from names if node.module == "tastemaker" else [node.module or ""]
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_every_data_file_ships():
    data = PROJECT["tool"]["setuptools"]["package-data"]
    for part in MAY_IMPORT:
        patterns = data[f"tastemaker.{part}"]
        for path in (ROOT / part).rglob("*"):
            # What was measured stays with the source.
            record = path.is_relative_to(ROOT / "evals" / "results")
            if path.is_file() and not record and path.suffix not in (".py", ".pyc"):
                inside = path.relative_to(ROOT / part)
                assert any(inside.match(pattern) for pattern in patterns), (
                    f"{part}/{inside} is not in the wheel"
                )
