"""``/mcp``: the dictionary for assistants, by the Model Context Protocol (Streamable HTTP)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import MethodNotAllowed

from competency_graph.errors import UnavailableError

if TYPE_CHECKING:
    from competency_graph.mcp.served import Served

blueprint = Blueprint("mcp", __name__)
_ALLOWED_HEADERS: Final = (
    "Accept, Content-Type, MCP-Protocol-Version, Mcp-Method, Mcp-Name, X-Request-ID"
)


@blueprint.route("/mcp", methods=["GET", "DELETE", "PUT", "PATCH"])
def refuse() -> Response:
    """Refuse to open a stream of messages or to end a session, as MCP allows."""
    raise MethodNotAllowed(
        ["POST"], "this is for MCP clients, which send each message by POST, without a session"
    )


@blueprint.post("/mcp")
def exchange() -> Response:
    """Answer one message of a client.

    Raises:
        RefusedError: the page of another site has sent it.
        UnavailableError: the library of the protocol is not installed.
    """
    try:
        from competency_graph.mcp.http import answer, check_origin
        from competency_graph.mcp.served import Client
    except ImportError as error:
        raise UnavailableError(
            f"this service has no library of the Model Context Protocol ({error.name})",
            "Its operators install it with pip install 'competency-graph[mcp]'",
        ) from None
    check_origin(request.headers.get("Origin", ""))
    client = Client(_served(), request.remote_addr or "")
    found = answer(client, request.headers.items(), request.get_data(cache=False))
    response = Response(found.body, found.status)
    response.headers.update(found.headers)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.after_request
def allow_headers(response: Response) -> Response:
    """Say what pages of this computer may send."""
    if request.method == "OPTIONS":
        response.headers["Allow"] = "POST, OPTIONS"
        response.headers["Access-Control-Allow-Methods"] = "POST"
        response.headers["Access-Control-Allow-Headers"] = _ALLOWED_HEADERS
    return response


def _served() -> Served:
    """What assistants are served: the same as on the pages."""
    from competency_graph.mcp.served import Served

    known = current_app.extensions
    return Served(
        known["backend"],
        known["scheduler"],
        known["search"],
        known["kept"],
        known["graphs"],
        known["catalogue"],
    )
