"""How long `competency site` takes, and how large the site is.

It writes the site of the published dictionary, or of another one by the options of the command:

    python bench/site.py [--data FILE --base none]
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = Path(sys.executable).with_name("competency")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        done = subprocess.run(
            [COMMAND, "site", "out", "--address", "https://example.org/", *sys.argv[1:]],
            cwd=folder, capture_output=True, text=True, check=True,
        )  # fmt: skip
        seconds = time.monotonic() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = used.ru_utime + used.ru_stime
    print(f"site: {seconds:.0f} s, {processor:.0f} s of processor time; {done.stdout.strip()}")


if __name__ == "__main__":
    main()
