"""A socket to listen on: bound at once, so that nobody takes the port in between."""

from __future__ import annotations

import errno
import socket

from tastemaker.retrieval.errors import ConfigError

PORTS_TRIED = 100


def listen(host: str, first: int) -> socket.socket:
    """A socket bound to the first port from ``first`` on that is free.

    Raises:
        ConfigError: a port out of range, an address that is not this machine's, or nothing free.
    """
    if not 1 <= first <= 65535:
        raise ConfigError(f"port {first} is none; use 1 to 65535")
    last = min(first + PORTS_TRIED, 65536)
    for port in range(first, last):
        bound = _bind(host, port)
        if bound is not None:
            return bound
    raise ConfigError(f"no free port on {host} from {first} to {last - 1}; choose another --port")


def url_of(host: str, port: int) -> str:
    """The address to open in a browser.

    >>> url_of("0.0.0.0", 80), url_of("::1", 7860)
    ('http://localhost:80/', 'http://[::1]:7860/')
    """
    shown = "localhost" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host  # noqa: S104
    return f"http://{shown}:{port}/"


def _bind(host: str, port: int) -> socket.socket | None:
    """A bound socket; None where the port is taken."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError) as error:
        raise ConfigError(
            f"no address {host!r} ({getattr(error, 'strerror', None) or 'malformed'}); use 127.0.0.1, or"
            " 0.0.0.0 to let others in"
        ) from None
    bound = socket.socket(family, kind)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(socket.SOMAXCONN)
    except PermissionError:
        bound.close()
        raise ConfigError(f"port {port} needs privileges; choose one from 1024 on") from None
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise ConfigError(
                f"{host} is no address of this machine; use 127.0.0.1, or 0.0.0.0 to let others in"
            ) from None
        return None
    bound.set_inheritable(False)
    return bound
