"""Sending reports on schedule: once what is due now, or again and again until somebody ends it."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from dashgen.core.errors import DashgenError
from dashgen.model.report_spec import COMPARISONS
from dashgen.model.settled_report import SettledReport
from dashgen.report.due_reports import DueReport, agenda
from dashgen.report.mail_message import mail_of
from dashgen.report.mail_server import MailDelivery, MailError, MailSettings, send_mail
from dashgen.report.periods import earlier
from dashgen.report.recipients import addresses_of
from dashgen.report.report_result import ReportResult
from dashgen.report.report_words import failure_lines
from dashgen.report.sent_record import RecordError, SendingProgress, Sent, SentRecord

_FIRST_RETRY: Final = 300.0
_LAST_RETRY: Final = 3600.0
_LONGEST_SLEEP: Final = 30.0
_SPECS_EVERY: Final = 600.0


class Surroundings(Struct, frozen=True):
    """What sending needs, so that tests can replace it.

    Attributes:
        reports: reads the specs anew and returns the reports.
        evaluate: evaluates a report that is due.
        settings: the mail server.
        environment: variables that hold addresses.
        record: what was sent.
        log: prints a line.
        now: the present moment.
    """

    reports: Callable[[], Sequence[SettledReport]]
    evaluate: Callable[[DueReport], ReportResult]
    settings: MailSettings
    environment: dict[str, str]
    record: SentRecord
    log: Callable[[str], None]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


class Outcome(Struct, frozen=True):
    """What became of the reports that were due; ``incomplete`` when a recipient was refused or one is in doubt."""

    sent: int = 0
    failed: int = 0
    incomplete: bool = False


def send_due(around: Surroundings) -> Outcome:
    """Send what is due now, each once.

    Raises:
        DashgenError: the record cannot be read or written, or another process is sending.
    """
    with around.record.held():
        return _Sender(around).round(around.reports(), patient=False)


def serve(around: Surroundings, stop: threading.Event) -> None:
    """Send reports when they are due, until `stop` is set; a mail that is being sent is finished first.

    Raises:
        DashgenError: the record cannot be read or written, or another process is sending.
    """
    with around.record.held():
        sender = _Sender(around)
        reports, read = list(around.reports()), around.now()
        around.record.beat()
        names = ", ".join(report.spec.uid for report in reports)
        around.log(f"sending {names}; the next is due at {sender.next_text(reports)}")
        while not stop.is_set():
            if around.now() - read > timedelta(seconds=_SPECS_EVERY):
                reports, read = _reread(around, reports), around.now()
            around.record.beat()
            sender.round(reports, patient=True)
            stop.wait(_LONGEST_SLEEP)
        around.log("ended")


def _reread(around: Surroundings, reports: list[SettledReport]) -> list[SettledReport]:
    """The reports as the specs have them now; those of before while the specs have errors."""
    try:
        return list(around.reports())
    except DashgenError as error:
        around.log(f"the specs cannot be read, so reports stay as they were: {error}")
        return reports


class _Sender:
    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._failures: dict[tuple[str, str], int] = {}
        self._not_before: dict[tuple[str, str], float] = {}
        self._doubts: set[tuple[str, str]] = set()

    def next_text(self, reports: Sequence[SettledReport]) -> str:
        moment = agenda(reports, {}, self._around.now()).next
        return "no time" if moment is None else f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M} UTC"

    def round(self, reports: Sequence[SettledReport], *, patient: bool) -> Outcome:
        """Send what is due.

        Args:
            reports: the reports.
            patient: whether there will be another round, so that a report without any answer can wait.
        """
        around = self._around
        todo = agenda(reports, around.record.read(), around.now())
        for item in todo.new:
            self._note(item, SendingProgress.SKIPPED)
            around.log(f"{_name(item)}: due before there was a record, so it counts as sent")
        for item in todo.doubtful:
            if _key(item) not in self._doubts:
                self._doubts.add(_key(item))
                command = f"dashgen report {item.report.spec.uid} --date {item.period.first} --smtp"
                around.log(f"{_name(item)}: a process ended while it was sent, so it is not again: {command}")
        sent = failed = 0
        incomplete = False
        for item in todo.due:
            if self._not_before.get(_key(item), 0.0) > around.now().timestamp():
                continue
            try:
                delivery = self._send(item, patient=patient)
            except RecordError:
                # Nothing may be sent by who cannot note it.
                raise
            except DashgenError as error:
                failed += 1
                self._later(item, str(error))
                continue
            sent += delivery is not None
            incomplete |= delivery is None or bool(delivery.refused)
        return Outcome(sent, failed, incomplete)

    def _send(self, item: DueReport, *, patient: bool) -> MailDelivery | None:
        """Send one report; None when nobody knows whether it was sent."""
        around = self._around
        addresses = addresses_of(item.report.recipients, around.environment)
        result = around.evaluate(item)
        waited = around.now().timestamp() - item.due
        if result.has_no_answer and patient and waited < _LAST_RETRY:
            raise MailError(f"no query was answered: {result.failures[0].reason}")
        message = mail_of(result, around.settings.sender, addresses)
        before = around.record.read().get(item.report.spec.uid)
        try:
            delivery = send_mail(
                around.settings, message, addresses, lambda: self._note(item, SendingProgress.SENDING)
            )
        except MailError as error:
            if error.is_unknown:
                self._doubts.add(_key(item))
                around.log(f"{_name(item)}: {error}; it is not sent again")
                return None
            around.record.forget(item.report.spec.uid, before)
            raise
        self._note(item, SendingProgress.SENT)
        around.log(f"{_name(item)}: sent to {len(delivery.accepted)} recipients")
        for address, reason in delivery.refused.items():
            around.log(f"{_name(item)}: {address} was refused: {reason}")
        for line in failure_lines(result):
            around.log(f"{_name(item)}: {line}")
        return delivery

    def _note(self, item: DueReport, progress: SendingProgress) -> None:
        at = self._around.now().timestamp()
        self._around.record.write(item.report.spec.uid, Sent(item.period.key, item.due, progress, at))

    def _later(self, item: DueReport, reason: str) -> None:
        if item.report.spec.uid not in self._around.record.read():
            # Without a record it would count as long past in an hour, and never be sent.
            word = COMPARISONS[item.report.spec.period][0]
            at = self._around.now().timestamp()
            skipped = Sent(earlier(item.period, word).key, item.due, SendingProgress.SKIPPED, at)
            self._around.record.write(item.report.spec.uid, skipped)
        count = self._failures[_key(item)] = self._failures.get(_key(item), 0) + 1
        wait = min(_FIRST_RETRY * 2 ** (count - 1), _LAST_RETRY)
        self._not_before[_key(item)] = self._around.now().timestamp() + wait
        self._around.log(f"{_name(item)}: not sent: {reason}; tried again in {wait / 60:.0f} minutes")


def _key(item: DueReport) -> tuple[str, str]:
    return item.report.spec.uid, item.period.key


def _name(item: DueReport) -> str:
    return f"{item.report.spec.uid} of {item.period.key}"
