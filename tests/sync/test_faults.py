"""Everything that can go wrong at any request of a push: no edit is lost, nothing is doubled, the next push converges."""

import shutil
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from dashgen.errors import DashgenError
from dashgen.grafana import ConnectionSettings, Grafana, client
from dashgen.grafana.capabilities import Capabilities
from dashgen.grafana.session import Session
from dashgen.http import Limits, Secret
from dashgen.sync.apply import planned_conflicts
from dashgen.sync.desired import Desired
from dashgen.sync.plan import Options
from dashgen.sync.run import Request, open_push
from dashgen.sync.specs import build_for
from dashgen.sync.targets import Chosen
from tests.grafana.fake import FakeGrafana, Fault, FaultKind, When
from tests.sync.support import SECRETS, Project

LIMITS = Limits(connect=2.0, read=0.25, total=0.5, body=2**20, attempts=2)
EDITED = {"title": "Edited by hand", "tags": ["dashgen", "mine"], "panels": []}


def _fault(name: str, when: When, **more: Any) -> Fault:
    kind, _, status = name.partition(" ")
    given = {"status": int(status)} if status else {}
    return Fault(FaultKind(kind), when, size=3 * 2**20, **given, **more)


BOTH = (
    "reset", "status 500", "status 502", "status 429", "status 409", "status 412",
    "status 401", "status 403", "status 400", "html", "login", "elsewhere",
)  # fmt: skip
AFTER = ("cut-off", "cut-json", "huge", "huge-undeclared", "drip", "deep", "hang")
VARIANTS = [
    *((name, when) for name in BOTH for when in When),
    *((name, When.AFTER) for name in AFTER),
    ("hang", When.BEFORE),
    ("drip-headers", When.AFTER),
]
READ_VARIANTS = [
    ("reset", When.BEFORE), ("status 500", When.BEFORE), ("status 401", When.BEFORE), ("html", When.BEFORE),
    ("cut-json", When.AFTER),
]  # fmt: skip
WRITES = (
    ("POST", "/api/folders"),
    ("POST", "/api/datasources"),
    ("PUT", "/api/datasources/uid/prometheus"),
    ("POST", "dashboards(/db)?$"),
    ("PUT", "dashboards/plain$"),
    ("POST", "contact-points"),
    ("PUT", "contact-points/office-email"),
    ("PUT", "templates/short"),
    ("PUT", "policies"),
    ("PUT", "rule-groups/shop-health"),
    ("DELETE", "dashboards/old$"),
)


@dataclass
class Stage:
    """A Grafana with what was pushed first, somebody's edit in it, and what is to be pushed next."""

    fake: FakeGrafana
    root: Path
    memory: Path
    store: dict[str, Any]
    wanted: Desired
    known: Capabilities

    def reset(self) -> None:
        self.fake.faults.clear()
        self.fake.log.clear()
        for name, value in deepcopy(self.store).items():
            setattr(self.fake.store, name, value)
        shutil.rmtree(self.root / ".dashgen", ignore_errors=True)
        shutil.copytree(self.memory, self.root / ".dashgen")

    def push(self) -> int:
        """Push as the command does; its exit code."""
        settings = ConnectionSettings(self.fake.url, token=Secret(self.fake.admin_token), limits=LIMITS)
        request = Request(Options(prune=True))
        try:
            with open_push(self.root, Chosen("", settings), self.wanted, SECRETS, request) as push:
                applied = push.apply("test", lambda _: None)
                outcomes = [*applied.outcomes, *planned_conflicts(push.steps)]
                return max((outcome.exit_code for outcome in outcomes), default=0)
        except DashgenError as error:
            return error.exit_code

    def picture(self) -> dict[str, Any]:
        """What is there, as far as a push decides it."""
        store = self.fake.store
        return {
            "folders": {f.uid: (f.title, f.parent_uid) for f in store.folders.values()},
            "dashboards": {uid: (d.spec, d.folder_uid) for uid, d in store.dashboards.items()},
            "sources": {uid: s.get("url") for uid, s in store.data_sources.items()},
            "secrets": store.data_source_secrets.get("loki"),
            "points": {uid: p["settings"] for uid, p in store.contact_points.items()},
            "templates": {name: t["template"] for name, t in store.templates.items()},
            "policies": store.policies.get("routes"),
            "rules": sorted((r["uid"], r["title"], r["for"]) for r in store.rules.values()),
        }


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with FakeGrafana() as fake, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "pause", lambda *_: None)
        patch.setitem(Session.__init__.__kwdefaults__, "sleep", lambda _: None)
        yield _made(fake, tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("memory"))


def _made(fake: FakeGrafana, root: Path, memory: Path) -> Stage:
    project = Project(root, fake)
    project.change("specs/sources.yaml", "  loki:", "  # loki:")
    project.change("specs/shop.yaml", "uid: shop", "uid: old")
    project.change(
        "specs/folders.yaml", "title: Alerts\nuid: alerts\nparent: Sales", "title: Other\nuid: other"
    )
    project.change("specs/alerts.yaml", "folder: Sales/Alerts", "folder: Sales")
    text = project.folder.joinpath("specs/notices.yaml").read_text()
    project.write(
        "specs/mine.yaml", "kind: Dashboard\nuid: mine\ntitle: Mine\npanels: [{title: A, query: up}]\n"
    )
    project.change("specs/notices.yaml", "  ops:\n    slack: {url: $SLACK_URL}\n", "")
    project.change("specs/notices.yaml", "contact_point: ops", "contact_point: office")
    project.change("specs/alerts.yaml", "    contact_point: ops\n", "")
    first = project.push()
    assert first.code == 0, first.stdout + first.stderr
    fake.store.edit("mine", **EDITED)
    project.write("specs/notices.yaml", text.replace("office@", "desk@").replace(".Status", ".State"))
    project.change("specs/sources.yaml", "  # loki:", "  loki:")
    project.change("specs/sources.yaml", "prometheus:9090", "prometheus:9091")
    project.change("specs/shop.yaml", "uid: old", "uid: shop")
    project.change("specs/shop.yaml", "query: up", "query: up == 1")
    project.change(
        "specs/folders.yaml",
        "title: Other\nuid: other",
        "title: Other\nuid: other\n---\nkind: Folder\ntitle: New\nuid: new",
    )
    project.change("specs/alerts.yaml", "for: 5m", "for: 6m")
    project.change("specs/mine.yaml", "query: up", "query: up == 0")
    built = build_for(root, None)
    assert not built.failed, built.diagnostics
    shutil.rmtree(memory)
    shutil.copytree(root / ".dashgen", memory)
    kept = {k: deepcopy(v) for k, v in vars(fake.store).items() if isinstance(v, dict | list)}
    with Grafana(ConnectionSettings(fake.url, token=Secret(fake.admin_token))) as grafana:
        return Stage(fake, root, memory, kept, built.desired, grafana.capabilities)


@pytest.fixture(scope="module")
def expected(stage: Stage) -> dict[str, Any]:
    stage.reset()
    assert stage.push() == 4, "the edit is in conflict, and all else is pushed"
    written = [(call.method, call.path) for call in stage.fake.log.writes]
    assert len(written) == len(WRITES), written
    picture = stage.picture()
    assert picture["dashboards"]["mine"][0]["title"] == "Edited by hand"
    assert sorted(picture["dashboards"]) == ["mine", "plain", "shop"]
    return picture


def _check(stage: Stage, expected: dict[str, Any]) -> None:
    assert stage.push() in {1, 3, 4}, "neither the conflict was told nor the fault"
    assert stage.picture()["dashboards"]["mine"] == expected["dashboards"]["mine"], "the edit is lost"
    stage.fake.faults.clear()
    assert stage.push() == 4
    assert stage.picture() == expected, "the next push does not converge"


@pytest.mark.parametrize(("name", "when"), VARIANTS, ids=lambda value: str(value).replace(" ", "-"))
@pytest.mark.parametrize(
    "write", WRITES, ids=lambda write: f"{write[0]}-{write[1].strip('$').split('/')[-1]}"
)
def test_a_fault_at_a_write(stage, expected, write, name, when, monkeypatch):
    monkeypatch.setattr(client, "detect", lambda _: stage.known)
    stage.reset()
    method, path = write
    armed = stage.fake.fail(_fault(name, when, method=method, path=path))
    _check(stage, expected)
    assert armed.done == 1


@pytest.mark.parametrize(("name", "when"), READ_VARIANTS, ids=lambda value: str(value).replace(" ", "-"))
def test_a_fault_at_every_read(stage, expected, name, when):
    stage.reset()
    stage.push()
    reads = [number for number, call in enumerate(stage.fake.log) if not call.writes]
    assert len(reads) > 25
    for number in reads[READ_VARIANTS.index((name, when)) % 3 :: 3]:
        stage.reset()
        stage.fake.fail(replace(_fault(name, when), at=number))
        _check(stage, expected)


@pytest.mark.parametrize(
    ("name", "when", "code"),
    [
        ("reset", When.BEFORE, 0), ("reset", When.AFTER, 0), ("cut-json", When.AFTER, 0), ("hang", When.AFTER, 0),
        ("status 500", When.BEFORE, 0), ("status 500", When.AFTER, 0), ("status 429", When.BEFORE, 0),
        ("html", When.AFTER, 0), ("status 400", When.BEFORE, 1), ("status 401", When.BEFORE, 3),
        ("status 403", When.BEFORE, 3), ("status 409", When.BEFORE, 4), ("status 412", When.AFTER, 0),
        ("status 409", When.AFTER, 0),
    ],
)  # fmt: skip
def test_the_exit_code_says_what_a_fault_did(stage, expected, name, when, code):
    stage.reset()
    full, stage.wanted = stage.wanted, stage.wanted.only(frozenset(["plain"]))
    try:
        with open_push_of(stage) as push:
            stage.fake.fail(_fault(name, when, method="PUT", path="dashboards/plain$"))
            assert push.apply("test", lambda _: None).exit_code == code
        written = "up == 1" in str(stage.fake.store.dashboards["plain"].spec)
        assert written == (code == 0)
    finally:
        stage.wanted = full


def open_push_of(stage: Stage):
    settings = ConnectionSettings(stage.fake.url, token=Secret(stage.fake.admin_token), limits=LIMITS)
    return open_push(stage.root, Chosen("", settings), stage.wanted, SECRETS, Request(whole=False))
