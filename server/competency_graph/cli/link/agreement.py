"""``competency link agreement``."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import click

from competency_graph import mappings
from competency_graph.cli.output import write_file
from competency_graph.errors import BadValueError
from competency_graph.linking import DECISIONS
from competency_graph.linking.agreement.comparison import Comparison
from competency_graph.linking.agreement.kappa import Agreement
from competency_graph.linking.agreement.settlement import disagreements, merged
from competency_graph.mappings import ENDING, MappingSet

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("first", metavar="A.sssom.tsv", type=_FILE)
@click.argument("second", metavar="B.sssom.tsv", type=_FILE)
@click.option(
    "--disagreements",
    "differing",
    type=_FILE,
    metavar="FILE",
    help="Write the links on which the reviewers differ: a .sssom.tsv for “competency link "
    "review”, or a .csv.",
)
@click.option(
    "--settled",
    type=_FILE,
    metavar="FILE.sssom.tsv",
    help="The decisions on what the reviewers differ on.",
)
@click.option(
    "-o",
    "--output",
    type=_FILE,
    metavar="FILE.sssom.tsv",
    help="Write the links that both agree on, or that are settled.",
)
@click.option(
    "--single", is_flag=True, help="Accept decisions on links that the other has not decided on."
)
@click.option("--id", "name", default="", metavar="IRI", help="The IRI of the set in --output.")
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def agreement(
    first: Path, second: Path, differing: Path | None, settled: Path | None, output: Path | None,
    single: bool, name: str, form: str,
) -> None:  # fmt: skip
    """Compare the decisions of two people who reviewed the same links independently.

    Shown are the share of equal decisions, and Cohen's kappa: 1 is full agreement, 0 is what chance
    alone would bring. It is computed for the decisions, and for whether to link at all.

    Exit code: 0 if both agree or everything is settled, 1 if something is open, 2 if a file cannot
    be read.
    """
    _check_outputs((first, second, settled), (differing, output))
    if name and not re.fullmatch(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", name):
        raise BadValueError(f"--id: “{name}” is not an IRI", "Give one such as https://…")
    compared = Comparison.of(mappings.read(first), mappings.read(second))
    decided = mappings.read(settled) if settled else None
    links, still_open = merged(compared, decided, name, single)
    if form == "json":
        click.echo(json.dumps(_as_json(compared, still_open), ensure_ascii=False, indent=2))
    else:
        click.echo(_as_text(compared, still_open))
    if differing:
        csv = differing.suffix == ".csv"
        table = compared.as_csv() if csv else mappings.text(disagreements(compared))
        write_file(differing, table.encode(), "list of disagreements")
    if output:
        write_file(output, mappings.text(links).encode(), "file of links")
        _report(links, output)
    sys.exit(1 if still_open else 0)


def _check_outputs(inputs: tuple[Path | None, ...], outputs: tuple[Path | None, ...]) -> None:
    """Refuse outputs that would overwrite an input or each other."""
    taken = [path.resolve() for path in inputs if path]
    for path in filter(None, outputs):
        if path.resolve() in taken:
            raise BadValueError("it would overwrite another file", "Name a new file", str(path))
        taken.append(path.resolve())
    if outputs[0] and not outputs[0].name.endswith((".csv", ENDING)):
        raise BadValueError(
            "the ending names no format", f"Name a file that ends in {ENDING} or .csv",
            str(outputs[0]),
        )  # fmt: skip


def _report(links: MappingSet, output: Path) -> None:
    click.echo(f"{len(links.mappings):,} links and rejections in {output}.", err=True)


def _as_json(compared: Comparison, still_open: int) -> dict[str, object]:
    def numbers(found: Agreement) -> dict[str, object]:
        return {"links": found.total, "alike": found.alike, "agreement": found.share,
                "kappa": found.kappa}  # fmt: skip

    found = compared.agreement
    table = [{"first": one, "second": other, "links": number}
             for (one, other), number in sorted(found.counts.items())]  # fmt: skip
    only = [sum(pair[1 - place] is None for pair in compared.pairs.values()) for place in (0, 1)]
    return {
        "reviewers": list(compared.names),
        "decisions": numbers(found),
        "link_or_none": numbers(found.linked()),
        "table": table,
        "only_first": only[0],
        "only_second": only[1],
        "open": still_open,
    }


def _as_text(compared: Comparison, still_open: int) -> str:
    found, (one, other) = compared.agreement, compared.names
    lines = [f"{found.total:,} links reviewed by both {one} and {other}"]
    for what, each in (("decision", found), ("link or none", found.linked())):
        share = "" if each.share is None else f"{each.alike:,} alike ({each.share:.1%})"
        kappa = "undefined" if each.kappa is None else f"{each.kappa:.3f}"
        lines.append(f"{what:<13} {share or 'nothing to compare'}, kappa {kappa}")
    used = [name for name in DECISIONS if any(name in cell for cell in found.counts)]
    if used:
        lines += ["", f"{one} in rows, {other} in columns"]
        lines.append("".join(f"{name:>9}" for name in ("", *used)))
        lines += [
            f"{row:>9}" + "".join(f"{found.counts.get((row, column), 0):>9,}" for column in used)
            for row in used
        ]
    for place, name in enumerate((one, other)):
        alone = sum(pair[1 - place] is None for pair in compared.pairs.values())
        if alone:
            lines += ["", f"{alone:,} only decided on by {name}"]
    lines += ["", f"{still_open:,} to settle" if still_open else "nothing to settle"]
    return "\n".join(lines)
