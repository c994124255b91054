"""Make up a past and write it to a file for `promtool tsdb create-blocks-from openmetrics`.

How far apart the moments are follows from who looks at them. A dashboard asks for `rate` over at least a minute when it
shows hours, and over `time range / 1000` when it shows days, and each such window needs two samples; an instant query
looks back 5 minutes. So: 30 s for the last 26 hours, 2 minutes for 3 days, 5 minutes before that.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from bot import __version__
from bot.database import DAY, Database
from bot.history import PastUser, add_history
from loadgen.history.exposition import write_openmetrics
from loadgen.history.ledger import Ledger
from loadgen.history.past import Past, Span

STEPS = ((26 * 3600.0, 30), (3 * DAY, 120), (float("inf"), 300))
LONGEST = 90 * DAY
_OLD_VERSION = "1.3.2"


@dataclass(frozen=True, kw_only=True)
class HistoryOptions:
    """What past to write, and where."""

    seconds: float
    until_ago: float
    seed: int
    out: Path
    labels: tuple[tuple[str, str], ...]
    database: Path | None = None


def moments(begin: float, end: float) -> list[int]:
    """The moments of a past, close together at its end."""
    times: list[int] = []
    now = int(end)
    while now >= begin:
        times.append(now)
        now -= next(step for age, step in STEPS if end - now < age)
    return times[::-1]


def write_history(options: HistoryOptions, now: float | None = None) -> str:
    """Write a past; a sentence about it.

    Raises:
        ValueError: When it would be too long or too short.
        OSError: When it cannot be written.
    """
    if not 600 <= options.seconds <= LONGEST:
        raise ValueError(f"--backfill must be from 10m to {LONGEST / DAY:.0f}d")
    end = (time.time() if now is None else now) - options.until_ago
    span = Span(begin=end - options.seconds, end=end)
    versions = (_OLD_VERSION, __version__)
    ledger = Ledger(versions, span.weeks)
    past = Past(ledger, span, options.seed, versions)
    before = span.begin
    for moment in moments(span.begin, end):
        past.live_until(before, moment)
        before = moment
    unfinished = options.out.with_name(options.out.name + ".part")
    with unfinished.open("w", encoding="utf-8") as file:
        samples = write_openmetrics(ledger, options.labels, file)
    os.replace(unfinished, options.out)  # noqa: PTH105  # the name says that it is atomic
    said = f"{options.out}: {samples:,} samples, {options.out.stat().st_size / 1e6:.0f} MB"
    if options.database is not None:
        added = _add_users(options.database, [person.record for person in past.people.everybody], end)
        said += f"; {added} users added to {options.database}"
    return said


def _add_users(path: Path, people: list[PastUser], end: float) -> int:
    """Add them as of the end of their past; what changes afterwards, the bot finds out itself."""
    database = Database(path, lambda: end)
    try:
        return add_history(database, people)
    finally:
        database.close()
