"""Commands that serve: the page, HTTP, MCP."""
