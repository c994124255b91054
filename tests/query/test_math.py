"""Arithmetic over queries is read as Grafana reads it."""

import pytest

from dashgen.query.math_expression import math_fault


@pytest.mark.parametrize(
    "text",
    ["$A", "$A + $B", "-$A * (2 + 3.5e3)", "abs($A) / 2", "${JVM heap} ** 2", "!is_null($A) && $B >= 1", "$A == nan()", "round($A) % 10 || inf()",
     "($A)", "- - $A", "0x1F * $A", " $A\n+ $B "],
)  # fmt: skip
def test_what_grafana_reads_is_no_fault(text: str) -> None:
    assert math_fault(text) is None


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ("", "is empty", 0), ("$a +", "missing at the end", 4), ("($A * 2", "`(` is not closed", 0), ("$A)", "a `)` too many", 2),
        ("$A $B", "operator is missing", 3), ("* $A", "missing before `*`", 0), ("foo($A)", "no function `foo`", 0), ("abs", "missing at the end", 3),
        ("abs $A", "needs its value in parentheses", 4), ("$A + , 2", "too many", 5), ("()", "missing before `)`", 1), ("$A # 2", "`#` is not possible", 3),
        ("A + 1", "no function `A`", 0), ("$A (2)", "missing before `(`", 3), ("$A = 1", "not possible", 3), ("abs()", "missing before `)`", 4),
    ],
)  # fmt: skip
def test_what_grafana_does_not_read_is_found_where_it_is(text: str, message: str, offset: int) -> None:
    fault = math_fault(text)
    assert fault is not None
    assert message in fault.message
    assert fault.offset == offset
    assert fault.hint
