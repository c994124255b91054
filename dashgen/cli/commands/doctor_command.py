"""``dashgen doctor``."""

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, NamedTuple

from dashgen.cli.commands.server_options import Files, LokiUrl, PrometheusUrl, TempoUrl
from dashgen.cli.connection_options import CaCert, ClientCert, ClientKey, Url
from dashgen.cli.options import EXIT_FINDINGS, Environment, Format, ProjectFolder, usage_error
from dashgen.cli.output import print_json, use_color
from dashgen.cli.parameters import Option
from dashgen.doctor import diagnosis_text
from dashgen.doctor.chain import ChainLink, LinkOutcome
from dashgen.doctor.examine import examine
from dashgen.doctor.server_addresses import ServerChoice, clients, endpoints, grafana_of
from dashgen.doctor.stack_files import read_files
from dashgen.doctor.subject import CostOptions, Subject
from dashgen.project.targets import Connection
from dashgen.workspace.workspace import open_workspace

EXIT_UNREACHABLE = 3

StackFolder = Annotated[
    Path | None,
    Option("--stack", "-s", metavar="DIR", help="The folder of the compose file, or the file."),
]
AppUrl = Annotated[
    str,
    Option("--app", metavar="URL", help="Where the application exports its metrics; `APP_URL` when absent."),
]
LogFile = Annotated[
    Path | None,
    Option("--log-file", metavar="FILE", help="Read costs from these log lines, not from Loki."),
]
Expensive = Annotated[
    float,
    Option("--expensive", min=0, metavar="AMOUNT", help="From what on one question is expensive."),
]
Seconds = Annotated[
    float, Option("--timeout", min=0.1, metavar="SECONDS", help="How long a server may take to answer.")
]
ReportFormat = Annotated[
    Format, Option("--format", "-f", help="How the result is printed: text, json or junit.")
]


class DoctorArguments(NamedTuple):
    """What is examined."""

    stack: StackFolder = None
    url: Url = ""
    target: Annotated[
        str, Option("--target", "-t", metavar="NAME", help="The Grafana, as a target of dashgen.yaml.")
    ] = ""
    prometheus: PrometheusUrl = ""
    loki: LokiUrl = ""
    tempo: TempoUrl = ""
    app: AppUrl = ""
    log_file: LogFile = None
    expensive: Expensive = 0.1
    project: ProjectFolder = Path()
    env: Environment = None
    timeout: Seconds = 10.0
    ca_cert: CaCert = None
    client_cert: ClientCert = None
    client_key: ClientKey = None
    output_format: ReportFormat = Format.TEXT


def doctor(options: DoctorArguments) -> None:
    """Find out why dashboards show nothing: check the whole chain from specs to panels, in order.

    With --stack, the servers are those that its compose file publishes on this machine, and Grafana's administrator is
    the one of its .env; options and the environment (`PROMETHEUS_URL` …) name others. No other host is asked, and nothing
    is changed: each finding says the command that would help. What follows from an earlier finding is not reported.
    Unless the administrator's password is known, admin/admin is tried on a Grafana of this machine, once.

    Exits with 1 when something is wrong, and with 3 when that is a server that does not answer or does not let us in.

    Example: dashgen doctor --stack stack
    """
    if options.output_format is Format.GITHUB:
        usage_error("`dashgen doctor` prints text, json or junit")
    if options.log_file is not None and not options.log_file.is_file():
        usage_error(f"there is no file {options.log_file}")
    addresses = _addresses(options.prometheus, options.loki, options.tempo, options.app)
    files = (options.ca_cert, options.client_cert, options.client_key)
    with ExitStack() as opened:
        subject = _subject(
            options.project,
            options.env,
            options.stack,
            addresses,
            (options.url, options.target),
            files,
            options.timeout,
        )
        opened.callback(subject.servers.close)
        subject.costs = CostOptions(options.log_file, options.expensive)
        outcomes = []
        for link, outcome in examine(subject):
            outcomes.append((link, outcome))
            if options.output_format is Format.TEXT:
                _line(subject, link, outcome)
        _finish(subject, outcomes, options.output_format)


def _addresses(prometheus: str, loki: str, tempo: str, app: str) -> dict[ChainLink, str]:
    """The addresses that options and the environment say."""
    options = {
        ChainLink.PROMETHEUS: prometheus,
        ChainLink.LOKI: loki,
        ChainLink.TEMPO: tempo,
        ChainLink.APP: app,
    }
    names = {
        ChainLink.PROMETHEUS: "PROMETHEUS_URL",
        ChainLink.LOKI: "LOKI_URL",
        ChainLink.TEMPO: "TEMPO_URL",
        ChainLink.APP: "APP_URL",
    }
    addresses = {link: option or os.environ.get(names[link], "") for link, option in options.items()}
    return {link: address for link, address in addresses.items() if address}


def _subject(
    project: Path,
    env: str | None,
    stack: Path | None,
    addresses: dict[ChainLink, str],
    grafana: tuple[str, str],
    files: Files,
    patience: float,
) -> Subject:
    workspace = open_workspace(project, env)
    compose_files, problems = (
        read_files(stack, os.environ, workspace.project.doctor) if stack is not None else (None, [])
    )
    if stack is not None and compose_files is None:
        usage_error(
            problems[0].message if problems else f"there is no compose file in {stack}", "name its folder"
        )
    url, target = grafana
    named = ServerChoice(addresses, Connection(url, *files), target, compose_files, patience)
    if compose_files is None and not addresses and not (url or target or os.environ.get("GRAFANA_URL")):
        usage_error("nothing to examine is named", "give `--stack stack`, or the addresses of servers")
    chosen = grafana_of(workspace, named, os.environ)
    endpoints_by_link = endpoints(named, chosen, os.environ)
    return Subject(
        workspace, os.environ, compose_files, endpoints_by_link, clients(endpoints_by_link, chosen), chosen
    )


def _line(subject: Subject, link: ChainLink, outcome: LinkOutcome) -> None:
    color = use_color(sys.stdout.isatty())
    sys.stdout.write(f"{diagnosis_text.line(link, outcome, subject.redact, color=color)}\n")
    sys.stdout.flush()


def _finish(subject: Subject, outcomes: list[tuple[ChainLink, LinkOutcome]], form: Format) -> None:
    if form is Format.JSON:
        print_json(diagnosis_text.as_data(outcomes, subject.redact))
    elif form is Format.JUNIT:
        sys.stdout.write(diagnosis_text.as_junit(outcomes, subject.redact))
    else:
        lines = [
            *diagnosis_text.findings(outcomes, subject.redact, color=use_color(sys.stdout.isatty())),
            "",
            diagnosis_text.summary(outcomes),
        ]
        sys.stdout.write("".join(f"{line}\n" for line in lines))
    certain = [fault for _, outcome in outcomes for fault in outcome.faults if fault.finding.certain]
    if certain:
        raise SystemExit(EXIT_UNREACHABLE if any(fault.away for fault in certain) else EXIT_FINDINGS)
