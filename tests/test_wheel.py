"""The built wheel, in an environment without our source, imports every part and runs its command."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PARTS = ("agent", "evals", "prompts", "recommenders", "retrieval", "tools", "ui")


def run(*command, **rest):
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=300, **rest
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.wire
def test_the_wheel_installs_and_runs(tmp_path):
    run(sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path, ROOT)
    (wheel,) = tmp_path.glob("*.whl")
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    run(python, "-m", "pip", "install", "--no-deps", "--no-index", wheel)
    # The dependencies are those of this environment; installing PyTorch again would only measure the network.
    site = run(python, "-c", "import site; print(site.getsitepackages()[0])").strip()
    # A .pth in a folder that a .pth names is not read, so our own editable install stays out.
    here = [place for place in sys.path if Path(place).name in ("site-packages", "dist-packages")]
    (Path(site) / "borrowed.pth").write_text("\n".join([*here, ""]))
    clean = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {
        "TASTEMAKER_CACHE": str(tmp_path / "cache")
    }
    imports = "; ".join(f"import tastemaker.{part}" for part in PARTS)
    where = run(python, "-c", f"{imports}; print(tastemaker.agent.__file__)", cwd=tmp_path, env=clean)
    assert str(tmp_path) in where
    said = run(tmp_path / "env" / "bin" / "tastemaker", "doctor", "--llm", "rules", cwd=tmp_path, env=clean)
    assert "torch" in said
    assert "next: tastemaker build" in said
