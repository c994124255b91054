"""The tests that a shipped rule brings hold for the arguments of every use, not only for those of its examples."""

from pathlib import Path
from typing import Any

import pytest

from dashgen.model.library_example import LibraryExample
from tests.library.example_projects import ShippedExample, component_of
from tests.project.project import run

FIGURE = {"name": "x_y", "query": "max(figure)", "title": "Figure", "unit": "short"}
SPENDING = {"name": "x", "counter": "cost_total"}


@pytest.mark.parametrize(
    ("component", "arguments"),
    [
        ("std/anomaly", {**FIGURE, "smallest": 0}),
        ("std/anomaly", {**FIGURE, "smallest": 1e-6, "direction": "down", "for": "45m"}),
        ("std/anomaly", {**FIGURE, "smallest": 5, "direction": "down", "strategy": "robust", "margin": 0.9}),
        ("std/anomaly", {**FIGURE, "smallest": 1000, "may_be_negative": True, "sensitivity": 9, "for": "5m"}),
        ("std/budget", {**SPENDING, "budget": 0.5, "period": "day", "utc_offset": -12}),
        ("std/budget", {**SPENDING, "budget": "limit_usd", "period": "day", "utc_offset": 14}),
        ("std/budget", {**SPENDING, "budget": 300, "period": "week", "utc_offset": 14}),
        ("std/budget", {**SPENDING, "budget": "max(limit_usd)", "period": "week", "utc_offset": -12}),
        ("std/budget", {**SPENDING, "budget": 1_000_000, "utc_offset": -12}),
        ("std/budget", {**SPENDING, "budget": "limit_usd", "utc_offset": 5.5}),
    ],
)
def test_the_tests_of_a_rule_pass_for_other_arguments(
    component: str, arguments: dict[str, Any], tmp_path: Path
) -> None:
    example = LibraryExample(title="Another use", with_=arguments)
    root = ShippedExample(component_of(component), example).project(tmp_path)
    finished = run("test", "-C", str(root))
    assert finished.code == 0, finished.err + finished.out
