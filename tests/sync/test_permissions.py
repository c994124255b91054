"""What an account may: each command works with exactly the permissions of the table, and is refused without any."""

from collections.abc import Callable
from functools import cache

import pytest

from dashgen.sync.push.command_permissions import command_row, least_permissions
from tests.grafana.fake import FakeGrafana
from tests.sync.support import FILES, Project

EVENTS = 'kind: Annotations\nevents:\n  - title: Launch\n    at: "2026-03-01"\n  - title: Sale\n    at: "2026-03-02"\n    dashboard: shop\n'
ALL_FILES = {**FILES, "specs/events.yaml": EVENTS}
DEFINED = (
    "dashboard",
    "datasource",
    "rule-group",
    "contact-point",
    "mute-timing",
    "template",
    "policies",
    "event",
)
VERSIONS = ("10.4.1", "12.4.3", "13.3.0")


def _nothing(_project: Project) -> None:
    """Before the first push."""


def _pushed(project: Project) -> None:
    project.start_pushed()


def _changed(project: Project) -> None:
    """Everything differs from what was pushed."""
    _pushed(project)
    for file, old, new in (
        ("specs/sources.yaml", "prometheus:9090", "prometheus:9091"),
        ("specs/shop.yaml", "shop_orders_total[5m]", "shop_orders_total[6m]"),
        ("specs/alerts.yaml", "for: 5m", "for: 6m"),
        ("specs/notices.yaml", "office@example.com", "desk@example.com"),
        ("specs/notices.yaml", "[saturday, sunday]", "[sunday]"),
        ("specs/notices.yaml", ".Status", ".Receiver"),
        ("specs/notices.yaml", "severity: critical", "severity: page"),
        ("specs/folders.yaml", "title: Alerts", "title: Alarms"),
        ("specs/alerts.yaml", "folder: Sales/Alerts", "folder: Sales/Alarms"),
        ("specs/events.yaml", "title: Launch", "title: Launch\n    text: new"),
        ("specs/events.yaml", "title: Sale", "title: Sale\n    text: new"),
    ):
        project.change(file, old, new)


def _gone(project: Project) -> None:
    """No spec defines anything any more, but for one dashboard."""
    _pushed(project)
    for name in ("sources", "alerts", "notices", "folders", "events"):
        (project.folder / f"specs/{name}.yaml").unlink()
    project.write(
        "specs/shop.yaml",
        "kind: Dashboard\nuid: left\ntitle: Left\npanels: [{title: A, type: text, content: x}]\n",
    )


COMMANDS: dict[str, tuple[str, Callable[[Project], None], tuple[str, ...], tuple[int, ...]]] = {
    "first push": ("push", _nothing, ("push",), (0,)),
    "push of changes": ("push", _changed, ("push",), (0,)),
    "prune": ("push --prune", _gone, ("push", "--prune", "--yes"), (0,)),
    "dry run": ("push --dry-run", _changed, ("push", "--dry-run"), (0,)),
    "status": ("status", _changed, ("status",), (1,)),
    "diff": ("diff --target", _changed, ("diff",), (1,)),
    "pull": ("pull", _changed, ("pull",), (0,)),
}
_CREATES = {
    "folders",
    "dashboards",
    "datasources",
    "alert.rules",
    "annotations",
    "alert.notifications.receivers",
}
UNUSED: dict[str, set[str]] = {
    "first push": {f"{part}:write" for part in _CREATES},
    "push of changes": {f"{part}:create" for part in _CREATES},
    "prune": {
        *(f"{part}:{verb}" for part in _CREATES for verb in ("create", "write") if part != "dashboards"),
        "dashboards:write",
        "datasources:query",
        "alert.notifications.time-intervals:write",
        "alert.notifications.templates:write",
    },
}
"""What a scenario does not do, so that it works without: it only creates, only updates, or only deletes."""


def _needed(scenario: str) -> list[str]:
    command = command_row(COMMANDS[scenario][0])
    assert command is not None
    return [
        f"{one.permission.action} {one.permission.scope}".strip()
        for one in least_permissions(command, DEFINED)
        if not one.optional
    ]


@cache
def _held(scenario: str) -> dict[str, tuple[str, ...]]:
    command = command_row(COMMANDS[scenario][0])
    assert command is not None
    held: dict[str, tuple[str, ...]] = {}
    for one in least_permissions(command, DEFINED):
        held[one.permission.action] = (*held.get(one.permission.action, ()), one.permission.scope)
    return held


def _run(scenario: str, project: Project, held: dict[str, tuple[str, ...]]):
    _, prepare, arguments, _ = COMMANDS[scenario]
    prepare(project)
    project.fake.log.clear()
    token = project.fake.accounts.account(held)
    return project.run(*arguments, "--url", project.fake.url, GRAFANA_TOKEN=token)


@pytest.fixture(params=VERSIONS)
def project(request, tmp_path, addresses, starts):
    with FakeGrafana(version=request.param, address=addresses(f"permissions {request.param}")) as grafana:
        yield Project(tmp_path, grafana, ALL_FILES, starts=starts)


@pytest.mark.parametrize("scenario", COMMANDS)
def test_a_command_works_with_the_permissions_of_the_table_and_no_others(project, scenario):
    done = _run(scenario, project, _held(scenario))
    assert done.code in COMMANDS[scenario][3], done.stdout + done.stderr
    assert "failed" not in done.stdout
    assert [call.path for call in project.fake.log if call.status == 403 and not _is_optional(call)] == []


def _is_optional(call):
    """Reads that dashgen does without, and dry runs of what a dry run may not write."""
    return call.path == "/api/org" or "versions" in call.path or "dryRun" in call.query


CASES = [(scenario, needed) for scenario in COMMANDS for needed in _needed(scenario)]


@pytest.mark.parametrize(("scenario", "needed"), CASES, ids=lambda value: value.replace(" ", "-"))
def test_a_command_without_one_of_them_ends_before_its_first_write(project, scenario, needed):
    action, _, _ = needed.partition(" ")
    held = {name: scopes for name, scopes in _held(scenario).items() if name != action}
    done = _run(scenario, project, held)
    marks = action == "alert.provisioning.provenance:write" and project.fake.config.major >= 13
    if action in UNUSED.get(scenario, ()) or (marks and scenario != "first push"):
        assert done.code in COMMANDS[scenario][3], done.stdout + done.stderr
        return
    assert done.code == 3, (done.stdout, done.stderr)
    assert f"lacks `{action}`" in done.stderr or f"; `{action}`" in done.stderr, done.stderr
    assert "(role `fixed:" in done.stderr
    assert project.fake.log.writes == []


def test_a_permission_on_another_folder_only_is_named_with_its_scope(project):
    _changed(project)
    held = {**_held("push of changes"), "dashboards:write": ("folders:uid:other",)}
    done = project.run("push", "--url", project.fake.url, GRAFANA_TOKEN=project.fake.accounts.account(held))
    assert done.code == 3
    assert (
        "nothing was pushed, because the account `least` lacks `dashboards:write` for `folders:uid:sales`"
        in done.stderr
    )


def test_all_that_is_missing_is_named_at_once(project):
    _changed(project)
    project.fake.log.clear()
    held = {
        action: scopes for action, scopes in _held("push of changes").items() if not action.endswith(":write")
    }
    done = project.run("push", "--url", project.fake.url, GRAFANA_TOKEN=project.fake.accounts.account(held))
    for action in (
        "folders:write",
        "dashboards:write",
        "datasources:write",
        "alert.notifications.routes:write",
    ):
        assert f"`{action}`" in done.stderr
    assert project.fake.log.writes == []


def test_a_dry_run_tells_what_the_push_would_lack_and_needs_only_to_read(project):
    _changed(project)
    token = project.fake.accounts.account(_held("dry run"))
    done = project.run("push", "--dry-run", "--url", project.fake.url, GRAFANA_TOKEN=token)
    assert done.code == 0
    assert "warning: the account `least` lacks `dashboards:write` for `folders:uid:sales`" in done.stderr


def test_without_leave_to_annotate_a_push_goes_on_without_notes(project):
    held = {
        action: scopes
        for action, scopes in _held("first push").items()
        if not action.startswith("annotations:")
    }
    (project.folder / "specs/events.yaml").unlink(missing_ok=True)
    token = project.fake.accounts.account(held)
    done = project.run("push", "--url", project.fake.url, GRAFANA_TOKEN=token)
    assert done.code == 0, done.stdout + done.stderr
    assert project.fake.store.annotations == {}


def test_a_grafana_that_hides_permissions_is_pushed_to_as_before(tmp_path, addresses):
    with FakeGrafana(hides_permissions=True, address=addresses("hiding")) as grafana:
        project = Project(tmp_path, grafana)
        held = {
            action: scopes for action, scopes in _held("first push").items() if action != "dashboards:create"
        }
        done = project.run("push", "--url", grafana.url, GRAFANA_TOKEN=grafana.accounts.account(held))
        assert done.code != 0
        assert "failed dashboard `shop`" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "held", "code"),
    [
        (
            ("annotate", "x"),
            {"annotations:read": ("*",), "annotations:create": ("annotations:type:organization",)},
            0,
        ),
        (
            ("annotate", "x"),
            {"annotations:read": ("*",), "annotations:create": ("annotations:type:dashboard",)},
            3,
        ),
        (("annotate", "x"), {"annotations:create": ("*",)}, 3),
        (
            ("annotate", "x", "--dashboard", "shop"),
            {"annotations:read": ("*",), "annotations:create": ("folders:uid:sales",)},
            0,
        ),
        (("annotate", "x", "--dashboard", "shop"), {}, 3),
    ],
)
def test_one_event_needs_to_be_allowed_too(project, arguments, held, code):
    _pushed(project)
    project.fake.log.clear()
    done = project.run(
        *arguments, "--url", project.fake.url, GRAFANA_TOKEN=project.fake.accounts.account(held)
    )
    assert done.code == code, done.stderr
    assert len(project.fake.log.writes) == (1 if code == 0 else 0)


def test_a_rollback_is_checked_before_its_first_write(project):
    _changed(project)
    assert project.push().code == 0
    project.fake.log.clear()
    held = {
        action: scopes for action, scopes in _held("push of changes").items() if action != "dashboards:write"
    }
    token = project.fake.accounts.account(held)
    done = project.run("rollback", "--url", project.fake.url, GRAFANA_TOKEN=token)
    assert (done.code, project.fake.log.writes) == (3, []), done.stdout + done.stderr
    assert "lacks `dashboards:write`" in done.stderr
    done = project.run(
        "rollback",
        "--url",
        project.fake.url,
        GRAFANA_TOKEN=project.fake.accounts.account(_held("push of changes")),
    )
    assert "updated dashboard" in done.stdout, done.stdout + done.stderr


def test_the_least_role_of_a_command_is_listed(project):
    done = project.run("permissions", "status")
    assert "dashboards:read" in done.stdout
    assert "dashboards:write" not in done.stdout
    assert project.run("permissions", "build").code == 2


REPORT = """\
kind: Report
uid: daily
title: Daily
schedule: daily at 07:00
recipients: [ops@example.com]
timezone: Europe/Berlin
sections:
  - title: Sales
    figures:
      - {title: Orders, query: "sum(increase(shop_orders_total[$__range]))"}
"""
READS = {"folders:read": ("folders:*",), "dashboards:read": ("dashboards:*",)}
_DETECTION = (
    "/api/health", "/api/frontend/settings", "/api/user", "/api/org", "/api/access-control/user/permissions", "/apis",
)  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "held", "messages"),
    [
        (("import", "uid:shop"), {}, ("nothing was imported", "lacks `folders:read`", "; `dashboards:read`")),
        (("import", "--folder", "Sales"), {"folders:read": ("*",)}, ("lacks `dashboards:read`, for the dashboards",)),
        (("import", "--rules"), READS, ("nothing was imported", "lacks `alert.rules:read`, for the rule groups")),
        (("check", "--live"), READS, ("nothing was queried", "lacks `datasources:query` for `datasources:uid:prometheus`")),
        (("check", "--live"), {"datasources:query": ("datasources:uid:loki",)}, ("for data source `prometheus`",)),
        (("report", "daily"), READS, ("nothing was queried", "lacks `datasources:query`")),
    ],
)  # fmt: skip
def test_a_command_that_reads_ends_before_the_first_read_without_a_permission(
    project, arguments, held, messages
):
    project.start_pushed()
    project.write("specs/report.yaml", REPORT)
    project.fake.log.clear()
    token = project.fake.accounts.account(held)
    done = project.run(*arguments, "--url", project.fake.url, GRAFANA_TOKEN=token)
    assert done.code == 3, (done.stdout, done.stderr)
    for message in messages:
        assert message in done.stderr
    assert [call.path for call in project.fake.log if not call.path.startswith(_DETECTION)] == []


def test_an_import_works_with_leave_to_read_dashboards_and_folders_alone(project):
    project.start_pushed()
    token = project.fake.accounts.account(READS)
    done = project.run("import", "uid:shop", "--url", project.fake.url, GRAFANA_TOKEN=token)
    assert done.code == 0, done.stderr
    assert "folder: Sales" in done.stdout
