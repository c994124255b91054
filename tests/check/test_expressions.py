"""Server-side expressions inside alert rules; dashboards share the checks."""

from typing import Any

import pytest

from .conftest import Check, expect
from .samples import ALERTING, DASHBOARD, DATA_SOURCES, PROM, changed

_FILE = "provisioning/alerting/a.yaml"
_THRESHOLD = "groups.0.rules.0.data.1.model"


def _expression(model: dict[str, Any]) -> dict[str, Any]:
    return {"refId": "C", **model}


BROKEN: list[tuple[str, str, Any, str]] = [
    ("threshold with $", f"{_THRESHOLD}.expression", "$A", "a refId without `$`"),
    ("unknown refId", f"{_THRESHOLD}.expression", "B",
     "refers to `B`, and no query has this refId"),
    ("refers to itself", f"{_THRESHOLD}.expression", "C", "refers to itself"),
    ("no condition", f"{_THRESHOLD}.conditions", [], "exactly one condition, not 0"),
    ("no number", f"{_THRESHOLD}.conditions.0.evaluator.params", [],
     "`gt` needs 1 number, not 0"),
    ("text for a number", f"{_THRESHOLD}.conditions.0.evaluator.params", ["1"],
     "not with text"),
    ("one bound", f"{_THRESHOLD}.conditions.0.evaluator", {"type": "within_range", "params": [1]},
     "needs 2 numbers"),
    ("comparison", f"{_THRESHOLD}.conditions.0.evaluator.type", ">",
     "`>` is not a comparison"),
    ("recovery", f"{_THRESHOLD}.conditions.0.unloadEvaluator", {"type": "lt"},
     "`lt` needs 1 number"),
    ("reducer", _THRESHOLD, _expression({"type": "reduce", "expression": "A", "reducer": "avg"}),

     "`avg` is not a reducer"),
    ("strict", _THRESHOLD, _expression({"type": "reduce", "expression": "A", "reducer": "last",
     "settings": {"mode": "strict"}}),
     "`strict` is not a mode"),
    ("replacement", _THRESHOLD, _expression({"type": "reduce", "expression": "A", "reducer": "last",
     "settings": {"mode": "replaceNN"}}), "needs a number to replace with"),
    ("math", _THRESHOLD, _expression({"type": "math", "expression": "$A / ${D}"}),
     "refers to `D`"),
    ("empty math", _THRESHOLD, _expression({"type": "math", "expression": ""}),
     "is empty"),
    ("window", _THRESHOLD, _expression({"type": "resample", "expression": "A", "window": "often",
     "downsampler": "mean",
     "upsampler": "pad"}), "`often` is not the width of a window"),
    ("upsampler", _THRESHOLD, _expression({"type": "resample", "expression": "A", "window": "1m",
     "downsampler": "mean",
     "upsampler": "zero"}), "`zero` is not a upsampler"),
    ("classic", _THRESHOLD, _expression({"type": "classic_conditions",
     "conditions": [{"evaluator": {"type": "gt", "params": [1]},
     "query": {"params": ["X"]}, "reducer": {"type": "avg"}}]}), "refers to `X`"),
    ("empty SQL", _THRESHOLD, _expression({"type": "sql", "expression": ""}),
     "SQL expression `C` is empty"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "fragment"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_one_wrong_place_is_one_error(check: Check, path: str, value: Any, fragment: str) -> None:
    files = {_FILE: changed(ALERTING, path, value), "provisioning/datasources/a.yaml": DATA_SOURCES}
    found = expect(check(files), "alert/expression", fragment)
    assert found.location is not None
    assert found.location.file == _FILE


_MATH = {"type": "math", "datasource": {"type": "__expr__", "uid": "__expr__"}, "refId": "B"}


@pytest.mark.parametrize(
    ("expression", "messages"),
    [
        ("$A * $price", []),
        ("$A * ${price:raw} / $__interval_ms", []),
        ("$A * $prize", ["expression `B` refers to `prize`, and no query has this refId"]),
    ],
)
def test_arithmetic_in_a_dashboard_may_use_its_variables(
    check: Check, expression: str, messages: list[str]
) -> None:
    asked = {"refId": "A", "expr": "up", "datasource": PROM}
    data = changed(DASHBOARD, "templating.list.0", {"type": "textbox", "name": "price", "query": "3"})
    data = changed(data, "panels.1.targets", [asked, {**_MATH, "expression": expression}])
    found = check({"d/x.json": data, "provisioning/datasources/a.yaml": DATA_SOURCES})
    assert [f.message for f in found if "expression" in f.rule] == messages


def test_arithmetic_in_a_rule_has_no_variables(check: Check) -> None:
    model = _expression({"type": "math", "expression": "$A * $__interval_ms"})
    found = check({_FILE: changed(ALERTING, _THRESHOLD, model)})
    assert "refers to `__interval_ms`" in expect(found, "alert/expression", "refers to").message
