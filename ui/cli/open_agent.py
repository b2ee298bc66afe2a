"""The agent that a command talks with."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tastemaker.ui.cli.console import working

if TYPE_CHECKING:
    from tastemaker.agent import Tastemaker


def open_agent(
    workspace: Path,
    llm: str,
    effort: str,
    *,
    warm: bool = False,
    fallback: Sequence[str] = (),
    prices: Path | None = None,
    sessions: str | None = None,
    log: Path | None = None,
    model_size: str | None = None,
    explore: tuple[float, int] = (0.0, 20),
    private: bool = False,
    home: Path | None = None,
    wait: bool = True,
) -> Tastemaker:
    """Open an agent as a command's options say, and warm its model up if somebody is about to talk with it.

    Without ``wait`` neither the embedded model's start nor the warming up keeps anybody waiting: rules answer until
    it is there.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from tastemaker.agent import Tastemaker
    from tastemaker.agent.llm.limits import read_prices

    # One person's query is too small for two threads, and two starve beside the language model. PyTorch reads this
    # when it is imported, which takes seconds and happens only where something needs it.
    os.environ.setdefault("MKL_NUM_THREADS", "1")
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
    priced = read_prices(prices) if prices else {}
    tm = Tastemaker.open(
        workspace,
        llm=llm,
        effort=effort,
        fallback=fallback,
        prices=priced,
        sessions=sessions,
        log=log,
        explore_share=explore[0],
        explore_pool=explore[1],
        model_size=model_size,
        private=private,
        home=home,
        wait=wait,
    )
    if warm and not wait:
        threading.Thread(target=_warm_up_aside, args=(tm,), name="warm up", daemon=True).start()
    elif warm:
        with working(f"warming up {llm}"):
            tm.warm_up()
    return tm


def _warm_up_aside(tm: Tastemaker) -> None:
    from tastemaker.agent.llm.restarted import restarted_models
    from tastemaker.retrieval.errors import TastemakerError

    for model in restarted_models(tm.model):
        model.wait()
    with suppress(TastemakerError):  # whoever asks it next is told why
        tm.warm_up()
