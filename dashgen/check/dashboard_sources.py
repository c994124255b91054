"""The data sources that a dashboard refers to, and its queries."""

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from dashgen.check.check_expressions import EXPRESSION_UIDS, Neighbours, check_expression
from dashgen.check.check_queries import check_query, check_variable_query
from dashgen.check.check_report import Path, Report, entries, text_of
from dashgen.check.dashboard_shape import panel_words
from dashgen.check.inventory import Inventory
from dashgen.core.diagnostics import Severity, nearest
from dashgen.core.json_values import Json, mapping
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.panel_tree import located_panels

BUILT_IN = frozenset(
    {"-- Grafana --", "-- Mixed --", "-- Dashboard --", "grafana", "default", *EXPRESSION_UIDS}
)
_VARIABLE = lazy_pattern(r"\$\{(\w+)(?:[.:][^}]*)?\}|\$(\w+)|\[\[(\w+)(?::\w+)?\]\]")


def check_sources(report: Report, base: Path, data: Json, inventory: Inventory, *, strict: bool) -> None:
    """Check every reference to a data source, and every query."""
    _check_references(report, base, data, inventory)
    variables = _variables(data)
    for path, panel in located_panels(data.get("panels")):
        _check_targets(report, (*base, *path), panel, inventory, variables, strict=strict)
    if strict:
        _check_other_queries(report, base, data, inventory, variables)


def _check_other_queries(
    report: Report, base: Path, data: Json, inventory: Inventory, variables: frozenset[str]
) -> None:
    """The queries of annotations and variables."""
    for index, item in entries(mapping(data.get("annotations")).get("list")):
        where: Path = (*base, "annotations", "list", index)
        for path, model in ((where, item), ((*where, "target"), mapping(item.get("target")))):
            if text_of(model.get("expr")).strip():
                check_query(report, path, model, _source_type(item, inventory), "annotation", variables)
    for index, item in entries(mapping(data.get("templating")).get("list")):
        if item.get("type") != "query":
            continue
        where = (*base, "templating", "list", index, "query")
        query = item.get("query")
        path = (*where, "query") if isinstance(query, dict) else where
        text = text_of(mapping(query).get("query")) if isinstance(query, dict) else text_of(query)
        if text.strip():
            check_variable_query(report, path, text, _source_type(item, inventory))


def _source_type(item: Json, inventory: Inventory) -> str:
    source = mapping(item.get("datasource"))
    return text_of(source.get("type")) or inventory.data_source_types.get(text_of(source.get("uid")), "")


def _variables(data: Json) -> frozenset[str]:
    """The names of a dashboard's variables."""
    return frozenset(text_of(v.get("name")) for _, v in entries(mapping(data.get("templating")).get("list")))


def _references(data: Json) -> Iterator[tuple[Path, Any]]:
    for path, panel in located_panels(data.get("panels")):
        yield (*path, "datasource"), panel.get("datasource")
        for index, target in entries(panel.get("targets")):
            yield (*path, "targets", index, "datasource"), target.get("datasource")
    for section in ("templating", "annotations"):
        for index, item in entries(mapping(data.get(section)).get("list")):
            yield (section, "list", index, "datasource"), item.get("datasource")


def _check_references(report: Report, base: Path, data: Json, inventory: Inventory) -> None:
    variables = _variables(data)
    inputs = {text_of(item.get("name")) for _i, item in entries(data.get("__inputs"))}
    reported: set[str] = set()
    for path, reference in _references(data):
        uid = text_of(reference.get("uid")) if isinstance(reference, dict) else text_of(reference)
        where: Path = (*base, *path, "uid") if isinstance(reference, dict) else (*base, *path)
        named = isinstance(reference, str) and uid in inventory.data_source_names
        if not uid or uid in BUILT_IN or named:
            continue
        variable = _VARIABLE.fullmatch(uid)
        if variable:
            name = next(group for group in variable.groups() if group)
            if name not in variables and name not in reported:
                reported.add(name)
                _unresolved(report, where, name, None if name in inputs else variables)
        elif inventory.knows_data_sources and "$" not in uid:
            message = f"there is no data source with the uid `{uid}`: what uses it shows an error"
            inventory.check_data_source(report, where, uid, message)
    for index, item in entries(data.get("__inputs")):
        name = text_of(item.get("name"))
        if not name or name in reported or name in variables:
            continue
        if item.get("type") == "datasource":
            _unresolved(report, (*base, "__inputs", index), name, None)
        elif (input_path := _first_path(data, f"${{{name}}}")) is not None:
            message = f"the input `{name}` is not filled in: only the import dialog does that"
            value = text_of(item.get("value"))
            hint = f"write `{value}` instead of `${{{name}}}`" if value else "write the value itself"
            report.error("dashboard/unresolved-input", (*base, *input_path), message, hint)


def _first_path(data: Json, text: str) -> Path | None:
    """The path of the first value that contains a text; None when there is none."""
    todo: list[tuple[Path, Any]] = [((), {key: value for key, value in data.items() if key != "__inputs"})]
    while todo:
        path, value = todo.pop()
        if isinstance(value, str):
            if text in value:
                return path
        elif isinstance(value, (dict, list)):
            items: Any = value.items() if isinstance(value, dict) else enumerate(value)
            todo += [((*path, step), child) for step, child in reversed(list(items))]
    return None


def _unresolved(report: Report, where: Path, name: str, variables: frozenset[str] | None) -> None:
    if variables is None or name.startswith("DS_"):
        message = f"the input `{name}` is not filled in: only the import dialog does that"
        report.error("dashboard/unresolved-input", where, message, "write the uid of a data source")
    else:
        message = f"the data source is the variable `{name}`, which the dashboard does not define"
        report.error("datasource/unknown", where, message, nearest(name, variables) or "define the variable")


def _check_targets(
    report: Report,
    path: Path,
    panel: Json,
    inventory: Inventory,
    variables: frozenset[str],
    *,
    strict: bool,
) -> None:
    targets = list(entries(panel.get("targets")))
    names = [text_of(target.get("refId")) for _index, target in targets]
    references = frozenset(names) - {""}
    for position, (index, target) in enumerate(targets):
        where: Path = (*path, "targets", index)
        name = names[position]
        if name and name in names[:position]:
            message = f"the refId `{name}` is used twice in {panel_words(panel)}"
            report.error("panel/ref-id", (*where, "refId"), message, "rename one of them")
        source = target.get("datasource") or panel.get("datasource")
        uid = text_of(mapping(source).get("uid"))
        kind = text_of(mapping(source).get("type")) or inventory.data_source_types.get(uid, "")
        if uid in EXPRESSION_UIDS or kind == "__expr__":
            check_expression(report, where, target, Neighbours(name, references, variables), "panel")
        elif not target.get("hide") or strict:
            _check_target(report, where, target, kind, variables, strict=strict)


def _check_target(
    report: Report, path: Path, target: Json, kind: str, variables: frozenset[str], *, strict: bool
) -> None:
    if strict:
        check_query(report, path, target, kind, "panel", variables)
    elif text_of(target.get("expr")).strip():
        # Grafana may repair what is old: that is a reason for a warning, not for an error.
        scratch = Report(report.document, report.path, targets=report.targets)
        check_query(scratch, path, target, kind, "panel", variables)
        report.problems += [replace(problem, severity=Severity.WARNING) for problem in scratch.problems]
