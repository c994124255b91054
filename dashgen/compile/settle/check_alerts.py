"""What no server would say about an alert rule, or only when it is too late."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from dashgen.compile.settle.alert_texts import check_texts
from dashgen.compile.settle.query_meaning import ALERT, RECORDING
from dashgen.compile.settle.query_text import QueryContext, math_faults, place_faults, query_faults
from dashgen.core.diagnostics import Diagnostic, Related, Severity, nearest
from dashgen.model.alert_rules import AlertRule, AlertRules, PlacedRule, slug
from dashgen.model.alert_text import uses_value
from dashgen.model.condition import Kind
from dashgen.model.document import SpecDocument
from dashgen.model.duration import DURATION_HINT, milliseconds
from dashgen.model.settled_alerts import AlertContext, RuleQuery, SettledAlert
from dashgen.model.target_spec import Query
from dashgen.query import named_variables
from dashgen.query.label_names import (
    CLASSIC_HINT,
    METRIC_NAME_HINT,
    older_label_problem,
    older_metric_problem,
)
from dashgen.query.math_expression import math_refs
from dashgen.source.provenance import Resolved
from dashgen.source.source import Path

_REF = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
_IN_GRAFANA = frozenset(
    {"__rate_interval", "__interval", "__interval_ms", "__range", "__range_s", "__range_ms", "__auto"}
)
_DURATIONS = ("for", "keep_firing_for", "over")
_NO_CONTACT_POINT = "add it to `contact_points` of a `Notifications` document, or to `external_contact_points` if Grafana has it from elsewhere"
_NO_MUTE_TIMING = "add it to `mute_timings` of a `Notifications` document, or to `external_mute_timings` if Grafana has it from elsewhere"
_BASE_INTERVAL = 10_000
_LANGUAGES_WITH_INSTANT = frozenset({"prometheus", "loki"})


def _as_warning(diagnostic: Diagnostic) -> Diagnostic:
    return Diagnostic(
        diagnostic.rule,
        diagnostic.message,
        diagnostic.location,
        diagnostic.hint,
        Severity.WARNING,
        diagnostic.related,
    )


def check_group(document: SpecDocument[AlertRules], problems: list[Diagnostic]) -> None:
    """The interval is a duration that Grafana's scheduler can keep, and its labels have names."""
    problems += _label_problems(document.resolved, ("labels",), document.model.labels)
    interval = document.model.every
    length = milliseconds(interval)
    if length is None:
        problems.append(
            document.resolved.diagnostic(
                "alert/duration", f"`{interval}` is not a duration", ("interval",), DURATION_HINT
            )
        )
    elif length == 0 or (length % _BASE_INTERVAL and _is_for_grafana(document.model)):
        message = f"Grafana evaluates every 10 seconds at most, so `{interval}` is no interval for a group"
        problems.append(
            document.resolved.diagnostic("alert/interval", message, ("interval",), "use a multiple of 10s")
        )


def _is_for_grafana(model: AlertRules) -> bool:
    return (
        model.outputs is None or "grafana" in model.outputs or any("outputs" in rule for rule in model.rules)
    )


def check_duplicates(
    groups: Iterable[tuple[SpecDocument[AlertRules], str]],
    alerts: Iterable[tuple[PlacedRule, str, str]],
    problems: list[Diagnostic],
) -> None:
    """Groups have their own names, and rules their own uids."""
    seen: dict[str, SpecDocument[AlertRules]] = {}
    for document, name in groups:
        first = seen.setdefault(slug(name, "group"), document)
        if first is not document:
            diagnostic = document.resolved.diagnostic(
                "alert/duplicate-group",
                f"two groups are called `{name}`",
                ("group",),
                "rename one, or put their rules together",
            )
            problems.append(_beside(diagnostic, first.resolved.diagnostic("", "", ("group",))))
    owners: dict[str, PlacedRule] = {}
    for placed, name, uid in alerts:
        owner = owners.setdefault(uid, placed)
        if owner is not placed:
            step = "uid" if isinstance(placed.rule, AlertRule) and placed.rule.uid else "alert"
            diagnostic = placed.diagnostic(
                "alert/duplicate-uid",
                f"two rules have the uid `{uid}`",
                step,
                hint=f"give this `{name}` its own `uid`",
            )
            problems.append(_beside(diagnostic, owner.diagnostic("", "", "alert")))


def _beside(diagnostic: Diagnostic, first: Diagnostic) -> Diagnostic:
    related = (*((Related("the other one", first.location),) if first.location else ()), *diagnostic.related)
    return Diagnostic(
        diagnostic.rule,
        diagnostic.message,
        diagnostic.location,
        diagnostic.hint,
        diagnostic.severity,
        related,
    )


def check_query(
    placed: PlacedRule, query: RuleQuery, path: Path, context: AlertContext, problems: list[Diagnostic]
) -> None:
    """A rule's query is there, parses and reads what exists; it names no dashboard variables.

    Args:
        placed: the rule.
        query: one of its queries.
        path: where the query's text stands below the rule.
        context: what rules refer to.
        problems: where findings go.
    """
    text = query.query.query
    if not text.strip():
        if not (query.query.raw or query.query.fields):
            problems.append(
                placed.diagnostic("alert/query", "the query is empty", *path, hint="write the query")
            )
        return
    # Nobody chooses a value where rules are evaluated.
    language = query.datasource.type if query.datasource else ""
    for name in named_variables(text, language):
        if name not in _IN_GRAFANA:
            message = f"`${name}` has no value in a rule: variables belong to dashboards"
            problems.append(
                placed.diagnostic("alert/variable", message, *path, hint="write the value itself")
            )
    use = RECORDING
    if isinstance(placed.rule, AlertRule):
        use = replace(ALERT, counts_up=placed.rule.reduce is None and placed.rule.queries is None)
    faults = query_faults(text, language, QueryContext(context.contract), use)
    problems += place_faults(faults, placed.document.resolved, (*placed.path, *path), text)


def check_refs(
    placed: PlacedRule, queries: Sequence[tuple[Path, RuleQuery]], problems: list[Diagnostic]
) -> None:
    """Refs have a form that expressions can name, and expressions name queries that exist."""
    query_refs = [query.ref for _, query in queries]
    for path, query in queries:
        if not _REF.match(query.ref):
            message = f"`{query.ref}` cannot be a ref"
            hint = "use a letter, then letters, digits or `_`"
            problems.append(placed.diagnostic("alert/ref", message, *path, hint=hint))
        for step, name in _named(query.query):
            if name not in query_refs:
                message = f"there is no query `{name}`"
                hint = nearest(name, [ref for ref in query_refs if ref != query.ref])
                problems.append(placed.diagnostic("alert/ref", message, *path, *step, hint=hint))
        if query.query.math is not None:
            math_path = (*placed.path, *path, "math")
            problems += math_faults(query.query.math, placed.document.resolved, math_path)


def _named(query: Query) -> Iterator[tuple[Path, str]]:
    for step in ("reduce", "resample", "threshold"):
        expression = getattr(query, step)
        if expression is not None:
            yield (step, "of"), expression.of.lstrip("$")
    for name in math_refs(query.math or ""):
        yield ("math",), name


def check_labels(placed: PlacedRule, labels: Mapping[str, str], problems: list[Diagnostic]) -> None:
    """Label names are what Prometheus accepts; those of the group are looked at once, in `check_group`."""
    inherited = placed.document.model.labels.keys() - placed.rule.labels.keys()
    own = [name for name in labels if name not in inherited]
    problems += _label_problems(placed.document.resolved, (*placed.path, "labels"), own)


def _label_problems(resolved: Resolved, path: Path, names: Iterable[str]) -> Iterator[Diagnostic]:
    """Names that no label can have, and those that only newer servers accept, which are warnings."""
    for name in names:
        if not name or name.startswith("__") or name == "alertname":
            message = f"`{name}` cannot be the name of a label"
            hint = "choose another one: not `alertname`, nothing that starts with `__`"
            yield resolved.diagnostic("alert/label", message, (*path, name), hint)
        elif message := older_label_problem(name):
            yield _as_warning(resolved.diagnostic("alert/label", message, (*path, name), CLASSIC_HINT))


def check_recorded_name(placed: PlacedRule, name: str, problems: list[Diagnostic]) -> None:
    """A name that only newer servers record is a warning."""
    if message := older_metric_problem(name):
        problems.append(
            _as_warning(placed.diagnostic("alert/record", message, "record", hint=METRIC_NAME_HINT))
        )


def check_alert(alert: SettledAlert, context: AlertContext, problems: list[Diagnostic]) -> None:
    """Everything else that can be wrong with one alert."""
    _check_durations(alert, problems)
    _check_reduce(alert, problems)
    _check_no_data(alert, problems)
    _check_notification(alert, context, problems)
    _check_interpolation(alert, problems)
    problems += check_texts(alert)


def _check_durations(alert: SettledAlert, problems: list[Diagnostic]) -> None:
    rule = alert.rule
    lengths: dict[str, int] = {}
    for step, text in zip(_DURATIONS, (rule.for_, rule.keep_firing_for, rule.over), strict=True):
        length = milliseconds(text) if text is not None else None
        if text is not None and length is None:
            message = f"`{text}` is not a duration"
            problems.append(alert.placed.diagnostic("alert/duration", message, step, hint=DURATION_HINT))
        lengths[step] = length or 0
    interval = milliseconds(alert.placed.document.model.every) or 0
    if 0 < lengths["for"] < interval:
        message = f"`{rule.alert}` is looked at every {alert.placed.document.model.every}, so `for: {rule.for_}` makes no difference"
        hint = "use a longer `for`, or `for: 0s`"
        problems.append(_as_warning(alert.placed.diagnostic("alert/short-for", message, "for", hint=hint)))


def _check_reduce(alert: SettledAlert, problems: list[Diagnostic]) -> None:
    rule = alert.rule
    over_time = any(_looks_back(query) for query in alert.queries)
    if (rule.reduce is None) != (rule.over is None) and not (rule.over and over_time):
        step, other = ("over", "reduce") if rule.reduce is None else ("reduce", "over")
        message = f"`{step}` means nothing without `{other}`"
        hint = f"add `{other}:`, for example `{'max' if other == 'reduce' else '10m'}`"
        problems.append(alert.placed.diagnostic("alert/reduce", message, step, hint=hint))
    subject = next(query for query in alert.queries if query.ref == alert.subject)
    if rule.reduce is not None and subject.query.is_expression:
        message = f"`reduce` looks at the values of a query, and `{alert.subject}` is an expression"
        problems.append(
            alert.placed.diagnostic("alert/reduce", message, "reduce", hint="use a `reduce` expression")
        )


def _looks_back(query: RuleQuery) -> bool:
    """Whether a query gives values over time, so that it matters how far it looks back."""
    source = query.datasource
    return source is not None and (query.query.instant is False or source.type not in _LANGUAGES_WITH_INSTANT)


def _check_no_data(alert: SettledAlert, problems: list[Diagnostic]) -> None:
    rule, absent = alert.rule, alert.condition.kind is Kind.ABSENT
    if absent and alert.no_data != "alerting":
        message = f"`when: absent` with `no_data: {alert.no_data}` never fires"
        problems.append(alert.placed.diagnostic("alert/no-data", message, "no_data", hint="remove `no_data`"))
    if alert.no_data != "alerting":
        return
    for step in ("summary", "description"):
        text = getattr(rule, step)
        if text and uses_value(text):
            message = f"the {step} prints a value, but `{rule.alert}` also fires when there is none"
            hint = "say it without the value"
            problems.append(_as_warning(alert.placed.diagnostic("alert/no-value", message, step, hint=hint)))


def _check_notification(alert: SettledAlert, context: AlertContext, problems: list[Diagnostic]) -> None:
    rule = alert.rule
    name = rule.contact_point
    if name is not None and name not in context.contact_points:
        hint = nearest(name, context.contact_points) or _NO_CONTACT_POINT
        message = f"there is no contact point `{name}`"
        problems.append(alert.placed.diagnostic("alert/contact-point", message, "contact_point", hint=hint))
    shared = alert.placed.document.model.contact_point
    if name is None and shared is not None and shared not in context.contact_points:
        hint = nearest(shared, context.contact_points) or _NO_CONTACT_POINT
        resolved = alert.placed.document.resolved
        problems.append(
            resolved.diagnostic(
                "alert/contact-point", f"there is no contact point `{shared}`", ("contact_point",), hint
            )
        )
    for i, timing in enumerate(rule.mute_timings):
        if timing not in context.mute_timings:
            hint = nearest(timing, context.mute_timings) or _NO_MUTE_TIMING
            message = f"there is no mute timing `{timing}`"
            problems.append(
                alert.placed.diagnostic("alert/mute-timing", message, "mute_timings", i, hint=hint)
            )
    if alert.contact_point is None:
        for step in ("mute_timings", "group_by"):
            if getattr(rule, step):
                message = f"`{step}` of a rule needs a `contact_point`: without one the policies decide"
                hint = "add `contact_point:`, or say it in the policy tree"
                problems.append(alert.placed.diagnostic("alert/notification", message, step, hint=hint))


def _check_interpolation(alert: SettledAlert, problems: list[Diagnostic]) -> None:
    files = alert.outputs - {"grafana"}
    if not files:
        return
    language = next((q.datasource.type for q in alert.queries if q.ref == alert.subject and q.datasource), "")
    for name in named_variables(alert.expression, language):
        if name in _IN_GRAFANA:
            message = (
                f"only Grafana replaces `${name}`, and this rule also goes to {' and '.join(sorted(files))}"
            )
            hint = "write a duration such as `5m`, or add `outputs: [grafana]`"
            problems.append(alert.placed.diagnostic("alert/variable", message, "query", hint=hint))
