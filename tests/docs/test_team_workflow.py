"""The session of `docs/team-workflow.md`, played against a fake Grafana: what the page shows is what is printed.

Commands stand in ``text`` blocks after ``$``. Comments say what happens in between: ``<!-- run: … -->`` is a command whose
output the page does not show, ``<!-- in Grafana: UID path = value -->`` an edit in Grafana.
"""

import json
import os
import re
import shlex
import subprocess
from copy import deepcopy
from pathlib import Path

import pytest

from tests.cli.transcript import run_command
from tests.docs.examples import Block, Playground, run_block
from tests.golden import check
from tests.grafana.fake import FakeGrafana
from tests.sync.support import without_waiting

PAGE = Path(__file__).parents[2] / "docs/team-workflow.md"
_PART = re.compile(
    r"^```(?P<language>\w+)\n(?P<text>.*?)^```$|^<!-- run: (?P<run>.*?) -->$"
    r"|^<!-- in Grafana: (?P<uid>\w+) (?P<path>[\w.]+) = (?P<value>.*?) -->$",
    re.MULTILINE | re.DOTALL,
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{6}Z")
_ADDRESS = "https://grafana.example.com"
_GIT = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.com",
    "GIT_CONFIG_GLOBAL": "/dev/null",
}


class Session:
    """A folder, a Grafana, and what is typed."""

    def __init__(self, folder: Path, fake: FakeGrafana) -> None:
        self.folder = folder
        self.fake = fake
        self.shell("git init -q -b main")

    def play(self, part: re.Match[str]) -> str:
        if part["run"]:
            self.shell(part["run"]) if not part["run"].startswith("dashgen ") else self.dashgen(part["run"])
        elif part["uid"]:
            self.edit(part["uid"], part["path"].split("."), json.loads(part["value"]))
        elif part["language"] == "text":
            command = part["text"].partition("\n")[0].removeprefix("$ ")
            return f"```text\n$ {command}\n{self.shown(command)}```"
        else:
            run_block(Block(part["language"], part["text"], 0), Playground(self.folder))
            self.point_at_the_fake()
        return part[0]

    def point_at_the_fake(self) -> None:
        project = self.folder / "dashgen.yaml"
        project.write_text(project.read_text().replace(_ADDRESS, self.fake.url))

    def edit(self, uid: str, path: list[str], value: object) -> None:
        spec = deepcopy(self.fake.store.dashboards[uid].spec)
        *above, last = [int(step) if step.isdigit() else step for step in path]
        place = spec
        for step in above:
            place = place.setdefault(step, {}) if isinstance(step, str) else place[step]
        place[last] = value
        self.fake.store.edit(uid, **spec)

    def shell(self, command: str) -> str:
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "GIT_PAGER": "cat", **_GIT},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def dashgen(self, command: str) -> str:
        done = run_command(shlex.split(command)[1:], self.folder, {"GRAFANA_TOKEN": self.fake.admin_token})
        ends = f"(exit code {done.code})\n" if done.code else ""
        return done.stdout + done.stderr + ends

    def shown(self, command: str) -> str:
        text = self.dashgen(command) if command.startswith("dashgen ") else self.shell(command)
        plain = text.replace(self.fake.url, _ADDRESS).replace(f"{self.folder}/", "")
        return _MOMENT.sub("2026-03-01T09-30-00.000000Z", plain)


@pytest.fixture
def session(tmp_path, monkeypatch):
    without_waiting(monkeypatch)
    with FakeGrafana() as fake:
        yield Session(tmp_path, fake)


def test_the_session_of_the_page_is_what_happens(session):
    now = _PART.sub(session.play, PAGE.read_text(encoding="utf-8"))
    assert "Traceback" not in now
    check(PAGE, now)
    pushes = re.findall(r"\$ dashgen push --target prod\n(.*?)```", now, re.DOTALL)
    assert ["exit code 4" in text for text in pushes] == [False, False, True, False]
    assert pushes[1].endswith("\n3 unchanged\n")
    specs = (session.folder / "specs/shop.yaml").read_text()
    assert "# What the on-call person looks at first." in specs
    assert "# agreed with support" in specs
    assert "Orders per second" in specs
    assert session.fake.store.dashboards["shop"].spec["refresh"] == "10s", "the refused apply wrote nothing"
