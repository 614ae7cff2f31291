"""Quick fixes, and all of them at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from lsprotocol import types

from competency_graph.authoring.live_store import LiveStore
from competency_graph.authoring.mentions import is_mapping_file, is_turtle
from competency_graph.lsp.checking import Shown
from competency_graph.lsp.diagnostics import SOURCE
from competency_graph.lsp.documents import Documents
from competency_graph.lsp.positions import Positions, with_line_ends_of
from competency_graph.rdf.turtle_reading import declared_prefixes
from competency_graph.rdf.vocabulary import PREFIXES
from competency_graph.validation.checks.check_result import BROKEN
from competency_graph.validation.findings import Edit

FIX_ALL: Final = f"{types.CodeActionKind.SourceFixAll.value}.{SOURCE}"
_MAX_SHOWN: Final = 60
_UNDECLARED: Final = re.compile(r"prefix “?([\w.-]+):”? is not declared")


def actions(
    documents: Documents,
    store: LiveStore,
    shown: Sequence[Shown],
    name: str,
    params: types.CodeActionParams,
    is_pending: bool = False,
) -> list[types.CodeAction]:
    """The actions for a range of a file. That which fixes all has no edit yet, only data.

    Args:
        documents: the texts.
        store: the statements, whose prefixes may be declared.
        shown: the findings in the file.
        name: the file.
        params: the request, which may ask only for some kinds of actions.
        is_pending: whether there may be findings that have not been found yet, as when an editor
            fixes all on saving.
    """
    at = documents.positions(name)
    start, end = at.offset(params.range.start), at.offset(params.range.end)
    found: list[types.CodeAction] = []
    if _wanted(types.CodeActionKind.QuickFix.value, params):
        here = [each for each in shown if _overlaps(at, each.diagnostic.range, start, end)]
        found += (action for each in here if (action := _quick_fix(documents, each)))
        found += _declarations(documents, store, name, params.context.diagnostics)
        found += _allowing(documents, name, here)
    may_fix = any(each.finding.edits for each in shown) or (is_pending and params.context.only)
    if _wanted(FIX_ALL, params) and may_fix:
        found.append(
            types.CodeAction("Fix all that competency can fix", FIX_ALL, data={"name": name})
        )
    return found


def changes(documents: Documents, texts: dict[str, str]) -> types.WorkspaceEdit:
    """The edits that give files other texts."""
    return types.WorkspaceEdit(
        {
            documents.uri(name): differences(documents.text(name), text, documents.positions(name))
            for name, text in texts.items()
        }
    )


def edits(documents: Documents, found: Iterable[Edit]) -> types.WorkspaceEdit:
    """Edits of files as the protocol's."""
    by_uri: dict[str, list[types.TextEdit]] = {}
    for edit in found:
        place = documents.positions(edit.file).range(edit.start, edit.end)
        new = with_line_ends_of(documents.text(edit.file), edit.text)
        by_uri.setdefault(documents.uri(edit.file), []).append(types.TextEdit(place, new))
    return types.WorkspaceEdit(by_uri)


def differences(before: str, after: str, at: Positions) -> list[types.TextEdit]:
    """The edits of whole lines that turn one text into another."""
    old = before.splitlines(keepends=True)
    new = with_line_ends_of(before, after).splitlines(keepends=True)
    first = 0
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    offsets = [0]
    for line in old:
        offsets.append(offsets[-1] + len(line))
    middle = old[first : len(old) - last], new[first : len(new) - last]
    return [
        types.TextEdit(
            at.range(offsets[first + start], offsets[first + end]),
            "".join(middle[1][new_start:new_end]),
        )
        for kind, start, end, new_start, new_end in SequenceMatcher(
            None, *middle, autojunk=False
        ).get_opcodes()
        if kind != "equal"
    ]


def _quick_fix(documents: Documents, shown: Shown) -> types.CodeAction | None:
    finding = shown.finding
    if not finding.edits:
        return None
    first = finding.edits[0]
    text = documents.text(first.file)
    old, new = (_short(each) for each in (text[first.start : first.end], first.text))
    what = f"add {new}" if not old else f"replace {old} by {new}" if new else f"remove {old}"
    return types.CodeAction(
        f"{finding.rule.code}: {what}",
        types.CodeActionKind.QuickFix,
        [shown.diagnostic],
        is_preferred=True,
        edit=edits(documents, finding.edits),
    )


def _declarations(
    documents: Documents, store: LiveStore, name: str, found: Iterable[types.Diagnostic]
) -> Iterator[types.CodeAction]:
    """Actions that declare a known prefix which a text uses without declaration."""
    text = documents.text(name)
    known, declared = PREFIXES | store.prefixes, declared_prefixes(text)
    for diagnostic in found:
        match = _UNDECLARED.search(diagnostic.message)
        if match and match[1] in known and match[1] not in declared and not is_mapping_file(name):
            line = f"PREFIX {match[1]}: <{known[match[1]]}>"
            start = declaration_offset(text, line)
            yield types.CodeAction(
                f"Declare the prefix {match[1]}:",
                types.CodeActionKind.QuickFix,
                [diagnostic],
                is_preferred=True,
                edit=edits(documents, [Edit(name, start, start, f"{line}\n")]),
            )


def declaration_offset(text: str, line: str) -> int:
    """Where a declaration belongs: sorted among others, else after the comments at the head."""
    others = [
        (match.start(), match.end(), match[0])
        for match in re.finditer(r"(?im)^[ \t]*@?prefix\b[^\n]*\n?", text)
    ]
    for start, _, other in others:
        if other.lower().lstrip(" \t@") > line.lower():
            return start
    if others:
        return others[-1][1]
    head = re.match(r"(?:#[^\n]*\n)*\n*", text)
    return head.end() if head else 0


def _allowing(
    documents: Documents, name: str, shown: Iterable[Shown]
) -> Iterator[types.CodeAction]:
    """Actions that allow a finding by a comment above its line."""
    if not is_turtle(name):
        return
    text = documents.text(name)
    never = {rule.code for rule in BROKEN}
    for each in shown:
        code, line = each.finding.rule.code, each.finding.place.line
        if code in never or not line:
            continue
        begins = documents.positions(name).at(line, 1)
        indent = re.match(r"[ \t]*", text[begins:])
        comment = f"{indent[0] if indent else ''}# competency: allow {code}\n"
        yield types.CodeAction(
            f"{code}: allow it here, by a comment",
            types.CodeActionKind.QuickFix,
            [each.diagnostic],
            edit=edits(documents, [Edit(name, begins, begins, comment)]),
        )


def _overlaps(at: Positions, place: types.Range, start: int, end: int) -> bool:
    return at.offset(place.start) <= end and start <= at.offset(place.end)


def _wanted(kind: str, params: types.CodeActionParams) -> bool:
    only = params.context.only
    return only is None or any(
        kind == (each := getattr(one, "value", one)) or kind.startswith(f"{each}.") for one in only
    )


def _short(text: str) -> str:
    line = " ".join(text.split()).removeprefix("; ")
    return line if len(line) <= _MAX_SHOWN else f"{line[:_MAX_SHOWN]}…"
