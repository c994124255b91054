"""Two environments of one project in one Grafana: what one of them pushed is not the other's."""

import shutil

import pytest

from tests.grafana.fake import FakeGrafana
from tests.sync.support import Project

FILES = {
    "dashgen.yaml": "specs: [specs]\nvars: {stage: none}\nenvironments:\n  dev: {vars: {stage: dev}}\n  stage: {vars: {stage: stage}}\n",
    "specs/sources.yaml": 'kind: DataSources\ndatasources:\n  prometheus: {url: "http://prometheus:9090", default: true}\n',
    "specs/shop.yaml": "kind: Dashboard\nuid: d-${{ stage }}\ntitle: D ${{ stage }}\nfolder: Shop\npanels: [{title: A, query: up}]\n",
    "specs/alerts.yaml": (
        "kind: AlertRules\ngroup: g-${{ stage }}\nfolder: Shop\n"
        "rules: [{alert: Down, uid: 'down-${{ stage }}', query: up, when: below 1, outputs: [grafana]}]\n"
    ),
}  # fmt: skip
SAME = {name: text.replace("${{ stage }}", "x") for name, text in FILES.items()}


@pytest.fixture(params=["12.4.3", "10.4.1"])
def two(request, tmp_path):
    with FakeGrafana(version=request.param) as fake:
        yield Project(tmp_path, fake, FILES)


def _push(project, environment, *arguments):
    return project.push("--env", environment, *arguments)


def test_what_another_environment_pushed_is_neither_pruned_nor_moved(two):
    assert _push(two, "stage").code == 0
    shown = _push(two, "dev", "--prune", "--dry-run")
    assert "d-stage" not in shown.stdout
    assert "g-stage" not in shown.stdout
    assert _push(two, "dev", "--prune", "--yes").code == 0
    assert set(two.fake.store.dashboards) == {"d-stage", "d-dev"}
    assert set(two.fake.store.rules) == {"down-stage", "down-dev"}
    for name in ("stage", "dev"):
        two.fake.log.clear()
        assert (_push(two, name, "--prune", "--yes").code, two.fake.log.writes) == (0, [])


def test_each_environment_prunes_its_own(two):
    for name in ("stage", "dev"):
        assert _push(two, name).code == 0
    two.change("specs/shop.yaml", "d-${{ stage }}", "e-${{ stage }}")
    assert _push(two, "dev", "--prune", "--yes").code == 0
    assert set(two.fake.store.dashboards) == {"d-stage", "e-dev"}


def test_a_push_without_an_environment_is_a_memory_of_its_own(two):
    assert _push(two, "stage").code == 0
    assert two.push("--prune", "--yes").code == 0
    assert set(two.fake.store.dashboards) == {"d-stage", "d-none"}


@pytest.mark.parametrize("remembers", [True, False])
def test_one_uid_for_two_environments_is_a_conflict(tmp_path, remembers):
    with FakeGrafana() as fake:
        project = Project(tmp_path, fake, SAME)
        project.change("specs/shop.yaml", "query: up", "query: 'up == ${{ stage | length }}'")
        project.change("specs/alerts.yaml", "below 1", "'below ${{ stage | length }}'")
        assert _push(project, "stage").code == 0
        if not remembers:
            shutil.rmtree(project.folder / ".dashgen")
        done = _push(project, "dev")
        assert done.code == 4, done.stdout
        assert done.stdout.count("it was pushed for the environment `stage`") == 2, done.stdout
        assert _push(project, "dev", "--force").code == 0
        assert _push(project, "dev").code == 0
        assert _push(project, "stage").code == 4


def test_a_target_s_own_environment_is_remembered_by_its_name(tmp_path):
    with FakeGrafana() as fake:
        project = Project(tmp_path, fake, FILES)
        text = (project.folder / "dashgen.yaml").read_text()
        project.write("dashgen.yaml", f"{text}targets:\n  one: {{url: '{fake.url}', env: stage}}\n")
        assert project.run("push", "--target", "one").code == 0
        assert project.push("--env", "dev", "--prune", "--yes").code == 0
        assert set(fake.store.dashboards) == {"d-stage", "d-dev"}
        fake.log.clear()
        assert (project.push("--env", "stage", "--prune", "--yes").code, fake.log.writes) == (0, [])
