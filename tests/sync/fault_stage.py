"""A Grafana with what was pushed first, somebody's edit in it, and what is to be pushed next: where faults are tried."""

import json
import pickle
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from dashgen.core.errors import DashgenError
from dashgen.formats.resources import Key
from dashgen.project.targets import Chosen
from dashgen.servers.grafana import ConnectionSettings, Grafana, client
from dashgen.servers.grafana.capabilities import Capabilities
from dashgen.servers.grafana.session import Session
from dashgen.servers.http import Secret
from dashgen.sync.push.apply_plan import StepOutcome, planned_conflicts
from dashgen.sync.push.built_specs import build_for
from dashgen.sync.push.desired_items import Desired
from dashgen.sync.push.ledger import TAG
from dashgen.sync.push.push import PushRequest, open_push
from dashgen.sync.push.push_plan import PlanOptions
from tests.grafana.fake import FakeGrafana
from tests.grafana.fake.ui_saves import save_in_editor
from tests.sync.support import SECRETS, Project, without_waiting
from tests.tools.hanging import patient_limits

# One request at a time, so that a fault is at the same request each time.
LIMITS: Final = patient_limits(body=2**20, attempts=2, concurrency=1)


def saves_in_v2(fake: FakeGrafana) -> bool:
    """Whether people save dashboards in the editor of a Grafana that stores schema v2."""
    return fake.config.version.startswith("13.3")


EDITED: Final = {"title": "Edited by hand", "tags": ["dashgen", "mine"], "panels": []}
EVENTS: Final = "kind: Annotations\nevents:\n  - {title: Sale, key: sale, at: 2026-05-01}\n"
SETUPS: Final[Mapping[str, Mapping[str, Any]]] = {
    "10": {"version": "10.4.1"},
    "11": {"version": "11.5.0"},
    "12, no marks": {"version": "12.4.3", "keeps_marks": False},
    "12": {"version": "12.4.3"},
    "13": {"version": "13.0.1"},
    "13.3": {"version": "13.3.0"},
}
"""What differs: the classic API (10, 11), the Kubernetes-style one without and with storage that keeps marks, and
dashboards that people save in an editor which stores schema v2 (13.3)."""

_FOLDERS: Final = (
    "kind: Folder\ntitle: Sales\nuid: sales\n---\nkind: Folder\ntitle: Other\nuid: other\n"
    "---\nkind: Folder\ntitle: Old\nuid: old-folder\n"
)
_INHIBITIONS: Final = (
    "inhibition_rules:\n"
    "  down: {source: {alertname: FewOrders}, target: {severity: info}}\n"
    "  old: {source: {severity: critical}, target: {alertname: ManyErrors}}\n"
)
_MINE: Final = "kind: Dashboard\nuid: mine\ntitle: Mine\npanels: [{title: A, query: up}]\n"


@dataclass(slots=True)
class PushEnd:
    """What a push ended with."""

    code: int
    outcomes: list[StepOutcome] = field(default_factory=list)
    error: str = ""


@dataclass
class Stage:
    """One Grafana, what it was before the push that faults disturb, and that push."""

    fake: FakeGrafana
    root: Path
    memory: Path
    contents: bytes
    wanted: Desired
    known: Capabilities
    detects: bool = False
    store: dict[str, Any] = field(init=False)
    pictures: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.store = pickle.loads(self.contents)  # noqa: S301  # this test made it

    def reset(self, only: Iterable[Key] = ()) -> None:
        """Put everything back as it was; of the memory only some, when a push is to prune nothing else."""
        self.fake.faults.clear()
        self.fake.log.clear()
        # Loading a pickle is several times as fast as copying what was pickled.
        vars(self.fake.store).update(pickle.loads(self.contents))  # noqa: S301  # this test made it
        shutil.rmtree(self.root / ".dashgen", ignore_errors=True)
        shutil.copytree(self.memory, self.root / ".dashgen", copy_function=shutil.copyfile)
        for path in (self.root / ".dashgen/push").glob("*.json") if only else ():
            memory = json.loads(path.read_text())
            memory["entries"] = [
                entry for entry in memory["entries"] if (entry["kind"], entry["uid"]) in only
            ]
            path.write_text(json.dumps(memory))

    def push(self, desired: Desired | None = None, *, whole: bool = True) -> PushEnd:
        """Push as the command does."""
        settings = ConnectionSettings(self.fake.url, token=Secret(self.fake.admin_token), limits=LIMITS)
        request = PushRequest(PlanOptions(prune=True), whole=whole)
        try:
            with open_push(self.root, Chosen("", settings), desired or self.wanted, SECRETS, request) as push:
                if push.check():
                    return PushEnd(1, error="the dry run says that Grafana would refuse it")
                applied = push.apply("test", lambda _: None)
                outcomes = [*applied.outcomes, *planned_conflicts(push.steps)]
                return PushEnd(max((outcome.exit_code for outcome in outcomes), default=0), outcomes)
        except DashgenError as error:
            return PushEnd(error.exit_code, error=str(error))

    def picture(self) -> dict[str, Any]:
        """What is there, as far as a push decides it."""
        store = self.fake.store
        annotations = list(store.annotations.values())
        notes = [msgspec.json.decode(a["text"]) for a in annotations if TAG in a["tags"]]
        return {
            "folders": {f.uid: (f.title, f.parent_uid) for f in store.folders.values()},
            "dashboards": {uid: (d.spec, d.folder_uid, d.is_v2) for uid, d in store.dashboards.items()},
            "sources": {uid: s.get("url") for uid, s in store.data_sources.items()},
            "secrets": store.data_source_secrets.get("loki"),
            "points": {uid: p["settings"] for uid, p in store.contact_points.items()},
            "mute timings": {name: t["time_intervals"] for name, t in store.mute_timings.items()},
            "inhibitions": {name: rule["spec"] for name, rule in store.inhibition_rules.items()},
            "templates": {name: t["template"] for name, t in store.templates.items()},
            "policies": store.policies.get("routes"),
            "rules": sorted((r["uid"], r["title"], r["for"]) for r in store.rules.values()),
            "events": sorted(a["text"] for a in annotations if TAG not in a["tags"]),
            # A note may stay behind when what it is about is gone, and no more than one may be there.
            "notes": sorted(note["uid"] for note in notes if note["uid"] not in ("old-folder", "old")),
        }


@contextmanager
def open_stage(folder: Path, setup: str) -> Iterator[Stage]:
    """A stage for one setup."""
    with FakeGrafana(**SETUPS[setup]) as fake, pytest.MonkeyPatch.context() as patch:
        without_waiting(patch)
        patch.setitem(Session.__init__.__kwdefaults__, "sleep", lambda _: None)
        stage = _prepare(fake, folder / "project", folder / "memory")
        stage.reset()
        end = stage.push()
        assert end.code == 4, f"the edit is in conflict, and all else is pushed: {end}"
        dashboards = stage.picture()["dashboards"]
        assert dashboards["mine"][0]["title"] == "Edited by hand"
        assert sorted(dashboards) == ["mine", "plain", "shop"]
        detect = client.detect
        patch.setattr(client, "detect", lambda session: detect(session) if stage.detects else stage.known)
        yield stage


def _prepare(fake: FakeGrafana, root: Path, memory: Path) -> Stage:
    project = Project(root, fake)
    _write_first_specs(project)
    done = project.push()
    assert done.code == 0, done.stdout + done.stderr
    _edit_by_hand(fake)
    _write_second_specs(project)
    built = build_for(root, None)
    assert not built.failed, built.diagnostics
    shutil.copytree(root / ".dashgen", memory)
    contents = pickle.dumps(fake.store.contents())
    with Grafana(ConnectionSettings(fake.url, token=Secret(fake.admin_token))) as grafana:
        return Stage(fake, root, memory, contents, built.desired, grafana.capabilities)


def _edit_by_hand(fake: FakeGrafana) -> None:
    """Somebody's edit; on 13.3 in an editor that stores v2, in which others were saved without a change."""
    if not saves_in_v2(fake):
        fake.store.edit("mine", **EDITED)
        return
    edited = {
        **{key: value for key, value in EDITED.items() if key != "panels"},
        "elements": {},
        "layout": {"kind": "GridLayout", "spec": {"items": []}},
    }
    save_in_editor(fake.store, "mine", lambda spec: spec.update(edited))
    for uid in ("plain", "old"):
        save_in_editor(fake.store, uid)


def _write_first_specs(project: Project) -> None:
    project.change("specs/sources.yaml", "  loki:", "  # loki:")
    project.change("specs/shop.yaml", "uid: shop", "uid: old")
    project.write("specs/folders.yaml", _FOLDERS)
    project.change("specs/alerts.yaml", "folder: Sales/Alerts", "folder: Sales")
    project.change("specs/alerts.yaml", "    contact_point: ops\n", "")
    project.write("specs/mine.yaml", _MINE)
    project.write("specs/events.yaml", EVENTS)
    notices = project.folder.joinpath("specs/notices.yaml").read_text()
    project.write("notices.txt", notices)
    first = notices.replace("  ops:\n    slack: {url: $SLACK_URL}\n", "")
    first += _INHIBITIONS if project.fake.config.major >= 13 else ""
    project.write("specs/notices.yaml", first.replace("contact_point: ops", "contact_point: office"))


def _write_second_specs(project: Project) -> None:
    notices = project.folder.joinpath("notices.txt").read_text()
    if project.fake.config.major >= 13:
        notices += _INHIBITIONS.replace("old:", "quiet:").replace("info}", "warning}")
    for old, new in (("office@", "desk@"), (".Status", ".Receiver"), ("[saturday, sunday]", "[sunday]")):
        assert old in notices
        notices = notices.replace(old, new)
    project.write("specs/notices.yaml", notices)
    project.change("specs/sources.yaml", "  # loki:", "  loki:")
    project.change("specs/sources.yaml", "prometheus:9090", "prometheus:9091")
    project.change("specs/shop.yaml", "uid: old", "uid: shop")
    project.change("specs/shop.yaml", "query: up", "query: up == 1")
    project.change("specs/folders.yaml", "title: Other", "title: Another")
    project.change("specs/folders.yaml", "title: Old\nuid: old-folder", "title: New\nuid: new")
    project.change("specs/alerts.yaml", "for: 5m", "for: 6m")
    alerts = project.folder.joinpath("specs/alerts.yaml").read_text()
    project.write("specs/alerts.yaml", alerts.partition("  - alert: FewOrders")[0])
    project.change("specs/mine.yaml", "query: up", "query: up == 0")
    project.change("specs/events.yaml", "title: Sale", "title: Summer sale")
