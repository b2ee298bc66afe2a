"""Our tools in somebody's LangChain agent: ``python examples/langchain_agent.py``

A scripted model stands in for a real one, so that this runs anywhere; put yours in its place.
"""

import tempfile
from pathlib import Path

from langchain.agents import create_agent
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from small_shop import small_shop

from tastemaker.agent import Tastemaker


class ScriptedModel(GenericFakeChatModel):
    def bind_tools(self, tools, **_):
        print("tools:", ", ".join(tool.name for tool in tools))
        return self


call = {"name": "search", "args": {"where": "price < 30 and kind is light"}, "id": "1"}
model = ScriptedModel(messages=iter([AIMessage("", tool_calls=[call]), AIMessage("Take the lantern.")]))
with Tastemaker(small_shop(Path(tempfile.mkdtemp()))) as tm:
    agent = create_agent(model, tm.tools())
    done = agent.invoke({"messages": [("user", "a cheap light, please")]})
for message in done["messages"]:
    print(f"{message.type}: {str(message.content)[:400]}")
