"""What a turn by rules imports: seconds of libraries that it does not use are seconds of everybody's wait."""

import subprocess
import sys

import pytest

HEAVY = ("torch", "pandas", "scipy.stats", "sentence_transformers", "gradio", "chromadb")


@pytest.mark.parametrize(
    "module", ["tastemaker.agent", "tastemaker.agent.tastemaker", "tastemaker.ui.cli.main"]
)
def test_opening_an_agent_imports_no_heavy_library(module):
    asked = f"import sys, {module}; print([name for name in {HEAVY!r} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
