"""How long after a keystroke diagnostics come, at the server, with a real client.

`make bench` runs it. The data is the published dictionary, made anew under other names until there
are as many statements as asked for, in Turtle files of 5,000 statements, of which one is open. Each
keystroke adds or removes a typo in a property, so that the diagnostics change. The time is that
from sending the change to receiving the diagnostics, with the pause that the server waits for
further keystrokes; the CPU time is that of the server with its process that validates.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import pyoxigraph as ox
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from competency_graph.rdf.vocabulary import PREFIXES
from validating import copies

COMMAND = Path(sys.executable).with_name("competency")
PER_FILE = 5_000
TARGETS = {10_000: 0.2, 260_000: 1.0}
"""The time to reach in the median, by the number of statements."""


def write(number: int, folder: Path) -> tuple[int, list[Path]]:
    """Write the data as Turtle; the number of statements, and the files."""
    triples = [triple for triple, fault in copies(number) if not fault]
    paths = []
    for start in range(0, len(triples), PER_FILE):
        paths.append(folder / f"{start // PER_FILE:03}.ttl")
        with paths[-1].open("wb") as file:
            part = triples[start : start + PER_FILE]
            ox.serialize(part, file, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
    return len(triples), paths


def cpu_seconds(process: int) -> float:
    """The CPU time of a process and of its children that have not ended."""
    ticks = 0.0
    tree = [process]
    while tree:
        each = tree.pop()
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15]))  # also that of children that have ended
        tree += map(int, Path(f"/proc/{each}/task/{each}/children").read_text().split())
    return ticks / os.sysconf("SC_CLK_TCK")


async def measured(folder: Path, path: Path, keystrokes: int) -> tuple[float, list[float], float]:
    """Seconds until the first diagnostics, after each keystroke, and CPU time for each."""
    client = LanguageClient("bench", "1")
    arrived = asyncio.Event()

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def published(params: types.PublishDiagnosticsParams) -> None:
        if params.uri == path.as_uri():
            arrived.set()

    async def diagnostics() -> None:
        await asyncio.wait_for(arrived.wait(), 120)
        arrived.clear()

    since = time.perf_counter()
    await client.start_io(str(COMMAND), "lsp", "--base", "none")
    await client.initialize_async(
        types.InitializeParams(types.ClientCapabilities(), root_uri=folder.as_uri())
    )
    client.initialized(types.InitializedParams())
    text = path.read_text()
    item = types.TextDocumentItem(path.as_uri(), "turtle", 1, text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    await diagnostics()
    first = time.perf_counter() - since
    line = text[: text.index("definition")].count("\n")
    column = text.splitlines()[line].index("definition")
    server = client._server
    assert server is not None
    await asyncio.sleep(2)  # the time that a person takes before typing
    took, before = [], cpu_seconds(server.pid)
    for number in range(keystrokes):
        start = types.Position(line, column)
        end = types.Position(line, column + number % 2)
        change = types.TextDocumentContentChangePartial(
            types.Range(start, end), "" if number % 2 else "x"
        )
        identifier = types.VersionedTextDocumentIdentifier(number + 2, path.as_uri())
        since = time.perf_counter()
        client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [change]))
        await diagnostics()
        took.append(time.perf_counter() - since)
        await asyncio.sleep(0.3)
    used = (cpu_seconds(server.pid) - before) / keystrokes
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    return first, took, used


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(TARGETS))
    parser.add_argument("--keystrokes", type=int, default=20)
    options = parser.parse_args()
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            statements, paths = write(size, folder)
            first, took, used = asyncio.run(
                measured(folder, paths[len(paths) // 2], options.keystrokes)
            )
            aim = f" (to reach: {TARGETS[size]:.1f} s)" if size in TARGETS else ""
            print(
                f"{statements:,} statements in {len(paths)} files: diagnostics after "
                f"{statistics.median(took):.2f} s in the median of {len(took)} keystrokes, "
                f"{min(took):.2f} to {max(took):.2f}{aim}; {used:.2f} s of CPU time for each; "
                f"the first after {first:.1f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
