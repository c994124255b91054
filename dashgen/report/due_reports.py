"""Which reports are due, from their schedules and the record of what was sent."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct

from dashgen.model.settled_report import SettledReport
from dashgen.report.periods import Period, due_period, schedule_of, zone_of
from dashgen.report.sent_record import SendingProgress, Sent

GRACE: Final = 3600.0
"""Seconds after a scheduled moment in which a report without any record is sent."""


class DueReport(Struct, frozen=True):
    """A report that is due: its period, and the moment at which it became due."""

    report: SettledReport
    period: Period
    due: float


class Agenda(Struct, frozen=True):
    """What is to be done now.

    Attributes:
        due: the reports to send.
        new: reports without a record whose last moment is long past; only to be noted.
        doubtful: reports of whose newest period nobody knows whether it was sent.
        next: the next scheduled moment of any report; None without one.
    """

    due: tuple[DueReport, ...] = ()
    new: tuple[DueReport, ...] = ()
    doubtful: tuple[DueReport, ...] = ()
    next: float | None = None


def agenda(reports: Iterable[SettledReport], sent: Mapping[str, Sent], now: datetime) -> Agenda:
    """What is due at a moment.

    Of periods that were missed only the newest is due: twenty mails about old days help nobody.

    Args:
        reports: the reports.
        sent: the record, by the uid of reports.
        now: the moment.
    """
    due: list[DueReport] = []
    new: list[DueReport] = []
    doubtful: list[DueReport] = []
    moments: list[float] = []
    for report in reports:
        if report.spec.schedule is None:
            continue
        zone = zone_of(report.spec.timezone)
        (last, day), (next_moment, _) = schedule_of(report.spec.schedule).moments(now, zone)
        moments.append(next_moment)
        item = DueReport(report, due_period(report.spec, day, now), last)
        entry = sent.get(report.spec.uid)
        if entry is None:
            (due if now.timestamp() - last <= GRACE else new).append(item)
        # Keys of periods sort by time: a clock that was set back sends nothing twice.
        elif item.period.key > entry.period:
            due.append(item)
        elif entry.progress is SendingProgress.SENDING and item.period.key == entry.period:
            doubtful.append(item)
    return Agenda(tuple(due), tuple(new), tuple(doubtful), min(moments, default=None))
