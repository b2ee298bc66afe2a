"""The wheel holds every part; nothing imports upwards."""

import ast
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

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
LAB = {Path("evals/studies"), Path("evals/benchmarks")}
"""Run from the checkout: ``python -m tastemaker.evals.studies.understanding``."""


def test_the_listed_packages_are_the_folders_found_but_for_the_lab():
    setuptools = PROJECT["tool"]["setuptools"]
    folders = [
        init.parent.relative_to(ROOT) for part in MAY_IMPORT for init in (ROOT / part).rglob("__init__.py")
    ]
    assert set(folders) >= LAB
    shipped = {
        ".".join(("tastemaker", *folder.parts))
        for folder in folders
        if LAB.isdisjoint([folder, *folder.parents])
    }
    assert set(setuptools["packages"]) == shipped
    # Sub-packages are found below the folder of their room.
    assert set(setuptools["package-dir"]) == {f"tastemaker.{part}" for part in MAY_IMPORT}


def test_every_folder_with_code_is_a_package():
    for part in MAY_IMPORT:
        for path in (ROOT / part).rglob("*.py"):
            assert (path.parent / "__init__.py").exists(), f"{path.parent} has no __init__.py"


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
    shipped = {
        path
        for package, patterns in data.items()
        for pattern in patterns
        for path in ROOT.joinpath(*package.split(".")[1:]).glob(pattern)
    }
    for part in MAY_IMPORT:
        for path in (ROOT / part).rglob("*"):
            # What was measured stays with the source.
            record = path.is_relative_to(ROOT / "evals" / "results")
            if path.is_file() and not record and path.suffix not in (".py", ".pyc"):
                assert path in shipped, f"{path.relative_to(ROOT)} is not in the wheel"


def test_every_package_that_is_installed_with_ours_is_pinned():
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    pinned = {canonicalize_name(line.partition("==")[0]) for line in pins if "==" in line}
    assert len(pinned) == len(pins)
    extras = PROJECT["project"]["optional-dependencies"].values()
    open_ = [Requirement(line) for lines in (PROJECT["project"]["dependencies"], *extras) for line in lines]
    seen, unpinned = set(), set()
    while open_:
        requirement = open_.pop()
        name, wanted = canonicalize_name(requirement.name), requirement.extras or {""}
        if name == "tastemaker" or (name, frozenset(wanted)) in seen:
            continue
        seen.add((name, frozenset(wanted)))
        if name not in pinned:
            unpinned.add(name)
        try:
            needs = [Requirement(line) for line in metadata.requires(name) or ()]
        except metadata.PackageNotFoundError:  # only the constraints can be looked at
            continue
        open_ += [
            need
            for need in needs
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in wanted)
        ]
    # What PyTorch wants beside a GPU comes with it, where there is one.
    assert not {name for name in unpinned if not name.startswith(("nvidia-", "cuda-", "triton"))}
