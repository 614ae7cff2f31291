"""Which files describe the entries to link."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from competency_graph import linking, resources
from competency_graph.cli.progress import ProgressLine
from competency_graph.errors import BadValueError
from competency_graph.linking import Concept
from competency_graph.mappings import ENDING
from competency_graph.rdf.input_files import STDIN, files_named


def entries_named(names: Sequence[str], language: str, progress: ProgressLine) -> list[Concept]:
    """The entries that files describe, in the context of the published ones; those by default."""
    published = resources.turtle_files(resources.DATA)
    if not names:
        return linking.entries(published, (), language, progress)
    files = [path for path in files_of(names) if not path.name.endswith(ENDING)]
    return linking.entries(files, published, language, progress)


def files_of(names: Sequence[str]) -> list[Path]:
    """The files with these names; by default, those of the published dictionary."""
    if STDIN in names:
        raise BadValueError("entries cannot be read from standard input", "Name a file or folder")
    return [Path(file) for name in names or (str(resources.DATA),) for file in files_named(name)]
