"""Keys of model providers: which goes to which server, and none of them into what is written down."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from urllib.parse import urlsplit

from tastemaker.retrieval.errors import ConfigError

KEY_VARIABLE = "TASTEMAKER_API_KEY_ENV"
"""Environment variable: names of variables that hold keys, as ``NAME`` or ``HOST=NAME``, separated by commas."""

NO_KEY = "none"
"""What a server is sent that no key belongs to: clients of the protocol send something in any case."""

PROVIDERS: Mapping[str, str] = MappingProxyType(
    {
        "api.openai.com": "OPENAI_API_KEY",
        "api.deepseek.com": "DEEPSEEK_API_KEY",
        "api.groq.com": "GROQ_API_KEY",
        "api.mistral.ai": "MISTRAL_API_KEY",
        "api.together.xyz": "TOGETHER_API_KEY",
        "api.x.ai": "XAI_API_KEY",
        "openrouter.ai": "OPENROUTER_API_KEY",
    }
)
"""Host -> the variable that its users keep its key in."""

SECRET_NAME = re.compile(r"(^|_)(API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD)($|_)", re.IGNORECASE)
SHORTEST_SECRET = 8
"""Shorter values are words such as ``none``, and blotting those out would spoil texts."""

KEY_SHAPE = re.compile(r"\b(sk|pk|gsk|xai|key|Bearer)[-_ ][A-Za-z0-9*_-]{6,}")
BLOT = "[key]"


def key_for(url: str) -> str:
    """The key to send to a server: its provider's, over https only, or the one that was named for it.

    Raises:
        ConfigError: a variable was named that is not set.
    """
    host = urlsplit(url).hostname or ""
    named = _named(host)
    if named is not None:
        value = os.environ.get(named)
        if not value:
            raise ConfigError(f"the key for {host} is to come from {named}, which is not set; set it")
        return value
    if urlsplit(url).scheme != "https" or host not in PROVIDERS:
        return NO_KEY
    return os.environ.get(PROVIDERS[host]) or NO_KEY


def redact(text: str) -> str:
    """A text with every secret of this process's environment blotted out, and what looks like a key.

    >>> redact("denied: Bearer abc123456")
    'denied: [key]'
    """
    return KEY_SHAPE.sub(BLOT, redact_values(text))


def redact_values(text: str) -> str:
    """A text, or JSON, with every secret of this process's environment blotted out, and nothing else changed."""
    for secret in _secrets():
        text = text.replace(secret, BLOT).replace(json.dumps(secret, ensure_ascii=False)[1:-1], BLOT)
    return text


def _named(host: str) -> str | None:
    for one in filter(None, map(str.strip, os.environ.get(KEY_VARIABLE, "").split(","))):
        whose, _, name = one.rpartition("=")
        if whose in ("", host):
            return name
    return None


@cache
def _names_secret(name: str) -> bool:
    return name != KEY_VARIABLE and SECRET_NAME.search(name) is not None


def _secrets() -> list[str]:
    """Values of the environment that are secret, the longest first."""
    named = {
        os.environ.get(one.rpartition("=")[2], "") for one in os.environ.get(KEY_VARIABLE, "").split(",")
    }
    found = {value for name, value in os.environ.items() if _names_secret(name)}
    return sorted((s for s in found | named if len(s) >= SHORTEST_SECRET), key=len, reverse=True)
