"""The properties that the pages about entries show, in words."""

from __future__ import annotations

from typing import Final

from competency_graph.web.languages.texts import N_

PARTS: Final = {
    "hasKeyAction": N_("Does"),
    "requiresKnowledge": N_("Knows"),
    "requiresAbility": N_("Is able to"),
    "producesOutput": N_("Produces"),
}
"""The properties of an area's parts, and what pages call them."""
MATCHES: Final = {
    "exactMatch": N_("the same"),
    "closeMatch": N_("nearly the same"),
    "broadMatch": N_("broader"),
    "narrowMatch": N_("narrower"),
    "relatedMatch": N_("related"),
}
"""The mapping properties of SKOS (section 10) in words: what the other concept is."""
