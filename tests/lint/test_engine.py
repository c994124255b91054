"""How lint rules are chosen, run, silenced and kept apart."""

import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from dashgen.check.lint import LintPanel, LintProblem, Preset, Severity
from dashgen.check.lint.file_subjects import read_foreign
from dashgen.check.lint.lint_rule import LintRule
from dashgen.check.lint.rule_registry import own_rules, project_rules
from dashgen.check.lint.run_rules import RuleRunner, RuleSelection, matches_path
from dashgen.cli import lint_specs
from dashgen.cli.commands.lint_command import LintArguments
from dashgen.cli.commands.lint_command import lint as lint_command
from dashgen.core.errors import DashgenError
from dashgen.model.lint_settings import LintSettings, PathLint
from dashgen.project.lint.add_ignores import add_ignores
from dashgen.project.lint.baseline import read_baseline, without_baseline, write_baseline
from dashgen.project.lint.changed_lines import changed_lines
from dashgen.project.lint.lint_project import LintOptions, selection_of
from dashgen.project.lint.lint_report import LintReport, lint_key, remember_report, remembered_report
from dashgen.project.lint.run_lint import LintRun, lint_with_fixes
from dashgen.workspace.workspace import open_workspace
from tests.lint.example_project import example_project

NEEDLESS = "query/needless-regex"
PANEL = """\
kind: Dashboard
title: Example
panels:
  - title: Requests
    query: sum(rate(http_requests_total{code=~"500"}[$__rate_interval]))
"""
TODAY = date(2026, 11, 29)


def lint(root: Path, *select: str, **more: object) -> LintReport:
    """Lint a project with some rules."""
    run = LintRun(open_workspace(root), LintOptions(select=select or (NEEDLESS,)), today=TODAY)
    for name, value in more.items():
        setattr(run, name, value)
    return run.lint().report


def rules_and_lines(report: LintReport) -> list[tuple[str, int]]:
    return [
        (one.rule, one.location.span.line) for one in report.diagnostics if one.location and one.location.span
    ]


@pytest.mark.parametrize(
    ("file", "pattern", "expected"),
    [
        ("specs/a.yaml", "specs/", True),
        ("specs/imported/a.yaml", "specs/imported/**", True),
        ("specs/imported/deep/a.yaml", "specs/imported/**", True),
        ("specs/a.yaml", "specs/imported/**", False),
        ("specs/imported/a.yaml", "**/a.yaml", True),
        ("specs/a.yaml", "specs/*.yaml", True),
    ],
)
def test_a_pattern_means_files(file: str, pattern: str, expected: bool) -> None:
    assert matches_path(file, pattern) is expected


@pytest.mark.parametrize(
    ("settings", "options", "file", "is_on"),
    [
        ({}, {}, "a.yaml", True),
        ({}, {"preset": "community"}, "a.yaml", True),
        ({"ignore": ["query/*"]}, {}, "a.yaml", False),
        ({}, {"ignore": (NEEDLESS,)}, "a.yaml", False),
        ({}, {"select": ("alert/*",)}, "a.yaml", False),
        ({}, {"select": ("query/*",)}, "a.yaml", True),
        ({"paths": {"old/**": PathLint(ignore=[NEEDLESS])}}, {}, "old/a.yaml", False),
        ({"paths": {"old/**": PathLint(ignore=[NEEDLESS])}}, {}, "new/a.yaml", True),
    ],
)
def test_settings_and_options_choose_rules(
    settings: dict[str, object], options: dict[str, object], file: str, is_on: bool
) -> None:
    rules = list(own_rules().values())
    selection = selection_of(LintOptions(**options), LintSettings(**settings), rules)
    assert selection.is_on(own_rules()[NEEDLESS], file) is is_on


def test_a_rule_that_does_not_exist_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(DashgenError, match="did you mean `query/needless-regex`"):
        selection_of(LintOptions(select=("query/needles-regex",)), LintSettings(), list(own_rules().values()))


def test_a_rule_that_crashes_is_named_once_and_the_others_go_on(tmp_path: Path) -> None:
    def broken(panel: LintPanel) -> Iterator[LintProblem]:
        raise KeyError("nothing")
        yield panel.problem("")

    def whole(panel: LintPanel) -> Iterator[LintProblem]:
        yield panel.problem("fine", "title")

    tree = read_foreign([], str)
    rules = [
        LintRule(name, LintPanel, check, Severity.WARNING, frozenset([Preset.RECOMMENDED]), "", "")
        for name, check in (("x/broken", broken), ("x/whole", whole))
    ]
    (tmp_path / "d.json").write_text('{"title": "D", "panels": [{"type": "stat"}, {"type": "stat"}]}')
    tree = read_foreign([tmp_path], lambda path: path.name)
    runner = RuleRunner(tree.project, RuleSelection(rules, LintSettings()))
    findings = [one for dashboard in tree.dashboards() for one in runner.dashboard(dashboard)]
    assert [one.diagnostic.rule for one in findings] == ["lint/crash", "x/whole", "x/whole"]
    assert "x/broken" in findings[0].diagnostic.message


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("# dashgen: ignore query/needless-regex: of another team", []),
        ("# dashgen: ignore query/*: of another team", []),
        ("# dashgen: ignore query/needless-regex until 2026-11-29: of another team", []),
        (
            "# dashgen: ignore query/needless-regex until 2026-11-28: of another team",
            [("ignore/expired", 5), (NEEDLESS, 6)],
        ),
        ("# dashgen: ignore query/needless-regex", [(NEEDLESS, 6)]),
        ("# dashgen: ignore alert/no-summary: of another team", [(NEEDLESS, 6)]),
    ],
)
def test_a_comment_with_a_reason_silences_until_its_last_day(
    comment: str, expected: list[tuple[str, int]], tmp_path: Path
) -> None:
    spec = PANEL.replace("    query:", f"    {comment}\n    query:")
    report = lint(example_project(tmp_path, spec))
    assert rules_and_lines(report) == expected
    assert rules_and_lines(lint(tmp_path, no_ignores=True)) == [(NEEDLESS, 6)]


def test_a_comment_that_silences_nothing_is_a_finding_when_all_rules_run(tmp_path: Path) -> None:
    spec = PANEL.replace('=~"500"', '="500"').replace(
        "    query:", f"    # dashgen: ignore {NEEDLESS}: of another team\n    query:"
    )
    example_project(tmp_path, spec)
    run = LintRun(open_workspace(tmp_path), LintOptions(), today=TODAY)
    assert ("ignore/unused", 5) in rules_and_lines(run.lint().report)
    assert lint(tmp_path).diagnostics == []


def test_a_comment_for_a_stricter_preset_is_unused_only_with_that_preset(tmp_path: Path) -> None:
    spec = PANEL.replace('=~"500"', '="500"').replace(
        "    query:", "    # dashgen: ignore panel/unit-unset: a number of things\n    query:"
    )
    example_project(tmp_path, spec + "    unit: reqps\n")

    def unused(preset: str) -> list[tuple[str, int]]:
        run = LintRun(open_workspace(tmp_path), LintOptions(preset=preset), today=TODAY)
        return [found for found in rules_and_lines(run.lint().report) if found[0] == "ignore/unused"]

    assert unused("recommended") == []
    assert unused("strict") != []


def test_findings_of_a_baseline_do_not_count_again_but_new_ones_do(tmp_path: Path) -> None:
    root = example_project(tmp_path, PANEL)
    file = tmp_path / "baseline.json"
    write_baseline(file, lint(root).findings)
    assert without_baseline(lint(root).findings, read_baseline(file)) == []
    # The line moved, which is no news; a second one of the kind is.
    example_project(
        tmp_path, "# moved\n" + PANEL + PANEL.partition("panels:\n")[2].replace("Requests", "More")
    )
    new = without_baseline(lint(root).findings, read_baseline(file))
    assert [one.diagnostic.location.span.line for one in new if one.diagnostic.location] == [8]


def test_a_file_that_is_no_baseline_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[]")
    with pytest.raises(DashgenError, match="is not a baseline"):
        read_baseline(tmp_path / "a.json")


def git(root: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments],
        cwd=root,
        check=True,
        capture_output=True,
    )


def test_only_lines_that_changed_since_a_commit_count(tmp_path: Path) -> None:
    root = example_project(tmp_path, PANEL + "# ++ a line that looks like a diff\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "Start")
    second = PANEL.partition("panels:\n")[2].replace("Requests", "More")
    example_project(root, PANEL + second)
    (root / "specs" / "ünew.yaml").write_text(PANEL.replace("Example", "New"))
    lines = changed_lines(root, "HEAD")
    kept = [one.diagnostic.location for one in lint(root).findings if lines.has(one.diagnostic.location)]
    assert [(one.file, one.span.line) for one in kept if one and one.span] == [
        ("specs/example.yaml", 7),
        ("specs/ünew.yaml", 5),
    ]


def test_the_text_of_an_editor_stands_for_the_file_and_other_dashboards_are_not_read(tmp_path: Path) -> None:
    root = example_project(tmp_path, PANEL)
    (root / "specs" / "other.yaml").write_text("kind: Dashboard\ntitle: [\n")
    text = PANEL.replace('=~"500"', '="500"')
    name = "specs/example.yaml"
    report = lint(root, only=frozenset([name]), texts={name: text}, is_partial=True)
    assert report.diagnostics == []
    assert rules_and_lines(lint(root, only=frozenset([name]), is_partial=True)) == [(NEEDLESS, 5)]


def test_fixes_change_nothing_else_of_a_file(tmp_path: Path) -> None:
    spec = "\ufeff" + PANEL.replace("  - title", "  # a comment\n  - title").replace("\n", "\r\n")
    root = example_project(tmp_path, PANEL)
    (root / "specs" / "example.yaml").write_bytes(spec.encode())
    run = LintRun(open_workspace(root), LintOptions(select=(NEEDLESS,)), today=TODAY)
    outcome, texts = lint_with_fixes(run, unsafe=False)
    assert texts == {"specs/example.yaml": spec.replace('=~"500"', '="500"')}
    assert (outcome.report.mended, outcome.findings) == (1, [])


def test_a_fix_in_a_component_mends_all_its_uses(tmp_path: Path) -> None:
    spec = """\
kind: Components
components:
  requests:
    params: {code: integer}
    panel:
      title: Requests ${{ code }}
      query: sum(rate(http_requests_total{method=~"GET"}[5m]))
---
kind: Dashboard
title: Example
panels:
  - use: requests
    with: {code: 200}
  - use: requests
    with: {code: 500}
"""
    root = example_project(tmp_path, spec)
    run = LintRun(open_workspace(root), LintOptions(select=(NEEDLESS,)), today=TODAY)
    outcome, texts = lint_with_fixes(run, unsafe=False)
    assert outcome.findings == []
    assert texts == {"specs/example.yaml": spec.replace('=~"GET"', '="GET"')}


def test_what_an_expression_made_is_not_written_over_it(tmp_path: Path) -> None:
    spec = PANEL.replace("500", "${{ 5 * 100 }}")
    root = example_project(tmp_path, spec)
    run = LintRun(open_workspace(root), LintOptions(select=(NEEDLESS,)), today=TODAY)
    outcome, texts = lint_with_fixes(run, unsafe=True)
    assert texts == {}
    assert [one.fix for one in outcome.findings] == [None]


def test_comments_are_written_where_yaml_takes_them_as_comments(tmp_path: Path) -> None:
    spec = """\
kind: Dashboard
title: Example
panels:
  - {title: One, query: 'sum(rate(http_requests_total{code=~"500"}[5m]))'}
  - title: Two
    query: |
      sum(
        rate(http_requests_total{code=~"500"}[5m]))
  - title: Three
    query: sum(
      rate(http_requests_total{code=~"404"}[5m]))
"""
    root = example_project(tmp_path, spec)
    added = add_ignores({"specs/example.yaml": spec}, lint(root).findings, "later", TODAY)
    assert len(added.left) == 1, "a plain text over several lines takes no comment"
    (root / "specs" / "example.yaml").write_text(added.texts["specs/example.yaml"])
    assert [line for line in added.texts["specs/example.yaml"].split("\n") if "#" in line] == [
        f"  # dashgen: ignore {NEEDLESS}: later",
        f"    # dashgen: ignore {NEEDLESS}: later",
    ]
    assert len(lint(root).findings) == 1


def test_a_project_has_rules_of_its_own(tmp_path: Path) -> None:
    root = example_project(tmp_path, PANEL, "lint: {rules: [checks], select: [checks/*]}\n")
    (root / "checks").mkdir()
    (root / "checks" / "no_requests.py").write_text(
        '"""No panel is called Requests.\n\nIt says too little.\n\nWrite whose."""\n'
        "from dashgen.check.lint import LintPanel, lint_rule\n"
        "@lint_rule(bad='title: Requests', good='title: Requests of the shop')\n"
        "def check(panel: LintPanel):\n"
        "    if panel.title == 'Requests':\n"
        "        yield panel.problem('this panel says too little', 'title', hint='write whose requests')\n"
    )
    run = LintRun(open_workspace(root), LintOptions(), today=TODAY)
    assert ("checks/no-requests", 4) in rules_and_lines(run.lint().report)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1", "has 0 functions"),
        ("1 / 0", "cannot be imported: division by zero"),
        ("def (", "cannot be imported"),
    ],
)
def test_a_file_that_is_no_rule_is_refused(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "a.py").write_text(text)
    with pytest.raises(DashgenError, match=message):
        project_rules(tmp_path, ["checks"])


def test_a_folder_of_rules_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DashgenError, match="does not exist"):
        project_rules(tmp_path, ["checks"])


def test_an_unchanged_run_is_remembered_until_anything_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = example_project(tmp_path, PANEL)
    arguments = LintArguments(project=root, select=[NEEDLESS])
    lint_command(arguments)
    first = capsys.readouterr()
    assert NEEDLESS in first.out
    with monkeypatch.context() as patch:
        patch.setattr(lint_specs, "linted", lambda *_: pytest.fail("it was linted again"))
        lint_command(arguments)
        assert capsys.readouterr() == first
    example_project(tmp_path, PANEL.replace('=~"500"', '="500"'))
    lint_command(arguments)
    assert NEEDLESS not in capsys.readouterr().out
    example_project(tmp_path, PANEL, f"lint: {{ignore: [{NEEDLESS}]}}\n")
    lint_command(arguments)
    assert NEEDLESS not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"paths": ["specs", "other.json"]}, "linted apart"),
        ({"paths": ["other.json"], "fix": True}, "not edited"),
        ({"paths": ["other.json"], "add_ignore": "why"}, "not edited"),
        ({"paths": ["empty"]}, "nothing to lint"),
        ({"paths": ["missing"]}, "no file or folder"),
        ({"add_ignore": " "}, "needs a reason"),
        ({"write_baseline": True}, "--baseline FILE"),
    ],
)
def test_what_cannot_be_carried_out_is_refused(
    arguments: dict[str, object], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = example_project(tmp_path, PANEL)
    (root / "other.json").write_text('{"title": "D", "panels": [{"type": "stat"}]}')
    (root / "empty").mkdir()
    monkeypatch.chdir(root)
    paths = [Path(path) for path in arguments.pop("paths", [])]
    with pytest.raises(DashgenError, match=message):
        lint_command(LintArguments(paths=paths or None, **arguments))


def test_a_dashboard_that_does_not_parse_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text('{"title": "D", "panels": [')
    tree = read_foreign([tmp_path / "d.json"], lambda path: path.name)
    assert [one.rule for one in tree.problems] == ["json/syntax"]


def test_a_spec_that_changes_while_it_is_linted_is_linted_again(tmp_path: Path) -> None:
    root = example_project(tmp_path, PANEL)
    run = LintRun(open_workspace(root), LintOptions(select=(NEEDLESS,)), today=TODAY)
    outcome, key = run.lint(), lint_key(str(root), "")
    remember_report(outcome.report, run.stamp(key, outcome))
    assert remembered_report(str(root), key) is not None
    example_project(tmp_path, PANEL.replace('=~"500"', '="500"'))
    remember_report(outcome.report, run.stamp(key, outcome))
    assert remembered_report(str(root), key) is None
