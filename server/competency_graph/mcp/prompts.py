"""Prompts for the usual jobs: a person chooses one, and the assistant then uses the tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from competency_graph.errors import BadValueError, UnknownNameError
from competency_graph.mcp.names import names_of_kind
from competency_graph.mcp.served import Client

_CITE: Final = (
    "Take facts from these tools only, give the code of each entry that you use, and say where the "
    "dictionary is silent."
)


@dataclass(frozen=True)
class Argument:
    """An argument of a prompt.

    Args:
        name: its name.
        description: what it is.
        required: whether it must be given.
        kind: the kind of the entry that it names, one of `vocabulary.KINDS`, or "" for free text.
    """

    name: str
    description: str
    required: bool = True
    kind: str = ""


@dataclass(frozen=True)
class Prompt:
    """A prompt.

    Args:
        name: its name.
        title: its name for people.
        description: what it is for.
        arguments: its arguments.
        template: its text, with the arguments in braces.
    """

    name: str
    title: str
    description: str
    arguments: tuple[Argument, ...]
    template: str

    def text(self, values: Mapping[str, str]) -> str:
        """The text for some arguments.

        Raises:
            BadValueError: a required argument is missing or empty, or one is unknown.
        """
        known = [argument.name for argument in self.arguments]
        for name in values:
            if name not in known:
                raise BadValueError(
                    f"there is no argument “{name[:80]}”", f"Use {', '.join(known)}", self.name
                )
        for argument in self.arguments:
            if argument.required and not values.get(argument.name, "").strip():
                raise BadValueError(
                    f"the argument “{argument.name}” is missing", f"Give {argument.description}",
                    self.name,
                )  # fmt: skip
        filled = {name: values.get(name, "").strip() or "not given" for name in known}
        return self.template.format(**filled, cite=_CITE)


def prompt(name: str) -> Prompt:
    """The prompt with a name.

    Raises:
        UnknownNameError: there is none.
    """
    if name not in PROMPTS:
        raise UnknownNameError(
            f"there is no prompt “{name[:80]}”", f"Use one of {', '.join(PROMPTS)}"
        )
    return PROMPTS[name]


def complete(client: Client, name: str, argument: str, beginning: str) -> list[str]:
    """The values of an argument that a text may become; none for free text."""
    kind = next((a.kind for a in prompt(name).arguments if a.name == argument), "")
    return names_of_kind(client, kind, beginning) if kind else []


PROMPTS: Final = {
    each.name: each
    for each in (
        Prompt(
            "write_job_profile",
            "Write a job profile",
            "A job profile for a role of the dictionary",
            (
                Argument("role", "the role", kind="role"),
                Argument("context", "the company, team or market", required=False),
            ),
            "Write a job profile for the role “{role}” of the competency dictionary. Context: "
            "{context}.\n\n"
            "1. Look the role up with get_entry.\n"
            "2. Ask ask_question for role-profile, role-knowledge, role-abilities and "
            'role-outputs, each with parameters {{"role": "{role}"}}.\n'
            "3. Write: purpose, main tasks (from the areas and their key actions), what the person "
            "delivers (outputs), required knowledge and abilities, and the foundational "
            "competencies. Keep what matters most for the context; do not list everything.\n\n"
            "{cite}",
        ),
        Prompt(
            "compare_roles",
            "Compare two roles",
            "What two roles share, and what a person learns to move from one to the other",
            (
                Argument("present", "the current role", kind="role"),
                Argument("target", "the role to compare it with", kind="role"),
            ),
            "Compare the roles “{present}” and “{target}” of the competency dictionary.\n\n"
            "1. Call compare_entries with both.\n"
            "2. For what is to be learned, ask ask_question for role-gap with parameters "
            '{{"present": "{present}", "target": "{target}"}}.\n'
            "3. Say what the roles share, what only each has, and give a plan in three steps to "
            "move from the first to the second. Where a requirement surprises, check it with "
            "explain_statement.\n\n"
            "{cite}",
        ),
        Prompt(
            "interview_questions",
            "Prepare interview questions",
            "Questions for an interview about an area of expertise",
            (
                Argument("area", "the area of expertise", kind="area"),
                Argument("level", "the experience expected", required=False),
            ),
            "Prepare an interview about the area of expertise “{area}” of the competency "
            "dictionary. Expected experience: {level}.\n\n"
            "1. Look the area up with get_entry, and its key actions, knowledge and abilities with "
            'ask_question for area-whole with parameters {{"area": "{area}"}}.\n'
            "2. Write eight questions about past behaviour, most of them about key actions. For "
            "each: which entry it is about, what a good answer contains, and a follow-up "
            "question.\n\n"
            "{cite}",
        ),
        Prompt(
            "extend_dictionary",
            "Extend the dictionary",
            "New entries of an organisation in Turtle, validated",
            (
                Argument("topic", "what the new entries are about"),
                Argument("organisation", "the organisation, for the names", required=False),
            ),
            "Extend the competency dictionary with entries about: {topic}. Organisation: "
            "{organisation}.\n\n"
            "1. Search with find_entries whether the dictionary has such entries already; refer "
            "to those instead of repeating them.\n"
            "2. Read the resource competency://ontology for classes and properties.\n"
            "3. Write Turtle in a namespace of the organisation: each entry with a class, "
            "skos:prefLabel and skos:definition with language tags, skos:notation and "
            "skos:inScheme.\n"
            "4. Call validate, apply the remedies, and repeat until no violation is left. Show the "
            "final text and the remaining warnings.",
        ),
        Prompt(
            "link_skills",
            "Link a list of skills",
            "Links from your own list of skills to the dictionary and to ESCO",
            (Argument("skills", "the skills, separated by commas or lines"),),
            "Link these skills to the competency dictionary and to ESCO:\n\n{skills}\n\n"
            "1. For each skill, search the dictionary with find_entries.\n"
            "2. Call suggest_links with the skills, up to 20 at a time. If ESCO is not loaded, say "
            "so, and use the links of the entries found (get_entry).\n"
            "3. Give a table: skill, entry (code and label), concept of ESCO (label and IRI), "
            "relation, confidence. Mark what a person should check, and leave a cell empty rather "
            "than force a link.",
        ),
    )
}
"""The prompts by name."""
