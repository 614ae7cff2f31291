"""A client that is not the bottleneck: wrk, which is written in C."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

WRK = shutil.which("wrk")
_SCRIPT = """\
local bodies, number = {}, 0
function init(arguments)
  for line in io.lines(arguments[1]) do bodies[#bodies + 1] = line end
  distinct = arguments[2] == "distinct"
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
  wrk.headers["Accept"] = "application/sparql-results+json"
  math.randomseed(os.time())
  start = math.random(1000000000)
end
function request()
  number = number + 1
  local body = bodies[number % #bodies + 1]
  if distinct then body = body .. "%0A%23" .. (start + number) end
  return wrk.format(nil, nil, nil, body)
end
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\\n{"answered": %d, "refused": %d, "broken": %d, "seconds": %f, "p50": %f, "p99": %f}\\n',
    summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
"""


@dataclass(frozen=True)
class Load:
    """What clients saw of a server.

    Args:
        per_second: successful responses per second.
        p50: the median latency, in milliseconds.
        p99: the 99th percentile.
        failed: responses with another status than 2xx, and requests without response.
    """

    per_second: float
    p50: float
    p99: float
    failed: int


def load(
    url: str, queries: Sequence[str], connections: int, seconds: float, *, distinct: bool
) -> Load:
    """Send queries by POST over so many connections, one after another over each, in turn.

    Args:
        url: the address of a SPARQL endpoint.
        queries: the queries.
        connections: how many to keep open.
        seconds: for how long.
        distinct: whether to append a comment that makes every query a new one.
    """
    assert WRK is not None
    with tempfile.TemporaryDirectory() as folder:
        script, bodies = Path(folder) / "script.lua", Path(folder) / "bodies"
        script.write_text(_SCRIPT)
        bodies.write_text(
            "".join(f"{urllib.parse.urlencode({'query': query})}\n" for query in queries)
        )
        done = subprocess.run(
            [
                WRK, "--threads", "1", "--connections", str(connections), "--timeout", "30s",
                "--duration", f"{max(round(seconds), 1)}s", "--script", script, url,
                "--", bodies, "distinct" if distinct else "repeated",
            ],
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )  # fmt: skip
    told = json.loads(done.stdout.splitlines()[-1])
    answered = told["answered"] - told["refused"]
    return Load(
        answered / told["seconds"], told["p50"], told["p99"], told["refused"] + told["broken"]
    )
