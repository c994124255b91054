"""Putting back what a push changed or deleted."""

from tests.sync.support import SECRETS


def _back(project, *arguments):
    return project.run("rollback", "--url", project.fake.url, *arguments)


def test_a_changed_and_a_deleted_dashboard_are_back(everywhere):
    project, fake = everywhere, everywhere.fake
    project.start_pushed()
    before = {uid: d.spec for uid, d in fake.store.dashboards.items()}
    shop = project.folder.joinpath("specs/shop.yaml").read_text()
    project.write("specs/shop.yaml", shop.partition("---")[0].replace("[5m]", "[1m]"))
    assert project.push("--prune", "--yes").code == 0
    assert sorted(fake.store.dashboards) == ["shop"]
    fake.log.clear()
    assert _back(project, "--dry-run").code == 0
    assert fake.log.writes == []
    done = _back(project)
    assert done.code == 0, done.stdout
    assert {uid: d.spec["panels"] for uid, d in fake.store.dashboards.items()} == {
        uid: spec["panels"] for uid, spec in before.items()
    }
    assert fake.store.dashboards["shop"].folder_uid == "sales"
    project.write("specs/shop.yaml", shop)
    fake.log.clear()
    assert (project.push().code, fake.log.writes) == (0, [])


def test_an_edit_that_was_overwritten_with_force_is_back_and_safe_from_the_next_push(everywhere):
    project, fake = everywhere, everywhere.fake
    project.start_pushed()
    fake.store.edit("shop", title="Mine")
    assert project.push("--force").code == 0
    assert _back(project).code == 0
    assert fake.store.dashboards["shop"].title == "Mine"
    assert project.push().code == 4
    assert fake.store.dashboards["shop"].title == "Mine"


def test_everything_else_is_back_too_and_secrets_stay(project, fake):
    project.start_pushed()
    project.change("specs/notices.yaml", ".Status", ".Receiver")
    project.change("specs/notices.yaml", "severity: critical", "severity: warning")
    project.change("specs/notices.yaml", "office@", "desk@")
    project.change("specs/alerts.yaml", "for: 5m", "for: 6m")
    project.change("specs/sources.yaml", "loki:3100", "loki:3200")
    assert project.push().code == 0
    done = _back(project)
    assert done.code == 0, done.stdout
    assert "State" not in fake.store.templates["short"]["template"]
    assert fake.store.contact_points["office-email"]["settings"]["addresses"] == "office@example.com"
    assert fake.store.data_sources["loki"]["url"] == "http://loki:3100"
    assert fake.store.data_source_secrets["loki"]["basicAuthPassword"] == SECRETS["LOKI_PASSWORD"]
    assert all(rule["for"] != "6m" for rule in fake.store.rules.values())
    assert "critical" in str(fake.store.policies["routes"])


def test_what_was_edited_since_the_push_is_left_alone(project, fake):
    project.start_pushed()
    project.change("specs/shop.yaml", "[5m]", "[1m]")
    project.push()
    fake.store.edit("shop", title="Since")
    assert _back(project).code == 4
    assert fake.store.dashboards["shop"].title == "Since"
    assert _back(project, "--force").code == 0
    assert fake.store.dashboards["shop"].title == "🛒 Shop"


def test_a_contact_point_whose_secrets_are_not_known_is_not_made_without_them(project, fake):
    project.start_pushed()
    project.change("specs/notices.yaml", "slack: {url: $SLACK_URL}", "slack: {url: $SLACK_URL, title: hello}")
    assert project.push().code == 0
    done = _back(project)
    assert done.code == 4
    assert "its secrets are not in the backup" in done.stdout
    assert fake.store.contact_points["ops-slack"]["settings"]["url"] == SECRETS["SLACK_URL"]


def test_names_of_backups_do_not_lead_elsewhere(project):
    project.start_pushed()
    assert _back(project, "../../etc").code == 2
    (project.folder / ".dashgen/backups/2020").mkdir(parents=True)
    (project.folder / ".dashgen/backups/2020/dashboard-x.json").write_text("{}")
    assert _back(project, "2020").code == 2
