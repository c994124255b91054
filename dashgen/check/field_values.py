"""Units and colours in dashboards that Grafana does not have, and patterns and links that it cannot read."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from dashgen.check.check_report import Path, Report, entries, text_of
from dashgen.core.diagnostics import Severity
from dashgen.core.json_values import Json, mapping
from dashgen.formats.panel_tree import located_panels
from dashgen.model.colors import color_problem
from dashgen.model.patterns import pattern_problem
from dashgen.model.units_catalogue import unit_hint, unit_problem
from dashgen.query.query_context import references
from dashgen.query.template_variables import link_faults

FieldOption: TypeAlias = tuple[Path, str, Any]
"""A field option: its path in the dashboard, its name, and its value."""


def check_field_values(report: Report, base: Path, data: Json, severity: Severity) -> None:
    """Check the units and colours of panels and annotations.

    Args:
        report: where findings go.
        base: the path of the dashboard in its file.
        data: the dashboard in the classic model.
        severity: the severity of an unknown colour; an unknown unit is never more than a warning.
    """
    # Every check looks at them, and walking through a dashboard takes longer than the checks.
    options = list(_options(data))
    for path, unit in _units(options):
        problem = unit_problem(unit)
        # Grafana shows an unknown unit as a text behind the number, which other authors may mean; a misspelt
        # one they do not.
        if problem is not None and (severity is Severity.ERROR or unit_hint(unit).startswith("did you")):
            report.warning("panel/unit", (*base, *path), *problem)
    add = report.error if severity is Severity.ERROR else report.warning
    for path, color in _colors(data, options):
        problem = color_problem(color)
        if problem is not None:
            add("panel/color", (*base, *path), *problem)
    for path in _unsorted_steps(options):
        message = "the steps of the thresholds are not in ascending order: some of them are never reached"
        report.warning(
            "panel/thresholds", (*base, *path), message, "sort them by `value`, the one without first"
        )
    for rule, path, pattern in _patterns(data, options):
        if not references(pattern) and (reason := pattern_problem(pattern)):
            add(rule, (*base, *path), f"`{pattern}` is not a regular expression: {reason}", "correct it")
    for path, address in _addresses(data, options):
        # Other dashboards may pass along variables that this one lacks; Grafana's own are known.
        others = {use.name for use in references(address) if not use.name.startswith("__")}
        for fault in link_faults(address, others):
            report.warning("link/variable", (*base, *path), fault.message, fault.hint)


def _unsorted_steps(options: Iterable[FieldOption]) -> Iterator[Path]:
    """Thresholds whose steps do not rise: Grafana stops at the first unreached step (thresholds.ts)."""
    for path, name, value in options:
        if name == "thresholds":
            values = [step.get("value") for _, step in entries(mapping(value).get("steps"))]
            numbers = [number for number in values if isinstance(number, int | float)]
            if numbers != sorted(numbers) or None in values[1:]:
                yield (*path, "steps")


def _options(data: Json) -> Iterator[FieldOption]:
    """Every field option with its path and name, those of overrides included."""
    for path, panel in located_panels(data.get("panels")):
        config = mapping(panel.get("fieldConfig"))
        for name, value in mapping(config.get("defaults")).items():
            yield (*path, "fieldConfig", "defaults", name), name, value
        for number, override in entries(config.get("overrides")):
            for index, item in entries(override.get("properties")):
                path_of_value = (*path, "fieldConfig", "overrides", number, "properties", index, "value")
                yield path_of_value, str(item.get("id")), item.get("value")


def _units(options: Iterable[FieldOption]) -> Iterator[tuple[Path, str]]:
    for path, name, value in options:
        if name == "unit" and isinstance(value, str):
            yield path, value


def _colors(data: Json, options: Iterable[FieldOption]) -> Iterator[tuple[Path, str]]:
    for index, annotation in entries(mapping(data.get("annotations")).get("list")):
        yield from _text(("annotations", "list", index, "iconColor"), annotation.get("iconColor"))
    for path, name, value in options:
        if name == "color" and mapping(value).get("mode") in ("fixed", "shades"):
            yield from _text((*path, "fixedColor"), mapping(value).get("fixedColor"))
        elif name == "thresholds":
            for index, step in entries(mapping(value).get("steps")):
                yield from _text((*path, "steps", index, "color"), step.get("color"))
        elif name == "mappings":
            yield from _mapping_colors(path, value)


def _mapping_colors(path: Path, mappings: object) -> Iterator[tuple[Path, str]]:
    for index, item in entries(mappings):
        options = mapping(item.get("options"))
        results = {("result",): options.get("result")}
        if item.get("type") == "value":
            results = {(key,): result for key, result in options.items()}
        for steps, result in results.items():
            yield from _text((*path, index, "options", *steps, "color"), mapping(result).get("color"))


def _text(path: Path, value: object) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str) and value:
        yield path, value


def _patterns(data: Json, options: Iterable[FieldOption]) -> Iterator[tuple[str, Path, str]]:
    """Every regular expression, with the rule that it breaks when it is none."""
    for index, variable in entries(mapping(data.get("templating")).get("list")):
        for path, pattern in _text(("templating", "list", index, "regex"), variable.get("regex")):
            yield "variable/regex", path, pattern
    for path, panel in located_panels(data.get("panels")):
        for index, override in entries(mapping(panel.get("fieldConfig")).get("overrides")):
            matcher = mapping(override.get("matcher"))
            where: Path = (*path, "fieldConfig", "overrides", index, "matcher", "options")
            if matcher.get("id") == "byRegexp":
                yield "panel/override", where, text_of(matcher.get("options"))
    for path, name, value in options:
        for index, item in entries(value if name == "mappings" else None):
            if item.get("type") == "regex":
                where = (*path, index, "options", "pattern")
                yield "panel/mapping", where, text_of(mapping(item.get("options")).get("pattern"))


def _addresses(data: Json, options: Iterable[FieldOption]) -> Iterator[tuple[Path, str]]:
    """The address of every link: of the dashboard, of panels, and on values."""
    yield from _urls(("links",), data.get("links"))
    for path, panel in located_panels(data.get("panels")):
        yield from _urls((*path, "links"), panel.get("links"))
    for path, name, value in options:
        if name == "links":
            yield from _urls(path, value)


def _urls(path: Path, links: object) -> Iterator[tuple[Path, str]]:
    for index, link in entries(links):
        yield from _text((*path, index, "url"), link.get("url"))
