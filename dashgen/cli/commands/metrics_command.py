"""``dashgen metrics``: compare the metric contract with an application or the specs, or create it."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

from msgspec import UNSET

from dashgen.cli.documents.small_documents import MetricsImportDocument
from dashgen.cli.options import (
    Environment,
    Format,
    LeastFailure,
    ListFormat,
    ListOutputFormat,
    OutputFormat,
    ProjectFolder,
    finish,
    usage_error,
)
from dashgen.cli.output import print_json, report
from dashgen.cli.parameters import Option
from dashgen.compile.prepare import prepare
from dashgen.core.diagnostics import has_errors
from dashgen.core.errors import DashgenError
from dashgen.core.files.regular import read_regular
from dashgen.core.files.standalone import replace_file
from dashgen.doctor.contract import PassedOver, compare, contract_of
from dashgen.doctor.contract.contract_spec import completed, first_contract
from dashgen.model.document import SpecDocument
from dashgen.model.metrics_spec import Metrics
from dashgen.project.inspection import inspect_project
from dashgen.project.metric_uses import unused_metrics
from dashgen.servers.http import Limits
from dashgen.servers.telemetry import Exposition, endpoint, parse_exposition
from dashgen.servers.telemetry.scrape import scrape
from dashgen.source.load import load_text, read_text
from dashgen.workspace.workspace import open_workspace, require_inside

MetricsUrl = Annotated[
    str, Option("--url", "-u", metavar="URL", help="Address of the application's metrics.")
]
MetricsFile = Annotated[
    Path | None, Option("--file", metavar="FILE", help="Read the metrics from this file; `-` is stdin.")
]
Timeout = Annotated[float, Option("--timeout", min=0.1, metavar="SECONDS", help="Time limit of the request.")]
Ignored = Annotated[
    list[str] | None,
    Option("--ignore", metavar="PATTERN", help="Ignore these metrics, with `*`; may be repeated."),
]


class ContractOptions(NamedTuple):
    """The contract, and what it is compared with."""

    url: MetricsUrl = ""
    file: MetricsFile = None
    contract: Annotated[
        list[str] | None,
        Option("--contract", metavar="SPEC", help="Check only the metrics of this spec; may be repeated."),
    ] = None
    ignore: Ignored = None
    timeout: Timeout = 10.0
    project: ProjectFolder = Path()
    env: Environment = None
    fail_on: LeastFailure = None
    output_format: OutputFormat = Format.TEXT


def check(options: ContractOptions) -> None:
    """Compare the metric contract with the metrics that an application exposes, both ways.

    Metrics, types, labels and values that are missing, wrong or not declared are errors, and the exit code is
    1. Values that have not occurred yet, and different help texts, are notes. Metrics of Python, Go, the
    process and the scrape are ignored, as are those of `ignore:` in the contract. A contract with a `job:` is
    that of another program: it is checked when `--contract` names it.

    Example: dashgen metrics check --url http://localhost:8000/metrics
    """
    root, documents = _contracts(options.project, options.env, options.contract or [])
    # One address exports one program's metrics; those of other jobs are checked by naming their contract.
    own = [document for document in documents if not document.model.job]
    documents = documents if options.contract else own or documents
    exposition, source = _exposition(options.url, options.file, options.timeout)
    problems = compare(documents, exposition, source, options.ignore or [])
    if problems or options.output_format is not Format.TEXT:
        report(problems, options.output_format, root, stdout=True)
    if options.output_format is Format.TEXT and not has_errors(problems):
        count = sum(len(document.model.metrics) for document in documents)
        sys.stdout.write(f"{count} metrics are exported as they are declared\n")
    finish(problems, fail_on=options.fail_on, form=options.output_format)


def unused(
    project: ProjectFolder = Path(),
    env: Environment = None,
    fail_on: LeastFailure = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """List the metrics of the contract that no panel and no alert reads.

    A metric that only a recording rule reads is unused when nothing reads what that rule records. Metrics
    that are deprecated are left out. What is read and not in the contract is a finding of `dashgen build`;
    here it is one for the queries that traces lead to.

    Example: dashgen metrics unused --fail-on warning
    """
    root, documents = _contracts(project, env, [])
    inspection = inspect_project(project, env)
    if has_errors(inspection.diagnostics):
        # What is left out because of an error may be what reads a metric.
        report(inspection.diagnostics, output_format, root)
        finish(inspection.diagnostics, fail_on=fail_on, form=output_format)
        return
    problems = unused_metrics(inspection)
    if problems or output_format is not Format.TEXT:
        report(problems, output_format, root, stdout=True)
    else:
        count = sum(len(document.model.metrics) for document in documents)
        sys.stdout.write(f"all {count} metrics of the contract are charted or alerted on\n")
    finish(problems, fail_on=fail_on, form=output_format)


class ContractImportOptions(NamedTuple):
    """What a contract is created from."""

    url: MetricsUrl = ""
    file: MetricsFile = None
    out: Annotated[
        Path | None,
        Option("--out", "-o", metavar="SPEC", help="Write to this spec; an existing one keeps what it has."),
    ] = None
    few: Annotated[
        int, Option("--few", min=1, help="List the values of a label if it has at most this many.")
    ] = 12
    ignore: Ignored = None
    timeout: Timeout = 10.0
    output_format: ListOutputFormat = ListFormat.TEXT


def import_metrics(options: ContractImportOptions) -> None:
    """Create a metric contract from the metrics that an application exposes.

    The values of a label are listed if there are few, and limited in number otherwise. An existing spec keeps
    everything that it has, and gets the metrics, labels and values that it lacks. The YAML is printed, or
    written with --out.

    Example: dashgen metrics import --url http://localhost:8000/metrics --out specs/metrics.yaml
    """
    if options.url:
        # Opening a project applies its settings, which may forbid credentials over plain HTTP.
        open_workspace(Path())
    exposition, source = _exposition(options.url, options.file, options.timeout)
    metrics = contract_of(exposition, PassedOver(options.ignore or []), options.few)
    if not metrics:
        usage_error(f"{source} exposes no metrics of its own")
    out, text = options.out, first_contract(metrics)
    if out is None:
        outcome, line = "printed", text
    elif out.exists():
        is_complete = not _complete(out, metrics)
        outcome = "unchanged" if is_complete else "completed"
        line = f"{out} lacks nothing\n" if is_complete else f"~ {out}\n"
    else:
        _write(out, text)
        outcome, line = "created", f"+ {out} ({len(metrics)} metrics)\n"
    if options.output_format is ListFormat.JSON:
        file = str(out) if out is not None else None
        spec = text if out is None else UNSET
        print_json(MetricsImportDocument(metrics=sorted(metrics), file=file, outcome=outcome, spec=spec))
    else:
        sys.stdout.write(line)


def _contracts(
    project: Path, env: str | None, only: Sequence[str]
) -> tuple[Path, list[SpecDocument[Metrics]]]:
    workspace = open_workspace(project, env)
    prepared = prepare(workspace, workspace.spec_files(), workspace.project.format)
    if has_errors(prepared.diagnostics):
        report(prepared.diagnostics, Format.TEXT, workspace.root)
        finish(prepared.diagnostics)
    files = {workspace.show(Path(name).resolve()) for name in only}
    documents = [
        document
        for document in prepared.documents.of("Metrics")
        if not files or document.resolved.file in files
    ]
    if not documents:
        usage_error(
            "there is no metric contract",
            "write a `kind: Metrics` spec, or create one with `dashgen metrics import`",
        )
    return workspace.root, documents


def _exposition(url: str, file: Path | None, patience: float) -> tuple[Exposition, str]:
    """The metrics of an address or a file, and a name of that source for messages.

    Raises:
        DashgenError: not exactly one of the two is named, or it cannot be read.
    """
    if bool(url) == (file is not None):
        usage_error("no source of metrics is named", "give either `--url` or `--file`")
    if file is None:
        limits = Limits(connect=min(5.0, patience), read=patience, total=patience, attempts=1)
        server = endpoint("the application", url, os.environ, limits, port=8000)
        return scrape(server), server.url
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        usage_error(f"cannot read {file}: {(error.strerror or str(error)).lower()}")
    return parse_exposition(text), "stdin" if str(file) == "-" else str(file)


def _complete(out: Path, metrics: dict[str, dict[str, object]]) -> bool:
    """Add what an existing contract lacks, and return whether it lacked something.

    Raises:
        DashgenError: the file is not a contract, or cannot be written.
    """
    loaded = load_text(str(out), read_text(out, str(out)))
    text = read_regular(out).decode()
    datas = [document.data for document in loaded.documents]
    kinds = [data.get("kind") if isinstance(data, dict) else None for data in datas]
    if loaded.diagnostics or "Metrics" not in kinds:
        usage_error(
            f"{out} is not a spec with a `kind: Metrics`", "name another file, or one that does not exist"
        )
    number = kinds.index("Metrics")
    after = completed(str(out), text, number, datas[number], metrics)
    if after != text:
        _write(out, after)
    return after != text


def _write(out: Path, text: str) -> None:
    require_inside(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        replace_file(out, text.encode())
    except OSError as error:
        raise DashgenError(f"cannot write to {out}: {(error.strerror or str(error)).lower()}") from None
