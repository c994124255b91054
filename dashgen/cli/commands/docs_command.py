"""``dashgen docs``."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

from dashgen.cli.documents.site_document import SiteDocument
from dashgen.cli.options import Environment, Format, ListFormat, ListOutputFormat, ProjectFolder, finish
from dashgen.cli.output import print_json, report
from dashgen.cli.parameters import Option
from dashgen.cli.progress_line import Progress
from dashgen.core.diagnostics import Diagnostic, has_errors
from dashgen.core.reporters.json_report import reported
from dashgen.project.inspection import inspect_project
from dashgen.project.write_output import OutputChanges
from dashgen.site.site_files import site_files
from dashgen.site.site_project import SiteOptions
from dashgen.site.written_site import site_changes, write_site

_MOST_PATHS = 20


class DocsArguments(NamedTuple):
    """Where the site goes, and what is in it."""

    out: Annotated[
        Path | None,
        Option("--out", "-o", metavar="DIR", help="The folder of the site; default: `site` in the project."),
    ] = None
    check: Annotated[
        bool, Option("--check", help="Write nothing; list what differs, and exit with 1 if anything does.")
    ] = False
    no_pictures: Annotated[
        bool, Option("--no-pictures", help="Leave out pictures and preview, which take most of the time.")
    ] = False
    no_tests: Annotated[
        bool, Option("--no-tests", help="Do not run the tests of rules for what they show of each alert.")
    ] = False
    open_page: Annotated[bool, Option("--open", help="Open the start page in a browser.")] = False
    project: ProjectFolder = Path()
    env: Environment = None
    output_format: ListOutputFormat = ListFormat.TEXT


def docs(arguments: DocsArguments) -> None:
    """Write a site for the people who use the dashboards: pages of what the specs define.

    Each dashboard, alert and metric has a page: what it means, how it looks, who is notified, who reads it.
    The site needs no server: open `index.html`. Files that dashgen did not write are never touched.

    Example: dashgen docs --open
    """
    inspection = inspect_project(arguments.project, arguments.env)
    root = inspection.workspace.root
    output = arguments.out if arguments.out is not None else root / "site"
    shown = str(arguments.out) if arguments.out is not None else inspection.workspace.show(output)
    if has_errors(inspection.diagnostics):
        # What is left out because of an error would be missing without a word.
        _print(arguments, root, SiteResult(shown, {}, OutputChanges(), inspection.diagnostics))
        sys.stderr.write("nothing was written\n")
        finish(inspection.diagnostics)
    options = SiteOptions(has_pictures=not arguments.no_pictures, has_tests=not arguments.no_tests)
    with Progress() as progress:
        contents = site_files(inspection, options, progress.begin)
    changes, problems = site_changes(output, contents, shown)
    findings = [*inspection.diagnostics, *problems]
    is_written = not arguments.check and not has_errors(problems)
    if is_written:
        write_site(output, contents, changes)
    _print(arguments, root, SiteResult(shown, contents, changes, findings))
    if is_written and arguments.open_page:
        _open(output / "index.html")
    finish(findings, differs=arguments.check and bool(changes))


class SiteResult(NamedTuple):
    """What became of a site: its folder as the user knows it, its files, and what differs."""

    shown: str
    contents: Mapping[str, bytes]
    changes: OutputChanges
    findings: list[Diagnostic]

    def document(self) -> SiteDocument:
        """What programs read."""
        changes, diagnostics = self.changes, reported(self.findings)
        return SiteDocument(
            output=self.shown,
            files=list(self.contents),
            created=changes.created,
            changed=changes.changed,
            deleted=changes.deleted,
            diagnostics=diagnostics,
        )

    def differences(self) -> str:
        """What differs, a file a line."""
        changes = self.changes
        marks = (("missing", changes.created), ("differs", changes.changed), ("of no spec", changes.deleted))
        lines = [f"{self.shown}/{path}: {mark}\n" for mark, paths in marks for path in paths]
        hidden = len(lines) - _MOST_PATHS
        return "".join(lines[:_MOST_PATHS]) + (f"and {hidden} more\n" if hidden > 0 else "")

    def summary(self) -> str:
        """What was written, in a line."""
        changes, pages = self.changes, sum(path.endswith(".html") for path in self.contents)
        counts = (("new", changes.created), ("changed", changes.changed), ("removed", changes.deleted))
        parts = [f"{len(paths)} {word}" for word, paths in counts if paths]
        return f"{self.shown}/index.html: {pages} pages; {', '.join(parts) or 'nothing has changed'}\n"


def _print(arguments: DocsArguments, root: Path, result: SiteResult) -> None:
    if arguments.output_format is ListFormat.JSON:
        print_json(result.document())
        return
    report(result.findings, Format.TEXT, root)
    if not has_errors(result.findings):
        differences = result.differences() if arguments.check else ""
        sys.stdout.write(differences or result.summary())


def _open(page: Path) -> None:
    import webbrowser  # only here

    if not webbrowser.open(page.resolve().as_uri()):
        sys.stderr.write(f"no browser could be started; open {page}\n")
