"""What Grafana itself remembers of a push: machines that remember nothing know what is theirs."""

import shutil
from copy import deepcopy

import pytest

from dashgen.sync.push.ledger import TAG
from dashgen.sync.push.normal_items import SCHEME
from tests.grafana.fake import FakeGrafana, Fault, FaultKind, When
from tests.sync.support import Project

EVENTS = "kind: Annotations\nevents:\n  - {title: Sale, key: sale, at: 2026-05-01}\n"
CHANGES = (
    ("specs/sources.yaml", "prometheus:9090", "prometheus:9091"),
    ("specs/alerts.yaml", "for: 5m", "for: 6m"),
    ("specs/notices.yaml", "office@example.com", "desk@example.com"),
    ("specs/notices.yaml", "[saturday, sunday]", "[sunday]"),
    ("specs/notices.yaml", ".Status", ".Receiver"),
    ("specs/notices.yaml", "severity: critical", "severity: page"),
    ("specs/folders.yaml", "title: Alerts", "title: Alarms"),
    ("specs/events.yaml", "title: Sale", "title: Summer sale"),
)


def _forgetful(project: Project) -> None:
    shutil.rmtree(project.folder / ".dashgen")


def _notes(fake: FakeGrafana) -> list[str]:
    return [item["text"] for item in fake.store.annotations.values() if TAG in item["tags"]]


def _push_with_events(project: Project) -> None:
    project.write("specs/events.yaml", EVENTS)
    done = project.push()
    assert done.code == 0, done.stdout + done.stderr


@pytest.fixture
def pushed(everywhere: Project) -> Project:
    everywhere.start_from(_push_with_events)
    return everywhere


def test_everything_that_changed_in_the_specs_is_pushed_without_memory(pushed):
    for file, old, new in CHANGES:
        pushed.change(file, old, new)
    pushed.change("specs/alerts.yaml", "folder: Sales/Alerts", "folder: Sales/Alarms")
    _forgetful(pushed)
    done = pushed.push()
    assert done.code == 0, done.stdout
    assert "8 updated" in done.stdout
    _forgetful(pushed)
    pushed.fake.log.clear()
    assert (pushed.push().code, pushed.fake.log.writes) == (0, [])


def _edit_everything(fake: FakeGrafana) -> None:
    store = fake.store
    store.data_sources["prometheus"]["url"] = "http://mine:9090"
    next(iter(store.rules.values()))["for"] = "1h"
    store.contact_points["office-email"]["settings"]["addresses"] = "mine@example.com"
    store.mute_timings["weekend"]["time_intervals"] = [{"weekdays": ["monday"]}]
    store.templates["short"]["template"] = '{{ define "short" }}mine{{ end }}'
    store.policies["group_by"] = ["team"]
    store.folders["sales"].title = "Mine"
    next(a for a in store.annotations.values() if "event:sale" in a["tags"])["text"] = "Mine"


@pytest.mark.parametrize("changed", [True, False])
def test_what_others_edited_is_refused_without_memory(pushed, changed):
    for file, old, new in CHANGES if changed else ():
        pushed.change(file, old, new)
    _edit_everything(pushed.fake)
    before = deepcopy(pushed.fake.store.__dict__ | {"lock": None, "numbers": None})
    _forgetful(pushed)
    done = pushed.run("push", "--url", pushed.fake.url, "--only", "sale")
    assert done.code == 4
    done = pushed.push()
    assert done.code == 4, done.stdout
    kinds = ("data_sources", "rules", "contact_points", "mute_timings", "templates", "policies")
    for kind in kinds:
        assert getattr(pushed.fake.store, kind) == before[kind], kind
    assert pushed.fake.store.folders["sales"].title == "Mine"
    assert done.stdout.count("it was edited in Grafana since the last push") == 8


def test_an_edit_back_to_what_was_pushed_is_no_edit(pushed):
    source = pushed.fake.store.data_sources["prometheus"]
    source["url"] = "http://mine:9090"
    assert pushed.push().code == 4
    source["url"] = "http://prometheus:9090"
    pushed.change("specs/sources.yaml", "prometheus:9090", "prometheus:9091")
    _forgetful(pushed)
    assert pushed.push().code == 0


def test_a_note_is_one_annotation_that_no_graph_shows(project, fake):
    project.start_pushed()
    notes = [item for item in fake.store.annotations.values() if TAG in item["tags"]]
    assert len(notes) == 10
    assert all(item["time"] < 949_000_000_000 and not item["dashboardUID"] for item in notes)
    for number in range(6):
        text = ".Status }}" + "x" * number
        project.change("specs/notices.yaml", f"{text}{{{{ end", f"{text}x{{{{ end")
        assert project.push().code == 0
    assert len(_notes(fake)) == 10
    assert max(text.count(f'"{SCHEME}') for text in _notes(fake)) == 4


def test_who_may_not_annotate_pushes_all_the_same(project, fake):
    fake.fail(Fault(FaultKind.STATUS, When.BEFORE, status=403, path="/api/annotations", times=99))
    assert project.push().code == 0
    assert _notes(fake) == []
    project.change("specs/notices.yaml", ".Status", ".Receiver")
    assert project.push().code == 0
    _forgetful(project)
    project.change("specs/notices.yaml", ".Receiver", ".Status")
    assert project.push().code == 4


def test_what_cannot_be_noted_is_not_written(project, fake):
    project.start_pushed()
    project.change("specs/notices.yaml", ".Status", ".Receiver")
    fake.fail(Fault(FaultKind.STATUS, When.BEFORE, status=400, path="/api/annotations/", times=1))
    done = project.push()
    assert done.code == 1
    assert ".Status" in fake.store.templates["short"]["template"]
    assert project.push().code == 0


def test_annotations_of_others_with_the_tag_are_left_alone(project, fake):
    for number, text in enumerate(("mine", '{"kind": 1}', "[" * 10_000)):
        fake.store.annotations[900 + number] = {
            "id": 900 + number, "time": 946_684_800_001, "timeEnd": 946_684_800_001, "text": text,
            "tags": [TAG], "dashboardUID": "",
        }  # fmt: skip
    assert project.push().code == 0
    assert fake.store.annotations[900]["text"] == "mine"


def test_notes_go_with_what_is_deleted(project, fake):
    project.write("specs/events.yaml", EVENTS)
    project.push()
    for name in ("notices", "alerts", "events"):
        (project.folder / f"specs/{name}.yaml").unlink()
    done = project.push("--prune", "--yes")
    assert done.code == 0, done.stdout
    assert "deleted event `sale`" in done.stdout
    left = "".join(_notes(fake))
    assert '"kind":"folder"' in left
    assert not any(
        f'"kind":"{kind}"' in left for kind in ("template", "rule-group", "event", "contact-point")
    )
    assert len(fake.store.annotations) == len(_notes(fake))


REFUSED = (400, 403, 409, 412, 422, 500)
KINDS = {
    "folder": ("specs/folders.yaml", "title: Alerts", "title: Alarms", "PUT", "/api/folders/"),
    "data source": ("specs/sources.yaml", "prometheus:9090", "prometheus:9091", "PUT", "/api/datasources/"),
    "rule group": ("specs/alerts.yaml", "for: 5m", "for: 6m", "PUT", "/rule-groups/"),
    "contact point": (
        "specs/notices.yaml",
        "office@example.com",
        "desk@example.com",
        "PUT",
        "/contact-points/",
    ),
    "mute timing": ("specs/notices.yaml", "[saturday, sunday]", "[sunday]", "PUT", "/mute-timings/"),
    "template": ("specs/notices.yaml", ".Status", ".Receiver", "PUT", "/templates/"),
    "policies": ("specs/notices.yaml", "severity: critical", "severity: page", "PUT", "/policies"),
    "dashboard": ("specs/shop.yaml", "query: up", "query: up == 1", "PUT", "/dashboards/plain"),
    "event": ("specs/events.yaml", "title: Sale", "title: Summer sale", "PATCH", "/api/annotations"),
}
"""Of each kind a change of its spec, and the request that writes it."""


def _change(project: Project, kind: str) -> None:
    file, old, new, _, _ = KINDS[kind]
    project.change(file, old, new)
    if kind == "folder":
        project.change("specs/alerts.yaml", "Sales/Alerts", "Sales/Alarms")


def _refuse(fake: FakeGrafana, kind: str, status: int) -> None:
    *_, method, path = KINDS[kind]
    fake.fail(Fault(FaultKind.STATUS, When.BEFORE, status=status, method=method, path=path, times=99))


@pytest.mark.parametrize("remembers", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_what_grafana_refused_is_pushed_next_time_without_force(project, fake, kind, remembers):
    project.write("specs/events.yaml", EVENTS)
    assert project.push().code == 0
    noted = sorted(_notes(fake))
    _change(project, kind)
    for status in REFUSED:
        _refuse(fake, kind, status)
        refused = project.push()
        assert refused.code != 0
        # Had the refusal before left a mark, this would be somebody's edit now.
        assert "edited in Grafana" not in refused.stdout, (status, refused.stdout)
        fake.faults.clear()
        if not remembers:
            _forgetful(project)
    if kind != "event":
        assert sorted(_notes(fake)) == noted
    done = project.push()
    assert done.code == 0, done.stdout


@pytest.mark.parametrize("remembers", [True, False])
def test_policies_that_grafana_refused_at_the_first_push_are_still_nobody_s(project, fake, remembers):
    _refuse(fake, "policies", 400)
    assert project.push().code != 0
    fake.faults.clear()
    if not remembers:
        _forgetful(project)
    assert not [text for text in _notes(fake) if '"policies"' in text]
    project.change("specs/notices.yaml", "severity: critical", "severity: page")
    done = project.push()
    assert done.code == 0, done.stdout
