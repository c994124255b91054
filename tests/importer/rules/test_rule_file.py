"""Rules of Prometheus and Loki in words."""

from typing import Any

import pytest

from dashgen.compile.outputs.rule_files import group_data
from dashgen.compile.settle.settle_data_sources import Sources
from dashgen.importer.rules.built_rules import GroupContext, settled_group
from dashgen.importer.rules.rule_document import ImportedRules, NamesInUse
from dashgen.importer.rules.rule_file import file_rule_keys, plain_file_rule, tidy
from dashgen.importer.rules.rule_file_groups import is_rule_file, rule_file_documents
from dashgen.model.alert_rules import Output
from tests.importer.rules.support import KNOWN, SOURCES

PROJECT = Sources(KNOWN, default="prometheus")


def words(rule: dict[str, Any], output: Output = "prometheus") -> dict[str, Any]:
    """The words, after proof that they build to the same rule."""
    around = GroupContext(sources=SOURCES, default=output)
    produced, leftovers = file_rule_keys(rule, output, around)
    assert produced, leftovers
    group, problems = settled_group(
        {"group": "x", "datasource": output, "outputs": [output], "rules": [produced]}, around
    )
    assert group is not None
    assert problems == []
    (built,) = group_data(group, group.rules, output)["rules"]
    assert plain_file_rule(built, output) == plain_file_rule(rule, output)
    return produced


def documents(*groups: dict[str, Any], **around: Any) -> ImportedRules:
    """The documents of a rule file."""
    imported = ImportedRules("x.yaml")
    project = around.get("project", PROJECT)
    rule_file_documents(
        {"groups": list(groups)},
        imported,
        project,
        around.get("chosen", {}),
        around.get("taken", NamesInUse()),
    )
    return imported


@pytest.mark.parametrize(
    ("expr", "query", "when"),
    [
        ("up == 0", "up", "equals 0"),
        ("(a / b) > 0.1", "a / b", "above 0.1"),
        ("a < 24 * 3600", "a", "below 86400"),
        ("5 <= a", "a", "at least 5"),
        ("a > -1", "a", "above -1"),
        ("absent(up{job='x'})", "up{job='x'}", "absent"),
        ("a > b", "a > b", "present"),
        ("a > 5 and b < 3", "a > 5 and b < 3", "present"),
        ("a != 5", "a != 5", "present"),
        ("a > bool 5", "a > bool 5", "present"),
        ("changes(a[5m])", "changes(a[5m])", "present"),
        ("a > b > 5", "a > b", "above 5"),
        ("absent(a) == 1", "absent(a)", "equals 1"),
        ("a > 1e-9", "a", "above 1e-09"),
        ("a # why\n > 5", "a # why", "above 5"),
    ],
)
def test_the_outermost_comparison_is_the_condition(expr: str, query: str, when: str) -> None:
    built = words({"alert": "X", "expr": expr})
    assert (built["query"], built["when"]) == (query, when)


@pytest.mark.parametrize(
    "expr", ["sum(rate({a=`b`} |= `x > 5` [5m])) > 10", "sum(count_over_time({a=`b`}[5m])) > 0 or vector(1)"]
)
def test_rules_of_loki(expr: str) -> None:
    assert words({"alert": "X", "expr": expr}, "loki")["query"]


def test_everything_in_a_rule_is_in_a_spec() -> None:
    built = words(
        {
            "alert": "X",
            "expr": "a > 1",
            "for": "15m",
            "keep_firing_for": "1h",
            "labels": {"severity": "critical", "team": "shop", "level": 3},
            "annotations": {
                "summary": "{{ $value | humanize }}",
                "description": " padded ",
                "runbook_url": "https://example.com/x",
                "message": "{{ range query `up` }}{{ .Value }}{{ end }}",
            },
        }
    )
    assert built == {
        "alert": "X",
        "query": "a",
        "when": "above 1",
        "for": "15m",
        "keep_firing_for": "1h",
        "severity": "critical",
        "summary": "{{ $value | humanize }}",
        "runbook": "https://example.com/x",
        "labels": {"team": "shop", "level": "3"},
        "annotations": {"description": " padded ", "message": "{{ range query `up` }}{{ .Value }}{{ end }}"},
    }


@pytest.mark.parametrize("length", ["0s", "0", "0m"])
def test_no_duration_is_none(length: str) -> None:
    assert "for" not in words({"alert": "X", "expr": "a > 1", "for": length})


def test_a_recording_rule() -> None:
    rule = {"record": "job:a:sum", "expr": "sum by (job) (a)\n", "labels": {"x": "y"}}
    assert words(rule) == {"record": "job:a:sum", "query": "sum by (job) (a)", "labels": {"x": "y"}}


@pytest.mark.parametrize(
    "rule",
    [
        {"expr": "a > 1"},
        {"alert": "X", "expr": ""},
        {"alert": "X", "expr": "a > 1", "labels": {"__name__": "x"}},
        {"record": "rate{a}", "expr": "a"},
        {"alert": "", "expr": "a"},
        {"alert": "X", "expr": "a > 1", "for": "soon"},
        {"alert": ["X"], "expr": {"a": 1}},
    ],
)
def test_what_cannot_be_a_rule_is_dropped_with_a_reason(rule: dict[str, Any]) -> None:
    built, leftovers = file_rule_keys(rule, "prometheus", GroupContext(sources=SOURCES))
    assert built == {}
    assert leftovers[0].kind == "dropped"


def test_lines_lose_the_indentation_that_they_share() -> None:
    assert tidy("sum(\n      rate(a[5m])\n    )\n    / 2\n") == "sum(\n  rate(a[5m])\n)\n/ 2"
    assert tidy("a{b=`x\n   y`}") == "a{b=`x\n   y`}"


def test_a_group_becomes_a_document() -> None:
    rules = [
        {"alert": "X", "expr": "a > 1", "labels": {"team": "shop", "severity": "warning"}},
        {"alert": "X", "expr": "a > 2", "labels": {"team": "shop", "severity": "critical"}},
        {"alert": "X", "expr": "a > 3", "labels": {"team": "shop"}},
    ]
    result = documents({"name": "g", "interval": "30s", "rules": rules})
    assert result.documents == [
        {
            "kind": "AlertRules",
            "group": "g",
            "interval": "30s",
            "outputs": ["prometheus"],
            "labels": {"team": "shop"},
            "rules": [
                {"alert": "X", "query": "a", "when": "above 1", "severity": "warning"},
                {"alert": "X", "uid": "x-critical", "query": "a", "when": "above 2", "severity": "critical"},
                {"alert": "X", "uid": "x-2", "query": "a", "when": "above 3"},
            ],
        }
    ]
    assert (result.rules, result.written) == (3, 3)


def test_rules_that_only_loki_reads_ask_loki() -> None:
    result = documents({"name": "g", "rules": [{"alert": "X", "expr": "sum(rate({a=`b`} |= `c` [5m])) > 1"}]})
    assert (result.documents[0]["datasource"], result.documents[0]["outputs"]) == ("loki", ["loki"])
    assert result.documents[0]["interval"] == "server"


def test_groups_of_one_name_get_numbers() -> None:
    rule = {"alert": "X", "expr": "a > 1"}
    taken = NamesInUse()
    first = documents({"name": "g", "rules": [rule]}, taken=taken)
    second = documents({"name": "G", "rules": [rule]}, taken=taken)
    assert [first.documents[0]["group"], second.documents[0]["group"]] == ["g", "G-2"]
    assert second.documents[0]["rules"][0]["uid"] == "x-2"


def test_labels_of_a_group_are_labels_of_its_rules_and_other_keys_are_reported() -> None:
    result = documents(
        {
            "name": "g",
            "labels": {"a": "b"},
            "limit": 5,
            "query_offset": "1m",
            "partial": 1,
            "rules": [{"alert": "X", "expr": "a > 1"}],
        }
    )
    assert result.documents[0]["rules"][0]["labels"] == {"a": "b"}
    assert (result.documents[0]["limit"], result.documents[0]["query_offset"]) == (5, "1m")
    assert result.notes.lost() == [("`partial` of a group, for which there is no key", 1)]


def test_a_data_source_that_the_project_lacks_is_reported() -> None:
    result = documents({"name": "g", "rules": [{"alert": "X", "expr": "a > 1"}]}, project=Sources({}))
    assert result.notes.sources == {"prometheus": ("prometheus", "prometheus")}


def test_an_object_of_kubernetes_is_unwrapped() -> None:
    groups = [{"name": "g", "rules": [{"alert": "X", "expr": "a > 1"}]}]
    assert is_rule_file(
        {"apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule", "spec": {"groups": groups}}
    )
    assert not is_rule_file({"groups": [{"rules": [{"title": "x", "data": []}]}]})
    assert not is_rule_file({"groups": []})


def test_a_computed_threshold_is_the_number_that_a_person_would_write() -> None:
    result = words({"alert": "X", "expr": "a > (14.4*0.001)"})
    assert (result["query"], result["when"]) == ("a", "above 0.0144")
