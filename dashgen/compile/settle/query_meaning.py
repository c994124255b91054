"""What a query that parses cannot mean: a result nobody can draw, labels that its metrics do not have."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from msgspec import Struct

from dashgen.core.diagnostics import Severity, nearest
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.known_series import ALERT_LABELS, STREAM_LABELS, TARGET_LABELS
from dashgen.model.metric_types import call_problem
from dashgen.model.series_contract import Series, SeriesContract, Values
from dashgen.query import LANGUAGES, ParsedQuery, describe
from dashgen.query.language import LabelMatch, Yield
from dashgen.query.logql import is_narrow, joined_values
from dashgen.query.promql.label_uses import label_uses

# Functions: of counters only; that leave values as they are; whose labels cannot be foreseen.
_RATES: Final = frozenset({"rate", "irate", "increase"})
_PLAIN: Final = frozenset({"sum", "avg", "max", "min", "topk", "bottomk", "sort", "sort_desc"})
_NEW_LABELS: Final = frozenset({"label_replace", "label_join", "count_values", "info"})
_INTERVAL: Final = lazy_pattern(r"\[\s*\$(?:__interval\b|\{__interval(?::\w+)?\})\s*\]")
# A text that is one variable in any of Grafana's three forms, and a matcher whose value is one.
_WHOLE_VARIABLE: Final = lazy_pattern(
    r"\$(\w+)\Z|\$\{(\w+)(?::(\w+))?\}\Z|\[\[(\w+)(?::(\w+))?\]\]\Z", re.ASCII
)
_VALUE_OF_VARIABLE: Final = lazy_pattern(
    r"""([A-Za-z_][\w.]*|"[^"]+")\s*(=|!=)\s*["'](\$\w+|\$\{\w+(?::\w+)?\}|\[\[\w+(?::\w+)?\]\])["']""",
    re.ASCII,
)
_PLAIN_VALUES: Final = lazy_pattern(r"[\w./: -]+(?:\|[\w./: -]+)*\Z")
_LEGEND_LABEL: Final = lazy_pattern(r"\{\{\s*([\w.]+)\s*\}\}", re.ASCII)
_MATCHER: Final = lazy_pattern(r"""(\w+)\s*(?:=~|!~|!=|=)\s*["']([^"']*)["']""", re.ASCII)
_CLAUSE_LABELS: Final = lazy_pattern(
    r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^()]*)\)", re.IGNORECASE
)
_CLAUSE: Final = lazy_pattern(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(", re.IGNORECASE)


class QueryFault(NamedTuple):
    """A finding about a query, wherever that stands.

    ``offset`` is -1 where the character is not known, and ``language`` what the query could not be read as.
    """

    rule: str
    message: str
    hint: str = ""
    offset: int = -1
    severity: Severity = Severity.ERROR
    language: str = ""


class QueryUse(Struct, frozen=True):
    """What a query is for.

    Attributes:
        name: how a message calls it, such as ``an alert`` or ``a timeseries panel``.
        needs_numbers: whether log lines are of no use there.
        is_range: whether it is asked over time.
        counts_up: whether a counter that only grows makes no sense there.
        multi: the variables that may have several values there.
        all_values: what a variable stands for when all of its values are chosen, where a spec has that.
    """

    name: str = "a query"
    needs_numbers: bool = False
    is_range: bool = False
    counts_up: bool = False
    multi: frozenset[str] = frozenset()
    all_values: Mapping[str, str] = {}

    def __hash__(self) -> int:
        # A mapping has no hash; what queries share is told apart well enough without it.
        return hash((self.name, self.multi))


ANY_USE: Final = QueryUse()
ALERT: Final = QueryUse("an alert", needs_numbers=True, is_range=True, counts_up=True)
RECORDING: Final = QueryUse("a recording rule", needs_numbers=True, is_range=True)


def meaning_faults(
    text: str, language: str, parsed: ParsedQuery, contract: SeriesContract | None, use: QueryUse
) -> Iterator[QueryFault]:
    """What is wrong with the meaning of a query that parses.

    Args:
        text: the query.
        language: the type of its data source.
        parsed: the facts about it.
        contract: the project's metric contract; None without one.
        use: what the query is for.
    """
    for remark in parsed.remarks:
        yield _warning(remark.rule, remark.message, remark.hint, remark.offset)
    yield from _form_faults(parsed, use)
    if use.multi:
        yield from _multi_faults(text, use.multi)
        if language == "loki":
            yield from _joined_faults(text, use.multi)
    if language == "prometheus":
        yield from _interval_faults(text, parsed)
        if contract is not None and contract.series:
            yield from _series_faults(text, parsed, contract, use)
    elif language == "loki":
        yield from _all_faults(parsed, use)
        if contract is not None and contract.log_labels:
            yield from _stream_faults(parsed, contract.log_labels)


def _warning(rule: str, message: str, hint: str, offset: int) -> QueryFault:
    """A finding about a query that Grafana and its server would run all the same."""
    return QueryFault(rule, message, hint, offset, Severity.WARNING)


def _variable_of(text: str) -> str:
    """The name of the variable that a text is, with nothing around it; empty when it is anything else."""
    whole = _WHOLE_VARIABLE.match(text)
    return next((name for name in (whole[1], whole[2], whole[4]) if name), "") if whole else ""


def _form_faults(parsed: ParsedQuery, use: QueryUse) -> Iterator[QueryFault]:
    if parsed.yields is Yield.LOGS and use.needs_numbers:
        hint = "count them, as in `sum(count_over_time({…} [$__auto]))`"
        # `$__auto` is a step of panels; rules have none.
        if use in (ALERT, RECORDING):
            hint = "count them, as in `sum(count_over_time({…} [5m]))`"
        yield QueryFault("query/result", f"the query yields log lines, and {use.name} needs numbers", hint, 0)
    elif parsed.yields is Yield.RANGE and use.is_range:
        message = f"the query yields the samples of a range, and {use.name} needs one value at a time"
        yield QueryFault("query/result", message, "write a function around it, such as `rate(…)`", 0)


def _multi_faults(text: str, multi: frozenset[str]) -> Iterator[QueryFault]:
    for match in _VALUE_OF_VARIABLE.finditer(text):
        name = _variable_of(match[3])
        if name in multi:
            operator = "=~" if match[2] == "=" else "!~"
            message = f"`{match[2]}` compares with one value, and `${name}` may have several"
            yield _warning("query/multi-value", message, f"write `{operator}`", match.start(2))


def _joined_faults(text: str, multi: frozenset[str]) -> Iterator[QueryFault]:
    for joined in joined_values(text, multi):
        message = f"Grafana joins the values of `${joined.name}` with `|` and puts no parentheses around them"
        yield _warning("query/multi-value", message, f"write `({joined.written})`", joined.offset)


def _interval_faults(text: str, parsed: ParsedQuery) -> Iterator[QueryFault]:
    if not parsed.functions.isdisjoint(_RATES) and (match := _INTERVAL.search(text)):
        message = "`$__interval` may be shorter than two scrapes, and a rate then has no value"
        yield _warning("query/interval", message, "write `$__rate_interval`", match.start() + 1)


def _series_faults(
    text: str, parsed: ParsedQuery, contract: SeriesContract, use: QueryUse
) -> Iterator[QueryFault]:
    matching_metrics = [metric for metric in parsed.metrics if metric.name in contract.series]
    for metric in matching_metrics:
        series = contract.series[metric.name]
        if problem := call_problem(metric.call, metric.name, series.type):
            yield _warning("query/rate", *problem, metric.offset)
    if use.counts_up and parsed.functions <= _PLAIN:
        yield from _raw_counters(text, parsed, contract)
    if matching_metrics and not _labels_look_right(text, parsed, contract):
        yield from _label_faults(text, parsed, contract)


def _labels_look_right(text: str, parsed: ParsedQuery, contract: SeriesContract) -> bool:
    """Whether all labels and values are in the contract, as far as a look at the text can tell.

    Most queries are right and need not be taken apart to learn which metric a label is of.
    """
    described = [contract.series[use.name] for use in parsed.metrics if use.name in contract.series]
    for use in parsed.metrics:
        series = contract.series.get(use.name)
        if series is not None and any(_values(label, series, contract) is None for label in use.labels):
            return False
    for label, value in _MATCHER.findall(text):
        for series in described:
            values = series.labels.get(label)
            if values and value not in values and not value.startswith("$"):
                return False
    return all(
        any(_values(label, series, contract) is not None for series in described)
        for labels in _CLAUSE_LABELS.findall(text)
        for label in labels.replace(" ", "").split(",")
        if label
    )


def _raw_counters(text: str, parsed: ParsedQuery, contract: SeriesContract) -> Iterator[QueryFault]:
    """Find a counter as it is, whose value is how much happened since some process started."""
    if len(parsed.metrics) != 1 or parsed.metrics[0].call:
        return
    metric = parsed.metrics[0]
    series = contract.series.get(metric.name)
    shape = describe(text)
    plain = shape.metric and not (shape.per_second or shape.increase or shape.count or shape.quantile)
    if series is not None and series.type == "counter" and plain and shape.scale == 1.0:
        message = f"`{metric.name}` is a counter that only grows until its process restarts"
        hint = f"write `rate({metric.name}[$__rate_interval])` or `increase(…)`"
        yield _warning("query/counter", message, hint, metric.offset)


def _values(label: str, series: Series, contract: SeriesContract) -> frozenset[str] | tuple[()] | None:
    """The values of a label: an empty tuple when any, None when the series has no such label."""
    if label in series.labels:
        values = series.labels[label]
        return () if values is None else values
    if label in TARGET_LABELS or label in contract.target_labels or label in ALERT_LABELS:
        return ()
    return None


def _label_faults(text: str, parsed: ParsedQuery, contract: SeriesContract) -> Iterator[QueryFault]:
    uses = label_uses(text)
    for metric, match in uses.matches:
        series = contract.series.get(metric)
        if series is None:
            continue
        values = _values(match.label, series, contract)
        if values is None:
            yield _unknown_label(
                match.label, f"`{metric}` has no label `{match.label}`", series, match.offset
            )
        elif values:
            yield from _value_faults(match, values, f"`{match.label}` of `{metric}`")
    matching_series = [contract.series[use.name] for use in parsed.metrics if use.name in contract.series]
    # Clauses see the labels of all operands, those of undescribed metrics and of functions included.
    if len(matching_series) < len(parsed.metrics) or not parsed.functions.isdisjoint(_NEW_LABELS):
        return
    together = Series("", {label: None for series in matching_series for label in series.labels})
    for label, offset in uses.clauses:
        if "$" not in label and _values(label, together, contract) is None:
            yield _unknown_label(label, f"no metric of the query has a label `{label}`", together, offset)


def label_values_faults(
    label: str, offset: int, text: str, language: str, contract: SeriesContract
) -> Iterator[QueryFault]:
    """What is wrong with the label of ``label_values(text, label)``.

    Args:
        label: the label.
        offset: where it stands.
        text: the selector; empty when the values of all series are taken.
        language: the type of the data source.
        contract: the project's metric contract.
    """
    if "$" in label or "[[" in label or label == "__name__":
        return
    if language == "loki":
        if contract.log_labels and label not in contract.log_labels and label not in STREAM_LABELS:
            hint = nearest(label, contract.log_labels) or "add it to `log_labels` of the metric contract"
            message = f"log streams have no label `{label}`"
            yield _warning("query/label", message, hint, offset)
        return
    metrics = LANGUAGES[language].parse(text).metrics
    series = [contract.series[metric.name] for metric in metrics if metric.name in contract.series]
    if not series or len(series) < len(metrics):
        return
    together = Series("", {label: None for one in series for label in one.labels})
    if _values(label, together, contract) is None:
        subject = f"`{metrics[0].name}` has" if len(metrics) == 1 else "the metrics of the query have"
        yield _unknown_label(label, f"{subject} no label `{label}`", together, offset)


def _unknown_label(label: str, message: str, series: Series, offset: int) -> QueryFault:
    hint = nearest(label, series.labels)
    if not hint.startswith("did you mean"):
        hint = "add it to the metric contract: to the metric, or to `target_labels` if the scrape adds it"
    return _warning("query/label", message, hint, offset)


def _value_faults(match: LabelMatch, values: frozenset[str], what: str) -> Iterator[QueryFault]:
    """Values that a label never has.

    Of regular expressions only those that list plain words are looked at.
    """
    # A variable may be anything, and `label=""` asks for series without the label.
    if match.is_open or match.value == "":
        return
    matched_values = [match.value]
    if match.operator in {"=~", "!~"}:
        if not _PLAIN_VALUES.match(match.value) or "." in match.value:
            return
        matched_values = match.value.split("|")
    for value in matched_values:
        if value not in values:
            hint = nearest(value, values)
            message = f"{what} is never `{value}`"
            yield _warning("query/label-value", message, hint, match.offset)


def _stream_faults(parsed: ParsedQuery, labels: Mapping[str, Values]) -> Iterator[QueryFault]:
    for match in parsed.matches:
        if "$" in match.label or "[[" in match.label:
            continue
        if match.label in labels:
            if values := labels[match.label]:
                yield from _value_faults(match, values, f"`{match.label}` of log streams")
        elif match.label not in STREAM_LABELS:
            message = f"log streams have no label `{match.label}`"
            hint = nearest(match.label, labels) or "add it to `log_labels` of the metric contract"
            yield _warning("query/label", message, hint, match.offset)


def _all_faults(parsed: ParsedQuery, use: QueryUse) -> Iterator[QueryFault]:
    """Selectors that may be empty once a variable stands for all of its values."""
    # Loki needs one matcher in each selector that does not match the empty text.
    by_selector: dict[int, list[LabelMatch]] = {}
    for match in parsed.matches:
        by_selector.setdefault(match.selector, []).append(match)
    for selector, matches in by_selector.items():
        if selector < 0 or any(_is_narrow(match, use.all_values) for match in matches):
            continue
        names = [name for match in matches if (name := _variable_of(match.value)) in use.all_values]
        if names:
            name = names[0]
            all_value = use.all_values[name]
            message = f"with All, `${name}` is `{all_value}` and the selector may be empty: Loki refuses it"
            hint = f"write `all_value: .+` for `{name}`"
            yield _warning("query/all", message, hint, matches[0].offset)


def _is_narrow(match: LabelMatch, all_values: Mapping[str, str]) -> bool:
    if not match.is_open:
        return is_narrow(match.operator, match.value)
    value = all_values.get(_variable_of(match.value))
    return value is None or is_narrow(match.operator, value)


def legend_faults(
    legend: str, text: str, language: str, parsed: ParsedQuery, contract: SeriesContract | None
) -> Iterator[QueryFault]:
    """Labels in a legend that the result of its query does not have.

    Args:
        legend: the legend with its `{{label}}`.
        text: the query.
        language: the type of its data source.
        parsed: the facts about it.
        contract: the project's metric contract; None without one.
    """
    opening = legend.rfind("{{")
    if opening >= 0 and "}}" not in legend[opening:]:
        message = "`{{` is never closed, so that Grafana shows it as it is"
        yield _warning("query/legend", message, "add `}}`", opening)
    kept_labels = _kept_labels(text, language, parsed, contract)
    if kept_labels is None or parsed.error:
        return
    for match in _LEGEND_LABEL.finditer(legend):
        if match[1] in kept_labels or match[1] == "__name__":
            continue
        listed = ", ".join(f"`{label}`" for label in sorted(kept_labels)[:6])
        message = f"the series of this query have no label `{match[1]}`"
        hint = nearest(match[1], kept_labels) or (
            f"they have {listed}" if kept_labels else "they have none: name it in `by (…)`"
        )
        yield _warning("query/legend", message, hint, match.start(1))


def _kept_labels(
    text: str, language: str, parsed: ParsedQuery, contract: SeriesContract | None
) -> frozenset[str] | None:
    """The labels of a query's result; None when they are not known."""
    # After `by (…)` nothing else is left; a label that a variable names is not known.
    if parsed.grouping is not None:
        return (
            None
            if any("$" in label or "[[" in label for label in parsed.grouping)
            else frozenset(parsed.grouping)
        )
    if language != "prometheus" or contract is None or len(parsed.metrics) != 1 or _CLAUSE.search(text):
        return None
    series = contract.series.get(parsed.metrics[0].name)
    if series is None or not parsed.functions.isdisjoint(_NEW_LABELS):
        return None
    return frozenset((*series.labels, *TARGET_LABELS, *contract.target_labels, *ALERT_LABELS))
