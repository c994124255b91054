"""When panels, rows and tabs are shown: conditions as Grafana evaluates them, and what is wrong with them.

Source: ``public/app/features/dashboard-scene/conditional-rendering/conditions`` of Grafana 13.3. A condition
that Grafana cannot evaluate counts for nothing there, so each of these is a mistake here.
"""

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from msgspec import Struct

from dashgen.core.diagnostics import nearest
from dashgen.core.json_values import at, mapping
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.patterns import pattern_problem
from dashgen.model.settled_dashboard import Visibility
from dashgen.model.variable_spec import CustomVariable, SwitchVariable, Variable
from dashgen.model.visibility_spec import COMPARISONS, ShowCondition, ShowConditions
from dashgen.source.provenance import Reporter
from dashgen.source.source import Path

_RULE: Final = "layout/condition"
_SUBJECTS: Final = ("variable", "has_data", "time_range")
_LENGTH: Final = lazy_pattern(r"[0-9]+(?:\.[0-9]+)?[yMwdhms]")
"""``validateIntervalRegex`` in ConditionalRenderingTimeRangeSize.tsx, Grafana 13.3."""
_FLAGS: Final = lazy_pattern(r"^\(\?[a-z]+\)")
_EXAMPLE: Final = "write `{variable: tier, equals: pro}`, `{time_range: 7d}` or `{has_data: true}`"


class Known(Struct, frozen=True):
    """What conditions at one place of a dashboard can name.

    Attributes:
        variables: the variables that are known there, by name; those that could not be read have no value.
        elsewhere: the variables of other sections, with what the section is called.
    """

    variables: Mapping[str, Variable | None]
    elsewhere: Mapping[str, str] = {}


def settle_visibility(
    show_when: ShowConditions | None,
    hide_when: ShowConditions | None,
    context: Known,
    report: Reporter,
    *,
    kind: Literal["panel", "row", "tab"],
) -> Visibility | None:
    """When something is shown; None for always.

    Args:
        show_when: as it is written.
        hide_when: as it is written.
        context: what conditions can name.
        report: of what the conditions belong to.
        kind: what that is.
    """
    if show_when is not None and hide_when is not None:
        message = "`show_when` and `hide_when` are both given, and Grafana knows one of them for each thing"
        report.error(_RULE, message, ("hide_when",), "write all of it as `show_when:`", key=True)
        return None
    key, conditions = ("hide_when", hide_when) if show_when is None else ("show_when", show_when)
    if conditions is None:
        return None
    own = report.at((*report.path, key))
    _check_any_alone(conditions, own)
    is_any, items, path = _joined(conditions)
    if not items:
        own.error(_RULE, "there is no condition here", path, _EXAMPLE)
        return None
    settled = []
    for number, condition in enumerate(items):
        item_report = own.at((*own.path, *path, number)) if isinstance(conditions, list) or path else own
        _check(condition, context, item_report, kind)
        settled.append(condition)
    return Visibility(tuple(settled), hidden=key == "hide_when", any=is_any)


def _check_any_alone(conditions: ShowConditions, report: Reporter) -> None:
    """Report what is written beside `any`, which would count for nothing."""
    if isinstance(conditions, list) or conditions.any is None:
        return
    keys = _WrittenKeys.of(conditions, at(report.resolved.data, report.path))
    for key in (*keys.subjects, *keys.comparisons)[:1]:
        message = f"`{key}` is beside `any`, and one condition of the list is enough"
        hint = "put it into the list, or, if both have to hold, on the row or tab around this"
        report.error(_RULE, message, (key,), hint, key=True)


def _joined(conditions: ShowConditions) -> tuple[bool, list[ShowCondition], Path]:
    """Whether one condition is enough, the conditions, and the path of the list that they are in."""
    if isinstance(conditions, list):
        return False, conditions, ()
    return (False, [conditions], ()) if conditions.any is None else (True, conditions.any, ("any",))


class _WrittenKeys(Struct, frozen=True):
    """The keys of a condition as its spec has them, whether or not their values could be read.

    What could not be read has been reported, so nothing that only follows from it is reported beside it.
    """

    subjects: list[str]
    comparisons: list[str]
    has_unread: bool

    @classmethod
    def of(cls, condition: ShowCondition, written: object) -> "_WrittenKeys":
        """The keys of a condition that is written so."""
        keys = [key for key, value in mapping(written).items() if value is not None]
        return cls(
            [name for name in _SUBJECTS if name in keys],
            [name for name in COMPARISONS if name in keys],
            has_unread=any(getattr(condition, key, None) is None for key in keys),
        )


def _check(condition: ShowCondition, context: Known, report: Reporter, kind: str) -> None:
    keys = _WrittenKeys.of(condition, at(report.resolved.data, report.path))
    if condition.any is not None:
        message = "`any` is inside a list, and Grafana joins all conditions of one thing alike"
        hint = "write one `any:` around all of them, or put the others on the row or tab around it"
        report.error(_RULE, message, ("any",), hint, key=True)
    elif len(keys.subjects) > 1:
        message = f"one condition is about {' and '.join(f'`{name}`' for name in keys.subjects)}"
        report.error(_RULE, message, (), "write a list of them, or one below `any:` if one is enough")
    elif keys.comparisons and keys.subjects and "variable" not in keys.subjects:
        message = f"`{keys.comparisons[0]}` compares a variable, and this is about `{keys.subjects[0]}`"
        example = f"[{{{keys.subjects[0]}: …}}, {{variable: tier, equals: pro}}]"
        hint = f"remove it; for both write a list: `{example}`"
        report.error(_RULE, message, (keys.comparisons[0],), hint, key=True)
    elif not keys.subjects:
        _report_no_subject(keys, report)
    elif "variable" in keys.subjects:
        _check_variable(condition, keys, context, report)
    elif condition.time_range is not None and not _LENGTH.fullmatch(condition.time_range):
        message = f"`{condition.time_range}` is no length of a time range"
        report.error(
            "time/interval", message, ("time_range",), "write a number and a unit: `30m`, `6h`, `7d`"
        )
    elif condition.has_data is not None and kind != "panel":
        message = f"a {kind} has no data of its own, so Grafana ignores this condition"
        report.warn(_RULE, message, ("has_data",), "put it on the panels")


def _report_no_subject(keys: _WrittenKeys, report: Reporter) -> None:
    if keys.has_unread:
        return
    if keys.comparisons:
        report.error(_RULE, f"`{keys.comparisons[0]}` needs a variable to compare", (), "add `variable:`")
    else:
        report.error(_RULE, "the condition is about nothing", (), _EXAMPLE)


def _check_variable(condition: ShowCondition, keys: _WrittenKeys, context: Known, report: Reporter) -> None:
    name = (condition.variable or "").strip("${}")
    if condition.variable is not None and name not in context.variables:
        hint = nearest(name, context.variables) or "add it under `variables:`"
        if name in context.elsewhere:
            hint = f"only {context.elsewhere[name]} knows it: move it to the dashboard's `variables:`"
        report.error("variable/unknown", f"there is no variable `{name}` here", ("variable",), hint)
    if len(keys.comparisons) > 1 or not (keys.comparisons or keys.has_unread):
        written = " and ".join(f"`{one}`" for one in keys.comparisons) or "nothing"
        either = ", ".join(f"`{one}`" for one in COMPARISONS)
        message = f"the variable is compared by one of {either}, here by {written}"
        report.error(_RULE, message, (), "write `equals: pro`, or a list of conditions")
    for finding in _value_findings(condition, context.variables.get(name)):
        report.error(*finding) if finding[0] == _RULE else report.warn(*finding)


def _value_findings(
    condition: ShowCondition, variable: Variable | None
) -> Iterator[tuple[str, str, Path, str]]:
    for key in ("matches", "not_matches"):
        pattern = getattr(condition, key)
        # RE2's way to write flags, which Grafana takes off before JavaScript reads the rest.
        if pattern is not None and (wrong := pattern_problem(_FLAGS.sub("", pattern))):
            yield _RULE, f"`{pattern}` is no regular expression: {wrong}", (key,), "correct it"
    values = _values_of(variable)
    for key in ("equals", "not_equals"):
        value = getattr(condition, key)
        if value is None or values is None or value in values or "$" in value:
            continue
        if value.lower() == "all" or not variable:
            continue
        yield "variable/value", f"`{variable.name}` never is `{value}`", (key,), nearest(value, values)


def _values_of(variable: Variable | None) -> list[str] | None:
    """The values that a variable may have; None when only a server or its reader knows them."""
    if isinstance(variable, SwitchVariable):
        return [variable.on, variable.off]
    if isinstance(variable, CustomVariable):
        return [value for _, value in variable.pairs()]
    return None
