"""A text panel loads an image from another company.

Its server learns who opens the dashboard and when, and the image is missing in a network without internet.

Put the image beside the documentation of your own, or use text.
"""

import re
from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, Severity, lint_rule
from dashgen.check.lint.web_addresses import host_of, is_private
from dashgen.core.lazy_pattern import lazy_pattern

_IMAGE = lazy_pattern(r"<img\b[^>]*\bsrc\s*=\s*[\"']?([^\"'\s>]+)|!\[[^\]]*\]\(\s*([^\s)]+)", re.IGNORECASE)


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        title: Notes
        type: text
        mode: html
        content: <img src="https://images.vendor.com/logo.png">
    """,
    good="""
        title: Notes
        type: text
        mode: html
        content: <img src="/public/img/logo.png">
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for each image of a public host."""
    if panel.type != "text" or panel.content_mode == "code":
        return
    for match in _IMAGE.finditer(panel.content):
        host = host_of(match[1] or match[2])
        if host and not is_private(host):
            yield panel.problem(
                f"{panel.words} loads an image from `{host}`", "content", hint="use one of your own"
            )
