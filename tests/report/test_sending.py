"""Sending on schedule: what is due, once, whatever happens between."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from dashgen.core.errors import DashgenError
from dashgen.model.settled_report import SettledReport
from dashgen.report.due_reports import DueReport, agenda
from dashgen.report.mail_server import Encryption, MailSettings
from dashgen.report.report_result import FailedQuery, ReportResult
from dashgen.report.send_due import Surroundings, send_due, serve
from dashgen.report.sent_record import SendingProgress, Sent, SentRecord
from tests.report.report_project import write_report
from tests.report.smtp_server import Mailbox, hanging_server, mail_server

# Seven in the morning in Dubai.
SEVEN = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)


@pytest.fixture
def report(tmp_path: Path) -> SettledReport:
    sections = [{"title": "S", "text": "hello"}]
    book = write_report(
        tmp_path, sections, schedule="daily at 07:00", recipients=["a@example.com", "b@example.com"]
    )
    return book.reports[0]


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as running:
        yield running


class Stage:
    """A clock, a record and a mail server for one report; ``lines`` is what was logged."""

    def __init__(self, report: SettledReport, folder: Path, port: int, now: datetime = SEVEN) -> None:
        self.now = now
        self.lines: list[str] = []
        self.file = folder / "state" / "reports.json"
        self.evaluated: list[str] = []
        self.query_count, self.failures = 0, ()
        settings = MailSettings(
            "localhost", port, "reports@example.com", Encryption.NONE, seconds=0.5, total=1.0
        )
        self.around = Surroundings(
            lambda: [report],
            self.evaluate,
            settings,
            {},
            SentRecord(self.file),
            self.lines.append,
            lambda: self.now,
        )

    def evaluate(self, item: DueReport) -> ReportResult:
        self.evaluated.append(item.period.key)
        return ReportResult(
            "daily",
            "Yesterday",
            item.period,
            self.now,
            "hello",
            failures=self.failures,
            query_count=self.query_count,
        )

    def record(self) -> Sent:
        return SentRecord(self.file).read()["daily"]

    def send(self) -> tuple[int, int]:
        outcome = send_due(self.around)
        return outcome.sent, outcome.failed


def test_a_report_is_sent_once_a_day_however_often_somebody_looks(
    report: SettledReport, tmp_path: Path, mailbox: Mailbox
) -> None:
    stage = Stage(report, tmp_path, mailbox.port)
    assert [stage.send(), stage.send(), stage.send()] == [(1, 0), (0, 0), (0, 0)]
    assert mailbox.mails[0].message["Subject"] == "Yesterday: Sunday, November 29, 2026"
    assert mailbox.mails[0].recipients == ["a@example.com", "b@example.com"]
    stage.now += timedelta(days=1)
    assert [stage.send(), stage.send()] == [(1, 0), (0, 0)]
    assert stage.evaluated == ["2026-11-29", "2026-11-30"]
    assert stage.record().progress is SendingProgress.SENT


def test_nothing_is_sent_before_its_time(report: SettledReport, tmp_path: Path, mailbox: Mailbox) -> None:
    stage = Stage(report, tmp_path, mailbox.port)
    assert stage.send() == (1, 0)
    stage.now += timedelta(hours=23, minutes=59)
    assert stage.send() == (0, 0)


def test_of_twenty_missed_days_the_newest_is_sent(
    report: SettledReport, tmp_path: Path, mailbox: Mailbox
) -> None:
    stage = Stage(report, tmp_path, mailbox.port)
    stage.send()
    stage.now += timedelta(days=20, hours=9)
    assert [stage.send(), stage.send()] == [(1, 0), (0, 0)]
    assert stage.evaluated == ["2026-11-29", "2026-12-19"]


def test_a_first_start_long_after_the_time_sends_nothing_old(
    report: SettledReport, tmp_path: Path, mailbox: Mailbox
) -> None:
    stage = Stage(report, tmp_path, mailbox.port, SEVEN + timedelta(hours=8))
    assert stage.send() == (0, 0)
    assert stage.record().progress is SendingProgress.SKIPPED
    stage.now = SEVEN + timedelta(days=1)
    assert stage.send() == (1, 0)


def test_a_process_that_died_while_sending_leaves_a_doubt_and_no_second_mail(
    report: SettledReport, tmp_path: Path, mailbox: Mailbox
) -> None:
    stage = Stage(report, tmp_path, mailbox.port)
    stage.file.parent.mkdir()
    SentRecord(stage.file).write("daily", Sent("2026-11-29", SEVEN.timestamp(), SendingProgress.SENDING, 0.0))
    assert stage.send() == (0, 0)
    assert "dashgen report daily --date 2026-11-29 --smtp" in stage.lines[0]
    stage.now += timedelta(days=1)
    assert stage.send() == (1, 0)


def test_the_record_says_sending_before_the_text_of_a_mail_leaves(
    report: SettledReport, tmp_path: Path
) -> None:
    answers = b"220 hi\r\n250 ok\r\n250 ok\r\n250 ok\r\n250 ok\r\n354 go on\r\n"
    with hanging_server(answers) as port:
        stage = Stage(report, tmp_path, port)
        outcome = send_due(stage.around)
    assert (outcome.sent, outcome.failed, outcome.incomplete) == (0, 0, True)
    assert stage.record().progress is SendingProgress.SENDING
    assert "whether the mail arrives is unknown" in stage.lines[0]
    with mail_server() as mailbox:
        stage.around = replace(stage.around, settings=replace(stage.around.settings, port=mailbox.port))
        assert stage.send() == (0, 0)
        assert mailbox.mails == []


def test_what_surely_was_not_sent_is_tried_again(
    report: SettledReport, tmp_path: Path, mailbox: Mailbox
) -> None:
    stage = Stage(report, tmp_path, 1)
    assert stage.send() == (0, 1)
    assert (stage.record().period, stage.record().progress) == ("2026-11-28", SendingProgress.SKIPPED)
    stage.around = replace(stage.around, settings=replace(stage.around.settings, port=mailbox.port))
    mailbox.reply = "451 come back later"
    assert stage.send() == (0, 1)
    mailbox.reply = "250 OK"
    assert stage.send() == (1, 0)


def test_a_service_waits_longer_after_each_failure(report: SettledReport, tmp_path: Path) -> None:
    stage = Stage(report, tmp_path, 1)
    stop = threading.Event()
    moments = []

    class Waiting(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            stage.now += timedelta(seconds=timeout or 0)
            moments.append(stage.now)
            return len(moments) > 400

        def is_set(self) -> bool:
            return len(moments) > 400

    serve(stage.around, Waiting())
    assert not stop.is_set()
    waits = [line.rpartition("tried again in ")[2] for line in stage.lines if "tried again" in line]
    assert waits[:5] == ["5 minutes", "10 minutes", "20 minutes", "40 minutes", "60 minutes"]


def test_a_service_waits_for_servers_and_then_sends_what_there_is(
    report: SettledReport, tmp_path: Path, mailbox: Mailbox
) -> None:
    stage = Stage(report, tmp_path, mailbox.port)
    stage.query_count, stage.failures = 1, (FailedQuery("Signups", "", "refuses connections"),)  # type: ignore[assignment]
    rounds = 0

    class Waiting(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            nonlocal rounds
            rounds += 1
            stage.now += timedelta(minutes=10)
            return True

        def is_set(self) -> bool:
            return rounds > 20

    serve(stage.around, Waiting())
    assert len(mailbox.mails) == 1
    assert any("no query was answered" in line for line in stage.lines)


def test_who_cannot_note_it_sends_nothing(report: SettledReport, tmp_path: Path, mailbox: Mailbox) -> None:
    stage = Stage(report, tmp_path, mailbox.port)
    (tmp_path / "state").mkdir()
    stage.file.mkdir()
    with pytest.raises(DashgenError, match="cannot read"):
        stage.send()
    stage.file.rmdir()
    stage.file.write_text("{", encoding="utf-8")
    with pytest.raises(DashgenError, match="is damaged"):
        stage.send()
    stage.file.write_text(json.dumps({"version": 9, "reports": {}}), encoding="utf-8")
    with pytest.raises(DashgenError, match="another version"):
        stage.send()
    assert mailbox.mails == []


def test_two_processes_never_send_at_once(report: SettledReport, tmp_path: Path, mailbox: Mailbox) -> None:
    stage = Stage(report, tmp_path, mailbox.port)
    with SentRecord(stage.file).held(), pytest.raises(DashgenError, match="another dashgen works"):
        stage.send()
    assert mailbox.mails == []


@pytest.mark.parametrize("shift", [timedelta(hours=-5), timedelta(days=-3)])
def test_a_clock_that_was_set_back_sends_nothing_twice(
    shift: timedelta, report: SettledReport, tmp_path: Path, mailbox: Mailbox
) -> None:
    stage = Stage(report, tmp_path, mailbox.port)
    stage.send()
    stage.now += shift
    assert stage.send() == (0, 0)
    stage.now = SEVEN + timedelta(hours=1)
    assert stage.send() == (0, 0)


def test_some_refused_recipients_are_said_and_the_others_have_it(
    report: SettledReport, tmp_path: Path, mailbox: Mailbox
) -> None:
    mailbox.refused["b@example.com"] = "550 who is that"
    stage = Stage(report, tmp_path, mailbox.port)
    outcome = send_due(stage.around)
    assert (outcome.sent, outcome.incomplete) == (1, True)
    assert stage.lines[1] == "daily of 2026-11-29: b@example.com was refused: 550 who is that"
    assert stage.send() == (0, 0)


def test_a_report_without_a_schedule_is_never_due(tmp_path: Path) -> None:
    book = write_report(tmp_path, [{"title": "S", "text": "hello"}])
    assert agenda(book.reports, {}, SEVEN) == agenda([], {}, SEVEN)


def test_sigterm_ends_the_service(tmp_path: Path) -> None:
    write_report(
        tmp_path, [{"title": "S", "text": "hello"}], schedule="daily at 07:00", recipients=["a@example.com"]
    )
    words = [sys.executable, "-m", "dashgen", "report", "--serve", "--prometheus", "http://127.0.0.1:1"]
    process = subprocess.Popen(
        words,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={"SMTP_HOST": "127.0.0.1:1", "SMTP_FROM": "reports@example.com", "PATH": ""},
    )
    try:
        assert process.stdout is not None
        assert "sending daily; the next is due at" in process.stdout.readline()
        process.terminate()
        rest, _ = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    assert rest.rstrip().endswith("ended")
    assert (tmp_path / ".dashgen/reports.json.alive").exists()
