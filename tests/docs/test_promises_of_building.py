"""Promises of the README and the tutorial about specs and what they become."""

import json
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import dashgen
from dashgen.cli.scaffold import write_project
from tests.cli.transcript import run_command
from tests.docs.examples import ROOT
from tests.docs.promises import (
    ALERT,
    CONTRACT,
    SOURCE,
    panel,
    project,
    proves,
)


@proves("derived")
def test_what_a_panel_with_a_title_and_a_query_does_not_have_is_derived(tmp_path: Path) -> None:
    query = "sum by (route) (rate(http_request_duration_seconds_sum[5m]) / rate(http_request_duration_seconds_count[5m]))"
    report = dashgen.compile_project(
        project(tmp_path, metrics=CONTRACT, d=panel(f"title: T\nquery: {query}"))
    )
    assert not report.failed
    built = json.loads((tmp_path / "generated/dashboards/d.json").read_text())["panels"][0]
    assert built["fieldConfig"]["defaults"]["unit"] == "s"
    assert built["targets"][0]["legendFormat"] == "{{route}}"
    assert built["description"] == "Time to answer."
    assert built["gridPos"] == {"h": 8, "w": 24, "x": 0, "y": 0}
    assert built["id"] > 0


MISTAKES = {
    "a query of a panel": ("d", panel('title: T\nquery: "sum(up"'), "6:16"),
    "a query of an alert": ("a", ALERT.replace("sum(queue_depth)", "sum(queue_depth").replace("    panel: d/queue\n", ""), "6:"),
    "two default data sources": (
        "sources", SOURCE.strip()[:-1] + ', other: {type: loki, url: "http://l", default: true}}\n', "2:"),
    "a secret in the file": (
        "n", "kind: Notifications\ncontact_points: {ops: {slack: {url: https://hooks.slack.com/services/T/B/x}}}\n", "2:"),
    "a contact point that is not there": (
        "n", "kind: Notifications\npolicies: {contact_point: nobody}\n", "2:"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
@proves("errors")
def test_what_grafana_would_die_of_or_fail_at_is_an_error_in_the_spec(name: str, tmp_path: Path) -> None:
    file, text, position = MISTAKES[name]
    ended = run_command(["build"], project(tmp_path, **{file: text}), {})
    assert ended.code == 1
    assert re.search(rf"^error\[.*\n  --> specs/{file}\.yaml:{position}", ended.stderr, re.MULTILINE)
    assert not (tmp_path / "generated").exists()


@proves("one alert")
def test_an_alert_becomes_a_rule_a_rule_file_a_test_and_a_line_on_its_panel(tmp_path: Path) -> None:
    project(tmp_path, a=ALERT, d=panel("title: Queue\nquery: sum(queue_depth)"))
    assert run_command(["build"], tmp_path, {}).code == 0
    built = tmp_path / "generated"
    (group,) = yaml.safe_load((built / "provisioning/alerting/rules.yaml").read_text())["groups"]
    assert [rule["title"] for rule in group["rules"]] == ["Many"]
    (group,) = yaml.safe_load((built / "rules/prometheus/g.yaml").read_text())["groups"]
    assert [rule["expr"] for rule in group["rules"]] == ["sum(queue_depth) > 5"]
    assert yaml.safe_load((built / "rules/tests/g.yaml").read_text())["tests"][0]["name"] == "Many: fires"
    defaults = json.loads((built / "dashboards/d.json").read_text())["panels"][0]["fieldConfig"]["defaults"]
    assert [step["value"] for step in defaults["thresholds"]["steps"]] == [None, 5]
    assert defaults["custom"]["thresholdsStyle"]["mode"] != "off"


@proves("foreign")
def test_files_that_dashgen_did_not_make_are_checked(tmp_path: Path) -> None:
    rules = "groups: [{name: g, rules: [{alert: A, expr: 'sum(up'}]}]\n"
    (tmp_path / "rules.yml").write_text(rules)
    ended = run_command(["validate", "rules.yml"], tmp_path, {})
    assert (ended.code, "rules.yml:1:" in ended.stdout) == (1, True)


@pytest.mark.external
@proves("failed test")
def test_a_failed_test_is_at_its_line_with_the_times_at_which_the_alert_fires(
    tmp_path: Path, promtool: Any
) -> None:
    assert promtool
    project(
        tmp_path,
        a=ALERT.replace("above 5", "above 5\n    for: 7m"),
        d=panel("title: Queue\nquery: sum(queue_depth)"),
    )
    ended = run_command(["test"], tmp_path, {})
    assert ended.code == 1
    assert "specs/a.yaml:12:" in ended.stderr
    assert "it fires from 7m" in ended.stderr


@proves("hooks")
def test_the_hooks_that_the_readme_names_are_there() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert {"dashgen-build-check", "dashgen-validate"} <= {hook["id"] for hook in hooks}


def _panels(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from value.value if key.value == "panels" else _panels(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _panels(value)


def _lines(file: Path) -> list[int]:
    """How many lines each panel of a spec has, without blank lines and comments."""
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()
    spans = [
        (node.start_mark.line, node.end_mark.line + bool(node.end_mark.column))
        for document in yaml.compose_all(text)
        for node in _panels(document)
    ]
    return [
        sum(bool(line.strip()) and line.strip()[0] != "#" for line in lines[start:end])
        for start, end in spans
    ]


@proves("lines")
def test_a_panel_is_few_lines_of_yaml_for_many_of_json() -> None:
    written = [number for file in (ROOT / "specs/dashboards").glob("*.yaml") for number in _lines(file)]
    built = [
        json.dumps(one, indent=2).count("\n") + 1
        for file in (ROOT / "generated/dashboards").rglob("*.json")
        for one in json.loads(file.read_text(encoding="utf-8"))["panels"]
        if one["type"] != "row"
    ]
    assert 8 <= statistics.median(written) < 9
    assert 100 <= statistics.median(built) < 130


@proves("same bytes")
def test_a_build_gives_the_same_bytes_whatever_the_folder_the_hash_seed_the_locale_and_the_processes(
    tmp_path: Path,
) -> None:
    program = str(Path(sys.executable).with_name("dashgen"))
    trees = []
    for number, (seed, locale) in enumerate((("1", "C.UTF-8"), ("2", "C"))):
        command = [
            program,
            "build",
            "--out",
            str(tmp_path / f"out-{number}" / "generated"),
            "--no-cache",
            "--jobs",
            str(number + 1),
        ]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": f"Etc/GMT+{number}"}
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        out = tmp_path / f"out-{number}" / "generated"
        trees.append(
            {
                f.relative_to(out): f.read_bytes()
                for f in out.rglob("*")
                if f.is_file() and f.name != "dashgen.lock.json"
            }
        )
    assert trees[0]
    assert trees[0] == trees[1]


@proves("starting point")
def test_a_new_project_builds_and_nothing_is_wrong_with_it(tmp_path: Path) -> None:
    write_project(tmp_path)
    for words in (["build"], ["validate", "--strict"], ["build", "--check"]):
        assert run_command(words, tmp_path, {}).code == 0


@pytest.mark.parametrize(
    "mistake",
    [
        "title: T\nquery: up\nunti: s",
        'title: T\nquery: "rate(up"',
        "title: T\nquery: up\ndrill_down: nowhere",
        "title: T\nquery: up\nlinks: [{title: L, dashboard: nowhere}]",
    ],
    ids=["a wrong key", "a query that does not parse", "a drill-down", "a link"],
)
@proves("mistakes")
def test_after_a_mistake_nothing_is_written_and_the_exit_code_is_1(mistake: str, tmp_path: Path) -> None:
    project(tmp_path, d=panel("title: T\nquery: up"))
    assert run_command(["build"], tmp_path, {}).code == 0
    before = {file: file.read_bytes() for file in (tmp_path / "generated").rglob("*") if file.is_file()}
    (tmp_path / "specs/d.yaml").write_text(panel(mistake))
    ended = run_command(["build"], tmp_path, {})
    assert ended.code == 1
    assert "nothing was written" in ended.stderr
    assert {
        file: file.read_bytes() for file in (tmp_path / "generated").rglob("*") if file.is_file()
    } == before
