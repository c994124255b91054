"""`dashgen push --plan-out` and `dashgen apply`: what was reviewed is what is done, or nothing."""

import shutil
import stat
from copy import deepcopy

import orjson
import pytest

from dashgen.sync.push.plan_file import _checksum
from tests.cli.transcript import run_command
from tests.grafana.fake import FakeGrafana
from tests.sync.support import SECRETS


@pytest.fixture
def changed(everywhere):
    """A project with a plan of three changes after a push."""
    everywhere.start_from(_plan_three_changes)
    return everywhere


def _plan_three_changes(project):
    assert project.push().code == 0
    project.change("specs/shop.yaml", "query: up", "query: up == 1")
    project.change("specs/alerts.yaml", "for: 5m", "for: 6m")
    project.change("specs/sources.yaml", "http://loki:3100", "http://loki:3200")
    done = plan(project)
    assert done.code == 0, done.stderr


def plan(project, *words, **variables):
    return project.push("--plan-out", "plan.json", *words, **variables)


def apply(project, *words, **variables):
    words = words or ("--url", project.fake.url, "--yes")
    return project.run("apply", "plan.json", *words, **variables)


def document(project):
    return orjson.loads((project.folder / "plan.json").read_bytes())


def test_a_first_plan_makes_everything_and_a_second_plan_nothing(everywhere):
    project, fake = everywhere, everywhere.fake
    done = plan(project)
    assert done.code == 0, done.stderr
    assert "nothing was pushed; `dashgen apply plan.json` applies this plan" in done.stderr
    assert fake.log.writes == []
    assert not (project.folder / ".dashgen").exists()
    done = apply(project)
    assert done.code == 0, done.stdout + done.stderr
    assert "11 created, 1 updated" in done.stdout
    assert sorted(fake.store.dashboards) == ["plain", "shop"]
    assert fake.store.data_source_secrets["loki"]["basicAuthPassword"] == SECRETS["LOKI_PASSWORD"]
    plan(project)
    fake.log.clear()
    assert (document(project)["steps"], document(project)["unchanged"]) == ([], 12)
    assert (apply(project, "--url", fake.url).code, fake.log.writes) == (0, [])
    assert project.push().code == 0
    assert fake.log.writes == []


def test_the_plan_has_words_contents_and_preconditions_and_no_time(changed):
    first = (changed.folder / "plan.json").read_bytes()
    steps = {(step["kind"], step["uid"]): step for step in document(changed)["steps"]}
    assert set(steps) == {
        ("dashboard", "plain"),
        ("rule-group", "alerts/shop-health"),
        ("datasource", "loki"),
    }
    plain = steps["dashboard", "plain"]
    assert plain["changes"] == ['panel "Up": query A changed `up` → `up == 1`']
    assert plain["content"]["panels"][0]["targets"][0]["expr"] == "up == 1"
    assert plain["seen"]["fingerprint"]
    assert plain["seen"]["version"]
    assert plain["wanted"]
    plan(changed)
    assert (changed.folder / "plan.json").read_bytes() == first


def test_only_its_owner_may_read_a_plan_even_where_there_was_a_file(project):
    (project.folder / "plan.json").write_text("old")
    (project.folder / "plan.json").chmod(0o644)
    plan(project)
    assert stat.S_IMODE((project.folder / "plan.json").stat().st_mode) == 0o600
    assert plan(project, "--plan-out", "nowhere/plan.json").code == 2


def test_exactly_the_plan_is_applied(changed):
    fake = changed.fake
    done = apply(changed)
    assert done.code == 0, done.stdout + done.stderr
    assert "3 updated" in done.stdout
    paths = {call.path.split("/")[-1] for call in fake.log.writes if "/annotations" not in call.path}
    assert len(paths) == 3
    assert "up == 1" in str(fake.store.dashboards["plain"].spec)
    assert fake.store.data_source_secrets["loki"]["basicAuthPassword"] == SECRETS["LOKI_PASSWORD"]
    fake.log.clear()
    assert (changed.push().code, fake.log.writes) == (0, [])


def test_a_plan_can_be_applied_twice_and_without_the_specs_or_the_memory(changed):
    shutil.rmtree(changed.folder / ".dashgen")
    shutil.rmtree(changed.folder / "specs")
    (changed.folder / "dashgen.yaml").unlink()
    assert apply(changed).code == 0
    changed.fake.log.clear()
    again = apply(changed)
    assert (again.code, changed.fake.log.writes) == (0, [])
    assert "3 unchanged" in again.stdout


@pytest.mark.parametrize("what", ["edited", "saved", "deleted", "rule", "source"])
def test_nothing_is_applied_when_anything_moved(changed, what):
    fake, store = changed.fake, changed.fake.store
    moves = {
        "edited": lambda: store.edit("plain", title="Mine"),
        "saved": lambda: store.edit("plain"),
        "deleted": lambda: store.dashboards.pop("plain"),
        "rule": lambda: next(iter(store.rules.values())).update({"for": "9m"}),
        "source": lambda: store.data_sources["loki"].update(url="http://mine:3100"),
    }
    words = {
        "edited": '  ! dashboard `plain` "Plain": it was changed in Grafana since the plan was made',
        "saved": "it was saved in Grafana since the plan was made, though as it was",
        "deleted": "it was deleted in Grafana since the plan was made",
        "rule": "rule group `shop-health`: it was changed in Grafana since the plan was made",
        "source": "data source `loki`: it was changed in Grafana since the plan was made",
    }
    moves[what]()
    done = apply(changed)
    assert done.code == 4, done.stdout
    assert words[what] in done.stdout
    assert "nothing was applied" in done.stderr
    assert fake.log.writes == []
    if what == "edited":
        assert 'a push would now also change: renamed "Mine" → "Plain"' in done.stdout


def test_what_somebody_made_in_between_is_not_overwritten(project, fake):
    plan(project)
    fake.store.provision("plain", {"title": "Theirs", "panels": []}, "x", edits=True)
    done = apply(project)
    assert done.code == 4
    assert 'dashboard `plain` "Plain": somebody made it in Grafana since the plan was made' in done.stdout
    assert fake.log.writes == []


def test_a_folder_that_is_gone_takes_its_plan_with_it(project, fake):
    project.start_pushed()
    project.change("specs/shop.yaml", "green: 0.9", "green: 0.95")
    plan(project)
    del fake.store.folders["sales"]
    done = apply(project)
    assert done.code == 4
    assert "its folder was deleted in Grafana since the plan was made" in done.stdout


def test_a_spec_that_changed_is_refused_and_others_do_not_matter(changed):
    changed.change("specs/notices.yaml", "office@example.com", "desk@example.com")
    fake = changed.fake
    changed.change("specs/shop.yaml", "up == 1", "up == 2")
    done = apply(changed)
    assert done.code == 4
    assert 'dashboard `plain` "Plain": its spec was changed since the plan was made' in done.stdout
    assert "loki`: " not in done.stdout
    assert fake.log.writes == []
    changed.change("specs/shop.yaml", "up == 2", "up == 1")
    assert apply(changed).code == 0
    changed.change("specs/shop.yaml", "query: up", "quer: up")
    assert apply(changed).code == 1


def test_deletions_are_planned_too(project, fake):
    project.start_pushed()
    (project.folder / "specs/alerts.yaml").unlink()
    assert plan(project).code == 0
    assert {step["action"] for step in document(project)["steps"]} == {"left"}
    plan(project, "--prune")
    assert apply(project).code == 0
    assert fake.store.rules == {}
    assert (apply(project).code, fake.store.rules) == (0, {})


def test_a_conflict_is_in_the_plan_and_the_rest_can_be_applied(project, fake):
    project.start_pushed()
    fake.store.edit("shop", title="Mine")
    project.change("specs/shop.yaml", "query: up", "query: up == 1")
    assert plan(project).code == 4
    done = apply(project)
    assert done.code == 4
    assert "updated dashboard `plain`" in done.stdout
    assert fake.store.dashboards["shop"].title == "Mine"
    assert plan(project, "--force").code == 0
    assert apply(project).code == 0
    assert fake.store.dashboards["shop"].title == "🛒 Shop"


def test_no_secret_is_in_a_plan(project, fake):
    project.write(
        "specs/more.yaml",
        'kind: DataSources\ndatasources:\n  tempo: {url: "http://bot:${TEMPO_PASSWORD}@tempo:3200"}\n',
    )
    more = {"TEMPO_PASSWORD": "0pen-tempo"}
    plan(project, **more)
    texts = [(project.folder / "plan.json").read_text()]
    project.push(**more)
    project.change("specs/more.yaml", "tempo:3200", "tempo:3300")
    project.change("specs/notices.yaml", "url: $SLACK_URL", "url: $SLACK_URL2")
    project.change("specs/sources.yaml", "http://loki:3100", "http://loki:3200")
    done = plan(project, "--force", SLACK_URL2="https://hooks.slack.test/0ther", **more)
    assert done.code == 0, done.stderr
    texts += [(project.folder / "plan.json").read_text(), done.stdout, done.stderr]
    for secret in (*SECRETS.values(), *more.values(), "0ther", fake.admin_token):
        assert not [text for text in texts if secret in text], secret
    assert "$SLACK_URL2" in texts[1]
    applied = apply(project, SLACK_URL2="https://hooks.slack.test/0ther", **more)
    assert applied.code == 0, applied.stdout
    assert fake.store.contact_points["ops-slack"]["settings"]["url"] == "https://hooks.slack.test/0ther"
    assert "0ther" not in applied.stdout + applied.stderr


def test_a_missing_secret_stops_the_apply_before_anything_is_written(project, fake):
    plan(project)
    words = ["apply", "plan.json", "--url", fake.url, "--yes"]
    done = run_command(words, project.folder, {"GRAFANA_TOKEN": fake.admin_token})
    assert done.code == 2
    assert "`$LOKI_PASSWORD` (data source `loki`)" in done.stderr
    assert fake.log.writes == []


def test_a_plan_is_for_one_grafana_only(project, fake):
    plan(project)
    with FakeGrafana() as other:
        done = apply(project, "--url", other.url, "--yes")
        assert done.code == 2
        assert f"the plan is for another Grafana, {fake.url}" in done.stderr
        assert len(other.log) == 0
    assert apply(project, "--url", fake.url, "--yes", GRAFANA_ORG_ID="2").code == 2
    assert apply(project, "--yes").code == 2, "a file alone decides on no address"


def test_a_target_of_the_project_need_not_be_named_again(project, fake):
    project.write("dashgen.yaml", f"specs: [specs]\ntargets: {{prod: {{url: '{fake.url}'}}}}\n")
    assert project.run("push", "--target", "prod", "--plan-out", "plan.json").code == 0
    assert apply(project, "--yes").code == 0
    assert project.run("push", "--target", "a", "--target", "b", "--plan-out", "x").code == 2


def test_nobody_is_asked_where_nobody_can_answer(project, fake):
    plan(project)
    done = apply(project, "--url", fake.url)
    assert done.code == 2
    assert "12 changes have to be confirmed; add `--yes`; nothing was applied" in done.stderr
    assert fake.log.writes == []


def test_a_race_between_comparing_and_writing_is_a_conflict(changed, monkeypatch):
    fake = changed.fake
    serve, done = fake.serve, []

    def meddled(call):
        if call.writes and not done:
            done.append(call)
            fake.store.edit("plain", title="In between")
        return serve(call)

    monkeypatch.setattr(fake, "serve", meddled)
    assert apply(changed).code == 4
    assert fake.store.dashboards["plain"].title == "In between"


def damages():
    yield "cut", lambda text: text[: len(text) // 2], "a part of it is missing"
    yield "empty", lambda text: "", "a part of it is missing"
    yield "no plan", lambda text: "[]", "it is not a plan that dashgen wrote"
    yield "edited", lambda text: text.replace("up == 1", "up == 3"), "its checksum does not match"
    yield "other url", lambda text: text.replace("127.0.0.1", "127.0.0.2"), "its checksum does not match"
    yield "newer", lambda text: text.replace('"format": 1', '"format": 2'), "it has format 2"
    yield "deep", lambda text: "[" * 100000, "a part of it is missing"


@pytest.mark.parametrize(("damage", "words"), [case[1:] for case in damages()], ids=[c[0] for c in damages()])
def test_a_damaged_plan_is_refused_in_words(project, fake, damage, words):
    project.change("specs/shop.yaml", "query: up", "query: up == 1")
    plan(project)
    path = project.folder / "plan.json"
    path.write_text(damage(path.read_text()))
    fake.log.clear()
    done = apply(project)
    assert done.code == 2
    assert words in done.stderr
    assert len(fake.log) == 0


def test_a_plan_that_was_signed_again_is_still_checked(project, fake):
    plan(project)
    good = document(project)
    del good["checksum"]
    for change in ({"kind": "user"}, {"action": "explode"}, {"content": None}, {"wanted": "9-abc"}):
        body = deepcopy(good)
        body["steps"][0] |= change
        (project.folder / "plan.json").write_bytes(orjson.dumps({**body, "checksum": _checksum(body)}))
        done = apply(project)
        assert done.code == 2, change
        assert "nothing was applied" in done.stderr
    assert fake.log.writes == []
    assert apply(project, "no-such.json").code == 2


def test_json_says_what_became_of_each(changed):
    done = apply(changed, "--url", changed.fake.url, "--yes", "--format", "json")
    (target,) = orjson.loads(done.stdout)["targets"]
    assert {step["outcome"] for step in target["steps"]} == {"updated"}
    changed.fake.store.edit("plain", title="Mine")
    changed.change("specs/shop.yaml", "up == 1", "up == 2")
    done = apply(changed, "--url", changed.fake.url, "--yes", "--format", "json")
    (target,) = orjson.loads(done.stdout)["targets"]
    assert target["exit_code"] == 4
    assert "conflict" in {step.get("outcome") for step in target["steps"]}


def test_a_plan_can_be_made_by_whoever_may_read(project, fake):
    project.start_pushed()
    project.change("specs/shop.yaml", "query: up", "query: up == 1")
    done = plan(project, GRAFANA_TOKEN=fake.editor_token)
    assert done.code == 0, done.stderr
    assert [step["uid"] for step in document(project)["steps"]] == ["plain"]
    assert apply(project).code == 0
