"""Serve the chat page: on loopback unless told otherwise, without any call to another host."""

from __future__ import annotations

import errno
import os
import socket
import sys

import gradio as gr
import typer

from tastemaker.agent import Tastemaker
from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.web.assets import style
from tastemaker.ui.web.page import build_page
from tastemaker.ui.web.theme import theme

__all__ = ["DEFAULT_HOST", "DEFAULT_PORT", "build_page", "launch", "serve"]

DEFAULT_HOST = "127.0.0.1"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
DEFAULT_PORT = 7860
PORTS_TRIED = 100
TURNS_AT_ONCE = 8


def serve(
    tm: Tastemaker, host: str = DEFAULT_HOST, port: int = DEFAULT_PORT, person: str | None = None
) -> None:
    """Serve the page until interrupted; prints its URL once it answers.

    Args:
        tm: what answers. Closing it is the caller's.
        host: address to listen on; another than loopback lets others in.
        port: the first port to try; the next free one is taken where it is in use.
        person: whose page it is: each tab begins with what is known of them. On loopback only.

    Raises:
        ConfigError: no such port or address, no free port near it, or one person's page for others to reach.
        QueryError: a malformed person id.
    """
    page, url = launch(tm, host, port, person)
    typer.echo(url)
    page.block_thread()


def launch(
    tm: Tastemaker, host: str = DEFAULT_HOST, port: int = DEFAULT_PORT, person: str | None = None
) -> tuple[gr.Blocks, str]:
    """Start the page in the background: the page (``close()`` ends it) and its URL. Raises as :func:`serve`."""
    if person and host not in LOOPBACK:
        raise ConfigError(
            f"the page of {person!r} on {host}: whoever opened it would be this person; serve it on {DEFAULT_HOST},"
            " or leave --person out"
        )
    # After every event Gradio sums up all events so far with pandas, for a page that is off here: do not.
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(sys.maxsize))
    page = build_page(tm, person)
    page.queue(default_concurrency_limit=TURNS_AT_ONCE, api_open=False)
    _, url, _ = page.launch(
        server_name=host,
        server_port=free_port(host, port),
        theme=theme(),
        css=style(),
        footer_links=[],
        share=False,
        inbrowser=False,
        quiet=True,
        show_error=False,
        prevent_thread_lock=True,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        run_history=False,
    )
    return page, url


def free_port(host: str, first: int) -> int:
    """The first port from ``first`` on that can be listened on.

    Raises:
        ConfigError: a port out of range, an address that is not this machine's, or nothing free.
    """
    if not 1 <= first <= 65535:
        raise ConfigError(f"port {first} is none; use 1 to 65535")
    for port in range(first, min(first + PORTS_TRIED, 65536)):
        if _is_free(host, port):
            return port
    raise ConfigError(f"no free port on {host} from {first} to {port}; choose another --port")


def _is_free(host: str, port: int) -> bool:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise ConfigError(
            f"no address {host!r} ({error.strerror}); use 127.0.0.1, or 0.0.0.0 to let others in"
        ) from None
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except PermissionError:
            raise ConfigError(f"port {port} needs privileges; choose one from 1024 on") from None
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise ConfigError(
                    f"{host} is no address of this machine; use 127.0.0.1, or 0.0.0.0 to let others in"
                ) from None
            return False
    return True
