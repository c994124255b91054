"""The Grafanas that a command is about, and what it prints of them."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from dashgen.cli.connection_options import CertificateOptions, GrafanaOptions, TransferOptions
from dashgen.cli.options import Format
from dashgen.cli.output import print_json, report
from dashgen.core.diagnostics import Diagnostic
from dashgen.core.diagnostics.frame import clean
from dashgen.project.targets import Chosen, Connection, choose
from dashgen.servers.http.secret import Redactor, Secret
from dashgen.sync.push.push import Push
from dashgen.sync.push.spec_locations import BuiltSpecs, build_for
from dashgen.workspace.workspace import Workspace, open_workspace


def targets(
    options: GrafanaOptions, transfer: TransferOptions | CertificateOptions
) -> tuple[Workspace, list[Chosen]]:
    """The project and the Grafanas that a command is about.

    Raises:
        DashgenError: none is named, or how to get in is not known.
    """
    concurrency = transfer.concurrency if isinstance(transfer, TransferOptions) else Connection().concurrency
    files = (transfer.ca_cert, transfer.client_cert, transfer.client_key)
    connection = Connection(options.url, *files, concurrency)
    workspace = open_workspace(options.project, options.env)
    return workspace, choose(workspace, options.target or [], connection, os.environ)


def for_each_target(
    chosen: Sequence[Chosen],
    act: Callable[[Chosen], int],
    documents: list[dict[str, Any]] | None = None,
) -> None:
    """Do the same with each Grafana, one after the other, and end as the worst of them calls for.

    Args:
        chosen: the Grafanas.
        act: what to do with one; returns an exit code.
        documents: what `act` has added for each of them, to be printed for programs.

    Raises:
        SystemExit: some exit code was not 0.
    """
    code = max(map(act, chosen))
    if documents is not None:
        print_json({"targets": documents})
    if code:
        raise SystemExit(code)


class Builds:
    """The specs built for each environment once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._known: dict[str | None, BuiltSpecs] = {}
        self.notes: set[str] = set()

    def of(self, environment: str | None) -> BuiltSpecs:
        """The specs for an environment; what is wrong with them is printed once."""
        if environment not in self._known:
            built = self._known[environment] = build_for(self.root, environment)
            if built.diagnostics:
                report(built.diagnostics, Format.TEXT, self.root)
        return self._known[environment]


def note(diagnostics: list[Diagnostic], earlier: set[str] | None = None) -> None:
    """Print on stderr what a user should know of a Grafana.

    Args:
        diagnostics: what to print.
        earlier: the lines that this run has printed; they are not printed again, and new ones join them.
    """
    printed = set() if earlier is None else earlier
    for line in _sentences(diagnostics):
        if line not in printed:
            printed.add(line)
            sys.stderr.write(f"{line}\n")


def _sentences(diagnostics: list[Diagnostic]) -> Iterator[str]:
    for one in diagnostics:
        yield f"{one.severity}: {one.message}{f'; {one.hint}' if one.hint else ''}"


def cleaner(push: Push) -> Callable[[str], str]:
    """Takes secrets and what steers a terminal out of a line."""
    redact = Redactor([*push.chosen.settings.secrets, *map(Secret, push.secrets)])
    return lambda line: (
        clean(line) if line.isspace() else line[: len(line) - len(line.lstrip())] + redact(line)
    )
