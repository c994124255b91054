"""Rule groups of Grafana become documents."""

from typing import Any

from dashgen.compile.settle.settle_data_sources import Sources
from dashgen.importer.rules.grafana_groups import api_groups, file_groups, grafana_documents, listed_groups
from dashgen.importer.rules.recording import recording_keys
from dashgen.importer.rules.rule_document import ImportedRules, NamesInUse
from tests.importer.rules.support import AROUND, KNOWN, over_time, query, rule, threshold

RULE = rule(query("a"), threshold("A", "gt", 5), noDataState="OK")
PROJECT = Sources(KNOWN, default="prometheus")


def imported(groups: list[Any], project: Sources = PROJECT, **chosen: str) -> ImportedRules:
    """The documents of groups."""
    result = ImportedRules("x.yaml")
    grafana_documents(groups, result, project, chosen, NamesInUse())
    return result


def test_a_group_of_a_file_keeps_its_folder_and_interval() -> None:
    data = {"groups": [{"orgId": 1, "name": "g", "folder": "F", "interval": "120s", "rules": [RULE]}]}
    (document,) = imported(file_groups(data)).documents
    assert {key: document[key] for key in ("group", "folder", "interval", "outputs")} == {
        "group": "g",
        "folder": "F",
        "interval": "2m",
        "outputs": ["grafana"],
    }


def test_doubled_dollars_of_a_file_are_single_ones() -> None:
    spoken = {**RULE, "title": "Costs $$5", "labels": {"who": "{{ $$labels.user }}"}}
    (document,) = imported(
        file_groups({"groups": [{"name": "g", "folder": "F", "rules": [spoken]}]})
    ).documents
    assert document["rules"][0]["alert"] == "Costs $5"
    assert document["rules"][0]["labels"] == {"who": "{{ $labels.user }}"}


def test_answers_of_the_api_name_folders_by_uid() -> None:
    answer = {"title": "g", "folderUid": "f1", "interval": 30, "rules": [RULE]}
    (document,) = imported(api_groups([answer], {"f1": "Shop"})).documents
    assert (document["folder"], document["interval"]) == ("Shop", "30s")


def test_a_list_of_rules_is_sorted_into_groups() -> None:
    groups = listed_groups([RULE, {**RULE, "ruleGroup": "other", "uid": "b", "title": "B"}], {"shop": "Shop"})
    assert [(group.folder, group.name, len(group.rules)) for group in groups] == [
        ("Shop", "service", 1),
        ("Shop", "other", 1),
    ]


def test_a_foreign_data_source_is_the_projects_only_one_of_its_type() -> None:
    asked = rule({**query('rate({a="b"}[5m])'), "datasourceUid": "elsewhere"}, threshold("A", "gt", 5))
    result = imported(file_groups({"groups": [{"name": "g", "folder": "F", "rules": [asked]}]}))
    assert "datasource" not in result.documents[0]
    assert any("`elsewhere` became `prometheus`" in what for what in result.notes.converted)


def test_an_unknown_data_source_has_to_be_defined() -> None:
    asked = rule({**query('rate({a="b"}[5m])'), "datasourceUid": "elsewhere"}, threshold("A", "gt", 5))
    result = imported(file_groups({"groups": [{"name": "g", "folder": "F", "rules": [asked]}]}), Sources({}))
    assert ("prometheus", "elsewhere") in result.notes.sources.values()


def test_a_data_source_may_be_named_by_the_user() -> None:
    asked = rule({**query('rate({a="b"}[5m])'), "datasourceUid": "elsewhere"}, threshold("A", "gt", 5))
    result = imported(
        file_groups({"groups": [{"name": "g", "folder": "F", "rules": [asked]}]}), elsewhere="loki"
    )
    assert result.documents[0]["datasource"] == "loki"


def test_a_folder_that_cannot_be_kept_is_reported() -> None:
    result = imported(file_groups({"groups": [{"name": "g", "folder": "", "rules": [RULE]}]}))
    assert result.documents[0]["folder"] == "Imported"
    assert result.notes.converted


def test_a_recording_rule_of_grafana() -> None:
    record = {"metric": "a:b", "from": "A", "targetDatasourceUid": "loki-uid"}
    words, leftovers = recording_keys(
        {"uid": "r", "title": "a:b", "record": record, "data": [query("a")]}, AROUND
    )
    assert words == {"record": "a:b", "query": "a", "grafana": True, "target": "loki", "uid": "r"}
    assert leftovers == []


def test_a_recording_rule_with_another_title_says_that_it_is_lost() -> None:
    record = {"metric": "a:b", "from": "A", "targetDatasourceUid": "prometheus-uid"}
    _, leftovers = recording_keys(
        {"uid": "r", "title": "Other", "record": record, "data": [query("a")]}, AROUND
    )
    assert [left.what for left in leftovers] == ["`title` of a recording rule, for which there is no key"]


def test_a_recorded_expression_has_no_keys() -> None:
    record = {"metric": "a:b", "from": "C", "targetDatasourceUid": "prometheus-uid"}
    rule_of = {"uid": "r", "title": "a:b", "record": record, "data": [query("a"), threshold("A", "gt", 1)]}
    assert recording_keys(rule_of, AROUND)[0] == {}
    over = {"uid": "r", "title": "a:b", "record": {**record, "from": "A"}, "data": [over_time("a")]}
    assert recording_keys(over, AROUND)[0] == {}


def test_rules_without_a_title_are_left_out_and_reported() -> None:
    result = imported(
        file_groups({"groups": [{"name": "g", "folder": "F", "rules": [{**RULE, "title": ""}, RULE]}]})
    )
    assert (result.rules, result.written) == (2, 1)
    assert any("(no title)" in what for what in result.notes.dropped)


def test_an_unknown_data_source_is_named_by_type_and_uid() -> None:
    model = {"datasource": {"type": "acme-datasource", "uid": "td"}, "refId": "A"}
    entry = {"refId": "A", "datasourceUid": "td", "relativeTimeRange": {"from": 60, "to": 0}, "model": model}
    data = {
        "groups": [{"name": "g", "folder": "F", "interval": "1m", "rules": [rule(entry, threshold("A"))]}]
    }
    document = imported(file_groups(data)).documents[0]
    assert "acme-datasource/td" in (document.get("datasource"), document["rules"][0].get("datasource"))
