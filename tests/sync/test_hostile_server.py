"""A server that means harm: it reaches no other host, no file outside of the memory, and no terminal."""

import pytest

from tests.grafana.fake import FakeGrafana, Fault, FaultKind, When
from tests.grafana.fake.folders import _new
from tests.sync.support import Project

EVIL = "\x1b[31mred\x1b]0;title\x07\u202e../../../../tmp/evil\r\n"
COMMANDS = (
    ("status", "--unmanaged"), ("diff",), ("diff", "--format", "json"), ("diff", "--unmanaged"),
    ("push", "--dry-run"), ("push", "--force"), ("rollback",),
)  # fmt: skip


def _run(project: Project) -> None:
    before = _outside(project)
    for arguments in COMMANDS:
        done = project.run(*arguments, "--url", project.fake.url)
        assert done.code in (0, 1, 3, 4), (arguments, done.stderr)
        for harm in ("\x1b", "\u202e", "\x07", "Traceback"):
            assert harm not in done.stdout + done.stderr, arguments
    assert _outside(project) == before


def _outside(project: Project) -> list[str]:
    result = [path for path in project.folder.parent.rglob("*") if ".dashgen" not in path.parts]
    return sorted(map(str, result))


def test_names_and_texts_steer_no_terminal_and_lead_to_no_file(everywhere):
    everywhere.start_pushed()
    store = everywhere.fake.store
    store.edit("shop", title=EVIL, description=EVIL, tags=[EVIL])
    panels = store.dashboards["plain"].spec["panels"]
    store.edit("plain", panels=[{**panel, "title": EVIL, "type": EVIL} for panel in panels])
    _new(store, "../../evil", EVIL, "sales")
    store.provision("..%2f..%2fevil", {"title": EVIL, "panels": []}, EVIL, folder_uid="sales", edits=True)
    for rule in store.rules.values():
        rule |= {"title": EVIL, "ruleGroup": "../" + rule["ruleGroup"], "annotations": {EVIL: EVIL}}
    store.contact_points["office-email"]["name"] = EVIL
    store.templates["short"]["template"] = EVIL
    store.data_sources["prometheus"]["url"] = EVIL
    _run(everywhere)


@pytest.mark.parametrize(
    "kind", [FaultKind.DEEP, FaultKind.HUGE_UNDECLARED, FaultKind.CUT_JSON, FaultKind.HTML]
)
def test_bombs_in_place_of_answers_are_said_in_a_sentence(project, fake, kind, monkeypatch):
    project.start_pushed()
    monkeypatch.setattr("dashgen.project.targets.Limits", _small)
    for path in (
        "/api/folders$",
        "/api/annotations$",
        "dashboards",
        "datasources",
        "alert-rules",
        "policies",
    ):
        fake.faults.clear()
        fake.fail(Fault(kind, When.AFTER, path=path, method="GET", times=99, size=3 * 2**20))
        for arguments in (("status",), ("push",)):
            done = project.run(*arguments, "--url", fake.url)
            assert done.code in (1, 3), (path, arguments, done.stdout)
            assert "Traceback" not in done.stderr


def _small(**options):
    from dashgen.servers.http import Limits  # the real one, which the test replaces elsewhere

    return Limits(body=2**20, attempts=1, **options)


SHAPES = (
    [],
    {},
    None,
    7,
    "x",
    [None],
    [[]],
    [{"uid": 7, "title": {}}],
    {"items": 7},
    {"metadata": [], "spec": 3},
)


@pytest.mark.parametrize("body", SHAPES, ids=str)
def test_answers_of_any_shape_are_said_in_a_sentence_or_taken_for_empty(project, fake, body):
    project.start_pushed()
    for path in ("/api/folders$", "/api/annotations$", "dashboards/shop", "uid/prometheus$", "alert-rules$", "rule-groups",
                 "contact-points$", "mute-timings$", "policies$", "versions$", "dashboard.grafana.app$", "api/health"):  # fmt: skip
        fake.faults.clear()
        fake.fail(Fault(FaultKind.STATUS, status=200, body=body, path=path, method="GET", times=99))
        done = project.run("status", "--url", fake.url)
        assert done.code in (0, 1, 3, 4), (path, done.stderr)
        assert "Traceback" not in done.stderr


def test_no_other_host_is_asked_whatever_redirects_say(project, fake):
    project.start_pushed()
    project.change("specs/shop.yaml", "query: up", "query: up == 1")
    with FakeGrafana() as other:
        fake.fail(
            Fault(FaultKind.ELSEWHERE, location=f"{other.url}/api/health", path="uid|dashboards", times=99)
        )
        for arguments in COMMANDS:
            project.run(*arguments, "--url", fake.url)
        assert len(other.log) == 0
    hosts = {call.header("Host") for call in fake.log}
    assert hosts == {fake.origin.removeprefix("http://")}
