"""What uses a label: queries, legends, texts of alerts, labels of rules, policies, the contract."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dashgen.check.lint.places import SpecPlace
from dashgen.core.diagnostics import Location
from dashgen.core.json_values import ABSENT, at
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.data_source_spec import PlacedDataSource, placed_data_sources
from dashgen.model.metrics_spec import Metrics
from dashgen.model.settled_alerts import SettledGroup
from dashgen.project.impact.impact_use import (
    ImpactProject,
    ImpactUse,
    PathOwners,
    location_of,
    part_text,
    query_use,
    rule_asker,
    strings,
)
from dashgen.project.placed_queries import PlacedQuery
from dashgen.query.promql.label_uses import label_uses
from dashgen.query.shared_tokens import LOGQL_WORDS
from dashgen.source.provenance import Resolved
from dashgen.source.source import Path

_LEGEND_LABEL: Final = lazy_pattern(r"\{\{\s*([\w.]+)\s*\}\}")
_TEMPLATE_LABEL: Final = lazy_pattern(r"(?:\$labels|\.Labels|\.CommonLabels|\.GroupLabels)\.(\w+)")
_FIELD_KEYS: Final = frozenset({"transformations", "overrides"})
_LOGQL_WORDS: Final = frozenset(
    {"by", "without", "on", "ignoring", "and", "or", "unless", "bool", "offset", "unwrap"}
)
_COMPARING: Final = frozenset({"=", "!=", "=~", "!~", "==", ">", ">=", "<", "<="})


def label_impact(project: ImpactProject, label: str) -> Iterator[ImpactUse]:
    """What uses a label: queries, legends, texts of alerts, labels of rules, policies, the contract."""
    for query in project.queries:
        yield from _query_labels(query, label)
    yield from _fields(project, label)
    for group in project.inspection.groups:
        yield from _rule_labels(group, label)
    for document in project.inspection.documents.of("Metrics"):
        yield from _contract_labels(document.model, document.resolved, label)
    for document in project.inspection.documents.of("Notifications"):
        yield from _policy_labels(document.resolved, label)
    yield from _data_source_labels(project, label)


def _fields(project: ImpactProject, label: str) -> Iterator[ImpactUse]:
    """Transformations and overrides that name a label, which is a field of a table."""
    for dashboard in project.inspection.dashboards:
        parts = PathOwners(dashboard)
        for path, text, is_key in strings(dashboard.resolved.data):
            if text == label and _FIELD_KEYS & {*path}:
                owner, below = parts.owner(path)
                location = location_of(dashboard.resolved, path, is_key=is_key)
                yield ImpactUse(owner.kind, owner.name, owner.parent, part_text(below), location)


def _data_source_labels(project: ImpactProject, label: str) -> Iterator[ImpactUse]:
    for item, path, text, is_key in _labels_of_links(project):
        if text == label:
            location = location_of(item.document.resolved, (*item.path, *path), is_key=is_key)
            yield ImpactUse("datasource", item.name, "", part_text(path), location)


def _labels_of_links(project: ImpactProject) -> Iterator[tuple[PlacedDataSource, Path, str, bool]]:
    """The labels by which logs, metrics and traces lead to each other."""
    for item in placed_data_sources(project.inspection.documents.of("DataSources")):
        for path, text, is_key in strings(at(item.document.resolved.data, item.path)):
            is_label = path[-1] == "label" and not is_key
            if is_label or (len(path) > 1 and path[-2] == "tags"):
                yield item, path, text, is_key


def used_labels(project: ImpactProject) -> frozenset[str]:
    """The labels that queries name, those of rules, and those of the contract."""
    names = {label for query in project.queries for label, _ in _labels_of(query)}
    names |= {query.label for query in project.queries if query.label}
    for group in project.inspection.groups:
        for rule in group.rules:
            names |= rule.labels.keys()
    for document in project.inspection.documents.of("Metrics"):
        model = document.model
        names |= {label for metric in model.metrics.values() for label in metric.labels}
        names |= {*model.log_labels, *model.target_labels}
    names |= {text for _, _, text, _ in _labels_of_links(project)}
    for document in project.inspection.documents.of("Notifications"):
        names |= {str(path[-1]) for path in _matcher_paths(document.resolved.data)}
    return frozenset(names)


def _labels_of(query: PlacedQuery) -> list[tuple[str, int]]:
    """The labels that a query names, with their offsets."""
    if query.facts is None:
        return []
    if query.language == "prometheus":
        uses = label_uses(query.text)
        return [*((match.label, match.offset) for _, match in uses.matches), *uses.clauses]
    if query.language == "loki":
        return list(_logql_labels(query.text))
    return []


def _logql_labels(text: str) -> Iterator[tuple[str, int]]:
    """The words of a log query that are neither functions nor stages."""
    tokens = [token for token in LOGQL_WORDS.finditer(text) if not token["skip"]]
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        if not token["name"] or (after is not None and after[0] == "(") or token[0] in _LOGQL_WORDS:
            continue
        is_stage = before is not None and before[0] == "|"
        if not is_stage or (after is not None and after[0] in _COMPARING):
            yield token[0], token.start()


def _query_labels(query: PlacedQuery, label: str) -> Iterator[ImpactUse]:
    for name, offset in dict.fromkeys(_labels_of(query)):
        if name == label:
            yield query_use(query, query.location(offset))
    if query.label == label:
        location = query.place.character(query.keys, query.label_start, query.written)
        yield query_use(query, location, "label")
    origin = query.place
    legend = at(origin.value, ("legend",)) if isinstance(origin, SpecPlace) else ABSENT
    for match in _LEGEND_LABEL.finditer(legend) if isinstance(legend, str) else ():
        if match[1] == label:
            yield query_use(query, origin.character(("legend",), match.start(1), legend), "legend")


def _rule_labels(group: SettledGroup, label: str) -> Iterator[ImpactUse]:
    resolved = group.document.resolved
    if label in group.document.model.labels:
        location = location_of(resolved, ("labels", label), is_key=True)
        yield ImpactUse("rule-group", group.name, "", "label", location)
    for rule in group.rules:
        asker = rule_asker(rule, group)
        for part, location in _parts_of_rule(resolved, rule.placed.path, label):
            yield ImpactUse(asker.kind, asker.name, group.name, part, location)


def _parts_of_rule(resolved: Resolved, path: Path, label: str) -> Iterator[tuple[str, Location]]:
    """The labels of a rule, its grouping, and its texts: each part that uses a label, and where."""
    for below, text, is_key in strings(at(resolved.data, path)):
        whole = (*path, *below)
        is_label = is_key and text == label and below[:-1] == ("labels",)
        if is_label or (below == ("severity",) and label == "severity" and is_key):
            yield "label", location_of(resolved, whole, is_key=True)
        elif not is_key and text == label and below[0] == "group_by":
            yield "group_by", location_of(resolved, whole)
        elif not is_key and "{{" in text:
            origin = resolved.origin(whole)
            for match in _TEMPLATE_LABEL.finditer(text):
                if match[1] == label:
                    yield part_text(below), origin.character(match.start(1), text)


def _contract_labels(model: Metrics, resolved: Resolved, label: str) -> Iterator[ImpactUse]:
    for name, metric in model.metrics.items():
        if label in metric.labels:
            location = location_of(resolved, ("metrics", name, "labels", label), is_key=True)
            yield ImpactUse("metric", name, "", "label", location)
    if label in model.log_labels:
        location = location_of(resolved, ("log_labels", label), is_key=True)
        yield ImpactUse("metric", "log_labels", "", "label", location)
    if label in model.target_labels:
        path = ("target_labels", model.target_labels.index(label))
        yield ImpactUse("metric", "target_labels", "", "label", location_of(resolved, path))


def _matcher_paths(data: Any) -> Iterator[Path]:
    """The paths of the labels in the matchers of policies."""
    for path, _, is_key in strings(data):
        if is_key and len(path) > 1 and path[0] == "policies" and path[-2] == "match":
            yield path


def _policy_labels(resolved: Resolved, label: str) -> Iterator[ImpactUse]:
    for path in _matcher_paths(resolved.data):
        if path[-1] == label:
            point = _contact_point(resolved.data, path[:-2])
            yield ImpactUse("policy", point, "", "match", location_of(resolved, path, is_key=True))
    for path, text, is_key in strings(resolved.data):
        if text == label and not is_key and path[0] == "policies" and "group_by" in path:
            point = _contact_point(resolved.data, path[: path.index("group_by")])
            yield ImpactUse("policy", point, "", "group_by", location_of(resolved, path))


def _contact_point(data: Mapping[str, Any], path: Path) -> str:
    """The contact point of a policy, which may be that of one above it."""
    for length in range(len(path), 0, -1):
        point = at(data, (*path[:length], "contact_point"))
        if isinstance(point, str):
            return point
    return ""
