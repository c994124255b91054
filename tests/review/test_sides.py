"""Both sides of a review: what is compared, and what is compiled for it."""

import shutil
import subprocess
from pathlib import Path
from unittest import mock

import pytest

from dashgen.preview.opened_view import opened_view
from dashgen.preview.views.view import View
from dashgen.review.changed_panels import DashboardSides
from dashgen.review.render.review_markdown import CommentOptions, render_review
from dashgen.review.review import Review
from dashgen.review.review_data import ReviewData
from dashgen.review.review_project import ReviewRequest, review_project
from dashgen.review.spec_revisions import spec_revisions
from dashgen.source.load import Loaded, load_file
from tests.cli.transcript import run_command
from tests.review.changes import CHANGES, PROJECT, Edit, apply_edits
from tests.review.test_changes import changed_project

_IDENTITY = ("-c", "user.name=ann", "-c", "user.email=ann@example.com")


def git(folder: Path, *words: str) -> None:
    """Run a command of git."""
    subprocess.run(["git", *_IDENTITY, *words], cwd=folder, check=True, capture_output=True)


def review(folder: Path, ref: str = "main") -> Review:
    """A review without pictures."""
    return review_project(folder, ReviewRequest(ref))


def markdown(folder: Path, ref: str = "main") -> str:
    """The same as Markdown."""
    return render_review(review(folder, ref), CommentOptions(str))


def compiled(folder: Path) -> list[str]:
    """The files of dashboards that a review compiles, on both sides."""
    names: list[str] = []

    def counted(path: str, name: str) -> Loaded:
        names.append(name)
        return load_file(path, name)

    with mock.patch("dashgen.compile.compile_files.load_file", counted):
        review(folder)
    return sorted(names)


def test_after_a_build_only_the_changed_dashboard_is_compiled_on_both_sides(tmp_path: Path) -> None:
    changed_project(tmp_path, ())
    assert run_command(["build"], tmp_path, {}).code == 0
    apply_edits(tmp_path, CHANGES["unit"])
    assert compiled(tmp_path) == ["specs/shop.yaml", "specs/shop.yaml"]


def test_without_a_build_what_is_alike_is_compiled_once(tmp_path: Path) -> None:
    changed_project(tmp_path, CHANGES["unit"])
    once = ["specs/checkout.yaml", "specs/night.yaml"]
    assert compiled(tmp_path) == [*once, "specs/shop.yaml", "specs/shop.yaml"]


@pytest.mark.parametrize(
    "name", ["component", "alert-threshold", "data-source", "new-dashboard", "removed-dashboard"]
)
def test_a_review_is_the_same_with_and_without_the_memory_of_a_build(name: str, tmp_path: Path) -> None:
    changed_project(tmp_path, CHANGES[name])
    cold = markdown(tmp_path)
    git(tmp_path, "stash", "--include-untracked")
    assert run_command(["build"], tmp_path, {}).code == 0
    git(tmp_path, "stash", "pop")
    warm = markdown(tmp_path)
    assert run_command(["build"], tmp_path, {}).code == 0
    assert cold == warm == markdown(tmp_path)


def test_what_others_merged_meanwhile_is_not_in_it(tmp_path: Path) -> None:
    changed_project(tmp_path, ())
    git(tmp_path, "checkout", "-b", "mine")
    git(tmp_path, "checkout", "main")
    apply_edits(tmp_path, CHANGES["unit"])
    git(tmp_path, "commit", "--all", "--message", "of others")
    git(tmp_path, "checkout", "mine")
    assert markdown(tmp_path) == ""
    apply_edits(tmp_path, CHANGES["query"])
    git(tmp_path, "commit", "--all", "--message", "mine")
    text = markdown(tmp_path)
    assert "Open carts" in text
    assert "unit" not in text


def test_the_project_file_of_each_side_counts(tmp_path: Path) -> None:
    changed_project(tmp_path, ())
    project = tmp_path / "dashgen.yaml"
    text = project.read_text(encoding="utf-8")
    project.write_text(text.replace("folder: Shop", "folder: Sales"), encoding="utf-8")
    shown = markdown(tmp_path)
    assert "3 dashboards" in shown
    assert "moved from folder" in shown


def test_a_comment_in_the_project_file_is_no_change(tmp_path: Path) -> None:
    changed_project(tmp_path, ())
    project = tmp_path / "dashgen.yaml"
    project.write_text(f"# Ours.\n{project.read_text(encoding='utf-8')}", encoding="utf-8")
    assert markdown(tmp_path) == ""


@pytest.mark.parametrize("is_folder", [True, False])
def test_a_spec_behind_a_link_is_compared_with_what_the_link_led_to(is_folder: bool, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(PROJECT, project)
    (project / "common").mkdir()
    (project / "specs/night.yaml").rename(project / "common/night.yaml")
    if is_folder:
        (project / "specs/linked").symlink_to("../common")
    else:
        (project / "specs/night.yaml").symlink_to("../common/night.yaml")
    git(project, "init", "--initial-branch=main")
    git(project, "add", "--all")
    git(project, "commit", "--message", "x")
    assert markdown(project) == ""
    spec = project / "common/night.yaml"
    spec.write_text(spec.read_text(encoding="utf-8").replace("Night shift", "Nights"), encoding="utf-8")
    assert 'renamed from "🌙 Night shift"' in markdown(project)


def test_a_new_project_is_new(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("x", encoding="utf-8")
    git(tmp_path, "init", "--initial-branch=main")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--message", "x")
    shutil.copytree(PROJECT, tmp_path / "infra/dash")
    text = markdown(tmp_path / "infra/dash")
    assert "the project did not exist at" in text
    assert "dashboard **🛒 Shop**" in text


def test_a_project_in_a_folder_is_compared_with_itself_alone(tmp_path: Path) -> None:
    project = tmp_path / "infra/dash ü"
    shutil.copytree(PROJECT, project)
    git(tmp_path, "init", "--initial-branch=main")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--message", "x")
    assert markdown(project) == ""
    (tmp_path / "other.yaml").write_text("kind: Dashboard", encoding="utf-8")
    assert markdown(project) == ""
    apply_edits(project, CHANGES["unit"])
    result = review(project)
    assert result.project == "infra/dash ü"
    assert [change.uid for change in result.changes] == ["shop"]


def test_specs_that_did_not_compile_before_are_a_note(tmp_path: Path) -> None:
    changed_project(tmp_path, ())
    apply_edits(tmp_path, CHANGES["error"])
    git(tmp_path, "commit", "--all", "--message", "broken")
    git(tmp_path, "checkout", "--", ".")
    apply_edits(tmp_path, (Edit("shop", "sum by (country) (shop_carts", "sum by (country) (shop_carts)"),))
    text = markdown(tmp_path, "HEAD")
    assert "do not compile, so what changes is not shown" in text


def test_a_renamed_spec_file_is_no_change_of_its_dashboard(tmp_path: Path) -> None:
    changed_project(tmp_path, ())
    (tmp_path / "specs/night.yaml").rename(tmp_path / "specs/late.yaml")
    assert markdown(tmp_path) == ""


@pytest.mark.parametrize("form", ["v2", "classic"])
def test_dashboards_of_both_forms_are_compared_and_drawn(form: str, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(PROJECT, project)
    file = project / "dashgen.yaml"
    file.write_text(f"format: {form}\ngrafana: '13.3'\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
    git(project, "init", "--initial-branch=main")
    git(project, "add", "--all")
    git(project, "commit", "--message", "x")
    apply_edits(project, CHANGES["query"])
    ended = run_command(["review", "--against", "main", "--out", str(tmp_path / "out")], project, {})
    assert "panel **Open carts**: query A changed" in ended.stdout
    assert len(list((tmp_path / "out/images").iterdir())) == 2


def test_panels_in_closed_tabs_and_folded_and_repeated_rows_are_drawn(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(PROJECT, project)
    file = project / "dashgen.yaml"
    file.write_text(f"format: v2\ngrafana: '13.3'\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
    orders = "sum by (status) (rate(shop_orders_total[5m]))"
    (project / "specs/tabs.yaml").write_text(
        "kind: Dashboard\nuid: tabs\ntitle: Tabs\nvariables:\n"
        '  - {name: country, query: "label_values(shop_orders_total, country)", multi: true, include_all: true}\n'
        "tabs:\n  - title: One\n    panels:\n      - {title: A, query: vector(1)}\n  - title: Two\n    rows:\n"
        f"      - {{title: R, repeat: country, panels: [{{title: B, query: '{orders}'}}]}}\n"
        f"      - {{title: S, collapsed: true, panels: [{{title: C, query: '{orders}', repeat: country}}]}}\n",
        encoding="utf-8",
    )
    git(project, "init", "--initial-branch=main")
    git(project, "add", "--all")
    git(project, "commit", "--message", "x")
    apply_edits(project, (Edit("tabs", f"B, query: '{orders}'", "B, query: 'sum(shop_carts)'"),))
    apply_edits(project, (Edit("tabs", f"C, query: '{orders}'", "C, query: 'sum(shop_carts)'"),))
    ended = run_command(["review", "--against", "main", "--out", str(tmp_path / "out")], project, {})
    assert "panel **B**: query A changed" in ended.stdout
    assert "panel **C**: query A changed" in ended.stdout
    assert len(list((tmp_path / "out/images").iterdir())) == 4


def test_nothing_of_the_repository_changes(tmp_path: Path) -> None:
    changed_project(tmp_path, CHANGES["component"])
    status = ["git", "status", "--porcelain", "--ignored"]
    before = subprocess.run(status, cwd=tmp_path, capture_output=True, check=True).stdout
    with spec_revisions(tmp_path, "main", None) as revisions:
        assert revisions.before is not None
    assert subprocess.run(status, cwd=tmp_path, capture_output=True, check=True).stdout == before


def test_another_condition_of_an_alert_leaves_the_curves_as_they_are(tmp_path: Path) -> None:
    changed_project(tmp_path, (Edit("alerts", "when: below 1\n", "when: above 9\n"),))
    prometheus = {"type": "prometheus", "uid": "prom"}
    panel = {
        "id": 1, "type": "timeseries", "title": "Orders", "datasource": prometheus,
        "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8},
        "targets": [{"refId": "A", "expr": "sum(rate(shop_orders_total[5m]))", "datasource": prometheus}],
    }  # fmt: skip
    dashboard = {
        "uid": "orders",
        "title": "Orders",
        "time": {"from": "now-6h", "to": "now"},
        "panels": [panel],
    }
    with spec_revisions(tmp_path, "main", None) as revisions:
        sources = ReviewData(revisions).sources(DashboardSides(dashboard, dashboard))
        before, after = (opened_view(dashboard, View(), source).data["1"].frames for source in sources)
    assert before
    assert before == after
