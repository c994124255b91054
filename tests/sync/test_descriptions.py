"""Descriptions of folders are pushed, and compared where Grafana tells them."""

import shutil

import pytest

FOLDER = "kind: Folder\ntitle: Sales\nuid: sales\n"


@pytest.fixture
def pushed(everywhere):
    everywhere.change("specs/folders.yaml", FOLDER, FOLDER + "description: |\n  All that\n  sells.\n")
    done = everywhere.push()
    assert done.code == 0, done.stdout
    return everywhere


def test_a_description_is_pushed_once(pushed):
    assert pushed.fake.store.folders["sales"].description == "All that sells."
    pushed.fake.log.clear()
    done = pushed.push()
    assert (done.code, pushed.fake.log.writes) == (0, []), done.stdout


def test_a_changed_one_is_written_where_it_can_be_seen_and_else_with_the_next_title(pushed):
    pushed.change("specs/folders.yaml", "sells", "sold")
    pushed.fake.log.clear()
    done = pushed.push()
    assert done.code == 0
    is_visible = pushed.fake.config.major >= 12
    assert pushed.fake.store.folders["sales"].description == (
        "All that sold." if is_visible else "All that sells."
    )
    assert ("description" in done.stdout) is is_visible
    pushed.change("specs/folders.yaml", "title: Sales", "title: Trade")
    for name in ("shop", "alerts", "folders"):
        path = pushed.folder / f"specs/{name}.yaml"
        path.write_text(
            path.read_text()
            .replace("folder: Sales", "folder: Trade")
            .replace("parent: Sales", "parent: Trade")
        )
    assert pushed.push().code == 0
    folder = pushed.fake.store.folders["sales"]
    assert (folder.title, folder.description) == ("Trade", "All that sold.")
    pushed.fake.log.clear()
    assert (pushed.push().code, pushed.fake.log.writes) == (0, [])


def test_one_that_somebody_wrote_is_not_lost(project, fake):
    project.change("specs/folders.yaml", FOLDER, FOLDER + "description: Ours.\n")
    project.push()
    fake.store.folders["sales"].description = "Theirs."
    done = project.push()
    assert done.code == 4
    assert "! folder `sales`" in done.stdout
    assert fake.store.folders["sales"].description == "Theirs."
    assert project.push("--force").code == 0
    assert fake.store.folders["sales"].description == "Ours."


def test_a_spec_without_one_leaves_what_is_there(everywhere):
    everywhere.start_pushed()
    everywhere.fake.store.folders["sales"].description = "Theirs."
    everywhere.fake.log.clear()
    assert (everywhere.push().code, everywhere.fake.log.writes) == (0, [])
    everywhere.change("specs/folders.yaml", "title: Alerts", "title: Alarms")
    everywhere.change("specs/alerts.yaml", "Sales/Alerts", "Sales/Alarms")
    assert everywhere.push().code == 0
    assert everywhere.fake.store.folders["sales"].description == "Theirs."


@pytest.mark.parametrize("remembers", [True, False])
def test_one_that_the_spec_gives_no_more_goes_where_it_can_be_seen(pushed, remembers):
    pushed.change("specs/folders.yaml", "description: |\n  All that\n  sells.\n", "")
    if not remembers:
        shutil.rmtree(pushed.folder / ".dashgen")
    assert pushed.push().code == 0
    is_visible = pushed.fake.config.major >= 12
    assert pushed.fake.store.folders["sales"].description == ("" if is_visible else "All that sells.")
    pushed.fake.log.clear()
    assert (pushed.push().code, pushed.fake.log.writes) == (0, [])
    assert pushed.run("diff", "--url", pushed.fake.url).code == 0


def test_one_that_somebody_wrote_in_place_of_ours_stays(project, fake):
    project.change("specs/folders.yaml", FOLDER, FOLDER + "description: Ours.\n")
    project.push()
    fake.store.folders["sales"].description = "Theirs."
    project.change("specs/folders.yaml", "description: Ours.\n", "")
    fake.log.clear()
    assert (project.push().code, fake.log.writes) == (0, [])
    assert fake.store.folders["sales"].description == "Theirs."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Sales\nuid: sales\ndescription", "title: Trade\nuid: sales\ndescription"),
        ("  sells.", "  sold."),
        ("description: |\n  All that\n  sells.\n", ""),
    ],
    ids=["renamed", "described anew", "described no more"],
)
def test_a_plan_of_a_described_folder_is_applied(pushed, old, new):
    pushed.change("specs/folders.yaml", old, new)
    if "Trade" in new:
        for name in ("shop", "alerts", "folders"):
            path = pushed.folder / f"specs/{name}.yaml"
            text = path.read_text().replace("folder: Sales", "folder: Trade")
            path.write_text(text.replace("parent: Sales", "parent: Trade"))
    assert pushed.push("--plan-out", "plan.json").code == 0
    done = pushed.run("apply", "plan.json", "--url", pushed.fake.url, "--yes")
    assert done.code == 0, done.stdout
    pushed.fake.log.clear()
    assert (pushed.push().code, pushed.fake.log.writes) == (0, [])


def test_a_plan_is_refused_when_somebody_described_the_folder_since(pushed):
    pushed.change("specs/folders.yaml", "sells", "sold")
    assert pushed.push("--plan-out", "plan.json").code == 0
    pushed.fake.store.folders["sales"].description = "Theirs."
    done = pushed.run("apply", "plan.json", "--url", pushed.fake.url, "--yes")
    is_visible = pushed.fake.config.major >= 12
    assert done.code == (4 if is_visible else 0)
    assert ("it was changed in Grafana since the plan was made" in done.stdout) is is_visible


def test_a_described_folder_is_rolled_back(project, fake):
    project.change("specs/folders.yaml", FOLDER, FOLDER + "description: All that sells.\n")
    project.push()
    project.change("specs/folders.yaml", "sells", "sold")
    assert project.push().code == 0
    done = project.run("rollback", "--url", fake.url)
    assert done.code == 0, done.stdout
    assert fake.store.folders["sales"].description == "All that sells."
