"""Puts every command's help into the page of commands, so that it is never behind the code."""

from __future__ import annotations

from typing import Any

PAGE = "reference/commands.md"


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Called by mkdocs for every page."""
    return f"{markdown}\n{commands()}" if page.file.src_uri == PAGE else markdown


def commands() -> str:
    """The help of each command, as Markdown."""
    import typer

    from tastemaker.ui.cli.main import app

    root: Any = typer.main.get_command(app)
    parts = []
    for name, command in root.commands.items():
        inner = getattr(command, "commands", {"": command})
        for sub, one in inner.items():
            whole = f"tastemaker {name} {sub}".strip()
            context = one.make_context(whole, [], resilient_parsing=True)
            parts.append(f"## {whole}\n\n```text\n{one.get_help(context)}\n```\n")
    return "\n".join(parts)
