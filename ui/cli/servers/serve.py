"""``tastemaker serve``: the recommender over HTTP."""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from tastemaker.ui.cli.console import say, write
from tastemaker.ui.cli.open_agent import open_agent
from tastemaker.ui.cli.options import (
    DEFAULT_LLM,
    DEFAULT_WORKSPACE,
    EffortOption,
    FallbackOption,
    HomeOption,
    LlmOption,
    LogOption,
    ModelSizeOption,
    PricesOption,
    PrivateOption,
    SessionsOption,
    WorkspaceOption,
)


def serve(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    llm: LlmOption = DEFAULT_LLM,
    fallback: FallbackOption = None,
    model_size: ModelSizeOption = None,
    prices: PricesOption = None,
    effort: EffortOption = "balanced",
    sessions: SessionsOption = None,
    home: HomeOption = None,
    private: PrivateOption = False,
    log: LogOption = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; beyond loopback a key or a token is asked for.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; the next free one is taken if it is in use.")] = 8000,
    keys: Annotated[
        Path | None, typer.Option(help='TOML of client = "key" lines: each client has its own conversations.')
    ] = None,
    cors: Annotated[
        list[str] | None,
        typer.Option(help="A site whose pages may call, such as https://shop.example; repeatable."),
    ] = None,
    name: Annotated[
        list[str] | None, typer.Option(help="A further host name that this is reached by; repeatable.")
    ] = None,
    root_path: Annotated[str, typer.Option(help="Where a proxy serves this, such as /taste.")] = "",
    turns: Annotated[int, typer.Option(help="Turns at the same time.", min=1)] = 8,
    waiting: Annotated[int, typer.Option(help="Turns that may wait; more are answered 503.", min=1)] = 64,
    turn_seconds: Annotated[
        float | None, typer.Option(help="Budget of a turn's waiting and model calls together.", min=0.1)
    ] = None,
    fast_at: Annotated[
        float, typer.Option(help="Share of waiting places taken from which turns go by fast.", min=0, max=1)
    ] = 0.1,
    rules_at: Annotated[
        float, typer.Option(help="The same for turns without the model; 1 for never.", min=0, max=1)
    ] = 0.5,
    json_logs: Annotated[
        bool, typer.Option("--json-logs", help="A line of JSON per request, turn and call, without words.")
    ] = False,
    page: Annotated[
        bool, typer.Option("--page/--no-page", help="The chat page too, where there are no keys.")
    ] = True,
    workers: Annotated[
        int,
        typer.Option(
            min=1,
            help="Processes that share the sessions; from 2 on without the page (how to have both: the guide).",
        ),
    ] = 1,
    no_auth: Annotated[
        bool, typer.Option("--no-auth", help="Beyond loopback, let in everybody without key or token.")
    ] = False,
) -> None:
    """Serve REST with events, OpenAI's chat protocol, MCP and the page; prints its URL first."""
    from tastemaker.retrieval.errors import ConfigError
    from tastemaker.ui.gate.admission import Admission
    from tastemaker.ui.server.observation import export_spans, log_json
    from tastemaker.ui.server.run import serve as run
    from tastemaker.ui.server.settings import ServerSettings, read_keys

    # The server finishes its turns and then gives the signal back; the agent is closed on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    known = read_keys(keys) if keys else {}
    settings = ServerSettings(
        known,
        tuple(cors or ()),
        root_path,
        turns,
        waiting,
        fast_at=fast_at,
        rules_at=rules_at,
        turn_seconds=turn_seconds,
        page=page and workers == 1,  # a page's tab lives in the process that it began in
    )
    admission = Admission.of(host, no_auth=no_auth or bool(known), names=name or (), origins=cors or ())
    agent: dict[str, Any] = {
        "workspace": workspace,
        "llm": llm,
        "effort": effort,
        "warm": True,
        "wait": False,
        "fallback": fallback or (),
        "model_size": model_size,
        "prices": prices,
        "sessions": sessions,
        "home": home,
        "private": private,
        "log": log,
    }
    if workers > 1:
        from tastemaker.ui.cli.servers.workers import Worker, serve_with_workers

        if sessions == "memory":
            raise ConfigError(
                f"--workers {workers} with --sessions memory: each process would have sessions of its own; "
                "give a postgresql:// URL, or leave --sessions out to keep them in the workspace"
            )
        with suppress(SystemExit):
            serve_with_workers(Worker(agent, admission, settings, json_logs), workers, host, port, write)
    else:
        export_spans()
        if json_logs:
            log_json()
        with suppress(SystemExit), open_agent(**agent) as tm:
            run(tm, admission, settings, host, port, write)
    say("stopped; conversations are kept")
