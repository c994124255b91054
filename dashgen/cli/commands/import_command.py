"""``dashgen import``."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from dashgen.cli.connection_options import CaCert, ClientCert, ClientKey, Url
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
from dashgen.compile.prepare import prepare
from dashgen.core.diagnostics import Diagnostic
from dashgen.core.errors import SpecError
from dashgen.core.reporters.json_report import as_json
from dashgen.importer import import_summary
from dashgen.importer.import_dashboard import Importer
from dashgen.importer.import_files import import_input
from dashgen.importer.import_request import ImportRequest, read_all
from dashgen.importer.import_summary import ImportResult, is_unfinished
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
        help="Files, `-` (standard input), addresses, or `uid:X` in the Grafana: dashboards in any form, alert rules, "
        "rule files of Prometheus and Loki.",
    ),
]
OutFolder = Annotated[
    Path | None,
    Option("--out", "-o", metavar="DIR", help="Write a file for each result here; nothing is overwritten."),
]
Overwrite = Annotated[bool, Option("--overwrite", help="With --out: replace files that are there.")]
Details = Annotated[
    bool,
    Option("--report", help="Say what was converted, what went to `raw:`, and what was dropped."),
]
Aliases = Annotated[
    list[str] | None,
    Option(
        "--datasource", "-d", metavar="NAME=ALIAS", help="Call a data source (its uid, name or input) so."
    ),
]
KeepIds = Annotated[
    bool,
    Option("--keep-ids", help="Panels keep their numbers, for links and alerts that name them."),
]
NoFold = Annotated[
    bool, Option("--no-fold", help="Write every panel out, with no defaults, loops or components.")
]
Folder = Annotated[
    str | None,
    Option(
        "--folder",
        metavar="TITLE",
        help="Everything in a folder of the Grafana: its title, `A/B`, or its uid.",
    ),
]
Rules = Annotated[
    bool,
    Option("--rules", help="Alert rules of the Grafana, not dashboards: of --folder, of `uid:X`, or all."),
]
Target = Annotated[
    str | None,
    Option("--target", "-t", metavar="NAME", help="The Grafana, as a target of dashgen.yaml."),
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
    target: Target = None
    ca_cert: CaCert = None
    client_cert: ClientCert = None
    client_key: ClientKey = None
    form: ListOutputFormat = ListFormat.TEXT
    project: ProjectFolder = Path()
    env: Environment = None


def import_dashboards(options: ImportOptions) -> None:
    """Turn dashboards and alert rules that others made into specs.

    Dashboards of any version and either schema, alert rules and notifications of Grafana, and rule files of Prometheus
    and Loki become short YAML that builds to the same. What several panels say is said once; what the language has no
    word for is kept under `raw:`. The YAML is printed, or written with --out. Credentials go to the Grafana that
    --url, --target or GRAFANA_URL names, and nowhere else.

    Example: dashgen import node-exporter-full.json --out specs/imported --report
    """
    if not options.sources and options.folder is None and not options.rules:
        usage_error("it is not said what to import", "name files, addresses or `uid:X`, or use --folder")
    connection = Connection(options.url, options.ca_cert, options.client_cert, options.client_key)
    request = ImportRequest(
        options.sources or [],
        options.folder,
        options.rules,
        [options.target] if options.target else [],
        connection,
    )
    workspace = open_workspace(options.project, options.env)
    aliases = _aliases(options.datasource or [])
    replaced = options.out if options.overwrite else None
    importer, taken = _importer(
        workspace, aliases, replaced, keep_ids=options.keep_ids, fold=not options.no_fold
    )
    results, problems = _import(request, workspace, importer, taken)
    written = _put(results, options.out, overwrite=options.overwrite)
    if options.form is ListFormat.JSON:
        _print_report(results, written, problems)
    else:
        _print(results, written, details=options.details)
        report(problems, Format.TEXT, Path())
    finish(problems, differs=any(is_unfinished(file) for _, file in results))


def _aliases(assignments: list[str]) -> dict[str, str]:
    chosen = {}
    for text in assignments:
        name, separator, alias = text.partition("=")
        if not (separator and name and alias):
            usage_error(
                f"`{text}` does not say what to call which data source", "write `--datasource UID=ALIAS`"
            )
        chosen[name] = alias
    return chosen


def _importer(
    workspace: Workspace, chosen: dict[str, str], replaced: Path | None, *, keep_ids: bool, fold: bool
) -> tuple[Importer, NamesInUse]:
    """The importer for a project, and the names that its rules have; those in a folder that is replaced are free."""
    files = workspace.spec_files()
    if replaced is not None:
        files = [file for file in files if replaced.resolve() not in Path(file.path).resolve().parents]
    prepared = prepare(workspace, files, "classic")
    importer = Importer(prepared.compiler, chosen, keep_ids=keep_ids, fold=fold)
    importer.dashboards = frozenset(uids_in(_texts(files)))
    return importer, names_of(prepared.documents.of("AlertRules"))


def _texts(files: list[SpecFile]) -> Iterator[str]:
    for file in files:
        with suppress(SpecError):
            yield read_text(Path(file.path), file.name)


def _import(
    request: ImportRequest, workspace: Workspace, importer: Importer, taken: NamesInUse
) -> tuple[list[tuple[str, ImportResult]], list[Diagnostic]]:
    results: list[tuple[str, ImportResult]] = []
    problems: list[Diagnostic] = []
    everything = list(read_all(request, workspace, os.environ, note))
    importer.dashboards = frozenset(
        uid for one in everything if not isinstance(one, Diagnostic) for uid in uids_of(one.data)
    ).union(importer.dashboards or ())
    for source in everything:
        for result in [source] if isinstance(source, Diagnostic) else import_input(source, importer, taken):
            if isinstance(result, Diagnostic):
                problems.append(result)
            elif not isinstance(source, Diagnostic):
                results.append((source.name, result))
    return results, problems


def _put(results: list[tuple[str, ImportResult]], out: Path | None, *, overwrite: bool) -> list[Path] | None:
    return (
        None if out is None else write_files(out, [(f.name, f.text) for _, f in results], overwrite=overwrite)
    )


def _print(results: list[tuple[str, ImportResult]], written: list[Path] | None, *, details: bool) -> None:
    if written is None:
        sys.stdout.write("---\n".join(file.text for _, file in results))
    stream = sys.stderr if written is None else sys.stdout
    for number, (source, file) in enumerate(results):
        stream.write(import_summary.headline(source, file) + "\n")
        for line in import_summary.urgent(file):
            stream.write(f"  {line}\n")
        for line in () if details else import_summary.losses(file):
            stream.write(f"  {line}\n")
        if details:
            stream.write("".join(f"{line}\n" for line in import_summary.details(file)))
        if written is not None:
            stream.write(f"  + {written[number]}\n")


def _print_report(
    imports: list[tuple[str, ImportResult]], written: list[Path] | None, problems: list[Diagnostic]
) -> None:
    results: list[dict[str, Any]] = []
    for number, (source, file) in enumerate(imports):
        path = str(written[number]) if written else None
        text = {} if written else {"spec": file.text}
        results.append({**import_summary.document(source, file, path), **text})
    print_json({"results": results, "problems": [as_json(problem) for problem in problems]})
