"""Every environment is checked, each can have an output of its own, and its data sources are the same everywhere."""

import json
from pathlib import Path

import pytest

from tests.project.project import Project, new_project

ENVIRONMENTS = "environments:\n  dev: {vars: {limit: 1}}\n  prod: {vars: {limit: 2}}\n"
BOARD = "kind: Dashboard\nuid: d\ntitle: D in ${{ environment }}\n"
# No Prometheus is there: what doctor finds of the specs is looked at.
DOCTOR = ("doctor", "--prometheus", "http://127.0.0.1:1", "--timeout", "0.2")
PANELS = "panels: [{title: A, query: up, max: '${{ limit }}'}]\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = new_project(tmp_path)
    project.write("dashgen.yaml", "specs: [specs]\nvars: {limit: 0}\n" + ENVIRONMENTS)
    project.write("specs/d.yaml", BOARD + PANELS)
    return project


def wrong_in_prod(project: Project) -> None:
    project.write("specs/d.yaml", BOARD + "overlays: {prod: {refrsh: 1m}}\n" + PANELS)


@pytest.mark.parametrize(
    "words",
    [
        ("build",),
        ("build", "--check"),
        ("validate",),
        ("validate", "--env", "all"),
        ("diff",),
        ("list",),
        ("list", "dashboard", "--format", "json"),
        ("explain", "d"),
        ("explain", "d/a"),
    ],
)
def test_a_mistake_in_the_overlay_of_one_environment_is_found_by_every_command(
    project: Project, words: tuple[str, ...]
) -> None:
    assert project.run("build").code == 0
    wrong_in_prod(project)
    before = project.files()
    done = project.run(*words)
    assert done.code > 0, done
    if "json" in words:
        [only] = json.loads(done.out)["diagnostics"]
        assert (only["location"]["file"], only["location"]["line"], only["environments"]) == (
            "specs/d.yaml",
            4,
            ["prod"],
        )
    else:
        assert "specs/d.yaml:4:19" in done.out + done.err
        assert "= in: prod" in done.out + done.err
    assert project.files() == before


@pytest.mark.parametrize("settings", ["", "outputs: per-environment\n"])
def test_doctor_says_of_an_overlay_what_a_build_says(project: Project, settings: str) -> None:
    project.write("dashgen.yaml", "specs: [specs]\nvars: {limit: 0}\n" + settings + ENVIRONMENTS)
    assert project.run("build").code == 0
    done = project.run(*DOCTOR)
    assert "files in generated match the specs" in done.out, done
    wrong_in_prod(project)
    done = project.run(*DOCTOR)
    assert (done.code > 0, "specs/d.yaml:4:19" in done.out) == (True, True), done


@pytest.mark.parametrize(
    "words",
    [("build", "--check"), ("validate",), ("list",), ("explain", "d"), ("explain", "d/a"), DOCTOR],
)
def test_what_is_ignored_with_a_reason_is_ignored_by_every_command(
    project: Project, words: tuple[str, ...]
) -> None:
    contract = "kind: Metrics\nmetrics: {up: {type: gauge, help: Up.}, http_requests_total: {type: counter, help: R.}}\n"
    project.write("specs/metrics.yaml", contract)
    head = "specs: [specs]\nvars: {limit: 0}\n" + ENVIRONMENTS + "severities: {query/metric: %s}\n"
    project.write("dashgen.yaml", head % "error")
    panel = "panels:\n  - {title: A, query: nosuch}"
    project.write("specs/d.yaml", BOARD + panel + "\n")
    done = project.run(*words)
    assert (done.code > 0, "specs/d.yaml:5:23" in done.out + done.err) == (True, True), done
    project.write("specs/d.yaml", BOARD + panel + "  # dashgen: ignore query/metric: of another team\n")
    assert project.run("build").code == 0
    is_doctor = words is DOCTOR
    done = project.run(*words)
    assert (done.code > 0, "nosuch" in done.out + done.err) == (is_doctor, False), done
    project.write("specs/d.yaml", BOARD + panel + "\n")
    project.write("dashgen.yaml", head % "off")
    assert project.run("build").code == 0
    done = project.run(*words)
    assert (done.code > 0, "nosuch" in done.out + done.err) == (is_doctor, False), done


def test_a_file_that_cannot_be_read_is_an_error_after_a_sound_look(project: Project) -> None:
    assert project.run("validate").code == 0
    (project.root / "specs/away.yaml").symlink_to("/etc/hostname")
    for words in (("validate",), ("list",), ("build", "--check")):
        done = project.run(*words)
        assert (done.code, "out of the project" in done.out + done.err) == (1, True), done


def test_one_environment_alone_is_checked_when_it_is_chosen(project: Project) -> None:
    wrong_in_prod(project)
    assert project.run("validate", "--env", "dev").code == 0
    done = project.run("validate", "--env", "prod")
    assert done.code == 1
    assert "= in:" not in done.out


def test_what_is_wrong_everywhere_is_said_once_and_of_no_environment(project: Project) -> None:
    project.write("specs/d.yaml", BOARD + "refrsh: 1m\n" + PANELS)
    [only] = json.loads(project.run("validate", "--format", "json").out)["diagnostics"]
    assert "environments" not in only
    wrong_in_prod(project)
    [only] = json.loads(project.run("validate", "--format", "json").out)["diagnostics"]
    assert only["environments"] == ["prod"]


def test_a_second_look_remembers_what_the_first_found(project: Project) -> None:
    project.write(
        "specs/d.yaml", BOARD + "overlays: {prod: {refresh: 1m}}\n" + PANELS.replace("up", "up{a=~'.*'}")
    )
    first = project.build().diagnostics
    assert project.build().diagnostics == first
    wrong_in_prod(project)
    assert [one.rule for one in project.build().diagnostics] == ["spec/unknown-key"]


def test_what_an_environment_ignores_is_not_unused_in_the_others(project: Project) -> None:
    project.write(
        "specs/metrics.yaml",
        "kind: Metrics\nmetrics: {up: {type: gauge, help: Up.}, http_requests_total: {type: counter, help: R.}}\n",
    )
    ignore = "  # dashgen: ignore query/metric: only there\n"
    project.write(
        "specs/e.yaml",
        "kind: Dashboard\nuid: e\ntitle: E\npanels:\n"
        + ignore
        + "  - {title: A, query: nosuch, when_env: prod}\n",
    )
    assert [one.rule for one in project.build().diagnostics] == []
    project.write(
        "specs/e.yaml",
        "kind: Dashboard\nuid: e\ntitle: E\npanels:\n"
        + ignore
        + "  - {title: A, query: up, when_env: prod}\n",
    )
    assert [one.rule for one in project.build().diagnostics] == ["ignore/unused"]


def test_each_environment_can_have_an_output_of_its_own(project: Project) -> None:
    project.write("dashgen.yaml", "specs: [specs]\noutputs: per-environment\n" + ENVIRONMENTS)
    done = project.run("build")
    assert done.code == 0, done
    titles = {
        name: json.loads((project.output / name / "dashboards/d.json").read_text())["title"]
        for name in ("dev", "prod")
    }
    assert titles == {"dev": "D in dev", "prod": "D in prod"}
    assert not (project.output / "dashboards").exists()
    assert project.run("build", "--check").code == 0
    assert project.run("validate").code == 0
    (project.output / "prod/dashboards/d.json").unlink()
    done = project.run("build", "--check")
    assert (done.code, "generated/prod/dashboards/d.json: missing" in done.out) == (1, True), done
    assert project.run("build", "--env", "dev").code == 0
    assert not (project.output / "prod/dashboards/d.json").exists()
    wrong_in_prod(project)
    assert project.run("build").code == 1
    assert not (project.output / "prod/dashboards/d.json").exists()


def test_an_environment_is_no_way_out_of_the_output(project: Project) -> None:
    project.write(
        "dashgen.yaml",
        "specs: [specs]\noutputs: per-environment\nenvironments: {'../../out': {vars: {limit: 1}}}\n",
    )
    for words in (("build",), ("build", "--env", "../../out")):
        done = project.run(*words)
        assert (done.code, "cannot be a folder's name" in done.err) == (2, True), done
    assert not (project.root.parent / "out").exists()


def test_a_command_about_one_output_asks_which(project: Project) -> None:
    project.write("dashgen.yaml", "specs: [specs]\noutputs: per-environment\n" + ENVIRONMENTS)
    done = project.run("diff")
    assert (done.code, "`--env dev`, `--env prod`" in done.err) == (2, True), done
    assert project.run("diff", "--env", "dev").code in {0, 1}


@pytest.mark.parametrize(
    ("sources", "uid"),
    [
        ("datasources: {prometheus: {url: 'http://p:9090', default: true}}", "prometheus"),
        ("datasources: [{name: Prometheus, type: prometheus, uid: prom, url: 'http://p:9090', default: true}]", "prom"),
        ("datasources: [{alias: prometheus, type: prometheus, uid: x1, url: 'http://p:9090', default: true}]", "x1"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("given", ["prom-prod", "prometheus/prom-prod"])
def test_the_uid_of_an_environment_is_the_one_that_is_provisioned(
    project: Project, sources: str, uid: str, given: str
) -> None:
    project.write("specs/datasources.yaml", f"kind: DataSources\n{sources}\n")
    project.write(
        "dashgen.yaml",
        f"specs: [specs]\nvars: {{limit: 0}}\nenvironments:\n  prod: {{datasources: {{prometheus: {given}}}}}\n",
    )
    project.write(
        "specs/r.yaml",
        "kind: AlertRules\ngroup: g\nfolder: F\nrules:\n  - {alert: A, query: up, when: above 1}\n",
    )
    for environment, wanted in ((None, uid), ("prod", "prom-prod")):
        report = project.build(environment=environment)
        assert report.diagnostics == []
        board = json.loads(project.files()["dashboards/d.json"])
        assert board["panels"][0]["targets"][0]["datasource"]["uid"] == wanted
        assert f"uid: {wanted}\n" in project.files()["provisioning/datasources/dashgen.yaml"].decode()
        assert f"datasourceUid: {wanted}\n" in project.files()["provisioning/alerting/rules.yaml"].decode()
        assert project.run("validate", str(project.output)).code == 0
