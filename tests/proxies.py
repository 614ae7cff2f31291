"""The proxies of deploy/ as they are shipped, before servers on loopback."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from conftest import COMMAND, ROOT
from sparql_servers import free_port

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
CADDY = COMMAND.with_name("caddy")
FILES = {"nginx": "nginx.conf", "caddy": "Caddyfile"}
"""The example of each proxy in deploy/."""


def addressed(text: str, pattern: str, ports: Sequence[int]) -> str:
    """An example with these ports of loopback in place of its own three servers."""
    places = iter(ports)
    text, number = re.subn(pattern, lambda _: f"127.0.0.1:{next(places)}", text)
    assert number == len(ports) == 3
    return text


def nginx_configuration(text: str, folder: Path, port: int, servers: Sequence[int]) -> str:
    """nginx's example, within what Debian's nginx.conf has around it."""
    site = addressed(text, r"10\.0\.0\.1\d:8000", servers)
    assert site.count("listen 80;") == 1
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    return (
        f"daemon off; pid {folder}/nginx.pid; worker_processes 2;\n"
        + ("user root;\n" if os.geteuid() == 0 else "")  # the folder of a test is its user's
        + "events { worker_connections 768; }\n"
        + f"http {{\naccess_log off; gzip on;\n{places}"
        + site.replace("listen 80;", f"listen 127.0.0.1:{port};")
        + "}\n"
    )


def caddy_configuration(text: str, port: int, servers: Sequence[int]) -> str:
    """Caddy's example without TLS, and without what it would do outside its folder."""
    site = addressed(text, r"competency-\d:8000", servers)
    assert site.count("{$SITE:competency.example} {") == 1
    assert site.count("\n{\n") == 1
    return site.replace("\n{\n", "\n{\n\tadmin off\n\tpersist_config off\n").replace(
        "{$SITE:competency.example} {", f"http://127.0.0.1:{port} {{\n\tbind 127.0.0.1"
    )


@contextmanager
def proxy(name: str, folder: Path, servers: Sequence[int], without: str = r"(?!)") -> Iterator[str]:
    """The address of a proxy of `FILES`, before servers at these three ports of loopback.

    Its configuration lacks the lines that match `without`.
    """
    folder.mkdir()
    text = (ROOT / "deploy" / FILES[name]).read_text()
    text = "".join(line for line in text.splitlines(True) if not re.search(without, line))
    port = free_port()
    if name == "nginx":
        if NGINX is None:
            pytest.skip("nginx is not installed (Debian: nginx-light)")
        (folder / "nginx.conf").write_text(nginx_configuration(text, folder, port, servers))
        command = [NGINX, "-e", f"{folder}/log", "-p", str(folder), "-c", f"{folder}/nginx.conf"]
    else:
        (folder / "Caddyfile").write_text(caddy_configuration(text, port, servers))
        command = [
            str(CADDY), "run", "--adapter", "caddyfile", "--config", f"{folder}/Caddyfile",
        ]  # fmt: skip
    environment = os.environ | {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while not _answers(address):
            assert process.poll() is None, (folder / "output").read_text()
            assert time.monotonic() < deadline, "the proxy did not start"
            time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health", timeout=5, trust_env=False).is_success
    except httpx.HTTPError:
        return False
