"""The GitHub Action, run on projects without GitHub: annotations, SARIF, comment, verdict."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from dashgen.cli.scaffold import write_project
from tests.ci.action_run import ROOT, ActionRun
from tests.ci.fake_github import TOKEN, FakeGithub, running_github
from tests.cli.transcript import run_command
from tests.reporters.schemas import check_sarif

SHA = "c0ffee" + "0" * 34
NUMBER = "github.event.pull_request.number"


def git(folder: Path, *words: str) -> str:
    """What a command of git prints."""
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose folder `infra` is a project, as `dashgen init` makes it, with one commit."""
    folder = tmp_path / "repository"
    write_project(folder / "infra")
    assert run_command(["build", "--project", "infra"], folder, {}).code == 0
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "start")
    return folder


@pytest.fixture
def github() -> Iterator[FakeGithub]:
    with running_github() as running:
        yield running


@pytest.fixture
def action(repository: Path, github: FakeGithub, tmp_path: Path) -> ActionRun:
    """The action on a pull request of that project, whose base is the commit."""
    if shutil.which("promtool") is None:
        pytest.skip("promtool is missing, so the tests of alerts were not run")
    temp = tmp_path / "temp"
    (temp / "dashgen").mkdir(parents=True)
    (temp / "dashgen/bin").symlink_to(Path(sys.executable).parent)
    facts = {
        "github.token": TOKEN,
        "github.server_url": "https://git.example",
        "github.repository": "acme/shop",
        "github.event.pull_request.base.sha": git(repository, "rev-parse", "HEAD"),
        "github.event.pull_request.head.sha || github.sha": SHA,
        NUMBER: "7",
    }
    environment = {
        "GITHUB_API_URL": github.url,
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_SERVER_URL": "https://git.example",
    }
    return ActionRun(repository, temp, facts, {"project": "infra", "lint-preset": ""}, environment)


def replace(file: Path, old: str, new: str) -> None:
    """Change a text in a file."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def findings(action: ActionRun) -> list[str]:
    """The rules in the SARIF file that is uploaded."""
    text = Path(action.outputs["steps.review.outputs.sarif"]).read_text(encoding="utf-8")
    return [result["ruleId"] for result in check_sarif(text)["runs"][0]["results"]]


def test_a_project_without_findings_and_changes_gets_no_comment(
    action: ActionRun, github: FakeGithub
) -> None:
    action.run()
    assert set(action.codes.values()) == {0}, action.logs
    assert findings(action) == []
    assert github.comments == []
    assert action.logs["Comment on the pull request"] == "the comment: nothing to show\n"
    assert github.branches == {}
    assert (action.temp / "summary").read_text(encoding="utf-8").startswith("dashgen finds nothing")
    # The first has the Python version.
    assert action.uploads[1:] == [
        {"sarif_file": str(action.temp / "dashgen-review/dashgen.sarif"), "category": "dashgen/infra"}
    ]


def test_a_change_is_described_until_it_is_gone(
    action: ActionRun, github: FakeGithub, repository: Path
) -> None:
    spec = repository / "infra/specs/dashboards/shop.yaml"
    replace(spec, "title: 🔥 Requests", "title: 🔥 Orders")
    run_command(["build", "--project", "infra"], repository, {})
    action.run()
    (body,) = github.bodies
    assert body.startswith("<!-- dashgen review of infra -->\n### Review: 1 dashboard changes")
    assert "🔥 Orders" in body
    pictures = re.findall(r"\]\(https://git\.example/acme/shop/blob/([\w-]+)/([\w.-]+)\?raw=true\)", body)
    assert {branch for branch, _ in pictures} == {"dashgen-review-images-7"}
    assert {name for _, name in pictures} == github.files("dashgen-review-images-7").keys()
    assert len(pictures) == 2
    assert {
        "name": "dashgen-review",
        "path": f"{action.temp}/dashgen-review/review",
        "overwrite": "True",
    } in (action.uploads)
    assert "<summary>Tests of alerts</summary>\n\n### Tests" in body
    assert action.codes["Nothing failed"] == 0
    git(repository, "checkout", "--quiet", ".")
    action.run()
    assert (github.comments, github.branches) == ([], {})


def test_an_error_fails_the_job_and_is_in_the_log_the_report_and_the_comment(
    action: ActionRun, github: FakeGithub, repository: Path
) -> None:
    replace(repository / "infra/specs/alerts.yaml", "for: 5m", "for: 5 minutes")
    action.run()
    log = action.logs["Review"]
    assert "::error title=spec/value,file=infra/specs/alerts.yaml,line=13,col=10" in log
    assert findings(action) == ["spec/value"]
    (body,) = github.bodies
    assert body.count("expected a duration") == 2  # in the table and in what to do, by the review only
    assert f"https://git.example/acme/shop/blob/{SHA}/infra/specs/alerts.yaml#L13" in body
    assert "### Findings: 1 error" in body
    assert "### `dashgen" not in body
    assert "what changes is not shown" in body
    assert action.codes["Nothing failed"] == 1
    assert "failed: validate, build, test" in action.logs["Nothing failed"]


def test_an_outdated_file_and_a_failing_test_are_told_apart(
    action: ActionRun, github: FakeGithub, repository: Path
) -> None:
    replace(repository / "infra/specs/alerts.yaml", "for: 5m", "for: 50m")
    action.run()
    assert sorted(set(findings(action))) == ["output/outdated", "test/failed"]
    (body,) = github.bodies
    headings = [line for line in body.splitlines() if line.startswith("### ")]
    assert [heading.partition(":")[0] for heading in headings] == [
        "### `dashgen build`", "### `dashgen test`", "### Review",
        "### Tests (without an environment)", "### Tests (prod)",
    ]  # fmt: skip
    assert "failed: build, test" in action.logs["Nothing failed"]


def test_lint_runs_with_the_preset(action: ActionRun, github: FakeGithub, repository: Path) -> None:
    action.inputs = {"project": "infra"}
    replace(repository / "infra/specs/dashboards/shop.yaml", 'method=~"$method"', 'method=~"get"')
    action.run()
    assert "query/needless-regex" in findings(action)
    assert "query/needless-regex" in github.bodies[0]


def test_a_command_that_cannot_run_fails_the_job(
    action: ActionRun, github: FakeGithub, repository: Path
) -> None:
    action.inputs = {"project": "infra", "lint-preset": "stricter"}
    action.run()
    assert "::error title=dashgen lint::it ended with exit code 2" in action.logs["Review"]
    assert "lint ended with exit code 2" in github.bodies[0]
    assert action.codes["Nothing failed"] == 1


def test_too_little_coverage_fails_the_job(action: ActionRun, github: FakeGithub) -> None:
    action.inputs = {"project": "infra", "lint-preset": "", "min-coverage": "100"}
    action.run()
    assert "failed: test" in action.logs["Nothing failed"]
    assert "### `dashgen test`:" in github.bodies[0]
    assert "Coverage: " in github.bodies[0]


def test_this_project_passes_its_own_workflow(action: ActionRun) -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    (step,) = [step for step in workflow["jobs"]["review"]["steps"] if step["uses"] == "./"]
    action.folder, action.inputs = ROOT, step["with"]
    action.facts = {**action.facts, NUMBER: "", "github.event.pull_request.base.sha": ""}
    action.run()
    assert set(action.codes.values()) == {0}, action.logs


def test_without_a_pull_request_nothing_is_compared_or_commented(
    action: ActionRun, github: FakeGithub
) -> None:
    action.facts = {**action.facts, NUMBER: "", "github.event.pull_request.base.sha": ""}
    action.run()
    assert github.requests == []
    assert set(action.codes.values()) == {0}


def test_a_pull_request_from_a_fork_is_checked_without_a_comment(
    action: ActionRun, github: FakeGithub, repository: Path
) -> None:
    github.refuses["POST"] = 403
    replace(repository / "infra/specs/dashboards/shop.yaml", "title: 🔥 Requests", "title: 🔥 Orders")
    run_command(["build", "--project", "infra"], repository, {})
    action.run()
    assert "::warning title=dashgen::no pictures" in action.logs["Comment on the pull request"]
    assert "::warning title=dashgen::no comment" in action.logs["Comment on the pull request"]
    assert action.codes["Nothing failed"] == 0


def test_comments_and_uploads_can_be_left_out(action: ActionRun, github: FakeGithub) -> None:
    action.inputs = {"project": "infra", "comment": "false", "sarif": "false", "lint-preset": ""}
    action.run()
    assert (github.requests, len(action.uploads)) == ([], 1)
    assert "lint" not in json.dumps(action.logs)


def test_a_name_of_a_project_runs_no_command(action: ActionRun, repository: Path) -> None:
    odd = "$(touch ran) `touch ran`; touch ran"
    (repository / "infra").rename(repository / odd)
    action.inputs = {"project": odd, "lint-preset": ""}
    action.run()
    assert action.codes["Review"] == 0
    assert not list(repository.parent.rglob("ran"))
