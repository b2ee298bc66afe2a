"""Options that several commands share, each declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_WORKSPACE = Path("workspaces/ml-100k")
DEFAULT_EMBEDDING = "all-MiniLM-L6-v2"
FILE_FORMATS = "tastemaker, processed, redial, ids, inspired or opendialkg; told by the file."
MODELS = "rules (no model), local (embedded), http://host/v1#MODEL, or PROVIDER:MODEL"

WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", "-w", help="Folder that `tastemaker build` wrote.", show_default=True)
]
NeededWorkspace = Annotated[
    Path | None, typer.Option("--workspace", "-w", help="Folder that `tastemaker build` wrote.")
]
"""Without a default: what is measured must be said."""

DEFAULT_LLM = "rules"
"""Answers at once on any machine; ``make chat`` and ``TASTEMAKER_LLM`` ask for more."""
LlmOption = Annotated[str, typer.Option(envvar="TASTEMAKER_LLM", show_envvar=True, help=f"{MODELS}.")]
FallbackOption = Annotated[
    list[str] | None, typer.Option("--fallback", help="A model to ask where --llm fails; may be repeated.")
]
ModelSizeOption = Annotated[
    str | None,
    typer.Option(help="capable or small: how far to trust a model that nobody measured; told by its name."),
]
PricesOption = Annotated[
    Path | None, typer.Option("--prices", help="TOML with prices of tokens, for what it costs.")
]
EffortOption = Annotated[
    str, typer.Option(help="fast (one model call a turn), balanced (two) or thorough (the full loop).")
]
SessionsOption = Annotated[
    str | None,
    typer.Option(
        envvar="TASTEMAKER_SESSIONS",
        show_envvar=True,
        help="postgresql:// URL to keep sessions there instead of in the workspace, or memory for nowhere.",
    ),
]
HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="Folder for sessions, traces and logs; the workspace is then only read."),
]
SessionOption = Annotated[str | None, typer.Option(help="Go on with an earlier session.")]
PersonOption = Annotated[
    str | None, typer.Option(help="An id of your choice: what this person likes is kept across sessions.")
]
TitlesOption = Annotated[list[str] | None, typer.Option(help="A title from the catalogue; may be repeated.")]
LogOption = Annotated[
    Path | None,
    typer.Option(
        "--log", help="Folder for what was shown and what became of it; in the workspace by default."
    ),
]
PrivateOption = Annotated[
    bool, typer.Option("--private", help="Keep no words in traces and logs, only what happened.")
]
ShareOption = Annotated[
    float,
    typer.Option(
        "--explore-share",
        help="Share of turns in which one item is drawn from the next ones, such as 0.05: the log can then "
        "judge other rankings (tastemaker eval replay).",
    ),
]
PoolOption = Annotated[
    int, typer.Option("--explore-pool", help="How many of the next ones take part in that draw.")
]
ItemsPerTurn = Annotated[int, typer.Option("-k", help="Items a turn.")]
EmbeddingOption = Annotated[
    str,
    typer.Option(
        help="Text embedding model: a name, a sentence-transformers folder, or OWNER/NAME on the hub;"
        " `hashing` needs none."
    ),
]

DialogueFormat = Annotated[str | None, typer.Option("--format", help=FILE_FORMATS)]
IdsOption = Annotated[
    Path | None, typer.Option(help="For --format ids: JSON of numbers and titles, or entity2id.json.")
]
BaselineOption = Annotated[str | None, typer.Option(help="Compare with this system; the first unless given.")]
LimitOption = Annotated[int | None, typer.Option(help="Ask only so many, drawn at random.")]
WorkersOption = Annotated[int, typer.Option(help="How many are asked at the same time.")]
RayOption = Annotated[
    str | None,
    typer.Option(help="Ask on a Ray cluster: its address, or local; --workers are its processes."),
]
OutOption = Annotated[
    Path | None, typer.Option(help="Folder for runs and reports; a stopped run goes on there.")
]
JsonFileOption = Annotated[Path | None, typer.Option("--json", help="Write all figures to this file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
SeedOption = Annotated[int, typer.Option(help="Of all that is drawn; equal seeds give equal results.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bars.")]
