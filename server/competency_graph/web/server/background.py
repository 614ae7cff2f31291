"""An application that is created while others are served already."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class BackgroundApplication:
    """A WSGI application (PEP 3333) that another one is, once it is created.

    Requests to it wait until then; those that the fast path answers need not.

    Args:
        create: creates the application.
    """

    def __init__(self, create: Callable[[], WSGIApplication]) -> None:
        self._create = create
        self._app: WSGIApplication | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to create it."""
        threading.Thread(target=self._load, name="application", daemon=True).start()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        return self._created()(environ, start)

    def _load(self) -> None:
        self._created()
        gc.collect()
        gc.freeze()  # what is loaded stays, so no collection needs to look at it again
        gc.set_threshold(20_000, 10, 50)  # requests leave few cycles, and the cache is large

    def _created(self) -> WSGIApplication:
        with self._lock:
            if self._app is None:
                self._app = self._create()
            return self._app
