"""Alert rules with everything settled: what the Grafana, Prometheus and Loki outputs are all made from."""

from collections.abc import Collection, Iterable

from dashgen.compile.settle.check_alerts import (
    check_alert,
    check_group,
    check_labels,
    check_query,
    check_refs,
    duplicates,
)
from dashgen.compile.settle.check_rule_tests import check_rule_tests, check_value_tests
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
from dashgen.query.label_names import METRIC_NAME_HINT, older_metric_problem
from dashgen.source.provenance import Reporter
from dashgen.source.source import Path

RULE_FILES: dict[str, Output] = {"prometheus": "prometheus", "loki": "loki"}
"""The rule files by the type of the data source whose language their queries are in."""


def settle_alerts(
    documents: Iterable[SpecDocument[AlertRules]], context: AlertContext
) -> tuple[list[SettledGroup], list[Diagnostic]]:
    """Every rule group, without the rules that are wrong, and what is wrong with them."""
    diagnostics: list[Diagnostic] = []
    groups = [
        _group(document, context, Reporter(document.resolved, diagnostics=diagnostics))
        for document in documents
    ]
    return groups, [*diagnostics, *duplicates(groups)]


def _group(document: SpecDocument[AlertRules], context: AlertContext, report: Reporter) -> SettledGroup:
    model = document.model
    check_group(model, report)
    check_value_tests(model.tests, "", context.contract, report)
    rules: list[SettledAlert | SettledRecord] = []
    for placed in read_rules(document, report):
        # Each rule has its own findings first, because an alert with an error among them is left out.
        rule_report = Reporter(document.resolved, placed.path)
        settled = (
            _alert(placed, placed.rule, context, rule_report)
            if isinstance(placed.rule, AlertRule)
            else _record(placed, placed.rule, context, rule_report)
        )
        report.diagnostics.extend(rule_report.diagnostics)
        if settled is not None:
            rules.append(settled)
    folder = context.folders.path(model.folder) or ""
    is_for_grafana = any("grafana" in rule.outputs for rule in rules)
    if not folder and is_for_grafana:
        message = f"Grafana keeps rules in folders, and the group `{model.group}` names none"
        report.error("alert/folder", message, ("group",), "add `folder:`, or `outputs: [prometheus]`")
    elif folder and not split_path(folder):
        report.error("folder/title", "the folder's title is empty", ("folder",), "rename the folder")
    if model.interval == SERVER_INTERVAL and is_for_grafana:
        message = f"Grafana has no interval of its own for the group `{model.group}`"
        hint = "write a duration, or `outputs: [prometheus]`"
        report.error("alert/interval", message, ("interval",), hint)
    return SettledGroup(document, model.group, folder, model.every, tuple(rules))


def _alert(
    placed: PlacedRule, rule: AlertRule, context: AlertContext, report: Reporter
) -> SettledAlert | None:
    """The rule settled; None when it has an error, all of which are reported as far as they can be seen."""
    condition = _condition(rule, report)
    queries = _queries(placed, rule, context, report)
    subject = _subject(rule, queries, report)
    if condition is None or subject is None:
        return None
    refs = {query.ref for query in queries}
    # As in Grafana's own editor, query, reduction and threshold are A, B and C where these are free.
    value_ref = _free_ref("B", refs) if rule.reduce else subject.ref
    model = placed.document.model
    labels = {**model.labels, **rule.labels}
    if rule.severity:
        labels["severity"] = rule.severity
    check_labels(placed, labels, report)
    settled = SettledAlert(
        placed=placed,
        rule=rule,
        uid=rule.uid or slug(rule.alert, "rule"),
        condition=condition,
        queries=tuple(queries),
        subject=subject.ref,
        value_ref=value_ref,
        condition_ref=_free_ref("C", refs | {value_ref}),
        labels=labels,
        annotations=_annotations(rule, model, context),
        no_data=rule.no_data or ("alerting" if condition.kind is Kind.ABSENT else "ok"),
        contact_point=rule.contact_point or model.contact_point,
        panel_id=_panel_id(rule, context, report),
        outputs=_outputs(rule, rule.outputs or model.outputs, queries, subject, report),
    )
    check_alert(settled, context, report)
    check_rule_tests(settled, context.contract, report)
    wrong = any(one.severity is Severity.ERROR and is_structural(one.rule) for one in report.diagnostics)
    return None if wrong else settled


def _condition(rule: AlertRule, report: Reporter) -> Condition | None:
    """The condition with that of its recovery; None when one of them cannot be read."""
    condition, key = parse_condition(rule.when), "when"
    if isinstance(condition, Condition) and rule.recover is not None:
        condition, key = with_recovery(condition, rule.recover), "recover"
    if isinstance(condition, ConditionProblem):
        report.error("alert/condition", condition.message, (key,), condition.hint)
        return None
    return condition


def _queries(placed: PlacedRule, rule: AlertRule, context: AlertContext, report: Reporter) -> list[RuleQuery]:
    items = query_items(rule)
    if not items or (rule.query is not None and rule.queries is not None):
        message = f"the alert `{rule.alert}` needs either `query` or `queries`"
        report.error("alert/query", message, ("alert",), "add `query:`, or remove one of the two")
    # Refs that are written, even further down, are not given to queries without one.
    refs = {ref for _, ref, _ in items if ref}
    queries: list[RuleQuery] = []
    for path, written, query in items:
        ref = written or _free_ref("A", refs)
        if ref in {other.ref for other in queries}:
            report.error("alert/ref", f"two queries have the ref `{ref}`", path, "give each its own `ref`")
        refs.add(ref)
        if query.is_expression:
            queries.append(RuleQuery(ref, query, None))
            continue
        source = _datasource(placed, query.datasource or rule.datasource, path, context, report)
        queries.append(RuleQuery(ref, query, source))
        check_query(rule, queries[-1], _text_path(rule, path), context, report)
    check_refs(list(zip((path for path, _, _ in items), queries, strict=True)), report)
    return queries


def _text_path(rule: AlertRule, path: Path) -> Path:
    """Where the text of a query stands below its rule, whichever of the short forms it is written in."""
    if path == ("query",) or (
        isinstance(rule.queries, dict) and isinstance(rule.queries[str(path[-1])], str)
    ):
        return path
    return (*path, "query")


def _datasource(
    placed: PlacedRule, written: str | None, path: Path, context: AlertContext, report: Reporter
) -> DataSourceRef | None:
    """The data source that a rule or query names, or the document's.

    Args:
        placed: the rule.
        written: the name that it gives; None when it gives none.
        path: where to report that the document's data source does not exist.
        context: what rules refer to.
        report: gets what is wrong.
    """
    name = written or placed.document.model.datasource
    # People write `Prometheus` as the data source is called; aliases of names are in lower case.
    data_source = context.datasources.get(name) or context.datasources.get(name.lower()) or reference(name)
    if data_source is None:
        hint = nearest(name, context.datasources) or "describe it in a `DataSources` document"
        path = ("datasource",) if written else path
        report.error("alert/datasource", f"there is no data source `{name}`", path, hint)
    return data_source


def _subject(rule: AlertRule, queries: list[RuleQuery], report: Reporter) -> RuleQuery | None:
    """The query that the condition looks at: the one named by `on`, or the last."""
    if rule.on is None:
        return queries[-1] if queries else None
    subject = next((query for query in queries if query.ref == rule.on), None)
    if subject is None:
        hint = nearest(rule.on, [query.ref for query in queries])
        report.error("alert/ref", f"there is no query `{rule.on}`", ("on",), hint)
    return subject


def _annotations(rule: AlertRule, model: AlertRules, context: AlertContext) -> dict[str, str]:
    runbook = rule.runbook
    if runbook is not None and "://" not in runbook and context.docs_url:
        runbook = f"{context.docs_url.rstrip('/')}/{runbook.lstrip('/')}"
    written = {"summary": rule.summary, "description": rule.description, "runbook_url": runbook}
    return {
        **{name: text.strip() for name, text in written.items() if text},
        **model.annotations,
        **rule.annotations,
    }


def _panel_id(rule: AlertRule, context: AlertContext, report: Reporter) -> int | None:
    if rule.panel is None or context.panel_ids is None:
        return None
    dashboard, _, key = rule.panel.partition("/")
    panel_id = context.panel_ids.get(dashboard, {}).get(key)
    if panel_id is None:
        references = [f"{uid}/{name}" for uid, panels in context.panel_ids.items() for name in panels]
        hint = nearest(rule.panel, references)
        report.error("alert/panel", f"there is no panel `{rule.panel}`", ("panel",), hint)
    return panel_id


def _outputs(
    rule: AlertRule,
    outputs: list[Output] | None,
    queries: list[RuleQuery],
    subject: RuleQuery,
    report: Reporter,
) -> frozenset[Output]:
    """Where a rule goes: wherever it can be evaluated, of the outputs that it or its group names."""
    kind = subject.datasource.type if subject.datasource else ""
    # Rule files hold one query in the server's own language; anything else only Grafana evaluates.
    possible: set[Output] = {"grafana"}
    grafana_only = "it has several queries" if len(queries) > 1 else ""
    if kind == "loki" and rule.reduce:
        grafana_only = "LogQL cannot look back at the values of a query"
    if kind in RULE_FILES and not grafana_only:
        possible.add(RULE_FILES[kind])
    if outputs is None:
        if grafana_only and (kind in RULE_FILES or not subject.datasource):
            message = f"`{rule.alert}` is evaluated by Grafana alone: {grafana_only}"
            report.note("alert/grafana-only", message, ("alert",), "`outputs: [grafana]` says so in the spec")
        return frozenset(possible)
    # Outputs of the group are taken as far as they go; those of the rule itself have to be possible.
    impossible = [name for name in rule.outputs or () if name not in possible]
    if impossible or not possible & set(outputs):
        reason = grafana_only or f"its data source is of type `{kind}`"
        message = f"`{rule.alert}` cannot go to {' or '.join(impossible or outputs)}: {reason}"
        hint = f"use {', '.join(f'`{name}`' for name in sorted(possible))}"
        report.error("alert/output", message, ("outputs",) if rule.outputs else ("alert",), hint)
    return frozenset(possible & set(outputs))


def _record(
    placed: PlacedRule, rule: RecordingRule, context: AlertContext, report: Reporter
) -> SettledRecord | None:
    source = _datasource(placed, rule.datasource, ("query",), context, report)
    check_query(rule, RuleQuery("A", Query(content=rule.query), source), ("query",), context, report)
    target = _datasource(placed, rule.target, ("target",), context, report) if rule.target else None
    if source is None:
        return None
    labels = {**placed.document.model.labels, **rule.labels}
    check_labels(placed, labels, report)
    check_value_tests(rule.tests, source.type, context.contract, report)
    output: Output | None = "grafana" if rule.grafana else RULE_FILES.get(source.type)
    if output is None:
        message = (
            f"`{rule.record}` cannot be recorded from a data source of type `{source.type}` without Grafana"
        )
        report.error("alert/output", message, ("record",), "add `grafana: true`")
        return None
    if message := older_metric_problem(rule.record):
        report.warn("alert/record", message, ("record",), METRIC_NAME_HINT)
    uid = rule.uid or slug(rule.record, "record")
    target = target or (source if rule.grafana else None)
    return SettledRecord(placed, rule, uid, source, target, labels, frozenset({output}))


def _free_ref(preferred: str, refs: Collection[str]) -> str:
    """The preferred ref, or the first of A to Z and R0, R1 … that is not among ``refs``."""
    letters = [preferred, *(chr(c) for c in range(ord("A"), ord("Z") + 1)), *(f"R{i}" for i in range(1000))]
    return next(letter for letter in letters if letter not in refs)
