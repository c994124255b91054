"""The files that CI hosts read are what they demand, and what the documentation shows runs."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashgen.cli.scaffold import project_files, write_project
from tests.ci.action_run import ACTION, ROOT
from tests.cli.transcript import run_command
from tests.docs.examples import blocks
from tests.reporters.schemas import check_gitlab, check_junit

_SHA = re.compile(r"[^@]+@[0-9a-f]{40}")
EXAMPLES = {
    match[1]: block.text.partition("\n")[2]
    for block in blocks((ROOT / "docs/ci.md").read_text(encoding="utf-8"))
    if (match := re.match(r"# file: (\S+)", block.text))
}
GITLAB = EXAMPLES[".gitlab-ci.yml"]
WORKFLOWS_WITHOUT_THE_ACTION = {
    "the new project's": project_files()[".github/workflows/dashboards.yaml"].decode(),
}
WORKFLOWS = {
    "this project's": (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"),
    "the documentation's": EXAMPLES[".github/workflows/dashboards.yaml"],
}


def _check(kind: str, text: str, folder: Path) -> None:
    """Check a file against the schema that check-jsonschema has of its kind."""
    file = folder / "file.yaml"
    file.write_text(text, encoding="utf-8")
    program = Path(sys.executable).with_name("check-jsonschema")
    command = [str(program), "--builtin-schema", f"vendor.{kind}", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _actions(steps: list[dict[str, Any]]) -> list[str]:
    return [step["uses"] for step in steps if "uses" in step]


ALL_WORKFLOWS = {**WORKFLOWS, **WORKFLOWS_WITHOUT_THE_ACTION}


@pytest.mark.parametrize("name", ALL_WORKFLOWS)
def test_a_workflow_is_what_github_demands(name: str, tmp_path: Path) -> None:
    _check("github-workflows", ALL_WORKFLOWS[name], tmp_path)


def test_the_action_is_what_github_demands(tmp_path: Path) -> None:
    _check("github-actions", (ROOT / "action.yml").read_text(encoding="utf-8"), tmp_path)


def test_the_gitlab_job_is_what_gitlab_demands(tmp_path: Path) -> None:
    _check("gitlab-ci", GITLAB, tmp_path)


@pytest.mark.parametrize("name", WORKFLOWS)
def test_workflows_give_inputs_that_the_action_has_and_no_right_too_many(name: str) -> None:
    workflow = yaml.safe_load(WORKFLOWS[name])
    (job,) = workflow["jobs"].values()
    (step,) = [step for step in job["steps"] if step["uses"].startswith(("./", "YOUR-ORG/dashgen@"))]
    assert step["with"].keys() <= ACTION["inputs"].keys()
    # The pictures of the review are files of a branch.
    assert job["permissions"] == {"contents": "write", "pull-requests": "write", "security-events": "write"}


def test_actions_of_others_are_pinned_to_commits() -> None:
    steps = [step for text in ALL_WORKFLOWS.values() for step in next(iter(yaml.safe_load(text)["jobs"].values()))["steps"]]  # fmt: skip
    used = [*_actions(steps), *_actions(ACTION["runs"]["steps"])]
    assert [
        name for name in used if not name.startswith(("./", "YOUR-ORG/")) and not _SHA.fullmatch(name)
    ] == []


def test_the_action_puts_no_value_of_an_event_into_a_script() -> None:
    assert [step["name"] for step in ACTION["runs"]["steps"] if "${{" in step.get("run", "")] == []


def test_nothing_installs_the_package_of_that_name_from_pypi() -> None:
    texts = [*WORKFLOWS.values(), GITLAB, (ROOT / "action.yml").read_text(encoding="utf-8")]
    assert [text for text in texts if re.search(r"pip install [^\n]*(?<![/$\"\w])dashgen\b", text)] == []


def test_the_gitlab_job_writes_the_reports_that_it_names(tmp_path: Path) -> None:
    job = yaml.safe_load(GITLAB)["dashboards"]
    write_project(tmp_path)
    run_command(["build"], tmp_path, {})
    spec = tmp_path / "specs/alerts.yaml"
    spec.write_text(spec.read_text(encoding="utf-8").replace("for: 5m", "for: 5 minutes"), encoding="utf-8")
    # GitLab joins the lines of a script to one program of the shell.
    done = subprocess.run(
        ["bash", "-e", "-c", "\n".join(job["script"])],
        cwd=tmp_path,
        env={"PATH": str(Path(sys.executable).parent) + ":/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    reports = job["artifacts"]["reports"]
    for name in reports["codequality"]:
        assert check_gitlab((tmp_path / name).read_text(encoding="utf-8")), name
    for name in reports["junit"]:
        check_junit((tmp_path / name).read_text(encoding="utf-8"))
