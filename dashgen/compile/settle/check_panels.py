"""Values of panels that mean something only beside the dashboard's variables, or as they are written."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from dashgen.compile.settle.settle_queries import query_refs
from dashgen.core.diagnostics import Severity, nearest
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.dashboard_spec import DashboardLink
from dashgen.model.panel_spec import FieldOptions, Link, Panel
from dashgen.model.parse import ParsedDashboard
from dashgen.model.variable_spec import ChoiceVariable
from dashgen.query.template_variables import link_faults, references_of
from dashgen.source.provenance import Reporter
from dashgen.source.source import Path

_SPECIAL = frozenset({"null", "nan", "empty", "true", "false", "null+nan"})
_NUMBER = lazy_pattern(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_LINK_VALUE = lazy_pattern(r"[?&]var-(?P<name>[^=&]+)=(?P<value>[^&]*)")
_WHOLE = lazy_pattern(r"\$(\w+)|\$\{(\w+)(?:[.:][^}]*)?\}|\[\[(\w+)(?::\w+)?\]\]")
_SPECIAL_HINT = "write `{}` for the special value, or quote it if the text is meant"


def check_panel_values(parsed: ParsedDashboard, report: Reporter) -> None:
    """Report what is wrong with the panels and links beside the dashboard's variables."""
    names = parsed.variable_names
    several = frozenset(
        v.name
        for v in parsed.variables.values()
        if isinstance(v, ChoiceVariable) and (v.multi or v.include_all)
    )
    for path, panel in parsed.panels.items():
        if panel.overrides:
            _check_overrides(panel, names, report.at(path))
        for below, options in field_options_of(panel):
            if options.mappings:
                _check_mappings(options, report.at((*path, *below)))
    for path, link in _all_links(parsed):
        link_report = report.at(path)
        for steps, target, name in _several_in(link, several):
            message = f"`${name}` can have several values, and `{target}` would get all of them as one text"
            hint = "call the variables alike and write `keep_variables: true`"
            link_report.warn("link/several-values", message, steps, hint)
        for steps, text in _link_texts(link):
            for fault in link_faults(text, names):
                link_report.fault("link/variable", fault, steps, text, Severity.WARNING)


def _check_overrides(panel: Panel, names: frozenset[str], report: Reporter) -> None:
    # Queries in `raw:` have refs that nobody here knows.
    has_refs = panel.takes_queries and "targets" not in panel.raw
    refs = query_refs([query for _, query in panel.query_list()]) if has_refs else None
    for number, override in enumerate(panel.overrides):
        path: Path = ("overrides", number)
        for key, pattern in (("name", override.name), ("regex", override.regex)):
            variable = next((name for name in references_of(pattern or "") if name in names), None)
            if variable is not None:
                message = f"Grafana does not replace `${variable}` in what an override matches"
                hint = "match the names that the series have, by a pattern for all values"
                report.warn("panel/override", message, (*path, key), hint)
        query = override.query
        if refs is not None and query is not None and query not in refs and "$" not in query:
            message = f"the panel has no query `{query}`, so the override changes nothing"
            hint = nearest(query, refs) or "remove the override"
            report.warn("panel/override", message, (*path, "query"), hint)


def field_options_of(panel: Panel) -> Iterator[tuple[Path, FieldOptions]]:
    """The field options of a panel, its overrides and a table's columns, with their paths below the panel."""
    yield (), panel
    for number, override in enumerate(panel.overrides):
        yield ("overrides", number), override
    columns = getattr(panel, "columns", None)
    for name, column in columns.items() if isinstance(columns, dict) else ():
        if isinstance(column, FieldOptions):
            yield ("columns", name), column


def _check_mappings(options: FieldOptions, report: Reporter) -> None:
    """Report keys without quotes that look like a number or special value and are matched as another text."""
    for key in options.mappings or ():
        hint = _mapping_hint(key)
        origin = report.resolved.origin((*report.path, "mappings", key))
        # `"01"` in quotes is meant as that text.
        if hint and origin.document.source.has_plain_key(origin.document.index, origin.path):
            message = f"Grafana compares values with the text `{key}`, which none has"
            report.error("panel/mapping", message, ("mappings", key), hint, key=True)


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
    # As JavaScript's `String(number)`: no `-0`, exponents from 1e21 up and below 1e-6, without leading zeros.
    if value == 0:
        return "0"
    if abs(value) >= 1e21 or abs(value) < 1e-6:
        return re.sub(r"e([-+])0*", r"e\1", repr(value)).replace(".0e", "e")
    return str(int(value)) if value == int(value) else format(Decimal(repr(value)), "f")


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
        for below, options in field_options_of(panel):
            for number, link in enumerate(options.links):
                yield (*path, *below, "links", number), link
        for number, link in enumerate(panel.panel_links):
            yield (*path, "panel_links", number), link
        if isinstance(panel.drill_down, Link):
            yield (*path, "drill_down"), panel.drill_down


def _several_in(link: Link | DashboardLink, several: frozenset[str]) -> Iterator[tuple[Path, str, str]]:
    """Where a link gives one variable of the other dashboard a variable with several values."""
    # A variable alone as the value of a parameter is the case in which Grafana writes all values as one text.
    for target, value in link.variables.items() if isinstance(link, Link) else ():
        if (name := _whole(value)) in several:
            yield ("variables", target), target, name
    for match in _LINK_VALUE.finditer(link.url or ""):
        if (name := _whole(match["value"])) in several:
            yield ("url",), match["name"], name


def _whole(text: str) -> str:
    match = _WHOLE.fullmatch(text.strip())
    return next((group for group in match.groups() if group), "") if match else ""
