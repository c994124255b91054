"""Calculations give what @grafana/data gives."""

import json
from pathlib import Path

import pytest

from dashgen.drawing.fields.reducers import reduce_values, reducer_name

# Written by tests/tools/grafana_reducers.cjs from @grafana/data 12.4.3.
CASES = [
    line.split("\t") for line in Path(__file__).with_name("reducers.tsv").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids="|".join)
def test_a_calculation(case):
    values, calc, expected = json.loads(case[0]), case[1], json.loads(case[2])
    result = reduce_values(values, calc)
    if expected is None and isinstance(result, float):
        # JSON has no NaN and no infinity.
        assert result - result != 0
    else:
        assert result == (pytest.approx(expected) if isinstance(expected, float) else expected)


def test_names_and_other_spellings():
    assert [reducer_name(calc) for calc in ("lastNotNull", "avg", "p95", "p1", "x")] == [
        "Last *", "Mean", "95th %", "1st %", "x",
    ]  # fmt: skip
    assert reduce_values([1, None, 4], "current") == 4
    assert reduce_values([1, 2], "unknown") is None
    assert reduce_values([2, None, 2, 3], "uniqueValues") == [2, None, 3]
