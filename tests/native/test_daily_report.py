"""The report of a simulated day: a real mail server receives it, and its numbers are what Prometheus answers."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests

from tests.native.processes import Processes, free_port, wait_for
from tests.native.run import program
from tests.native.scenarios import Past, month
from tests.report.smtp_server import Mailbox, mail_server
from tests.stack.files import ROOT

pytestmark = pytest.mark.stack
DUBAI = ZoneInfo("Asia/Dubai")
# The last day in Dubai that the history, which ends now, has seen whole.
DAY = datetime.now(DUBAI).date() - timedelta(days=1)
SENDER = "reports@example.com"


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Prometheus with the thirty days that the load generator makes up."""
    folder = tmp_path_factory.mktemp("history")
    past = Past(folder / "past.om", folder / "bot.db", sys.executable)
    month(past)
    blocks = ["tsdb", "create-blocks-from", "--max-block-duration=720h", "openmetrics", str(past.file)]
    subprocess.run(
        [program("promtool"), *blocks, str(folder / "data")], check=True, capture_output=True, timeout=300
    )
    past.file.unlink()
    (folder / "prometheus.yml").write_text("scrape_configs: []\n", encoding="utf-8")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    options = [
        "--storage.tsdb.path=data",
        "--storage.tsdb.retention.time=90d",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with Processes(folder) as processes:
        processes.start("prometheus", [program("prometheus"), "--config.file=prometheus.yml", *options])
        wait_for("Prometheus is ready", lambda: _ok(f"{url}/-/ready"), 60)
        yield url


def _ok(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as running:
        yield running


def report(prometheus: str, *words: str, port: int = 1) -> subprocess.CompletedProcess[str]:
    """`dashgen report` for the day; Loki is not there, so it is never the whole of the report."""
    return subprocess.run(
        [sys.executable, "-m", "dashgen", "report", *words, "--prometheus", prometheus],
        cwd=ROOT,
        env={
            **os.environ, "ALERT_EMAIL": "team@example.com;boss@example.com", "SMTP_FROM": SENDER,
            "SMTP_HOST": f"localhost:{port}", "SMTP_TLS": "none",
        },
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip


def midnight(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=DUBAI).timestamp()


def answer(prometheus: str, query: str, day: date) -> float | None:
    """What Prometheus itself answers about a day, which in Dubai always has 24 hours."""
    fields = {
        "query": query.replace("$__range", "86400s"),
        "time": f"{midnight(day + timedelta(days=1)):.3f}",
    }
    found = requests.get(f"{prometheus}/api/v1/query", params=fields, timeout=30).json()["data"]["result"]
    assert len(found) <= 1
    return float(found[0]["value"][1]) if found else None


FIGURES = {
    "signups": "sum(increase(dubai_estate_signups_total[$__range]))",
    "queries": "sum(increase(dubai_estate_queries_total[$__range]))",
    "cost": "sum(increase(dubai_estate_cost_usd_total[$__range]))",
    "success_rate": 'sum(increase(dubai_estate_queries_total{status="success"}[$__range]))'
    " / sum(increase(dubai_estate_queries_total[$__range]))",
    "cost_per_answered_query": "sum(increase(dubai_estate_cost_usd_total[$__range]))"
    ' / sum(increase(dubai_estate_queries_total{status="success"}[$__range]))',
}


@pytest.fixture(scope="module")
def figures(prometheus: str) -> dict[str, dict[str, Any]]:
    done = report(prometheus, "daily", "--date", DAY.isoformat(), "--format", "json")
    assert done.stdout, done.stderr
    document = json.loads(done.stdout)
    # Only the table of errors reads Loki, which does not run here.
    assert {one["subject"] for one in document["failures"]} == {"Most frequent errors"}
    return {one["name"]: one for section in document["sections"] for one in section["figures"]}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_what_prometheus_answers(
    name: str, prometheus: str, figures: dict[str, dict[str, Any]]
) -> None:
    expected = answer(prometheus, FIGURES[name], DAY)
    assert expected is not None
    assert figures[name]["value"] == pytest.approx(expected, rel=1e-9)
    before = {one["period"]: one["before"] for one in figures[name]["changes"]}
    for word, days in (("day before", 1), ("same weekday last week", 7)):
        assert before[word] == pytest.approx(
            answer(prometheus, FIGURES[name], DAY - timedelta(days=days)), rel=1e-9
        )


def test_a_mail_server_receives_the_report_with_its_numbers_and_its_chart(
    prometheus: str, mailbox: Mailbox, figures: dict[str, dict[str, Any]]
) -> None:
    done = report(prometheus, "daily", "--date", DAY.isoformat(), "--smtp", port=mailbox.port)
    assert done.stdout == "sent to team@example.com, boss@example.com\n", done.stderr
    [mail] = mailbox.mails
    assert (mail.sender, mail.recipients) == (SENDER, ["team@example.com", "boss@example.com"])
    message = mail.message
    assert message["Subject"] == f"Dubai Estate AI, yesterday: {DAY:%A, %B} {DAY.day}, {DAY.year}"
    text, html = (_body(message, kind) for kind in ("plain", "html"))
    for name in FIGURES:
        assert figures[name]["text"] in text, name
        assert figures[name]["text"] in html, name
    pictures = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert len(pictures) == 1
    assert pictures[0].get_content().startswith(b"\x89PNG")
    assert f'src="cid:{pictures[0]["Content-ID"].strip("<>")}"' in html


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_the_service_sends_the_day_once(prometheus: str, mailbox: Mailbox, tmp_path: Path) -> None:
    record = tmp_path / "reports.json"
    yesterday = (DAY - timedelta(days=1)).isoformat()
    sent = {"period": yesterday, "due": 0.0, "progress": "sent", "at": 0.0}
    weekly = {"period": "9999-12-27+7d", "due": 0.0, "progress": "sent", "at": 0.0}
    record.write_text(
        json.dumps({"version": 1, "reports": {"daily": sent, "weekly": weekly}}), encoding="utf-8"
    )
    before = len(mailbox.mails)
    for _ in range(2):
        done = report(prometheus, "--due", "--record", str(record), port=mailbox.port)
        assert done.returncode == 0, done.stdout + done.stderr
    # Before seven in Dubai yesterday's report is not due yet, and the one before was sent.
    due = datetime.now(UTC) >= datetime(*(DAY + timedelta(days=1)).timetuple()[:3], 7, tzinfo=DUBAI)
    assert len(mailbox.mails) - before == int(due)


def test_the_weekly_review_has_a_number_for_every_figure(prometheus: str) -> None:
    done = report(prometheus, "weekly", "--date", (DAY - timedelta(days=7)).isoformat(), "--format", "json")
    document = json.loads(done.stdout)
    assert document["failures"] == []
    found = {one["name"]: one["reason"] for section in document["sections"] for one in section["figures"]}
    assert {name: reason for name, reason in found.items() if reason} == {}
