"""Of a project with a mistake nothing is sent and nothing is written, whichever command could do it."""

from pathlib import Path

import pytest

from dashgen.cli.commands.push_once import PushRun
from dashgen.cli.commands.push_watch import watch_push
from dashgen.project.targets import Connection, choose
from dashgen.workspace.workspace import open_workspace
from tests.install.support import COPYING
from tests.sync.support import SECRETS, Project

COMMANDS: dict[str, tuple[str, ...]] = {
    "push": ("push",),
    "push --force": ("push", "--force", "--prune", "--yes"),
    "push of what is sound": ("push", "--only", "plain"),
    "push --format json": ("push", "--format", "json"),
    "push --dry-run": ("push", "--dry-run"),
    "push --plan-out": ("push", "--plan-out", "new-plan.json"),
    "apply": ("apply", "plan.json", "--yes"),
    "pull": ("pull",),
    "pull --theirs": ("pull", "--theirs", "--new"),
    "pull --dry-run": ("pull", "--dry-run"),
    "diff": ("diff",),
    "status": ("status",),
    "install": ("install", "--stack", "stack", "--yes"),
    "install --dry-run": ("install", "--stack", "stack", "--dry-run"),
}
# What is wrong, by the file it is in: the old text, the new one, and the line of the mistake.
MISTAKES: dict[str, tuple[str, str, str, int]] = {
    "the syntax of a query": ("specs/shop.yaml", "query: up", "query: sum(up", 18),
    "a variable that is not there": ("specs/shop.yaml", "query: up", "query: up{a='$b'}", 18),
    "a data source that is not there": (
        "specs/shop.yaml",
        "query: up",
        "datasource: nosuch\n    query: up",
        18,
    ),
    "a key that is not there": ("specs/shop.yaml", "title: Plain", "titel: Plain", 15),
    "the query of an alert": ("specs/alerts.yaml", "shop_orders_total[5m]", "shop_orders_total[5m", 13),
    "the template of an alert": (
        "specs/alerts.yaml",
        "summary: few orders",
        "summary: '{{ $lables.job }}'",
        17,
    ),
    "the condition of an alert": ("specs/alerts.yaml", "when: below 1\n", "when: beneath 1\n", 14),
    "the folder of an alert": ("specs/alerts.yaml", "Sales/Alerts", "/", 3),
    "a contact point that is not there": ("specs/notices.yaml", "contact_point: office", "contact_point: no", 12),
    "the template of a message": ("specs/notices.yaml", "{{ .Status }}", "{{ .Status }", 10),
    "a data source without a type": ("specs/sources.yaml", "  loki: {", "  logs: {", 4),
    "the form of a file": ("specs/sources.yaml", "datasources:", "datasources: [", 2),
    "the title of a folder": ("specs/folders.yaml", "title: Sales", "title: ' '", 2),
    "a loop of folders": ("specs/folders.yaml", "uid: sales", "uid: sales\nparent: Sales/Alerts", 4),
    "the overlay of another environment": (
        "specs/shop.yaml",
        "uid: plain",
        "uid: plain\noverlays: {prod: {refrsh: 1m}}",
        15,
    ),
}  # fmt: skip


@pytest.fixture
def pushed(project: Project) -> Project:
    """A project that was pushed, and then edited on both sides, with a plan and a stack."""
    project.start_from(_plan_a_change_of_a_stack)
    return project


def _plan_a_change_of_a_stack(project: Project) -> None:
    project.write("dashgen.yaml", "specs: [specs]\nenvironments: {prod: {}}\n")
    project.write("stack/compose.yaml", COPYING)
    project.write("stack/prometheus.yml", "rule_files: [rules/*.yaml]\n")
    project.write("stack/loki.yaml", "ruler: {storage: {type: local, local: {directory: /etc/loki/rules}}}\n")
    assert project.push().code == 0
    project.change("specs/sources.yaml", "http://loki:3100", "http://loki:3200")
    assert project.push("--plan-out", "plan.json").code == 0


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".dashgen/cache" not in str(path)
    }


def break_it(project: Project, mistake: str) -> str:
    name, old, new, line = MISTAKES[mistake]
    project.change(name, old, new)
    return f"{name}:{line}:"


@pytest.mark.parametrize("mistake", MISTAKES)
def test_no_command_sends_or_writes_anything_of_a_project_with_a_mistake(
    pushed: Project, mistake: str
) -> None:
    location = break_it(pushed, mistake)
    before = files_of(pushed.folder)
    for arguments in COMMANDS.values():
        done = pushed.run(*arguments, "--url", pushed.fake.url)
        # As of diff(1), 1 means that something differs, and 2 that nothing could be compared.
        code = 2 if arguments == ("diff",) else 1
        assert (done.code, location in done.stdout + done.stderr) == (code, True), (arguments, done)
        assert pushed.fake.log.writes == [], arguments
        assert files_of(pushed.folder) == before, arguments


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_watching_push_sends_nothing_until_the_mistake_is_mended(
    pushed: Project, mistake: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    name, old, new, _ = MISTAKES[mistake]
    location = break_it(pushed, mistake)
    before = files_of(pushed.folder)

    def mend() -> None:
        assert location in capsys.readouterr().err
        assert pushed.fake.log.writes == []
        assert files_of(pushed.folder) == before
        pushed.change(name, new, old)

    waiting = [mend, lambda: None]

    def pause(_seconds: float) -> None:
        if not waiting:
            raise KeyboardInterrupt
        waiting.pop(0)()

    (chosen,) = choose(
        open_workspace(pushed.folder),
        [],
        Connection(pushed.fake.url),
        {"GRAFANA_TOKEN": pushed.fake.admin_token},
    )
    with pytest.raises(SystemExit):
        watch_push([chosen], PushRun(pushed.folder), pause=pause)
    assert pushed.fake.log.writes != []
