"""What clients lose when one of three servers behind a proxy is killed, and another one stopped.

`make bench` runs it. nginx, then Caddy, stand before three servers of the published dictionary,
configured as in deploy/. In each round, all processes of one server are killed at once and started
again, and another one is stopped by SIGTERM and started again, while clients ask without a pause.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from competency_graph.cli.progress import ProgressLine
from proxies import FILES, proxy
from replicas import Clients, Replica, replicas, usual_requests


def disturbed(servers: list[Replica], clients: Clients, pause: float, show: ProgressLine) -> None:
    """Kill and stop each server in turn, with a pause after each step."""
    for n, server in enumerate(servers):
        other = servers[(n + 1) % len(servers)]
        show("a server is killed; requests", clients.answered)
        server.kill()
        time.sleep(pause)
        server.start()
        time.sleep(pause)
        show("a server stops; requests", clients.answered)
        other.stop()
        time.sleep(pause)
        other.start()
        time.sleep(pause)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pause", type=float, default=2, help="seconds between the steps")
    parser.add_argument("--clients", type=int, default=12)
    parser.add_argument("--proxies", nargs="+", choices=FILES, default=list(FILES))
    options = parser.parse_args()
    show = ProgressLine()
    lost = 0
    with (
        tempfile.TemporaryDirectory() as folder,
        replicas(Path(folder) / "servers", 3, "--drain", "2") as servers,
    ):
        for name in options.proxies:
            with proxy(name, Path(folder) / name, [server.port for server in servers]) as address:
                since = time.perf_counter()
                with Clients(address, usual_requests("Analyst"), options.clients) as clients:
                    time.sleep(options.pause)
                    disturbed(servers, clients, options.pause, show)
                took = time.perf_counter() - since
            show.clear()
            lost += clients.lost.total()
            print(
                f"{name}: three servers killed and three stopped in {took:.0f} s; "
                f"{clients.answered:,} requests of {options.clients} clients, "
                f"{clients.lost.total()} lost, the slowest took {clients.slowest:.1f} s"
            )
            for fault, number in clients.lost.most_common(5):
                print(f"  {number} x {fault}")
    sys.exit(lost > 0)


if __name__ == "__main__":
    main()
