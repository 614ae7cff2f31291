"""Saved queries: a folder of ``.rq`` files, each with a header that describes the query.

The header consists of comment lines at the head of the file::

    # title: What a role must know
    # question: Which knowledge do the areas of a role require?
    # group: What a role takes
    # parameter: role | cg:Role | role:consultant | the role to look up
    # needs: esco
    # search: text

``group`` is the heading that lists the query, by what readers want to know; ``groups.txt`` in the
same folder puts the headings in order. ``search`` names the parameter whose words are looked up in
an index of the entries; an engine without that index evaluates the query itself. A query that needs
a framework has an empty answer if that framework is not loaded.

The type of a parameter is a class (the value is then an entry, given as prefixed name or IRI),
``language``, ``integer`` or ``text``. Values are bound to the variable of the same name as terms,
never inserted as text.
"""

from __future__ import annotations

import contextlib
import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from competency_graph import resources
from competency_graph.errors import BadValueError, UnknownNameError, UnreadableInputError
from competency_graph.mappings.frameworks import FRAMEWORKS
from competency_graph.rdf.parsing import read_bytes
from competency_graph.rdf.vocabulary import PREFIXES

_HEADER = re.compile(r"#\s*(title|question|group|parameter|needs|search):\s*(.*\S)\s*")
_IRI = re.compile(r"<?([A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\\\x00-\x20]+)>?")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
OTHER_GROUP = "Everything else"
"""The heading of the queries without a group."""
_INTEGER = ox.NamedNode(PREFIXES["xsd"] + "integer")


@dataclass(frozen=True)
class Parameter:
    """A parameter of a saved query.

    Args:
        name: the query's variable, without its question mark.
        type: a class as prefixed name, or ``language``, ``integer``, ``text``.
        default: its default value, as a user would type it.
        description: what it means, for users.
    """

    name: str
    type: str
    default: str
    description: str

    def term(self, value: str) -> ox.NamedNode | ox.Literal:
        """Convert ``value`` to a term.

        Raises:
            BadValueError: ``value`` is not of this parameter's type.
        """
        match self.type:
            case "text":
                return ox.Literal(value)
            case "language" if _LANGUAGE.fullmatch(value):
                return ox.Literal(value.lower())
            case "integer" if re.fullmatch(r"[+-]?[0-9]{1,18}", value):
                return ox.Literal(value, datatype=_INTEGER)
            case "language" | "integer":
                raise self._bad_value(value, f"Give it a value such as “{self.default}”")
        if is_iri(value):
            prefix, _, local = value.partition(":")
            if prefix in PREFIXES and not local.startswith("//"):
                value = PREFIXES[prefix] + local
            with contextlib.suppress(ValueError):  # only looks like an IRI
                return ox.NamedNode(value.removeprefix("<").removesuffix(">"))
        raise self._bad_value(
            value, f"Give it an entry as a prefixed name or IRI, such as “{self.default}”"
        )

    def _bad_value(self, value: str, remedy: str) -> BadValueError:
        return BadValueError(
            f"“{value}” is not a valid value for the parameter “{self.name}” ({self.type})", remedy
        )


def is_iri(value: str) -> bool:
    """Whether a value is meant as an IRI or prefixed name, not as a label or code."""
    prefix, colon, local = value.partition(":")
    if colon and prefix in PREFIXES and not local.startswith("//"):
        return bool(local) and not local[0].isspace()
    return _IRI.fullmatch(value) is not None and ("://" in value or value.startswith(("<", "urn:")))


@dataclass(frozen=True)
class SavedQuery:
    """A query and the question that it answers.

    Args:
        name: its name in the catalogue, which is its file name without the ending.
        title: a headline.
        question: the question in plain words.
        parameters: its parameters, in the header's order.
        text: the query itself, SPARQL 1.1.
        needs: the frameworks that it queries, of `frameworks.FRAMEWORKS`.
        search: the parameter whose words are looked up in the index, or "".
        group: the heading that lists it, or "".
    """

    name: str
    title: str
    question: str
    parameters: tuple[Parameter, ...]
    text: str
    needs: tuple[str, ...] = ()
    search: str = ""
    group: str = ""

    def bind(self, values: Mapping[str, str]) -> dict[ox.Variable, ox.NamedNode | ox.Literal]:
        """Bind all parameters: to the terms of ``values``, else to the defaults.

        Raises:
            BadValueError: ``values`` names a parameter that the query does not have, or a value is
                not of its parameter's type.
        """
        known = [parameter.name for parameter in self.parameters]
        for name in values:
            if name not in known:
                raise BadValueError(
                    f"“{self.name}” has no parameter “{name}”",
                    f"It has {', '.join(known)}" if known else "It has no parameters: remove it",
                )
        return {ox.Variable(p.name): p.term(values.get(p.name, p.default)) for p in self.parameters}


class Catalogue(Mapping[str, SavedQuery]):
    """The saved queries of a folder, by name.

    Args:
        folder: the folder with the ``.rq`` files; by default, the published queries.
    """

    def __init__(self, folder: Path = resources.QUERIES) -> None:
        self._paths = {path.stem: path for path in sorted(folder.glob("*.rq"))}
        self._order = folder / "groups.txt"

    def __getitem__(self, name: str) -> SavedQuery:
        """The query called ``name``.

        Raises:
            UnknownNameError: there is none; the remedy suggests similar names.
        """
        if name not in self._paths:
            near = difflib.get_close_matches(name, self._paths, n=3, cutoff=0.4)
            raise UnknownNameError(
                f"there is no saved query “{name}”",
                f"Use {' or '.join(near)}, if you mean that"
                if near
                else "List them with “competency query”",
            )
        return read_query(self._paths[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, name: object) -> bool:
        return name in self._paths

    def groups(self) -> dict[str, list[SavedQuery]]:
        """The queries by group: groups in the order of ``groups.txt``, then others by name.

        Queries without a group come last, under "".

        Raises:
            UnreadableInputError: a file cannot be read.
        """
        order = _read_text(self._order).split("\n") if self._order.exists() else []
        ranks = {heading.strip(): rank for rank, heading in enumerate(order)}
        groups: dict[str, list[SavedQuery]] = {}
        for query in self.values():
            groups.setdefault(query.group, []).append(query)

        def position(group: str) -> tuple[bool, int, str]:
            return not group, ranks.get(group, len(ranks)), group

        return {group: groups[group] for group in sorted(groups, key=position)}


def read_query(path: Path) -> SavedQuery:
    """Read a query from a file; a file without header is a query without parameters.

    Raises:
        UnreadableInputError: the file cannot be read, is not UTF-8, or has an invalid header.
    """
    return parse_query(_read_text(path), path.stem, str(path))


def _read_text(path: Path) -> str:
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableInputError(
            "the file is not UTF-8 text", "Save it as UTF-8", str(path)
        ) from None


def parse_query(text: str, name: str, where: str) -> SavedQuery:
    """Parse a query and its header.

    Args:
        text: the header, if any, and the query.
        name: its name.
        where: its file for error messages.

    Raises:
        UnreadableInputError: a parameter line does not have four parts, or the query needs an
            unknown framework.
    """
    header: dict[str, str] = {}
    parameters = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#"):
            break
        if match := _HEADER.fullmatch(line):
            if match[1] != "parameter":
                header[match[1]] = match[2]
                continue
            parts = [part.strip() for part in match[2].split("|")]
            if len(parts) != 4:
                raise UnreadableInputError(
                    "this parameter line does not have four parts",
                    "Write it as “# parameter: NAME | TYPE | DEFAULT | description”",
                    where,
                    number,
                )
            parameters.append(Parameter(*parts))
    needs = tuple(filter(None, re.split(r"[\s,]+", header.get("needs", ""))))
    if unknown := [need for need in needs if need not in FRAMEWORKS]:
        raise UnreadableInputError(
            f"there is no framework “{unknown[0]}”", f"Name one of {', '.join(FRAMEWORKS)}", where
        )
    return SavedQuery(
        name,
        header.get("title", name),
        header.get("question", ""),
        tuple(parameters),
        text,
        needs,
        header.get("search", ""),
        header.get("group", ""),
    )
