"""The queries and expressions of a Grafana-managed rule."""

from dashgen.check.check_expressions import EXPRESSION_UIDS, Neighbours, check_expression
from dashgen.check.check_queries import check_query, check_rule_query
from dashgen.check.check_report import Path, Report, entries, text_of
from dashgen.check.field_table import Fields, ValueKind, check_entries, check_fields
from dashgen.check.inventory import Inventory
from dashgen.check.provisioning.provisioned_values import NO_START
from dashgen.core.diagnostics import nearest
from dashgen.core.json_values import Json, mapping
from dashgen.formats.json_shapes import each

_QUERY: Fields = {
    **each(ValueKind.TEXT, "refId queryType datasourceUid"),
    "relativeTimeRange": ValueKind.MAPPING,
    "model": ValueKind.MAPPING,
}
_RANGE: Fields = {"from": ValueKind.NUMBER, "to": ValueKind.NUMBER}


def check_queries(report: Report, path: Path, rule: Json, inventory: Inventory) -> frozenset[str]:
    """Check the `data` of a rule; the refIds that it defines."""
    title = text_of(rule.get("title"))
    if not rule.get("data"):
        message = f"{NO_START}: rule '{title}' failed to parse: no data set"
        report.error("alert/no-data", path, message, "add a query below `data:`")
        return frozenset()
    references = frozenset(text_of(query.get("refId")) for _index, query in entries(rule["data"])) - {""}
    seen: set[str] = set()
    for where, query in check_entries(report, (*path, "data"), _QUERY, "a query of a rule", "alert"):
        _check_query(report, where, query, inventory, references)
        name = text_of(query.get("refId"))
        if name in seen:
            message = f"the refId `{name}` is used twice in one rule"
            report.error("alert/ref-id", (*where, "refId"), message, "rename one")
        seen.add(name)
    return references


def _check_query(
    report: Report, path: Path, query: Json, inventory: Inventory, references: frozenset[str]
) -> None:
    name, uid = text_of(query.get("refId")), text_of(query.get("datasourceUid"))
    model = mapping(query.get("model"))
    if not name:
        report.error("alert/ref-id", path, "the query has no refId", "add `refId: A`")
    if not model:
        report.error(
            "alert/model", path, f"query `{name}` has no model: there is nothing to run", "add `model:`"
        )
        return
    inner = text_of(model.get("refId"))
    if inner and inner != name:
        message = f"the model has the refId `{inner}`, and the query around it `{name}`"
        report.error("alert/ref-id", (*path, "model", "refId"), message, f"write `{name}` in both places")
    if uid in EXPRESSION_UIDS:
        check_expression(report, (*path, "model"), model, Neighbours(name, references), "alert")
        return
    _check_source(report, path, uid, inventory)
    _check_range(report, path, query, name)
    kind = inventory.data_source_types.get(uid) or text_of(mapping(model.get("datasource")).get("type"))
    where = (*path, "model")
    if kind in ("prometheus", "loki") and (expression := text_of(model.get("expr"))).strip():
        check_rule_query(report, (*where, "expr"), expression, kind)
    else:
        check_query(report, where, model, kind, "alert")


def _check_source(report: Report, path: Path, uid: str, inventory: Inventory) -> None:
    if not uid:
        report.error("datasource/unknown", path, "the query names no data source", "add `datasourceUid:`")
    elif uid.startswith("$"):
        message = f"`{uid}` names a dashboard variable or nothing: rules have no variables"
        report.error(
            "datasource/unknown", (*path, "datasourceUid"), message, "write the uid of a data source"
        )
    elif (
        inventory.knows_data_sources
        and uid not in inventory.data_source_types
        and not inventory.is_elsewhere(report, uid)
    ):
        message = f"there is no data source with the uid `{uid}`: each evaluation fails"
        report.error(
            "datasource/unknown", (*path, "datasourceUid"), message, nearest(uid, inventory.data_source_types)
        )


def _check_range(report: Report, path: Path, query: Json, name: str) -> None:
    where: Path = (*path, "relativeTimeRange")
    if "relativeTimeRange" not in query:
        message = (
            f"query `{name}` has no time range: Grafana refuses a rule with an invalid relative time range"
        )
        report.error("alert/time-range", path, message, "add `relativeTimeRange: {from: 600, to: 0}`")
        return
    span = check_fields(report, where, _RANGE, "a time range", "alert")
    if len(span) < len(query["relativeTimeRange"]):
        return
    start, end = span.get("from", 0), span.get("to", 0)
    if isinstance(start, int) and isinstance(end, int) and start <= end:
        message = f"the time range of query `{name}` is empty: from {start} to {end} seconds ago"
        report.error("alert/time-range", where, message, "make `from` larger than `to`: `{from: 600, to: 0}`")
