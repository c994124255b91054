"""``dashgen diff`` against a running Grafana."""

import orjson
import pytest


def _diff(project, *words):
    return project.run("diff", "--url", project.fake.url, *words)


def test_push_then_diff_is_empty(everywhere):
    before = _diff(everywhere)
    assert before.code == 1
    assert "+ dashboard `shop`" in before.stdout
    everywhere.push()
    everywhere.fake.log.clear()
    after = _diff(everywhere)
    assert after.code == 0, after.stdout
    assert after.stdout.endswith("is as the specs say\n")
    assert everywhere.fake.log.writes == []


def test_three_sides_are_marked(everywhere):
    project, fake = everywhere, everywhere.fake
    project.start_pushed()
    fake.store.edit("shop", refresh="10s", title="Mine")
    project.change("specs/shop.yaml", "🛒 Shop", "Ours")
    project.change("specs/shop.yaml", "green: 0.9", "green: 0.95")
    project.change("specs/shop.yaml", "query: up", "query: up == 1")
    done = _diff(project)
    assert done.code == 1
    assert "    theirs: refresh set to 10s" in done.stdout
    assert '    ours: panel "Success Rate": threshold green 0.9 → 0.95' in done.stdout
    assert "    conflict: renamed" in done.stdout
    assert '    ours: panel "Up": query A changed `up` → `up == 1`' in done.stdout


@pytest.mark.parametrize("words", [("--format", "json"), ("--format", "markdown"), ("--stat",), ("--full",)])
def test_every_report_works_and_warns_of_edits(project, fake, words):
    project.start_pushed()
    fake.store.edit("shop", refresh="10s")
    fake.log.clear()
    done = _diff(project, *words)
    assert done.code == 1
    assert "refresh" in done.stdout or "shop" in done.stdout.lower()
    if "json" in words:
        assert orjson.loads(done.stdout)["version"]
    assert fake.log.writes == []


def test_files_are_not_compared_with_a_grafana(project):
    assert _diff(project, "--against", "HEAD").code == 2
    assert project.run("diff", "--url", "http://127.0.0.1:9").code == 3


def test_a_comparison_is_written_to_files_in_several_formats(project):
    project.start_pushed()
    project.change("specs/shop.yaml", "shop_orders_total[5m]", "shop_orders_total[6m]")
    reports = ("--report", "markdown=diff.md", "--report", "junit=diff.xml", "--report", "sarif=diff.sarif")
    done = _diff(project, *reports)
    assert done.code == 1
    assert "[6m]" in done.stdout
    assert "[6m]" in (project.folder / "diff.md").read_text("utf-8")
    assert "[6m]" in (project.folder / "diff.xml").read_text("utf-8")
    assert orjson.loads((project.folder / "diff.sarif").read_bytes())["runs"]
    project.run("diff", "--report", "markdown=files.md")
    assert (project.folder / "files.md").exists()


@pytest.mark.parametrize(("written_for", "warned"), [("12.4", False), ("13.3", True)])
def test_a_grafana_that_is_older_than_the_specs_are_for_is_named(project, written_for, warned):
    project.write("dashgen.yaml", f'specs: [specs]\ngrafana: "{written_for}"\n')
    done = _diff(project)
    assert ("the specs are for Grafana 13.3" in done.stderr) == warned
