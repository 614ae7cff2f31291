"""What limits a client."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """The limits on clients.

    Args:
        body: bytes of the body of a request.
        buffered: bytes of all responses that wait for slow clients.
        per_client: connections of one address.
        connections: connections in all.
        head: bytes of the head of a request.
        idle_seconds: how long a client may neither send nor read.
        linger_seconds: how long a rejected client may continue to send.
        linger_bytes: how much a rejected client may continue to send.
        trusted_proxy: the address of a reverse proxy whose X-Forwarded-For header is trusted.
    """

    body: int
    buffered: int
    per_client: int = 512
    connections: int = 2_000
    head: int = 256 * 1024
    idle_seconds: float = 30.0
    linger_seconds: float = 30.0
    linger_bytes: int = 256 * 1024**2
    trusted_proxy: str | None = None
