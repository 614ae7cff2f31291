"""A person's decisions on candidates, of which none is ever lost.

The file of decisions is all the state there is: it is written anew at each of them, whole or not at
all, and read when the review goes on.
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
"""What can be decided on a candidate; each but a rejection with the predicate that it means."""
_BY_HAND: Final = "semapv:ManualMappingCuration"
_OF_THE_TOOL: Final = frozenset(
    ("mapping_tool_version", "mapping_tool_id", "similarity_score", "similarity_measure",
     "match_string", "subject_match_field", "object_match_field", "subject_preprocessing",
     "object_preprocessing", "predicate_modifier", "author_label", "author_id")
)  # fmt: skip
_OF_THE_TARGET: Final = ("object_source", "object_source_version")
_Key = tuple[str, str]


def beside(path: Path) -> Path:
    """Where the decisions on a file's candidates are kept, where no other place is named."""
    name = path.name.removesuffix(ENDING).removesuffix(".tsv")
    return path.with_name(f"{name}.reviewed{ENDING}")


class Review:
    """The candidates of a file, and what was decided on them so far.

    Args:
        path: the file of candidates.
        output: where the decisions are kept; those that are there are taken up.
        author: who decides: a name, or an identifier such as ``orcid:0000-0002-1825-0097``.
        today: tells the date of a decision.

    Raises:
        UnreadableInputError: a file cannot be read or is not SSSOM.
        BadValueError: the output is the file of candidates itself, or nobody decides.
    """

    def __init__(
        self, path: Path, output: Path, author: str = "", today: Callable[[], date] = date.today
    ) -> None:
        if output.resolve() == path.resolve():
            raise BadValueError(
                "the decisions would take the place of the candidates",
                "Name another file with --output",
                str(output),
            )
        self._today = today
        self.output = output
        self.suggested = read(path)
        known = read(output) if output.exists() else None
        self._set = _knowing(known or self._head(), self.suggested.prefixes)
        self._nothing = self.suggested.expand(NO_TERM)
        self._decided: dict[_Key, Mapping] = {
            self._key(self._set, each): each for each in self._set.mappings
        }
        self.candidates = [m for m in self.suggested.mappings if m.object_id != NO_TERM]
        """What is to be decided, entry by entry, in the order of the file."""
        self.author = author or self._last_author()

    def _head(self) -> MappingSet:
        """What the file of decisions says of itself when it is new."""
        said = {
            key: value
            for key, value in self.suggested.metadata.items()
            if key not in _OF_THE_TOOL and key not in ("comment", "mapping_tool", "mapping_date")
        }
        said["mapping_set_title"] = "Links that a person decided on"
        said["mapping_set_id"] = f"{self.suggested.iri}/reviewed"
        if str(self.suggested.iri).startswith("urn:"):
            said["mapping_set_id"] = f"{self.suggested.iri}:reviewed"
        return MappingSet(said)

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
        """The IRI of the thing that a candidate links to."""
        return self._key(self.suggested, candidate)[1]

    def decision(self, candidate: Mapping) -> str:
        """What was decided on a candidate, by its name in `DECISIONS`; "" for nothing yet."""
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
        """The candidates on which nothing is decided."""
        return [each for each in self.candidates if not self.decision(each)]

    def confidence(self, candidate: Mapping) -> str:
        """The confidence of the decision on a candidate; "" for none."""
        found = self._decided.get(self._key(self.suggested, candidate))
        return found.confidence if found else ""

    def decide(
        self, candidate: Mapping, decision: str, comment: str = "", confidence: str = ""
    ) -> None:
        """Decide on a candidate, or decide otherwise than before; it is written at once.

        Args:
            candidate: one of `candidates`.
            decision: one of `DECISIONS`.
            comment: why, in the person's words.
            confidence: how sure the person is, from 0 to 1; "" leaves it as it was proposed, and
                unsaid where the candidate is rejected.

        Raises:
            UnavailableError: it could not be written; the file is as it was.
        """
        others = {k: v for k, v in candidate.others.items() if k not in _OF_THE_TOOL}
        others |= self._target(candidate)
        if decision == "reject":
            others["predicate_modifier"] = "Not"
        subject, thing = self._key(self.suggested, candidate)
        made = replace(
            candidate,
            subject_id=self._set.curie(subject) or candidate.subject_id,
            object_id=self._set.curie(thing) or candidate.object_id,
            predicate_id=DECISIONS[decision] or candidate.predicate_id,
            others=others | self._signed(),
        )
        sure = confidence or ("" if decision == "reject" else candidate.confidence)
        self._put((subject, thing), self._by_hand(made, comment, sure))

    def find_nothing(self, candidate: Mapping, comment: str = "") -> None:
        """Say that there is nothing to link a candidate's entry to; it is written at once.

        Raises:
            UnavailableError: it could not be written; the file is as it was.
        """
        subject = self.subject(candidate)
        targets = [self._target(each) for each in self._beside(candidate)]
        only = targets.count(targets[0]) == len(targets)
        made = Mapping(
            subject_id=self._set.curie(subject) or candidate.subject_id,
            subject_label=candidate.subject_label,
            subject_category=candidate.subject_category,
            predicate_id=PREDICATES[0],
            object_id=NO_TERM,
            others=self._signed() | (targets[0] if only else {}),
        )
        self._put((subject, self._nothing), self._by_hand(made, comment))

    def all_rejected(self, candidate: Mapping) -> bool:
        """Whether each candidate of the same entry was rejected."""
        return all(self.decision(each) == "reject" for each in self._beside(candidate))

    def nothing_found(self, candidate: Mapping) -> bool:
        """Whether it was said that there is nothing to link a candidate's entry to."""
        return (self.subject(candidate), self._nothing) in self._decided

    def _beside(self, candidate: Mapping) -> list[Mapping]:
        """The candidates of the same entry."""
        subject = self.subject(candidate)
        return [each for each in self.candidates if self.subject(each) == subject]

    def _target(self, candidate: Mapping) -> dict[str, str]:
        """Of which framework and version a candidate is, as the file of decisions spells it."""
        found = {key: candidate.others[key] for key in _OF_THE_TARGET if key in candidate.others}
        if source := found.get("object_source"):
            found["object_source"] = self._set.curie(self.suggested.expand(source)) or source
        return found

    def _by_hand(self, mapping: Mapping, comment: str, confidence: str = "") -> Mapping:
        return replace(
            mapping,
            mapping_justification=_BY_HAND,
            mapping_tool="",
            confidence=confidence,
            mapping_date=self._today().isoformat(),
            comment=comment,
        )

    def _signed(self) -> dict[str, str]:
        prefix, colon, local = self.author.partition(":")
        if colon and local and prefix in self._set.prefixes | {"orcid": ""}:
            return {"author_id": self.author}
        return {"author_label": self.author.replace("|", r"\|")}

    def _put(self, key: _Key, made: Mapping) -> None:
        decided = self._decided | {key: made}
        if made.object_id != NO_TERM and not made.negated:
            # An entry that something is linked to is none for which nothing was found.
            decided.pop((key[0], self._nothing), None)
        changed = self._set
        if made.others.get("author_id", "").startswith("orcid:"):
            changed = _knowing(changed, {"orcid": "https://orcid.org/"})
        changed = changed.having(decided.values())
        again = "Make room or name another file with --output, then decide again"
        write(self.output, changed, "decision", again)
        self._set, self._decided = changed, decided


def _knowing(mappings: MappingSet, prefixes: dict[str, str]) -> MappingSet:
    """The same set, with prefixes for these namespaces; under other names where they are taken."""
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
