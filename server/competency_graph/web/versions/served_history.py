"""The history of the served dictionary, computed once, in the background.

Start-up does not wait for it. A page that is requested before it is complete waits for a few
seconds, and is then shown without it, and not cached.
"""

from __future__ import annotations

from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotReadyError
from threading import Lock, Thread
from typing import Final

from flask import current_app, request

from competency_graph.versions.released.archive import Archive
from competency_graph.versions.released.history import History, read_history
from competency_graph.web.http.response_cache import CACHEABLE

_SECONDS: Final = 5
"""How long a page waits for the history."""
_lock = Lock()


def archive() -> Archive | None:
    """The archive of the served dictionary; None if it has no place for one."""
    found: Archive | None = current_app.extensions["archive"]
    return found


def has_versions() -> bool:
    """Whether the archive has a version; looked up once."""
    if "has_versions" not in current_app.extensions:
        found = archive()
        current_app.extensions["has_versions"] = found is not None and bool(found.numbers())
    return bool(current_app.extensions["has_versions"])


def history() -> History:
    """The history; empty if there is none or it is not complete yet."""
    found = archive()
    if found is None or not has_versions():
        return History(())
    with _lock:
        future: Future[History] | None = current_app.extensions.get("history")
        if future is None:
            future = current_app.extensions["history"] = _compute(found)
    try:
        return future.result(_SECONDS)
    except NotReadyError:
        request.environ[CACHEABLE] = False
        return History(())


def _compute(found: Archive) -> Future[History]:
    future: Future[History] = Future()

    def run() -> None:
        try:
            future.set_result(read_history(found))
        except BaseException as error:
            future.set_exception(error)
            raise

    Thread(target=run, name="history", daemon=True).start()
    return future
