"""Dictionaries of any size with faults in known places.

Each is copies of the smallest complete dictionary under other names; a fault is a line of one of
them that is left out or changed, so that exactly one rule is broken at exactly one entry.
"""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import NamedTuple

_SMALLEST = (Path(__file__).parents[1] / "dictionaries" / "pass" / "smallest.ttl").read_text()
_BAKERY = "https://example.org/bakery"


class Fault(NamedTuple):
    """What is changed in one copy, and the rule that this breaks.

    Args:
        code: the rule.
        entry: the entry, by the last two parts of its IRI; "" for the dictionary.
        block: the entry in whose statements the line stands, as prefixed name.
        old: the line.
        new: what stands there instead; "" to leave it out.
    """

    code: str
    entry: str
    block: str
    old: str
    new: str = ""


FAULTS = (
    Fault("CG201", "", "<https://example.org/bakery>", 'dcterms:title "Bakery dictionary"@en ;'),
    Fault("CG205", "", "<https://example.org/bakery>", 'dcterms:language "en" ;'),
    Fault("CG104", "output/bread", "output:bread", "skos:inScheme <https://example.org/bakery> ;"),
    Fault("CG114", "role/baker", "role:baker", 'skos:notation "R1" ;'),
    Fault("CG106", "knowledge/flour", "knowledge:flour", 'skos:prefLabel "Flour"@en ;'),
    Fault("CG105", "knowledge/flour", "knowledge:flour", 'skos:notation "K001" ;', 'skos:notation "K001" ; cg:sourcePage 0 ;'),
    Fault("CG402", "role/baker", "role:baker", '"R1"', '"R01"'),
    Fault("CG108", "ability/kneading", "ability:kneading", '"Knead dough"@en', '"Knead dough"'),
    Fault("CG107", "output/bread", "output:bread", '"Bread"@en ;', '"Bread"@en, "Loaf"@en ;'),
)  # fmt: skip


def dictionaries(copies: int, faults: int, seed: int = 7) -> tuple[str, set[tuple[str, str]]]:
    """Turtle with so many copies and so many faults, the same each time.

    Returns:
        The text, and for each fault the code of its rule and the entry's IRI. No copy has two
        faults of one entry.
    """
    chance = random.Random(seed)
    places = [(n, fault) for n in range(copies) for fault in FAULTS]
    chance.shuffle(places)
    chosen: dict[tuple[int, str], Fault] = {}
    for number, fault in places:
        if len(chosen) < faults:
            chosen.setdefault((number, fault.block), fault)
    head, _, body = _SMALLEST.partition("\n\n<")
    texts = [head]
    for number in range(copies):
        text = f"<{body}"
        for (where, _), fault in chosen.items():
            if where == number:
                text = _planted(text, fault)
        texts.append(_renamed(text, number))
    planted = {
        (fault.code, f"{_BAKERY}-{number}" + (f"/{fault.entry}" if fault.entry else ""))
        for (number, _), fault in chosen.items()
    }
    return "\n\n".join(texts), planted


def _planted(text: str, fault: Fault) -> str:
    begin = text.index(f"{fault.block}\n")
    end = text.index("    .\n", begin)
    block = text[begin:end]
    assert block.count(fault.old) == 1, fault
    return text[:begin] + block.replace(fault.old, fault.new) + text[end:]


def _renamed(text: str, number: int) -> str:
    """One copy under a name of its own: its IRIs, its codes, and its labels."""
    text = re.sub(
        r"(?m)(?<=[ \n])(ability|action|area|cluster|competency|knowledge|output|role|title):([\w-]+)",
        rf"<{_BAKERY}/\1/\2>",
        f"\n{text}",
    )
    text = text.replace(_BAKERY, f"{_BAKERY}-{number}")
    text = re.sub(r'(skos:notation ")', rf"\1N{number}-", text)
    return re.sub(r'((?:skos:prefLabel|, ) ?"[^"]*)"', rf'\1 {number}"', text)
