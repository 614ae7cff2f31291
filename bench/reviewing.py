"""How long the next link takes to appear after a key is pressed in a review in the browser.

`python bench/reviewing.py` reviews the published links to ESCO in Chromium, with 100 decisions, and
prints the time from the key to the next link on the screen, as the page measures it. `--to FILE`
adds the framework's definitions. A decision on the last link of 790 writes the largest file.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

LINKS = Path(__file__).parents[1] / "data" / "links" / "esco.sssom.tsv"
TIMER = """
window.times = [];
let pressed = 0;
addEventListener("keydown", () => { pressed = performance.now(); }, true);
addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
  if (!pressed || document.body.hasAttribute("aria-busy")) return;
  const start = pressed;
  pressed = 0;
  requestAnimationFrame(() => requestAnimationFrame(() => times.push(performance.now() - start)));
}).observe(document.body, { attributes: true, childList: true }));
"""
"""Notes the milliseconds from a key to the second frame after the page is not busy any more."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, help="RDF of ESCO, made by `competency import esco`")
    parser.add_argument("--decisions", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = [
            Path(sys.executable).with_name("competency"), "link", "review", LINKS, "--browser",
            "--author", "Ann", "-o", Path(folder) / "ann.sssom.tsv",
            *(("--to", options.to) if options.to else ()),
        ]  # fmt: skip
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            address = next(line for line in process.stdout if line.startswith("http")).strip()
            try:
                times = measure(address, options.decisions)
            finally:
                process.terminate()
    times.sort()
    print(
        f"{len(times)} decisions: median {statistics.median(times):.0f} ms, "
        f"95th percentile {times[int(len(times) * 0.95)]:.0f} ms, slowest {times[-1]:.0f} ms"
    )


def measure(address: str, decisions: int) -> list[float]:
    """Agree with links, and return the milliseconds that each took."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(bypass_csp=True)  # for wait_for_function
        page.add_init_script(TIMER)
        page.goto(address)
        for number in range(decisions):
            page.keyboard.press("a")
            page.wait_for_function(f"times.length > {number}")
        found: list[float] = page.evaluate("times")
        browser.close()
    return found


if __name__ == "__main__":
    main()
