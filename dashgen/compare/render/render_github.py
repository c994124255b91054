"""A comparison as annotations of GitHub Actions, each at the spec that the change comes from.

Source: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

from collections.abc import Callable

from dashgen.compare.change import Change
from dashgen.compare.render.render_findings import change_file
from dashgen.compare.render.render_summary import ReportedComparison, name_of
from dashgen.compare.render.render_text import one_line
from dashgen.core.diagnostics.frame import clean
from dashgen.core.reporters.github_report import escape


def render_github(comparison: ReportedComparison, rename: Callable[[str], str] = str) -> str:
    """A notice for each change, and a warning for each reason to doubt one.

    Args:
        comparison: the comparison.
        rename: turns the name of a file into the one from the root of the repository.
    """
    lines = [_notice(change, rename(change_file(change, comparison.root))) for change in comparison.changes]
    lines += [f"::warning title=dashgen diff::{escape(clean(text))}" for text in comparison.warnings]
    return "".join(f"{line}\n" for line in lines)


def _notice(change: Change, file: str) -> str:
    properties = {"title": clean(f"{name_of(change)} {change.what}")}
    if file:
        properties["file"] = file
    listed = ",".join(f"{name}={escape(value, ',:')}" for name, value in properties.items())
    text = "\n".join(one_line(change)) or str(change.what)
    return f"::notice {listed}::{escape(text)}"
