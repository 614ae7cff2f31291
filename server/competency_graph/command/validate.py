"""``competency validate``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from competency_graph.validation import Finding, validate_files


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE …]")
def command(files: tuple[Path, ...]) -> None:
    """Say what is missing or wrong in FILEs that extend the published dictionary.

    Without a FILE, validate the published dictionary. Exit code: 0 where nothing is missing or
    wrong (a mere hint does not count), 1 where something is, 2 where a file cannot be read.
    """
    findings = validate_files(files)
    for finding in findings:
        click.echo(_line(finding))
    failing = [finding for finding in findings if finding.severity != "info"]
    click.echo(_summary(findings), err=bool(findings))
    sys.exit(1 if failing else 0)


def _line(finding: Finding) -> str:
    name = f"“{finding.label}” " if finding.label else ""
    return f"{finding.severity}: {name}<{finding.focus}>: {finding.message} [{finding.shape}]"


def _summary(findings: list[Finding]) -> str:
    if not findings:
        return "Nothing is missing or wrong."
    number = len(findings)
    return f"{number} finding{'' if number == 1 else 's'}."
