"""Organizations of one Grafana, and stacks of Grafana Cloud: one project for several, each with a memory of its own."""

import pytest

from tests.grafana.fake import FakeGrafana
from tests.sync.support import Project

TARGETS = """\
specs: [specs]
targets:
  first: {{url: "{first}", token_env: FIRST}}
  second: {{url: "{second}", token_env: SECOND}}
"""
STACK = {"version": "13.3.0", "namespace": "stacks-123456"}
SECOND = {"version": "13.3.0", "namespace": "org-2"}


@pytest.mark.parametrize("namespace", ["stacks-123456", "org-2", "default"])
@pytest.mark.parametrize("version", ["12.4.3", "13.3.0"])
def test_objects_are_in_the_namespace_that_the_server_names(namespace, version, tmp_path, addresses):
    with FakeGrafana(version=version, namespace=namespace, address=addresses(namespace)) as grafana:
        project = Project(tmp_path, grafana)
        done = project.push()
        assert done.code == 0, done.stdout + done.stderr
        paths = [call.path for call in grafana.log if "/namespaces/" in call.path]
        assert paths
        assert all(f"/namespaces/{namespace}/" in path for path in paths)
        grafana.log.clear()
        assert (project.push().code, grafana.log.writes) == (0, [])
        assert project.run("status", "--url", grafana.url).code == 0


def test_the_fake_refuses_a_namespace_of_others(addresses):
    from tests.grafana.support import session

    with FakeGrafana(address=addresses("cloud"), **STACK) as grafana, session(grafana) as connection:
        path = "/apis/dashboard.grafana.app/v1/namespaces/{}/dashboards"
        assert connection.read(path.format("stacks-123456"), "mine").status == 200
        with pytest.raises(Exception, match="invalid namespace"):
            connection.read(path.format("default"), "another's")


def test_one_project_is_pushed_to_two_at_once_and_remembers_each_apart(tmp_path, addresses):
    with (
        FakeGrafana(address=addresses("stack"), **STACK) as first,
        FakeGrafana(address=addresses("organization"), **SECOND) as second,
    ):
        project = Project(tmp_path, first)
        project.write("dashgen.yaml", TARGETS.format(first=first.url, second=second.url))
        tokens = {"FIRST": first.admin_token, "SECOND": second.admin_token}
        both = ("--target", "first", "--target", "second")
        done = project.run("push", *both, **tokens)
        assert done.code == 0, done.stdout + done.stderr
        assert sorted(first.store.dashboards) == sorted(second.store.dashboards) == ["plain", "shop"]
        second.store.edit("shop", title="Mine")
        project.change("specs/shop.yaml", "shop_orders_total[5m]", "shop_orders_total[6m]")
        done = project.run("push", *both, **tokens)
        assert done.code == 4
        assert "[6m]" in str(first.store.dashboards["shop"].spec)
        assert second.store.dashboards["shop"].title == "Mine"
        memories = sorted(path.name for path in (project.folder / ".dashgen/push").glob("*.json"))
        assert memories == ["first.json", "second.json"]


def test_two_organizations_at_one_address_have_memories_of_their_own(tmp_path, addresses):
    with FakeGrafana(address=addresses("two organizations")) as grafana:
        project = Project(tmp_path, grafana)
        project.write(
            "dashgen.yaml",
            f"specs: [specs]\ntargets:\n  one: {{url: '{grafana.url}', org_id: 1}}\n  two: {{url: '{grafana.url}', org_id: 2}}\n",
        )
        assert project.run("push", "--target", "one").code == 0
        done = project.run("push", "--target", "two")
        assert done.code == 3, done.stdout + done.stderr
        assert [path.name for path in (project.folder / ".dashgen/push").glob("*.json")] == ["one.json"]
