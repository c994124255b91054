"""``dashgen report``."""

import os
import signal
import sys
import threading
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

from msgspec.structs import replace

from dashgen.cli.commands.server_options import AtOnce, Patience, ServerOptions, open_servers, with_grafana
from dashgen.cli.connection_options import CertificateOptions, GrafanaOptions, Url
from dashgen.cli.options import (
    EXIT_FINDINGS,
    EXIT_UNREACHABLE,
    Environment,
    Format,
    ProjectFolder,
    finish,
    usage_error,
)
from dashgen.cli.output import print_json
from dashgen.cli.output import report as print_findings
from dashgen.cli.parameters import Argument, Option
from dashgen.core.errors import SpecError
from dashgen.core.files.standalone import replace_file
from dashgen.doctor.live.run_queries import Servers
from dashgen.doctor.live.time_window import utc_now
from dashgen.report.periods import last_period, period_of

if TYPE_CHECKING:
    from dashgen.model.settled_report import SettledReport
    from dashgen.report.report_book import ReportBook
    from dashgen.report.report_result import ReportResult


class ReportFormat(StrEnum):
    """Forms of a report."""

    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"
    JSON = "json"
    EML = "eml"


_BY_SUFFIX: Final = {
    ".html": ReportFormat.HTML, ".htm": ReportFormat.HTML, ".md": ReportFormat.MARKDOWN,
    ".json": ReportFormat.JSON, ".eml": ReportFormat.EML,
}  # fmt: skip
_UNKNOWN_SENDER: Final = "dashgen@localhost.localdomain"
_RECORD: Final = Path(".dashgen/reports.json")

Name = Annotated[
    str | None,
    Argument(metavar="NAME", help="The report's uid; with `--due` and `--serve` all reports when absent.",
             completion="report_names"),
]  # fmt: skip
Day = Annotated[
    str | None,
    Option(
        "--date",
        metavar="DATE",
        help="The day, or a day of the week, that it is about; default: the last full one.",
    ),
]
Out = Annotated[
    Path | None,
    Option(
        "--out",
        "-o",
        metavar="FILE",
        help="Write it to a file, in the form of its suffix, instead of printing it.",
    ),
]
Smtp = Annotated[bool, Option("--smtp", help="Send it by mail, through the server of `SMTP_HOST`.")]
DryRun = Annotated[
    bool,
    Option("--dry-run", help="Do not send: write the mail to a file, and say to whom it would go."),
]
To = Annotated[
    list[str] | None,
    Option(
        "--to", metavar="ADDRESS", help="Send it to this address instead of its recipients; may be repeated."
    ),
]
Due = Annotated[bool, Option("--due", help="Send what is due by its schedule and was not sent yet, and end.")]
Serve = Annotated[bool, Option("--serve", help="Send reports by their schedules until the process is ended.")]
Record = Annotated[
    Path | None,
    Option(
        "--record", metavar="FILE", help="The file that says what was sent; default: `.dashgen/reports.json`."
    ),
]
Charts = Annotated[bool, Option("--charts/--no-charts", help="Draw the panels of the report.")]


class ReportOptions(NamedTuple):
    """The report, its period, its form, who gets it, and the servers to query."""

    name: Name = None
    date: Day = None
    out: Out = None
    output_format: Annotated[ReportFormat | None, Option("--format", "-f", help="Form; default: `text`.")] = (
        None
    )
    smtp: Smtp = False
    dry_run: DryRun = False
    to: To = None
    due: Due = False
    serve: Serve = False
    record: Record = None
    charts: Charts = True
    servers: ServerOptions = ServerOptions()
    url: Url = ""
    project: ProjectFolder = Path()
    env: Environment = None
    timeout: Patience = 30.0
    concurrency: AtOnce = 4
    certificates: CertificateOptions = CertificateOptions()


def report(options: ReportOptions) -> None:
    """Print or send a report: the figures, tables and charts of yesterday or last week.

    Figures are compared with earlier periods and targets; days are calendar days of the report's time zone.
    What has no data is said, and a query that fails is named. Exit with 1 if a query failed or a recipient
    was refused, and with 3 if no server answers or the mail was not sent. The mail server comes from the
    environment: SMTP_HOST, SMTP_FROM, SMTP_USER, SMTP_PASSWORD or SMTP_PASSWORD_FILE, SMTP_TLS (starttls, tls
    or none), SMTP_CA_CERT.

    Example: dashgen report daily --prometheus http://localhost:9090 --out daily.html
    """
    _check_usage(options)
    if options.due or options.serve:
        _on_schedule(options)
        return
    from dashgen.report.report_book import open_book

    book = open_book(options.project, options.env)
    if options.name is None:
        names = ", ".join(f"`{one.spec.uid}`" for one in book.reports)
        usage_error("no report is named", f"name one of {names}" if names else "describe one: `kind: Report`")
    chosen = book.find(options.name)
    faults = book.faults([chosen])
    if faults:
        print_findings(faults, Format.TEXT, book.inspection.workspace.root)
        finish(faults)
    result = _evaluated(book, chosen, options)
    _give(result, chosen, options)


def _check_usage(options: ReportOptions) -> None:
    if options.due and options.serve:
        usage_error("`--due` ends and `--serve` does not", "give one of them")
    if options.dry_run and options.output_format is not None:
        usage_error("a dry run writes the mail", "leave out `--format`, or `--dry-run`")
    if options.due or options.serve:
        _check_by_hand(options)
    elif options.record is not None:
        usage_error("`--record` is for `--due` and `--serve`", "remove it")


def _check_by_hand(options: ReportOptions) -> None:
    """Refuse what is for a report that somebody asks for by hand."""
    by_hand = {
        "--date": options.date, "--out": options.out, "--format": options.output_format,
        "--smtp": options.smtp, "--dry-run": options.dry_run, "--to": options.to,
    }  # fmt: skip
    for name in (name for name, value in by_hand.items() if value):
        usage_error(f"`{name}` is for one report", "remove it: schedules say what is sent when")


# One report


def _evaluated(book: "ReportBook", chosen: "SettledReport", options: ReportOptions) -> "ReportResult":
    from dashgen.report.evaluate_report import evaluate_report

    now = utc_now()
    period = last_period(chosen.spec, now)
    if options.date is not None:
        period = period_of(chosen.spec, _day(options.date), now)
    servers = _servers(options)
    try:
        request = book.request(chosen, period, now, draws=options.charts)
        return replace(evaluate_report(request, servers), made_at=_made(now))
    finally:
        servers.close()


def _made(now: datetime) -> datetime:
    """The moment that a report says it was made at; reproducible-builds.org has the variable."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() else now


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        usage_error(f"`{text}` is not a date", "write for example `--date 2026-11-29`")


def _servers(options: ReportOptions) -> Servers:
    servers = open_servers(
        options.servers,
        patience=options.timeout,
        concurrency=options.concurrency,
        certificates=options.certificates,
    )
    grafana = GrafanaOptions(options.project, options.url, None, options.env)
    return with_grafana(servers, grafana, options.certificates, patience=options.timeout)


def _give(result: "ReportResult", chosen: "SettledReport", options: ReportOptions) -> None:
    """Print, write or send a report, and end with its exit code."""
    from dashgen.report.report_words import failure_lines

    incomplete = bool(result.failures)
    if options.smtp or options.dry_run:
        incomplete |= _mailed(result, chosen, options)
    # A dry run writes the mail to `--out`; a mail that is sent may be kept there as well.
    if not options.dry_run and (options.out is not None or not options.smtp):
        _written(result, chosen, options)

    sys.stderr.write("".join(f"warning: {line}\n" for line in failure_lines(result)))
    if result.has_no_answer:
        raise SystemExit(EXIT_UNREACHABLE)
    if incomplete:
        raise SystemExit(EXIT_FINDINGS)


def _written(result: "ReportResult", chosen: "SettledReport", options: ReportOptions) -> None:
    from dashgen.cli.documents.report_document import report_document
    from dashgen.core.reporters.json_report import document_text
    from dashgen.report import report_forms

    suffix = options.out.suffix.lower() if options.out else ""
    form = options.output_format or _BY_SUFFIX.get(suffix, ReportFormat.TEXT)
    if form is ReportFormat.JSON and options.out is None:
        print_json(report_document(result))
        return
    match form:
        case ReportFormat.JSON:
            content = document_text(report_document(result)).encode()
        case ReportFormat.HTML:
            content = report_forms.whole_html(result)
        case ReportFormat.MARKDOWN:
            content = report_forms.markdown(result)
        case ReportFormat.EML:
            content = report_forms.whole_mail(result, _sender(), _recipients(chosen, options))
        case _:
            content = report_forms.plain_text(result)
    if options.out is None:
        sys.stdout.write(content.decode())
    else:
        replace_file(options.out, content)
        sys.stdout.write(f"wrote {options.out}\n")


def _recipients(chosen: "SettledReport", options: ReportOptions) -> list[str]:
    from dashgen.report.recipients import addresses_of

    return addresses_of(options.to or chosen.recipients, os.environ)


def _sender() -> str:
    return os.environ.get("SMTP_FROM", "").strip() or _UNKNOWN_SENDER


def _mailed(result: "ReportResult", chosen: "SettledReport", options: ReportOptions) -> bool:
    """Send a report, or write the mail; whether a recipient was refused."""
    from dashgen.report.mail_message import mail_of
    from dashgen.report.mail_server import mail_settings, send_mail
    from dashgen.report.report_forms import whole_mail

    recipients = _recipients(chosen, options)
    if options.dry_run:
        file = options.out or Path(f"{result.uid}-{result.period.key}.eml")
        replace_file(file, whole_mail(result, _sender(), recipients))
        sys.stdout.write(f"wrote {file}, to {', '.join(recipients)}; nothing was sent\n")
        return False
    settings = mail_settings(os.environ)
    delivery = send_mail(settings, mail_of(result, settings.sender, recipients), recipients)
    sys.stdout.write(f"sent to {', '.join(delivery.accepted)}\n")
    for address, reason in delivery.refused.items():
        sys.stderr.write(f"warning: {address} was refused: {reason}\n")
    return bool(delivery.refused)


# On schedule


def _on_schedule(options: ReportOptions) -> None:
    from dashgen.report.due_reports import DueReport
    from dashgen.report.mail_server import mail_settings
    from dashgen.report.report_book import open_book
    from dashgen.report.send_due import Surroundings, send_due, serve
    from dashgen.report.sent_record import SentRecord

    settings = mail_settings(os.environ)
    books: list[ReportBook] = []

    def read() -> list["SettledReport"]:
        book = open_book(options.project, options.env)
        reports = [book.find(options.name)] if options.name else list(book.reports)
        if faults := book.faults(reports):
            raise SpecError(*faults)
        scheduled = [one for one in reports if one.spec.schedule is not None]
        if not scheduled:
            usage_error("no report has a schedule", "add `schedule: daily at 07:00` to one")
        books[:] = [book]
        return scheduled

    def evaluate(item: DueReport) -> "ReportResult":
        from dashgen.report.evaluate_report import evaluate_report

        servers = _servers(options)
        try:
            now = utc_now()
            return evaluate_report(
                books[0].request(item.report, item.period, now, draws=options.charts), servers
            )
        finally:
            servers.close()

    around = Surroundings(read, evaluate, settings, dict(os.environ), SentRecord(_record(options)), _log)
    if options.serve:
        serve(around, _stopped_by_signals())
        return
    outcome = send_due(around)
    if outcome.failed:
        raise SystemExit(EXIT_UNREACHABLE)
    if outcome.incomplete:
        raise SystemExit(EXIT_FINDINGS)


def _record(options: ReportOptions) -> Path:
    if options.record is not None:
        return options.record
    from dashgen.workspace.workspace import open_workspace

    return open_workspace(options.project, options.env).root / _RECORD


def _log(line: str) -> None:
    sys.stdout.write(f"{utc_now():%Y-%m-%dT%H:%M:%SZ} {line}\n")
    sys.stdout.flush()


def _stopped_by_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
