"""The locations of the published files; no other module contains them.

In a checkout they are top-level folders, and one in ``docs``; in an installed wheel, they are
copies inside the package, under ``_shipped``.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_SHIPPED = _PACKAGE / "_shipped"
_ROOT = _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parents[1]

ONTOLOGY = _ROOT / "ontology"
DATA = _ROOT / "data"
SHAPES = _ROOT / "shapes"
QUERIES = _ROOT / "queries"
RULES = (_SHIPPED if _SHIPPED.is_dir() else _ROOT / "docs") / "rules"

VERSIONS = "versions"
"""The name of the folder with the old versions of a dictionary."""


def turtle_files(folder: Path) -> list[Path]:
    """All Turtle files below ``folder``, in a stable order, without those of old versions."""
    return _current(folder, "*.ttl")


def link_files(folder: Path) -> list[Path]:
    """All mapping files below ``folder``, in a stable order, without those of old versions."""
    return _current(folder, "*.sssom.tsv")


def _current(folder: Path, pattern: str) -> list[Path]:
    files = sorted(folder.rglob(pattern))
    return [path for path in files if VERSIONS not in path.relative_to(folder).parts]
