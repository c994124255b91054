"""Hostile answers of a Grafana through the commands that ask one."""

import random
import tempfile
from pathlib import Path
from unittest import mock

from dashgen.servers.grafana.session import Session
from dashgen.sync.push import rotation
from tests.fuzz.hostile import hostile_json
from tests.fuzz.values import mutated_data
from tests.fuzz.watch import Findings, watch
from tests.grafana.fake import FakeGrafana
from tests.sync.support import Project

COMMANDS = (
    ("status", "--unmanaged"), ("diff",), ("diff", "--format", "json"), ("diff", "--full"), ("push", "--dry-run"), ("push", "--force"),
    ("push", "--prune", "--yes"), ("pull", "--dry-run"), ("pull", "--dry-run", "--theirs"), ("rollback", "--dry-run"), ("annotate", "x"),
    ("import", "uid:shop"), ("doctor",),
)  # fmt: skip
VERSIONS = ("10.4.1", "11.5.0", "12.4.3", "13.0.1")


def fuzz_answers(count: int, seed: int, found: Findings) -> None:
    """Run commands against a Grafana whose answers, or dashboards, are another thing than they should be."""
    with mock.patch.object(Session, "pause", return_value=None), mock.patch.dict(rotation.COST, {"n": 2}):
        done = 0
        while done < count:
            random_ = random.Random(f"{seed} {done}")  # noqa: S311  # no secret
            with (
                FakeGrafana(version=random_.choice(VERSIONS)) as fake,
                tempfile.TemporaryDirectory() as name,
            ):
                project = Project(Path(name), fake)
                project.push()
                for _ in range(min(20, count - done)):
                    _one(project, f"answers {seed} {done}", random.Random(f"{seed} {done}"), found)  # noqa: S311
                    done += 1
                # The fake is made for dashboards of sound shape; what it cannot search is an error of a server.
                fake.unexpected.clear()


def _one(project: Project, case: str, random_: random.Random, found: Findings) -> None:
    words = random_.choice(COMMANDS)
    if random_.random() < 0.4:
        uid = random_.choice(("shop", "plain"))
        spec = project.fake.store.dashboards[uid].spec if uid in project.fake.store.dashboards else {}
        changed = mutated_data(spec, random_)
        if isinstance(changed, dict):
            project.fake.store.edit(uid, **{key: part for key, part in changed.items() if key != "uid"})

    def run() -> tuple[int, str]:
        ended = project.run(*words, "--url", project.fake.url)
        return ended.code, ended.stderr

    with hostile_json(random_):
        watch(f"{case} {' '.join(words)}", run, found)
