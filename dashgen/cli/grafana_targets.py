"""The Grafanas that a command is about, and what it prints of them."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from dashgen.cli.options import Format
from dashgen.cli.output import report
from dashgen.core.diagnostics import Diagnostic
from dashgen.core.diagnostics.frame import clean
from dashgen.project.targets import Chosen, Connection, choose
from dashgen.servers.http.secret import Redactor, Secret
from dashgen.sync.push.push import Push
from dashgen.sync.push.spec_locations import Built, build_for
from dashgen.workspace.workspace import Workspace, open_workspace


def targets(
    project: Path, env: str | None, names: list[str] | None, connection: Connection
) -> tuple[Workspace, list[Chosen]]:
    """The project and the Grafanas that a command is about.

    Raises:
        DashgenError: it is not said which, or how to get in is not known.
    """
    workspace = open_workspace(project, env)
    return workspace, choose(workspace, names or [], connection, os.environ)


class Builds:
    """The specs built for each environment once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[str | None, Built] = {}
        self.notes: set[str] = set()

    def of(self, environment: str | None) -> Built:
        """The specs for an environment; what is wrong with them is printed once."""
        if environment not in self._known:
            built = self._known[environment] = build_for(self._root, environment)
            if built.diagnostics:
                report(built.diagnostics, Format.TEXT, self._root)
        return self._known[environment]


def note(diagnostics: list[Diagnostic], known: set[str] | None = None) -> None:
    """Say on stderr what a user should know of a Grafana.

    Args:
        diagnostics: what to say.
        known: what this run said already; it is not said again, and what is said joins it.
    """
    said = set() if known is None else known
    for line in _sentences(diagnostics):
        if line not in said:
            said.add(line)
            sys.stderr.write(f"{line}\n")


def _sentences(diagnostics: list[Diagnostic]) -> Iterator[str]:
    for one in diagnostics:
        yield f"{one.severity}: {one.message}{f'; {one.hint}' if one.hint else ''}"


def cleaner(found: Push) -> Callable[[str], str]:
    """Takes secrets and what steers a terminal out of a line."""
    redact = Redactor([*found.chosen.settings.secrets, *map(Secret, found.secrets)])
    return lambda line: (
        clean(line) if line.isspace() else line[: len(line) - len(line.lstrip())] + redact(line)
    )
