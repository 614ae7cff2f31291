"""What is on its way to a client: a little in memory, the rest in an unnamed file."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from typing import Final

_HIGH_WATER_BYTES: Final = 256 * 1024
"""How much is handed to the transport before its client takes some."""
_MEMORY_BYTES: Final = 1024 * 1024
"""How much more waits in memory rather than in a file."""
_PIECE_BYTES: Final = 128 * 1024


class Outgoing:
    """Writes to a client at the speed at which it reads, without making anyone wait.

    Args:
        transport: of its connection.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._waiting: tempfile.SpooledTemporaryFile[bytes] | None = None
        self._written = self._taken = 0
        self._paused = False
        self._finish: Callable[[], object] | None = None
        transport.set_write_buffer_limits(high=_HIGH_WATER_BYTES)

    def __len__(self) -> int:
        """The bytes that the client has not taken."""
        return self._written - self._taken + self._transport.get_write_buffer_size()

    def write(self, data: bytes) -> None:
        """Send some bytes after all that was written before."""
        if self._waiting is None:
            if not self._paused:
                self._transport.write(data)
                return
            self._waiting = tempfile.SpooledTemporaryFile(_MEMORY_BYTES)  # noqa: SIM115
        self._waiting.seek(self._written)
        self._waiting.write(data)
        self._written += len(data)

    def pause(self) -> None:
        """Write nothing to the transport, as the client does not read."""
        self._paused = True

    def resume(self) -> None:
        """Write what waits."""
        self._paused = False
        while self._waiting is not None and not self._paused:
            self._waiting.seek(self._taken)
            piece = self._waiting.read(_PIECE_BYTES)
            self._taken += len(piece)
            self._transport.write(piece)
            if self._taken == self._written:
                self.discard()
                if self._finish is not None:
                    self._finish()

    def close(self) -> None:
        """Close the connection once everything is sent."""
        self._afterwards(self._transport.close)

    def end(self) -> None:
        """Send no more, but let the client send, once everything is sent."""
        self._afterwards(self._transport.write_eof)

    def _afterwards(self, finish: Callable[[], object]) -> None:
        if self._waiting is None:
            finish()
        else:
            self._finish = finish

    def discard(self) -> None:
        """Drop what waits."""
        if self._waiting is not None:
            self._waiting.close()
        self._waiting, self._written, self._taken = None, 0, 0
