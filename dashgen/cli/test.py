"""``dashgen test``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashgen.cli.options import Environment, Format, OutputFormat, ProjectFolder, finish, report, usage_error

if TYPE_CHECKING:
    from dashgen.model.settled_alerts import SettledGroup
    from dashgen.testing.run import TestReport

_MOST_NAMES = 10

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="NAME", help="Only the tests of this alert or group; may be repeated."),
]
Promtool = Annotated[
    Path | None,
    typer.Option(
        "--promtool", metavar="FILE", help="The promtool to run; `PROMTOOL` or the one on the path."
    ),
]


def rule_tests(
    names: Names = None,
    project: ProjectFolder = Path(),
    env: Environment = None,
    promtool: Promtool = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Run the tests of alert rules in Prometheus' own promtool.

    `dashgen build` writes the same tests into `rules/tests/` of the output, for `promtool test rules`.

    Example: dashgen test HighErrorRate
    """
    from dashgen.build.pipeline import Request, compile_project  # noqa: PLC0415
    from dashgen.build.workspace import open_workspace  # noqa: PLC0415
    from dashgen.diagnostics import has_errors  # noqa: PLC0415
    from dashgen.testing.promtool import find_promtool  # noqa: PLC0415
    from dashgen.testing.run import run_rule_tests  # noqa: PLC0415

    workspace = open_workspace(project, env)
    compilation = compile_project(workspace, workspace.spec_files(), Request())
    groups = compilation.others.groups
    compilation.close()
    if has_errors(compilation.diagnostics):
        report(compilation.diagnostics, output_format, workspace.root)
        typer.echo("no test was run", err=True)
        finish(compilation.diagnostics)
    _check_names(names or [], groups)
    result = run_rule_tests(groups, names or [], find_promtool(promtool))
    if result.diagnostics or output_format is not Format.TEXT:
        report(result.diagnostics, output_format, workspace.root)
    if output_format is Format.TEXT:
        typer.echo(_summary(result))
    finish(result.diagnostics)


def _check_names(names: list[str], groups: "list[SettledGroup]") -> None:
    from dashgen.diagnostics import nearest  # noqa: PLC0415  # only when there are names

    known = {group.name for group in groups} | {
        alert.rule.alert for group in groups for alert in group.alerts
    }
    for name in names:
        if name not in known:
            usage_error(f"there is no alert or rule group `{name}`", nearest(name, known))


def _summary(result: "TestReport") -> str:
    if not result.tests:
        text = "there are no tests to run"
    else:
        text = (
            f"{_count(result.tests, 'test')} of {_count(result.alerts, 'alert')} at {_count(result.checks, 'moment')}: "
            + (f"{result.failed} failed" if result.failed else "all passed")
        )
    if result.untested:
        more = len(result.untested) - _MOST_NAMES
        listed = ", ".join(result.untested[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
        text += f"\nwithout a test that promtool can run: {listed}"
    return text


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
