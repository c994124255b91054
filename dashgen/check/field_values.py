"""Units and colours in dashboards that Grafana does not have."""

from collections.abc import Iterator
from typing import Any

from dashgen.check.check_report import Path, Report, entries
from dashgen.core.diagnostics import Severity
from dashgen.core.json_values import mapping
from dashgen.formats.panel_tree import located_panels
from dashgen.model.colors import color_problem
from dashgen.model.units_catalogue import unit_hint, unit_problem


def check_field_values(report: Report, base: Path, data: dict[str, Any], severity: Severity) -> None:
    """Check the units and colours of panels and annotations.

    Args:
        report: where findings go.
        base: the path of the dashboard in its file.
        data: the dashboard in the classic model.
        severity: the severity of an unknown colour; an unknown unit is never more than a warning.
    """
    for path, unit in _units(data):
        problem = unit_problem(unit)
        # Grafana shows an unknown unit as a text behind the number, which other authors may mean; a misspelt one they do not.
        if problem is not None and (severity is Severity.ERROR or unit_hint(unit).startswith("did you")):
            report.warning("panel/unit", (*base, *path), *problem)
    add = report.error if severity is Severity.ERROR else report.warning
    for path, color in _colors(data):
        problem = color_problem(color)
        if problem is not None:
            add("panel/color", (*base, *path), *problem)


def _options(data: dict[str, Any]) -> Iterator[tuple[Path, str, Any]]:
    """Every field option with its path and name, those of overrides included."""
    for path, panel in located_panels(data.get("panels")):
        config = mapping(panel.get("fieldConfig"))
        for name, value in mapping(config.get("defaults")).items():
            yield (*path, "fieldConfig", "defaults", name), name, value
        for number, override in entries(config.get("overrides")):
            for index, item in entries(override.get("properties")):
                path_of_value = (*path, "fieldConfig", "overrides", number, "properties", index, "value")
                yield path_of_value, str(item.get("id")), item.get("value")


def _units(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    for path, name, value in _options(data):
        if name == "unit" and isinstance(value, str):
            yield path, value


def _colors(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    for index, annotation in entries(mapping(data.get("annotations")).get("list")):
        yield from _text(("annotations", "list", index, "iconColor"), annotation.get("iconColor"))
    for path, name, value in _options(data):
        if name == "color" and mapping(value).get("mode") in ("fixed", "shades"):
            yield from _text((*path, "fixedColor"), mapping(value).get("fixedColor"))
        elif name == "thresholds":
            for index, step in entries(mapping(value).get("steps")):
                yield from _text((*path, "steps", index, "color"), step.get("color"))
        elif name == "mappings":
            yield from _mapping_colors(path, value)


def _mapping_colors(path: Path, mappings: Any) -> Iterator[tuple[Path, str]]:
    for index, item in entries(mappings):
        options = mapping(item.get("options"))
        results = {("result",): options.get("result")}
        if item.get("type") == "value":
            results = {(key,): result for key, result in options.items()}
        for steps, result in results.items():
            yield from _text((*path, index, "options", *steps, "color"), mapping(result).get("color"))


def _text(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str) and value:
        yield path, value
