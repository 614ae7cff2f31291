"""The socket that clients connect to."""

from __future__ import annotations

import socket

from competency_graph.errors import UnavailableError


def listen(host: str, port: int) -> socket.socket:
    """Open a listening socket.

    Raises:
        UnavailableError: the address is not available, for example because the port is in use.
    """
    try:
        family, type_, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, type_, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(1024)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise UnavailableError(
            f"cannot listen on this address ({error.strerror})",
            "Choose another port with --port, or any free one with --port 0",
            f"{host}:{port}",
        ) from None
    return listener
