"""ESCO and O*NET as RDF, from their official downloads, which the project does not hold.

``COMPETENCY_ESCO`` and ``COMPETENCY_ONET`` name the folders, or RDF files made of them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COMMAND = Path(sys.executable).with_name("competency")
PLACES = {"esco": "COMPETENCY_ESCO", "onet": "COMPETENCY_ONET"}


def graph(name: str, folder: str) -> Path | None:
    """The framework as RDF, made from its download where one is named."""
    place = os.environ.get(PLACES[name])
    if not place:
        return None
    if Path(place).is_file():
        return Path(place)
    path = Path(folder) / f"{name}.nq"
    subprocess.run([COMMAND, "import", name, place, "-o", path], check=True, capture_output=True)
    return path
