"""JSON-LD with an embedded context, so that reading it needs no network access."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from competency_graph.exporting.outline import Texts

Node = dict[str, object]


def document(context: Mapping[str, object], nodes: Iterable[Node]) -> bytes:
    """Serialize a document of ``nodes``, leaving out empty values."""
    graph = [{key: value for key, value in node.items() if value not in ("", [], {}, None)}
             for node in nodes]  # fmt: skip
    text = json.dumps({"@context": context, "@graph": graph}, ensure_ascii=False, indent=1)
    return text.encode() + b"\n"


def tagged(text: Texts) -> object:
    """A text in all its languages, as JSON-LD values (section 4.2.4)."""
    values: list[object] = [
        {"@language": language, "@value": value} if language else value
        for language, value in text.items()
    ]
    return values[0] if len(values) == 1 else values


def each_tagged(texts: Iterable[tuple[str, str]]) -> list[object]:
    """Texts with their languages, as JSON-LD values."""
    return [tagged({language: text}) for text, language in texts]


def by_language(text: Texts) -> object:
    """A text as a language map (JSON-LD 1.1, section 4.6.2)."""
    return {language or "@none": value for language, value in text.items() if value}


def each_by_language(texts: Iterable[tuple[str, str]]) -> object:
    """Texts with their languages, as a language map."""
    found: dict[str, list[str]] = {}
    for text, language in texts:
        found.setdefault(language or "@none", []).append(text)
    return found
