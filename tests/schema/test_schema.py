"""The schema for editors: valid, complete, and of one mind with the compiler."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dashgen.compile.lower.panels import panel_types
from dashgen.model.variable_spec import VARIABLE_TYPES
from dashgen.project.schema import PROJECT, SCHEMA_KINDS, editor_schema
from dashgen.source.load import load_file, load_text

ROOT = Path(__file__).parents[2]
SCHEMA = editor_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
PROJECT_VALIDATOR = Draft202012Validator(editor_schema(PROJECT))
SPECS = sorted((ROOT / "specs").rglob("*.yaml"))


def dashboard(panel: str) -> str:
    return f"{{kind: Dashboard, title: D, panels: [{panel}]}}"


def errors(text: str, validator: Draft202012Validator = VALIDATOR) -> list[str]:
    loaded = load_text("spec.yaml", text)
    assert not loaded.diagnostics
    return [e.message for document in loaded.documents for e in validator.iter_errors(document.data)]


@pytest.mark.parametrize("kind", [None, *SCHEMA_KINDS])
def test_each_schema_is_valid_and_leads_nowhere_outside(kind):
    schema = editor_schema(kind)
    Draft202012Validator.check_schema(schema)
    for pointer in _references(schema):
        assert pointer.removeprefix("#/$defs/") in schema["$defs"]


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
def test_the_project_s_own_specs_fit(path):
    for document in load_file(path, path.name).documents:
        assert [e.message for e in VALIDATOR.iter_errors(document.data)] == []


def test_the_project_file_fits():
    document = load_file(ROOT / "dashgen.yaml", "dashgen.yaml").documents[0]
    assert [e.message for e in PROJECT_VALIDATOR.iter_errors(document.data)] == []


@pytest.mark.parametrize("kind", [None, PROJECT])
def test_every_key_is_described(kind):
    schema = editor_schema(kind)
    bare = [f"{owner}: {key}" for owner, key, value in _keys(schema) if not value.get("description")]
    assert bare == []


def test_every_panel_and_variable_type_is_offered():
    types = {owner: value for owner, key, value in _keys(SCHEMA) if key == "type"}
    assert sorted(types["panel"]["anyOf"][0]["enum"]) == sorted(panel_types())
    assert sorted(types["variable"]["anyOf"][0]["enum"]) == sorted(VARIABLE_TYPES)


def test_the_schema_is_the_same_each_time():
    assert json.dumps(editor_schema()) == json.dumps(SCHEMA)


GOOD = {
    "what the panels of a dashboard have in common": "{kind: Dashboard, title: D, defaults: {panel: {height: 4}, panels: {stat: {graph: none}}}}",
    "a panel without a type is a time series": dashboard("{title: A, query: up, fill: 20}"),
    "keys of the panel's type": dashboard("{type: stat, graph: none}"),
    "an expression for a number": dashboard("{title: A, decimals: '${{ digits }}'}"),
    "an expression for true or false": dashboard("{title: A, transparent: '${{ tier == 1 }}'}"),
    "an expression for a choice": dashboard("{type: stat, graph: '${{ graph }}'}"),
    "an expression for a mapping": dashboard("{title: A, thresholds: '${{ limits }}', at: '${{ place }}'}"),
    "an expression for a list": "{kind: Dashboard, title: D, panels: '${{ all }}', tags: '${{ tags }}'}",
    "an expression for an item": "{kind: Dashboard, title: D, rows: ['${{ row }}']}",
    "an expression in a patterned text": "{kind: Dashboard, title: D, uid: 'cost-${{ tier }}', refresh: '${{ r }}'}",
    "an expression for a type": dashboard("{type: '${{ kind }}', title: A, graph: none}"),
    "a component in place of a panel": dashboard("{use: kpi, with: {title: A}, width: 1/3, graph: none}"),
    "a loop over panels": dashboard("{for_each: {tier: [free, pro]}, title: '${{ tier }}'}"),
    "a loop over a list": dashboard("{for_each: [free, pro], title: '${{ item }}'}"),
    "a panel in one environment": dashboard("{title: A, when_env: [staging, prod]}"),
    "control keys on queries": dashboard(
        "{title: A, queries: [{for_each: {q: [1]}, query: up}, {use: errors}]}"
    ),
    "control keys on rows, variables, annotations and links": (
        "{kind: Dashboard, title: D, rows: [{use: r}, {when_env: prod, title: A}], variables: [{use: tier}],"
        " annotations: [{use: deploys}], links: [{for_each: [a], url: '${{ item }}'}]}"
    ),
    "a loop over overrides": dashboard(
        "{title: A, overrides: [{for_each: [a], name: '${{ item }}', color: red}]}"
    ),
    "a document per value": "{kind: Dashboard, title: '${{ t }}', for_each: {t: [a, b]}, when_env: prod}",
    "an overlay": "{kind: Dashboard, title: D, overlays: {prod: {refresh: 1m}}}",
    "a plugin": dashboard("{type: acme-echarts-panel, options: {a: 1}}"),
    "nothing where nothing is meant": dashboard(
        "{title: A, description: null, decimals: null, legend: null}"
    ),
    "rules of both sorts and from a component": (
        "{kind: AlertRules, group: g, rules: [{alert: A, query: up, when: absent},"
        " {record: 'a:b', query: up}, {use: slow, with: {n: 1}}]}"
    ),
    "variables of each sort": (
        "{kind: Dashboard, title: D, variables: [{name: a, query: metrics(up)}, {type: textbox, name: b},"
        " {type: custom, name: c, values: [x]}, {type: constant, name: d, value: x}]}"
    ),
    "components": (
        "{kind: Components, components: {kpi: {params: {title: string, n: {type: integer, default: 1, one_of: [1, 2]}},"
        " panel: {type: stat, title: '${{ title }}'}}, tier: {variable: {query: metrics(up)}}}}"
    ),
}
BAD = {
    "an unknown key of a panel type's defaults": "{kind: Dashboard, title: D, defaults: {panels: {stat: {grph: none}}}}",
    "an unknown key of all panels' defaults": "{kind: Dashboard, title: D, defaults: {panel: {hight: 4}}}",
    "an unknown key of the defaults": "{kind: Dashboard, title: D, defaults: {dashboard: {}}}",
    "an unknown kind": "{kind: Dashbord, title: D}",
    "no kind": "{title: D}",
    "an unknown key of a document": "{kind: Dashboard, title: D, pannels: []}",
    "a missing key": "{kind: Dashboard}",
    "a key of another panel type": dashboard("{type: text, content: A, graph: none}"),
    "an unknown panel type": dashboard("{type: stats}"),
    "a wrong choice": dashboard("{type: stat, graph: aera}"),
    "text for a number": dashboard("{title: A, decimals: many}"),
    "yes for true": dashboard("{title: A, transparent: yes}"),
    "a number for text": dashboard("{title: 5}"),
    "half an expression for a number": dashboard("{title: A, decimals: 'x${{ digits }}'}"),
    "a number out of bounds": dashboard("{title: A, height: 0}"),
    "a malformed uid": "{kind: Dashboard, title: D, uid: a b}",
    "a uid that is too long": f"{{kind: Dashboard, title: D, uid: {'x' * 41}}}",
    "an unknown key beside a component": dashboard("{use: kpi, widht: 8}"),
    "an unknown variable type": "{kind: Dashboard, title: D, variables: [{type: text, name: a}]}",
    "a query variable without a query": "{kind: Dashboard, title: D, variables: [{name: a}]}",
    "a rule without a name": "{kind: AlertRules, group: g, rules: [{query: up, when: absent}]}",
    "an alert without a condition": "{kind: AlertRules, group: g, rules: [{alert: A, query: up}]}",
    "a recording rule with a condition": "{kind: AlertRules, group: g, rules: [{record: a, query: up, when: absent}]}",
    "a plugin with an unknown key": dashboard("{type: acme-echarts-panel, optons: {a: 1}}"),
    "an overlay with an unknown key": "{kind: Dashboard, title: D, overlays: {prod: {refrsh: 1m}}}",
    "a component with two bodies": "{kind: Components, components: {a: {panel: {}, row: {}}}}",
    "a component without a body": "{kind: Components, components: {a: {params: {}}}}",
    "a parameter of an unknown type": "{kind: Components, components: {a: {params: {t: text}, panel: {}}}}",
    "a wrong key in a component's panel": "{kind: Components, components: {a: {panel: {type: stat, grph: none}}}}",
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_it_takes(text):
    assert errors(text) == []


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_it_refuses(text):
    assert errors(text) != []


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("{specs: [specs], defaults: {panel: {height: 8}, panels: {stat: {graph: none}}}}", True),
        ("{defaults: {dashboard: {refresh: 1m}, rule: {for: 5m}}}", True),
        ("{defaults: {panels: {stat: {grph: none}}}}", False),
        ("{defaults: {dashboard: {refrsh: 1m}}}", False),
        ("{outptu: generated}", False),
        ("{format: v3}", False),
    ],
)
def test_project_files(text, good):
    assert (errors(text, PROJECT_VALIDATOR) == []) is good


def _references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*map(_references, value.values()))
    return set().union(*map(_references, value)) if isinstance(value, list) else set()


def _keys(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Every key of every definition, with what is known of it after one step to a shared definition."""
    found = []
    for owner, definition in [("", schema), *schema["$defs"].items()]:
        for key, value in definition.get("properties", {}).items():
            target = schema["$defs"].get(str(value.get("$ref", "")).removeprefix("#/$defs/"), {})
            found.append((owner, key, {**target, **value}))
    return found
