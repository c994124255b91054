"""`dashgen push --watch`: what is saved is in Grafana, and nothing ends it but Ctrl-C."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from dashgen.cli.commands.push_once import PushOptions, PushRun
from dashgen.cli.commands.push_watch import watch_push
from dashgen.cli.watch_files import INTERVAL, RETRY
from dashgen.project.targets import Connection, choose
from dashgen.servers.http import Limits
from dashgen.workspace.workspace import open_workspace
from tests.grafana.fake import FakeGrafana, Fault, FaultKind
from tests.sync.support import SECRETS, Project, without_waiting


@pytest.fixture
def project(tmp_path, monkeypatch):
    without_waiting(monkeypatch)
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    with FakeGrafana() as fake:
        monkeypatch.setenv("GRAFANA_TOKEN", fake.admin_token)
        yield Project(tmp_path, fake)


def watch(
    project: Project, *steps: Callable[[], object], only: frozenset[str] = frozenset(), token: str = ""
) -> None:
    """Do one step in each pause; afterwards Ctrl-C."""
    waiting = list(steps)

    def pause(seconds: float) -> None:
        assert seconds == INTERVAL
        if not waiting:
            raise KeyboardInterrupt
        waiting.pop(0)()

    workspace = open_workspace(project.folder)
    token = {"GRAFANA_TOKEN": token or project.fake.admin_token}
    (one,) = choose(workspace, [], Connection(project.fake.url), token)
    chosen = [replace(one, settings=replace(one.settings, limits=Limits(attempts=1)))]
    with pytest.raises(SystemExit) as end:
        watch_push(chosen, PushRun(project.folder, options=PushOptions(only=[*only])), pause=pause)
    assert end.value.code == 130


def nothing() -> None:
    """Time passes."""


def test_what_is_saved_is_pushed_alone(project, capsys):
    fake = project.fake

    def save():
        capsys.readouterr()
        fake.log.clear()
        project.change("specs/shop.yaml", "query: up", "query: up == 1")

    watch(project, nothing, save, nothing, nothing)
    assert "up == 1" in str(fake.store.dashboards["plain"].spec)
    writes = [call for call in fake.log.writes if "/annotations" not in call.path]
    assert len(writes) == 1
    shown = capsys.readouterr()
    assert "updated dashboard `plain`" in shown.out
    assert "shop" not in shown.out
    assert "stopped watching; pushed: folder `sales`" in shown.err
    assert 'dashboard `plain` "Plain" (2 times)' in shown.err


def test_a_burst_of_changes_is_one_push(project):
    steps = [
        lambda n=n: project.write(
            "specs/shop.yaml",
            f"kind: Dashboard\nuid: plain\ntitle: P{n}\npanels: [{{title: A, query: up}}]\n",
        )
        for n in range(10, 14)
    ]
    watch(project, *steps, nothing)
    assert project.fake.store.dashboards["plain"].title == "P13"
    assert project.fake.store.dashboards["plain"].generation == 2


def test_a_wrong_spec_is_framed_and_it_goes_on(project, capsys):
    spec = project.folder / "specs/shop.yaml"
    good = spec.read_text()
    watch(
        project,
        lambda: spec.write_text(good.replace("panels:", "panel:")),
        nothing,
        lambda: spec.write_text(good.replace("title: Plain", "title: Fancy")),
        nothing,
    )
    assert "error[spec/" in capsys.readouterr().err
    assert project.fake.store.dashboards["plain"].title == "Fancy"


def test_a_comment_makes_no_request(project, capsys):
    def save():
        project.fake.log.clear()
        spec = project.folder / "specs/shop.yaml"
        spec.write_text("# why\n" + spec.read_text())

    watch(project, save, nothing)
    assert len(project.fake.log) == 0
    assert "nothing changed in" in capsys.readouterr().err


def test_what_somebody_edits_is_refused_until_it_is_settled(project, capsys):
    store = project.fake.store
    watch(
        project,
        lambda: store.edit("plain", title="Mine"),
        lambda: project.change("specs/shop.yaml", "query: up", "query: up == 1"),
        nothing,
        lambda: project.change("specs/shop.yaml", "green: 0.9", "green: 0.95"),
        nothing,
    )
    shown = capsys.readouterr()
    assert shown.out.count("! dashboard `plain`") == 2, "it is said again at each save"
    assert "take it into the specs with `dashgen pull" in shown.out
    assert "not all was pushed" in shown.err
    assert store.dashboards["plain"].title == "Mine"
    assert "0.95" in str(store.dashboards["shop"].spec)


def test_a_grafana_that_goes_away_and_comes_back_gets_what_it_missed(project, capsys):
    fake = project.fake

    def away():
        fake.fail(Fault(FaultKind.RESET, times=1000))
        project.change("specs/shop.yaml", "query: up", "query: up == 1")

    def back():
        fake.faults.clear()

    watch(project, away, *[nothing] * (2 * RETRY + 2), back, *[nothing] * (RETRY + 1))
    err = capsys.readouterr().err
    assert err.count("trying again until it is back") == 1
    assert "up == 1" in str(fake.store.dashboards["plain"].spec)


def test_wrong_credentials_wait_for_the_next_save(project, capsys):
    watch(project, *[nothing] * (2 * RETRY), token="glsa_wrong")  # noqa: S106
    assert capsys.readouterr().err.count("credentials") == 1


def test_only_what_is_named_counts(project):
    watch(project, nothing, only=frozenset({"plain"}))
    assert sorted(project.fake.store.dashboards) == ["plain"]


def test_it_cannot_be_combined_with_what_does_not_push(project):
    for words in (["--prune"], ["--dry-run"], ["--plan-out", "x"], ["--format", "json"]):
        done = project.push("--watch", *words)
        assert done.code == 2
        assert "`--watch` only pushes" in done.stderr
