"""PromQL expressions by chance, over a few series with gaps, resets, ends and odd values."""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

SERIES = {
    'c{job="a",i="1"}': "0+7x20 3+11x30 _x5 500+1x20",
    'c{job="a",i="2"}': "5+2x40 0 0 0+9x30",
    'c{job="b",i="1"}': "100x20 stale _x3 10+4x40",
    'g{job="a",i="1"}': "1 5 -2 7.5 0 _ 3 NaN 4 Inf 2x10 -3+0.5x40",
    'g{job="a",i="2"}': "10-1x30 2.5x40",
    'g{job="b",i="1"}': "_x10 4x25 -7x10",
    "one": "1x70",
    "zero": "0x70",
    'info{job="a",version="v1"}': "1x70",
    'info{job="b",version="v2"}': "1x70",
    'h_bucket{job="a",le="0.1"}': "0+3x70",
    'h_bucket{job="a",le="1"}': "0+8x70",
    'h_bucket{job="a",le="+Inf"}': "0+9x70",
    'h_bucket{job="b",le="0.1"}': "0x70",
    'h_bucket{job="b",le="1"}': "0+1x30 31x40",
    'h_bucket{job="b",le="+Inf"}': "0+2x30 62x40",
}
_RANGES = ("90s", "3m", "5m", "10m", "17m")
_COUNTERS = ("rate", "increase", "irate", "resets", "changes")
_GAUGES = (
    "delta", "idelta", "deriv",
    "avg_over_time", "min_over_time", "max_over_time", "sum_over_time", "count_over_time",
    "last_over_time", "present_over_time", "stddev_over_time", "stdvar_over_time", "changes",
)  # fmt: skip
_SIMPLE = ("abs", "ceil", "floor", "sgn", "sqrt", "exp", "ln", "log2", "sin", "deg", "-")
_SELECTORS = (
    "c", "g", 'c{job="a"}',
    'g{i!="1"}', 'c{job=~"a|b",i="1"}', 'g{job!~"b.*"}', "one", "zero", 'g{job="none"}',
    "g offset 3m", "c offset -2m", "g @ 600", '{__name__=~"one|zero"}',
)  # fmt: skip


class QueryWriter:
    """Writes expressions; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def vector(self, depth: int = 3) -> str:
        """An expression that yields a vector."""
        if depth == 0:
            return self._pick(_SELECTORS)
        return self._pick(self._forms())(depth - 1)

    def _pick(self, choices: Sequence[T]) -> T:
        # The generator of Numerical Recipes: its numbers are the same in every version of Python.
        self._state = (self._state * 1664525 + 1013904223) % (1 << 32)
        return choices[(self._state >> 8) % len(choices)]

    def _forms(self) -> list[Callable[[int], str]]:
        return [
            self._selector, self._windowed, self._windowed, self._aggregated, self._aggregated,
            self._compared,
            self._combined, self._combined, self._scaled, self._simple, self._subquery, self._special,
        ]  # fmt: skip

    def _selector(self, _: int) -> str:
        return self._pick(_SELECTORS)

    def _windowed(self, _: int) -> str:
        names, metric = self._pick(((_COUNTERS, "c"), (_GAUGES, "g"), (_GAUGES, "c")))
        span = f"{metric}[{self._pick(_RANGES)}]{self._pick(('', '', ' offset 4m'))}"
        special = {
            "predict": f"predict_linear({span}, 600)",
            "quantile": f"quantile_over_time({self._pick(('0.3', '0.95', '2'))}, {span})",
            "plain": f"{self._pick(names)}({span})",
        }
        return special[self._pick(("predict", "quantile", *["plain"] * 7))]

    def _aggregated(self, depth: int) -> str:
        grouping = self._pick(("", " by (job)", " without (i)", " by (i, job)", " by ()"))
        name = self._pick(("sum", "avg", "min", "max", "count", "group", "quantile"))
        parameter = f"{self._pick(('0.5', '0.9'))}, " if name == "quantile" else ""
        return f"{name}{grouping} ({parameter}{self.vector(depth)})"

    def _compared(self, depth: int) -> str:
        operator = self._pick(("==", "!=", ">", "<", ">=", "<="))
        modifier, number = self._pick(("", "bool ")), self._pick(("0", "2", "5.5", "Inf"))
        return f"({self.vector(depth)}) {operator} {modifier}{number}"

    def _combined(self, depth: int) -> str:
        operator = self._pick(("+", "-", "*", "/", "%", "^", "and", "or", "unless", "== bool"))
        matching = self._pick(("", " on (job, i)", " ignoring (i)", " on (job)"))
        return f"({self.vector(depth)}) {operator}{matching} ({self.vector(depth)})"

    def _scaled(self, depth: int) -> str:
        operator = self._pick(("+", "-", "*", "/", "^"))
        vector, number = (
            f"({self.vector(depth)})",
            self._pick(("2", "-3", "0", "0.5", "scalar(one)", "time()")),
        )
        return self._pick((f"{vector} {operator} {number}", f"{number} {operator} {vector}"))

    def _simple(self, depth: int) -> str:
        name = self._pick((*_SIMPLE, "clamp", "round", "timestamp"))
        inner = self.vector(depth)
        return {
            "clamp": f"clamp({inner}, -1, 4)",
            "round": f"round({inner}, 0.5)",
        }.get(name, f"{name}({inner})")

    def _subquery(self, depth: int) -> str:
        name = self._pick(("max_over_time", "avg_over_time", "count_over_time", "last_over_time"))
        span, step = self._pick(("10m", "7m")), self._pick(("1m", "2m", ""))
        return f"{name}(({self.vector(min(depth, 1))})[{span}:{step}])"

    def _special(self, depth: int) -> str:
        return self._pick((
            f"absent({self._pick(_SELECTORS)})",
            f'absent_over_time(g{{job="x"}}[{self._pick(_RANGES)}])',
            "histogram_quantile(0.9, sum by (le) (rate(h_bucket[5m])))",
            "histogram_quantile(0.5, rate(h_bucket[10m]))",
            "c * on (job) group_left (version) info",
            "info * on (job) group_right (version) c",
            "c > on (job) group_left () avg by (job) (c)",
            "c < ignoring (i) group_left () max without (i) (g)",
            "one > on () zero",
            'label_replace(c, "x", "$1-$2", "job", "(.)(.*)")',
            'label_join(g, "x", "/", "job", "i")',
            # Of one value that is no number, 3.x and 2.x compute another deviation.
            f"stddev by (job) (c) + stdvar without (i) (c > {self._pick(('3', '40'))})",
            f"topk(2, {self._pick(_SELECTORS)})",
            "scalar(one) + vector(time())",
            'count_values("v", g)',
            f"({self.vector(depth)}) or vector(0)",
            "minute(c) + hour(c) + day_of_week(c)",
        ))  # fmt: skip
