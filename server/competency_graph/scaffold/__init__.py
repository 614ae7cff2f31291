"""Making an extension: a folder of files that build on the published dictionary.

The files in ``template`` are valid as they stand. The few terms in them that are the author's own
are put in as whole terms, so that no value can break a file.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from unicodedata import normalize
from urllib.parse import urlsplit

import pyoxigraph as ox

from competency_graph.errors import BadValueError, UnavailableError
from competency_graph.rdf.atomic_write import replacing_folder
from competency_graph.rdf.vocabulary import BASE

TEMPLATE = Path(__file__).parent / "template"
_SLUG = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")


def make(
    name: str,
    namespace: str | None = None,
    title: str | None = None,
    language: str = "en",
    parent: Path = Path(),
) -> list[Path]:
    """Make the folder ``name`` with an extension that is complete, all of it or nothing.

    Args:
        name: letters, digits and hyphens.
        namespace: what the IRIs of its entries begin with; None takes one of example.org.
        title: its title; None takes one from the name.
        language: the language of the title, as BCP 47 tag.
        parent: the folder that it is made in.

    Returns:
        The files.

    Raises:
        BadValueError: a value is none of its kind.
        UnavailableError: something is there already, or the folder cannot be written.
    """
    values = _values(name, namespace, title, language)
    slot = re.compile("|".join(map(re.escape, values)))
    files = {
        path.relative_to(TEMPLATE): slot.sub(lambda m: values[m[0]], path.read_text("utf-8"))
        for path in sorted(TEMPLATE.rglob("*"))
        if path.is_file()
    }
    folder = parent / name
    remedy = "Choose a name and a place that you may write, on a disk with room"
    with replacing_folder(folder, remedy=remedy) as made:
        if folder.is_symlink() or (folder.exists() and not _empty(folder)):
            raise UnavailableError(
                "this is there already", "Choose another name, or move it away", str(folder)
            )
        for path, text in files.items():
            (made / path).parent.mkdir(parents=True, exist_ok=True)
            (made / path).write_text(text, "utf-8", newline="\n")
    return [folder / path for path in files]


def _empty(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _values(name: str, namespace: str | None, title: str | None, language: str) -> dict[str, str]:
    """What comes in the place of each of the template's own terms; longer ones are first."""
    if not _SLUG.fullmatch(name):
        raise BadValueError(
            f"“{name}” is no name for an extension",
            "Use letters, digits and single hyphens between them, as "
            f"“{_slug(name) or 'acme'}”; --title takes any text",
        )
    own = _namespace(f"https://example.org/{name}/" if namespace is None else namespace)
    return {
        "<https://example.org/NAME/>": str(own),
        "<https://example.org/NAME>": str(ox.NamedNode(own.value.rstrip("/"))),
        '"TITLE"@en': str(_text(f"Competencies of {name}" if title is None else title, language)),
        "NAME": name,
        "CODE": _code(name),
    }


def _slug(text: str) -> str:
    ascii_only = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")


def _code(name: str) -> str:
    """Capitals to put before codes, as the shapes allow them: the first word that begins as one."""
    return next((word for word in name.upper().split("-") if word[0].isalpha()), "MY")


def _namespace(namespace: str) -> ox.NamedNode:
    iri = _iri(namespace)
    if not namespace.endswith("/") or "#" in namespace or "?" in namespace:
        raise BadValueError(
            f"the namespace “{namespace}” does not end in / or has a # or ? in it",
            "End it in /, so that each entry has an address of its own, as "
            f"{re.split('[#?]', namespace)[0].rstrip('/')}/",
        )
    if namespace.startswith(BASE):
        raise BadValueError(
            f"the namespace “{namespace}” is the published dictionary's",
            "Take one of your own, as https://example.org/acme/",
        )
    return iri


def _iri(text: str) -> ox.NamedNode:
    with suppress(ValueError):
        iri = ox.NamedNode(text)
        if text.startswith(("http://", "https://")) and urlsplit(text).hostname:
            return iri
    raise BadValueError(
        f"“{text}” is no absolute http or https IRI",
        "Write the whole address that your names begin with, as https://example.org/acme/",
    )


def _text(title: str, language: str) -> ox.Literal:
    try:
        ox.Literal("", language=language)
    except ValueError:
        raise BadValueError(
            f"“{language}” is not a valid language tag", "Write one such as en, de or pt-BR"
        ) from None
    try:
        text = ox.Literal(title.strip(), language=language)
    except ValueError:
        raise BadValueError("the title is not UTF-8 text", "Write it in UTF-8") from None
    if not text.value:
        raise BadValueError("the title is empty", "Write one, or leave --title out")
    return text
