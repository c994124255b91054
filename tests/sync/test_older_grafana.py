"""Grafana 9, older than what dashgen was made for: said once, and rules are made and changed there all the same."""

import pytest

from tests.grafana.fake import FakeGrafana, Fault, FaultKind, When
from tests.sync.support import Project

OLD = "is older than the versions that dashgen supports; use Grafana 10 or newer; this one shows dashboards without"
NINE = "9.4.7"


@pytest.fixture
def nine(tmp_path):
    with FakeGrafana(version=NINE) as fake:
        yield Project(tmp_path, fake)


def test_a_group_of_new_rules_is_made(nine):
    done = nine.push()
    assert done.code == 0, done.stdout
    assert [rule["title"] for rule in nine.fake.store.rules.values()] == ["ManyErrors", "FewOrders"]
    assert nine.fake.store.intervals["alerts", "shop-health"] == 60
    nine.fake.log.clear()
    assert (nine.push().code, nine.fake.log.writes) == (0, [])
    assert nine.run("diff", "--url", nine.fake.url).code == 0


def test_a_rule_that_joins_a_group_is_made_and_the_others_are_changed(nine):
    assert nine.push().code == 0
    nine.change("specs/alerts.yaml", "for: 5m", "for: 6m")
    nine.change("specs/alerts.yaml", "  - alert: FewOrders", "  - {alert: Between, query: up, when: below 1, outputs: [grafana]}\n  - alert: FewOrders")  # fmt: skip
    nine.change("specs/alerts.yaml", "interval: 1m", "interval: 2m")
    done = nine.push()
    assert done.code == 0, done.stdout
    rules = nine.fake.store.rules
    assert [rule["title"] for rule in rules.values()] == ["ManyErrors", "Between", "FewOrders"]
    assert rules["many-errors"]["for"] == "6m"
    assert nine.fake.store.intervals["alerts", "shop-health"] == 120


def test_a_rule_that_goes_is_deleted(nine):
    assert nine.push().code == 0
    text = (nine.folder / "specs/alerts.yaml").read_text()
    nine.write("specs/alerts.yaml", text.partition("  - alert: FewOrders")[0])
    assert nine.push().code == 0
    assert list(nine.fake.store.rules) == ["many-errors"]


@pytest.mark.parametrize(("method", "path"), [("POST", "/alert-rules$"), ("PUT", "/rule-groups/")])
def test_of_a_group_that_is_refused_nothing_is_left(nine, method, path):
    nine.fake.fail(Fault(FaultKind.STATUS, When.BEFORE, status=400, method=method, path=path, times=9))
    done = nine.push()
    assert done.code != 0
    assert nine.fake.store.rules == {}
    nine.fake.faults.clear()
    assert nine.push().code == 0
    assert len(nine.fake.store.rules) == 2


def test_newer_versions_get_a_group_in_one_request(everywhere):
    everywhere.start_pushed()
    assert not [call for call in everywhere.fake.log.writes if call.path.endswith("/alert-rules")]


@pytest.mark.parametrize("command", ["push", "pull", "status", "diff"])
def test_that_it_is_old_is_said_once_for_all_targets(tmp_path, command):
    with FakeGrafana(version=NINE) as one, FakeGrafana(version=NINE) as other:
        project = Project(tmp_path, one)
        targets = "".join(
            f"  {name}: {{url: '{fake.url}', token_env: T_{name}}}\n"
            for name, fake in (("a", one), ("b", other))
        )
        project.write("dashgen.yaml", f"specs: [specs]\ntargets:\n{targets}")
        tokens = {"T_a": one.admin_token, "T_b": other.admin_token}
        done = project.run(command, "--target", "a", "--target", "b", **tokens)
        assert done.stderr.count(OLD) == 1, done.stderr
