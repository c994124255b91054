"""Alert rules with everything settled: what the Grafana, Prometheus and Loki outputs are all made from."""

from collections.abc import Collection, Iterable

from dashgen.compile.settle.check_alerts import (
    check_alert,
    check_duplicates,
    check_group,
    check_labels,
    check_query,
    check_recorded_name,
    check_refs,
)
from dashgen.compile.settle.check_rule_tests import check_rule_tests
from dashgen.core.diagnostics import Diagnostic, Severity, nearest
from dashgen.core.diagnostics.rule_table import is_structural
from dashgen.model.alert_rules import (
    SERVER_INTERVAL,
    AlertRule,
    AlertRules,
    Output,
    PlacedRule,
    RecordingRule,
    query_items,
    read_rules,
    slug,
)
from dashgen.model.condition import Condition, ConditionProblem, Kind, parse_condition, with_recovery
from dashgen.model.data_source_spec import DataSourceRef, reference
from dashgen.model.document import SpecDocument
from dashgen.model.folder import split_path
from dashgen.model.settled_alerts import AlertContext, RuleQuery, SettledAlert, SettledGroup, SettledRecord
from dashgen.model.target_spec import Query
from dashgen.source.source import Path

RULE_FILES: dict[str, Output] = {"prometheus": "prometheus", "loki": "loki"}


def settle_alerts(
    documents: Iterable[SpecDocument[AlertRules]], context: AlertContext
) -> tuple[list[SettledGroup], list[Diagnostic]]:
    """Every rule group, without the rules that are wrong, and what is wrong with them."""
    problems: list[Diagnostic] = []
    groups = [_group(document, context, problems) for document in documents]
    # Prometheus and Loki know no uids, and one alert may be there several times under one name.
    alerts = [(a.placed, a.rule.alert, a.uid) for g in groups for a in g.alerts if "grafana" in a.outputs]
    check_duplicates([(group.document, group.name) for group in groups], alerts, problems)
    return groups, problems


def _group(
    document: SpecDocument[AlertRules], context: AlertContext, problems: list[Diagnostic]
) -> SettledGroup:
    check_group(document, problems)
    rules = []
    for placed in read_rules(document, problems):
        if isinstance(placed.rule, AlertRule):
            settled: SettledAlert | SettledRecord | None = _alert(placed, placed.rule, context, problems)
        else:
            settled = _record(placed, placed.rule, context, problems)
        if settled is not None:
            rules.append(settled)
    model = document.model
    folder = context.folders.path(model.folder) or ""
    if not folder and any("grafana" in rule.outputs for rule in rules):
        message = f"Grafana keeps rules in folders, and the group `{model.group}` names none"
        hint = "add `folder:`, or `outputs: [prometheus]`"
        problems.append(document.resolved.diagnostic("alert/folder", message, ("group",), hint))
    elif folder and not split_path(folder):
        message = "the folder's title is empty"
        problems.append(
            document.resolved.diagnostic("folder/title", message, ("folder",), "rename the folder")
        )
    if model.interval == SERVER_INTERVAL and any("grafana" in rule.outputs for rule in rules):
        message = f"Grafana has no interval of its own for the group `{model.group}`"
        hint = "write a duration, or `outputs: [prometheus]`"
        problems.append(document.resolved.diagnostic("alert/interval", message, ("interval",), hint))
    return SettledGroup(document, model.group, folder, model.every, tuple(rules))


def _alert(
    placed: PlacedRule, rule: AlertRule, context: AlertContext, problems: list[Diagnostic]
) -> SettledAlert | None:
    before = len(problems)
    condition = _condition(placed, rule, problems)
    queries = _queries(placed, rule, context, problems)
    subject = _subject(placed, rule, queries, problems)
    if condition is None or subject is None:
        return None
    taken = {query.ref for query in queries}
    value_ref = _free("B", taken) if rule.reduce else subject.ref
    model = placed.document.model
    labels = {**model.labels, **rule.labels}
    if rule.severity:
        labels["severity"] = rule.severity
    check_labels(placed, labels, problems)
    settled = SettledAlert(
        placed=placed,
        rule=rule,
        uid=rule.uid or slug(rule.alert, "rule"),
        condition=condition,
        queries=tuple(queries),
        subject=subject.ref,
        value_ref=value_ref,
        condition_ref=_free("C", taken | {value_ref}),
        labels=labels,
        annotations=_annotations(rule, model, context),
        no_data=rule.no_data or ("alerting" if condition.kind is Kind.ABSENT else "ok"),
        contact_point=rule.contact_point or model.contact_point,
        panel_id=_panel_id(placed, rule, context, problems),
        outputs=_outputs(placed, rule, queries, subject, problems),
    )
    check_alert(settled, context, problems)
    problems += check_rule_tests(settled)
    wrong = any(p.severity is Severity.ERROR and is_structural(p.rule) for p in problems[before:])
    return None if wrong else settled


def _condition(placed: PlacedRule, rule: AlertRule, problems: list[Diagnostic]) -> Condition | None:
    condition = parse_condition(rule.when)
    step = "when"
    if isinstance(condition, Condition) and rule.recover is not None:
        condition, step = with_recovery(condition, rule.recover), "recover"
    if isinstance(condition, ConditionProblem):
        problems.append(placed.diagnostic("alert/condition", condition.message, step, hint=condition.hint))
        return None
    return condition


def _queries(
    placed: PlacedRule, rule: AlertRule, context: AlertContext, problems: list[Diagnostic]
) -> list[RuleQuery]:
    items = query_items(rule)
    if not items or (rule.query is not None and rule.queries is not None):
        message = f"the alert `{rule.alert}` needs either `query` or `queries`"
        problems.append(
            placed.diagnostic("alert/query", message, "alert", hint="add `query:`, or remove one of the two")
        )
    taken = {ref for _, ref, _ in items if ref}
    queries: list[RuleQuery] = []
    for path, written, query in items:
        ref = written or _free("A", taken)
        if ref in {other.ref for other in queries}:
            message = f"two queries have the ref `{ref}`"
            problems.append(placed.diagnostic("alert/ref", message, *path, hint="give each its own `ref`"))
        taken.add(ref)
        source = None
        if not query.is_expression:
            source = _datasource(placed, query.datasource or rule.datasource, path, context, problems)
        queries.append(RuleQuery(ref, query, source))
        if not query.is_expression:
            check_query(placed, queries[-1], _text_path(rule, path), context, problems)
    check_refs(placed, list(zip((path for path, _, _ in items), queries, strict=True)), problems)
    return queries


def _text_path(rule: AlertRule, path: Path) -> Path:
    """Where the text of a query stands below its rule, whichever of the short forms it is written in."""
    if path == ("query",) or (
        isinstance(rule.queries, dict) and isinstance(rule.queries[str(path[-1])], str)
    ):
        return path
    return (*path, "query")


def _datasource(
    placed: PlacedRule,
    word: str | None,
    path: Iterable[str | int],
    context: AlertContext,
    problems: list[Diagnostic],
) -> DataSourceRef | None:
    name = word or placed.document.model.datasource
    data_source = context.datasources.get(name) or context.datasources.get(name.lower()) or reference(name)
    if data_source is None:
        steps = ("datasource",) if word else tuple(path)
        message = f"there is no data source `{name}`"
        hint = nearest(name, context.datasources) or "describe it in a `DataSources` document"
        problems.append(placed.diagnostic("alert/datasource", message, *steps, hint=hint))
    return data_source


def _subject(
    placed: PlacedRule, rule: AlertRule, queries: list[RuleQuery], problems: list[Diagnostic]
) -> RuleQuery | None:
    if rule.on is None:
        return queries[-1] if queries else None
    subject = next((query for query in queries if query.ref == rule.on), None)
    if subject is None:
        hint = nearest(rule.on, [query.ref for query in queries])
        problems.append(placed.diagnostic("alert/ref", f"there is no query `{rule.on}`", "on", hint=hint))
    return subject


def _annotations(rule: AlertRule, model: AlertRules, context: AlertContext) -> dict[str, str]:
    written = {
        "summary": rule.summary,
        "description": rule.description,
        "runbook_url": _runbook(rule, context),
    }
    return {
        **{name: text.strip() for name, text in written.items() if text},
        **model.annotations,
        **rule.annotations,
    }


def _runbook(rule: AlertRule, context: AlertContext) -> str | None:
    if rule.runbook is None or "://" in rule.runbook or not context.docs_url:
        return rule.runbook
    return f"{context.docs_url.rstrip('/')}/{rule.runbook.lstrip('/')}"


def _panel_id(
    placed: PlacedRule, rule: AlertRule, context: AlertContext, problems: list[Diagnostic]
) -> int | None:
    if rule.panel is None:
        return None
    dashboard, _, key = rule.panel.partition("/")
    panel_id = context.panel_ids.get((dashboard, key))
    if panel_id is None:
        hint = nearest(rule.panel, [f"{uid}/{name}" for uid, name in context.panel_ids])
        problems.append(
            placed.diagnostic("alert/panel", f"there is no panel `{rule.panel}`", "panel", hint=hint)
        )
    return panel_id


def _outputs(
    placed: PlacedRule,
    rule: AlertRule,
    queries: list[RuleQuery],
    subject: RuleQuery,
    problems: list[Diagnostic],
) -> frozenset[Output]:
    kind = subject.datasource.type if subject.datasource else ""
    possible: set[Output] = {"grafana"}
    alone = "it has several queries" if len(queries) > 1 else ""
    if kind == "loki" and rule.reduce:
        alone = "LogQL cannot look back at the values of a query"
    if kind in RULE_FILES and not alone:
        possible.add(RULE_FILES[kind])
    outputs = rule.outputs or placed.document.model.outputs
    if outputs is None:
        if alone and (kind in RULE_FILES or not subject.datasource):
            message = f"`{rule.alert}` is evaluated by Grafana alone: {alone}"
            hint = "`outputs: [grafana]` says so in the spec"
            diagnostic = placed.diagnostic("alert/grafana-only", message, "alert", hint=hint)
            problems.append(_as_info(diagnostic))
        return frozenset(possible)
    impossible = [name for name in rule.outputs or () if name not in possible]
    if impossible or not possible & set(outputs):
        reason = alone or f"its data source is of type `{kind}`"
        message = f"`{rule.alert}` cannot go to {' or '.join(impossible or outputs)}: {reason}"
        hint = f"use {', '.join(f'`{name}`' for name in sorted(possible))}"
        steps = ("outputs",) if rule.outputs else ("alert",)
        problems.append(placed.diagnostic("alert/output", message, *steps, hint=hint))
    return frozenset(possible & set(outputs))


def _as_info(diagnostic: Diagnostic) -> Diagnostic:
    return Diagnostic(
        diagnostic.rule,
        diagnostic.message,
        diagnostic.location,
        diagnostic.hint,
        Severity.INFO,
        diagnostic.related,
    )


def _record(
    placed: PlacedRule, rule: RecordingRule, context: AlertContext, problems: list[Diagnostic]
) -> SettledRecord | None:
    source = _datasource(placed, rule.datasource, ("query",), context, problems)
    check_query(placed, RuleQuery("A", Query(content=rule.query), source), ("query",), context, problems)
    target = _datasource(placed, rule.target, ("target",), context, problems) if rule.target else None
    if source is None:
        return None
    labels = {**placed.document.model.labels, **rule.labels}
    check_labels(placed, labels, problems)
    output: Output | None = "grafana" if rule.grafana else RULE_FILES.get(source.type)
    if output is None:
        message = (
            f"`{rule.record}` cannot be recorded from a data source of type `{source.type}` without Grafana"
        )
        problems.append(placed.diagnostic("alert/output", message, "record", hint="add `grafana: true`"))
        return None
    check_recorded_name(placed, rule.record, problems)
    uid = rule.uid or slug(rule.record, "record")
    return SettledRecord(
        placed, rule, uid, source, target or (source if rule.grafana else None), labels, frozenset({output})
    )


def _free(preferred: str, taken: Collection[str]) -> str:
    letters = [preferred, *(chr(c) for c in range(ord("A"), ord("Z") + 1)), *(f"R{i}" for i in range(1000))]
    return next(letter for letter in letters if letter not in taken)
