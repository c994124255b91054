"""Series and values of unit tests, as promtool reads them."""

import json
from pathlib import Path

import pytest

from dashgen.query.promql.series_notation import series_fault, values_fault
from tests.conftest import Promtool

SERIES = [
    "up", "up{}", '{job="a"}', 'up{job="a"}', 'up{job="a",}', "up{job='a'}", "up{job=`a`}", 'up{ job = "a" , x="b" }',
    'a:b:c{le="+Inf"}', '{__name__="up"}', r'up{job="a\"b"}',
]  # fmt: skip
# In UTF-8, which promtool reads since Prometheus 3.
NEW_SERIES = ['up{"a b"="c"}', '{"up", "job"="a"}', '{"up"}', 'up{job="a","x y"="c"}']
WRONG_SERIES = {
    "": 0, "{}": 0, "up{": 2, 'up{job=~"a"}': 6, 'up{job!="a"}': 6, 'up{job="a" x="b"}': 11, 'up{job="a"} x': 11,
    "a b": 1, "1up": 0, "up{job=a}": 3, "up{,}": 3, 'up{job="a}': 3, 'up{job="a"': 9, "queue-depth": 5,
}  # fmt: skip
VALUES = [
    "5", "5x10", "0+20x10", "_", "_x5", "stale", "-5", "-5-1x3", "5 _ 6", "1e3x2", "Inf", "NaN", "-Inf", "+1", "0x10",
    ".5", "5.", "_ _x2 stale 1+1x2",
]  # fmt: skip
NEW_VALUES = [
    "1_000 _ 5",
    "1_000.5_0x3",
    "-1_0",
    "0+.5_0x3",
    "1_0e1_0",
    "{{schema:0 count:1}}",
    "{{schema:0 sum:5 count:4 buckets:[1 2 1]}}x20",
    "{{}}+{{}}x3",
]
WRONG_VALUES = {
    "abc": 0, "5+": 0, "x5": 0, "5x": 0, "5 + 3": 2, "5,6": 0, "5;": 0, "5x-1": 0, "5x1.5": 0, "1__0": 0, "1_": 0, "1x1_0": 0, "5_x3": 0, "stalex3": 0, "1+-1x3": 0,
    "1 2 soon": 4, "": 0, "  ": 0,
}  # fmt: skip


@pytest.mark.parametrize("text", [*SERIES, *NEW_SERIES])
def test_a_series_that_promtool_reads_has_no_fault(text: str) -> None:
    assert series_fault(text) is None


@pytest.mark.parametrize(("text", "offset"), WRONG_SERIES.items())
def test_a_series_that_promtool_refuses_has_a_fault_at_its_character(text: str, offset: int) -> None:
    fault = series_fault(text)
    assert fault is not None
    assert fault.offset == offset
    assert fault.hint


@pytest.mark.parametrize("text", [*VALUES, *NEW_VALUES])
def test_values_that_promtool_reads_have_no_fault(text: str) -> None:
    assert values_fault(text) is None


@pytest.mark.parametrize(("text", "offset"), WRONG_VALUES.items())
def test_values_that_promtool_refuses_have_a_fault_at_their_word(text: str, offset: int) -> None:
    fault = values_fault(text)
    assert fault is not None
    assert fault.offset == offset


@pytest.mark.external
@pytest.mark.parametrize(
    ("series", "values", "accepted"),
    [
        *((series, "1", True) for series in SERIES),
        *((series, "1", False) for series in WRONG_SERIES),
        *(("up", values, True) for values in VALUES),
        *(("up", values, False) for values in WRONG_VALUES if values.strip()),
    ],
)
def test_promtool_is_of_the_same_opinion(
    promtool: Promtool, tmp_path: Path, series: str, values: str, accepted: bool
) -> None:
    check = {"expr": "vector(0)", "eval_time": "0m", "exp_samples": [{"labels": "{}", "value": 0}]}
    test = {
        "interval": "1m",
        "input_series": [{"series": series, "values": values}],
        "promql_expr_test": [check],
    }
    (tmp_path / "t.yaml").write_text(json.dumps({"rule_files": [], "tests": [test]}), encoding="utf-8")
    assert (promtool(tmp_path, "test", "rules", "t.yaml").returncode == 0) is accepted
