"""Reviewing candidates, with each decision saved at once.

The file of decisions is the only state: it is rewritten atomically after each decision, and read
again when the review is resumed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from competency_graph.errors import BadValueError
from competency_graph.mappings import NO_TERM, PREDICATES, Mapping, MappingSet, read, write
from competency_graph.mappings.model import ENDING

DECISIONS: Final = {predicate[5:-5]: predicate for predicate in PREDICATES} | {"reject": ""}
"""The possible decisions on a candidate, with the predicate of the link; "" for a rejection."""
_MANUAL_CURATION: Final = "semapv:ManualMappingCuration"
_TOOL_SLOTS: Final = frozenset(
    ("mapping_tool_version", "mapping_tool_id", "similarity_score", "similarity_measure",
     "match_string", "subject_match_field", "object_match_field", "subject_preprocessing",
     "object_preprocessing", "predicate_modifier", "author_label", "author_id")
)  # fmt: skip
_TARGET_SLOTS: Final = ("object_source", "object_source_version")
_Key = tuple[str, str]


def default_output(path: Path) -> Path:
    """The default file for the decisions on a file's candidates."""
    name = path.name.removesuffix(ENDING).removesuffix(".tsv")
    return path.with_name(f"{name}.reviewed{ENDING}")


class Review:
    """The candidates of a file, and the decisions made on them so far.

    Args:
        path: the file of candidates.
        output: the file of decisions; existing ones are kept.
        author: who decides: a name, or an identifier such as ``orcid:0000-0002-1825-0097``.
        today: returns the date of a decision.

    Raises:
        UnreadableInputError: a file cannot be read or is not SSSOM.
        BadValueError: the output is the file of candidates itself.
    """

    def __init__(
        self, path: Path, output: Path, author: str = "", today: Callable[[], date] = date.today
    ) -> None:
        if output.resolve() == path.resolve():
            raise BadValueError(
                "the decisions would overwrite the candidates",
                "Name another file with --output",
                str(output),
            )
        self._today = today
        self.output = output
        self.suggested = read(path)
        known = read(output) if output.exists() else None
        self._set = _with_prefixes(known or self._new_head(), self.suggested.prefixes)
        self._no_term = self.suggested.expand(NO_TERM)
        self._decided: dict[_Key, Mapping] = {
            self._key(self._set, each): each for each in self._set.mappings
        }
        self.candidates = [m for m in self.suggested.mappings if m.object_id != NO_TERM]
        """The candidates to decide on, grouped by entry, in the order of the file."""
        self.author = author or self._last_author()

    def _new_head(self) -> MappingSet:
        """The metadata of a new file of decisions."""
        metadata = {
            key: value
            for key, value in self.suggested.metadata.items()
            if key not in _TOOL_SLOTS and key not in ("comment", "mapping_tool", "mapping_date")
        }
        metadata["mapping_set_title"] = "Links that a person has reviewed"
        metadata["mapping_set_id"] = f"{self.suggested.iri}/reviewed"
        if str(self.suggested.iri).startswith("urn:"):
            metadata["mapping_set_id"] = f"{self.suggested.iri}:reviewed"
        return MappingSet(metadata)

    def _last_author(self) -> str:
        for mapping in reversed(self._set.mappings):
            name = mapping.others.get("author_id") or mapping.others.get("author_label", "")
            if name:
                return name
        return ""

    @staticmethod
    def _key(mappings: MappingSet, mapping: Mapping) -> _Key:
        def full(curie: str) -> str:
            return mappings.expand(curie) or curie

        return full(mapping.subject_id), full(mapping.object_id)

    def subject(self, candidate: Mapping) -> str:
        """The IRI of a candidate's entry."""
        return self._key(self.suggested, candidate)[0]

    def object(self, candidate: Mapping) -> str:
        """The IRI of the concept that a candidate links to."""
        return self._key(self.suggested, candidate)[1]

    def decision(self, candidate: Mapping) -> str:
        """The decision on a candidate, by its name in `DECISIONS`; "" if there is none yet."""
        found = self._decided.get(self._key(self.suggested, candidate))
        if found is None:
            return ""
        if found.negated:
            return "reject"
        return next((n for n, p in DECISIONS.items() if p == found.predicate_id), "")

    def note(self, candidate: Mapping) -> str:
        """The comment of the decision on a candidate."""
        found = self._decided.get(self._key(self.suggested, candidate))
        return found.comment if found else ""

    @property
    def open(self) -> list[Mapping]:
        """The candidates without a decision."""
        return [each for each in self.candidates if not self.decision(each)]

    def confidence(self, candidate: Mapping) -> str:
        """The confidence of the decision on a candidate; "" for none."""
        found = self._decided.get(self._key(self.suggested, candidate))
        return found.confidence if found else ""

    def decide(
        self, candidate: Mapping, decision: str, comment: str = "", confidence: str = ""
    ) -> None:
        """Decide on a candidate, or change a decision, and save it at once.

        Args:
            candidate: one of `candidates`.
            decision: one of `DECISIONS`.
            comment: the reason, in the reviewer's words.
            confidence: the reviewer's confidence, from 0 to 1; "" keeps the candidate's, or none
                for a rejection.

        Raises:
            UnavailableError: saving failed; the file is unchanged.
        """
        others = {k: v for k, v in candidate.others.items() if k not in _TOOL_SLOTS}
        others |= self._target(candidate)
        if decision == "reject":
            others["predicate_modifier"] = "Not"
        subject, thing = self._key(self.suggested, candidate)
        decided_mapping = replace(
            candidate,
            subject_id=self._set.curie(subject) or candidate.subject_id,
            object_id=self._set.curie(thing) or candidate.object_id,
            predicate_id=DECISIONS[decision] or candidate.predicate_id,
            others=others | self._author_cells(),
        )
        final_confidence = confidence or ("" if decision == "reject" else candidate.confidence)
        self._save((subject, thing), self._as_manual(decided_mapping, comment, final_confidence))

    def record_no_match(self, candidate: Mapping, comment: str = "") -> None:
        """Record that a candidate's entry has no match, and save that at once.

        Raises:
            UnavailableError: saving failed; the file is unchanged.
        """
        subject = self.subject(candidate)
        targets = [self._target(each) for each in self._candidates_of_same_entry(candidate)]
        same_target = targets.count(targets[0]) == len(targets)
        decided_mapping = Mapping(
            subject_id=self._set.curie(subject) or candidate.subject_id,
            subject_label=candidate.subject_label,
            subject_category=candidate.subject_category,
            predicate_id=PREDICATES[0],
            object_id=NO_TERM,
            others=self._author_cells() | (targets[0] if same_target else {}),
        )
        self._save((subject, self._no_term), self._as_manual(decided_mapping, comment))

    def all_rejected(self, candidate: Mapping) -> bool:
        """Whether all candidates of the same entry are rejected."""
        return all(
            self.decision(each) == "reject" for each in self._candidates_of_same_entry(candidate)
        )

    def has_no_match(self, candidate: Mapping) -> bool:
        """Whether it is recorded that a candidate's entry has no match."""
        return (self.subject(candidate), self._no_term) in self._decided

    def _candidates_of_same_entry(self, candidate: Mapping) -> list[Mapping]:
        """The candidates of the same entry."""
        subject = self.subject(candidate)
        return [each for each in self.candidates if self.subject(each) == subject]

    def _target(self, candidate: Mapping) -> dict[str, str]:
        """The framework and version of a candidate, with the prefixes of the file of decisions."""
        found = {key: candidate.others[key] for key in _TARGET_SLOTS if key in candidate.others}
        if source := found.get("object_source"):
            found["object_source"] = self._set.curie(self.suggested.expand(source)) or source
        return found

    def _as_manual(self, mapping: Mapping, comment: str, confidence: str = "") -> Mapping:
        return replace(
            mapping,
            mapping_justification=_MANUAL_CURATION,
            mapping_tool="",
            confidence=confidence,
            mapping_date=self._today().isoformat(),
            comment=comment,
        )

    def _author_cells(self) -> dict[str, str]:
        prefix, colon, local = self.author.partition(":")
        if colon and local and prefix in self._set.prefixes | {"orcid": ""}:
            return {"author_id": self.author}
        return {"author_label": self.author.replace("|", r"\|")}

    def _save(self, key: _Key, decided_mapping: Mapping) -> None:
        decided = self._decided | {key: decided_mapping}
        if decided_mapping.object_id != NO_TERM and not decided_mapping.negated:
            # An entry with a link cannot be recorded as having no match.
            decided.pop((key[0], self._no_term), None)
        changed = self._set
        if decided_mapping.others.get("author_id", "").startswith("orcid:"):
            changed = _with_prefixes(changed, {"orcid": "https://orcid.org/"})
        changed = changed.with_mappings(decided.values())
        remedy = "Free some disk space or give another file with --output, then decide again"
        write(self.output, changed, "decision", remedy)
        self._set, self._decided = changed, decided


def _with_prefixes(mappings: MappingSet, prefixes: dict[str, str]) -> MappingSet:
    """Add prefixes for namespaces to a set, under other names if theirs are in use."""
    own = mappings.metadata.get("curie_map")
    known = dict(own) if isinstance(own, dict) else {}
    for prefix, space in prefixes.items():
        if space in mappings.prefixes.values():
            continue
        name, number = prefix, 1
        while name in known:
            number += 1
            name = f"{prefix}{number}"
        known[name] = space
    return replace(mappings, metadata={**mappings.metadata, "curie_map": known})
