"""What a tool is, and how it is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from competency_graph.errors import BadValueError
from competency_graph.mcp.served import Client
from competency_graph.mcp.tools.sizes import check_size

Json = dict[str, Any]
Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Tool:
    """A tool that assistants call.

    Args:
        name: its name.
        title: its name for people.
        description: what it does, for assistants, in a few sentences.
        takes: the JSON Schema of its arguments.
        gives: the JSON Schema of its result, an object.
        run: runs it for a client, with valid arguments, and returns the result.
        less: how to get less than a result that is too long, as a sentence without full stop.
    """

    name: str
    title: str
    description: str
    takes: Json
    gives: Json
    run: Callable[[Client, Arguments], Json]
    less: str = "Query a part of it with the tool query"

    def call(self, client: Client, arguments: Arguments) -> Json:
        """Check the arguments and run the tool.

        Raises:
            BadValueError: an argument is missing, unknown or not as its schema says.
            LimitError: the result is longer than `sizes.MAX_CHARACTERS`.
            CompetencyError: as ``run``.
        """
        errors = list(Draft202012Validator(self.takes).iter_errors(arguments))
        if errors:
            raise self._bad_argument(best_match(errors) or errors[0])
        defaults = {
            name: schema["default"]
            for name, schema in self.takes["properties"].items()
            if "default" in schema
        }
        found = self.run(client, defaults | dict(arguments))
        check_size(found, self.less)
        return found

    def _bad_argument(self, error: ValidationError) -> BadValueError:
        where = ".".join(map(str, error.absolute_path))
        known = ", ".join(self.takes["properties"])
        match error.validator:
            case "required":
                return BadValueError(
                    error.message.replace("'", "“", 1).replace("' is a", "” is a"),
                    f"{self.name} takes {known}",
                    self.name,
                )
            case "additionalProperties":
                allowed = ", ".join(error.schema["properties"])
                unknown = next(n for n in error.instance if n not in error.schema["properties"])
                return BadValueError(
                    f"there is no argument “{unknown[:80]}”", f"Use {allowed}", where or self.name
                )
            case "enum":
                allowed = ", ".join(map(str, error.validator_value))
                return BadValueError(
                    f"“{str(error.instance)[:80]}” is not allowed", f"Use one of {allowed}", where
                )
            case "type":
                types = error.validator_value
                wanted = types if isinstance(types, str) else " or ".join(types)
                return BadValueError(
                    "the value has another type", f"Give it as JSON of type {wanted}", where
                )
        limit = f"{error.validator} {error.validator_value}"
        return BadValueError(
            "the value is too short, too long, too small or too large",
            f"Keep to its limit ({limit})",
            where,
        )


def without_empty(members: Json) -> Json:
    """An object without the members that are empty: "", [], {} or None."""
    return {name: value for name, value in members.items() if value not in ("", [], {}, None)}
