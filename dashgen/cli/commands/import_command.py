"""``dashgen import``."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated, NamedTuple

from dashgen.cli.connection_options import CertificateOptions, TargetName, Url
from dashgen.cli.documents.import_document import import_document
from dashgen.cli.grafana_targets import note
from dashgen.cli.options import (
    Environment,
    Format,
    ListFormat,
    ListOutputFormat,
    ProjectFolder,
    finish,
    usage_error,
)
from dashgen.cli.output import print_json, report
from dashgen.cli.parameters import Argument, Option
from dashgen.cli.progress_line import Progress
from dashgen.compile.outputs.dashboard_forms import EXTENDED
from dashgen.compile.prepare import prepare
from dashgen.core.diagnostics import Diagnostic
from dashgen.core.errors import SpecError
from dashgen.importer import import_summary
from dashgen.importer.import_dashboard import Importer
from dashgen.importer.import_files import import_input
from dashgen.importer.import_request import ImportRequest, read_all
from dashgen.importer.import_summary import ImportResult, is_unfinished
from dashgen.importer.objectives.import_objectives import gathered_objectives
from dashgen.importer.rules.rule_document import NamesInUse, names_of
from dashgen.importer.spec_files_on_disk import write_files
from dashgen.importer.unsupported_keys import uids_in, uids_of
from dashgen.project.targets import Connection
from dashgen.source.load import read_text
from dashgen.workspace.input_files import SpecFile
from dashgen.workspace.workspace import Workspace, open_workspace

Sources = Annotated[
    list[str] | None,
    Argument(
        metavar="SOURCE…",
        help="Files, `-` for stdin, URLs, or `uid:X` in the Grafana: dashboards of any version, alert rules, "
        "rule files of Prometheus and Loki, objectives of sloth and OpenSLO.",
    ),
]
OutFolder = Annotated[
    Path | None,
    Option("--out", "-o", metavar="DIR", help="Write one file per result to this folder; overwrite none."),
]
Overwrite = Annotated[bool, Option("--overwrite", help="With --out, replace existing files.")]
Details = Annotated[
    bool, Option("--report", help="List what was converted, what went to `raw:`, and what was dropped.")
]
Aliases = Annotated[
    list[str] | None,
    Option(
        "--datasource",
        "-d",
        metavar="NAME=ALIAS",
        help="Use this alias for the data source with this uid, name or input.",
    ),
]
KeepIds = Annotated[
    bool, Option("--keep-ids", help="Keep the ids of panels, for links and alerts that refer to them.")
]
NoFold = Annotated[
    bool, Option("--no-fold", help="Write out every panel, without defaults, loops and components.")
]
Folder = Annotated[
    str | None,
    Option(
        "--folder",
        metavar="TITLE",
        help="Import everything in a folder of the Grafana: its title, `A/B`, or its uid.",
    ),
]
Rules = Annotated[
    bool,
    Option("--rules", help="Import alert rules of the Grafana: of --folder, of `uid:X`, or all."),
]


class ImportOptions(NamedTuple):
    """What is imported, from where, and what is written."""

    sources: Sources = None
    out: OutFolder = None
    overwrite: Overwrite = False
    details: Details = False
    datasource: Aliases = None
    keep_ids: KeepIds = False
    no_fold: NoFold = False
    folder: Folder = None
    rules: Rules = False
    url: Url = ""
    target: TargetName = ""
    certificates: CertificateOptions = CertificateOptions()
    form: ListOutputFormat = ListFormat.TEXT
    project: ProjectFolder = Path()
    env: Environment = None


def import_dashboards(options: ImportOptions) -> None:
    """Convert existing dashboards, alert rules and objectives into specs.

    Dashboards of any version, alert rules and notifications of Grafana, and rule files of Prometheus and Loki
    become short YAML that builds to the same. Repeated settings become defaults, loops and components;
    settings that have no key are kept under `raw:`. Objectives of sloth and OpenSLO become uses of
    `std/slo`. The YAML is printed, or written with --out. Credentials
    are sent only to the Grafana of --url,
    --target or GRAFANA_URL.

    Example: dashgen import node-exporter-full.json --out specs/imported --report
    """
    if not options.sources and options.folder is None and not options.rules:
        usage_error("no source is named", "name files, URLs or `uid:X`, or use --folder")
    request = ImportRequest(
        options.sources or [],
        options.folder,
        options.rules,
        [options.target] if options.target else [],
        Connection(options.url, *options.certificates),
    )
    workspace = open_workspace(options.project, options.env)
    importer, names_in_use = _importer(workspace, options)
    results, problems = _import(request, workspace, importer, names_in_use)
    written = None
    if options.out is not None:
        specs = [(result.name, result.text) for _, result in results]
        written = write_files(options.out, specs, overwrite=options.overwrite)
    if options.form is ListFormat.JSON:
        print_json(import_document(results, written, problems))
    else:
        _print(results, written, details=options.details)
        report(problems, Format.TEXT, Path())
    finish(problems, differs=any(is_unfinished(result) for _, result in results))


def _aliases(assignments: list[str]) -> dict[str, str]:
    """The aliases of data sources by their uids, names or inputs.

    Raises:
        DashgenError: an assignment is not NAME=ALIAS.
    """
    aliases = {}
    for text in assignments:
        name, separator, alias = text.partition("=")
        if not (separator and name and alias):
            usage_error(f"`{text}` is not an alias of a data source", "write `--datasource UID=ALIAS`")
        aliases[name] = alias
    return aliases


def _importer(workspace: Workspace, options: ImportOptions) -> tuple[Importer, NamesInUse]:
    """The importer for a project, and the names that the project's rules have."""
    files = workspace.spec_files()
    if options.out is not None and options.overwrite:
        # What is replaced keeps its names and uids, so the specs below --out take none.
        folder = options.out.resolve()
        files = [file for file in files if folder not in Path(file.path).resolve().parents]
    prepared = prepare(workspace, files, EXTENDED)
    aliases = _aliases(options.datasource or [])
    importer = Importer(prepared.compiler, aliases, keep_ids=options.keep_ids, fold=not options.no_fold)
    importer.dashboards = frozenset(uids_in(_texts(files)))
    return importer, names_of(prepared.documents.of("AlertRules"))


def _texts(files: list[SpecFile]) -> Iterator[str]:
    for file in files:
        # A spec that cannot be read keeps nobody from importing; `dashgen build` reports it.
        with suppress(SpecError):
            yield read_text(Path(file.path), file.name)


def _import(
    request: ImportRequest, workspace: Workspace, importer: Importer, names_in_use: NamesInUse
) -> tuple[list[tuple[str, ImportResult]], list[Diagnostic]]:
    """Import every source; each result has the name of its source."""
    results: list[tuple[str, ImportResult]] = []
    problems: list[Diagnostic] = []
    # All are read before the first is imported, because their dashboards may link to each other.
    # Objectives of OpenSLO name indicators in other documents, too.
    sources = gathered_objectives(read_all(request, workspace, os.environ, note))
    uids = (uid for source in sources if not isinstance(source, Diagnostic) for uid in uids_of(source.data))
    importer.dashboards = frozenset(uids).union(importer.dashboards or ())
    with Progress() as progress:
        progress.begin("importing", len(sources))
        for source in sources:
            if isinstance(source, Diagnostic):
                problems.append(source)
                continue
            for result in import_input(source, importer, names_in_use):
                if isinstance(result, Diagnostic):
                    problems.append(result)
                else:
                    results.append((source.name, result))
            progress.step()
    return results, problems


def _print(results: list[tuple[str, ImportResult]], written: list[Path] | None, *, details: bool) -> None:
    # Specs on stdout can be piped into a file, so what is reported about them goes to stderr.
    if written is None:
        sys.stdout.write("---\n".join(result.text for _, result in results))
    stream = sys.stderr if written is None else sys.stdout
    for number, (source, result) in enumerate(results):
        lines = [import_summary.headline(source, result)]
        lines += [f"  {line}" for line in import_summary.urgent(result)]
        # The details include the losses.
        lines += (
            import_summary.details(result) if details else map("  {}".format, import_summary.losses(result))
        )
        if written is not None:
            lines.append(f"  + {written[number]}")
        stream.write("".join(f"{line}\n" for line in lines))
