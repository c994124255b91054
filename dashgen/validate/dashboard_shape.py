"""Check the shape of dashboards: a quick answer first, precise findings only on failure."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jsonschema_rs

from dashgen.validate.dashboard_schema import dashboard_schema, loose_schema, panel_schema
from dashgen.validate.panel_schemas import PANEL_SCHEMAS, PanelSchemas
from dashgen.validate.report import Path, Report, entries, mapping, text_of
from dashgen.validate.schema_words import findings

MAX_PANELS_IN_DETAIL = 500


@dataclass(frozen=True, slots=True)
class DashboardShape:
    """The compiled schemas of dashboards with a set of panel types."""

    whole: jsonschema_rs.Draft202012Validator
    panel: jsonschema_rs.Draft202012Validator
    schema: dict[str, Any]
    schema_of_panel: dict[str, Any]

    @classmethod
    def of(cls, panel_schemas: PanelSchemas) -> "DashboardShape":
        """Compile the schemas for these panel types."""
        whole, panel = dashboard_schema(panel_schemas), panel_schema(panel_schemas)
        compiled = jsonschema_rs.Draft202012Validator
        return cls(compiled(whole), compiled(panel), whole, panel)

    def check(self, report: Report, base: Path, data: dict[str, Any]) -> None:
        """Report everything in which a dashboard differs from what dashgen writes."""
        _check_nulls(report, base, data)
        if self.whole.is_valid(data):
            return
        _explain(
            report, self.schema, base, {**data, "panels": []} if "panels" in data else data, "the dashboard"
        )
        if not isinstance(data.get("panels", []), list):
            report.error(
                "dashboard/wrong-type", (*base, "panels"), "`panels` of the dashboard has to be a list"
            )
        explained = 0
        for path, panel in every_panel(data):
            alone = {**panel, "panels": []} if panel.get("panels") else panel
            if self.panel.is_valid(alone):
                continue
            explained += 1
            if explained > MAX_PANELS_IN_DETAIL:
                message = f"more than {MAX_PANELS_IN_DETAIL} panels are wrong: the others are not listed"
                report.error("dashboard/many-problems", (*base, *path), message, "correct these first")
                return
            _explain(report, self.schema_of_panel, (*base, *path), alone, panel_words(panel))


@lru_cache(maxsize=1)
def core_shape() -> DashboardShape:
    """The schemas with Grafana's own panel types, compiled once."""
    return DashboardShape.of(PANEL_SCHEMAS)


def check_loosely(report: Report, base: Path, data: dict[str, Any]) -> None:
    """Report only what no Grafana can read in a dashboard that somebody else wrote."""
    _explain(report, loose_schema(), base, data, "the dashboard")


def every_panel(data: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """All panels with their paths, rows and the children of collapsed rows included."""
    for index, panel in entries(data.get("panels")):
        yield ("panels", index), panel
        for number, child in entries(panel.get("panels")):
            yield ("panels", index, "panels", number), child


def panel_words(panel: dict[str, Any]) -> str:
    """How messages call a panel."""
    kind, title = text_of(panel.get("type")), text_of(panel.get("title"))
    kind = f"{kind} panel" if kind and kind != "row" else kind or "panel"
    return f"{kind} `{title}`" if title else f"{kind} {text_of(panel.get('id'))}".strip()


def _explain(report: Report, schema: dict[str, Any], base: Path, data: dict[str, Any], what: str) -> None:
    # jsonschema is slow to import and to run; most files never need it.
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    for found in findings(Draft202012Validator(schema).iter_errors(data), what):
        report.error(
            f"dashboard/{found.slug}", (*base, *found.path), found.message, found.hint, key=found.at_key
        )


def _check_nulls(report: Report, base: Path, data: dict[str, Any]) -> None:
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


def is_ours(data: dict[str, Any]) -> bool:
    """Whether a dashboard claims to be one that dashgen wrote."""
    tags = mapping(data).get("tags")
    return isinstance(tags, list) and "dashgen" in tags
