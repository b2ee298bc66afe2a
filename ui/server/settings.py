"""How a server is set up."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.server.turn_slots import Load

SHORTEST_KEY = 16
CLIENT = re.compile(r"[a-z0-9][a-z0-9-]{0,15}")


@dataclass(frozen=True)
class ServerSettings:
    """What a server allows.

    Attributes:
        keys: key -> the client it was given to; without any, nobody is asked for one.
        origins: sites whose pages may call, such as ``https://shop.example``.
        root_path: where a proxy serves this, such as ``/taste``; "" for the top.
        turns_at_once: turns that run at the same time.
        waiting: turns that may wait for their start; more are turned away.
        wait_seconds: how long one waits before it is turned away.
        rules_at_once, fast_at, rules_at, patience, turn_seconds: as of
            :class:`~tastemaker.ui.server.turn_slots.Load`.
        per_second, burst: requests of one address.
        page: whether the chat page is served as well.
    """

    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    origins: tuple[str, ...] = ()
    root_path: str = ""
    turns_at_once: int = 8
    waiting: int = 64
    wait_seconds: float = 10.0
    rules_at_once: int = 2
    fast_at: float = 0.1
    rules_at: float = 0.5
    patience: float = 3.0
    turn_seconds: float | None = None
    per_second: float = 100.0
    burst: int = 1000
    page: bool = True

    def load(self, *, has_model: bool) -> Load:
        """How many turns are taken, by an agent with or without a model."""
        return Load(
            self.turns_at_once,
            self.waiting,
            self.wait_seconds,
            has_model,
            self.rules_at_once,
            self.fast_at,
            self.rules_at,
            self.patience,
            self.turn_seconds,
        )

    def __post_init__(self) -> None:
        if not 0 <= self.fast_at <= self.rules_at:
            raise ConfigError(
                f"turns go by fast at {self.fast_at} and by rules at {self.rules_at} of the waiting places; "
                "give shares from 0 on, the second at least the first"
            )
        if self.root_path and not re.fullmatch(r"(/[\w.~-]+)+", self.root_path):
            raise ConfigError(f"root path {self.root_path!r}; write it as /taste, without a slash at its end")
        for origin in self.origins:
            if not re.fullmatch(r"https?://[^/\s*]+", origin):
                raise ConfigError(
                    f"origin {origin!r}; write scheme and host alone, such as https://shop.example"
                )


def read_keys(file: Path) -> dict[str, str]:
    """Key -> client, from a TOML file of ``client = "key"`` lines.

    Raises:
        ConfigError: the file is not readable, a name is not short and plain, or a key is too short or given twice.
    """
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(
            f'cannot read {file} ({error}); write lines such as shop = "a-long-random-key"'
        ) from error
    keys: dict[str, str] = {}
    for client, key in said.items():
        if not CLIENT.fullmatch(client):
            raise ConfigError(f"{file}: client {client!r}; use up to 16 small letters, digits and '-'")
        if not isinstance(key, str) or len(key) < SHORTEST_KEY:
            raise ConfigError(
                f"{file}: the key of {client} has to be a text of at least {SHORTEST_KEY} characters"
            )
        if key in keys:
            raise ConfigError(f"{file}: {client} and {keys[key]} have the same key; give each its own")
        keys[key] = client
    if not keys:
        raise ConfigError(f'{file} holds no key; write lines such as shop = "a-long-random-key"')
    return keys
