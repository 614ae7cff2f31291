"""Reviewing candidates and links, with each decision saved at once.

The file of decisions is the only state: it is rewritten atomically after each decision, and read
again when the review is resumed.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final, TypeAlias

from competency_graph.errors import BadValueError, ChangedError
from competency_graph.linking.concepts import Concept
from competency_graph.linking.reviewing import candidates, decision_file
from competency_graph.linking.reviewing.decision_file import DecisionFile
from competency_graph.linking.reviewing.records import (
    DECISIONS,
    MANUAL_CURATION,
    NOTHING,
    Decision,
    asserted,
    decision_of,
    note_of,
    record,
    sureness,
)
from competency_graph.linking.reviewing.reviewer import Reviewer, deciders
from competency_graph.mappings import NO_TERM, PREDICATES, Mapping, curie_map, read
from competency_graph.mappings.model import ENDING

_MAX_UNDO: Final = 50
"""The number of decisions that can be taken back."""
_Key: TypeAlias = tuple[str, str]


def default_output(path: Path) -> Path:
    """The default file for the decisions on a file's candidates."""
    name = path.name.removesuffix(ENDING).removesuffix(".tsv")
    return path.with_name(f"{name}.reviewed{ENDING}")


class Review:
    """The candidates and links of a file, and the decisions made on them so far.

    Args:
        path: the file of candidates or links.
        output: the file of decisions; existing ones are kept.
        author: who decides: a name, or an identifier such as ``orcid:0000-0002-1825-0097``; ""
            for who made the last decision in ``output``.
        reviewer_id: an identifier, in addition to the name: a CURIE or an http(s) IRI.
        today: returns the date of a decision.

    Raises:
        UnreadableInputError: a file cannot be read or is not SSSOM.
        BadValueError: the output is the file of candidates itself, or the identifier is invalid.
    """

    def __init__(
        self, path: Path, output: Path, author: str = "", reviewer_id: str = "",
        today: Callable[[], date] = date.today,
    ) -> None:  # fmt: skip
        if output.resolve() == path.resolve():
            raise BadValueError(
                "the decisions would overwrite the candidates",
                "Name another file with --output",
                str(output),
            )
        self._today = today
        self.output = output
        self.suggested = read(path)
        self._file = DecisionFile(output, self.suggested)
        self._undo: deque[dict[_Key, Mapping]] = deque(maxlen=_MAX_UNDO)
        rows = [m for m in self.suggested.mappings if m.object_id != NO_TERM or self.asserted(m)]
        self.candidates = candidates.by_entry([*rows, *self._added_before(rows)])
        """The candidates and links to decide on, grouped by entry, in the order of the file.

        A mapping that states that an entry has no match is one of them if somebody asserts it.
        """
        self.reviewer = Reviewer()
        self.name_reviewer(author, reviewer_id)

    def check_writable(self) -> None:
        """Check that decisions can be saved.

        Raises:
            UnavailableError: they cannot.
        """
        self._file.check_writable()

    def name_reviewer(self, author: str, reviewer_id: str = "") -> None:
        """Set who decides; see the arguments of the class.

        Raises:
            BadValueError: the identifier is invalid.
        """
        known = self._file.content.prefixes
        if author or reviewer_id:
            self.reviewer = Reviewer.named(author, reviewer_id, known)
        elif rows := self._file.content.mappings:
            name, identifier = deciders(rows[-1])
            self.reviewer = Reviewer.named(name, identifier, known)

    @property
    def author(self) -> str:
        """Who decides: the name, else the identifier; "" if unknown."""
        return self.reviewer.text

    def others(self) -> list[str]:
        """The names of other people whose decisions the file of decisions has."""
        found = (deciders(each) for each in self._file.content.mappings)
        own = {self.reviewer.name, self.reviewer.id} - {""}
        return list(dict.fromkeys(
            name or identifier for name, identifier in found
            if (name or identifier) and own.isdisjoint((name, identifier))
        ))  # fmt: skip

    def asserted(self, candidate: Mapping) -> bool:
        """Whether somebody asserts a candidate, rather than only a tool proposing it."""
        return asserted(candidate, self.suggested)

    def key(self, candidate: Mapping) -> _Key:
        """The IRIs of a candidate's entry and of the concept that it links to."""
        return decision_file.key(self.suggested, candidate)

    def subject(self, candidate: Mapping) -> str:
        """The IRI of a candidate's entry."""
        return self.key(candidate)[0]

    def object(self, candidate: Mapping) -> str:
        """The IRI of the concept that a candidate links to."""
        return self.key(candidate)[1]

    def identifier(self, candidate: Mapping) -> str:
        """A short name of a candidate, which stays the same when others are added."""
        return hashlib.sha256(" ".join(self.key(candidate)).encode()).hexdigest()[:16]

    def decision(self, candidate: Mapping) -> str:
        """The decision on a candidate: one of `decisions`; "" if there is none yet."""
        found = self._file.decided.get(self.key(candidate))
        if found is None and candidate.object_id == NO_TERM:
            linked = any(self._is_linked(each) for each in self.of_same_entry(candidate))
            return "reject" if linked else ""
        return decision_of(found) if found else ""

    def decisions(self, candidate: Mapping) -> list[str]:
        """The possible decisions on a candidate.

        That an entry has no match can be confirmed; `add` a link where it is wrong.
        """
        return [NOTHING] if candidate.object_id == NO_TERM else list(DECISIONS)

    def _is_linked(self, candidate: Mapping) -> bool:
        found = self._file.decided.get(self.key(candidate))
        return found is not None and found.object_id != NO_TERM and not found.negated

    def note(self, candidate: Mapping) -> str:
        """The comment of the decision on a candidate."""
        found = self._file.decided.get(self.key(candidate))
        return note_of(candidate, found) if found else ""

    def confidence(self, candidate: Mapping) -> str:
        """The confidence of the decision on a candidate; "" for none."""
        found = self._file.decided.get(self.key(candidate))
        return sureness(found) if found else ""

    @property
    def open(self) -> list[Mapping]:
        """The candidates without a decision."""
        return [each for each in self.candidates if not self.decision(each)]

    def decide(
        self, candidate: Mapping, decision: str, comment: str = "", confidence: str = ""
    ) -> None:
        """Decide on a candidate or link, or change a decision, and save it at once.

        Args:
            candidate: one of `candidates`.
            decision: one of `decisions`.
            comment: the reason, in the reviewer's words.
            confidence: the reviewer's confidence, from 0 to 1; "" keeps the candidate's, or none
                for a rejection. Of a link that the reviewer confirms, it is the agreement.

        Raises:
            BadValueError: this cannot be decided on the candidate.
            UnavailableError: saving failed; the file is unchanged.
            ChangedError: another program has changed the file; its content is read again.
        """
        if decision not in (possible := self.decisions(candidate)):
            raise BadValueError(
                f"“{decision}” is not a decision on this", f"Use one of {', '.join(possible)}"
            )
        made = Decision(decision, self.reviewer, self._date(), comment, confidence)
        recorded = record(candidate, made, self.suggested)
        subject, thing = self.key(candidate)
        others = dict(recorded.others) | self._target(candidate)
        recorded = replace(
            recorded,
            subject_id=self._file.content.curie(subject) or candidate.subject_id,
            object_id=self._file.content.curie(thing) or candidate.object_id,
            others=others,
        )
        self._save((subject, thing), recorded)

    def add(self, candidate: Mapping, concept: Concept) -> Mapping:
        """A new candidate, for another concept that the reviewer found for a candidate's entry.

        Nothing is saved until it is decided on.

        Args:
            candidate: a candidate of the entry.
            concept: the concept.
        """
        prefixes = curie_map(filter(None, (concept.iri, concept.source)))
        self.suggested = decision_file.with_prefixes(self.suggested, prefixes)
        self._file.declare(prefixes)
        added = candidates.of_concept(candidate, concept, self.suggested)
        known = {self.key(each): each for each in self.candidates}
        if (found := known.get(self.key(added))) is not None:
            return found
        self.candidates = candidates.by_entry([*self.candidates, added])
        return added

    @property
    def can_undo(self) -> bool:
        """Whether a decision was made in this session that can be taken back."""
        return bool(self._undo)

    def undo(self) -> _Key | None:
        """Take back the last decision of this session; the key of its candidate, None if none.

        Raises:
            UnavailableError: saving failed; nothing is taken back.
            ChangedError: another program has changed the file; its content is read again.
        """
        if not self._undo:
            return None
        before, now = self._undo[-1], self._file.decided
        self._write(before)
        self._undo.pop()
        changed = [key for key in now if now[key] is not before.get(key)]
        return changed[-1] if changed else None

    def record_no_match(self, candidate: Mapping, comment: str = "") -> None:
        """Record that a candidate's entry has no match, and save that at once.

        Raises:
            UnavailableError: saving failed; the file is unchanged.
            ChangedError: another program has changed the file; its content is read again.
        """
        subject = self.subject(candidate)
        targets = [self._target(each) for each in self.of_same_entry(candidate)]
        same_target = targets.count(targets[0]) == len(targets)
        others = self.reviewer.cells("author") | (targets[0] if same_target else {})
        decided = Mapping(
            subject_id=self._file.content.curie(subject) or candidate.subject_id,
            subject_label=candidate.subject_label,
            subject_category=candidate.subject_category,
            predicate_id=PREDICATES[0],
            object_id=NO_TERM,
            mapping_justification=MANUAL_CURATION,
            mapping_date=self._date(),
            comment=comment,
            others=others,
        )
        self._save((subject, self._no_term), decided)

    def all_rejected(self, candidate: Mapping) -> bool:
        """Whether all candidates of the same entry are rejected."""
        found = [self.decision(each) for each in self.of_same_entry(candidate)]
        return found == ["reject"] * len(found) and candidate.object_id != NO_TERM

    def has_no_match(self, candidate: Mapping) -> bool:
        """Whether it is recorded that a candidate's entry has no match."""
        return (self.subject(candidate), self._no_term) in self._file.decided

    def of_same_entry(self, candidate: Mapping) -> list[Mapping]:
        """The candidates of the same entry, this one included."""
        subject = self.subject(candidate)
        return [each for each in self.candidates if self.subject(each) == subject]

    @property
    def _no_term(self) -> str:
        return self.suggested.expand(NO_TERM)

    def _date(self) -> str:
        return self._today().isoformat()

    def _added_before(self, rows: list[Mapping]) -> Iterator[Mapping]:
        """The concepts that were added to the entries in an earlier session."""
        keys = {self.key(each) for each in rows}
        subjects = {self.subject(each): each for each in rows}
        self.suggested = decision_file.with_prefixes(self.suggested, self._file.content.prefixes)
        for (subject, thing), row in self._file.decided.items():
            if subject in subjects and (subject, thing) not in keys and thing != self._no_term:
                like = subjects[subject]
                yield candidates.of_record(like, row, self._file.content, self.suggested)

    def _target(self, candidate: Mapping) -> dict[str, str]:
        """The framework and version of a candidate, with the prefixes of the file of decisions."""
        found = {
            key: candidate.others[key] for key in candidates.TARGET_SLOTS if key in candidate.others
        }
        if source := found.get("object_source"):
            found["object_source"] = (
                self._file.content.curie(self.suggested.expand(source)) or source
            )
        return found

    def _save(self, key: _Key, recorded: Mapping) -> None:
        # What is decided again comes last, so that the last row says who decided last.
        decided = {each: row for each, row in self._file.decided.items() if each != key}
        decided[key] = recorded
        if recorded.object_id != NO_TERM and not recorded.negated:
            # An entry with a link cannot be recorded as having no match.
            decided.pop((key[0], self._no_term), None)
        before = self._file.decided
        self._write(decided)
        self._undo.append(before)

    def _write(self, decided: dict[_Key, Mapping]) -> None:
        try:
            self._file.write(decided, dict(self.reviewer.prefixes))
        except ChangedError:
            self._undo.clear()
            raise
