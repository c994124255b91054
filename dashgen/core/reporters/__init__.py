"""Reporters of findings: text for people, JSON for programs, annotations for GitHub, JUnit for CI."""

from collections.abc import Callable, Sequence
from typing import Final

from dashgen.core.diagnostics import Diagnostic
from dashgen.core.reporters.github_report import render_github
from dashgen.core.reporters.json_report import render_json
from dashgen.core.reporters.junit_report import render_junit
from dashgen.core.reporters.text_report import render_text

TextOf = Callable[[str], str | None]

REPORTERS: Final[dict[str, Callable[[Sequence[Diagnostic], TextOf, bool], str]]] = {
    "text": render_text,
    "json": render_json,
    "github": render_github,
    "junit": render_junit,
}
"""By format: the function from findings, the text of files, and whether to use colours, to the output."""
