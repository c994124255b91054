"""Check the shape of dashboards: a quick answer first, precise findings only on failure."""

from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Any

import jsonschema_rs
import orjson

from dashgen.check.check_report import Path, Report, entries, text_of
from dashgen.check.dashboard_schema import (
    dashboard_schema,
    loose_schema,
    one_panel_schema,
    panel_schema,
)
from dashgen.check.schema_messages import SchemaFinding, findings
from dashgen.core.diagnostics import Severity
from dashgen.core.json_values import Json, mapping
from dashgen.formats.panel_options import PANEL_TABLE, PanelSchemas
from dashgen.formats.panel_tree import located_panels

MAX_PANELS_IN_DETAIL = 500


class DashboardShape:
    """The schemas of dashboards, each compiled when the first panel of its type comes.

    Compiling all of them takes a fifth of a second, and most dashboards have few types.

    Args:
        panel_schemas: the schemas of the panel types.
    """

    def __init__(self, panel_schemas: PanelSchemas) -> None:
        self._panel_schemas = panel_schemas
        self._panels: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def is_valid(self, panel: Json) -> bool:
        """Whether a panel is as dashgen writes it; the panels inside a row are not checked."""
        kind = text_of(panel.get("type"))
        if kind not in self._panel_schemas and kind != "row":
            kind = ""
        if kind not in self._panels:
            self._panels[kind] = jsonschema_rs.Draft202012Validator(
                one_panel_schema(kind, self._panel_schemas)
            )
        return self._panels[kind].is_valid({**panel, "panels": []} if panel.get("panels") else panel)

    @cached_property
    def _head(self) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(dashboard_schema({}))

    def check(self, report: Report, base: Path, data: Json) -> None:
        """Report everything in which a dashboard differs from what dashgen writes."""
        if _may_hold_null(data):
            _check_nulls(report, base, data)
        head = {**data, "panels": []} if "panels" in data else data
        if not self._head.is_valid(head):
            _explain(report, dashboard_schema(self._panel_schemas), base, head, "the dashboard")
        if not isinstance(data.get("panels", []), list):
            report.error(
                "dashboard/wrong-type", (*base, "panels"), "`panels` of the dashboard has to be a list"
            )
        explained = 0
        for path, panel in located_panels(data.get("panels")):
            if self.is_valid(panel):
                continue
            explained += 1
            if explained > MAX_PANELS_IN_DETAIL:
                message = f"more than {MAX_PANELS_IN_DETAIL} panels are wrong: the others are not listed"
                report.error("dashboard/many-problems", (*base, *path), message, "correct these first")
                return
            alone = {**panel, "panels": []} if panel.get("panels") else panel
            _explain(report, panel_schema(self._panel_schemas), (*base, *path), alone, panel_words(panel))


@lru_cache(maxsize=1)
def core_shape() -> DashboardShape:
    """The schemas with Grafana's own panel types."""
    return DashboardShape(PANEL_TABLE)


def check_loosely(report: Report, base: Path, data: Json) -> None:
    """Report only what no Grafana can read in a dashboard that somebody else wrote."""
    _explain(report, loose_schema(), base, data, "the dashboard")


def panel_words(panel: Json) -> str:
    """A panel in messages."""
    kind, title = text_of(panel.get("type")), text_of(panel.get("title"))
    kind = f"{kind} panel" if kind and kind != "row" else kind or "panel"
    return f"{kind} `{title}`" if title else f"{kind} {text_of(panel.get('id'))}".strip()


def _explain(report: Report, schema: Json, base: Path, data: Json, what: str) -> None:
    add_findings(report, base, schema_findings(schema, data, what), Severity.ERROR)


def schema_findings(schema: Json, data: Json, what: str) -> list[SchemaFinding]:
    """The differences between data and a schema; ``what`` is the data in messages."""
    # jsonschema-rs is fast and its errors are terse; jsonschema is slow to import and to run, and most files
    # never need it.
    from jsonschema import Draft202012Validator

    return list(findings(Draft202012Validator(schema).iter_errors(data), what))


def add_findings(
    report: Report, base: Path, new_findings: Iterable[SchemaFinding], severity: Severity
) -> None:
    """Report findings about the data at a path, each with the given severity."""
    add = report.error if severity is Severity.ERROR else report.warning
    for finding in new_findings:
        rule, path = f"dashboard/{finding.slug}", (*base, *finding.path)
        add(rule, path, finding.message, finding.hint, key=finding.at_key)


def _may_hold_null(data: Json) -> bool:
    """Whether a dashboard may have a null in a wrong place."""
    # Walking through every value takes ten times as long as writing them all and counting the word.
    try:
        nulls = orjson.dumps(data, option=orjson.OPT_NON_STR_KEYS).count(b"null")
    except TypeError:  # a number beyond 64 bits, or nesting without end
        return True
    return nulls != sum(_null_bases(panel) for _path, panel in located_panels(data.get("panels")))


def _null_bases(panel: Json) -> int:
    """How many steps of a panel's own thresholds have null as their value, as the base step does."""
    defaults = mapping(mapping(panel.get("fieldConfig")).get("defaults"))
    steps = mapping(defaults.get("thresholds")).get("steps")
    return sum("value" in step and step["value"] is None for _index, step in entries(steps))


def _check_nulls(report: Report, base: Path, data: Json) -> None:
    todo: list[tuple[Path, Any]] = [((), data)]
    while todo:
        path, value = todo.pop()
        items: Any = value.items() if isinstance(value, dict) else enumerate(value)
        for step, item in items:
            if item is None and not _may_be_null(path, step):
                message = f"`{step}` is null: Grafana does not repair a dashboard of this schema version"
                report.error("dashboard/null", (*base, *path, step), message, "remove it")
            elif isinstance(item, (dict, list)):
                todo.append(((*path, step), item))


def _may_be_null(path: Path, step: str | int) -> bool:
    if step == "value" and path[-2:-1] == ("steps",):
        return True
    # The open end of a range in a value mapping.
    return step in ("from", "to") and path[-1:] == ("options",) and "mappings" in path


def is_ours(data: Json) -> bool:
    """Whether a dashboard is marked as written by dashgen."""
    tags = mapping(data).get("tags")
    return isinstance(tags, list) and "dashgen" in tags
