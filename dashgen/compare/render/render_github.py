"""A comparison as annotations of GitHub Actions, each at the spec that the change comes from.

Source: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

from dashgen.compare.change import Change
from dashgen.compare.render.render_summary import ReportedComparison, name_of
from dashgen.compare.render.render_text import one_line
from dashgen.core.diagnostics.frame import clean
from dashgen.core.reporters.github_report import escape


def render_github(comparison: ReportedComparison) -> str:
    """A notice for each change, and a warning for each reason to doubt one."""
    lines = [_notice(change, comparison.root) for change in comparison.changes]
    lines += [f"::warning title=dashgen diff::{escape(clean(text))}" for text in comparison.warnings]
    return "".join(f"{line}\n" for line in lines)


def _notice(change: Change, root: str) -> str:
    properties = {"title": clean(f"{name_of(change)} {change.what}")}
    if file := change.spec or (f"{root}/{change.path}" if root and change.path else change.path):
        properties["file"] = file
    listed = ",".join(f"{name}={escape(value, ',:')}" for name, value in properties.items())
    text = "\n".join(one_line(change)) or str(change.what)
    return f"::notice {listed}::{escape(text)}"
