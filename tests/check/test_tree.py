"""A whole tree: what is found in it, what is left alone, and what has no place in it."""

import json
import os
from pathlib import Path

import pytest

from dashgen.check.check_tree import validate_paths
from dashgen.core.diagnostics import Severity

from .conftest import Check, expect
from .samples import ALERTING, DASHBOARD, DATA_SOURCES, PROMETHEUS_RULES, TREE, changed


def test_nothing_is_wrong_with_a_good_tree(check: Check) -> None:
    assert check(TREE) == []


def test_a_missing_path_is_reported(tmp_path: Path) -> None:
    found = validate_paths([tmp_path / "nowhere"], show=str)
    assert expect(found, "file/unreadable", "no such file or folder").hint == "check the path"


def test_a_dangling_link_is_reported(tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to(tmp_path / "nowhere")
    expect(validate_paths([tmp_path / "link.json"], show=str), "file/unreadable", "symbolic link to nothing")


def test_loops_of_symbolic_links_end(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "self.json").symlink_to(tmp_path / "self.json")
    (tmp_path / "a" / "d.json").write_text(json.dumps(changed(DASHBOARD, "title", "")))
    found = validate_paths([tmp_path], show=lambda p: p.name)
    assert sorted(d.rule for d in found) == ["dashboard/file-name", "dashboard/title", "file/unreadable"]


def test_an_unreadable_file_is_reported(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("dashgen.check.check_files.read_regular", refuse)
    expect(check({"d.json": "{}"}, "d.json"), "file/unreadable", "permission denied")


def test_an_unreadable_folder_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path) -> list[Path]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    expect(validate_paths([tmp_path], show=str), "file/unreadable", "permission denied")


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    expect(validate_paths([tmp_path / "pipe.json"], show=str), "file/unreadable", "not a regular file")


OTHER_FILES = {
    "package.json": '{"name": "web"}',
    "tsconfig.json": "{ // with comments\n}",
    "compose.yaml": "services: {app: {image: x}}",
    "prometheus.yml": "global: {scrape_interval: 15s}\nscrape_configs: []",
    "specs/dashboard.yaml": "kind: Dashboard\ntitle: x",
    "helm.yaml": "{{ if .Values.x }}\na: 1\n{{ end }}",
    "list.json": "[1, 2]",
    "weaver.yaml": "templates: [{pattern: a}]\npolicies: [x]\nproviders: [{name: aws}]\ndatasources: [1]",
    "notes.md": "# Notes",
    "empty.yaml": "",
}


def test_other_files_are_left_alone(check: Check) -> None:
    expect(check(OTHER_FILES), "file/none", "nothing was checked")


def test_a_named_file_that_is_nothing_is_reported(check: Check) -> None:
    found = check({"package.json": OTHER_FILES["package.json"]}, "package.json")
    assert expect(found, "file/unknown", "nothing was checked").severity is Severity.WARNING


def test_a_named_file_that_is_broken_is_reported(check: Check) -> None:
    found = check({"tsconfig.json": OTHER_FILES["tsconfig.json"]}, "tsconfig.json")
    assert str(expect(found, "json/syntax", "property name").location) == "tsconfig.json:1:3"


def test_a_file_named_twice_is_checked_once(check: Check) -> None:
    files = {"x/d.json": changed(changed(DASHBOARD, "title", ""), "uid", "d")}
    expect(check(files, "x", "x/d.json", "."), "dashboard/title", "cannot be empty")


KINDS = [
    ("alerting by content", "any/file.yaml", ALERTING),
    ("alerting as JSON", "provisioning/alerting/file.json", ALERTING),
    ("data sources by content", "any/file.yml", DATA_SOURCES),
    ("Prometheus rules by content", "any/rules.yaml", PROMETHEUS_RULES),
]


@pytest.mark.parametrize(("path", "content"), [k[1:] for k in KINDS], ids=[k[0] for k in KINDS])
def test_what_a_file_is_shows_in_its_content(check: Check, path: str, content: dict) -> None:
    expect(check({path: changed(content, "extra", 1)}), f"{_family(content)}/unknown-key", "`extra`")


def _family(content: dict) -> str:
    return "rules" if content is PROMETHEUS_RULES else "provisioning"


def test_a_second_document_is_reported(check: Check) -> None:
    text = json.dumps(DATA_SOURCES) + "\n---\napiVersion: 1\n"
    found = check({"provisioning/datasources/a.yaml": text})
    assert str(expect(found, "file/second-document", "ignored silently").location).endswith("a.yaml:3:1")


def test_broken_yaml_is_reported_where_grafana_would_read_it(check: Check) -> None:
    found = check({"provisioning/alerting/a.yaml": "groups: [\n"})
    assert [d.rule for d in found] == ["yaml/syntax"]


def test_an_empty_provisioning_file_is_reported(check: Check) -> None:
    expect(
        check({"provisioning/alerting/a.yaml": "# nothing\n"}, "provisioning/alerting/a.yaml"),
        "file/empty",
        "empty",
    )


def test_a_dashboard_in_a_file_with_another_suffix_is_reported(check: Check) -> None:
    found = check({"dashboards/x/mission-control.JSON": DASHBOARD})
    assert {d.rule for d in found} == {"dashboard/file-name"}


def test_findings_are_ordered_by_file_and_line(check: Check) -> None:
    broken = changed(changed(DASHBOARD, "panels.1.options.legnd", {}), "colour", 1)
    found = check({"b/mission-control.json": broken, "a.yaml": changed(DATA_SOURCES, "extra", 1)})
    places = [(d.location.file, d.location.span.line) for d in found if d.location and d.location.span]
    assert places == sorted(places)
    assert len(places) == 3


def test_a_large_dashboard_is_noticed_wherever_it_is(check: Check) -> None:
    found = check({"anywhere/d.json": b'{"panels": [], "title": "' + b"x" * 17_000_000 + b'"}'})
    expect(found, "file/too-large", "16 MB")


def test_a_large_file_that_is_no_dashboard_is_left_alone(check: Check) -> None:
    expect(
        check({"anywhere/data.json": b'["' + b"x" * 17_000_000 + b'"]'}), "file/none", "nothing was checked"
    )
