"""Why a PromQL query yields nothing: its parts are queried down to the one that loses all."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final, Protocol

from dashgen.core.diagnostics import nearest
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.live.time_window import interval_text
from dashgen.query import ExpressionPart, Matcher, SelectorPart, take_apart

ONLY_NOW: Final = "the query yields something now"
"""The evidence when a query is empty over the dashboard's time range alone."""
_MOST_VALUES: Final = 6
_CLOSE: Final = 0.85
# Prometheus takes a sample that is up to five minutes old for the present one (`--query.lookback-delta`).
_LOOK_BACK: Final = 300.0
_NEED_TWO: Final = frozenset({"rate", "irate", "increase", "delta", "idelta", "deriv", "predict_linear"})
_WITHOUT_SERIES: Final = frozenset({"vector", "time", "pi", "scalar"})
_ABSENT: Final = frozenset({"absent", "absent_over_time"})


class Probe(Protocol):
    """Short queries of a Prometheus about one moment; each costs little and may be refused."""

    @property
    def has_answers(self) -> bool:
        """Whether any query was answered."""
        ...

    def count(self, expr: str) -> int:
        """How many series an expression yields.

        1 when it is not answered, so that nothing is blamed without evidence.
        """
        ...

    def label_values(self, label: str, selector: str) -> tuple[str, ...]:
        """The values of a label among the series of a selector."""
        ...

    def metric_names(self) -> tuple[str, ...]:
        """The names of all metrics."""
        ...

    def last_seen(self, selector: str) -> float | None:
        """How many seconds ago a selector last had a value, in the last week; nothing when it had none."""
        ...

    def failing_targets(self, selector: str) -> tuple[str, ...]:
        """The targets that are down, of the jobs that had these series or of all, with reasons."""
        ...


def why_empty(expr: str, what: str, probe: Probe, step: float = 0.0) -> LiveFinding:
    """The likeliest reason for an empty result.

    Args:
        expr: the query, without variables.
        what: the panel of the query, for the finding.
        probe: the server.
        step: the step of the query in seconds; 0 for an instant query.
    """
    part = take_apart(expr)
    finding = _Search(what, probe).blame(part) if part is not None else None
    if finding is not None:
        return finding
    if not probe.has_answers:
        return LiveFinding(what, "the answer is empty", "nothing in the time range matches the query")
    evidence = ONLY_NOW
    if step > _LOOK_BACK:
        cause = f"the last whole step of {interval_text(step)} lies before the first value"
        fix = "query a single value with `instant: true`, shorten the time range, or wait"
        return LiveFinding(what, evidence, cause, fix)
    cause = "there is data now and none in the dashboard's time range"
    return LiveFinding(what, evidence, cause, "look at the time range, and at `offset` and `@` in the query")


class _Search:
    """Goes from the whole to its parts as long as they are empty."""

    def __init__(self, what: str, probe: Probe) -> None:
        self._what = what
        self._probe = probe

    def blame(self, part: ExpressionPart) -> LiveFinding | None:
        """The reason why a part is empty; nothing when it is not."""
        if part.kind == "literal" or (part.kind == "call" and part.name in _WITHOUT_SERIES):
            return None
        if part.kind in {"range", "subquery"}:
            return self._range(part)
        if self._probe.count(part.text) > 0:
            return None
        if part.kind == "selector" and part.selector is not None:
            return self._selector(part.selector)
        if part.kind == "call" and part.name in _ABSENT:
            inner = part.parts[0].text
            cause = f"`{part.name}` yields a value only when there are no series, and `{inner}` has some"
            return self._finding(part, cause, "add `or vector(0)` to show that all is well", certain=False)
        return self._blame_parts(part) or self._blame_itself(part)

    def _blame_parts(self, part: ExpressionPart) -> LiveFinding | None:
        """The first part below that is empty; what `unless` takes away may well be nothing."""
        parts = part.parts[:1] if part.name == "unless" and part.kind == "binary" else part.parts
        finding = next(filter(None, map(self.blame, parts)), None)
        if finding is None and part.kind == "call" and part.name in _NEED_TWO:
            return self._too_short(part)
        return finding

    def _blame_itself(self, part: ExpressionPart) -> LiveFinding:
        """The reason why a part is empty whose own parts all have data."""
        if part.compares:
            cause = f"the comparison `{part.text}` keeps no series"
            return self._finding(part, cause, "look at its bound, or add `or vector(0)`", certain=False)
        if part.is_set:
            cause = f"`{part.name}` keeps nothing of `{part.parts[0].text}`"
            return self._finding(part, cause, "compare the labels of its two sides")
        if part.kind == "binary":
            left, right = (side.text for side in part.parts)
            cause = f"no series of `{left}` has the labels of one of `{right}`"
            fix = "choose the labels that have to be equal with `on (…)` or `ignoring (…)`"
            return self._finding(part, cause, fix)
        return self._finding(part, f"`{part.name}` yields nothing from its arguments")

    def _range(self, part: ExpressionPart) -> LiveFinding | None:
        if self._probe.count(f"count_over_time({part.text})") > 0:
            return None
        if part.selector is None:
            return next(filter(None, map(self.blame, part.parts)), None)
        if (finding := self._selector(part.selector)) is not None:
            return finding
        cause = f"the range of `{part.text}` is shorter than the time between two scrapes"
        return self._finding(part, cause, "write `[$__rate_interval]`, or a longer range")

    def _too_short(self, part: ExpressionPart) -> LiveFinding | None:
        inner = part.parts[0]
        if inner.kind != "range" or self._probe.count(f"count_over_time({inner.text}) > 1") > 0:
            return None
        cause = f"`{inner.text}` holds a single value, and `{part.name}` needs two"
        return self._finding(part, cause, "write `[$__rate_interval]`, or a longer range")

    def _selector(self, selector: SelectorPart) -> LiveFinding | None:
        whole = selector.text(*selector.matchers)
        if self._probe.count(whole) > 0:
            return None
        # The metric without matchers, then each matcher alone: the first that has no series is the culprit.
        if selector.name and self._probe.count(selector.text()) == 0:
            return self._metric(selector)
        for matcher in selector.matchers:
            if self._probe.count(selector.text(matcher)) == 0:
                return self._matcher(selector, matcher)
        name = selector.name or "all metrics"
        cause = f"no series of `{name}` matches all conditions of `{whole}` together"
        fix = "look for two conditions that exclude each other"
        return self._explained("each condition alone finds series", cause, fix)

    def _metric(self, selector: SelectorPart) -> LiveFinding:
        name = selector.name
        plain = SelectorPart(name).text()
        if selector.modifier and self._probe.count(plain) > 0:
            return self._explained(
                f"`{name}` is there now, and not at `{selector.modifier.strip()}`",
                "the history does not reach back so far",
                "wait, fill the history in, or look back less far",
            )
        age = self._probe.last_seen(plain)
        # A metric that was there before is not misspelt.
        close = get_close_matches(name, self._probe.metric_names(), 1, _CLOSE) if age is None else []
        evidence = f"`{name}` has no value" + ("" if age is None else f" since {_ago(age)}")
        if close:
            return self._explained(evidence, f"the metric `{name}` is absent", f"did you mean `{close[0]}`?")
        if failing := self._probe.failing_targets(plain):
            fix = "start what is scraped, or correct its address in the scrape configuration"
            return self._explained(evidence, f"scraping fails, {failing[0]}", fix)
        if age is not None:
            return self._explained(evidence, f"`{name}` is not exported any more", "look at what exported it")
        return self._explained(
            evidence, f"the metric `{name}` is absent", "look at what the application exports"
        )

    def _matcher(self, selector: SelectorPart, matcher: Matcher) -> LiveFinding:
        metric = SelectorPart(selector.name).text() if selector.name else ""
        values = self._probe.label_values(matcher.label, metric)
        name, label = selector.name or "a metric", matcher.label
        if not values:
            evidence = f"no series of `{name}` has a label `{label}`"
            cause = f"the label `{label}` is absent from `{name}`"
            return self._explained(evidence, cause, "correct the label, or have it exported")
        shown = ", ".join(f"`{value}`" for value in values[:_MOST_VALUES])
        more = f" and {len(values) - _MOST_VALUES} more" if len(values) > _MOST_VALUES else ""
        close = nearest(matcher.value, values)
        hint = close if close.startswith("did you mean") else ""
        evidence = f"`{label}` of `{name}` has the values {shown}{more}"
        return self._explained(evidence, f"the label `{label}` of `{name}` never matches `{matcher}`", hint)

    def _explained(self, evidence: str, cause: str, fix: str) -> LiveFinding:
        return LiveFinding(self._what, evidence, cause, fix)

    def _finding(
        self, part: ExpressionPart, cause: str, fix: str = "", *, certain: bool = True
    ) -> LiveFinding:
        evidence = f"`{part.text}` is empty and its parts are not"
        return LiveFinding(self._what, evidence, cause, fix, certain=certain)


def _ago(age: float) -> str:
    for unit, many in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if age >= 2 * many:
            return f"{age / many:.0f} {unit}"
    return f"{age:.0f} seconds"


def metrics_of(expr: str) -> Iterator[str]:
    """The names of the metrics that a query without variables reads, each once."""
    part = take_apart(expr)
    selectors = [inner.selector for inner in part.walk()] if part is not None else []
    yield from dict.fromkeys(
        selector.name for selector in selectors if selector is not None and selector.name
    )
