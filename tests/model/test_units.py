"""Grafana's units, and what people write for them."""

import pytest

from dashgen.model import units_catalogue
from dashgen.model.units_catalogue import UNITS, is_unit, unit_hint, unit_problem


def test_the_list_is_that_of_grafana() -> None:
    assert len(UNITS) == 273
    assert {
        "s",
        "percentunit",
        "currencyUSD",
        "Bps",
        "reqps",
        "dtdurations",
        "bool_on_off",
        "rotghz",
        "acres",
    } <= UNITS


@pytest.mark.parametrize(("alias", "unit"), units_catalogue._MEANT.items())
def test_each_word_of_people_leads_to_a_unit(alias: str, unit: str) -> None:
    assert unit in UNITS
    assert alias not in UNITS
    assert unit_hint(alias) == f"did you mean `{unit}`?"


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_each_unit_is_one(unit: str) -> None:
    assert is_unit(unit)
    assert unit_problem(unit) is None


@pytest.mark.parametrize(
    ("text", "hint"),
    [("USD", "currencyUSD"), ("eur", "currencyEUR"), ("AED", "`currency:AED`"), ("Percent", "`percent`"), ("PERCENTUNIT", "`percentunit`"),
     ("requests per second", "`reqps`"), ("milisecond", "`ms`"), ("MB/s", "`MBs`"), ("kWh", "`kwatth`"), ("ms/s", "`suffix:ms/s`"),
     ("requests", "`suffix:requests`"), ("foo:bar", "`suffix:foo:bar`"), ("percentage", "`percentunit` where 1")],
)  # fmt: skip
def test_a_unit_of_nobody_gets_a_hint(text: str, hint: str) -> None:
    problem = unit_problem(text)
    assert problem is not None
    assert hint in problem[1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "$unit",
        "${unit}",
        "[[unit]]",
        "suffix:x",
        "prefix:x",
        "time:HH:mm",
        "si:mF",
        "count:x",
        "currency:x",
        "bool:a/b",
    ],
)
def test_forms_and_variables_are_units(text: str) -> None:
    assert is_unit(text)
