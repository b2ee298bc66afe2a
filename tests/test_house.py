"""The house: small folders, plain sub-packages, names that are verbs or nouns, and documents that name what is there."""

import ast
import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("agent", "evals", "prompts", "recommenders", "retrieval", "tools", "ui")
MODULES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "Makefile", "evals/data/README.md")

MAX_FILES = 24
MAX_PARTICIPLES = 0.05
IRREGULAR = frozenset(
    "begun borne born bought bound broken brought built caught chosen done drawn driven felt forgotten found given gone "
    "got grown heard held hidden hung kept known laid led left lent lost made meant met paid said seen sent shown sold "
    "sought spent struck taken taught thought thrown told torn understood won worn written".split()
)
"""``fit`` and ``read``, which are verbs as well, are left out."""
NO_PARTICIPLES = frozenset("bed embed exceed feed led need proceed red seed shed speed succeed".split())
PREDICATES = frozenset("are be can has is may was were".split())


def folders_with_code():
    return sorted({path.parent for path in (*MODULES, *(ROOT / "tests").rglob("*.py"))})


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def is_participle(word):
    return word in IRREGULAR or (word.endswith("ed") and word not in NO_PARTICIPLES)


def has_participle_name(function):
    """``titles_found``, ``told_by`` and ``held``, but not ``is_held``, which is a question."""
    first, *rest = function.strip("_").split("_")
    return first not in PREDICATES and (is_participle(first) or is_participle([first, *rest][-1]))


def test_no_folder_holds_more_files_than_a_screen_shows():
    counts = {folder.relative_to(ROOT): len(list(folder.glob("*.py"))) for folder in folders_with_code()}
    assert not {str(folder): n for folder, n in counts.items() if n > MAX_FILES}


def test_sub_packages_import_nothing_of_themselves():
    for path in MODULES:
        if path.name == "__init__.py" and path.parent.parent != ROOT:
            docstring, *rest = tree_of(path).body
            assert isinstance(docstring, ast.Expr), f"{path.relative_to(ROOT)} has no docstring"
            assert not rest, f"{path.relative_to(ROOT)} holds more than a docstring"


def test_functions_are_verbs_or_nouns():
    names = [
        node.name
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("__")
    ]
    participles = [name for name in names if has_participle_name(name)]
    assert len(participles) < MAX_PARTICIPLES * len(names), sorted(participles)


@pytest.mark.parametrize(
    ("name", "has"),
    [("titles_found", True), ("_told_by", True), ("held", True), ("is_held", False), ("embed", False)],
)
def test_a_participle_is_known_by_its_first_or_last_word(name, has):
    assert has_participle_name(name) is has


def test_the_formatter_is_never_switched_off():
    mark = "fmt: " + "skip"
    for path in ROOT.rglob("*.py"):
        if not {".venv", "build", ".links", ".tools"} & set(path.relative_to(ROOT).parts):
            assert mark not in path.read_text(encoding="utf-8"), f"{path.relative_to(ROOT)} has `{mark}`"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_module_that_is_documented_is_there(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    modules = set(re.findall(r"python\S* -m (tastemaker[\w.]*)", text.replace(r"$(BIN)/", "")))
    modules |= set(re.findall(r"^from (tastemaker[\w.]*) import", text, re.MULTILINE))
    modules |= {f"tastemaker.evals.{name}" for name in re.findall(r"`((?:studies|benchmarks)\.\w+)", text)}
    modules -= {"tastemaker.evals."}  # what such short names stand behind
    for name in modules:
        assert importlib.util.find_spec(name) is not None, f"{document} names {name}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_is_documented_is_there(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    started = "|".join((*ROOMS, "tests", "examples"))
    for name in re.findall(rf"(?<![\w./-])(?:{started})/[\w./-]*\w", text):
        if "<" not in text[text.index(name) : text.index(name) + len(name) + 2]:
            assert (ROOT / name).exists(), f"{document} names {name}"


def expand_braces(name):
    """``a/{b,c}`` as ``a/b`` and ``a/c``."""
    head, brace, rest = name.partition("{")
    inside, _, tail = rest.partition("}")
    return [f"{head}{one}{tail}" for one in inside.split(",")] if brace else [name]


def test_the_tree_names_every_folder_and_no_other():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    named = {
        folder for row in rows for quoted in re.findall(r"`([^`]+)`", row) for folder in expand_braces(quoted)
    }
    rooms_without_a_row = {
        room for room in ROOMS if room not in named
    }  # they stand in the list above the tree
    there = {str(path.parent.relative_to(ROOT)) for path in MODULES if path.name == "__init__.py"}
    assert named == there - rooms_without_a_row
    assert all(re.search(rf"^{room} |  {room} ", text, re.MULTILINE) for room in rooms_without_a_row)


def test_every_command_that_is_documented_is_there():
    from typer.main import get_command

    from tastemaker.ui.cli.main import app

    commands = get_command(app).commands
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in set(re.findall(r"(?:`|^)tastemaker ([a-z-]+)", text, re.MULTILINE)):
        assert name in commands, f"README.md names `tastemaker {name}`"
    for name in set(re.findall(r"(?:`|^)tastemaker eval ([a-z-]+)", text, re.MULTILINE)):
        assert name in commands["eval"].commands, f"README.md names `tastemaker eval {name}`"
