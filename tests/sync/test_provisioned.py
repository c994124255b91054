"""A Grafana that has everything from provisioning files, whose folders have uids of their own."""

from copy import deepcopy

import pytest

from tests.grafana.fake import FakeGrafana
from tests.sync.support import FILES, Project

TREE = "kind: Folder\ntitle: Sales\nuid: sales\ndescription: All that sells.\n---\nkind: Folder\ntitle: Alerts\nuid: alerts\nparent: Sales\n"


@pytest.fixture
def stack(tmp_path):
    """A project whose output was read from files: everything is there, and no push ever was."""
    with FakeGrafana() as pushed, FakeGrafana() as fake:
        project = Project(tmp_path, pushed, {**FILES, "specs/folders.yaml": TREE})
        assert project.push().code == 0
        project.run("build")
        _provision(pushed.store, fake.store)
        project.fake = fake
        for path in (project.folder / ".dashgen/push").glob("*"):
            path.unlink()
        yield project


def _provision(source, store):
    """What is in one Grafana as provisioning files bring it into another."""
    uids = {}
    for folder in sorted(source.folders.values(), key=lambda one: bool(one.parent_uid)):
        uids[folder.uid] = f"random-{folder.title.lower()}"
        created = deepcopy(folder)
        created.uid, created.parent_uid, created.description = (
            uids[folder.uid],
            uids.get(folder.parent_uid, ""),
            "",
        )
        store.folders[created.uid] = created
    for uid, result in source.dashboards.items():
        store.provision(uid, deepcopy(result.spec), f"{uid}.json", folder_uid=uids.get(result.folder_uid, ""))
    for uid, rule in source.rules.items():
        store.rules[uid] = {**deepcopy(rule), "folderUID": uids[rule["folderUID"]], "provenance": "file"}
    store.intervals = {(uids[folder], name): length for (folder, name), length in source.intervals.items()}
    store.data_sources = {
        uid: {**deepcopy(one), "readOnly": True} for uid, one in source.data_sources.items()
    }
    store.data_source_secrets = deepcopy(source.data_source_secrets)
    for name in ("contact_points", "mute_timings", "templates"):
        setattr(store, name, {key: {**deepcopy(one), "provenance": "file"} for key, one in getattr(source, name).items()})  # fmt: skip
    store.policies = {**deepcopy(source.policies), "provenance": "file"}


def _run(stack, command, *arguments):
    return stack.run(command, "--url", stack.fake.url, *arguments)


def test_everything_is_in_sync(stack):
    shown = _run(stack, "status")
    assert shown.code == 0, shown.stdout
    assert "ahead" not in shown.stdout
    assert _run(stack, "diff").code == 0
    assert _run(stack, "pull").stdout == "nothing to pull\n"
    stack.fake.log.clear()
    assert (_run(stack, "push").code, stack.fake.log.writes) == (0, [])


def test_that_a_folder_has_another_uid_is_said(stack):
    message = "the folder `Sales` has the uid `random-sales` in Grafana, and `sales` in its spec"
    assert message in _run(stack, "status").stderr


CHANGES = {
    "rule group": ("specs/alerts.yaml", "for: 5m", "for: 6m"),
    "data source": ("specs/sources.yaml", "prometheus:9090", "prometheus:9091"),
    "contact point": ("specs/notices.yaml", "office@example.com", "desk@example.com"),
    "mute timing": ("specs/notices.yaml", "[saturday, sunday]", "[sunday]"),
    "template": ("specs/notices.yaml", ".Status", ".Receiver"),
    "notification policies": ("specs/notices.yaml", "severity: critical", "severity: page"),
    "dashboard": ("specs/shop.yaml", "query: up", "query: up == 1"),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_what_differs_is_managed_by_provisioning_and_never_written(stack, kind):
    stack.change(*CHANGES[kind])
    shown = _run(stack, "status")
    assert shown.code == 4, shown.stdout
    (line,) = [line for line in shown.stdout.splitlines() if "managed elsewhere" in line]
    assert kind in line
    assert "it is managed by" in line
    assert "provisioning file" in line
    stack.fake.log.clear()
    assert (_run(stack, "push", "--force").code, stack.fake.log.writes) == (4, [])


def test_a_rule_group_that_is_not_there_yet_is_ahead(stack):
    stack.fake.store.rules.clear()
    assert "ahead" in _run(stack, "status").stdout
