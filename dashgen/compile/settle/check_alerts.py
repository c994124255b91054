"""What is wrong with an alert rule that no server reports, or only when it is too late."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from dashgen.compile.settle.alert_texts import check_texts
from dashgen.compile.settle.query_meaning import ALERT, RECORDING
from dashgen.compile.settle.query_text import QueryContext, check_math, query_faults, report_faults
from dashgen.core.diagnostics import Diagnostic, Related, nearest
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.alert_rules import AlertRule, AlertRules, PlacedRule, RecordingRule, slug
from dashgen.model.alert_text import uses_value
from dashgen.model.condition import Kind
from dashgen.model.duration import DURATION_HINT, milliseconds
from dashgen.model.parse import NO_NAME
from dashgen.model.settled_alerts import AlertContext, RuleQuery, SettledAlert, SettledGroup
from dashgen.model.target_spec import Query
from dashgen.query import named_variables
from dashgen.query.label_names import CLASSIC_HINT, older_label_problem
from dashgen.query.math_expression import math_refs
from dashgen.source.provenance import Reporter, Resolved
from dashgen.source.source import Path

_REF = lazy_pattern(r"[A-Za-z][A-Za-z0-9_]*\Z")
# What Grafana itself fills in wherever it asks a query.
_IN_GRAFANA = frozenset(
    {"__rate_interval", "__interval", "__interval_ms", "__range", "__range_s", "__range_ms", "__auto"}
)
_ELSEWHERE = (
    "add it to `{key}` of a `Notifications` document, or to `external_{key}` if Grafana has it from elsewhere"
)
_BASE_INTERVAL = 10_000
"""Milliseconds between two looks of Grafana's scheduler at the rules."""
_LANGUAGES_WITH_INSTANT = frozenset({"prometheus", "loki"})


def check_group(model: AlertRules, report: Reporter) -> None:
    """Report an interval that Grafana's scheduler cannot keep, and labels that Prometheus does not accept."""
    _check_label_names(model.labels, report.at(("labels",)))
    interval = model.every
    length = milliseconds(interval)
    is_for_grafana = (
        model.outputs is None or "grafana" in model.outputs or any("outputs" in rule for rule in model.rules)
    )
    if length is None:
        report.error("alert/duration", f"`{interval}` is not a duration", ("interval",), DURATION_HINT)
    elif length == 0 or (length % _BASE_INTERVAL and is_for_grafana):
        message = f"Grafana evaluates every 10 seconds at most, so `{interval}` cannot be a group's interval"
        report.error("alert/interval", message, ("interval",), "use a multiple of 10s")


def _is_stand_in(group: SettledGroup) -> bool:
    """Whether a group has no name of its own, which is reported already."""
    return group.name == NO_NAME and group.document.resolved.data.get("group") != NO_NAME


def duplicates(groups: Iterable[SettledGroup]) -> Iterator[Diagnostic]:
    """Groups that have one name, and rules in Grafana that have one uid."""
    first_groups: dict[str, SettledGroup] = {}
    first_alerts: dict[str, SettledAlert] = {}
    for group in groups:
        first = first_groups.setdefault(slug(group.name, "group"), group)
        if first.document is not group.document and not _is_stand_in(group):
            message = f"two groups are called `{group.name}`"
            hint = "rename one, or put their rules together"
            diagnostic = group.document.resolved.diagnostic(
                "alert/duplicate-group", message, ("group",), hint
            )
            yield _beside(diagnostic, first.document.resolved, ("group",))
        # Prometheus and Loki know no uids, and one alert may be there several times under one name.
        for alert in (alert for alert in group.alerts if "grafana" in alert.outputs):
            other = first_alerts.setdefault(alert.uid, alert)
            if other is not alert:
                path = (*alert.placed.path, "uid" if alert.rule.uid else "alert")
                message, hint = (
                    f"two rules have the uid `{alert.uid}`",
                    f"give this `{alert.rule.alert}` its own `uid`",
                )
                diagnostic = group.document.resolved.diagnostic("alert/duplicate-uid", message, path, hint)
                yield _beside(diagnostic, other.placed.document.resolved, (*other.placed.path, "alert"))


def _beside(diagnostic: Diagnostic, resolved: Resolved, path: Path) -> Diagnostic:
    """A finding with the place of the other thing of that name."""
    other = Related("the other one", resolved.origin(path).location())
    return replace(diagnostic, related=(other, *diagnostic.related))


def check_query(
    rule: AlertRule | RecordingRule, query: RuleQuery, path: Path, context: AlertContext, report: Reporter
) -> None:
    """Report a query that is empty, does not parse, reads what does not exist, or names variables.

    Args:
        rule: the rule.
        query: one of its queries.
        path: where the query's text stands below the rule.
        context: what rules refer to.
        report: gets what is wrong.
    """
    text = query.query.query
    if not text.strip():
        if not (query.query.raw or query.query.fields):
            report.error("alert/query", "the query is empty", path, "write the query")
        return
    # Nobody chooses a value where rules are evaluated.
    language = query.datasource.type if query.datasource else ""
    for name in named_variables(text, language):
        if name not in _IN_GRAFANA:
            message = f"`${name}` has no value in a rule: variables belong to dashboards"
            report.error("alert/variable", message, path, "write the value itself")
    # A counter as it is makes sense over time only where something reduces or combines it.
    use = RECORDING
    if isinstance(rule, AlertRule):
        use = replace(ALERT, counts_up=rule.reduce is None and rule.queries is None)
    faults = query_faults(text, language, QueryContext(context.contract, targets=context.targets), use)
    report_faults(faults, report.at((*report.path, *path)), text)


def check_refs(queries: Sequence[tuple[Path, RuleQuery]], report: Reporter) -> None:
    """Report refs that expressions cannot name, and expressions that name no query.

    Each query with its path.
    """
    query_refs = [query.ref for _, query in queries]
    for path, query in queries:
        if not _REF.match(query.ref):
            hint = "use a letter, then letters, digits or `_`"
            report.error("alert/ref", f"`{query.ref}` cannot be a ref", path, hint)
        for step, name in _named(query.query):
            if name not in query_refs:
                hint = nearest(name, [ref for ref in query_refs if ref != query.ref])
                report.error("alert/ref", f"there is no query `{name}`", (*path, *step), hint)
        if query.query.math is not None:
            check_math(query.query.math, report.at((*report.path, *path, "math")))


def _named(query: Query) -> Iterator[tuple[Path, str]]:
    """The refs that an expression names, each with the path of the key that does."""
    steps = (("reduce", query.reduce), ("resample", query.resample), ("threshold", query.threshold))
    for key, expression in steps:
        if expression is not None:
            yield (key, "of"), expression.of.lstrip("$")
    for name in math_refs(query.math or ""):
        yield ("math",), name


def check_labels(placed: PlacedRule, labels: Mapping[str, str], report: Reporter) -> None:
    """Report labels whose names Prometheus does not accept.

    Those of the group are looked at once, in `check_group`.
    """
    inherited = placed.document.model.labels.keys() - placed.rule.labels.keys()
    own = [name for name in labels if name not in inherited]
    _check_label_names(own, report.at((*placed.path, "labels")))


def _check_label_names(names: Iterable[str], report: Reporter) -> None:
    for name in names:
        if not name or name.startswith("__") or name == "alertname":
            message = f"`{name}` cannot be the name of a label"
            hint = "choose another one: not `alertname`, nothing that starts with `__`"
            report.error("alert/label", message, (name,), hint)
        elif message := older_label_problem(name):
            report.warn("alert/label", message, (name,), CLASSIC_HINT)


def check_alert(alert: SettledAlert, context: AlertContext, report: Reporter) -> None:
    """Report everything else that can be wrong with one alert."""
    _check_durations(alert, report)
    _check_reduce(alert, report)
    _check_no_data(alert, report)
    _check_notification(alert, context, report)
    _check_interpolation(alert, report)
    check_texts(alert, report)


def _check_durations(alert: SettledAlert, report: Reporter) -> None:
    rule = alert.rule
    durations = (("for", rule.for_), ("keep_firing_for", rule.keep_firing_for), ("over", rule.over))
    for key, text in durations:
        if text is not None and milliseconds(text) is None:
            report.error("alert/duration", f"`{text}` is not a duration", (key,), DURATION_HINT)
    every = alert.placed.document.model.every
    if 0 < (milliseconds(rule.for_) or 0) < (milliseconds(every) or 0):
        message = f"`{rule.alert}` is looked at every {every}, so `for: {rule.for_}` makes no difference"
        report.warn("alert/short-for", message, ("for",), "use a longer `for`, or `for: 0s`")


def _check_reduce(alert: SettledAlert, report: Reporter) -> None:
    rule = alert.rule
    over_time = any(_looks_back(query) for query in alert.queries)
    if (rule.reduce is None) != (rule.over is None) and not (rule.over and over_time):
        key, other = ("over", "reduce") if rule.reduce is None else ("reduce", "over")
        hint = f"add `{other}:`, for example `{'max' if other == 'reduce' else '10m'}`"
        report.error("alert/reduce", f"`{key}` means nothing without `{other}`", (key,), hint)
    subject = next(query for query in alert.queries if query.ref == alert.subject)
    if rule.reduce is not None and subject.query.is_expression:
        message = f"`reduce` looks at the values of a query, and `{alert.subject}` is an expression"
        report.error("alert/reduce", message, ("reduce",), "use a `reduce` expression")


def _looks_back(query: RuleQuery) -> bool:
    """Whether a query gives values over time, so that it matters how far it looks back."""
    # Only Prometheus and Loki can be asked for one moment, and are unless the query has `instant: false`.
    source = query.datasource
    return source is not None and (query.query.instant is False or source.type not in _LANGUAGES_WITH_INSTANT)


def _check_no_data(alert: SettledAlert, report: Reporter) -> None:
    rule = alert.rule
    if alert.condition.kind is Kind.ABSENT and alert.no_data != "alerting":
        message = f"`when: absent` with `no_data: {alert.no_data}` never fires"
        report.error("alert/no-data", message, ("no_data",), "remove `no_data`")
    if alert.no_data != "alerting":
        return
    for key, text in (("summary", rule.summary), ("description", rule.description)):
        if text and uses_value(text):
            message = f"the {key} prints a value, but `{rule.alert}` also fires when there is none"
            report.warn("alert/no-value", message, (key,), "leave the value out of the text")


def _check_notification(alert: SettledAlert, context: AlertContext, report: Reporter) -> None:
    rule = alert.rule
    shared = alert.placed.document.model.contact_point
    if rule.contact_point is not None:
        _check_contact_point(rule.contact_point, context.contact_points, report)
    elif shared is not None:
        _check_contact_point(shared, context.contact_points, report.at(()))
    for number, timing in enumerate(rule.mute_timings):
        if timing not in context.mute_timings:
            hint = nearest(timing, context.mute_timings) or _ELSEWHERE.format(key="mute_timings")
            message = f"there is no mute timing `{timing}`"
            report.error("alert/mute-timing", message, ("mute_timings", number), hint)
    if alert.contact_point is None:
        for key, values in (("mute_timings", rule.mute_timings), ("group_by", rule.group_by)):
            if values:
                message = f"`{key}` of a rule needs a `contact_point`: without one the policies decide"
                hint = "add `contact_point:`, or use the policy tree"
                report.error("alert/notification", message, (key,), hint)


def _check_contact_point(name: str, contact_points: Collection[str], report: Reporter) -> None:
    if name not in contact_points:
        hint = nearest(name, contact_points) or _ELSEWHERE.format(key="contact_points")
        report.error("alert/contact-point", f"there is no contact point `{name}`", ("contact_point",), hint)


def _check_interpolation(alert: SettledAlert, report: Reporter) -> None:
    files = alert.outputs - {"grafana"}
    if not files:
        return
    language = next((q.datasource.type for q in alert.queries if q.ref == alert.subject and q.datasource), "")
    for name in named_variables(alert.expression, language):
        if name in _IN_GRAFANA:
            servers = " and ".join(sorted(files))
            message = f"only Grafana replaces `${name}`, and this rule also goes to {servers}"
            hint = "write a duration such as `5m`, or add `outputs: [grafana]`"
            report.error("alert/variable", message, ("query",), hint)
