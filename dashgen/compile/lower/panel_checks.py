"""Checks of panels that need Grafana's lists: transformations, matchers, options of a type."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from dashgen.compile.lower.field_checks import check_fields, check_links
from dashgen.compile.lower.lower_overrides import MATCHERS
from dashgen.compile.lower.panel_problems import PanelProblem
from dashgen.compile.lower.panel_type import PanelType
from dashgen.core.diagnostics import nearest
from dashgen.core.json_values import Json
from dashgen.model.base import fields_of
from dashgen.model.condition import ConditionProblem, parse_condition
from dashgen.model.panel_spec import Link, Override, Panel
from dashgen.model.patterns import pattern_problem
from dashgen.model.target_spec import Query
from dashgen.model.times import interval_problem, shift_problem, span_hint, span_problem

TRANSFORMATIONS = frozenset(
    {
        "calculateField", "concatenate", "configFromData", "convertFieldType", "convertFrameType",
        "extractFields", "fieldLookup", "filterByRefId", "filterByValue", "filterFieldsByName",
        "formatString", "formatTime", "groupBy", "groupToNestedTable", "groupingToMatrix", "heatmap",
        "histogram", "joinByField", "joinByLabels", "labelsToFields", "limit", "merge", "organize",
        "partitionByValues", "prepareTimeSeries", "reduce", "regression", "renameByRegex", "rowsToFields",
        "seriesToRows", "smoothing", "sortBy", "spatial", "timeSeriesTable", "transpose",
    }
)  # fmt: skip
_OLD = frozenset(
    {"append", "ensureColumns", "filterFields", "filterFrames", "noop", "order", "rename", "seriesToColumns"}
)


def check_panel(panel: Panel) -> Iterator[PanelProblem]:
    """What is wrong with a panel's own options."""
    yield from check_fields(panel, ())
    yield from _times(panel)
    for number, override in enumerate(panel.overrides):
        yield from _override(override, panel, ("overrides", number))
    for number, item in enumerate(panel.transformations):
        yield from _transformation(item, ("transformations", number))
    if panel.panel_links:
        yield from check_links(panel.panel_links, ("panel_links",))
    if isinstance(panel.drill_down, Link):
        yield from check_links([panel.drill_down], ("drill_down",), numbered=False)
    if panel.queries:
        yield from _queries(panel)
    if isinstance(panel, PanelType):
        yield from panel.problems()


def _times(panel: Panel) -> Iterator[PanelProblem]:
    for key, problem, example, rule in (
        ("interval", interval_problem, "1m", "time/interval"),
        ("time_from", span_problem, "7d", "time/span"),
        ("time_shift", shift_problem, "1w", "time/span"),
        ("time_compare", shift_problem, "1d", "time/span"),
    ):
        text = getattr(panel, key)
        if text and problem(text):
            yield PanelProblem((key,), problem(text), span_hint(text, example), rule)


def _override(override: Override, panel: Panel, path: tuple[str | int, ...]) -> Iterator[PanelProblem]:
    used_keys = [key for key in (*MATCHERS, "matcher") if getattr(override, key) is not None]
    if len(used_keys) != 1:
        matcher_list = ", ".join(f"`{key}`" for key in MATCHERS)
        used_list = "none" if not used_keys else " and ".join(f"`{key}`" for key in used_keys)
        message = f"an override selects its fields by exactly one of {matcher_list}, not by {used_list}"
        yield PanelProblem(
            path, message, "keep one of them" if used_keys else "add one of them", "panel/override"
        )
    if override.matcher is not None and len(override.matcher) != 1:
        message = f"`matcher` has one of Grafana's matchers, not {len(override.matcher)}"
        hint = "for example: `matcher: {byValue: {reducer: allIsZero, op: gte, value: 0}}`"
        yield PanelProblem((*path, "matcher"), message, hint, "panel/override")
    wrong = pattern_problem(override.regex) if override.regex is not None else ""
    if wrong:
        message, hint = f"`{override.regex}` is not a regular expression: {wrong}", "correct it"
        yield PanelProblem((*path, "regex"), message, hint, "panel/override")
    yield from check_fields(override, path)
    if override.decimals == "auto":
        message, hint = "`decimals: auto` changes nothing in an override", "remove it, or give a number"
        yield PanelProblem((*path, "decimals"), message, hint, "panel/override")
    for word, value in override.custom.items():
        yield from _custom_option(word, value, panel, (*path, "custom", word))


def _custom_option(
    key: str, value: object, panel: Panel, path: tuple[str | int, ...]
) -> Iterator[PanelProblem]:
    if not isinstance(panel, PanelType) or key not in panel.field_keys:
        custom_options = panel.field_keys if isinstance(panel, PanelType) else {}
        hint = (
            nearest(key, custom_options)
            if custom_options
            else "use `properties:` with Grafana's property ids"
        )
        message = f"fields of a `{panel.type_id or 'plugin'}` panel have no option `{key}`"
        yield PanelProblem(path, message, hint, "panel/override")
        return
    # `custom:` is untyped in the model, as its keys are those of whichever type the panel has.
    try:
        msgspec.convert(value, _types(panel.field_keys_of or type(panel))[key])
    except msgspec.ValidationError as error:
        yield PanelProblem(
            path, f"`{key}` cannot be that: {_lower(str(error))}", "correct the value", "panel/override"
        )


@cache
def _types(model: type[msgspec.Struct]) -> Json:
    return {field.name: field.type for field in fields_of(model)}


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _transformation(item: str | Json, path: tuple[str | int, ...]) -> Iterator[PanelProblem]:
    rule = "panel/transformation"
    if isinstance(item, dict) and "id" not in item and len(item) != 1:
        hint = "write `- organize: {…}`, or `- id: organize` with `options:`"
        yield PanelProblem(path, "a transformation is a name, or one name with its options", hint, rule)
        return
    name = item if isinstance(item, str) else item.get("id", next(iter(item)))
    if name in TRANSFORMATIONS or name in _OLD:
        return
    message = f"Grafana has no transformation `{name}`"
    yield PanelProblem(
        path, message, nearest(str(name), TRANSFORMATIONS) or "see Grafana's list of transformations", rule
    )


def _queries(panel: Panel) -> Iterator[PanelProblem]:
    queries = panel.queries
    items: Any = queries.items() if isinstance(queries, dict) else enumerate(queries or [])
    for query_key, query in items:
        if not isinstance(query, Query):
            continue
        if query.step is not None and interval_problem(query.step):
            step = ("queries", query_key, "step")
            yield PanelProblem(
                step, interval_problem(query.step), span_hint(query.step, "1m"), "time/interval"
            )
        if query.threshold is not None:
            condition = parse_condition(query.threshold.when)
            if isinstance(condition, ConditionProblem):
                path = ("queries", query_key, "threshold", "when")
                yield PanelProblem(path, condition.message, condition.hint, "alert/condition")
