"""Variables with the values that a dashboard opens with."""

from typing import Any

import pytest

from dashgen.doctor.live.live_variables import Interpolation, values_of
from dashgen.doctor.live.time_window import Window

WINDOW = Window(1_700_000_000.0, 1_700_003_600.0, 15.0)


def _variable(**more: Any) -> dict[str, Any]:
    return {"type": "custom", "name": "v", **more}


def _filled(
    template: str, *variables: dict[str, Any], language: str = "prometheus", **options: list[str]
) -> str:
    dashboard = {"uid": "home", "title": "Home", "templating": {"list": list(variables)}}
    return Interpolation(values_of(dashboard, options), WINDOW, dashboard, language)(template)


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ({"current": {"value": "pro"}}, "pro"),
        ({"current": {"value": ["pro"]}, "multi": True}, "pro"),
        ({"current": {"value": ["pro", "a.b"]}, "multi": True}, "(pro|a\\\\.b)"),
        ({"current": {"value": ["$__all"]}, "includeAll": True, "allValue": ".*"}, ".*"),
        ({"current": {"value": "$__all"}, "includeAll": True, "query": "a,b"}, "(a|b)"),
        ({"current": {"value": ["$__all"]}, "includeAll": True, "type": "query"}, ".*"),
        ({"query": "free, pro"}, "free"),
        ({"query": "Free : 0, Pro : 1"}, "0"),
        ({"options": [{"value": "$__all"}, {"value": "x"}]}, "x"),
        ({"type": "interval", "current": {"value": "1h"}}, "1h"),
        ({"type": "textbox", "query": "", "current": {"value": ""}}, ""),
        ({"type": "textbox", "query": "err"}, "err"),
        ({"type": "constant", "query": "7"}, "7"),
        ({"current": {"value": 7}}, "7"),
        ({"type": "query", "includeAll": True}, ".*"),
    ],
)
def test_a_variable_has_its_current_or_its_first_value(variable: dict[str, Any], expected: str) -> None:
    assert _filled("$v", _variable(**variable)) == expected


def test_options_that_a_server_gave_count() -> None:
    query = _variable(type="query")
    assert _filled("$v", query, v=["b", "a"]) == "b"
    everything = _variable(type="query", includeAll=True, current={"value": ["$__all"]})
    assert _filled("$v", everything, v=["b", "a"]) == "(b|a)"


def test_a_query_without_a_value_is_unknown_and_stays() -> None:
    dashboard = {"templating": {"list": [_variable(type="query")]}}
    values = values_of(dashboard, {})
    filling = Interpolation(values, WINDOW, dashboard)
    assert filling('up{a="$v"} + $other') == 'up{a="$v"} + $other'
    assert (values.unknown, filling.unfilled) == (("v",), ["v", "other"])


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("${v}", "(a.b|c)".replace(".", "\\\\.")),
        ("[[v]]", "(a\\\\.b|c)"),
        ("${v:raw}", "a.b,c"),
        ("${v:csv}", "a.b,c"),
        ("${v:pipe}", "a.b|c"),
        ("${v:regex}", "(a\\.b|c)"),
        ("${v:glob}", "{a.b,c}"),
        ("${v:json}", '["a.b", "c"]'),
        ("${v:text}", "a.b + c"),
        ("${v:doublequote}", '"a.b","c"'),
        ("${v:singlequote}", "'a.b','c'"),
        ("${v:percentencode}", "%7Ba.b%2Cc%7D"),
    ],
)
def test_a_format_says_how_several_values_are_written(written: str, expected: str) -> None:
    several = _variable(multi=True, current={"value": ["a.b", "c"]})
    assert _filled(written, several) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("rate(a[$__rate_interval])", "rate(a[1m])"),
        ("[$__interval] [${__interval}]", "[15s] [15s]"),
        ("[$__range] $__range_s $__range_ms", "[3600s] 3600 3600000"),
        ("$__interval_ms", "15000"),
        ("$__from ${__to}", "1700000000000 1700003600000"),
        ("${__from:date}", "2023-11-14T22:13:20.000Z"),
        ("${__from:date:seconds}", "1700000000"),
        ("$__dashboard ${__dashboard.uid} ${__user.login}", "Home home 1"),
        ("[$__auto_interval_v]", "[2m]"),
        ('label_replace(a, "b", "$1", "c", "(.*)")', 'label_replace(a, "b", "$1", "c", "(.*)")'),
        ("nothing", "nothing"),
    ],
)
def test_grafanas_own_variables_are_known(written: str, expected: str) -> None:
    assert _filled(written) == expected


REGIONS = (
    '[{"text": "Europe", "value": "eu", "zone": "eu-1"}, {"text": "America", "value": "us", "zone": "us.2"},'
    ' {"value": "asia"}]'
)


@pytest.mark.parametrize(
    ("current", "template", "expected"),
    [
        ("eu", "${v.zone} ${v} ${v.text} ${v:text}", "eu-1 eu Europe Europe"),
        ("asia", "${v.zone}", "asia"),
        (["eu", "us"], "${v.zone}", "(eu-1|us\\\\.2)"),
        (["eu", "us"], "${v.zone:csv}", "eu-1,us.2"),
        (["$__all"], "${v.zone:csv} ${v:csv}", "eu-1,us.2 eu,us,asia"),
    ],
)
def test_a_value_may_have_parts_with_names(current: Any, template: str, expected: str) -> None:
    regions = _variable(
        query=REGIONS, valuesFormat="json", current={"value": current}, multi=True, includeAll=True
    )
    assert _filled(template, regions) == expected


def test_a_copy_has_the_parts_of_its_value() -> None:
    regions = _variable(query=REGIONS, valuesFormat="json", current={"value": ["$__all"]}, includeAll=True)
    dashboard = {"templating": {"list": [regions]}}
    copy = values_of(dashboard, {}).with_value("v", "us", "America")
    assert Interpolation(copy, WINDOW, dashboard, "text")("${v.zone} in $v") == "us.2 in America"


def test_loki_steps_by_itself() -> None:
    assert _filled("[$__auto]", language="loki") == "[15s]"


def test_tempo_takes_alternatives_without_brackets() -> None:
    several = _variable(multi=True, current={"value": ["a", "b"]})
    assert _filled("$v", several, language="tempo") == "a|b"


def test_plain_data_is_filled_everywhere() -> None:
    filling = Interpolation(values_of({}, {}), WINDOW, {})
    assert filling.tree({"a": ["$__range", 7, None], "b": {"c": "$__interval"}}) == {
        "a": ["3600s", 7, None],
        "b": {"c": "15s"},
    }
