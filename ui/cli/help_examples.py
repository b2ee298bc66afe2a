"""Two examples for the help of each command; a test reads every one of them with the command's own parser."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

EXAMPLES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "init": (
            "tastemaker init --items items.csv --interactions log.csv -w shop",
            "tastemaker init --items items.csv -w shop --yes",
        ),
        "build": (
            "tastemaker build --data ml-100k -w workspaces/ml-100k",
            "tastemaker build --items films.csv --interactions ratings.csv -w films",
        ),
        "search": (
            "tastemaker search 'a heist that goes wrong' --where 'from the nineties'",
            "tastemaker search --like 'Heat (1995)' --where 'year at least 1990 and not genres is Horror' --json",
        ),
        "recommend": (
            "tastemaker recommend --liked 'Heat (1995)' -m 'something tense, no horror'",
            "tastemaker recommend --all -k 20 --out recs.parquet",
        ),
        "chat": ("tastemaker chat", "tastemaker chat --llm local --person anna"),
        "web": (
            "tastemaker web --data ml-100k",
            "tastemaker web -w films --llm openai:gpt-4.1-mini --port 8080",
        ),
        "serve": (
            "tastemaker serve -w films --port 8000",
            "tastemaker serve -w films --keys keys.toml --cors https://shop.example --root-path /taste",
        ),
        "mcp": ("tastemaker mcp -w films", "tastemaker mcp -w films --http 8100"),
        "train": (
            "tastemaker train --list",
            "tastemaker train --model hstu -w films --set training.epochs=20",
        ),
        "learn": ("tastemaker learn talks.jsonl -w films", "tastemaker learn --feedback --continue -w films"),
        "enrich": (
            "tastemaker enrich -w films --llm local --workers 2",
            "tastemaker enrich -w films --llm openai:gpt-4.1-mini",
        ),
        "calibrate": (
            "tastemaker calibrate --llm local --requests requests.jsonl -w films",
            "tastemaker calibrate --llm openai:gpt-4.1-mini --requests requests.jsonl -w films",
        ),
        "person": ("tastemaker person anna", "tastemaker person anna --erase"),
        "prune": ("tastemaker prune -w films --days 90", "tastemaker prune -w films --megabytes 500"),
        "doctor": ("tastemaker doctor", "tastemaker doctor -w films --llm rules"),
    }
)


def epilog(name: str) -> str:
    """The end of a command's help."""
    return "\n".join(("\b", "Examples:", *(f"  {line}" for line in EXAMPLES[name])))
