"""Events on the graphs of a Grafana."""

import shutil
import time

import pytest

from dashgen.sync.push.ledger import TAG
from tests.grafana.fake import Fault, FaultKind, When

EVENTS = """\
kind: Annotations
tags: [shop]
events:
  - title: Pro tier launched
    at: 2026-03-01T09:30+04:00
    tags: [launch]
  - title: Sale
    text: half price
    key: sale
    at: 2026-05-01
    until: 2026-05-03
    dashboard: shop
    panel: orders
"""


def _annotate(project, *arguments, **variables):
    return project.run("annotate", *arguments, "--url", project.fake.url, **variables)


def _there(fake):
    """The events; beside them Grafana remembers what was pushed."""
    result = [item for item in fake.store.annotations.values() if TAG not in item["tags"]]
    return sorted(result, key=lambda item: item["text"])


def test_events_of_the_specs_are_there_once_however_often_they_are_pushed(everywhere):
    project, fake = everywhere, everywhere.fake
    project.write("specs/events.yaml", EVENTS)
    done = _annotate(project)
    assert done.code == 0, done.stderr
    pro, sale = _there(fake)
    assert pro["tags"][:3] == ["shop", "launch", "dashgen"]
    assert pro["tags"][3].startswith("event:pro-tier-launched-2026-03-01")
    assert pro["time"] == 1772343000000
    assert (sale["dashboardUID"], sale["text"]) == ("shop", "Sale\nhalf price")
    assert sale["panelId"] > 0
    fake.log.clear()
    assert _annotate(project).code == 0
    shutil.rmtree(project.folder / ".dashgen")
    assert _annotate(project).code == 0
    assert (fake.log.writes, len(_there(fake))) == ([], 2)


def test_a_changed_event_is_changed_and_an_edited_one_is_left_alone(project, fake):
    project.write("specs/events.yaml", EVENTS)
    _annotate(project)
    project.change("specs/events.yaml", "half price", "a third")
    assert _annotate(project).code == 0
    assert _there(fake)[1]["text"] == "Sale\na third"
    _there(fake)[1]["text"] = "Sale\nmine"
    done = _annotate(project)
    assert done.code == 4
    assert "conflict event `sale`: it was edited in Grafana" in done.stdout
    assert _there(fake)[1]["text"] == "Sale\nmine"
    assert _annotate(project, "--force").code == 0
    assert _there(fake)[1]["text"] == "Sale\na third"


def test_an_event_that_goes_to_another_panel_is_not_doubled(project, fake):
    project.write("specs/events.yaml", EVENTS)
    _annotate(project)
    project.change("specs/events.yaml", "panel: orders", "panel: success-rate")
    assert _annotate(project).code == 0
    assert len(_there(fake)) == 2
    assert _annotate(project).code == 0


@pytest.mark.parametrize("when", list(When))
@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.STATUS, FaultKind.HTML, FaultKind.CUT_JSON])
def test_a_fault_doubles_nothing(project, fake, kind, when):
    project.write("specs/events.yaml", EVENTS)
    fake.fail(Fault(kind, when, method="POST", path="annotations"))
    _annotate(project)
    _annotate(project)
    assert len(_there(fake)) == 2


def test_a_single_event_is_now_unless_it_says_when(project, fake):
    before = time.time_ns() // 1_000_000
    assert _annotate(project, "v2.3 launched", "--tags", "launch,web", "--tags", "x").code == 0
    assert (
        _annotate(
            project, "outage", "--from", "15m", "--to", "now", "--dashboard", "shop", "--panel", "orders"
        ).code
        == 0
    )
    outage, launched = _there(fake)
    assert launched["tags"] == ["launch", "web", "x"]
    assert launched["time"] >= before
    assert outage["timeEnd"] - outage["time"] >= 15 * 60_000 - 1000


def test_a_deployment_names_commit_author_and_run(project, fake):
    ci = {
        "GITHUB_SHA": "0123456789abcdef", "GITHUB_ACTOR": "mona", "GITHUB_SERVER_URL": "https://git.test",
        "GITHUB_REPOSITORY": "a/b", "GITHUB_RUN_ID": "7",
    }  # fmt: skip
    assert _annotate(project, "--deploy", **ci).code == 0
    (created,) = _there(fake)
    assert created["text"] == "Deployed 0123456789 (mona)\nhttps://git.test/a/b/actions/runs/7"
    assert created["tags"] == ["deploy"]


def test_a_dry_run_writes_nothing(project, fake):
    project.write("specs/events.yaml", EVENTS)
    assert _annotate(project, "--dry-run").code == 0
    assert _annotate(project, "x", "--dry-run").code == 0
    assert fake.log.writes == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("--tags", "x"), ("x", "--panel", "orders"), ("x", "--from", "yesterday"), ("",),
        ("x", "--from", "2026-03-02", "--to", "2026-03-01"), ("x", "--dashboard", "shop", "--panel", "ordres"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(project, fake, arguments):
    assert _annotate(project, *arguments).code == 2
    assert fake.log.writes == []
