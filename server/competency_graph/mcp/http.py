"""Answers one HTTP request of a client (MCP, transports: Streamable HTTP).

Each request is answered by itself, in JSON and without a session, so that it needs no more than the
thread that waits for it. The SDK checks versions and headers; it is an ASGI application, and gets
an event loop for the time of the request.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import anyio
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from competency_graph.errors import RefusedError
from competency_graph.mcp.served import Client
from competency_graph.mcp.server import server_for

_LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


class HttpAnswer(NamedTuple):
    """An answer.

    Args:
        status: its status code.
        headers: its header fields.
        body: its content.
    """

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def check_origin(origin: str) -> None:
    """Refuse a request that the page of another site has sent.

    Such a page may reach a server on its reader's computer, also under the page's own name by DNS
    rebinding; pages of this computer, such as the MCP inspector's, may send requests.

    Args:
        origin: the header field Origin; "" if there is none, as from programs.

    Raises:
        RefusedError: the origin is another site.
    """
    try:
        host = urlsplit(origin).hostname if origin else "localhost"
    except ValueError:
        host = None
    if host not in _LOCAL_HOSTS:
        raise RefusedError(
            "pages of other sites cannot use this service for assistants",
            "Connect with an MCP client that runs on your computer or on a server",
        )


def answer(client: Client, headers: Iterable[tuple[str, str]], body: bytes) -> HttpAnswer:
    """Answer a POST request.

    Args:
        client: who sends it.
        headers: its header fields.
        body: its content, a JSON-RPC message.
    """
    status, sent, content = 500, [], bytearray()
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/mcp",
        "query_string": b"",
        "headers": [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401  (an ASGI message)
        nonlocal status, sent
        if message["type"] == "http.response.start":
            status = message["status"]
            sent = [(k.decode("latin-1"), v.decode("latin-1")) for k, v in message["headers"]]
        else:
            content.extend(message.get("body", b""))

    async def exchange() -> None:
        manager = StreamableHTTPSessionManager(
            server_for(client, 1),
            json_response=True,
            stateless=True,
            max_request_body_size=len(body) + 1,
        )
        async with manager.run():
            await manager.handle_request(scope, receive, send)

    anyio.run(exchange)
    return HttpAnswer(status, sent, bytes(content))
