"""Notifications over `/apis` through whole commands: push, diff, status, prune, rollback; inhibition rules are one kind of them."""

from collections.abc import Iterator

import pytest

from tests.grafana.fake import FakeGrafana
from tests.sync.support import NOTICES, Project

INHIBITIONS = """\
inhibition_rules:
  many-errors:
    source: {alertname: FewOrders}
    target: {severity: warning}
"""


@pytest.fixture(params=["13.0.1", "13.3.0"])
def project(request, tmp_path, addresses) -> Iterator[Project]:
    with FakeGrafana(version=request.param, address=addresses(request.param)) as fake:
        project = Project(tmp_path, fake)
        project.write("dashgen.yaml", 'specs: [specs]\ngrafana: "13.3"\n')
        project.write("specs/notices.yaml", NOTICES + INHIBITIONS)
        yield project


def pushed(project: Project) -> Project:
    done = project.push()
    assert done.code == 0, done.stdout + done.stderr
    project.fake.log.clear()
    return project


def test_a_second_push_writes_nothing_and_nothing_differs(project):
    pushed(project)
    store = project.fake.store
    assert sorted(store.inhibition_rules) == ["many-errors"]
    assert sorted(store.contact_points) == ["office-email", "ops-slack"]
    assert store.policies["routes"][0]["object_matchers"] == [["severity", "=", "critical"]]
    assert (project.push().code, project.fake.log.writes) == (0, [])
    for command in ("diff", "status"):
        done = project.run(command, "--url", project.fake.url)
        assert done.code == 0, done.stdout
    assert not [call for call in project.fake.log if "/provisioning/contact-points" in call.path]


def test_a_changed_inhibition_rule_is_told_in_words_and_pushed(project):
    pushed(project)
    project.change(
        "specs/notices.yaml",
        "target: {severity: warning}",
        "target: {severity: [warning, info]}\n    equal: cluster",
    )
    done = project.run("diff", "--url", project.fake.url)
    assert "inhibition rule" in done.stdout
    assert "severity = warning" in done.stdout
    assert "labels that have to be equal" in done.stdout
    assert project.push().code == 0
    assert project.fake.store.inhibition_rules["many-errors"]["spec"]["equal"] == ["cluster"]
    assert (project.push().code, len(project.fake.log.writes)) == (0, 1 + _notes(project))


def _notes(project: Project) -> int:
    return sum("/annotations" in call.path for call in project.fake.log.writes)


def test_an_edit_in_grafana_is_a_conflict_and_stays(project):
    pushed(project)
    spec = project.fake.store.inhibition_rules["many-errors"]["spec"]
    spec["equal"] = ["mine"]
    project.change("specs/notices.yaml", "target: {severity: warning}", "target: {severity: info}")
    done = project.push()
    assert done.code == 4, done.stdout
    assert project.fake.store.inhibition_rules["many-errors"]["spec"]["equal"] == ["mine"]
    status = project.run("status", "--url", project.fake.url)
    assert "many-errors" in status.stdout
    assert project.push("--force").code == 0
    assert "equal" not in project.fake.store.inhibition_rules["many-errors"]["spec"]


def test_what_no_spec_defines_any_more_is_pruned_and_comes_back(project):
    pushed(project)
    before = {name: rule["spec"] for name, rule in project.fake.store.inhibition_rules.items()}
    project.write("specs/notices.yaml", NOTICES.replace("weekend", "holiday"))
    assert project.push("--prune", "--yes").code == 0
    assert project.fake.store.inhibition_rules == {}
    assert sorted(project.fake.store.mute_timings) == ["holiday"]
    done = project.run("rollback", "--url", project.fake.url)
    assert done.code == 0, done.stdout
    assert {name: rule["spec"] for name, rule in project.fake.store.inhibition_rules.items()} == before


def test_secrets_are_in_no_output_and_no_file(project):
    pushed(project)
    project.fake.store.contact_points["ops-slack"]["settings"]["title"] = "edited"
    done = project.run("diff", "--url", project.fake.url)
    assert "s3cr3t" not in done.stdout + done.stderr
    for path in project.folder.rglob("*"):
        assert not path.is_file() or b"s3cr3t" not in path.read_bytes(), path


def test_a_rotated_secret_is_pushed_alone(project):
    pushed(project)
    done = project.push(SLACK_URL="https://hooks.slack.test/other")
    assert done.code == 0
    stored = project.fake.store.contact_points["ops-slack"]["settings"]
    assert stored["url"] == "https://hooks.slack.test/other"
    paths = [call.path for call in project.fake.log.writes if "/annotations" not in call.path]
    assert len(paths) == 1
    assert "/receivers/" in paths[0]


def test_an_older_grafana_refuses_inhibition_rules_with_the_versions_that_have_them(tmp_path, addresses):
    with FakeGrafana(version="12.4.3", address=addresses("")) as fake:
        project = Project(tmp_path, fake)
        project.write("specs/notices.yaml", NOTICES + INHIBITIONS)
        done = project.push()
        assert done.code == 4, done.stdout
        assert "Grafana 12.4.3 has no inhibition rules; 13 and newer has them" in done.stdout
        # All else is pushed.
        assert sorted(fake.store.contact_points) == ["office-email", "ops-slack"]


@pytest.mark.parametrize("edits_at", range(16))
def test_no_edit_is_lost_whatever_happens(project, edits_at):
    """Edits on any of both sides: what only one side changed is there in the end, and a push after a push writes nothing."""
    pushed(project)
    store = project.fake.store
    edits_grafana, edits_timing, edits_tree, edits_specs = (bool(edits_at >> bit & 1) for bit in range(4))
    if edits_grafana:
        store.inhibition_rules["many-errors"]["spec"]["equal"] = ["theirs"]
    if edits_timing:
        store.mute_timings["weekend"] |= {"time_intervals": [{"weekdays": ["friday"]}], "version": "x"}
    if edits_tree:
        store.policies["group_by"] = ["theirs"]
    if edits_specs:
        project.change("specs/notices.yaml", "target: {severity: warning}", "target: {severity: info}")
        project.change("specs/notices.yaml", "[saturday, sunday]", "[sunday]")
    done = project.push()
    edits = edits_grafana or edits_timing or edits_tree
    assert done.code == (4 if edits else 0), done.stdout
    assert (store.inhibition_rules["many-errors"]["spec"].get("equal") == ["theirs"]) is edits_grafana
    weekdays = store.mute_timings["weekend"]["time_intervals"][0]["weekdays"]
    assert weekdays == (["friday"] if edits_timing else ["sunday"] if edits_specs else ["saturday", "sunday"])
    assert (store.policies.get("group_by") == ["theirs"]) is edits_tree
    project.fake.log.clear()
    assert project.push().code == done.code
    assert project.fake.log.writes == []


def test_without_inhibition_rules_in_the_specs_nobody_asks_for_them(project):
    project.write("specs/notices.yaml", NOTICES)
    assert project.push().code == 0
    assert not [call for call in project.fake.log if "inhibitionrules" in call.path]
