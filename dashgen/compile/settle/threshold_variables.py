"""Thresholds that a variable sets: the number that counts as long as the variable gives none.

Source: ``Threshold`` in ``apps/dashboard/kinds/v2/dashboard_spec.cue`` of Grafana 13.3 (commit 0306f21b):
``valueExpr`` is resolved when the panel is drawn, ``value`` is its numeric fallback.
"""

from collections.abc import Mapping, Sequence

from dashgen.compile.settle.check_panels import field_options_of
from dashgen.core.json_values import is_numeric, without_fraction
from dashgen.model.panel_spec import FieldOptions, ThresholdValue
from dashgen.model.parse import ParsedDashboard
from dashgen.model.variable_spec import Variable, first_value
from dashgen.query.template_variables import references_of, unknown_variable_hint
from dashgen.source.provenance import Reporter


def fill_threshold_variables(parsed: ParsedDashboard, report: Reporter) -> None:
    """Give each threshold that names a variable the variable's first value to fall back to.

    Args:
        parsed: the dashboard, whose panels are changed.
        report: gets the names that are no variables.
    """
    for path, panel in parsed.panels.items():
        for below, options in field_options_of(panel):
            if options.thresholds and any(
                _is_set_by_variable(value) for value in options.thresholds.values()
            ):
                _fill(options, parsed, report.at((*path, *below, "thresholds")))


def _is_set_by_variable(value: object) -> bool:
    return isinstance(value, ThresholdValue) or (isinstance(value, str) and bool(references_of(value)))


def _fill(options: FieldOptions, parsed: ParsedDashboard, report: Reporter) -> None:
    names = parsed.names_at(report.path)
    variables = {one.name: one for one in parsed.variables.values()}
    filled = dict(options.thresholds or {})
    for color, value in (options.thresholds or {}).items():
        if not _is_set_by_variable(value):
            continue
        text = value.value if isinstance(value, ThresholdValue) else str(value)
        path = (color, "value") if isinstance(value, ThresholdValue) else (color,)
        uses = references_of(text)
        unknown = [name for name in uses if name not in names]
        fallback = value.fallback if isinstance(value, ThresholdValue) else _first_number(uses, variables)
        if not uses:
            message = f"`{text}` names no variable"
            report.error("panel/thresholds", message, path, "write `$limit`, or the number alone")
        for name in unknown:
            hint = unknown_variable_hint(name, names)
            report.error("variable/unknown", f"there is no variable `{name}`", path, hint)
        if fallback is None and not unknown:
            message = f"nobody knows which number `{text}` is before a value is chosen"
            hint = f"write `{{value: {text}, fallback: 80}}`, or give the variable a number as `default:`"
            report.error("panel/thresholds", message, path, hint)
        if fallback is None:
            del filled[color]
        else:
            filled[color] = ThresholdValue(value=text, fallback=fallback)
    options.thresholds = filled or None


def _first_number(names: Sequence[str], variables: Mapping[str, Variable]) -> int | float | None:
    """The number that a variable has before anybody chooses a value."""
    variable = variables.get(names[0]) if names else None
    first = first_value(variable) if variable is not None else None
    return without_fraction(float(first)) if first is not None and is_numeric(first) else None
