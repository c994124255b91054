"""The formats of findings, and what makes a command fail: the same for all commands that have them."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from dashgen.cli.commands.lint_command import LintArguments
from dashgen.cli.documents import output_schema
from dashgen.cli.options import REPORT_FORMATS, FailOn, Format, fails, report_files
from dashgen.cli.scaffold import write_project
from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.errors import DashgenError
from dashgen.core.reporters import REPORTERS
from tests.cli.transcript import Result, run_command
from tests.reporters.schemas import check_gitlab, check_junit, check_sarif

COMMANDS = ["build", "build --check", "validate", "lint", "test", "diff"]
TOKEN = "glsa_" + "a1b2" * 8


def _starts_with(start: str) -> Callable[[str], object]:
    def check(text: str) -> None:
        assert text.startswith(start), text

    return check


CHECKS: dict[str, Callable[[str], object]] = {
    "sarif": check_sarif,
    "gitlab": check_gitlab,
    "junit": check_junit,
    "markdown": _starts_with("### "),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project as `dashgen init` makes it, built, below the root of a repository."""
    folder = tmp_path / "infra"
    write_project(folder)
    (tmp_path / ".git").mkdir()
    assert run_command(["build"], folder, {}).code == 0
    return folder


def edit(project: Path, spec: str, old: str, new: str) -> None:
    """Change a spec."""
    file = project / "specs" / spec
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def run(project: Path, line: str) -> Result:
    return run_command(line.split(), project, {})


STATES: dict[str, tuple[str, str, str] | None] = {
    "sound": None,
    "wrong": ("alerts.yaml", "for: 5m", "for: 5 minutes"),
    "doubtful": ("dashboards/shop.yaml", "unit: percentunit", "unit: parrots"),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_format_is_all_of_the_output_and_valid(project: Path, command: str, state: str) -> None:
    if change := STATES[state]:
        edit(project, *change)
    for form, check in CHECKS.items():
        result = run(project, f"{command} --format {form}")
        check(result.stdout)
    document = json.loads(run(project, f"{command} --format json").stdout)
    jsonschema.validate(document, output_schema(command.split()[:1]))


@pytest.mark.parametrize("command", ["build --check", "validate", "lint", "test"])
def test_reports_are_what_the_format_prints(project: Path, command: str) -> None:
    edit(project, *STATES["wrong"] or ())
    for form, check in CHECKS.items():
        result = run(project, f"{command} --report {form}=report")
        assert result.code == 1
        text = (project / "report").read_text(encoding="utf-8")
        check(text)
        assert text == run(project, f"{command} --format {form}").stdout


def test_a_run_writes_several_reports(project: Path) -> None:
    run(project, "validate --report sarif=a.sarif --report junit=b.xml --format gitlab")
    assert ((project / "a.sarif").exists(), (project / "b.xml").exists()) == (True, True)


@pytest.mark.parametrize(
    ("report", "message"),
    [
        ("sarif", "`sarif` is no report; write for example `--report sarif=dashgen.sarif`"),
        ("sarif=", "`sarif=` is no report"),
        ("sarf=x", "no report in the format `sarf`; did you mean `sarif`"),
        ("text=x", "no report in the format `text`"),
    ],
)
def test_a_report_that_is_none_is_refused_before_anything_runs(report: str, message: str) -> None:
    with pytest.raises(DashgenError, match=message):
        report_files([report])


def test_paths_of_reports_may_have_an_equals_sign() -> None:
    assert report_files(["sarif=a=b.sarif"]) == [(Format.SARIF, Path("a=b.sarif"))]


def test_the_formats_are_those_of_the_reporters() -> None:
    assert [str(form) for form in Format] == list(REPORTERS)
    assert {*REPORT_FORMATS} < {*REPORTERS}
    assert LintArguments._field_defaults["output_format"] is Format.TEXT


@pytest.mark.parametrize("command", ["validate", "build --check", "lint", "test"])
def test_sarif_ends_with_0_unless_there_is_a_limit(project: Path, command: str) -> None:
    edit(project, *STATES["wrong"] or ())
    assert run(project, f"{command} --format sarif").code == 0
    assert run(project, f"{command} --format sarif --fail-on error").code == 1
    assert run(project, f"{command} --format gitlab").code == 1
    assert run(project, f"{command} --fail-on never").code == 0


def test_a_limit_of_warnings_counts_warnings(project: Path) -> None:
    edit(project, *STATES["doubtful"] or ())
    run(project, "build")
    codes = {limit: run(project, f"validate --fail-on {limit}").code for limit in FailOn}
    assert codes == {"error": 0, "warning": 1, "info": 1, "never": 0}
    assert run(project, "validate --strict").code == 1
    refused = run(project, "validate --strict --fail-on error")
    assert (refused.code, "use one of them" in refused.stderr) == (2, True)


def test_a_difference_is_a_note_and_fails_by_default(project: Path) -> None:
    edit(project, "dashboards/shop.yaml", "title: 🛒 Shop", "title: Shop")
    codes = {limit: run(project, f"diff --fail-on {limit}").code for limit in FailOn}
    assert codes == {"error": 0, "warning": 0, "info": 1, "never": 0}
    assert (run(project, "diff").code, run(project, "diff --format gitlab").code) == (1, 1)
    assert run(project, "diff --format sarif").code == 0
    (result,) = check_sarif(run(project, "diff --format sarif").stdout)["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("diff/change", "note")
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert place == "infra/specs/dashboards/shop.yaml"
    assert "file=infra/specs/dashboards/shop.yaml" in run(project, "diff --format github").stdout


@pytest.mark.parametrize("differs", [True, False])
def test_what_fails(differs: bool) -> None:
    warning = [Diagnostic("a/b", "x", severity=Severity.WARNING)]
    assert fails([], differs=differs) is differs
    assert fails(warning, differs=differs, fail_on=FailOn.NEVER) is False
    assert fails(warning, differs=differs, form=Format.SARIF) is False
    assert fails(warning, differs=differs, form=Format.SARIF, fail_on=FailOn.ERROR) is differs
    assert fails(warning, differs=differs, fail_on=FailOn.WARNING) is True


def test_files_that_a_build_would_change_are_findings(project: Path) -> None:
    built = project / "generated/dashboards/Shop/shop.json"
    edit(project, "dashboards/shop.yaml", "title: 🔥 Requests", "title: 🔥 Orders")
    (project / "generated/rules/prometheus/shop.yaml").unlink()
    issues = check_gitlab(run(project, "build --check --format gitlab").stdout)
    assert {(issue["check_name"], issue["location"]["path"]) for issue in issues} == {
        ("output/outdated", "infra/generated/dashboards/Shop/shop.json"),
        ("output/outdated", "infra/generated/rules/prometheus/shop.yaml"),
    }
    assert built.exists()


def test_a_finding_keeps_its_fingerprint_when_lines_move(project: Path) -> None:
    def prints(command: str) -> dict[str, str]:
        results = check_sarif(run(project, f"{command} --format sarif").stdout)["runs"][0]["results"]
        return {one["partialFingerprints"]["dashgenFinding/v1"]: one["message"]["text"] for one in results}

    edit(project, *STATES["doubtful"] or ())
    before = {command: prints(command) for command in ("validate", "lint --preset strict")}
    assert all(before.values())
    spec = project / "specs/dashboards/shop.yaml"
    spec.write_text("# one\n# two\n\n" + spec.read_text(encoding="utf-8"), encoding="utf-8")
    assert {command: prints(command) for command in ("validate", "lint --preset strict")} == before


@pytest.mark.parametrize("form", REPORTERS)
@pytest.mark.parametrize("command", ["validate", "build"])
def test_no_format_shows_a_secret(project: Path, command: str, form: str) -> None:
    edit(project, "alerts.yaml", "for: 5m", f"for: {TOKEN}")
    result = run(project, f"{command} --format {form}")
    assert "spec/value" in result.stdout + result.stderr
    assert TOKEN not in result.stdout + result.stderr


def test_findings_link_to_the_commit_that_is_checked(project: Path) -> None:
    edit(project, *STATES["wrong"] or ())
    hosts = {
        "https://github.example/acme/shop/blob/c0ffee/infra/specs/alerts.yaml#L13": {
            "GITHUB_SERVER_URL": "https://github.example", "GITHUB_REPOSITORY": "acme/shop", "GITHUB_SHA": "c0ffee",
        },
        "https://gitlab.example/acme/shop/-/blob/c0ffee/infra/specs/alerts.yaml#L13": {
            "CI_PROJECT_URL": "https://gitlab.example/acme/shop", "CI_COMMIT_SHA": "c0ffee",
        },
        "https://git.example/x/infra/specs/alerts.yaml#L13": {"DASHGEN_BLOB_URL": "https://git.example/x"},
    }  # fmt: skip
    for link, environment in hosts.items():
        text = run_command(["validate", "--format", "markdown"], project, environment).stdout
        assert f"]({link})" in text
    assert "](" not in run_command(["validate", "--format", "markdown"], project, {}).stdout
