"""Dashboards of schema v2: their shape, what their layout refers to, and conditions.

What they show (queries, options, fields, variables, data sources, places) is checked in the classic form that
is read from them, as that of classic dashboards is, and reported where their file has it.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import count
from typing import Any, Final

import jsonschema_rs

from dashgen.check.check_report import Path, Report, text_of
from dashgen.check.dashboard_shape import schema_findings
from dashgen.check.schema_messages import SchemaFinding
from dashgen.check.v2_places import V2Places, V2Report, layout_sections
from dashgen.check.v2_schema import v2_schema
from dashgen.core.diagnostics import nearest
from dashgen.core.json_values import Json, items, mapping, mappings, text, whole
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.panel_tree import every_panel
from dashgen.formats.v2 import extended_dashboard, without_dynamic
from dashgen.formats.v2.dynamic_sections import MOST_LEVELS

STRICT: Final = ("v2beta1", "v2")
"""The versions whose keys are all known; `v2alpha1` names its kinds otherwise, and no Grafana writes it any
more."""
_NEEDED: Final = frozenset(("kind", "element", "name", "layout", "columnWidth", "rowHeight"))
"""Keys without which a part of a dashboard is not shown, or not as it says."""
_RANGE = lazy_pattern(r"\d+(?:\.\d+)?(?:ms|[smhdwMy])")


def check_v2(report: Report, spec: Json, version: str, *, ours: bool) -> None:
    """Check the ``spec`` of a dashboard of schema v2.

    Args:
        report: its file, and where findings go.
        spec: the ``spec``.
        version: the version of the API.
        ours: whether it is checked as strictly as dashgen's own: what Grafana ignores counts as well.
    """
    if _is_too_deep(report, spec):
        return
    if version in STRICT and not _compiled(version).is_valid(spec):
        for finding in schema_findings(v2_schema(version), spec, "the dashboard"):
            _add(report, finding, ours=ours)
    _check_elements(report, spec)
    _check_conditions(report, spec, ours=ours)


def classic_form(report: Report, spec: Json, uid: str) -> tuple[Report, Json]:
    """The classic form of a dashboard, and a report that knows where its values stand in the file."""
    extended = extended_dashboard(spec, uid).dashboard
    fallback = without_dynamic(extended).dashboard
    panels = mappings(fallback.get("panels"))
    # Rows have no ids in schema v2, and Grafana's conversion numbers them after the panels.
    numbers = count(max((whole(panel.get("id")) for panel in every_panel(panels)), default=0) + 1)
    numbered = [{**panel, "id": next(numbers)} if panel.get("type") == "row" else panel for panel in panels]
    fallback = {**fallback, "panels": numbered}
    places = V2Places(spec, extended, fallback)
    located = V2Report(report.document, report.path, report.problems, report.targets, places)
    return located, fallback


def _is_too_deep(report: Report, spec: Json) -> bool:
    """Whether sections nest deeper than anybody can use them; reported at the first that does."""
    headers = (path for path, _ in layout_sections(mapping(spec.get("layout"))).headers)
    deep = next((path for path in headers if path.count("layout") > MOST_LEVELS), None)
    if deep is None:
        return False
    message = f"rows and tabs nest more than {MOST_LEVELS} levels deep: nothing below is shown"
    report.error("resource/layout", ("spec", *deep), message, "flatten the layout")
    return True


@lru_cache(maxsize=2)
def _compiled(version: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(v2_schema(version))


def _add(report: Report, finding: SchemaFinding, *, ours: bool) -> None:
    is_layout = finding.slug == "unknown-value" and finding.path[-2:] == ("layout", "kind")
    rule = "resource/layout" if is_layout else f"dashboard/{finding.slug}"
    # Grafana drops keys that it does not know, and fills in most of those that are missing: 12.4.3 was seen
    # to show a dashboard without time settings, with a panel without queries and visualization.
    is_dropped = finding.slug in ("unknown-key", "missing-key") and not ours
    if is_dropped and finding.slug == "missing-key" and finding.key not in _NEEDED:
        return
    add = report.warning if is_dropped else report.error
    add(rule, ("spec", *finding.path), finding.message, finding.hint, key=finding.at_key)


def _check_elements(report: Report, spec: Json) -> None:
    """Check that a layout shows what exists, and that everything is shown."""
    elements = mapping(spec.get("elements"))
    shown: set[str] = set()
    for path, name in _references(mapping(spec.get("layout")), ("spec", "layout")):
        shown.add(name)
        if name not in elements:
            report.error("resource/element", path, f"there is no element `{name}`", nearest(name, elements))
    for name in elements:
        if name not in shown:
            message = f"the element `{name}` is in no layout: it is not shown"
            report.warning(
                "resource/element", ("spec", "elements", name), message, "add it to the layout", key=True
            )


def _references(value: object, path: Path) -> list[tuple[Path, str]]:
    references: list[tuple[Path, str]] = []
    todo: list[tuple[Any, Path]] = [(value, path)]
    while todo:
        item, where = todo.pop()
        if isinstance(item, dict):
            if item.get("kind") == "ElementReference":
                references.append(((*where, "name"), text_of(item.get("name"))))
            todo += [(child, (*where, key)) for key, child in item.items()]
        elif isinstance(item, list):
            todo += [(child, (*where, index)) for index, child in enumerate(item)]
    return references


def _check_conditions(report: Report, spec: Json, *, ours: bool) -> None:
    """Check what conditions of sections and panels compare, and the variables of sections."""
    sections = layout_sections(mapping(spec.get("layout")))
    around: dict[Path, frozenset[str]] = {(): frozenset(_names(spec))}
    for path, own in sections.headers:
        _check_names(report, ("spec", *path, "spec"), own)
        around[path] = frozenset((*around[_section_around(path, around)], *_names(own)))
    places = [*(path for path, _ in sections.headers), *sections.items.values()]
    for path in places:
        group = mapping(mapping(_at(spec, path)).get("spec")).get("conditionalRendering")
        variables = around[path if path in around else _section_around(path, around)]
        for index, item in enumerate(items(mapping(mapping(group).get("spec")).get("items"))):
            where: Path = ("spec", *path, "spec", "conditionalRendering", "spec", "items", index, "spec")
            _check_condition(report, where, mapping(item), variables, ours=ours)


def _section_around(path: Path, variables: dict[Path, frozenset[str]]) -> Path:
    """The path of the section that a section or item is in; empty outside of all."""
    inner = (path[:length] for length in range(len(path) - 1, 0, -1))
    return next((part for part in inner if part in variables), ())


def _at(spec: Json, path: Path) -> Any:
    value: Any = spec
    for step in path:
        value = value[step]
    return value


def _check_condition(
    report: Report, where: Path, item: Json, variables: frozenset[str], *, ours: bool
) -> None:
    spec, kind = mapping(item.get("spec")), item.get("kind")
    name, value = text(spec.get("variable")), text(spec.get("value"))
    if kind == "ConditionalRenderingVariable" and name and name not in variables:
        # A variable that all dashboards share is defined elsewhere.
        add = report.error if ours else report.warning
        message = f"a condition compares `{name}`, and there is no such variable here"
        hint = nearest(name, variables) or "name a variable of the dashboard or of a section around it"
        add("resource/condition", (*where, "variable"), message, hint)
    if kind == "ConditionalRenderingTimeRangeSize" and "value" in spec and not _RANGE.fullmatch(value):
        message = f"`{value}` is not a length of time"
        report.error(
            "resource/condition", (*where, "value"), message, "write a number and a unit, such as `7d`"
        )


def _names(owner: Json) -> Iterator[str]:
    for item in mappings(owner.get("variables")):
        yield text(mapping(item.get("spec")).get("name"))


def _check_names(report: Report, base: Path, section: Json) -> None:
    """Check that a section defines no variable twice; those of the dashboard are checked with the others."""
    taken: set[str] = set()
    for index, item in enumerate(items(section.get("variables"))):
        name = text(mapping(mapping(item).get("spec")).get("name"))
        if name and name in taken:
            message = f"the variable `{name}` is defined twice in this section"
            where = (*base, "variables", index, "spec", "name")
            report.error("dashboard/duplicate-variable", where, message, "rename one")
        taken.add(name)
