"""Writes an imported dictionary as a folder of Turtle files, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from competency_graph.errors import UnavailableError
from competency_graph.importing.document.building import File
from competency_graph.rdf.atomic_write import replacing_folder
from competency_graph.rdf.turtle_comments import read_document
from competency_graph.rdf.turtle_layout import lay_out
from competency_graph.rdf.vocabulary import PREFIXES, kind_prefixes

MARK: Final = "Imported from a document; a new import with --replace overwrites this file."
"""The first comment of each file, by which a new import recognises what it may replace."""
_MARK_BYTES: Final = f"# {MARK}\n".encode()


def write_folder(
    folder: Path,
    files: Mapping[str, File],
    namespace: str,
    replace: bool = False,
    progress: Callable[[str, int], None] = lambda doing, number: None,
) -> list[Path]:
    """Write the files of a dictionary.

    Args:
        folder: the folder to create.
        files: the files by their paths in it.
        namespace: the beginning of the IRIs of the dictionary, ending in ``/``.
        replace: whether to replace a folder that holds an earlier import and nothing else.
        progress: is called with the progress.

    Returns:
        The files written.

    Raises:
        UnavailableError: the folder holds other files, or cannot be written.
    """
    _check_target(folder, replace)
    prefixes = {**PREFIXES, **kind_prefixes(namespace.removesuffix("/"))}
    remedy = "Choose a folder that you can write to, on a disk with enough space"
    with replacing_folder(folder, remedy=remedy) as new_folder:
        for number, (name, file) in enumerate(files.items(), 1):
            progress("writing file", number)
            path = new_folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_turtle(file, prefixes), "utf-8", newline="\n")
    return [folder / name for name in files]


def _turtle(file: File, prefixes: Mapping[str, str]) -> str:
    """The statements of a file in the project's layout, with the prefixes that they use."""
    statements = file.graph.serialize(format="nt", encoding="utf-8").decode()
    head = [f"# {line}".rstrip() for line in (MARK, *file.comments)]
    declared = [f"PREFIX {p}: <{ns}>" for p, ns in prefixes.items() if f"<{ns}" in statements]
    text = "\n".join([*head, "", *declared, "", statements])
    return lay_out(read_document(text.encode(), Path("import.ttl")))


def _check_target(folder: Path, replace: bool) -> None:
    """Refuse to replace anything but an earlier import.

    Raises:
        UnavailableError: the folder holds something else, or `replace` is missing.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UnavailableError("this is not a folder", "Name another one", str(folder))
    try:
        present = [path for path in folder.rglob("*") if not path.is_dir()]
        foreign = [path for path in present if path.is_symlink() or not _is_imported(path)]
    except OSError as error:
        raise UnavailableError(
            f"the folder cannot be read ({error.strerror})", "Name another one", str(folder)
        ) from None
    if foreign:
        raise UnavailableError(
            f"this folder holds another file, {foreign[0].name}", "Name another one", str(folder)
        )
    if present and not replace:
        raise UnavailableError(
            "this folder holds an earlier import",
            "Add --replace to replace it, with all changes made to its files, or name another one",
            str(folder),
        )


def _is_imported(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MARK_BYTES)) == _MARK_BYTES
