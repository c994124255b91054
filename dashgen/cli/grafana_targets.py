"""A command's run over the Grafanas that it names: choose them, build for each, read it, print, and end."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from dashgen.cli.connection_options import GrafanaOptions, TransferOptions
from dashgen.cli.options import Format, ListFormat
from dashgen.cli.output import print_json, report
from dashgen.cli.progress_line import Progress
from dashgen.core.diagnostics import Diagnostic
from dashgen.core.diagnostics.frame import clean
from dashgen.core.reporters.json_report import OutputDocument
from dashgen.project.targets import Chosen, Connection, choose
from dashgen.servers.http.secret import Redactor, Secret
from dashgen.sync.push.built_specs import BuiltSpecs, build_for
from dashgen.sync.push.desired_items import Desired
from dashgen.sync.push.push import Push, PushRequest, open_push
from dashgen.workspace.workspace import Workspace, open_workspace


def targets(options: GrafanaOptions, transfer: TransferOptions) -> tuple[Workspace, list[Chosen]]:
    """The project and the Grafanas that a command line names.

    Raises:
        DashgenError: no Grafana is named, or its credentials are missing.
    """
    workspace = open_workspace(options.project, options.env)
    connection = Connection(options.url, *transfer.certificates, transfer.concurrency)
    return workspace, choose(workspace, options.target or [], connection, os.environ)


class TargetRun(Struct, frozen=True):
    """A command's run over one Grafana after the other.

    Attributes:
        root: the project's folder.
        quiet: show no progress.
        form: how results are printed; as JSON they are collected and printed at the end, as one `document`.
        builds: the specs built for each environment, once in a run.
        printed_notes: the notes that were printed, since two Grafanas often have the same.
    """

    root: Path
    quiet: bool = False
    form: ListFormat = ListFormat.TEXT
    builds: dict[str | None, BuiltSpecs] = {}
    printed_notes: set[str] = set()

    def for_each(self, chosen: Sequence[Chosen], act: Callable[[Chosen], int]) -> None:
        """Call `act` with each Grafana in turn, and end with the highest exit code that it returns.

        Raises:
            SystemExit: some exit code was not 0.
        """
        code = max(map(act, chosen))
        if self.form is ListFormat.JSON:
            print_json(self.document())
        if code:
            raise SystemExit(code)

    def document(self) -> OutputDocument:
        """The results for all Grafanas, of a command that prints JSON."""
        raise NotImplementedError

    def built(self, environment: str | None, refused: str) -> BuiltSpecs | None:
        """The specs built for an environment; None when they have errors, which are printed.

        Args:
            environment: the environment, if any.
            refused: printed after errors, such as "nothing was pushed".
        """
        # Several Grafanas often share an environment.
        built = self.builds.get(environment)
        if built is None:
            built = self.builds[environment] = build_for(self.root, environment)
            if built.diagnostics:
                report(built.diagnostics, Format.TEXT, self.root)
        if not built.failed:
            return built
        if refused:
            sys.stderr.write(f"{refused}\n")
        return None

    @contextmanager
    def opened(
        self, chosen: Chosen, desired: Desired, request: PushRequest
    ) -> Iterator[tuple[Push, Progress]]:
        """Read a Grafana with a progress line, plan a push to it, and print what a user should know about it.

        Raises:
            DashgenError: it cannot be read, or another push to it is running.
        """
        with (
            Progress(quiet=self.quiet) as progress,
            open_push(self.root, progress.watched(chosen), desired, os.environ, request) as push,
        ):
            # The line has to be erased before anything else is printed, or both would share a line.
            progress.pause()
            note(push.notes, self.printed_notes)
            yield push, progress


def note(diagnostics: Sequence[Diagnostic], printed: set[str] | None = None) -> None:
    """Print on stderr what a user should know about a Grafana.

    Args:
        diagnostics: what to print.
        printed: lines that were printed before and are not repeated; new ones are added.
    """
    printed = set() if printed is None else printed
    for diagnostic in diagnostics:
        hint = f"; {diagnostic.hint}" if diagnostic.hint else ""
        line = f"{diagnostic.severity}: {diagnostic.message}{hint}"
        if line not in printed:
            printed.add(line)
            sys.stderr.write(f"{line}\n")


def cleaner(push: Push) -> Callable[[str], str]:
    """A function that takes secrets and control characters out of a line, and keeps its indentation."""
    redact = Redactor([*push.chosen.settings.secrets, *map(Secret, push.secrets)])
    return lambda line: (
        clean(line) if line.isspace() else line[: len(line) - len(line.lstrip())] + redact(line)
    )
