"""The session store on a real PostgreSQL, started here from Debian's packages."""

import os
import pwd
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from tastemaker.agent import Tastemaker
from tastemaker.agent.memory.session_store import PostgresSessions
from tastemaker.retrieval.errors import SessionBusy, WorkspaceError

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres")) or [
    Path(found) for found in [shutil.which("postgres")] if found
]

pytestmark = [
    pytest.mark.wire,
    pytest.mark.skipif(not BINARIES, reason="no PostgreSQL here: apt-get install postgresql"),
]


def _unprivileged(folder):
    """PostgreSQL refuses to run as root; Debian's package brings a user for it."""
    if os.getuid() != 0:
        return {}
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        user = pwd.getpwnam("nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid}


@pytest.fixture(scope="module")
def database():
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="pg"))  # pytest's own folders are closed to other users
    as_user = _unprivileged(folder)
    binaries = BINARIES[-1].parent
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT, "cwd": folder}
    create = [binaries / "initdb", "-D", folder / "data", "-U", "tester", "--auth=trust", "--no-sync"]
    subprocess.run(create, **quiet, **as_user)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = [binaries / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log"]
    subprocess.run([*control, "-o", options, "start"], **quiet, **as_user)
    yield f"postgresql://tester:secret@127.0.0.1:{port}/postgres"
    subprocess.run([*control, "-m", "immediate", "stop"], **quiet, **as_user)
    shutil.rmtree(folder)


def test_a_session_lives_on_in_another_agent(film_workspace, database):
    with Tastemaker(film_workspace, sessions=database) as tm:
        session = tm.session(person="anna", liked=["Harbour Lights (1994)"])
        session.send("no horror")
        session.send("undo")
    with Tastemaker(film_workspace, sessions=database) as tm:
        again = tm.session(session.id)
        assert len(again.messages) == 4
        assert again.profile.likes == ("1",)
        assert again.redo().constraints
        assert tm.session(person="anna").profile.likes == ("1",)
        tm.person("anna").erase()
        assert tm.session(person="anna").profile.likes == ()


def test_two_stores_exclude_each_other_by_session(database):
    one, two = PostgresSessions(database), PostgresSessions(database)
    with one.lock("a"):
        with pytest.raises(SessionBusy), two.lock("a", 0.1):
            pass
        with two.lock("b", 0.1):
            pass
    with two.lock("a", 0.1):
        pass
    one.close()
    two.close()


def test_more_turns_at_once_than_connections(film_workspace, database):
    from concurrent.futures import ThreadPoolExecutor

    with Tastemaker(film_workspace, sessions=database) as tm, ThreadPoolExecutor(24) as pool:
        replies = list(pool.map(lambda _: tm.session().send("a thriller", k=1), range(24)))
    assert len({reply.session for reply in replies}) == 24


def test_a_database_that_is_away_is_a_clear_error_without_the_password(database, monkeypatch):
    monkeypatch.setattr("tastemaker.agent.memory.session_store.CONNECT_SECONDS", 0.5)
    with pytest.raises(WorkspaceError, match="is the database running") as raised:
        PostgresSessions("postgresql://tester:secret@127.0.0.1:9/postgres")
    assert "secret" not in str(raised.value)
