"""Hosts of static files that know nothing of this project, on loopback."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from sparql_servers import free_port, running

APACHE = shutil.which("apache2") or shutil.which("apache2", path="/usr/sbin")
_MODULES = ("mpm_event", "authz_core", "mime", "dir", "alias", "rewrite", "headers")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


@contextmanager
def plain_host(folder: Path) -> Iterator[str]:
    """Python's server for files."""
    handler = partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def apache(folder: Path, state: Path) -> Iterator[str]:
    """Apache with the modules of a usual installation, which obeys ``.htaccess``."""
    assert APACHE is not None
    address = f"http://127.0.0.1:{free_port()}"
    lines = [
        f"Listen {address.removeprefix('http://')}",
        f"ServerRoot {state}",
        "ServerName localhost",
        f"PidFile {state}/pid",
        f"ErrorLog {state}/error.log",
        f"DefaultRuntimeDir {state}",
        *(f"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so" for m in _MODULES),
        "TypesConfig /dev/null",
        "AddType text/html .html",
        f"DocumentRoot {folder}",
        "DirectoryIndex index.html",
        f"<Directory {folder}>",
        "Options FollowSymLinks",
        "AllowOverride FileInfo Indexes Options=MultiViews",
        "Require all granted",
        "</Directory>",
    ]
    settings = state / "apache.conf"
    settings.write_text("\n".join([*lines, ""]))
    with running([APACHE, "-f", settings, "-DFOREGROUND"], state, address):
        yield address
