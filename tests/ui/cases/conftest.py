"""Somebody else's files in a folder, the command line that builds them, and a conversation by rules."""

import sys
from pathlib import Path

import pytest

from tastemaker.agent import Tastemaker
from tastemaker.ui.cli.main import main


class Shop:
    """A folder of files. Texts of CSV files may be given as rows."""

    def __init__(self, folder: Path, capsys, monkeypatch):
        self.folder, self._capsys, self._monkeypatch = folder, capsys, monkeypatch
        self._open = []

    def build(self, items, log="", toml="", *, names=("items.csv", "log.csv"), encoding="utf-8", more=()):
        """Run ``tastemaker build``; returns the status and what it printed."""
        words = ["build", "--items", self._write(names[0], items, encoding), "-w", self.folder / "ws", "-q"]
        if log:
            words += ["--interactions", self._write(names[1], log, encoding)]
        if toml:
            words += ["--overrides", self._write("columns.toml", toml, "utf-8")]
        words += ["--embedding", "hashing", "--recommender", "popularity", *more]
        self._monkeypatch.setattr(sys, "argv", ["tastemaker", *map(str, words)])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = end.code or 0
        out, err = self._capsys.readouterr()
        return status, out + err

    def open(self) -> Tastemaker:
        self._open.append(Tastemaker.open(self.folder / "ws", llm="rules"))
        return self._open[-1]

    def catalog(self):
        return self.open().resources.tool_context.catalog

    def ask(self, *messages, liked=()):
        """The last reply of a conversation."""
        session = self.open().session(liked=liked)
        return [session.send(message) for message in messages][-1]

    def shown(self, *messages, liked=()) -> set[str]:
        return {card.title for card in self.ask(*messages, liked=liked).items}

    def close(self):
        for one in self._open:
            one.close()

    def _write(self, name, text, encoding) -> Path:
        path = self.folder / name
        path.write_bytes(text.encode(encoding))
        return path


@pytest.fixture
def shop(tmp_path, capsys, monkeypatch):
    opened = Shop(tmp_path, capsys, monkeypatch)
    yield opened
    opened.close()


def log_of(ids, users=6, head="user_id,item_id,timestamp", row="u{u},{i},{t}"):
    """A log in which every user took three or so items, one after the other."""
    rows = [
        row.format(u=u, i=ids[(u + step) % len(ids)], t=1_600_000_000 + 1000 * u + step)
        for u in range(users)
        for step in range(min(3, len(ids)))
    ]
    return "\n".join((head, *rows)) + "\n"


@pytest.fixture
def taken():
    return log_of
