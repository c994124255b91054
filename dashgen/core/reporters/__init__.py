"""Reporters of findings: text for people, JSON for programs, and the forms that CI and code hosts read."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Final

from dashgen.core.diagnostics import Diagnostic
from dashgen.core.reporters.report_context import ReportContext

Reporter = Callable[[Sequence[Diagnostic], ReportContext], str]

REPORTERS: Final = {
    "text": "text_report:render_text",
    "json": "json_report:render_json",
    "github": "github_report:render_github",
    "gitlab": "gitlab_report:render_gitlab",
    "sarif": "sarif_report:render_sarif",
    "junit": "junit_report:render_junit",
    "markdown": "markdown_report:render_markdown",
}
"""By format: the module and function that turn findings into the output.

By name, so that only the one in use is imported.
"""


def reporter(form: str) -> Reporter:
    """The function that writes findings in a format of `REPORTERS`."""
    module, _, function = REPORTERS[form].partition(":")
    render: Reporter = getattr(import_module(f"{__name__}.{module}"), function)
    return render
