"""The results of a comparison as a table in Markdown, and as a picture."""

from __future__ import annotations

import datetime
import math
import os
import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from compare_servers import Result
    from load_client import Load

BEGIN, END = "<!-- results -->", "<!-- end of results -->"
_COLORS = {
    "competency-graph": "#2f81f7",
    "Oxigraph": "#d9822b",
    "Virtuoso": "#9a6dd7",
    "rdflib-endpoint": "#7d8590",
}
_ALTERNATIVE = (
    "Three bar charts for each number of statements: milliseconds of the saved questions, new "
    "queries a second and repeated queries a second by the number of connections, for each "
    "server; the tables below have the numbers"
)
_TEXT = "#010203"
"""Stands for the colour of text, which depends on the reader's scheme."""
_STYLE = (
    "<style>svg{color:#1f2328}@media(prefers-color-scheme:dark){svg{color:#e6edf3}}</style></svg>"
)


@dataclass(frozen=True)
class Table:
    """The servers with one number of statements.

    Args:
        size: the number of statements.
        results: by the name of the server.
        means: the geometric mean of the questions that all answered, in milliseconds.
    """

    size: int
    results: Mapping[str, Result]
    means: Mapping[str, float]

    def markdown(self) -> str:
        """The table, and below it the questions that a server did not answer."""
        names = list(self.results)
        asked = len(common(list(self.results.values())))
        rows = [
            [f"{self.size:,} statements", *names],
            ["---", *["--:"] * len(names)],
            [
                f"saved questions, geometric mean of {asked}, ms",
                *(_number(self.means[name]) for name in names),
            ],
        ]
        for connections, distinct in _kinds(self):
            kind = "new" if distinct else "repeated"
            several = "connections" if connections > 1 else "connection"
            cells = [result.loads.get((connections, distinct)) for result in self.results.values()]
            rows.append(
                [
                    f"{kind} queries a second, {connections} {several}",
                    *map(_rate, cells),
                ]
            )
            rows.append(["latency of these, median / 99%, ms", *map(_latency, cells)])
        rows.append(["memory, MB", *(_number(r.megabytes) for r in self.results.values())])
        lines = [f"| {' | '.join(row)} |" for row in rows]
        unanswered = [
            f"{name} did not answer {len(result.failed)} of the questions in time or at all: "
            f"{', '.join(result.failed)}."
            for name, result in self.results.items()
            if result.failed
        ]
        return "\n".join([*lines, *(["", *unanswered] if unanswered else [])])


def common(results: Sequence[Result]) -> set[str]:
    """The questions that all servers answered, except servers that answered fewer than half."""
    answered = [set(each.questions) for each in results if len(each.questions) >= len(each.failed)]
    return set.intersection(*answered) if answered else set()


def _kinds(table: Table) -> list[tuple[int, bool]]:
    """The number of connections and whether queries are new, of each load of any server."""
    kinds = set().union(*(result.loads for result in table.results.values()))
    return sorted(kinds, key=lambda kind: (not kind[1], kind[0]))


def _rate(load: Load | None) -> str:
    if load is None:
        return "-"
    return _number(load.per_second) + (f" ({load.failed} failed)" if load.failed else "")


def _latency(load: Load | None) -> str:
    return "-" if load is None else f"{_number(load.p50)} / {_number(load.p99)}"


def _number(value: float) -> str:
    """Three significant digits."""
    if math.isnan(value):
        return "-"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.{max(0, 2 - math.floor(math.log10(value)))}f}" if value > 0 else "0"


def _short(value: float) -> str:
    """Three significant digits, in thousands if there are any."""
    return f"{_number(value / 1000)}k" if value >= 1000 else _number(value)


def write(tables: list[Table], versions: Mapping[str, str], command: str, folder: Path) -> None:
    """Write the tables between the markers of benchmark.md, and the picture beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "benchmark.md"
    text = path.read_text() if path.is_file() else f"{BEGIN}\n{END}\n"
    made = "\n\n".join(
        [
            f"Measured on {datetime.datetime.now(datetime.UTC):%-d %B %Y} by `{command}`: "
            + ", ".join(f"{name} {version}" for name, version in versions.items())
            + f"; Python {platform.python_version()}; {_machine()}.",
            f"![{_ALTERNATIVE}](benchmark.svg)",
            *(table.markdown() for table in tables),
        ]
    )
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    path.write_text(f"{text[:begin]}\n\n{made}\n\n{text[end:]}")
    _draw(tables, folder / "benchmark.svg")


def _machine() -> str:
    info = Path("/proc/cpuinfo").read_text()
    model = re.search(r"^model name\s*: (.*)$", info, re.MULTILINE)
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return (
        f"{len(os.sched_getaffinity(0))} processors"
        + (f" ({model[1].strip()})" if model else "")
        + f", {pages / 1024**3:.0f} GB of memory, {platform.system()} {platform.release()}, "
        f"load {os.getloadavg()[2]:.1f} in the last 15 minutes"
    )


def _draw(tables: list[Table], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt

    settings = {
        "svg.fonttype": "none", "svg.hashsalt": "benchmark", "font.family": "sans-serif",
        "font.size": 9, "text.color": _TEXT, "axes.labelcolor": _TEXT, "axes.edgecolor": _TEXT,
        "xtick.color": _TEXT, "ytick.color": _TEXT, "axes.spines.top": False,
        "axes.spines.right": False, "axes.titlesize": 9, "axes.titlelocation": "left",
    }  # fmt: skip
    with mpl.rc_context(settings):
        figure, rows = plt.subplots(
            len(tables), 3, figsize=(10, 2.6 * len(tables)), squeeze=False, layout="constrained"
        )
        for table, (questions, new, repeated) in zip(tables, rows, strict=True):
            means = {name: [value] for name, value in table.means.items()}
            _bars(questions, means, [""], f"{table.size:,} statements: saved questions, ms")
            for axes, distinct, title in (
                (new, True, "New queries a second"),
                (repeated, False, "Repeated queries a second"),
            ):
                connections = [number for number, kind in _kinds(table) if kind == distinct]
                heights = {
                    name: [_height(result.loads.get((number, distinct))) for number in connections]
                    for name, result in table.results.items()
                }
                _bars(axes, heights, list(map(str, connections)), f"{title}, by connections")
        handles, labels = rows[0][0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False)
        figure.savefig(path, transparent=True, metadata={"Date": None})
        plt.close(figure)
    text = path.read_text().replace(_TEXT, "currentColor")
    path.write_text(
        "\n".join(line.rstrip() for line in text.replace("</svg>", _STYLE).splitlines()) + "\n"
    )


def _height(load: Load | None) -> float:
    return math.nan if load is None else load.per_second


def _bars(axes: Axes, heights: Mapping[str, list[float]], groups: list[str], title: str) -> None:
    """Grouped bars, each with its number."""
    axes.set_title(title)
    heights = {name: values for name, values in heights.items() if name in _COLORS}
    width = 0.8 / len(heights)
    for n, (name, values) in enumerate(heights.items()):
        places = [group + (n - (len(heights) - 1) / 2) * width for group in range(len(values))]
        bars = axes.bar(places, values, width * 0.9, color=_COLORS[name], label=name)
        axes.bar_label(bars, [_short(value) for value in values], fontsize=6.5, padding=1)
    axes.set_xticks(range(len(groups)), groups)
    axes.tick_params(axis="x", length=0)
    axes.margins(y=0.12)
