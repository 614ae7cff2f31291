"""An assistant: the SDK's own client, called by tests without async."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp.types import CallToolResult

from mcp import Client


class Assistant:
    """A connected client."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self._portal, self.client = portal, client

    def ask(self, method: str, *arguments: Any) -> Any:
        """What a method of the SDK's client returns."""
        return self._portal.call(getattr(self.client, method), *arguments)

    def start(self, tool: str, **arguments: Any) -> Future[CallToolResult]:
        """Call a tool, without waiting for its result."""
        return self._portal.start_task_soon(self.client.call_tool, tool, arguments)

    def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The result of a tool, which the client has compared with its schema."""
        result = self.ask("call_tool", tool, arguments)
        assert not result.is_error, result.content
        assert json.loads(result.content[0].text) == result.structured_content
        return result.structured_content

    def error(self, tool: str, **arguments: Any) -> str:
        """The text of the error of a tool."""
        result = self.ask("call_tool", tool, arguments)
        assert result.is_error, result.structured_content
        assert result.structured_content is None
        assert "Traceback" not in result.content[0].text
        return result.content[0].text

    def read(self, address: str) -> str:
        """The text of a resource."""
        return self.ask("read_resource", address).contents[0].text


@contextlib.contextmanager
def connected(target: Any, **options: Any) -> Iterator[Assistant]:
    """A client that is connected to an address or a transport."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(target, **options)) as client,
    ):
        yield Assistant(portal, client)
