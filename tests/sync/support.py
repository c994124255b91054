"""A small project, a fake Grafana, and a way to run commands against it."""

import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dashgen.servers.grafana.session import Session
from dashgen.sync.push import rotation
from tests.cli.transcript import Result, run_command
from tests.grafana.fake import FakeGrafana
from tests.grafana.fake.direct import answer_without_sockets

SOURCES = """\
kind: DataSources
datasources:
  prometheus: {url: "http://prometheus:9090", default: true}
  loki: {url: "http://loki:3100", basic_auth: {user: bot, password: $LOKI_PASSWORD}}
"""
SHOP = """\
kind: Dashboard
uid: shop
title: 🛒 Shop
folder: Sales
panels:
  - title: Orders
    query: sum by (status) (rate(shop_orders_total[5m]))
  - title: Success Rate
    type: stat
    query: avg(shop_success_ratio)
    thresholds: {red: 0, green: 0.9}
---
kind: Dashboard
uid: plain
title: Plain
panels:
  - title: Up
    query: up
"""
FOLDERS = """\
kind: Folder
title: Sales
uid: sales
---
kind: Folder
title: Alerts
uid: alerts
parent: Sales
"""
ALERTS = """\
kind: AlertRules
group: shop-health
folder: Sales/Alerts
interval: 1m
rules:
  - alert: ManyErrors
    query: sum(rate(shop_errors_total[5m]))
    when: above 10
    for: 5m
    severity: warning
    summary: many errors
  - alert: FewOrders
    query: sum(rate(shop_orders_total[5m]))
    when: below 1
    for: 10m
    severity: critical
    summary: few orders
    contact_point: ops
"""
NOTICES = """\
kind: Notifications
contact_points:
  ops:
    slack: {url: $SLACK_URL}
  office:
    email: {to: [office@example.com]}
mute_timings:
  weekend: {weekdays: [saturday, sunday]}
templates:
  short: '{{ define "short" }}{{ .Status }}{{ end }}'
policies:
  contact_point: office
  routes:
    - match: {severity: critical}
      contact_point: ops
      mute: weekend
"""
SECRETS = {"LOKI_PASSWORD": "pa55-of-loki", "SLACK_URL": "https://hooks.slack.test/services/s3cr3t-part"}
FILES = {
    "dashgen.yaml": "specs: [specs]\n",
    "specs/sources.yaml": SOURCES,
    "specs/shop.yaml": SHOP,
    "specs/folders.yaml": FOLDERS,
    "specs/alerts.yaml": ALERTS,
    "specs/notices.yaml": NOTICES,
}


class Project:
    """A project on the disk and the Grafana that it is pushed to."""

    def __init__(
        self,
        folder: Path,
        fake: FakeGrafana,
        files: dict[str, str] | None = None,
        starts: "Starts | None" = None,
    ) -> None:
        self.folder = folder
        self.fake = fake
        self._starts = starts
        for name, text in (FILES if files is None else files).items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def run(self, *arguments: str, **variables: str) -> Result:
        return run_command(
            list(arguments), self.folder, {"GRAFANA_TOKEN": self.fake.admin_token, **SECRETS, **variables}
        )

    def push(self, *arguments: str, **variables: str) -> Result:
        return self.run("push", "--url", self.fake.url, *arguments, **variables)

    def start_from(self, prepare: Callable[["Project"], object]) -> None:
        """Prepare a test, or copy what came of it when another test did the same at this address; the log is empty."""
        if self._starts is None:
            prepare(self)
        else:
            self._starts.start(self, prepare)
        self.fake.log.clear()

    def start_pushed(self) -> None:
        """Start after a first push of everything."""
        self.start_from(_push_everything)


def _push_everything(project: Project) -> None:
    done = project.push()
    assert done.code == 0, done.stdout + done.stderr


class Starts:
    """What came of preparing tests: a project's folder and its Grafana, by the address and the name of the function."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[tuple[str, str], tuple[Path, bytes]] = {}

    def start(self, project: Project, prepare: Callable[[Project], object]) -> None:
        # What a push remembers is about an address, so a copy of it is of use at that address only.
        key = project.fake.url, f"{prepare.__module__}.{prepare.__qualname__}"
        if key not in self._kept:
            prepare(project)
            folder = self._folder / str(len(self._kept))
            shutil.copytree(project.folder, folder)
            self._kept[key] = folder, pickle.dumps(project.fake.store.contents())
            return
        folder, store = self._kept[key]
        vars(project.fake.store).update(pickle.loads(store))  # noqa: S301  # made above
        shutil.rmtree(project.folder)
        shutil.copytree(folder, project.folder)


class Snapshot:
    """A project's folder and its Grafana at one moment; both can be put back to it, which is quicker than to push again."""

    def __init__(self, project: Project, folder: Path) -> None:
        self._project = project
        self._kept = folder
        self._store = pickle.dumps(project.fake.store.contents())
        shutil.copytree(project.folder, folder)

    def restore(self) -> Project:
        fake = self._project.fake
        fake.log.clear()
        # Loading a pickle is several times as fast as copying what was pickled.
        vars(fake.store).update(pickle.loads(self._store))  # noqa: S301  # made above
        shutil.rmtree(self._project.folder)
        shutil.copytree(self._kept, self._project.folder)
        return self._project


def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Push with no pauses between attempts, cheap fingerprints of secrets, and no sockets where nothing fails."""
    answer_without_sockets(monkeypatch)
    monkeypatch.setattr(Session, "pause", lambda *_: None)
    monkeypatch.setitem(rotation.COST, "n", 2)
