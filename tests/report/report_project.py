"""A project with a report, as tests write it."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from dashgen.doctor.live.run_queries import Servers
from dashgen.report.evaluate_report import evaluate_report
from dashgen.report.periods import period_of
from dashgen.report.report_book import ReportBook, open_book
from dashgen.report.report_result import FigureResult, ReportResult

SOURCES = """
kind: DataSources
datasources:
  - {name: Prometheus, uid: prometheus, type: prometheus, url: http://prometheus:9090}
  - {name: Loki, uid: loki, type: loki, url: http://loki:3100}
"""
NOW = datetime(2026, 11, 30, 5, 0, tzinfo=UTC)


def write_report(folder: Path, sections: list[dict[str, Any]], *others: str, **keys: Any) -> ReportBook:
    """A project with one report that has these sections and keys, and other documents."""
    report = {
        "kind": "Report", "uid": "daily", "title": "Yesterday", "timezone": "Asia/Dubai", "sections": sections,
        **keys,
    }  # fmt: skip
    (folder / "specs").mkdir(exist_ok=True)
    if not (folder / "dashgen.yaml").exists():
        (folder / "dashgen.yaml").write_text("specs: [specs]\n", encoding="utf-8")
    (folder / "specs/others.yaml").write_text("---\n".join([SOURCES, *others]), encoding="utf-8")
    (folder / "specs/report.yaml").write_text(yaml.safe_dump(report, sort_keys=False), encoding="utf-8")
    book = open_book(folder, None)
    assert book.faults(book.reports) == []
    return book


def figure(query: str, **keys: Any) -> dict[str, Any]:
    return {"title": "Signups", "query": query, **keys}


def evaluate(
    book: ReportBook, servers: Servers, day: str = "2026-11-29", now: datetime = NOW, *, draws: bool = False
) -> ReportResult:
    """The report of a day."""
    report = book.reports[0]
    period = period_of(report.spec, date.fromisoformat(day), now)
    return evaluate_report(book.request(report, period, now, draws=draws), servers)


def only_figure(result: ReportResult) -> FigureResult:
    [section] = result.sections
    [one] = section.figures
    return one
