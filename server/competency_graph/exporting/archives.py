"""Several files as one ZIP archive, and back into a folder."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import Final

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""A constant date, which keeps the archive of an unchanged dictionary identical."""


def archive(files: Mapping[str, bytes | str]) -> bytes:
    """An archive of files, given by name."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return output.getvalue()


def members(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The names and contents of the files in an archive that `archive` made."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        for name in opened.namelist():
            yield name, opened.read(name)
