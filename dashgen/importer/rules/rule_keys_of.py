"""Find the keys for one alert rule of Grafana.

The rule is read into a value and a comparison, written with keys, built, and compared with the original in
the form of `plain_rule`. What differs goes to ``raw:``; a rule whose queries have no keys gets others in
their place, and ``raw:`` too.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias

from msgspec import Struct, structs

from dashgen.compile.lower.lower_alerting import NO_DATA, ON_ERROR
from dashgen.core.json_values import Json, is_whole, make_patch, mapping, same, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.importer.rules.built_rules import GroupContext, built_rule
from dashgen.importer.rules.plain_rule import annotations_of, plain_rule
from dashgen.importer.rules.query_keys import QueryKeys, query_keys, stand_in_keys, without_queries
from dashgen.importer.rules.read_rules import RuleReading, read_rule
from dashgen.importer.rules.rule_templates import spec_template
from dashgen.model.alert_routes import ALWAYS_GROUPED
from dashgen.model.alert_rules import SEVERITIES, slug
from dashgen.model.alert_text import value_refs
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.duration import milliseconds

Form: TypeAlias = Callable[[Mapping[str, Any]], Json]
"""Brings a rule into the form in which two rules are compared."""

_UID = lazy_pattern(r"[A-Za-z0-9_-]{1,40}")
ANNOTATION_KEYS = {"summary": "summary", "description": "description", "runbook_url": "runbook"}
_NO_DATA = {state: word for word, state in NO_DATA.items()}
_ON_ERROR = {state: word for word, state in ON_ERROR.items()}
_PANEL = ("__dashboardUid__", "__panelId__")
_NOTIFIES = {"receiver": "contact_point", "mute_time_intervals": "mute_timings", "group_by": "group_by"}


class Leftover(Struct, frozen=True):
    """A part of a rule that its keys do not say: kept in ``raw:``, converted, or dropped, with the reason."""

    kind: Literal["raw", "converted", "dropped"]
    what: str


def rule_keys(
    rule: Mapping[str, Any], context: GroupContext | None = None, form: Form | None = None
) -> tuple[Json, list[Leftover]]:
    """The keys of one alert rule, which build to the same rule.

    Before: ``{"title": "Slow", "condition": "B", "data": [{"refId": "A", …}, {"refId": "B", …}],
    "for": "5m"}``
    After: ``{"alert": "Slow", "query": "…", "when": "above 1", "for": "5m"}``

    Args:
        rule: the rule, as Grafana's provisioning API and its provisioning files have it.
        context: the group that the rule belongs to.
        form: the form in which rules are compared; `plain_rule` without one.

    Returns:
        The keys, empty when a spec has no place for the rule, and what they do not say.
    """
    context = with_sources_of(rule, context or GroupContext())
    kinds = {ref.uid: ref.type for ref in context.sources.values()}
    compared = form or (lambda candidate: plain_rule(candidate, kinds))
    reading = read_rule(rule, kinds)
    aliases = {ref.uid: alias for alias, ref in reversed(list(context.sources.items()))}
    no_data = text(rule.get("noDataState")) == "Alerting"
    queries = query_keys(reading, aliases, context.default, context.interval, no_data=no_data)
    leftovers = [Leftover("converted", what) for what in _converted(rule, reading)]
    keys, more = _with_raw(rule, reading, queries, context, compared)
    if keys is None:
        why = queries.missing or f"the build refuses it: {more[0].what}"
        # The keys of its queries may be what is refused, so the last attempt has none of them.
        for stand_in in (stand_in_keys(reading, aliases, context.default, why), without_queries(why)):
            keys, more = _with_raw(rule, reading, stand_in, context, compared)
            if keys is not None:
                break
    return ({}, more) if keys is None else (keys, leftovers + more)


def with_sources_of(rule: Mapping[str, Any], context: GroupContext) -> GroupContext:
    """The context with the data sources of a rule that it lacks, under their uids."""
    types = {ref.uid: ref.type for ref in context.sources.values()}
    nodes = read_rule({**rule, "condition": ""}, types).nodes.values()
    added = {
        node.uid: DataSourceRef(node.kind, node.uid)
        for node in nodes
        if not node.is_expression and node.uid and node.uid not in types
    }
    # A uid that is an alias of another data source must not hide it.
    sources = {**context.sources, **{uid: ref for uid, ref in added.items() if uid not in context.sources}}
    return structs.replace(context, sources=sources) if added else context


def _with_raw(
    rule: Mapping[str, Any], reading: RuleReading, queries: QueryKeys, context: GroupContext, form: Form
) -> tuple[Json | None, list[Leftover]]:
    keys, leftovers = _plain_keys(rule, reading, queries, context)
    built, problems = built_rule(keys, context)
    if built is None:
        reasons = [problem.message for problem in problems] or ["it cannot be built"]
        return None, [Leftover("dropped", reason) for reason in reasons]
    raw = _raw(rule, built, form)
    if raw:
        _without_what_is_raw(keys, raw)
        keys["raw"] = make_patch({}, {**mapping(keys.get("raw")), **raw})
        leftovers.append(Leftover("raw", _raw_note(raw, queries)))
        built, _ = built_rule(keys, context)
    differing = _differing(rule, built, form) if built else ["the whole rule"]
    leftovers += [Leftover("dropped", f"`{key}`, for which a spec has no place") for key in differing]
    return keys, leftovers


def _without_what_is_raw(keys: Json, raw: Json) -> None:
    # `raw:` holds over keys, so a label or an annotation in both would be a key without effect.
    for name in ("labels", "annotations"):
        for key, part in mapping(raw.get(name)).items():
            if part is None:
                continue
            keys.pop({**ANNOTATION_KEYS, "severity": "severity"}.get(key, ""), None)
            mapping(keys.get(name)).pop(key, None)
        if not keys.get(name, True):
            del keys[name]


def _plain_keys(
    rule: Mapping[str, Any], reading: RuleReading, queries: QueryKeys, context: GroupContext
) -> tuple[Json, list[Leftover]]:
    title = text(rule.get("title"))
    keys: Json = {"alert": title}
    uid = text(rule.get("uid"))
    if uid and uid != slug(title, "rule") and _UID.fullmatch(uid):
        keys["uid"] = uid
    keys |= queries.keys
    keys |= _times(rule)
    leftovers = []
    labels = {name: str(part) for name, part in mapping(rule.get("labels")).items()}
    keys |= _labels(labels, reading, queries)
    keys |= _annotations(annotations_of(rule), reading, queries, context)
    keys |= _states(rule, queries)
    keys |= _notification(mapping(rule.get("notification_settings")))
    if not uid:
        leftovers.append(Leftover("converted", f"it had no uid; the build gives it `{slug(title, 'rule')}`"))
    return keys, leftovers


def _times(rule: Mapping[str, Any]) -> Json:
    times: Json = {}
    for key, names in {"for": ("for",), "keep_firing_for": ("keep_firing_for", "keepFiringFor")}.items():
        length = next((rule[name] for name in names if rule.get(name)), None)
        if isinstance(length, str) and milliseconds(length):
            times[key] = length
    return times


def _labels(labels: dict[str, str], reading: RuleReading, queries: QueryKeys) -> Json:
    # Grafana sets the others itself (`__alert_rule_uid__`, `alertname`), and the build refuses them.
    good = {
        name: spec_template(part, reading, queries.value_ref)
        for name, part in labels.items()
        if name and not name.startswith("__") and name != "alertname"
    }
    severity = {"severity": good.pop("severity")} if good.get("severity") in SEVERITIES else {}
    return {**severity, **({"labels": good} if good else {})}


def _annotations(
    annotations: dict[str, str], reading: RuleReading, queries: QueryKeys, context: GroupContext
) -> Json:
    keys: Json = {}
    panel = _panel(annotations, context)
    rest = {name: part for name, part in annotations.items() if not (panel and name in _PANEL)}
    for name, key in ANNOTATION_KEYS.items():
        part = rest.get(name, "")
        if part and part == part.strip() and _is_kept(name, part, context):
            text_there = spec_template(rest.pop(name), reading, queries.value_ref)
            if not value_refs(text_there) - queries.refs:
                keys[key] = text_there
    others = {name: spec_template(part, reading, queries.value_ref) for name, part in rest.items()}
    return {**keys, **({"panel": panel} if panel else {}), **({"annotations": others} if others else {})}


def _is_kept(name: str, part: str, context: GroupContext) -> bool:
    # A runbook without a scheme would get the project's `docs_url` in front of it.
    return name != "runbook_url" or "://" in part or not context.docs_url


def _panel(annotations: Mapping[str, str], context: GroupContext) -> str | None:
    uid, number = (annotations.get(name, "") for name in _PANEL)
    key = context.panels.get((uid, int(number))) if is_whole(number) else None
    return f"{uid}/{key}" if key else None


def _states(rule: Mapping[str, Any], queries: QueryKeys) -> Json:
    states: Json = {}
    # The language's own defaults differ from Grafana's: no data is fine, unless the rule waits for it to
    # be absent.
    no_data = _NO_DATA.get(text(rule.get("noDataState")) or "NoData")
    if no_data and no_data != ("alerting" if queries.keys["when"] == "absent" else "ok"):
        states["no_data"] = no_data
    on_error = _ON_ERROR.get(text(rule.get("execErrState")) or "Alerting")
    if on_error and on_error != "error":
        states["on_error"] = on_error
    missing = rule.get("missing_series_evals_to_resolve", rule.get("missingSeriesEvalsToResolve"))
    if isinstance(missing, int) and missing > 0:
        states["missing_evaluations"] = missing
    return {**states, "paused": True} if rule.get("isPaused") is True else states


def _notification(settings: Json) -> Json:
    if not settings.get("receiver"):
        return {}
    notification = {key: settings[name] for name, key in _NOTIFIES.items() if settings.get(name)}
    # Grafana demands the folder and the name of the alert in every list but `...`; the build adds them.
    labels = notification.pop("group_by", None)
    if labels:
        labels = labels if labels == ["..."] else [name for name in labels if name not in ALWAYS_GROUPED]
    return {**notification, "group_by": labels} if labels else notification


def _raw(rule: Mapping[str, Any], built: Json, form: Form) -> Json:
    """The ``raw:`` that makes the built rule the original."""
    raw: Json = {}
    differing = _differing(rule, built, form)
    if {"data", "named", "condition"} & set(differing):
        raw |= {"condition": rule.get("condition"), "data": rule.get("data")}
    for name in ("labels", "annotations"):
        if name in differing:
            goal = annotations_of(rule) if name == "annotations" else mapping(rule.get(name))
            present = mapping(built.get(name))
            changed = set(_differing_texts(rule, built, form, name))
            raw[name] = {key: goal.get(key) for key in {**present, **goal} if key in changed}
    for name, keys in _PLACES.items():
        if name in differing:
            raw[keys[0]] = next((rule[key] for key in keys if rule.get(key) is not None), None)
    return raw


# The keys of a rule by the key of its compared form: the provisioning API and files spell some of them in
# two ways.
_PLACES = {
    "for": ("for",),
    "keep_firing_for": ("keepFiringFor", "keep_firing_for"),
    "no_data": ("noDataState",),
    "noDataState": ("noDataState",),
    "on_error": ("execErrState",),
    "execErrState": ("execErrState",),
    "missing": ("missing_series_evals_to_resolve", "missingSeriesEvalsToResolve"),
    "notification": ("notification_settings",),
    "notification_settings": ("notification_settings",),
}


def _differing(rule: Mapping[str, Any], built: Json, form: Form) -> list[str]:
    goal, present = form(rule), form(built)
    # A rule without a uid gets one from its title.
    ignored = set() if rule.get("uid") else {"uid"}
    return [
        key for key in {**goal, **present} if key not in ignored and not same(goal.get(key), present.get(key))
    ]


def _differing_texts(rule: Mapping[str, Any], built: Json, form: Form, name: str) -> list[str]:
    goal, present = mapping(form(rule).get(name)), mapping(form(built).get(name))
    return [key for key in {**goal, **present} if goal.get(key) != present.get(key)]


def _raw_note(raw: Json, queries: QueryKeys) -> str:
    keys = ", ".join(f"`{key}`" for key in sorted(raw))
    return f"{keys}: {queries.missing}" if queries.missing else keys


def _converted(rule: Mapping[str, Any], reading: RuleReading) -> list[str]:
    conversions = [
        f"`{ref}` only passed on the one value of `{of}`" for ref, of in reading.aliases_of_values.items()
    ]
    kinds = {
        text(mapping(entry).get("refId")): text(mapping(mapping(entry).get("model")).get("type"))
        for entry in rule.get("data") or ()
    }
    kind = kinds.get(reading.condition)
    if reading.fires is not None and kind in {"math", "classic_conditions"}:
        conversions.append(f"the condition of type `{kind}` became `when`")
    return conversions
