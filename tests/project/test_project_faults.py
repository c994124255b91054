"""What is odd about a project, its file or its output is said, not passed over."""

import os
from pathlib import Path

import pytest

from tests.project.project import Project, new_project, run

SOURCES = "kind: DataSources\ndatasources:\n  loki: {{url: 'http://l:3100'{loki}}}\n  prometheus: {{url: 'http://p:9090'{prometheus}}}\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return new_project(tmp_path)


def found(project: Project) -> list[str]:
    return [f"{one.location} {one.rule}" for one in project.build().diagnostics]


@pytest.mark.parametrize(
    ("more", "finding"),
    [
        ("defaults: {panels: {timeserie: {fill: 1}}}", "dashgen.yaml:2:21 panel/type"),
        ("defaults: {panels: {acme-flow-panel: {}}}", ""),
        ("environments: {prod: {}}\ntargets: {p: {url: 'https://g', env: prd}}", "dashgen.yaml:3:38 environment/unknown"),
        ("targets: {p: {url: grafana.example.com}}", "dashgen.yaml:2:20 project/target"),
        ("targets: {p: {url: 'https://grafana.example.com'}}", ""),
        ("vars: {limit: 1}\nenvironments: {prod: {vars: {limits: 2}}}", "dashgen.yaml:3:30 project/variable"),
        ("vars: {limit: 1}\nenvironments: {prod: {vars: {cluster: eu}}}", ""),
        ("defaults: 5", "dashgen.yaml:2:11 spec/type"),
        ("defaults: [panel]", "dashgen.yaml:2:11 spec/type"),
        ("defaults: {timeseries: {fill: 1}}", "dashgen.yaml:2:12 spec/unknown-key"),
        ("grafana: latest", "dashgen.yaml:2:10 spec/value"),
        ("grafana: 12.4.3", ""),
    ],
)  # fmt: skip
def test_a_project_file_that_means_nothing_is_an_error(project: Project, more: str, finding: str) -> None:
    project.write("dashgen.yaml", f"specs: [specs]\n{more}\n")
    assert found(project) == ([finding] if finding else [])


def test_an_alias_that_an_environment_misspells_is_shown_the_right_one(project: Project) -> None:
    project.write("specs/datasources.yaml", SOURCES.format(loki="", prometheus=", default: true"))
    project.write(
        "dashgen.yaml", "specs: [specs]\nenvironments: {prod: {datasources: {prometeus: prom-prod}}}\n"
    )
    report = project.build(environment="prod")
    assert [one.hint for one in report.diagnostics] == ["did you mean `prometheus`?"]


@pytest.mark.parametrize(
    ("loki", "prometheus", "source"),
    [("", "", None), (", default: true", "", "loki"), ("", ", default: true", "prometheus")],
)
def test_no_data_source_of_several_is_taken_unless_one_is_the_default(
    project: Project, loki: str, prometheus: str, source: str | None
) -> None:
    project.write("specs/datasources.yaml", SOURCES.format(loki=loki, prometheus=prometheus))
    rules = {line.split()[1] for line in found(project)}
    assert ("datasource/missing" in rules) == (source is None)


def test_a_link_to_a_dashboard_that_no_spec_defines_is_an_error_unless_it_is_an_address(
    project: Project,
) -> None:
    head = "kind: Dashboard\nuid: d\ntitle: D\n"
    project.write(
        "specs/d.yaml",
        head + "links: [{title: x, dashboard: nope}]\npanels: [{title: A, query: up, drill_down: onee}]\n",
    )
    report = project.build()
    assert report.failed
    assert [(str(one.location), one.hint) for one in report.diagnostics] == [
        ("specs/d.yaml:4:31", "write `url: /d/nope` for a dashboard that is not in the specs"),
        ("specs/d.yaml:5:44", "did you mean `one`?"),
    ]
    project.write(
        "specs/d.yaml",
        head + "links: [{title: x, url: /d/nope}]\npanels: [{title: A, query: up, drill_down: one}]\n",
    )
    assert found(project) == []


def test_a_file_in_the_output_that_no_spec_makes_is_named(project: Project) -> None:
    assert project.run("build").code == 0
    stray = project.output / "dashboards/old.json"
    stray.write_text("{}")
    for _ in range(2):
        done = project.run("build", "--check")
        assert (done.code, "dashboards/old.json: no spec makes this file" in done.out) == (1, True), done
    done = project.run("build")
    assert (done.code, "warning[output/stray]" in done.err) == (0, True)
    assert stray.exists()
    stray.unlink()
    assert project.run("build", "--check").code == 0


def test_line_endings_that_git_changed_are_said_to_be_that(project: Project) -> None:
    project.run("build")
    path = project.output / "dashboards/one.json"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    done = project.run("build", "--check")
    assert (done.code, "line endings (CRLF)" in done.out) == (1, True), done


def test_specs_that_would_not_be_read_are_named(project: Project) -> None:
    for name in ("x.json", "x.YAML", "README.md"):
        project.write(f"specs/{name}", "{}")
    assert found(project) == ["specs/x.YAML file/ignored", "specs/x.json file/ignored"]


def test_a_spec_folder_is_no_output(project: Project) -> None:
    done = project.run("build", "--out", str(project.root / "specs/gen"))
    assert (done.code, "inside the spec folder `specs`" in done.err) == (2, True), done
    assert not (project.root / "specs/gen").exists()


def test_a_folder_without_a_project_says_how_to_get_one(tmp_path: Path) -> None:
    done = run("build", "-C", str(tmp_path))
    assert (done.code, "there is no dashgen.yaml here or above" in done.err, "dashgen init" in done.err) == (
        1,
        True,
        True,
    )
    done = run("build", "-C", str(tmp_path / "nowhere"))
    assert (done.code, "nowhere" in done.err) == (2, True), done


def test_places_are_those_of_where_one_stands(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write("specs/deep/wrong.yaml", "kind: Dashboard\nuid: d\ntitle: D\ntme: 1h\n")
    (project.root / ".git").mkdir()
    for folder, place in (
        ("", "specs/deep/wrong.yaml:4:1"),
        ("specs/deep", "wrong.yaml:4:1"),
        ("specs", "deep/wrong.yaml:4:1"),
        ("..", f"{project.root.name}/specs/deep/wrong.yaml:4:1"),
    ):
        monkeypatch.chdir(project.root / folder)
        done = run("validate", "-C", str(project.root))
        assert f"--> {place}\n" in done.out
        assert "4 | tme: 1h" in done.out
        assert (
            "::error title=spec/unknown-key,file=specs/deep/wrong.yaml,line=4"
            in project.run("validate", "--format", "github").out
        )


def test_annotations_of_github_start_at_the_root_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    project = new_project(tmp_path / "infra/dash")
    project.write("specs/wrong.yaml", "kind: Dashboard\nuid: d\ntitle: D\ntme: 1h\n")
    assert "file=infra/dash/specs/wrong.yaml,line=4" in project.run("validate", "--format", "github").out


def test_what_cannot_be_read_or_holds_nothing_is_no_clean_answer(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/readme.txt").write_text("x")
    for name in ("empty", "notes"):
        done = run("validate", str(tmp_path / name))
        assert (done.code, "nothing was checked" in done.out) == (0, True), done
        assert run("validate", "--strict", str(tmp_path / name)).code == 1
    (tmp_path / "dashboards").mkdir()
    (tmp_path / "dashboards/l.json").symlink_to("/nowhere/at/all")
    done = run("validate", str(tmp_path / "dashboards"))
    assert (done.code, "file/unreadable" in done.out) == (1, True), done


def test_a_full_disk_is_one_line(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    import subprocess
    import sys

    if not os.path.exists("/dev/full"):  # noqa: PTH110
        pytest.skip("this system has no /dev/full")
    with open("/dev/full", "w") as full:  # noqa: PTH123
        for words in (["--help"], ["list", "-C", str(tmp_path)]):
            done = subprocess.run(
                [sys.executable, "-m", "dashgen", *words],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
            assert (done.returncode, "no space left" in done.stderr, "Traceback" in done.stderr) == (
                2,
                True,
                False,
            ), done.stderr


@pytest.mark.parametrize(
    ("component", "rules"),
    [
        ("panel: {titel: x}", ["spec/unknown-key"]),
        (
            "panel: {type: stat, title: '${{ t }}', decimals: many, fill: '${{ f }}'}",
            ["spec/unknown-key", "spec/type"],
        ),
        ("panel: {type: '${{ kind }}', anything: 1}", []),
        ("panels: [{title: A, query: '${{ q }}'}, {title: B, quer: x}]", ["spec/unknown-key"]),
        (
            "row: {title: R, panels: [{titel: x}, {use: other}], colapsed: true}",
            ["spec/unknown-key", "spec/unknown-key"],
        ),
        ("rule: {alert: A, query: '${{ q }}', wen: above 1}", ["spec/unknown-key"]),
        ("variable: {name: v, type: custom, values: '${{ v }}', hid: label}", ["spec/unknown-key"]),
        ("query: {query: '${{ q }}', legend: '${{ l }}', instant: 3}", ["spec/type"]),
        (
            "panel: {title: A, tags: '${{ t }}', queries: [{for_each: [a], query: '${{ item }}'}]}",
            ["spec/unknown-key"],
        ),
        (
            "panel: {title: '${{ t }}', queries: [{query: '${{ q }}'}], overrides: [{name: '${{ n }}', unit: s}]}",
            [],
        ),
    ],
)
def test_mistakes_in_a_component_that_nobody_uses_are_found(
    project: Project, component: str, rules: list[str]
) -> None:
    project.write("specs/parts.yaml", f"kind: Components\ncomponents:\n  lonely:\n    {component}\n")
    assert sorted(line.split()[1] for line in found(project)) == sorted(rules)
    assert all("parts.yaml:4:" in line for line in found(project))


def test_a_component_that_is_used_is_said_once(project: Project) -> None:
    project.write(
        "specs/parts.yaml", "kind: Components\ncomponents:\n  used:\n    panel: {titel: x, query: up}\n"
    )
    project.write("specs/d.yaml", "kind: Dashboard\nuid: d\ntitle: D\npanels: [{use: used}]\n")
    assert found(project) == ["specs/parts.yaml:4:13 spec/unknown-key"]
