"""A store whose samples are computed when they are read: of curves, and of recording rules."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from dashgen.evaluate.logql.evaluate_logql import evaluate_logql_range
from dashgen.evaluate.logql.log_lines import LogStore
from dashgen.evaluate.promql.evaluate_promql import evaluate_promql_range
from dashgen.evaluate.samples import (
    NAME,
    EvaluationFailedError,
    Labels,
    LabelTests,
    Rows,
    RowValues,
    SampleStore,
    SeriesRow,
    SeriesWindows,
    StoredSeries,
    Times,
    TimeSpan,
    UnsupportedError,
    WindowLayout,
    passes,
    window_layout,
)
from dashgen.model.settled_alerts import SettledRecord

NOW: Final = 1_796_040_000_000
"""The milliseconds of the present of made-up data: Monday, 2026-11-30, 12:00 UTC."""
SCRAPE: Final = 15_000
"""The milliseconds between two samples."""
_RULE_INTERVAL: Final = 60_000
_SPACINGS: Final = tuple(
    seconds * 1000
    for seconds in (
        1,
        2,
        5,
        15,
        30,
        60,
        120,
        300,
        600,
        900,
        1200,
        1800,
        3600,
        7200,
        10_800,
        21_600,
        43_200,
        86_400,
    )
)
_IN_A_WINDOW: Final = 100
"""About how many samples a range has, where neighbouring ranges share them."""
_COUNTED_IN_A_WINDOW: Final = 2.5
_LONG: Final = 3_600_000
"""The range from which on one sample is not enough."""
_DEEPEST: Final = 8

RowFunction = Callable[[Times], RowValues]
"""The values of a series at times."""


class ComputedSeries(StoredSeries):
    """A series whose values are computed.

    Attributes:
        compute: gives the values for a grid of times.
        is_counter: whether only the ends of a range matter.
    """

    compute: RowFunction = lambda times: [None] * len(times)
    is_counter: bool = False
    computed: dict[Times, RowValues] = {}

    def values_at(self, times: Times) -> RowValues:
        """The values, computed once for a grid; none for the empty grid of a range without length or in the future."""
        if not times:
            return []
        if times not in self.computed:
            self.computed[times] = self.compute(times)
        return self.computed[times]


class MadeUpStore(SampleStore):
    """Series of curves, and those that recording rules make of them.

    What was computed is kept: of every expression that a query has, at the times that it was needed for.

    Args:
        series: the series that the application exports.
        rules: the recording rules, whose series are computed when a query reads them.
        lines: what recording rules of Loki read.
        now: the time up to which there is data, in milliseconds.
    """

    def __init__(
        self, series: Iterable[ComputedSeries], rules: Sequence[SettledRecord], lines: LogStore, now: int
    ) -> None:
        super().__init__()
        self.now = now
        self.results = {}
        self.lines = lines
        self._by_name: dict[str, list[ComputedSeries]] = {}
        for one in series:
            self._by_name.setdefault(one.labels.get(NAME, ""), []).append(one)
        self._rules: dict[str, list[SettledRecord]] = {}
        for rule in rules:
            self._rules.setdefault(rule.rule.record, []).append(rule)
        self._recorded: dict[tuple[str, Times], Rows] = {}
        self._layouts: dict[tuple[tuple[int, ...], int, int], WindowLayout] = {}
        self._depth = 0

    @property
    def beginning(self) -> int:
        """Long before anything that a panel shows."""
        return self.now - 120 * 86_400_000

    def select(self, tests: LabelTests) -> list[StoredSeries]:
        """The series of the application whose labels pass all tests."""
        return [*self._selected_series(tests)]

    def label_sets(self, tests: LabelTests) -> list[Labels]:
        """The labels of all series that pass all tests, those of recording rules among them."""
        recorded = (row.labels for name in self._rule_names(tests) for row in self._recorded_now(name))
        return [
            *(one.labels for one in self._selected_series(tests)),
            *(labels for labels in recorded if passes(labels, tests)),
        ]

    def _recorded_now(self, name: str) -> Rows:
        return self._recorded_rows(name, (_rule_time(self.now),))

    def _selected_series(self, tests: LabelTests) -> list[ComputedSeries]:
        names = _exact_names(tests)
        series = (
            [one for name in names for one in self._by_name.get(name, ())]
            if names
            else [one for listed in self._by_name.values() for one in listed]
        )
        return [one for one in series if passes(one.labels, tests)]

    def _rule_names(self, tests: LabelTests) -> list[str]:
        of_name = [test for test in tests if test[0] == NAME]
        candidates = _exact_names(tests) or self._rules
        return [name for name in candidates if name in self._rules and passes({NAME: name}, of_name)]

    def rows(self, tests: LabelTests, times: Times) -> Rows:
        """The value of each selected series at the last scrape or evaluation before each time."""
        scraped = _aligned(times, SCRAPE)
        rows = [SeriesRow(one.labels, one.values_at(scraped)) for one in self._selected_series(tests)]
        for name in self._rule_names(tests):
            recorded = self._recorded_rows(name, _distinct_times(_aligned(times, _RULE_INTERVAL)))
            rows += [
                SeriesRow(labels, _spread(values, times))
                for labels, values in recorded
                if passes(labels, tests)
            ]
        return self._until_now(rows, times)

    def sample_times(self, tests: LabelTests, times: Times) -> Rows:
        """The times of the values that `rows` gives."""
        scraped = _aligned(times, SCRAPE)
        return [
            SeriesRow(
                labels, [None if value is None else at for value, at in zip(values, scraped, strict=True)]
            )
            for labels, values in self.rows(tests, times)
        ]

    def _until_now(self, rows: Rows, times: Times) -> Rows:
        if times[-1] <= self.now:
            return rows
        return [
            SeriesRow(
                labels, [value if at <= self.now else None for at, value in zip(times, values, strict=True)]
            )
            for labels, values in rows
        ]

    def windows(self, tests: LabelTests, spans: Sequence[TimeSpan]) -> list[SeriesWindows]:
        """A few samples of each selected series in the windows, at times that all series share."""
        windows = []
        for one in self._selected_series(tests):
            least = min(SCRAPE, (spans[0].end - spans[0].start) // 3)
            layout = self._layout(spans, _spacing(spans, least, is_counter=one.is_counter))
            windows.append(_windows_of(SeriesRow(one.labels, one.values_at(_times_of(layout))), layout))
        for name in self._rule_names(tests):
            layout = self._layout(spans, _spacing(spans, _RULE_INTERVAL, is_counter=False))
            windows += [
                _windows_of(row, layout)
                for row in self._recorded_rows(name, _times_of(layout))
                if passes(row.labels, tests)
            ]
        return windows

    def _layout(self, spans: Sequence[TimeSpan], spacing: int) -> WindowLayout:
        key = tuple([span.end for span in spans]), spans[0].end - spans[0].start, spacing
        if key not in self._layouts:
            times = _sample_times(spans, spacing, self.now)
            self._layouts[key] = window_layout(times, spans, is_left_open=True)
        return self._layouts[key]

    def _recorded_rows(self, name: str, times: Times) -> Rows:
        key = name, times
        if key not in self._recorded:
            self._recorded[key] = [
                SeriesRow({**labels, **rule.labels, NAME: name}, values)
                for rule in self._rules.get(name, ())
                for labels, values in self._evaluated(rule, times)
            ]
        return self._recorded[key]

    def _evaluated(self, rule: SettledRecord, times: Times) -> Rows:
        # A rule may read its own series; such a chain ends somewhere.
        if self._depth >= _DEEPEST or not times:
            return []
        self._depth += 1
        try:
            if rule.datasource.type == "loki":
                return evaluate_logql_range(rule.rule.query.strip(), self.lines, times)
            return evaluate_promql_range(rule.rule.query.strip(), self, times)
        except (EvaluationFailedError, UnsupportedError):
            return []
        finally:
            self._depth -= 1

    def has_samples(self, at: int) -> bool:
        """Whether there is data at a time."""
        return self.beginning <= at <= self.now

    def __bool__(self) -> bool:
        """Whether there is any series."""
        return bool(self._by_name or self._rules)


def _exact_names(tests: LabelTests) -> list[str]:
    return [value for label, sign, value in tests if label == NAME and sign == "="]


def _rule_time(at: int) -> int:
    return at - at % _RULE_INTERVAL


def _aligned(times: Times, interval: int) -> Times:
    """The last sample before each time."""
    if isinstance(times, range):
        if times.start % interval == 0 and times.step % interval == 0:
            return times
        if times.step % interval == 0:
            shift = times.start % interval
            return range(times.start - shift, times.stop - shift, times.step)
    return tuple([at - at % interval for at in times])


def _distinct_times(times: Times) -> Times:
    return times if isinstance(times, range) else tuple(dict.fromkeys(times))


def _spread(values: RowValues, times: Times) -> RowValues:
    """The values of a rule at the times of steps, of which several may have one evaluation."""
    if len(values) == len(times):
        return values
    indices = {at: index for index, at in enumerate(dict.fromkeys(_aligned(times, _RULE_INTERVAL)))}
    return [values[indices[_rule_time(at)]] for at in times]


def _spacing(spans: Sequence[TimeSpan], least: int, *, is_counter: bool) -> int:
    """The milliseconds between two samples of ranges, so that each has enough and all have not too many.

    Samples at the times of the steps themselves are the cheapest: a rule that reads a rule that reads a rule
    needs them all again.
    """
    length = spans[0].end - spans[0].start
    step = (spans[-1].end - spans[0].end) // (len(spans) - 1) if len(spans) > 1 else 0
    if is_counter:
        # As often as there are steps, as else lines would have stairs.
        finest = length / (24 if length <= 2 * _LONG else 12)
        ideal = min(length / _COUNTED_IN_A_WINDOW, max(step, finest) if step else length)
    elif length <= step:
        ideal = length if length < _LONG else length / 2
    else:
        ideal = max(length / _IN_A_WINDOW, min(step, length / 3))
    return _SPACINGS[max(bisect_right(_SPACINGS, max(ideal, least)) - 1, 0)]


def _sample_times(spans: Sequence[TimeSpan], spacing: int, now: int) -> Times:
    ranges = [
        range((start // spacing + 1) * spacing, min(end, now) + 1, spacing) for start, end in spans
    ]  # fmt: skip
    if all(before.stop + spacing > after.start for before, after in pairwise(ranges)):
        return range(ranges[0].start, ranges[-1].stop, spacing)
    return tuple(sorted({at for one in ranges for at in one}))


def _times_of(layout: WindowLayout) -> Times:
    return layout.times if isinstance(layout.times, range) else tuple(layout.times)


def _windows_of(row: SeriesRow, layout: WindowLayout) -> SeriesWindows:
    labels, values = row
    present = [value for value in values if value is not None]
    if len(present) == len(values):
        return SeriesWindows(labels, present, layout)
    times = [at for at, value in zip(layout.times, values, strict=True) if value is not None]
    return SeriesWindows(labels, present, window_layout(times, layout.spans, is_left_open=True))


def labels_with_name(name: str, labels: Mapping[str, str]) -> dict[str, str]:
    """The labels of a series, its name among them."""
    return {**labels, NAME: name}
