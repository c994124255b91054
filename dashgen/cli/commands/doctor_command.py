"""``dashgen doctor``."""

import os
import sys
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NamedTuple

from dashgen.cli.commands.server_options import ServerOptions
from dashgen.cli.connection_options import CertificateOptions, TargetName, Url
from dashgen.cli.documents.doctor_document import doctor_document
from dashgen.cli.options import (
    EXIT_FINDINGS,
    EXIT_UNREACHABLE,
    Environment,
    ProjectFolder,
    usage_error,
)
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

StackFolder = Annotated[
    Path | None,
    Option("--stack", "-s", metavar="DIR", help="Examine the stack of this compose file, or its folder."),
]
AppUrl = Annotated[
    str, Option("--app", metavar="URL", help="Address of the application's metrics; default: `APP_URL`.")
]
LogFile = Annotated[
    Path | None, Option("--log-file", metavar="FILE", help="Read costs from this log file instead of Loki.")
]
Expensive = Annotated[
    float,
    Option("--expensive", min=0, metavar="AMOUNT", help="Report questions that cost this much or more."),
]
Seconds = Annotated[float, Option("--timeout", min=0.1, metavar="SECONDS", help="Time limit of one request.")]


class DoctorFormat(StrEnum):
    """Output formats of a diagnosis."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"


ReportFormat = Annotated[DoctorFormat, Option("--format", "-f", help="Output format.")]


class DoctorArguments(NamedTuple):
    """What is examined."""

    stack: StackFolder = None
    url: Url = ""
    target: TargetName = ""
    servers: ServerOptions = ServerOptions()
    app: AppUrl = ""
    log_file: LogFile = None
    expensive: Expensive = 0.1
    project: ProjectFolder = Path()
    env: Environment = None
    timeout: Seconds = 10.0
    certificates: CertificateOptions = CertificateOptions()
    output_format: ReportFormat = DoctorFormat.TEXT


def doctor(options: DoctorArguments) -> None:
    """Find out why dashboards show nothing, by checking everything from specs to panels in order.

    With --stack, examine the servers that the compose file publishes on this machine, and sign in to Grafana
    as the administrator of its .env. Options and the environment (`PROMETHEUS_URL` …) name other servers. No
    other host is contacted, and nothing is changed: each finding has the command that fixes it. Consequences
    of an earlier finding are not reported. If the administrator's password is not known, admin/admin is tried
    once on a Grafana of this machine.

    Exit with 1 if something is wrong, and with 3 if a server does not answer or refuses the credentials.

    Example: dashgen doctor --stack stack
    """
    if options.log_file is not None and not options.log_file.is_file():
        usage_error(f"there is no file {options.log_file}")
    with ExitStack() as opened:
        subject = _subject(options)
        opened.callback(subject.servers.close)
        subject.costs = CostOptions(options.log_file, options.expensive)
        outcomes = []
        for link, outcome in examine(subject):
            outcomes.append((link, outcome))
            if options.output_format is DoctorFormat.TEXT:
                # Printed link by link, since a server that hangs takes a while.
                _print_link(subject, link, outcome)
        _finish(subject, outcomes, options.output_format)


def _addresses(options: DoctorArguments) -> dict[ChainLink, str]:
    """The addresses of options and the environment, without those that neither has."""
    named = {
        ChainLink.PROMETHEUS: options.servers.prometheus or os.environ.get("PROMETHEUS_URL", ""),
        ChainLink.LOKI: options.servers.loki or os.environ.get("LOKI_URL", ""),
        ChainLink.TEMPO: options.servers.tempo or os.environ.get("TEMPO_URL", ""),
        ChainLink.APP: options.app or os.environ.get("APP_URL", ""),
    }
    return {link: address for link, address in named.items() if address}


def _subject(options: DoctorArguments) -> Subject:
    """What is examined, with clients of its servers.

    Raises:
        DashgenError: nothing is named, or the compose file cannot be read.
    """
    workspace = open_workspace(options.project, options.env)
    stack = None
    if options.stack is not None:
        stack, problems = read_files(options.stack, os.environ, workspace.project.doctor)
        if stack is None:
            message = problems[0].message if problems else f"there is no compose file in {options.stack}"
            usage_error(message, "name its folder")
    addresses, connection = _addresses(options), Connection(options.url, *options.certificates)
    is_grafana_named = options.url or options.target or os.environ.get("GRAFANA_URL")
    if stack is None and not addresses and not is_grafana_named:
        usage_error("nothing to examine is named", "give `--stack stack`, or the addresses of servers")
    servers = ServerChoice(addresses, connection, options.target, stack, options.timeout)
    grafana = grafana_of(workspace, servers, os.environ)
    by_link = endpoints(servers, grafana, os.environ)
    return Subject(workspace, os.environ, stack, by_link, clients(by_link, grafana), grafana)


def _print_link(subject: Subject, link: ChainLink, outcome: LinkOutcome) -> None:
    color = use_color(sys.stdout.isatty())
    sys.stdout.write(f"{diagnosis_text.line(link, outcome, subject.redact, color=color)}\n")
    sys.stdout.flush()


def _finish(subject: Subject, outcomes: list[tuple[ChainLink, LinkOutcome]], form: DoctorFormat) -> None:
    if form is DoctorFormat.JSON:
        print_json(doctor_document(outcomes, subject.redact))
    elif form is DoctorFormat.JUNIT:
        sys.stdout.write(diagnosis_text.as_junit(outcomes, subject.redact))
    else:
        lines = [
            *diagnosis_text.findings(outcomes, subject.redact, color=use_color(sys.stdout.isatty())),
            "",
            diagnosis_text.summary(outcomes),
        ]
        sys.stdout.write("".join(f"{line}\n" for line in lines))
    # A finding that may be right as it is, such as a search without results, fails nothing.
    certain = [fault for _, outcome in outcomes for fault in outcome.faults if fault.finding.certain]
    if certain:
        # As for other commands, a server that cannot be reached has an exit code of its own.
        raise SystemExit(EXIT_UNREACHABLE if any(fault.away for fault in certain) else EXIT_FINDINGS)
