"""What is brought along: pinned, of licences that allow it, and nothing that runs when it is read."""

import re
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tastemaker.evals.studies.licences import UNSAID, dependencies, licence

ROOT = Path(__file__).parents[1]
PARTS = ("agent", "evals", "prompts", "recommenders", "retrieval", "tools", "ui")
COPYLEFT = re.compile(r"\b(?:A?GPL|SSPL|BUSL|Commons Clause|GNU (?:Affero )?General)", re.IGNORECASE)
LESSER = re.compile(r"\bLGPL|Lesser", re.IGNORECASE)
RUNS_WHEN_READ = re.compile(
    r"\bimport pickle|\bpickle\.load|\btorch\.load\(|allow_pickle=True|\bimport (?:dill|joblib|marshal|shelve)\b"
    r"|\byaml\.(?:unsafe_)?load\(|(?<![\w.])(?:eval|exec)\("
)


def test_every_dependency_is_pinned_exactly_and_as_it_is_installed():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]
    assert all(len(pin.specifier) == 1 and str(pin.specifier).startswith("==") for pin in pins)
    pinned = {canonicalize_name(pin.name): str(pin.specifier)[2:] for pin in pins}
    found = {name: metadata.version(name) for name in dependencies()}
    assert {name for name in found if name not in pinned} == set()
    assert {n: v for n, v in found.items() if v.partition("+")[0] != pinned[n].partition("+")[0]} == {}


def test_every_pin_has_hashes_of_what_may_be_installed():
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    said = (ROOT / "constraints-hashed.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    hashed = {line.split()[0]: line.split()[1:] for line in said.splitlines()}
    assert sorted(hashed) == sorted(pins), "constraints.txt has changed: run make hashes"
    assert [pin for pin, files in hashed.items() if not files] == []
    assert all(re.fullmatch("--hash=sha256:[0-9a-f]{64}", one) for files in hashed.values() for one in files)


def test_every_dependency_says_its_licence_and_none_asks_for_our_source():
    licences = {name: licence(name) for name in dependencies()}
    assert len(licences) > 50
    assert [name for name, said in licences.items() if said == UNSAID] == []
    strict = [n for n, said in licences.items() if COPYLEFT.search(said) and not LESSER.search(said)]
    assert strict == []


def test_nothing_that_is_read_can_run():
    files = [file for part in PARTS for file in (ROOT / part).rglob("*.py")]
    assert len(files) > 200
    found = [str(file) for file in files if RUNS_WHEN_READ.search(file.read_text(encoding="utf-8"))]
    assert found == []
