"""``dashgen metrics``: the metric contract and the running application."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

from dashgen.cli.options import Environment, Format, OutputFormat, ProjectFolder, finish, usage_error
from dashgen.cli.output import report
from dashgen.cli.parameters import Option
from dashgen.compile.prepare import prepare
from dashgen.core.diagnostics import has_errors
from dashgen.core.errors import DashgenError
from dashgen.core.files.regular import read_regular
from dashgen.core.files.standalone import replace_file
from dashgen.doctor.contract import PassedOver, compare, drawn_up
from dashgen.doctor.contract.contract_spec import completed, first_contract
from dashgen.model.document import SpecDocument
from dashgen.model.metrics_spec import Metrics
from dashgen.servers.http import Limits
from dashgen.servers.telemetry import Exposition, endpoint, parse_exposition
from dashgen.servers.telemetry.scrape import scrape
from dashgen.source.load import load_text, read_text
from dashgen.workspace.workspace import open_workspace, require_inside

MetricsUrl = Annotated[
    str, Option("--url", "-u", metavar="URL", help="Where the application exposes its metrics.")
]
MetricsFile = Annotated[
    Path | None, Option("--file", metavar="FILE", help="A saved exposition instead; `-` is stdin.")
]
Timeout = Annotated[
    float, Option("--timeout", min=0.1, metavar="SECONDS", help="How long the answer may take.")
]
Ignored = Annotated[
    list[str] | None,
    Option("--ignore", metavar="PATTERN", help="Pass over these metrics, with `*`; may be repeated."),
]


class ContractOptions(NamedTuple):
    """What is compared with which contract."""

    url: MetricsUrl = ""
    file: MetricsFile = None
    contract: Annotated[
        list[str] | None,
        Option("--contract", metavar="SPEC", help="Only the metrics of this spec file; may be repeated."),
    ] = None
    ignore: Ignored = None
    timeout: Timeout = 10.0
    project: ProjectFolder = Path()
    env: Environment = None
    output_format: OutputFormat = Format.TEXT


def check(options: ContractOptions) -> None:
    """Compare the metric contract with what an application exposes, both ways.

    Metrics, types, labels and values that are missing, wrong or not declared are differences, and the exit code is 1.
    Values that were never seen yet, and other words in a help text, are only noted. Metrics of Python, Go, the process and
    the scrape are passed over, and what `ignore:` in the contract names.

    Example: dashgen metrics check --url http://localhost:8000/metrics
    """
    root, documents = _contracts(options.project, options.env, options.contract or [])
    exposition, source = _exposition(options.url, options.file, options.timeout)
    problems = compare(documents, exposition, source, options.ignore or [])
    if problems or options.output_format is not Format.TEXT:
        report(problems, options.output_format, root, stdout=True)
    if options.output_format is Format.TEXT and not has_errors(problems):
        count = sum(len(document.model.metrics) for document in documents)
        sys.stdout.write(f"{count} metrics are exported as they are declared\n")
    finish(problems)


class ContractImportOptions(NamedTuple):
    """What a contract is drawn up from."""

    url: MetricsUrl = ""
    file: MetricsFile = None
    out: Annotated[
        Path | None,
        Option(
            "--out", "-o", metavar="SPEC", help="Write here; of a file that exists nothing is taken away."
        ),
    ] = None
    few: Annotated[
        int, Option("--few", min=1, help="List the values of a label when they are at most so many.")
    ] = 12
    ignore: Ignored = None
    timeout: Timeout = 10.0


def import_metrics(options: ContractImportOptions) -> None:
    """Draw up a metric contract from what an application exposes.

    Values of labels are listed when they are few; of many, only how many there may be. A spec that exists keeps every word
    that people wrote, and gets the metrics, labels and values that it lacks. The YAML is printed, or written with --out.

    Example: dashgen metrics import --url http://localhost:8000/metrics --out specs/metrics.yaml
    """
    if options.url:
        # A project here may forbid credentials over plain HTTP.
        open_workspace(Path())
    exposition, source = _exposition(options.url, options.file, options.timeout)
    metrics = drawn_up(exposition, PassedOver(options.ignore or []), options.few)
    if not metrics:
        usage_error(f"{source} exposes no metrics of its own")
    if options.out is None:
        sys.stdout.write(first_contract(metrics))
    elif options.out.exists():
        _complete(options.out, metrics)
    else:
        _write(options.out, first_contract(metrics))
        sys.stdout.write(f"+ {options.out} ({len(metrics)} metrics)\n")


def _contracts(
    project: Path, env: str | None, only: Sequence[str]
) -> tuple[Path, list[SpecDocument[Metrics]]]:
    workspace = open_workspace(project, env)
    prepared = prepare(workspace, workspace.spec_files(), "classic")
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
            "write a `kind: Metrics` spec, or draw one up with `dashgen metrics import`",
        )
    return workspace.root, documents


def _exposition(url: str, file: Path | None, patience: float) -> tuple[Exposition, str]:
    """What is exposed, and where that comes from in words."""
    if bool(url) == (file is not None):
        usage_error("no exposition is named", "give either `--url` or `--file`")
    if file is None:
        limits = Limits(connect=min(5.0, patience), read=patience, total=patience, attempts=1)
        server = endpoint("the application", url, os.environ, limits, port=8000)
        return scrape(server), server.url
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        usage_error(f"cannot read {file}: {(error.strerror or str(error)).lower()}")
    return parse_exposition(text), "stdin" if str(file) == "-" else str(file)


def _complete(out: Path, metrics: dict[str, dict[str, object]]) -> None:
    loaded = load_text(str(out), read_text(out, str(out)))
    text = read_regular(out).decode()
    kinds = [one.data.get("kind") if isinstance(one.data, dict) else None for one in loaded.documents]
    if loaded.diagnostics or "Metrics" not in kinds:
        usage_error(
            f"{out} is not a spec with a `kind: Metrics`", "name another file, or one that does not exist"
        )
    number = kinds.index("Metrics")
    after = completed(str(out), text, number, loaded.documents[number].data, metrics)
    if after == text:
        sys.stdout.write(f"{out} lacks nothing\n")
        return
    _write(out, after)
    sys.stdout.write(f"~ {out}\n")


def _write(out: Path, text: str) -> None:
    require_inside(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        replace_file(out, text.encode())
    except OSError as error:
        raise DashgenError(f"cannot write to {out}: {(error.strerror or str(error)).lower()}") from None
