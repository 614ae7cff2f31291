"""The crosswalk of O*NET and ESCO that the European Commission publishes, as mappings.

It is a table in CSV below some lines about the project, one row for each pair of an occupation of
O*NET and one of ESCO or a group of ISCO-08.
"""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections import Counter
from typing import TYPE_CHECKING, Final

from competency_graph.errors import UnreadableInputError
from competency_graph.mappings import Mapping, MappingSet
from competency_graph.mappings.frameworks import kinds_of
from competency_graph.rdf.parsing import without_mark
from competency_graph.rdf.vocabulary import GRAPH_ESCO, GRAPH_ONET, PREFIXES

if TYPE_CHECKING:
    from _csv import Reader as _Reader

_COLUMNS: Final = (
    "O*NET Id", "O*NET Title", "ESCO or ISCO URI", "ESCO or ISCO Title", "Type of Match",
)  # fmt: skip
_MATCHES: Final = frozenset(f"{kind}Match" for kind in ("exact", "close", "broad", "narrow"))
_CODE = re.compile(r"\d\d-\d{4}\.\d\d")
_VERSION = re.compile(r"classification ([12]) version", re.IGNORECASE)
_MAX_HEAD_LINES: Final = 100
_PREFIXES: Final = ("esco-occupation", "esco-isco", "onet-occupation", "graph")


def from_published(content: bytes, where: str) -> tuple[MappingSet, Counter[str]]:
    """Convert the published table.

    Args:
        content: the file.
        where: its name, for error messages.

    Returns:
        The mappings from O*NET to ESCO, and how many rows were left out, by reason.

    Raises:
        UnreadableInputError: it is not the crosswalk; with the line.
    """
    reader = csv.reader(io.StringIO(without_mark(content, where).decode(), newline=""), strict=True)
    left_out: Counter[str] = Counter()
    try:
        places, versions = _header(reader, where)
        rows: dict[tuple[str, str], Mapping] = {}
        for cells in reader:
            if any(cells):
                _add(dict(zip(places, _picked(cells, places), strict=True)), rows, left_out)
    except csv.Error as error:
        raise UnreadableInputError(
            f"this is not CSV ({error})", "Download it again", where, reader.line_num
        ) from None
    head: dict[str, object] = {
        "sssom_version": "1.1",
        "mapping_set_id": f"https://w3id.org/sssom/mappings/{uuid.uuid4()}",
        "mapping_set_title": "Crosswalk from O*NET to ESCO",
        "mapping_set_source": ["https://esco.ec.europa.eu/en/use-esco/other-crosswalks"],
        "license": "http://data.europa.eu/eli/dec/2011/833/oj",
        "subject_source": f"graph:{GRAPH_ONET.rsplit('/', 1)[1]}",
        "object_source": f"graph:{GRAPH_ESCO.rsplit('/', 1)[1]}",
        **{key: value for key, value in versions.items() if value},
        "curie_map": {name: PREFIXES[name] for name in _PREFIXES},
    }
    return MappingSet(head).with_mappings(rows.values()), left_out


def _header(reader: _Reader, where: str) -> tuple[dict[str, int], dict[str, str]]:
    """The columns, and the versions that the lines above them state."""
    versions: dict[str, str] = {}
    for cells in reader:
        named = [cell.strip() for cell in cells]
        if all(column in named for column in _COLUMNS):
            return {column: named.index(column) for column in _COLUMNS}, versions
        if reader.line_num > _MAX_HEAD_LINES:
            break
        if len(named) > 1 and (found := _VERSION.match(named[0])):
            side = "subject" if found[1] == "1" else "object"
            versions[f"{side}_source_version"] = named[1]
    raise UnreadableInputError(
        f"this table lacks the columns {', '.join(_COLUMNS)}",
        "Name the crosswalk of occupations as you downloaded it, in CSV",
        where,
    )


def _picked(cells: list[str], places: dict[str, int]) -> list[str]:
    return [cells[at].strip() if at < len(cells) else "" for at in places.values()]


def _add(row: dict[str, str], rows: dict[tuple[str, str], Mapping], left_out: Counter[str]) -> None:
    code, title, target, label, match = (row[column] for column in _COLUMNS)
    kind = next((each for each in kinds_of(target) if each.prefix in _PREFIXES), None)
    if not _CODE.fullmatch(code):
        left_out["rows without a code of O*NET"] += 1
    elif kind is None:
        left_out["rows without an occupation of ESCO or a group of ISCO"] += 1
    elif match not in _MATCHES:
        left_out["rows without a type of match"] += 1
    elif (code, target) in rows:
        left_out["rows that repeat a pair"] += 1
    else:
        rows[code, target] = Mapping(
            subject_id=f"onet-occupation:{code}",
            subject_label=title,
            subject_category="occupation",
            predicate_id=f"skos:{match}",
            object_id=f"{kind.prefix}:{target.removeprefix(PREFIXES[kind.prefix])}",
            object_label=label,
            object_category=kind.name,
            mapping_justification="semapv:UnspecifiedMatching",
        )
