"""A plain scalar means what YAML 1.2's core schema says, and nothing that YAML 1.1 made of it."""

import pytest

from dashgen.source.scalars import plain_scalar
from tests.source.helpers import document

TEXT = [
    "on", "off", "yes", "no", "y", "n", "Yes", "NO", "On", "tRue", "nUll", "none", "None", "nil",
    "22:22", "1:30:00", "190:20:30", "2024-01-01", "2001-12-14t21:59:43.10-05:00",
    "010", "-010", "08", "0x1F", "0x60", "0o14", "00", "1_000", "0b11", "0x", "0xg", "0o8", "0o", "-0x1f", "0X1F",
    "1e", "e3", "1e3e", "1.2.3", "12.4.3", ".", "-", "+", "--1", "1-2", "1,000",
    ".inf", "-.inf", "+.Inf", ".nan", ".NaN", "inf", "nan", "NaN", "Infinity", "1e999", "-1e999", "9223372036854775808", "-9223372036854775809", "99999999999999999999999999",
    "~~", "<<", "=", "1/3", "5m", "30s", "1h30m", "12 ", "true!",
    "٣", "１２", "²", "1\n", "\n",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXT)
def test_what_only_looks_like_another_type_stays_the_text_that_was_typed(text: str) -> None:
    assert plain_scalar(text) == text
    assert isinstance(plain_scalar(text), str)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("~", None), ("null", None), ("Null", None), ("NULL", None),
        ("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False),
        ("0", 0), ("-0", 0), ("+7", 7), ("-19", -19), ("9223372036854775807", 2**63 - 1), ("-9223372036854775808", -(2**63)),
        ("1e3", 1000.0), ("1E3", 1000.0), ("-1e-3", -0.001), ("+1.5e+2", 150.0), ("1.", 1.0), (".5", 0.5), ("-.5", -0.5),
        ("0.90", 0.9), ("0e5", 0.0), ("1e-999", 0.0),
    ],
)  # fmt: skip
def test_null_booleans_and_numbers_are_those_of_yaml_1_2(text: str, value: object) -> None:
    result = plain_scalar(text)
    assert result == value
    assert type(result) is type(value)


def test_a_number_of_absurd_length_stays_text_and_takes_no_time() -> None:
    assert plain_scalar("9" * 5000) == "9" * 5000


@pytest.mark.parametrize("text", ["true", "1e3", "~", "12", "null"])
@pytest.mark.parametrize("form", ['"{}"', "'{}'", "|-\n  {}", ">-\n  {}", "!!str {}"])
def test_quoting_a_scalar_in_any_way_makes_it_text(form: str, text: str) -> None:
    assert document("a: " + form.format(text)).data == {"a": text}


def test_keys_are_always_the_text_that_was_typed() -> None:
    assert document("1: a\non: b\ntrue: c\n0.50: d\n'': e\n~: f").data == {
        "1": "a", "on": "b", "true": "c", "0.50": "d", "": "e", "~": "f",
    }  # fmt: skip
