"""The server ends when its editor does, and says what it lacks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from editor import children, is_running, wait_until

from conftest import COMMAND


def message(**content: object) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **content}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def test_it_ends_when_the_editor_crashes(tmp_path: Path) -> None:
    with subprocess.Popen(
        [COMMAND, "lsp"], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as server:
        assert server.stdin
        server.stdin.write(
            message(id=1, method="initialize", params={"capabilities": {}, "processId": None})
            + message(method="initialized", params={})
        )
        server.stdin.flush()
        wait_until(lambda: children(server.pid) != [])
        [validating] = children(server.pid)
        server.stdin.close()
        assert server.wait(60) == 1, "it was not asked to shut down"
        wait_until(lambda: not is_running(validating))


def test_it_says_how_to_install_it() -> None:
    script = (
        "import sys; sys.modules['pygls'] = None; from competency_graph.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "lsp"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == (
        "competency: the language server is not installed. "
        "Run: pip install 'competency-graph[lsp]'.\n"
    )
