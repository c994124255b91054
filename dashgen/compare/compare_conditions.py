"""The condition of an alert rule as a phrase: ``above 10% of A``."""

from dashgen.compare.change_texts import number
from dashgen.core.json_values import Json
from dashgen.model.condition import Kind

_KINDS = {
    "gt": Kind.ABOVE,
    "lt": Kind.BELOW,
    "gte": Kind.AT_LEAST,
    "lte": Kind.AT_MOST,
    "eq": Kind.EQUALS,
    "within_range": Kind.BETWEEN,
    "outside_range": Kind.OUTSIDE,
}
_PERCENT = "humanizePercentage"


def condition_phrase(rule: Json) -> str | None:
    """The condition as a phrase; nothing when it is not a plain threshold on one query.

    Numbers are percentages where the rule's texts show its value as one.
    """
    query = next((q for q in rule.get("data", []) if q.get("refId") == rule.get("condition")), None)
    model = query.get("model", {}) if query else {}
    steps = model.get("conditions", [])
    queries = {"type", "expression", "conditions"}
    if query is None or query.get("datasourceUid") != "__expr__" or set(model) != queries:
        return None
    if model["type"] != "threshold" or len(steps) != 1:
        return None
    # A threshold has no unit of its own; the summary is where the author shows how the value is meant.
    percent = any(_PERCENT in str(text) for text in rule.get("annotations", {}).values())
    fires = _phrase(steps[0].get("evaluator"), percent=percent)
    if fires is None:
        return None
    recovers = _phrase(steps[0].get("unloadEvaluator"), percent=percent)
    of = model.get("expression", "")
    shown = fires if of in ("A", "") else f"{fires} of {of}"
    return shown if recovers is None else f"{shown}, recovers {recovers}"


def _phrase(evaluator: object, *, percent: bool) -> str | None:
    if not isinstance(evaluator, dict):
        return None
    kind, params = _KINDS.get(str(evaluator.get("type"))), evaluator.get("params", [])
    count = 2 if kind in (Kind.BETWEEN, Kind.OUTSIDE) else 1
    numbers = [p for p in params[:count] if isinstance(p, int | float)] if isinstance(params, list) else []
    if kind is None or len(numbers) != count:
        return None
    return f"{kind} {' and '.join(_number(value, percent=percent) for value in numbers)}"


def _number(value: float, *, percent: bool) -> str:
    return f"{number(round(value * 100, 10))}%" if percent else number(value)
