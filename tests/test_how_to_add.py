"""What docs/architecture.md says under "How to add …" is all that is needed: each story is played in a copy of the package."""

import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.grafana.fake import FakeGrafana

ROOT = Path(__file__).parents[1]
PROJECT = {
    "dashgen.yaml": "specs: [specs]\n",
    "specs/sources.yaml": "kind: DataSources\ndatasources: {prometheus: {url: 'http://p:9090', default: true}}\n",
}


@dataclass(frozen=True)
class Story:
    """Something to add.

    Attributes:
        files: new files below ``dashgen/``.
        lines: by file below ``dashgen/``, pairs of a line that is there and what is inserted before it; the end
            without one.
        specs: the specs that use it.
        expected: by file of the output, a text that it then has; of ``stdout`` and ``stderr`` it is what
            the command prints.
        command: what is run in the project.
    """

    specs: dict[str, str]
    expected: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    lines: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    command: tuple[str, ...] = ("build",)


STORIES = {
    "a panel type": Story(
        files={
            "compile/lower/panels/hourglass.py": '''\
"""Hourglass: how much of a stretch of time is left."""

from typing import Annotated, ClassVar

from dashgen.compile.lower.panel_type import PanelType
from dashgen.core.json_values import Json
from dashgen.model.base import doc
from dashgen.model.settled_dashboard import SettledPanel


class Hourglass(PanelType, kw_only=True):
    """How much of a stretch of time is left."""

    type_id: ClassVar[str] = "acme-hourglass-panel"
    takes_queries: ClassVar[bool] = False

    sand: Annotated[str, doc("The color of the sand.")] = "yellow"

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """The sand."""
        return {"sandColor": self.sand}
'''
        },
        specs={
            "d.yaml": "kind: Dashboard\nuid: d\ntitle: D\npanels: [{title: T, type: acme-hourglass-panel, sand: red}]\n"
        },
        expected={"dashboards/d.json": '"sandColor": "red"'},
    ),
    "a lint rule": Story(
        files={
            "check/lint/rules/dashboard/shouting.py": '''\
"""A title is all capitals.

Capitals are hard to read.

Write it small.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, lint_rule


@lint_rule(
    bad="{kind: Dashboard, title: SHOP, panels: [{title: T, query: up}]}",
    good="{kind: Dashboard, title: Shop, panels: [{title: T, query: up}]}",
)
def check(dashboard: LintDashboard) -> Iterator[LintProblem]:
    """Yield a problem for a title in capitals."""
    if dashboard.title.isupper():
        yield dashboard.problem(f"the title `{dashboard.title}` is all capitals", "title", hint="write it small")
'''
        },
        specs={"d.yaml": "kind: Dashboard\nuid: d\ntitle: SHOP\npanels: [{title: T, query: up}]\n"},
        expected={"stdout": "[dashboard/shouting]: the title `SHOP` is all capitals"},
        command=("lint", "--select", "dashboard/shouting"),
    ),
    "a check": Story(
        lines={
            "core/diagnostics/rules.tsv": [
                ("", "dashboard/shouting\twarning\tCapitals are hard to read.\ttitle: SHOP\ttitle: Shop\tWrite it small.\n")
            ],
            "compile/crosschecks.py": [
                (
                    "    for summary in summaries:\n        for uid, location",
                    ("    for summary in summaries:\n"
                    "        if summary.title.isupper():\n"
                    "            message = f'the title `{summary.title}` is all capitals'\n"
                    "            yield Diagnostic('dashboard/shouting', message, summary.location, 'write it small')\n"),
                )
            ],
        },
        specs={"d.yaml": "kind: Dashboard\nuid: d\ntitle: SHOP\npanels: [{title: T, query: up}]\n"},
        expected={"stderr": "[dashboard/shouting]"},
    ),
    "an output": Story(
        files={
            "compile/outputs/inventory_file.py": '''\
"""The titles of all dashboards, one in a line."""

from collections.abc import Sequence

from dashgen.compile.outputs.artifact import Artifact
from dashgen.workspace.build_records import DashboardSummary


def inventory_file(summaries: Sequence[DashboardSummary]) -> Artifact:
    """The file, for dashboards in any order."""
    titles = sorted(summary.title for summary in summaries)
    return Artifact("inventory.txt", "".join(f"{title}\\n" for title in titles).encode())
'''
        },
        lines={
            "compile/compile_others.py": [
                (
                    "from dashgen.compile.outputs.notification_files",
                    "from dashgen.compile.outputs.inventory_file import inventory_file\n",
                ),
                (
                    "    others.artifacts += rule_tests(others.groups)",
                    "    others.artifacts.append(inventory_file(summaries))\n",
                ),
            ]
        },
        specs={"d.yaml": "kind: Dashboard\nuid: d\ntitle: Shop\npanels: [{title: T, query: up}]\n"},
        expected={"inventory.txt": "Shop\n"},
    ),
    "a notification channel": Story(
        lines={
            "model/receivers.py": [
                (
                    "class Other(Receiver",
                    ("class Pigeon(Receiver, kw_only=True):\n"
                    '    """A homing pigeon."""\n\n'
                    '    TYPE: ClassVar[str] = "pigeon"\n'
                    '    NAMES: ClassVar[Names] = {"home": "homeLoft"}\n\n'
                    '    home: Annotated[str, doc("Where it flies to.")]\n\n\n'),
                ),
                (
                    "    email: Annotated[",
                    '    pigeon: Annotated[Pigeon | list[Pigeon] | None, doc("A homing pigeon.")] = None\n',
                ),
            ],
            "model/contact_types.py": [
                ('    "dingding": _type(', '    "pigeon": _type({"homeLoft": "could not find homeLoft in settings"}),\n')
            ],
        },
        specs={
            "n.yaml": "kind: Notifications\ncontact_points: {ops: {pigeon: {home: Dubai}}}\npolicies: {contact_point: ops}\n"
        },
        expected={
            "provisioning/alerting/contact-points.yaml": "homeLoft: Dubai",
        },
    ),
    "a query language": Story(
        files={
            "query/rhyme.py": '''\
"""A language whose queries rhyme."""

from dashgen.query.language import Fault, ParsedQuery


class Rhyme:
    """The language of the data source type `rhyme`."""

    def parse(self, expr: str) -> ParsedQuery:
        """Learn about a query."""
        if expr.endswith("ime"):
            return ParsedQuery()
        return ParsedQuery.refused(Fault("the query does not rhyme", "end it with a rhyme", 0))
'''
        },
        lines={
            "query/__init__.py": [
                ("from dashgen.query.template_variables", "from dashgen.query.rhyme import Rhyme\n"),
                ('"""The query languages by', 'LANGUAGES["rhyme"] = Rhyme()\n'),
            ]
        },
        specs={
            "r.yaml": "kind: DataSources\ndatasources: {poems: {type: rhyme, url: 'http://r'}}\n",
            "d.yaml": "kind: Dashboard\nuid: d\ntitle: D\ndatasource: poems\n"
            "panels: [{title: A, query: rhyme in time}, {title: B, query: prose}]\n",
        },
        expected={"stderr": "the query does not rhyme"},
    ),
    "a kind of resource": Story(
        files={
            "model/playlist_spec.py": '''\
"""Playlists: dashboards shown one after the other."""

from typing import Annotated

from dashgen.model.base import Spec, doc


class Playlist(Spec, kw_only=True):
    """Dashboards shown one after the other."""

    name: Annotated[str, doc("The name.")]
    dashboards: Annotated[list[str], doc("The uids of the dashboards, in order.")]
''',
            "sync/push/kinds/playlist_kind.py": '''\
"""Playlists."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from dashgen.formats.resources import Resource
from dashgen.servers.grafana import Grafana
from dashgen.sync.push.item import Item, LiveItem
from dashgen.sync.push.kinds.resource_kind import (
    DesiredSources,
    Environment,
    FolderPath,
    ReadRequest,
    ResourceKind,
    WriteContext,
)


class PlaylistKind(ResourceKind):
    """Playlists."""

    name: ClassVar[str] = "playlist"
    order: ClassVar[int] = 90

    def desired(self, sources: DesiredSources) -> Iterator[Item]:
        """The playlists of the specs."""
        for document in sources.compilation.documents.of("Playlist"):
            content = {"name": document.model.name, "items": document.model.dashboards}
            yield Item(self.name, document.model.name, document.model.name, content)

    def read_all(self, grafana: Grafana, request: ReadRequest) -> Iterable[LiveItem]:
        """None."""
        return ()

    def read(self, grafana: Grafana, item: Item) -> LiveItem | None:
        """None."""
        return None

    def normal(self, item: Item, titles: FolderPath, environment: Environment | None) -> Iterable[Resource]:
        """One resource."""
        yield Resource(self.name, item.uid, item.title, item.content)

    def write(self, context: WriteContext, item: Item, live: LiveItem | None, checksum: str) -> str:
        """Write it."""
        return ""

    def delete(self, grafana: Grafana, live: LiveItem) -> None:
        """Delete it."""
''',
        },
        lines={
            "compile/project_documents.py": [
                (
                    "from dashgen.model.parse import",
                    "from dashgen.model.playlist_spec import Playlist\n",
                ),
                ('    "Notifications": Notifications,', '    "Playlist": Playlist,\n'),
            ]
        },
        specs={"p.yaml": "kind: Playlist\nname: Wall\ndashboards: [a, b]\n"},
        expected={"stdout": "+ playlist `Wall`"},
        command=("push", "--dry-run"),
    ),
}  # fmt: skip


def test_every_story_of_the_docs_is_played() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    assert [story for story in STORIES if f"**{story.capitalize()}" not in text] == []


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES.keys())
def test_a_story_needs_its_files_only(tmp_path: Path, story: Story) -> None:
    assert len(story.files.keys() | story.lines.keys()) <= 3
    source, project = tmp_path / "source", tmp_path / "project"
    shutil.copytree(ROOT / "dashgen", source / "dashgen", ignore=shutil.ignore_patterns("__pycache__"))
    extend(source / "dashgen", story)
    for name, text in {**PROJECT, **{f"specs/{name}": text for name, text in story.specs.items()}}.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with FakeGrafana() as grafana:
        done = subprocess.run(
            [sys.executable, "-m", "dashgen", *story.command],
            cwd=project,
            env={
                "PYTHONPATH": str(source),
                "PATH": "/usr/bin:/bin",
                "GRAFANA_URL": grafana.url,
                "GRAFANA_TOKEN": grafana.admin_token,
            },
            capture_output=True,
            text=True,
            check=False,
        )
    assert "Traceback" not in done.stderr, done.stderr
    for name, expected in story.expected.items():
        streams = {"stdout": done.stdout, "stderr": done.stderr}
        path = project / "generated" / name
        assert name in streams or path.is_file(), done
        content = streams[name] if name in streams else path.read_text("utf-8")
        assert expected in content, done


def extend(package: Path, story: Story) -> None:
    """Add what a story adds to a copy of the package."""
    for name, text in story.files.items():
        assert not (package / name).exists()
        (package / name).write_text(text, encoding="utf-8")
    for name, insertions in story.lines.items():
        content = (package / name).read_text(encoding="utf-8")
        for anchor, text in insertions:
            assert content.count(anchor) == 1 or not anchor, (name, anchor)
            content = content.replace(anchor, text + anchor) if anchor else content + text
        (package / name).write_text(content, encoding="utf-8")
