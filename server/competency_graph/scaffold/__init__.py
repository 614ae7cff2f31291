"""Creates an extension: a folder of files that extend the published dictionary.

The files in ``template`` are valid. Placeholders are replaced by complete, serialized RDF terms, so
no value can break the syntax of a file.
"""

from __future__ import annotations

import re
from pathlib import Path
from unicodedata import normalize

import pyoxigraph as ox

from competency_graph.dictionary.own_namespaces import own_namespace
from competency_graph.errors import BadValueError, UnavailableError
from competency_graph.rdf.atomic_write import replacing_folder
from competency_graph.rdf.turtle_formatter import formatted

TEMPLATE = Path(__file__).parent / "template"
_NAME = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")


def create_extension(
    name: str,
    namespace: str | None = None,
    title: str | None = None,
    language: str = "en",
    parent: Path = Path(),
) -> list[Path]:
    """Create the folder ``name`` with a complete extension; on an error, create nothing.

    Args:
        name: letters, digits and hyphens.
        namespace: the beginning of the IRIs of its entries; None for one in example.org.
        title: the title; None to derive it from the name.
        language: the language of the title, a BCP 47 tag.
        parent: the folder in which to create the new one.

    Returns:
        The created files.

    Raises:
        BadValueError: a value is invalid.
        UnavailableError: the folder exists already, or cannot be written.
    """
    values = _placeholder_values(name, namespace, title, language)
    placeholder = re.compile("|".join(map(re.escape, values)))
    files = {
        path.relative_to(TEMPLATE): placeholder.sub(lambda m: values[m[0]], path.read_text("utf-8"))
        for path in sorted(TEMPLATE.rglob("*"))
        if path.is_file()
    }
    folder = parent / name
    remedy = "Choose a folder that you can write to, on a disk with enough space"
    with replacing_folder(folder, remedy=remedy) as new_folder:
        if folder.is_symlink() or (folder.exists() and not _is_empty(folder)):
            raise UnavailableError(
                "this exists already", "Choose another name, or move it away", str(folder)
            )
        for path, text in files.items():
            (new_folder / path).parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".ttl":  # the order of values depends on the namespace
                text = formatted(text.encode(), path).decode()
            (new_folder / path).write_text(text, "utf-8", newline="\n")
    return [folder / path for path in files]


def _is_empty(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _placeholder_values(
    name: str, namespace: str | None, title: str | None, language: str
) -> dict[str, str]:
    """The replacement for each placeholder of the template, the longest first."""
    if not _NAME.fullmatch(name):
        raise BadValueError(
            f"“{name}” is not a valid name for an extension",
            "Use letters, digits and single hyphens between them, as "
            f"“{_suggested_name(name) or 'acme'}”; --title takes any text",
        )
    namespace_iri = own_namespace(
        f"https://example.org/{name}/" if namespace is None else namespace
    )
    return {
        "<https://example.org/NAME/>": str(namespace_iri),
        "<https://example.org/NAME>": str(ox.NamedNode(namespace_iri.value.rstrip("/"))),
        '"TITLE"@en': str(
            _title_literal(f"Competencies of {name}" if title is None else title, language)
        ),
        "NAME": name,
        "CODE": _code_prefix(name),
    }


def _suggested_name(text: str) -> str:
    ascii_only = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")


def _code_prefix(name: str) -> str:
    """The prefix of codes: the first word of the name that starts with a letter, in capitals."""
    return next((word for word in name.upper().split("-") if word[0].isalpha()), "MY")


def _title_literal(title: str, language: str) -> ox.Literal:
    try:
        ox.Literal("", language=language)
    except ValueError:
        raise BadValueError(
            f"“{language}” is not a valid language tag", "Use one such as en, de or pt-BR"
        ) from None
    try:
        text = ox.Literal(title.strip(), language=language)
    except ValueError:
        raise BadValueError("the title is not UTF-8 text", "Write it in UTF-8") from None
    if not text.value:
        raise BadValueError("the title is empty", "Write a title, or leave out --title")
    return text
