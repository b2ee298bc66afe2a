"""The server as a Ray Serve deployment: ``cd examples; serve run ray_serve:app``, or by itself to see one answer.

Replicas share sessions, so any of them may answer any turn: name a database in ``TASTEMAKER_SESSIONS`` where they run
on several machines, and the workspace, at the same path on each, in ``TASTEMAKER_WORKSPACE``.
"""

import os
import tempfile
from pathlib import Path

import httpx
from ray import serve
from small_shop import small_shop

from tastemaker.agent import Tastemaker
from tastemaker.ui.gate.admission import Admission
from tastemaker.ui.server.application import application
from tastemaker.ui.server.settings import ServerSettings


def shop():
    """The application of one replica."""
    tm = Tastemaker.open(os.environ["TASTEMAKER_WORKSPACE"], sessions=os.environ.get("TASTEMAKER_SESSIONS"))
    return application(tm, Admission.of("127.0.0.1"), ServerSettings(page=False))


@serve.deployment(num_replicas=int(os.environ.get("REPLICAS", "1")), ray_actor_options={"num_cpus": 1})
@serve.ingress(shop)
class Shop:
    """Ray Serve routes requests to the application; there is nothing to add."""


app = Shop.bind()

if __name__ == "__main__":
    os.environ.setdefault("TASTEMAKER_WORKSPACE", str(small_shop(Path(tempfile.mkdtemp())).path))
    serve.run(app, route_prefix="/")
    answer = httpx.post(
        "http://127.0.0.1:8000/v1/recommend", json={"message": "a stove under 60", "k": 2}, timeout=60
    )
    print([item["title"] for item in answer.json()["items"]])
    serve.shutdown()
