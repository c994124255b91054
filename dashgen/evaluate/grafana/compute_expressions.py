"""Compute the expressions of a rule. Source: pkg/expr/{commands,threshold,hysteresis}.go of Grafana 12.4."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from dashgen.core.json_values import Json
from dashgen.evaluate.grafana.compute_math import compute_math
from dashgen.evaluate.grafana.expression_values import (
    ExpressionFailedError,
    ExpressionNumber,
    ExpressionValue,
    ExpressionValues,
    MaybeNumber,
    mapped,
)
from dashgen.evaluate.grafana.threshold_operators import REDUCERS, THRESHOLDS
from dashgen.evaluate.samples import LabelKey, UnsupportedError, label_key
from dashgen.query.math_expression import math_fault, math_refs

EXPRESSIONS_UIDS: Final = frozenset({"__expr__", "-100"})
"""The uids that the source of an expression has, the second one in old rules."""
Refs = Mapping[str, ExpressionValues]


def is_expression(entry: Json) -> bool:
    """Whether an entry of a rule's ``data`` is an expression and no query."""
    return entry.get("datasourceUid") in EXPRESSIONS_UIDS


def needed_refs(entry: Json) -> tuple[str, ...]:
    """The refs that an expression uses."""
    model = entry["model"]
    text = str(model.get("expression", ""))
    return math_refs(text) if model.get("type") == "math" else (_plain_ref(text),)


def compute_expression(entry: Json, refs: Refs, loaded: Collection[LabelKey]) -> ExpressionValues:
    """The values of an expression.

    Args:
        entry: the entry of the rule's ``data``.
        refs: the values of the queries and expressions before it.
        loaded: the labels of the series that were alerting, for thresholds with a recovery of their own.

    Raises:
        ExpressionFailedError: Grafana refuses the expression.
        UnsupportedError: its type is not known here.
    """
    model = entry["model"]
    kind = str(model.get("type", ""))
    if kind == "math":
        return _math(str(model.get("expression", "")), refs)
    values = _values(_plain_ref(str(model.get("expression", ""))), refs)
    if kind == "reduce":
        return _reduced(model, values)
    if kind == "threshold":
        return _compared(model, values, loaded)
    raise UnsupportedError(f"an expression of the type `{kind}`")


def _plain_ref(text: str) -> str:
    return text.strip().removeprefix("$").strip("{}")


def _values(ref: str, refs: Refs) -> ExpressionValues:
    if ref not in refs:
        raise ExpressionFailedError(f"there is no query `{ref}`")
    return refs[ref]


def _math(text: str, refs: Refs) -> ExpressionValues:
    if fault := math_fault(text):
        raise ExpressionFailedError(fault.message)
    return compute_math(text, refs)


def _reduced(model: Json, values: ExpressionValues) -> ExpressionValues:
    reducer = REDUCERS.get(str(model.get("reducer", "")).lower())
    if reducer is None:
        raise ExpressionFailedError(f"there is no reduction `{model.get('reducer')}`")
    settings = model.get("settings") or {}
    mode = settings.get("mode") or "strict"
    if mode not in {"strict", "dropNN", "replaceNN"}:
        raise ExpressionFailedError(f"there is no mode `{mode}` of a reduction")
    replacement = float(settings.get("replaceWithValue") or 0)
    return [
        reduced
        for value in values
        if (reduced := _reduced_value(value, reducer, mode, replacement)) is not None
    ]


def _reduced_value(
    value: ExpressionValue,
    reducer: Callable[[Sequence[MaybeNumber]], MaybeNumber],
    mode: str,
    replacement: float,
) -> ExpressionNumber | None:
    numbers: Sequence[MaybeNumber] = (value.value,) if isinstance(value, ExpressionNumber) else value.values
    if mode == "dropNN":
        numbers = [number for number in numbers if _is_real(number)]
    elif mode == "replaceNN":
        numbers = [number if _is_real(number) else replacement for number in numbers]
    if isinstance(value, ExpressionNumber):
        # A number is reduced already; one that is dropped leaves nothing.
        return ExpressionNumber(value.labels, numbers[0]) if numbers else None
    result = reducer(numbers)
    if mode != "strict" and result is not None and math.isnan(result):
        result = None if mode == "dropNN" else replacement
    return ExpressionNumber(value.labels, result)


def _is_real(number: MaybeNumber) -> bool:
    return number is not None and math.isfinite(number)


def _compared(model: Json, values: ExpressionValues, loaded: Collection[LabelKey]) -> ExpressionValues:
    conditions = model.get("conditions") or []
    if len(conditions) != 1:
        raise ExpressionFailedError("a threshold has exactly one condition")
    load = _predicate(conditions[0].get("evaluator") or {})
    if conditions[0].get("unloadEvaluator") is None:
        return [mapped(value, load) for value in values]
    unload = _predicate(conditions[0]["unloadEvaluator"])

    def is_still_loaded(number: MaybeNumber) -> MaybeNumber:
        result = unload(number)
        return None if result is None else 1 - result

    return [mapped(value, is_still_loaded if label_key(value.labels) in loaded else load) for value in values]


def _predicate(evaluator: Json) -> Callable[[MaybeNumber], MaybeNumber]:
    kind, limits = str(evaluator.get("type", "")), [float(limit) for limit in evaluator.get("params") or []]
    if kind not in THRESHOLDS or len(limits) < THRESHOLDS[kind][0]:
        raise ExpressionFailedError(f"a threshold `{kind}` of {len(limits)} numbers")
    compare = THRESHOLDS[kind][1]
    return lambda number: None if number is None else float(compare(number, limits))
