"""Whole numbers are text where text is meant; everything else keeps the word of the file in its hint."""

from pathlib import Path

import pytest

from tests.project.project import SOURCES, Project

METRICS = "kind: Metrics\nmetrics: {{a_total: {{type: counter, help: x, labels: {{code: {values}}}}}}}\n"
ALERT = "kind: AlertRules\ngroup: g\nfolder: F\nlabels: {labels}\nrules: [{{alert: A, query: up, when: below 1}}]\n"
DASHBOARD = "kind: Dashboard\nuid: d\ntitle: D\nvariables: [{{type: custom, name: v, values: {values}}}]\npanels: [{{title: A, query: up}}]\n"


def project(tmp_path: Path, text: str) -> Project:
    converted = Project(tmp_path)
    converted.write("specs/s.yaml", SOURCES)
    converted.write("specs/a.yaml", text)
    return converted


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (ALERT.format(labels="{code: 200, more: 007}"), ("rules/prometheus/g.yaml", 'code: "200"', 'more: "007"')),
        (ALERT.format(labels="{code: +5, big: 9007199254740993}"), ("rules/prometheus/g.yaml", 'code: "+5"', '"9007199254740993"')),
        (DASHBOARD.format(values="[1, 5, 10]"), ("dashboards/d.json", '"query": "1,5,10"')),
        (DASHBOARD.format(values="{Low: 1, High: 99}"), ("dashboards/d.json", '"query": "Low : 1,High : 99"')),
    ],
)  # fmt: skip
def test_a_whole_number_is_text_as_it_is_written(tmp_path: Path, text: str, written: tuple[str, ...]) -> None:
    converted = project(tmp_path, text)
    assert [p for p in converted.build().diagnostics if p.severity == "error"] == []
    content = (converted.output / written[0]).read_text()
    assert all(part in content.replace("'", '"') for part in written[1:]), content


def test_label_values_of_a_contract_may_be_numbers(tmp_path: Path) -> None:
    assert project(tmp_path, METRICS.format(values="[200, 404, 500]")).build().diagnostics == []


@pytest.mark.parametrize("number", ["1.10", "0.50", "1e3", "True", "FALSE", "-0.0"])
@pytest.mark.parametrize(
    "text", [METRICS.replace("{values}", "[{value}]"), ALERT.replace("{labels}", "{{x: {value}}}")]
)
def test_the_hint_quotes_what_stands_in_the_file(tmp_path: Path, text: str, number: str) -> None:
    result = project(tmp_path, text.format(value=number)).build().diagnostics
    assert [p.hint for p in result] == [f"quote it if text is meant: '{number}'"]


@pytest.mark.parametrize(("key", "value"), [("for", "5"), ("when", "5"), ("severity", "5")])
def test_a_number_is_no_duration_condition_or_choice(tmp_path: Path, key: str, value: str) -> None:
    text = ALERT.format(labels="{}").replace("when: below 1", "when: below 1" if key != "when" else "")
    converted = project(tmp_path, text.replace("query: up,", f"query: up, {key}: {value},"))
    assert [p for p in converted.build().diagnostics if p.severity == "error"]
