"""Ad hoc filters in the queries of their data source."""

from typing import Any

import pytest

from dashgen.doctor.live.adhoc_filters import AdhocFilter, adhoc_filters, with_filters
from dashgen.doctor.live.live_variables import values_of

PROMETHEUS, LOKI = ("prometheus", "p"), ("loki", "l")


def _variable(
    *filters: dict[str, Any], kind: str = "prometheus", uid: str = "p", **more: Any
) -> dict[str, Any]:
    source = {"type": kind, "uid": uid}
    return {"type": "adhoc", "name": "filters", "datasource": source, "filters": list(filters), **more}


def _condition(label: str, operator: str, value: str = "", **more: Any) -> dict[str, Any]:
    return {"key": label, "operator": operator, "value": value, **more}


PRO = _variable(_condition("tier", "=", "pro"))


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ("up", 'up{tier="pro"}'),
        ("up{}", 'up{tier="pro"}'),
        ("up { }", 'up {tier="pro" }'),
        ('up{a="b"}', 'up{a="b", tier="pro"}'),
        ('up{a="b",}', 'up{a="b", tier="pro",}'),
        ("rate(up[5m] offset 1d) / sum(down)", 'rate(up{tier="pro"}[5m] offset 1d) / sum(down{tier="pro"})'),
        ('{__name__="up"}', '{__name__="up", tier="pro"}'),
        ('{"a.b"}', '{"a.b", tier="pro"}'),
        ("vector(1)", "vector(1)"),
        ("sum(up", "sum(up"),
    ],
)
def test_every_selector_gets_the_condition(expr: str, expected: str) -> None:
    assert with_filters(expr, PROMETHEUS, adhoc_filters(PRO)) == expected


@pytest.mark.parametrize(
    ("condition", "matcher"),
    [
        (_condition("a", "!=", "x"), 'a!="x"'),
        (_condition("a", "=~", "x.*"), 'a=~"x.*"'),
        (_condition("a", "!~", "x"), 'a!~"x"'),
        (_condition("a", "=|", values=["x.y", "z"]), 'a=~"x\\\\.y|z"'),
        (_condition("a", "!=|", values=["x", "z"]), 'a!~"x|z"'),
        (_condition("a", "=", 'q"\\'), 'a="q\\"\\\\"'),
    ],
)
def test_each_operator_is_a_matcher(condition: dict[str, Any], matcher: str) -> None:
    assert with_filters("up", PROMETHEUS, adhoc_filters(_variable(condition))) == f"up{{{matcher}}}"


@pytest.mark.parametrize(
    "variable",
    [
        _variable(_condition("a", "<", "7")),
        _variable(_condition("", "=", "7")),
        _variable(_condition("a", "=", "7"), uid="other"),
        _variable(_condition("a", "=", "7"), kind="loki", uid=""),
    ],
)
def test_filters_of_other_data_sources_and_operators_change_nothing(variable: dict[str, Any]) -> None:
    assert with_filters("up", PROMETHEUS, adhoc_filters(variable)) == "up"


def test_several_filters_and_those_of_the_base_hold_together() -> None:
    both = _variable(
        _condition("a", "=", "1"), _condition("b", "=", "2"), baseFilters=[_condition("c", "=", "3")]
    )
    assert with_filters("up", PROMETHEUS, adhoc_filters(both)) == 'up{c="3", a="1", b="2"}'


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ('{app="bot"}', '{app="bot", tier="pro"}'),
        ('{app="bot"} |= "x"', '{app="bot", tier="pro"} |= "x"'),
        ('{app="bot"} | json', '{app="bot"} | json | tier="pro"'),
        (
            'sum(rate({app="bot"} | json [5m])) / sum(rate({app="bot"}[5m]))',
            'sum(rate({app="bot"} | json | tier="pro" [5m])) / sum(rate({app="bot", tier="pro"}[5m]))',
        ),
    ],
)
def test_what_a_parser_makes_is_filtered_after_it(expr: str, expected: str) -> None:
    filters = adhoc_filters(_variable(_condition("tier", "=", "pro"), kind="loki", uid="l"))
    assert with_filters(expr, LOKI, filters) == expected


def test_what_somebody_chose_replaces_the_filters_of_the_dashboard() -> None:
    dashboard = {"templating": {"list": [PRO]}}
    values = values_of(dashboard, {}, chosen={"filters": ["region|=~|eu__gfp__us", "broken"]})
    assert values.filters == (AdhocFilter("prometheus", "p", "region", "=~", "eu|us"),)
    assert values.filters[0].written == "region|=~|eu__gfp__us"
    assert values_of(dashboard, {}).filters[0].value == "pro"
    assert values_of(dashboard, {}).unknown == ()
