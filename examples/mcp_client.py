"""A client of the Model Context Protocol: ``python examples/mcp_client.py``

It talks with a server in this process; against `tastemaker serve` give the address of its /mcp instead.
"""

import asyncio
import tempfile
from pathlib import Path

from mcp import Client
from small_shop import small_shop

from tastemaker.agent import Tastemaker
from tastemaker.agent.mcp_server import mcp_server


async def talk(server):
    async with Client(server) as client:
        print("tools:", ", ".join(tool.name for tool in (await client.list_tools()).tools))
        told = await client.call_tool("recommend", {"message": "something to cook on", "k": 2})
        for item in told.structured_content["items"]:
            print(item["title"], "-", item["reason"])


with Tastemaker(small_shop(Path(tempfile.mkdtemp()))) as tm:
    asyncio.run(talk(mcp_server(tm)))
