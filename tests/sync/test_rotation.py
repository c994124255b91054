"""Secrets that changed are written; nothing that is kept tells them."""

import shutil
import stat

import pytest

from dashgen.formats import resources as kinds
from dashgen.sync.push.item import Item
from dashgen.sync.push.rotation import fingerprint, matches
from tests.sync.support import SECRETS

NEW = {"LOKI_PASSWORD": "n3w-of-loki", "SLACK_URL": "https://hooks.slack.test/services/0ther-part"}


def test_a_rotated_secret_is_written_once(everywhere):
    everywhere.start_pushed()
    everywhere.fake.log.clear()
    shown = everywhere.run("diff", "--url", everywhere.fake.url, **NEW)
    assert shown.code == 1
    assert shown.stdout.count("ours: the secrets are others than at the last push") == 2
    assert everywhere.run("status", "--url", everywhere.fake.url, **NEW).code == 1
    assert everywhere.fake.log.writes == []
    done = everywhere.push(**NEW)
    assert done.code == 0, done.stdout
    assert "2 updated" in done.stdout
    assert "the secrets are others than at the last push" in done.stdout
    store = everywhere.fake.store
    assert store.data_source_secrets["loki"]["basicAuthPassword"] == NEW["LOKI_PASSWORD"]
    assert store.contact_points["ops-slack"]["settings"]["url"] == NEW["SLACK_URL"]
    everywhere.fake.log.clear()
    again = everywhere.push(**NEW)
    assert (again.code, again.stderr, everywhere.fake.log.writes) == (0, "", [])


def test_a_rotated_secret_of_what_somebody_edited_is_a_conflict(project, fake):
    project.start_pushed()
    fake.store.data_sources["loki"]["url"] = "http://mine:3100"
    done = project.push(**NEW)
    assert done.code == 4
    assert fake.store.data_source_secrets["loki"]["basicAuthPassword"] == SECRETS["LOKI_PASSWORD"]


def test_who_remembers_nothing_says_so_and_writes_no_secret_unasked(project, fake):
    project.start_pushed()
    shutil.rmtree(project.folder / ".dashgen")
    fake.log.clear()
    done = project.push(**NEW)
    assert (done.code, fake.log.writes) == (0, [])
    assert "whether the secrets of these changed is not known here" in done.stderr
    assert "data source `loki`, contact point `ops-slack`" in done.stderr
    assert project.push("--force", **NEW).code == 0
    assert fake.store.data_source_secrets["loki"]["basicAuthPassword"] == NEW["LOKI_PASSWORD"]
    assert project.push(**NEW).stderr == ""


def test_without_the_secrets_at_hand_nothing_is_said_of_them(project, fake):
    project.start_pushed()
    done = project.run("status", "--url", fake.url, LOKI_PASSWORD="", SLACK_URL="")
    assert done.code == 0, done.stdout


def test_the_memory_is_its_owner_s_and_has_no_secret_in_it(project):
    project.start_pushed()
    files = [path for path in (project.folder / ".dashgen/push").iterdir() if path.is_file()]
    assert files
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert not [secret for secret in SECRETS.values() if secret in path.read_text()]


ITEM = Item(kinds.DATA_SOURCE, "a", "A", {"secureJsonData": {"x": "$ONE", "y": "a$TWO"}, "url": "http://x"})


@pytest.mark.parametrize(
    ("environment", "same"),
    [
        ({"ONE": "1", "TWO": "2"}, True), ({"ONE": "2", "TWO": "1"}, False), ({"ONE": "1a", "TWO": "2"}, False),
        ({"ONE": "1", "TWO": "2", "OTHER": "3"}, True),
    ],
)  # fmt: skip
def test_a_fingerprint_is_that_of_every_secret_in_its_place(environment, same):
    created = fingerprint(ITEM, {"ONE": "1", "TWO": "2"})
    assert matches(created, ITEM, environment) is same
    assert fingerprint(ITEM, {"ONE": "1", "TWO": "2"}) != created, "it is salted"


def test_what_has_no_secrets_has_no_fingerprint():
    assert fingerprint(Item(kinds.DATA_SOURCE, "a", "A", {"url": "http://x"}), {}) == ""
    assert fingerprint(Item(kinds.TEMPLATE, "a", "A", {"template": "$ONE"}), {"ONE": "1"}) == ""
