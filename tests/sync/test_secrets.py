"""No secret is anywhere but in the requests that carry it, whatever runs and whatever goes wrong."""

import re
import traceback

import pytest

from dashgen.project.targets import Chosen
from dashgen.servers.grafana import ConnectionSettings
from dashgen.servers.grafana.session import Session
from dashgen.servers.http import Secret
from dashgen.sync.push.built_specs import build_for
from dashgen.sync.push.push import PushRequest, open_push
from tests.grafana.fake import Fault, FaultKind, When
from tests.sync.support import SECRETS, Project

READS = (
    ("push", "--dry-run"),
    ("push", "--dry-run", "--prune", "--force"),
    ("push", "--plan-out", "plan.json"),
    ("push", "--dry-run", "--format", "json"),
    ("diff",),
    ("diff", "--format", "json"),
    ("diff", "--format", "markdown"),
    ("diff", "--full"),
    ("status",),
    ("status", "--unmanaged", "--format", "json"),
    ("annotate", "--dry-run"),
    ("pull", "--dry-run"),
)
WRITES = (("push",), ("push", "--force"), ("apply", "plan.json"), ("rollback",), ("annotate", "launched"))


def _secrets(project: Project) -> list[str]:
    halves = [SECRETS["SLACK_URL"].rpartition("/")[2]]
    return [*SECRETS.values(), *halves, project.fake.admin_token]


def _run(project: Project, arguments: tuple[str, ...]) -> str:
    where = () if arguments[0] == "apply" else ("--url", project.fake.url)
    done = project.run(*arguments, *where)
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def _files(project: Project) -> list[str]:
    return [
        path.read_text(encoding="utf-8", errors="replace")
        for path in project.folder.rglob("*")
        if path.is_file() and "cache" not in path.parts
    ]


def _wire(project: Project) -> list[str]:
    """Every request but the two kinds that carry secrets, without the header that carries the token."""
    result = []
    for call in project.fake.log:
        carries = call.writes and re.search("contact-points|receivers|datasources", call.path)
        result.append("" if carries else call.raw.replace(f"Bearer {project.fake.admin_token}", ""))
    return result


def _require_no_secret(project: Project, texts: list[str]) -> None:
    for secret in _secrets(project):
        assert not [text for text in texts if secret in text]


@pytest.fixture
def changed(everywhere: Project) -> Project:
    """A project that was pushed, with changes on both sides that touch what has secrets."""
    everywhere.start_from(_touch_what_has_secrets)
    return everywhere


@pytest.fixture
def touched(project: Project) -> Project:
    """The same on one version."""
    project.start_from(_touch_what_has_secrets)
    return project


def _touch_what_has_secrets(project: Project) -> None:
    assert project.run("build").code == 0
    assert project.push().code == 0
    project.change("specs/sources.yaml", "http://loki:3100", "http://loki:3200")
    project.change("specs/notices.yaml", "slack: {url: $SLACK_URL}", "slack: {url: $SLACK_URL, channel: x}")
    project.fake.store.edit("shop", title="Mine")
    project.fake.store.contact_points["ops-slack"]["settings"]["text"] = "mine"


def test_what_only_looks_makes_no_request_that_writes(changed):
    for arguments in READS:
        changed.fake.log.clear()
        _require_no_secret(changed, [_run(changed, arguments), *_files(changed)])
        assert len(changed.fake.log) > 3, f"{arguments} did look"
        assert changed.fake.log.writes == [], arguments
        asks = [call for call in changed.fake.log if call.method != "GET"]
        assert all(call.query.get("dryRun") == ["All"] for call in asks), arguments


def test_no_secret_is_in_outputs_files_or_other_requests(changed):
    texts = [_run(changed, arguments) for arguments in (*READS, *WRITES)]
    assert any("updated data source `loki`" in text for text in texts)
    _require_no_secret(changed, [*texts, *_files(changed), *_wire(changed)])


@pytest.mark.parametrize("status", [400, 401, 403, 409, 422, 500])
def test_a_server_that_repeats_what_it_got_shows_nothing(touched, status):
    message = " ".join([*SECRETS.values(), touched.fake.admin_token])
    body = {"message": f"cannot take {message}", "extra": {"error": message}, "status": message}
    touched.fake.fail(
        Fault(
            FaultKind.STATUS,
            When.BEFORE,
            status=status,
            body=body,
            path="datasources|contact-points|receivers",
            times=99,
        )
    )
    for arguments in (("push", "--force"), ("status",), ("diff",)):
        _require_no_secret(touched, [_run(touched, arguments), *_files(touched)])


def test_a_page_in_place_of_an_answer_shows_nothing(touched):
    page = f"<html>{' '.join(_secrets(touched))}</html>".encode()
    for status in (200, 403, 502):
        touched.fake.faults.clear()
        touched.fake.fail(Fault(FaultKind.STATUS, status=status, body=page, path="datasources", times=99))
        _require_no_secret(touched, [_run(touched, ("push", "--force")), *_files(touched)])


def test_no_object_and_no_traceback_shows_a_secret(touched, monkeypatch):
    settings = ConnectionSettings(touched.fake.url, token=Secret(touched.fake.admin_token))
    expected = build_for(touched.folder, None).desired
    shown = []

    def broken(self, change):
        shown.append(repr((self, change)))
        raise RuntimeError("broken inside")

    with open_push(touched.folder, Chosen("", settings), expected, SECRETS, PushRequest()) as push:
        shown += [repr(push), repr(push.state.entries), repr(push.sides), str(push.chosen)]
        monkeypatch.setattr(Session, "write", broken)
        try:
            push.apply("test", lambda _: None)
        except RuntimeError as error:
            lines = traceback.TracebackException.from_exception(error, capture_locals=False).format()
            shown += ["".join(lines), repr(error)]
    assert any("broken inside" in text for text in shown)
    _require_no_secret(touched, shown)


def test_a_password_is_as_secret_as_a_token(touched):
    user = {"GRAFANA_TOKEN": "", "GRAFANA_USER": "admin", "GRAFANA_PASSWORD": "pa55-of-admin"}
    done = touched.run("push", "--url", touched.fake.url, **user)
    assert done.code == 3
    assert "pa55-of-admin" not in done.stdout + done.stderr
    assert not [text for text in _files(touched) if "pa55-of-admin" in text]
