"""Where the published artefacts are: the only module that knows.

In a checkout they are top-level folders, and one of ``docs``; in an installed wheel, copies of them
inside the package, under ``_shipped``.
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


def turtle_files(folder: Path) -> list[Path]:
    """All Turtle files below ``folder``, in a stable order."""
    return sorted(folder.rglob("*.ttl"))


def link_files(folder: Path) -> list[Path]:
    """All files of mappings below ``folder``, in a stable order."""
    return sorted(folder.rglob("*.sssom.tsv"))
