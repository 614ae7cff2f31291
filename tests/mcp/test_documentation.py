"""docs/assistants.md: its settings are those of the command, and its example is what tools say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
import yaml
from assistant import Assistant, connected
from test_tools import TOOLS

from competency_graph.cli.mcp import command
from competency_graph.mcp import prompts, resources
from conftest import ROOT

PAGE = (ROOT / "docs" / "assistants.md").read_text()
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SNIPPETS = FENCE.findall(PAGE)
STYLE = {"sort_keys": False, "allow_unicode": True, "width": 1_000, "default_flow_style": None}
"""Results are shown in YAML, with what has no further levels in one line."""


@pytest.fixture(scope="module")
def assistant(server: str) -> Iterator[Assistant]:
    with connected(f"{server}/mcp") as found:
        yield found


def transcript(assistant: Assistant, shown: str) -> str:
    """The calls of a transcript, each with its result; long arrays and texts are shortened."""
    lines = []
    for line in re.findall(r"^> .*$", shown, re.MULTILINE):
        tool, _, arguments = line.removeprefix("> ").partition(" ")
        found = assistant.call(tool, **json.loads(arguments))
        lines += [line, yaml.safe_dump(shortened(found), **STYLE)]
    return "\n".join(lines)


def shortened(value: object) -> object:
    """A value with the first members of long arrays, and the first characters of long texts."""
    match value:
        case dict():
            return {name: shortened(each) for name, each in value.items()}
        case list() if len(value) > 3:
            return [*map(shortened, value[:2]), "…"]
        case list():
            return [shortened(each) for each in value]
        case str():
            text = " ".join(value.split())
            return text if len(text) <= 100 else f"{text[:100]}…"
    return value


def test_the_example_is_what_the_tools_say(assistant: Assistant) -> None:
    (shown,) = (body for language, body in SNIPPETS if language == "text")
    assert shown.count("> ") >= 4
    assert shown == transcript(assistant, shown)


def test_settings_start_the_command_or_name_the_address() -> None:
    found = []
    for language, body in SNIPPETS:
        if language == "json":
            (servers,) = json.loads(body).values()
            found += servers.values()
    options = {option for parameter in command.params for option in parameter.opts}
    for settings in found:
        if "url" in settings:
            assert settings["url"] == "http://127.0.0.1:8000/mcp"
            continue
        assert settings["command"] == "competency"
        name, *arguments = settings["args"]
        assert name == "mcp"
        assert {each for each in arguments if each.startswith("--")} <= options
    assert len(found) == 3


def test_tools_resources_and_prompts_are_listed() -> None:
    rows = re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`([^`]+)`", row)]
    addresses = [
        re.sub(r"\{(\w+)\}", lambda variable: variable[1].upper(), each.address)
        for each in resources.RESOURCES
    ]
    assert sorted(named) == sorted([*TOOLS, *addresses, *prompts.PROMPTS])
