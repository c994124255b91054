"""Template variables of every type, from the spec to Grafana's JSON."""

from typing import Any

import msgspec
import pytest

from dashgen.compile.lower.lower_variables import lower_variable
from dashgen.formats.dashboard.variable_json import migrate_variable
from dashgen.formats.dashboard.variable_queries import variable_query
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.settled_dashboard import SettledVariable
from dashgen.model.variable_spec import VARIABLE_TYPES

PROMETHEUS = DataSourceRef("prometheus", "prom")


def _built(kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    variable = msgspec.convert({"name": "v", **spec}, VARIABLE_TYPES[kind])
    source = PROMETHEUS if kind in {"query", "adhoc"} else None
    json = migrate_variable(
        lower_variable(SettledVariable(variable, ("variables", 0), source)).to_json_data()
    )
    assert json == migrate_variable(json)
    assert json.pop("name") == "v"
    return json


CHOICE = {"multi": False, "includeAll": False, "hide": 0}
QUERY = {
    **CHOICE,
    "type": "query",
    "current": {},
    "datasource": {"type": "prometheus", "uid": "prom"},
    "definition": "label_values(up, job)",
    "options": [],
    "query": {"qryType": 1, "query": "label_values(up, job)", "refId": "PrometheusVariableQueryEditor-VariableQuery"},
    "refresh": 2,
    "regex": "",
    "sort": 1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("spec", "changed"),
    [
        ({}, {}),
        ({"default": "a"}, {"current": {"text": "a", "value": "a"}}),
        ({"default": "all", "include_all": True, "all_value": ".*"},
         {"current": {"text": "All", "value": "$__all"}, "includeAll": True, "allValue": ".*"}),
        ({"default": "all", "include_all": True, "multi": True},
         {"current": {"text": ["All"], "value": ["$__all"]}, "includeAll": True, "multi": True}),
        ({"default": ["a", "b"], "multi": True}, {"current": {"text": ["a", "b"], "value": ["a", "b"]}, "multi": True}),
        ({"label": "Job", "description": "Which.", "hide": "label", "regex": "/a/", "sort": "natural", "refresh": "load"},
         {"label": "Job", "description": "Which.", "hide": 1, "regex": "/a/", "sort": 7, "refresh": 1}),
    ],
)  # fmt: skip
def test_a_query_variable(spec: dict[str, Any], changed: dict[str, Any]) -> None:
    assert _built("query", {"query": "label_values(up, job)", **spec}) == {**QUERY, **changed}


def _option(text: str, value: str, *, selected: bool = False) -> dict[str, Any]:
    return {"selected": selected, "text": text, "value": value}


@pytest.mark.parametrize(
    ("kind", "spec", "expected"),
    [
        ("custom", {"values": ["a", "b,c"]}, {
            **CHOICE, "type": "custom", "query": "a,b\\,c", "current": {"text": "a", "value": "a"},
            "options": [_option("a", "a", selected=True), _option("b,c", "b,c")]}),
        ("custom", {"values": {"Free tier": "free", "Pro": "pro"}, "default": "pro"}, {
            **CHOICE, "type": "custom", "query": "Free tier : free,Pro : pro", "current": {"text": "Pro", "value": "pro"},
            "options": [_option("Free tier", "free"), _option("Pro", "pro", selected=True)]}),
        ("custom", {"values": ["a", "b"], "multi": True, "include_all": True}, {
            **CHOICE, "multi": True, "includeAll": True, "type": "custom", "query": "a,b",
            "current": {"text": ["All"], "value": ["$__all"]},
            "options": [_option("All", "$__all", selected=True), _option("a", "a"), _option("b", "b")]}),
        ("interval", {"values": ["1m", "1h"], "default": "1h", "auto": True, "auto_count": 10, "auto_min": "1m"}, {
            "type": "interval", "hide": 0, "query": "1m,1h", "refresh": 2, "auto": True, "auto_count": 10, "auto_min": "1m",
            "current": {"text": "1h", "value": "1h"}, "options": [_option("1m", "1m"), _option("1h", "1h", selected=True)]}),
        ("datasource", {"plugin": "prometheus", "regex": "/prod/"}, {
            **CHOICE, "type": "datasource", "query": "prometheus", "regex": "/prod/", "refresh": 1, "current": {}, "options": []}),
        ("textbox", {"default": "x", "hide": "variable"}, {
            "type": "textbox", "hide": 2, "query": "x", "current": {"text": "x", "value": "x"}, "options": [_option("x", "x", selected=True)]}),
        ("textbox", {}, {
            "type": "textbox", "hide": 0, "query": "", "current": {"text": "", "value": ""}, "options": [_option("", "", selected=True)]}),
        ("constant", {"value": "eu"}, {
            "type": "constant", "hide": 2, "skipUrlSync": True, "query": "eu", "current": {"text": "eu", "value": "eu"}}),
        ("adhoc", {"filters": [{"key": "tier", "operator": "=", "value": "pro"}]}, {
            "type": "adhoc", "hide": 0, "datasource": {"type": "prometheus", "uid": "prom"},
            "filters": [{"key": "tier", "operator": "=", "value": "pro"}]}),
    ],
)  # fmt: skip
def test_a_variable_of_another_type(kind: str, spec: dict[str, Any], expected: dict[str, Any]) -> None:
    assert _built(kind, spec) == expected


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        ("metrics(http_.*)", "prometheus", 2),
        ("query_result(topk(5, up))", "prometheus", 3),
        ("label_names()", "prometheus", 0),
        ("up{job='a'}", "prometheus", 5),
    ],
)
def test_a_prometheus_query_says_what_it_asks_for(text: str, source: str, expected: int) -> None:
    assert variable_query(text, source)["qryType"] == expected


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        ('label_values({app="bot", env="x"}, tier)', "loki", {"type": 1, "label": "tier", "stream": '{app="bot", env="x"}'}),
        ("label_values(tier)", "loki", {"type": 1, "label": "tier", "stream": ""}),
        ("label_names()", "loki", {"type": 0, "label": "", "stream": ""}),
        ("label_values(service.name)", "tempo", {"type": 1, "label": "service.name"}),
    ],
)  # fmt: skip
def test_loki_and_tempo_ask_for_labels(text: str, source: str, expected: dict[str, Any]) -> None:
    query = variable_query(text, source)
    query.pop("refId")
    assert query == expected


def test_other_data_sources_take_text() -> None:
    assert variable_query("SHOW TAG VALUES", "influxdb") == "SHOW TAG VALUES"
