"""A store whose samples are computed when they are read: of curves, and of recording rules."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.evaluate.logql.evaluate_logql import evaluate_logql
from dashgen.evaluate.logql.log_lines import LogStore
from dashgen.evaluate.promql.evaluate_promql import evaluate_promql
from dashgen.evaluate.samples import (
    NAME,
    EvaluationFailedError,
    LabelKey,
    Labels,
    LabelTest,
    SampleStore,
    SampleWindow,
    StoredSeries,
    TimeSpan,
    UnsupportedError,
    Vector,
    VectorSample,
    label_key,
    passes,
)
from dashgen.model.duration import duration_text, milliseconds
from dashgen.model.settled_alerts import SettledRecord

SCRAPE: Final = 15_000
"""The milliseconds between two samples."""
_SUBQUERY = lazy_pattern(r"\[(\w+):(\w+)\]")
_RANGE = lazy_pattern(r"\[(\w+)[\]:]")
_STEPS_OF_A_RANGE: Final = 20
_IN_A_WINDOW, _RECORDED_IN_A_WINDOW = 8, 168
_IN_A_SUBQUERY: Final = 168
_LOOKS: Final = (0, 3_600_000, 86_400_000, 7 * 86_400_000)
"""How long ago a recording rule is evaluated to learn which series it gives, in milliseconds."""
_DEEPEST: Final = 8


class ComputedSeries(StoredSeries):
    """A series whose value at a time is computed; None where it has none."""

    compute: Callable[[int], float | None] = lambda _at: None
    known: dict[int, float | None] = {}
    in_window: int = _IN_A_WINDOW
    """About how many samples a range has: rules count what was recorded, and nothing counts scrapes."""

    def value(self, at: int) -> float | None:
        """The value at a time, computed once."""
        if at not in self.known:
            self.known[at] = self.compute(at)
        return self.known[at]


class MadeUpStore(SampleStore):
    """Series of curves, and those that recording rules make of them.

    Args:
        series: the series that the application exports.
        rules: the recording rules, whose series are computed when a query reads them.
        lines: what recording rules of Loki read.
        now: the time up to which there is data, in milliseconds.

    Attributes:
        rule_step: the milliseconds between two evaluations of a rule.
    """

    def __init__(
        self, series: Iterable[ComputedSeries], rules: Sequence[SettledRecord], lines: LogStore, now: int
    ) -> None:
        super().__init__()
        self.now = now
        self.rule_step = 60_000
        self._lines = lines
        self._by_name: dict[str, list[StoredSeries]] = {}
        for one in series:
            self._by_name.setdefault(one.labels.get(NAME, ""), []).append(one)
        self._rules: dict[str, list[SettledRecord]] = {}
        for rule in rules:
            self._rules.setdefault(rule.rule.record, []).append(rule)
        self._results: dict[tuple[int, int], Mapping[LabelKey, float]] = {}
        self._depth = 0

    @property
    def beginning(self) -> int:
        """Long before anything that a panel shows."""
        return self.now - 120 * 86_400_000

    def select(self, tests: tuple[LabelTest, ...]) -> list[StoredSeries]:
        """The series whose labels pass all tests."""
        if tests not in self._selected:
            named = [value for label, operator, value in tests if label == NAME and operator == "="]
            self._selected[tests] = [one for one in self._named(named) if passes(one.labels, tests)]
        return self._selected[tests]

    def _named(self, names: Sequence[str]) -> list[StoredSeries]:
        if not names:
            return [one for series in self._by_name.values() for one in series]
        name = names[0]
        if name not in self._by_name:
            self._by_name[name] = [one for rule in self._rules.get(name, ()) for one in self._recorded(rule)]
        return self._by_name[name]

    def _recorded(self, rule: SettledRecord) -> list[StoredSeries]:
        keys = dict.fromkeys(key for ago in _LOOKS for key in self._result(rule, self.now - ago))
        return [
            ComputedSeries(dict(key), compute=self._reader(rule, key), in_window=_RECORDED_IN_A_WINDOW)
            for key in keys
        ]

    def _reader(self, rule: SettledRecord, key: LabelKey) -> Callable[[int], float | None]:
        return lambda at: self._result(rule, at).get(key)

    def _result(self, rule: SettledRecord, at: int) -> Mapping[LabelKey, float]:
        at -= at % self._step_of(rule.rule.query)
        place = (id(rule), at)
        if place not in self._results:
            self._results[place] = {
                label_key({**labels, **rule.labels, NAME: rule.rule.record}): value
                for labels, value in self._evaluated(rule, at)
            }
        return self._results[place]

    def _step_of(self, query: str) -> int:
        # What looks back for days changes slowly.
        longest = max((milliseconds(one) or 0 for one in _RANGE.findall(query)), default=0)
        return max(self.rule_step, longest // _STEPS_OF_A_RANGE // 60_000 * 60_000)

    def _evaluated(self, rule: SettledRecord, at: int) -> Vector:
        # A rule may read its own series; such a chain ends somewhere.
        if self._depth >= _DEEPEST:
            return []
        self._depth += 1
        try:
            if rule.datasource.type == "loki":
                return evaluate_logql(rule.rule.query.strip(), self._lines, at)
            value = evaluate_promql(coarser(rule.rule.query.strip()), self, at)
        except (EvaluationFailedError, UnsupportedError):
            return []
        finally:
            self._depth -= 1
        if isinstance(value, float):
            return [VectorSample({}, value)]
        return value if isinstance(value, list) else []

    def value_at(self, series: StoredSeries, at: int) -> tuple[int, float] | None:
        """The sample at the last scrape before a time."""
        scraped = at - at % SCRAPE
        value = series.value(scraped) if isinstance(series, ComputedSeries) and at <= self.now else None
        return None if value is None else (scraped, value)

    def window(self, series: StoredSeries, span: TimeSpan) -> SampleWindow:
        """A few samples of a range, at times that ranges of the same length share."""
        if not isinstance(series, ComputedSeries):
            return super().window(series, span)
        end = min(span.end, self.now)
        length = span.end - span.start
        least = SCRAPE if series.in_window == _IN_A_WINDOW else min(self.rule_step, length // 3)
        step = max(length // series.in_window, least) // SCRAPE * SCRAPE or SCRAPE
        first = span.start - span.start % step + step
        values = [
            (at, value) for at in range(first, end + 1, step) if (value := series.value(at)) is not None
        ]
        return SampleWindow(series.labels, [at for at, _ in values], [value for _, value in values])

    def has_samples(self, at: int) -> bool:
        """Whether there is data at a time."""
        return self.beginning <= at <= self.now

    def __bool__(self) -> bool:
        """Whether there is any series."""
        return bool(self._by_name or self._rules)


@lru_cache(maxsize=512)
def coarser(query: str) -> str:
    """A query whose subqueries have fewer steps, which made-up data does not need."""

    def replaced(match: re.Match[str]) -> str:
        length, step = milliseconds(match[1]), milliseconds(match[2])
        if not length or not step or length <= step * _IN_A_SUBQUERY:
            return match[0]
        return f"[{match[1]}:{duration_text(-(-length // _IN_A_SUBQUERY // 60_000) * 60_000)}]"

    return _SUBQUERY.sub(replaced, query)


def labels_with_name(name: str, labels: Labels) -> dict[str, str]:
    """The labels of a series, its name among them."""
    return {**labels, NAME: name}
