"""This project's own alert rules on Grafana 13.3: pushed, edited by a person, pulled, pushed."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.grafana.fake import FakeGrafana
from tests.sync.support import Project

_ROOT = Path(__file__).parents[2]
_SECRETS = {"SLACK_WEBHOOK_URL": "https://hooks.slack.test/s", "ALERT_EMAIL": "team@example.com"}


@pytest.fixture(params=["13.0.1", "13.3.0"])
def own(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Project]:
    shutil.copytree(_ROOT / "specs", tmp_path / "specs")
    shutil.copyfile(_ROOT / "dashgen.yaml", tmp_path / "dashgen.yaml")
    with FakeGrafana(version=request.param) as fake:
        project = Project(tmp_path, fake, {})
        done = project.push(**_SECRETS)
        assert done.code == 0, done.stdout + done.stderr
        fake.log.clear()
        yield project


def _run(project: Project, *arguments: str) -> Any:
    return project.run(*arguments, "--url", project.fake.url, **_SECRETS)


def test_the_second_push_writes_nothing(own: Project) -> None:
    assert own.fake.store.rules
    done = own.push(**_SECRETS)
    assert (done.code, own.fake.log.writes) == (0, []), done.stdout


def test_an_edit_of_one_rule_comes_back_into_the_specs(own: Project) -> None:
    stored = next(rule for rule in own.fake.store.rules.values() if not rule.get("record"))
    stored |= {"isPaused": True, "updated": "2026-11-30T00:00:00Z"}
    shown = _run(own, "diff")
    assert f"theirs: alert rule {stored['title']}: paused" in shown.stdout
    before = {path: path.read_text() for path in own.folder.rglob("specs/**/*.yaml")}
    assert _run(own, "pull").code == 0
    changed = [path for path, text in before.items() if path.read_text() != text]
    assert len(changed) == 1
    new = set(changed[0].read_text().splitlines()) - set(before[changed[0]].splitlines())
    assert [line.strip() for line in new] == ["paused: true"]
    own.fake.log.clear()
    done = own.push(**_SECRETS)
    assert (done.code, own.fake.log.writes) == (0, []), done.stdout


def test_a_change_of_one_rule_writes_that_rule(own: Project) -> None:
    (file,) = [path for path in own.folder.glob("specs/alerts/*.yaml") if "for: 5m" in path.read_text()][:1]
    file.write_text(file.read_text().replace("for: 5m", "for: 7m", 1))
    done = own.push(**_SECRETS)
    assert done.code == 0, done.stdout
    writes = [call for call in own.fake.log.writes if "annotations" not in call.path]
    assert [call.method for call in writes] == ["PUT"]
    assert "/alertrules/" in writes[0].path
