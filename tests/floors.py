"""The rooms of the package, on their floors, and what each uses: read from the code itself."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "server" / "competency_graph"
PAGE = ROOT / "docs" / "architecture.md"
FLOORS = tomllib.loads((ROOT / "docs" / "floors.toml").read_text())["floor"]
FLOOR = {room: number for number, floor in enumerate(FLOORS) for room in floor["rooms"]}
PICTURE = re.compile(r"(?<=```mermaid\n).*?(?=```)", re.DOTALL)


def modules() -> list[Path]:
    return [p for p in sorted(PACKAGE.rglob("*.py")) if p != PACKAGE / "__init__.py"]


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(source: str) -> set[str]:
    """The rooms that a source text imports from, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "competency_graph":
                found |= {alias.name for alias in node.names}
            elif node.module.startswith("competency_graph."):
                found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {
                a.name.split(".")[1] for a in node.names if a.name.startswith("competency_graph.")
            }
    return found


def uses() -> dict[str, set[str]]:
    """The rooms that each room imports from."""
    found: dict[str, set[str]] = {name: set() for name in FLOOR}
    for path in modules():
        found[room(path)] |= imports(path.read_text()) - {room(path)}
    return found


def picture() -> str:
    """The rooms as a Mermaid flowchart; an arrow that others imply is left out."""
    direct = uses()

    def below(name: str) -> set[str]:
        return direct[name] | {far for near in direct[name] for far in below(near)}

    lines = ["flowchart TD"]
    for number, floor in reversed(list(enumerate(FLOORS))):
        lines.append(f'  subgraph f{number}["{floor["title"]}"]')
        lines += [f"    {name}" for name in floor["rooms"]]
        lines.append("  end")
    for name, used in direct.items():
        implied = {far for near in used for far in below(near)}
        lines += [f"  {name} --> {target}" for target in sorted(used - implied)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(PICTURE.sub(lambda _: picture(), PAGE.read_text()))
