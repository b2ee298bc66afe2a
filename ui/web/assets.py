"""The style sheet and the scripts of the page, read from the files beside this one."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent


def script(name: str) -> str:
    """The JavaScript file ``<name>.js``: the body of a function that Gradio calls with ``element``,
    ``trigger``, ``server`` and ``watch``."""
    return (_FOLDER / f"{name}.js").read_text(encoding="utf-8")


def style() -> str:
    """The style sheet."""
    return (_FOLDER / "style.css").read_text(encoding="utf-8")
