"""OpenAI's own client against `tastemaker serve`, streaming: ``python examples/openai_client.py``"""

import tempfile
from pathlib import Path

from openai import OpenAI
from small_shop import small_shop

from tastemaker.agent import Tastemaker
from tastemaker.ui.gate.admission import Admission
from tastemaker.ui.gate.listener import listen
from tastemaker.ui.gate.running_server import RunningServer
from tastemaker.ui.server.application import application
from tastemaker.ui.server.settings import ServerSettings

listener = listen("127.0.0.1", 8500)
address = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
with (
    Tastemaker(small_shop(Path(tempfile.mkdtemp()))) as tm,
    RunningServer(application(tm, Admission.of("127.0.0.1"), ServerSettings(page=False)), listener),
    OpenAI(base_url=address, api_key="none") as client,
):
    talk = [{"role": "user", "content": "something warm for the night, no wool"}]
    for chunk in client.chat.completions.create(model="tastemaker", messages=talk, stream=True):
        print(chunk.choices[0].delta.content or "", end="")
    print()
