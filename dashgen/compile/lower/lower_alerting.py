"""Alert rules as grafanalib objects.

grafanalib's own alert classes make the shape of the ruler API: Grafana's file loader takes flat rules, knows
no ``-100`` for expressions, and wants the newer states and keys. The classes here subclass grafanalib's for
that shape. Source: Grafana's ``pkg/services/provisioning/alerting/rules_types.go``.
"""
# ruff: noqa: N815  # the names of grafanalib's style

from copy import copy
from typing import Any

import attr
from grafanalib import core
from msgspec import Struct

from dashgen.compile.lower.lower_queries import EXPRESSIONS, ExpressionTarget
from dashgen.compile.lower.lower_targets import evaluator, lower_query
from dashgen.compile.lower.objects import attrs
from dashgen.core.json_values import Json
from dashgen.model.alert_routes import ALWAYS_GROUPED
from dashgen.model.alert_text import for_grafana
from dashgen.model.condition import Condition, Kind
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.duration import whole_seconds
from dashgen.model.settled_alerts import RuleQuery, SettledAlert, SettledGroup, SettledRecord
from dashgen.model.settled_dashboard import SettledQuery
from dashgen.model.target_spec import Query

NO_DATA = {"ok": "OK", "alerting": "Alerting", "no_data": "NoData", "keep_last": "KeepLast"}
ON_ERROR = {"error": "Error", "alerting": "Alerting", "ok": "OK", "keep_last": "KeepLast"}
LOOK_BACK_SECONDS = 600
MAX_DATA_POINTS = 43200
_QUERY_KEYS = {
    "prometheus": ("refId", "datasource", "expr", "instant", "range", "interval"),
    "loki": ("refId", "datasource", "expr", "queryType", "editorMode", "step"),
}
# True of no number: the rule fires by its no-data state alone.
_NEVER = {"type": "within_range", "params": [0, 0]}
ANY_VALUE = "is_number(${0}) || is_nan(${0}) || is_inf(${0})"


class RuleData(Struct):
    """A query or expression of a rule with the data source and the time that it looks at."""

    target: Any
    datasourceUid: Any
    seconds: Any = 0
    intervalMs: Any = 1000

    def to_json_data(self) -> Json:
        """The entry of a rule's ``data``."""
        model = self.target.to_json_data()
        kind = model["datasource"]["type"]
        keys = _QUERY_KEYS.get(kind, tuple(model))
        model_fields = {key: model[key] for key in keys if model.get(key) not in (None, "")}
        entry: Json = {"refId": self.target.refId}
        if "queryType" in model_fields:
            entry["queryType"] = model_fields["queryType"]
        entry["relativeTimeRange"] = {"from": self.seconds, "to": 0}
        entry["datasourceUid"] = self.datasourceUid
        entry["model"] = {**model_fields, "intervalMs": self.intervalMs, "maxDataPoints": MAX_DATA_POINTS}
        return entry


@attrs
class FlatRule(core.AlertRulev9):  # type: ignore[misc]  # grafanalib has no type information
    """An alert rule in the shape of file provisioning."""

    triggers: Any = attr.ib(factory=list)
    keepFiringFor: Any = attr.ib(default=None)
    noDataState: Any = attr.ib(default="OK")
    execErrState: Any = attr.ib(default="Error")
    missingSeries: Any = attr.ib(default=None)
    isPaused: Any = attr.ib(default=False)
    notification: Any = attr.ib(factory=dict)

    def to_json_data(self) -> Json:
        """The rule's JSON, flat, with only the keys that say something."""
        annotations = dict(self.annotations)
        link: Json = {}
        if self.dashboard_uid and self.panel_id:
            annotations |= {"__dashboardUid__": self.dashboard_uid, "__panelId__": str(self.panel_id)}
            link = {"dashboardUid": self.dashboard_uid, "panelId": self.panel_id}
        optional = {
            "isPaused": self.isPaused,
            "keepFiringFor": self.keepFiringFor,
            "missing_series_evals_to_resolve": self.missingSeries,
            "labels": self.labels,
            "annotations": annotations,
            **link,
            "notification_settings": self.notification,
        }
        return {
            "uid": self.uid,
            "title": self.title,
            "condition": self.condition,
            "for": self.evaluateFor,
            "noDataState": self.noDataState,
            "execErrState": self.execErrState,
            **{key: value for key, value in optional.items() if value},
            "data": [trigger.to_json_data() for trigger in self.triggers],
        }


class FlatRecord(Struct):
    """A recording rule in the shape of file provisioning."""

    uid: Any
    metric: Any
    targetUid: Any
    labels: Any
    data: Any

    def to_json_data(self) -> Json:
        """The rule's JSON."""
        return {
            "uid": self.uid,
            "title": self.metric,
            "record": {
                "metric": self.metric,
                "from": self.data.target.refId,
                "targetDatasourceUid": self.targetUid,
            },
            **({"labels": self.labels} if self.labels else {}),
            "data": [self.data.to_json_data()],
        }


class FlatGroup(core.AlertGroup):  # type: ignore[misc]  # grafanalib has no type information
    """A rule group in the shape of file provisioning."""

    def to_json_data(self) -> Json:
        """The group's JSON."""
        return {
            "orgId": 1,
            "name": self.name,
            "folder": self.folder,
            "interval": self.evaluateInterval,
            "rules": [rule.to_json_data() for rule in self.rules],
        }


def lower_group(group: SettledGroup) -> tuple[Json, list[SettledAlert | SettledRecord]]:
    """The group as Grafana's file loader reads it, with its rules, but not those for other outputs."""
    rules = [rule for rule in group.rules if "grafana" in rule.outputs]
    lowered = [_lower_rule(rule, group) for rule in rules]
    flat_group = _made(
        FlatGroup, name=group.name, folder=group.folder, evaluateInterval=group.interval, rules=lowered
    )
    return flat_group.to_json_data(), rules


def _made(kind: Any, **arguments: Any) -> Any:
    # grafanalib has no types, so a type checker cannot know the arguments that a subclass inherits.
    return kind(**arguments)


def _lower_rule(rule: SettledAlert | SettledRecord, group: SettledGroup) -> Any:
    return _lower_alert(rule, group) if isinstance(rule, SettledAlert) else _lower_record(rule)


def _lower_alert(alert: SettledAlert, group: SettledGroup) -> Any:
    rule = alert.rule
    reduced = {alert.subject: alert.value_ref} if rule.reduce else {}
    texts = {name: for_grafana(text, alert.value_ref, reduced) for name, text in alert.annotations.items()}
    return _made(
        FlatRule,
        title=rule.alert,
        uid=alert.uid,
        condition=alert.condition_ref,
        evaluateFor=rule.for_,
        keepFiringFor=rule.keep_firing_for,
        noDataState=NO_DATA[alert.no_data],
        execErrState=ON_ERROR[rule.on_error],
        missingSeries=rule.missing_evaluations,
        isPaused=rule.paused,
        labels={name: for_grafana(text, alert.value_ref, reduced) for name, text in alert.labels.items()},
        annotations=texts,
        dashboard_uid=(rule.panel or "").partition("/")[0],
        panel_id=alert.panel_id or 0,
        notification=_notification(alert),
        triggers=[*(_query(query, alert, group) for query in alert.queries), *_verdict(alert)],
    )


def _query(query: RuleQuery, alert: SettledAlert, group: SettledGroup) -> RuleData:
    over = alert.rule.over if alert.rule.reduce and query.ref == alert.subject else None
    if query.datasource is None:
        expression = DataSourceRef(**EXPRESSIONS)
        return RuleData(lower_query(SettledQuery(query.query, (), query.ref, expression, "")), expression.uid)
    if over is None:
        rule_data = _rule_data(query, query.datasource, instant=query.query.instant is not False)
        if alert.rule.over and not alert.rule.reduce:
            rule_data.seconds = whole_seconds(alert.rule.over)
        return rule_data
    # One value at each evaluation: the same values that a Prometheus rule looks back at.
    seconds = whole_seconds(group.interval, 60)
    stepped = RuleQuery(query.ref, _with_step(query, f"{seconds}s"), query.datasource)
    data = _rule_data(stepped, query.datasource, instant=False)
    data.seconds, data.intervalMs = whole_seconds(over), seconds * 1000
    return data


def _with_step(query: RuleQuery, step: str) -> Query:
    stepped_query = copy(query.query)
    stepped_query.step = stepped_query.step or step
    return stepped_query


def _rule_data(query: RuleQuery, source: DataSourceRef, *, instant: bool) -> RuleData:
    settled = SettledQuery(query.query, (), query.ref, source, "", instant=instant)
    return RuleData(lower_query(settled), source.uid, LOOK_BACK_SECONDS)


def _verdict(alert: SettledAlert) -> list[RuleData]:
    entries = []
    if alert.rule.reduce:
        model = {"reducer": alert.rule.reduce, "settings": {"mode": "dropNN"}}
        entries.append(_expression(alert.value_ref, "reduce", alert.subject, model))
    if alert.condition.kind is Kind.PRESENT:
        ref = alert.value_ref
        return [*entries, _expression(alert.condition_ref, "math", ANY_VALUE.format(ref), {})]
    conditions: Json = {"evaluator": _evaluator(alert.condition)}
    if alert.condition.recover:
        conditions["unloadEvaluator"] = _evaluator(alert.condition.recover)
    entries.append(
        _expression(alert.condition_ref, "threshold", alert.value_ref, {"conditions": [conditions]})
    )
    return entries


def _evaluator(condition: Condition) -> Json:
    return dict(_NEVER) if condition.kind is Kind.ABSENT else evaluator(condition)


def _expression(ref: str, kind: str, of: str, model: Json) -> RuleData:
    return RuleData(
        ExpressionTarget(ref, dict(EXPRESSIONS), model, kind=kind, expression=of), EXPRESSIONS["uid"]
    )


def _notification(alert: SettledAlert) -> Json:
    if alert.contact_point is None:
        return {}
    group_by = alert.rule.group_by
    if group_by and group_by != ["..."]:
        group_by = list(dict.fromkeys([*ALWAYS_GROUPED, *group_by]))
    settings = {
        "receiver": alert.contact_point,
        "group_by": group_by,
        "mute_time_intervals": alert.rule.mute_timings,
    }
    return {key: value for key, value in settings.items() if value}


def _lower_record(record: SettledRecord) -> FlatRecord:
    data = _rule_data(RuleQuery("A", _query_of(record), record.datasource), record.datasource, instant=True)
    target = record.target or record.datasource
    return FlatRecord(record.uid, record.rule.record, target.uid, record.labels, data)


def _query_of(record: SettledRecord) -> Query:
    return Query(content=record.rule.query.strip())
