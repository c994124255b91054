"""Values of panels that only mean something beside the dashboard's variables, or in the form in which they are written."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from dashgen.compile.settle.settle_queries import query_refs
from dashgen.core.diagnostics import Diagnostic, Severity, nearest
from dashgen.model.dashboard_spec import DashboardLink
from dashgen.model.panel_spec import FieldOptions, Link, Panel
from dashgen.model.parse import ParsedDashboard
from dashgen.model.variable_spec import ChoiceVariable
from dashgen.query.template_variables import link_faults, references_of
from dashgen.source.provenance import Resolved
from dashgen.source.source import Path

_SPECIAL = frozenset({"null", "nan", "empty", "true", "false", "null+nan"})
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_LINK_VALUE = re.compile(r"[?&]var-(?P<name>[^=&]+)=(?P<value>[^&]*)")
_WHOLE = re.compile(r"\$(\w+)|\$\{(\w+)(?:[.:][^}]*)?\}|\[\[(\w+)(?::\w+)?\]\]")
_SPECIAL_HINT = "write `{}` for the special value, or quote it if the text is meant"


def check_panel_values(parsed: ParsedDashboard) -> list[Diagnostic]:
    """What is wrong with the panels beside the dashboard's variables."""
    names = frozenset(variable.name for variable in parsed.variables)
    several = frozenset(
        v.name for v in parsed.variables if isinstance(v, ChoiceVariable) and (v.multi or v.include_all)
    )
    problems: list[Diagnostic] = []
    for path, panel in parsed.panels.items():
        problems += _overrides(panel, path, names, parsed.resolved)
        problems += _override_refs(panel, path, parsed.resolved)
        problems += _mappings(panel, path, parsed.resolved)
    return [*problems, *_links(parsed, several), *_link_variables(parsed, names)]


def _overrides(panel: Panel, path: Path, names: frozenset[str], resolved: Resolved) -> Iterator[Diagnostic]:
    for number, override in enumerate(panel.overrides):
        for key in ("name", "regex"):
            text = getattr(override, key) or ""
            used = next((name for name in references_of(text) if name in names), None)
            if used is not None:
                message = f"Grafana does not replace `${used}` in what an override matches"
                key_path = (*path, "overrides", number, key)
                hint = "match the names that the series have, by a pattern for all values"
                yield resolved.diagnostic(
                    "panel/override", message, key_path, hint, severity=Severity.WARNING
                )


def _override_refs(panel: Panel, path: Path, resolved: Resolved) -> Iterator[Diagnostic]:
    if "targets" in panel.raw or not panel.takes_queries:
        return
    refs = query_refs([query for _, query in panel.query_list()])
    for number, override in enumerate(panel.overrides):
        if override.query is not None and override.query not in refs and "$" not in override.query:
            message = f"the panel has no query `{override.query}`, so the override changes nothing"
            query_path = (*path, "overrides", number, "query")
            hint = nearest(override.query, refs) or "remove the override"
            yield resolved.diagnostic("panel/override", message, query_path, hint, severity=Severity.WARNING)


def _field_options(panel: Panel, path: Path) -> Iterator[tuple[Path, FieldOptions]]:
    yield path, panel
    for number, override in enumerate(panel.overrides):
        yield (*path, "overrides", number), override
    columns = getattr(panel, "columns", None)
    for name, column in columns.items() if isinstance(columns, dict) else ():
        if isinstance(column, FieldOptions):
            yield (*path, "columns", name), column


def _mappings(panel: Panel, path: Path, resolved: Resolved) -> Iterator[Diagnostic]:
    """Keys without quotes that look like a number or a special value and are matched as another text."""
    for below, options in _field_options(panel, path):
        for key in options.mappings or ():
            hint = _mapping_hint(key)
            mapping_path = (*below, "mappings", key)
            origin = resolved.origin(mapping_path)
            if hint and origin.document.source.has_plain_key(origin.document.index, origin.path):
                message = f"Grafana compares values with the text `{key}`, which none has"
                yield resolved.diagnostic("panel/mapping", message, mapping_path, hint, key=True)


def _mapping_hint(key: str) -> str:
    if key.lower() in _SPECIAL and key not in _SPECIAL:
        return _SPECIAL_HINT.format(key.lower())
    if key == "~":
        return _SPECIAL_HINT.format("null")
    if _NUMBER.fullmatch(key) and (number := javascript_number(key)) != key:
        return f"write `{number}`, or quote it if the text is meant"
    return ""


def javascript_number(text: str) -> str:
    """A number as JavaScript writes it, which is what Grafana looks up: `1` for 1.0, `1000` for 1e3."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    value = float(number)
    if value == 0:
        return "0"
    if abs(value) >= 1e21 or abs(value) < 1e-6:
        return re.sub(r"e([-+])0*", r"e\1", repr(value)).replace(".0e", "e")
    return str(int(value)) if value == int(value) else format(Decimal(repr(value)), "f")


def _links(parsed: ParsedDashboard, several: frozenset[str]) -> Iterator[Diagnostic]:
    for link_path, link in _all_links(parsed):
        for steps, target, name in _several_in(link, several):
            message = f"`${name}` can have several values, and `{target}` would get all of them as one text"
            hint = "call the variables alike and write `keep_variables: true`"
            path = (*link_path, *steps)
            yield parsed.resolved.diagnostic(
                "link/several-values", message, path, hint, severity=Severity.WARNING
            )


def _link_variables(parsed: ParsedDashboard, names: frozenset[str]) -> Iterator[Diagnostic]:
    """The variables in the texts of links that nothing fills in, each at its character."""
    for link_path, link in _all_links(parsed):
        for steps, text in _link_texts(link):
            for fault in link_faults(text, names):
                diagnostic = parsed.resolved.diagnostic(
                    "link/variable",
                    fault.message,
                    (*link_path, *steps),
                    fault.hint,
                    severity=Severity.WARNING,
                )
                location = parsed.resolved.origin((*link_path, *steps)).character(fault.offset, text)
                yield replace(diagnostic, location=location)


def _link_texts(link: Link | DashboardLink) -> Iterator[tuple[Path, str]]:
    for key in ("title", "url", "query", "tooltip"):
        if text := getattr(link, key, None):
            yield (key,), text
    for name, value in link.variables.items() if isinstance(link, Link) else ():
        yield ("variables", name), value


def _all_links(parsed: ParsedDashboard) -> Iterator[tuple[Path, Link | DashboardLink]]:
    for number, dashboard_link in enumerate(parsed.dashboard.links):
        yield ("links", number), dashboard_link
    for path, panel in parsed.panels.items():
        for below, options in _field_options(panel, path):
            for number, link in enumerate(options.links):
                yield (*below, "links", number), link
        for number, link in enumerate(panel.panel_links):
            yield (*path, "panel_links", number), link
        if isinstance(panel.drill_down, Link):
            yield (*path, "drill_down"), panel.drill_down


def _several_in(link: Link | DashboardLink, several: frozenset[str]) -> Iterator[tuple[Path, str, str]]:
    """Where a link gives one variable of the other dashboard a variable with several values."""
    for target, value in link.variables.items() if isinstance(link, Link) else ():
        if (name := _whole(value)) in several:
            yield ("variables", target), target, name
    for match in _LINK_VALUE.finditer(link.url or ""):
        if (name := _whole(match["value"])) in several:
            yield ("url",), match["name"], name


def _whole(text: str) -> str:
    match = _WHOLE.fullmatch(text.strip())
    return next((group for group in match.groups() if group), "") if match else ""
