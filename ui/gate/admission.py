"""Who may come in: names that a server answers to, origins that may call it, and the token that is asked for."""

from __future__ import annotations

import hmac
import ipaddress
import os
import re
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from tastemaker.retrieval.errors import ConfigError

TOKEN_VARIABLE = "TASTEMAKER_TOKEN"  # noqa: S105 - the name of a variable, not a secret
SHORTEST_TOKEN = 16
TOKEN_BYTES = 24


@dataclass(frozen=True)
class Admission:
    """Who may come in.

    A page on another site can have its name point at this machine (DNS rebinding); its browser then sends that
    name as ``Host``. So a server answers to names it was told, and to addresses that no name server can give out.

    Attributes:
        names: host names that are answered to, lower case.
        loopback_only: whether of all addresses only loopback's are answered to.
        token: what a caller must show; "" where nobody needs to.
        origins: other sites, such as ``https://shop.example``, whose pages may call.
    """

    names: frozenset[str]
    loopback_only: bool = True
    token: str = ""
    origins: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        host: str,
        *,
        no_auth: bool = False,
        token: str | None = None,
        names: Sequence[str] = (),
        origins: Sequence[str] = (),
    ) -> Self:
        """Who may come in to a server that listens on ``host``.

        On loopback nobody needs a token, elsewhere everybody does unless ``no_auth`` says so outright.

        Args:
            host: address or name that is listened on.
            no_auth: let everybody in who can reach the address.
            token: what callers must show; :data:`TOKEN_VARIABLE` or a new one unless given.
            names: further names that the server is reached by, such as behind a proxy.
            origins: other sites whose pages may call it.

        Raises:
            ConfigError: a token that is too short or cannot be sent, or one together with ``no_auth``.
        """
        local = is_loopback(host)
        given = token if token is not None else os.environ.get(TOKEN_VARIABLE, "")
        if given and no_auth:
            raise ConfigError("--no-auth and a token were given; leave one of them out")
        if given and (len(given) < SHORTEST_TOKEN or not re.fullmatch(r"[\w.~-]+", given, re.ASCII)):
            raise ConfigError(
                f"a token of {len(given)} characters; give at least {SHORTEST_TOKEN} letters, digits, '-', '_',"
                f" '.' or '~', such as {secrets.token_urlsafe(TOKEN_BYTES)}"
            )
        needed = not (local or no_auth)
        known = {*names, host, "localhost", *(() if local else (socket.gethostname(),))}
        return cls(
            frozenset(name.casefold() for name in known),
            local,
            given or (secrets.token_urlsafe(TOKEN_BYTES) if needed else ""),
            frozenset(origin.casefold().rstrip("/") for origin in origins),
        )

    def answers_to(self, host: str) -> bool:
        """Whether a request with this ``Host`` header is meant for this server.

        >>> local = Admission.of("127.0.0.1")
        >>> [local.answers_to(name) for name in ("localhost:7860", "[::1]:7860", "evil.example", "")]
        [True, True, False, False]
        """
        name = _name_of(host)
        if name in self.names:
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        return address.is_loopback or not self.loopback_only

    def welcomes(self, origin: str, host: str) -> bool:
        """Whether a page of this ``Origin`` may call a server that was reached as ``host``.

        >>> local = Admission.of("127.0.0.1")
        >>> local.welcomes("http://127.0.0.1:7860", "127.0.0.1:7860"), local.welcomes("null", "127.0.0.1:7860")
        (True, False)
        """
        scheme, _, rest = origin.casefold().partition("://")
        return origin.casefold() in self.origins or (scheme in ("http", "https") and rest == host.casefold())

    def knows(self, shown: str) -> bool:
        """Whether what a caller shows is the token, in a time that tells nothing of it."""
        return not self.token or hmac.compare_digest(shown.encode(errors="replace"), self.token.encode())


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def _name_of(host: str) -> str:
    """A ``Host`` header without its port, as names are compared; "" for what is none."""
    found = re.fullmatch(r"(\[[0-9a-f:.]+\]|[^\s:/@\[\]]+)(:\d{1,5})?", host.strip().casefold())
    return found[1].strip("[]").rstrip(".") if found else ""
