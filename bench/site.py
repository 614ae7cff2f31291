"""How long `competency site` takes for the published dictionary, and how large the site is.

python bench/site.py
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
            [COMMAND, "site", "out", "--address", "https://example.org/"],
            cwd=folder, capture_output=True, text=True, check=True,
        )  # fmt: skip
        seconds = time.monotonic() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = used.ru_utime + used.ru_stime
    print(f"site: {seconds:.0f} s, {processor:.0f} s of processor time; {done.stdout.strip()}")


if __name__ == "__main__":
    main()
