"""What did not change is not looked at: few requests, no contents, and nothing overlooked."""

import shutil

import pytest

from dashgen.core.errors import DashgenError
from dashgen.sync.push.item_content import Contents
from dashgen.sync.push.kinds import dashboard_kind
from tests.sync.support import Project

MANY = 60
SPEC = "kind: Dashboard\nuid: d{0}\ntitle: D{0}\ndatasource: prometheus/p\npanels: [{{title: A, query: up}}, {{title: B, query: up == 0}}]\n"


def _push_many(project) -> None:
    shutil.rmtree(project.folder / "specs")
    for number in range(MANY):
        project.write(f"specs/d{number}.yaml", SPEC.format(number))
    assert project.run("build").code == 0
    assert project.push().code == 0


@pytest.fixture
def many(project) -> Project:
    """Many dashboards after a push."""
    project.start_from(_push_many)
    return project


@pytest.fixture
def dashboards_compared(monkeypatch) -> list[str]:
    result: list[str] = []
    real = dashboard_kind.dashboard_resource

    def counted(document, **more):
        if document.get("panels"):
            result.append(document["uid"])
        return real(document, **more)

    monkeypatch.setattr(dashboard_kind, "dashboard_resource", counted)
    return result


@pytest.mark.parametrize("command", [("push",), ("push", "--dry-run"), ("diff",), ("status",)])
@pytest.mark.parametrize("everywhere", ["10.4.1", "12.4.3"], indirect=True)
def test_what_was_pushed_last_is_not_compared_again(everywhere, command, dashboards_compared):
    project, fake = everywhere, everywhere.fake
    project.start_from(_push_many)
    dashboards_compared.clear()
    done = project.run(*command, "--url", fake.url)
    assert done.code == 0, done.stdout
    assert dashboards_compared == []
    assert fake.log.writes == []
    reads = len(fake.log) - (MANY if fake.config.major == 10 else 1)
    assert reads < 15


def test_without_memory_equal_dashboards_are_found_equal_at_a_glance(many, dashboards_compared):
    shutil.rmtree(many.folder / ".dashgen/push")
    dashboards_compared.clear()
    assert many.push().code == 0
    assert dashboards_compared == []
    assert len(many.fake.log) < 15
    many.fake.store.edit("d7", refresh="10s")
    assert many.push().code == 4
    assert set(dashboards_compared) == {"d7"}


@pytest.mark.parametrize("change", ["content", "folder", "again"])
def test_an_edit_among_many_is_noticed(everywhere, change):
    project, fake = everywhere, everywhere.fake
    project.start_from(_push_many)
    if change == "content":
        fake.store.edit("d7", title="Mine")
    elif change == "folder":
        fake.store.dashboards["d7"].annotations["grafana.app/folder"] = "elsewhere"
        fake.store.edit("d7")
    else:
        del fake.store.dashboards["d7"]
        fake.store.provision("d7", {"title": "Mine", "panels": []}, "", edits=True)
        fake.store.dashboards["d7"].annotations = {"grafana.app/createdBy": "user:x"}
    done = project.push()
    assert done.code == 4, done.stdout
    assert "! dashboard `d7`" in done.stdout
    assert "59 unchanged, 1 in conflict" in done.stdout


def test_a_spec_that_changed_is_compiled_and_pushed_alone(many):
    many.change("specs/d7.yaml", "up == 0", "up == 1")
    done = many.push()
    assert done.code == 0
    assert "1 updated, 59 unchanged" in done.stdout
    assert [call.path.rpartition("/")[2] for call in many.fake.log.writes] == ["d7"]


def test_a_file_that_somebody_changes_meanwhile_is_not_pushed(tmp_path):
    (tmp_path / "a.json").write_text("{}")
    contents = Contents(tmp_path, {"a.json": "0" * 64, "gone.json": "0" * 64}, {"b.json": b'{"x": 1}'})
    assert dict(contents.of("b.json")) == {"x": 1}
    for name in ("a.json", "gone.json"):
        with pytest.raises(DashgenError, match="was changed while dashgen ran"):
            len(contents.of(name))


def test_an_output_that_somebody_edited_is_not_what_is_pushed(many):
    (path,) = many.folder.glob("generated/dashboards/**/d7.json")
    path.write_text(path.read_text().replace('"D7"', '"Theirs"'))
    done = many.push()
    assert done.code == 0
    assert many.fake.store.dashboards["d7"].title == "D7"
    assert many.fake.log.writes == []
