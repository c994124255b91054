"""Series of samples in memory, and the values that queries yield. Times are milliseconds."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from msgspec import Struct, field

from dashgen.evaluate.server_patterns import server_pattern
from dashgen.query.promql.series_notation import STALE, has_histograms, series_labels, series_values

NAME: Final = "__name__"
LOOKBACK: Final = 300_000

Labels: TypeAlias = Mapping[str, str]
LabelKey: TypeAlias = tuple[tuple[str, str], ...]
LabelTest: TypeAlias = tuple[str, str, str]
"""A label, an operator (`=`, `!=`, `=~`, `!~`) and a value."""
LabelTests: TypeAlias = tuple[LabelTest, ...]
Times: TypeAlias = range | tuple[int, ...]
"""The times at which a query is evaluated, its steps, in milliseconds and in order."""
RowValues: TypeAlias = list[float | None]
"""A value for each step; None where there is none."""


class UnsupportedError(Exception):
    """An evaluator does not have what a query or template uses; the message names it."""


class EvaluationFailedError(Exception):
    """A server would refuse to run the query on this data; the message is the reason."""


class VectorSample(NamedTuple):
    """One value of an instant vector."""

    labels: Labels
    value: float


Vector: TypeAlias = list[VectorSample]


class SeriesRow(NamedTuple):
    """A series of a result, with its value at each step. Rows share lists, so nobody may change one."""

    labels: Labels
    values: RowValues


Rows: TypeAlias = list[SeriesRow]


class TimeSpan(NamedTuple):
    """A range of times in milliseconds; the samples at its end belong to it."""

    start: int
    end: int


class RateLayout(Struct):
    """What rates make of the times of windows alone.

    Attributes:
        steps: the steps whose windows have two samples at least.
        firsts: the index of the first sample of each.
        lasts: the index of the last one.
        factors: what the difference is multiplied with.
        reach: a counter whose values are all larger than its largest difference times this is not limited by
            its zero.
    """

    steps: list[int] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    lasts: list[int] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)
    reach: float = 0.0


class WindowLayout(Struct):
    """Where the windows of a range are in the samples of a series, one for each step.

    Attributes:
        times: the times of all samples that any window has.
        lows: the index of the first sample of each window.
        highs: the index after the last one.
        spans: the range of each window.
        rates: what rates make of the times, by whether they are by second; series with one layout share it.
    """

    times: Sequence[int]
    lows: Sequence[int]
    highs: Sequence[int]
    spans: Sequence[TimeSpan]
    rates: dict[bool, RateLayout] = field(default_factory=dict)


class SeriesWindows(NamedTuple):
    """The samples of one series in the windows of a range, without markers of staleness."""

    labels: Labels
    values: Sequence[float]
    layout: WindowLayout


class Matrix(Struct, frozen=True):
    """The windows of several series, which only functions of a range read."""

    windows: list[SeriesWindows]
    spans: Sequence[TimeSpan]


class StoredSeries(Struct):
    """A series with the times and values of its samples, in the order of time."""

    labels: Labels
    times: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, at: int, value: float) -> None:
        """Add a sample, most often the newest; it replaces one of the same time."""
        index = len(self.times) if not self.times or self.times[-1] < at else bisect_left(self.times, at)
        if index < len(self.times) and self.times[index] == at:
            self.values[index] = value
            return
        self.times.insert(index, at)
        self.values.insert(index, value)


def label_key(labels: Labels) -> LabelKey:
    """What identifies a set of labels; labels without a value are as if they were absent."""
    return tuple(sorted((name, value) for name, value in labels.items() if value))


class SampleStore:
    """Series that queries read and recording rules write.

    Attributes:
        is_left_open: whether a range leaves out the sample at its start, as Prometheus does since 3.0.
        results: the rows of expressions by their texts and times, where the series do not change any more;
            None where nothing is remembered.
    """

    def __init__(self, series: Iterable[StoredSeries] = (), *, is_left_open: bool = True) -> None:
        self.is_left_open = is_left_open
        self.results: dict[tuple[str, Times, int], Rows] | None = None
        self._series = {label_key(one.labels): one for one in series}
        self._selected: dict[LabelTests, list[StoredSeries]] = {}

    def add(self, labels: Labels, at: int, value: float) -> None:
        """Store a sample."""
        key = label_key(labels)
        if key not in self._series:
            self._series[key] = StoredSeries(dict(key))
            self._selected.clear()
        self._series[key].add(at, value)

    @property
    def beginning(self) -> int:
        """The milliseconds of the first sample of all; 0 when there is none."""
        return min((one.times[0] for one in self._series.values() if one.times), default=0)

    def select(self, tests: LabelTests) -> list[StoredSeries]:
        """The series whose labels pass all tests."""
        if tests not in self._selected:
            series = self._series.values()
            self._selected[tests] = [one for one in series if passes(one.labels, tests)]
        return self._selected[tests]

    def label_sets(self, tests: LabelTests) -> Iterable[Labels]:
        """The labels of the series that pass all tests."""
        return [one.labels for one in self.select(tests)]

    def rows(self, tests: LabelTests, times: Times) -> Rows:
        """The newest value of each selected series at each time, unless it is too old or the series ended."""
        return [
            SeriesRow(labels, [series.values[index] if index is not None else None for index in indices])
            for labels, series, indices in self._newest(tests, times)
        ]

    def sample_times(self, tests: LabelTests, times: Times) -> Rows:
        """The times in milliseconds of the values that `rows` gives."""
        return [
            SeriesRow(labels, [series.times[index] if index is not None else None for index in indices])
            for labels, series, indices in self._newest(tests, times)
        ]

    def _newest(
        self, tests: LabelTests, times: Times
    ) -> Iterable[tuple[Labels, StoredSeries, list[int | None]]]:  # fmt: skip
        for series in self.select(tests):
            indices = [self._index_at(series, at) for at in times]
            if indices.count(None) < len(indices):
                yield series.labels, series, indices

    def _index_at(self, series: StoredSeries, at: int) -> int | None:
        index = bisect_right(series.times, at) - 1
        oldest = at - LOOKBACK + self.is_left_open
        if index < 0 or series.times[index] < oldest or series.values[index] is STALE:
            return None
        return index

    def windows(self, tests: LabelTests, spans: Sequence[TimeSpan]) -> list[SeriesWindows]:
        """The samples of each selected series in the windows, whose starts and ends are in order."""
        return [self._windows(series, spans) for series in self.select(tests)]

    def _windows(self, series: StoredSeries, spans: Sequence[TimeSpan]) -> SeriesWindows:
        low = bisect_left(series.times, spans[0].start + self.is_left_open)
        high = bisect_right(series.times, spans[-1].end)
        times, values = series.times[low:high], series.values[low:high]
        if any(value is STALE for value in values):
            samples = [(at, value) for at, value in zip(times, values, strict=True) if value is not STALE]
            times, values = [at for at, _ in samples], [value for _, value in samples]
        return SeriesWindows(
            series.labels, values, window_layout(times, spans, is_left_open=self.is_left_open)
        )

    def has_sample_at(self, labels: Labels, at: int) -> bool:
        """Whether the series with these labels has a sample of exactly this time."""
        series = self._series.get(label_key(labels))
        index = bisect_left(series.times, at) if series is not None else 0
        return series is not None and index < len(series.times) and series.times[index] == at

    def has_samples(self, at: int) -> bool:
        """Whether any series has a value at a time."""
        return any(self._index_at(series, at) is not None for series in self._series.values())

    def __bool__(self) -> bool:
        """Whether there is any series."""
        return bool(self._series)


def window_layout(times: Sequence[int], spans: Sequence[TimeSpan], *, is_left_open: bool) -> WindowLayout:
    """Where windows are in samples at these times.

    Args:
        times: the times of the samples, in order.
        spans: the windows.
        is_left_open: whether a window leaves out a sample at its start.
    """
    lows = [bisect_left(times, span.start + is_left_open) for span in spans]
    return WindowLayout(times, lows, [bisect_right(times, span.end) for span in spans], spans)


def written_series(series: Mapping[str, str], interval: int) -> list[StoredSeries]:
    """The series of a test.

    Args:
        series: labels and values in promtool's notation.
        interval: the milliseconds between two values.

    Raises:
        UnsupportedError: there are native histograms among the values.
    """
    stored = []
    for name, text in series.items():
        if has_histograms(text):
            raise UnsupportedError("native histograms")
        one = StoredSeries(series_labels(name))
        for number, value in enumerate(series_values(text)):
            if value is not None:
                one.add(number * interval, value)
        stored.append(one)
    return stored


def passes(labels: Labels, tests: Iterable[LabelTest]) -> bool:
    """Whether labels pass all tests; a label that is absent is the empty text."""
    return all(_passes(labels.get(label, ""), operator, value) for label, operator, value in tests)


def _passes(text: str, operator: str, value: str) -> bool:
    if operator in {"=", "!="}:
        return (text == value) is (operator == "=")
    return (server_pattern(value).fullmatch(text) is not None) is (operator == "=~")
