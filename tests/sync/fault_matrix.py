"""docs/faults.md: what becomes of a push when anything goes wrong at any of its requests.

Usage: python -m tests.sync.fault_matrix [SETUP…], such as 13.3, which leaves the other columns as they are; tests compare
the page with what happens.
"""

import re
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from tests.grafana.fake import When
from tests.sync.fault_cases import FAULTS, READ_FAULTS, WHOLE, WORDS, Verdict, at_reads, at_writes, cell
from tests.sync.fault_stage import SETUPS, open_stage
from tests.sync.interruptions import INTERRUPTIONS
from tests.tools.hanging import shorten_patience_with_hanging_servers

PAGE: Final = Path(__file__).parents[2] / "docs/faults.md"
_MOMENTS: Final = {When.BEFORE: "before Grafana acted", When.AFTER: "after Grafana acted"}
_FAULT_WORDS: Final = {
    "reset": "connection reset", "hang": "no answer (timeout)", "html": "200 with a proxy's web page",
    "login": "redirect to a sign-in page", "elsewhere": "redirect to another host", "cut-off": "body shorter than announced",
    "cut-json": "half of the JSON", "huge": "body far too large", "huge-undeclared": "endless body",
    "deep": "JSON nested 200 000 deep", "drip": "body byte by byte", "drip-headers": "headers byte by byte",
}  # fmt: skip
Verdicts = Mapping[str, Verdict]


def fault_words(name: str) -> str:
    """A fault for people."""
    return _FAULT_WORDS.get(name, name.removeprefix("status "))


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown."""
    names = list(head)
    lines = [names, ["---"] * len(names), *map(list, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


class Column(NamedTuple):
    """What happened on one setup: cells by fault, and each request with its outcomes where the page lists them."""

    writes: Mapping[tuple[str, When], str]
    reads: Mapping[tuple[str, When], str]
    requests: str = ""


def page(columns: Mapping[str, Column]) -> str:
    """The page, from a column for each setup."""
    cells = [cell for column in columns.values() for part in column[:2] for cell in part.values()]
    count = sum(int(number) for cell in cells for number in re.findall(r"× (\d+)", cell))
    count += sum(len(cases) for _, cases, _ in INTERRUPTIONS)
    return _TEXT.format(
        count=count,
        words="\n".join(f"- **{word}**: {meaning}." for word, meaning in WORDS.items()),
        versions=_by_setup(FAULTS, {setup: column.writes for setup, column in columns.items()}),
        requests=columns["12"].requests,
        newest=columns["13.3"].requests,
        reads=_by_setup(READ_FAULTS, {setup: column.reads for setup, column in columns.items()}),
        others=table(["what", "outcome", "cases"], ([w, o, str(len(c))] for w, c, o in INTERRUPTIONS)),
    )


def _by_setup(faults: Iterable[tuple[str, When]], cells: Mapping[str, Mapping[tuple[str, When], str]]) -> str:
    rows = (
        [fault_words(name), _MOMENTS[when], *(cells[setup][name, when] for setup in SETUPS)]
        for name, when in faults
    )
    return table(["fault", "moment", *(f"Grafana {setup}" for setup in SETUPS)], rows)


def _by_request(verdicts_by_fault: Mapping[tuple[str, When], Verdicts]) -> str:
    names = list(verdicts_by_fault[FAULTS[0]])
    rows = []
    for name in names:
        faults_by_outcome: dict[str, list[str]] = {}
        for (kind, when), verdicts in verdicts_by_fault.items():
            if name in verdicts:
                faults_by_outcome.setdefault(str(verdicts[name]), []).append(f"{fault_words(kind)} {when}")
        total = sum(map(len, faults_by_outcome.values()))
        outcomes = "; ".join(f"**{word}** {len(kinds)}" for word, kinds in sorted(faults_by_outcome.items()))
        rows.append([name, outcomes, str(total)])
    return table(["request", "outcomes and their numbers of faults", "cases"], rows)


def row_cells(text: str, section: str, name: str, when: When) -> list[str]:
    """The cells of a fault's row in a section of the page; none when it has no such row."""
    part = text.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    start = f"| {fault_words(name)} | {_MOMENTS[when]} |"
    line = next((line for line in part.splitlines() if line.startswith(start)), "")
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[3:-1]]


def _tried(setup: str) -> Column:
    """The column of a setup, from trying everything on it."""
    with (
        pytest.MonkeyPatch.context() as patch,
        tempfile.TemporaryDirectory(prefix="dashgen-faults-") as folder,
        open_stage(Path(folder), setup) as stage,
    ):
        shorten_patience_with_hanging_servers(patch)
        writes = {(name, when): at_writes(stage, setup, name, when) for name, when in FAULTS}
        reads = {(name, when): at_reads(stage, setup, name, when) for name, when in READ_FAULTS}
    requests = _by_request(writes) if setup in WHOLE else ""
    return Column(
        {fault: cell(verdicts) for fault, verdicts in writes.items()},
        {fault: cell(verdicts) for fault, verdicts in reads.items()},
        requests,
    )


def _written(text: str, setup: str) -> Column:
    """The column of a setup as the page has it."""
    head = next(line for line in text.splitlines() if line.startswith("| fault | moment |"))
    number = [name.strip() for name in head.split("|")[3:-1]].index(f"Grafana {setup}")
    sections = ("At requests that write", "At requests that read")
    writes, reads = (
        {(name, when): row_cells(text, section, name, when)[number] for name, when in faults}
        for section, faults in zip(sections, (FAULTS, READ_FAULTS), strict=True)
    )
    part = text.partition("\n## Each request that writes\n")[2].partition("\n## ")[0]
    older, _, newer = part.partition("On Grafana 13.3:\n")
    table_text = newer if setup == "13.3" else older
    lines = [line for line in table_text.splitlines() if line.startswith("|")]
    return Column(writes, reads, "\n".join(lines) + "\n" if setup in WHOLE else "")


def main() -> None:
    """Try everything, or what the named setups have, and write the page."""
    chosen = sys.argv[1:] or list(SETUPS)
    text = PAGE.read_text(encoding="utf-8")
    columns = {setup: _tried(setup) if setup in chosen else _written(text, setup) for setup in SETUPS}
    PAGE.write_text(page(columns), encoding="utf-8")


_TEXT: Final = """\
# Faults during a push

Written by `python -m tests.sync.fault_matrix`; tests compare each cell with what happens. There are {count} cases: in each
a push meets one fault at one of its requests, while another dashboard has an edit made in Grafana. After each case

- the edit is still there, and is reported as a conflict;
- nothing exists twice, and nothing is half written;
- the next push leads to the same state as a push without a fault;
- the exit code and the message are right: a fault that was overcome is not reported, any other is.

The Grafana is the fake one of the tests, over real connections. "12, no marks" has storage that loses the annotations of
dashboards; 10 and 11 have only the classic API. On 13.3 people save dashboards in an editor that stores schema v2: the edit
is one such, and one of the dashboards that are pushed was saved there too.

{words}

A number in brackets is the exit code of the push with the fault, if it is not 0. Reads are repeated automatically; a write is
repeated only after dashgen has checked whether it happened.

## At requests that write

All requests on 12 and 13.3; on the others those that differ between versions: dashboards, folders, rule groups, and the notes of
what was pushed. Faults that take time are tried at two requests.

{versions}
## Each request that writes

On Grafana 12. A dry run has Grafana check a dashboard; if it fails, the write shows whether Grafana accepts the dashboard. A
note is the annotation that a push writes for a resource; a resource whose note cannot be written is not written either, unless
the account may write no annotations at all.

{requests}
On Grafana 13.3:

{newest}
## At requests that read

Each request meets two of these faults on 12, and one on 13.3; on the others two requests meet one.

{reads}
## Other interruptions

{others}"""


if __name__ == "__main__":
    main()
