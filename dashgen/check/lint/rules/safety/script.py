"""A text panel has a script in it.

Grafana removes scripts and handlers such as `onclick=` from texts, unless `disable_sanitize_html` is set;
then they run in the session of everybody who opens the dashboard.

Remove the script. What it does needs a panel plugin.
"""

import re
from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern

_SCRIPT = lazy_pattern(
    r"<script\b|<[a-z][^<>]*\son[a-z]{3,}\s*=\s*[\"'a-z]|(?:href|src)\s*=\s*[\"']?\s*javascript:|\]\(\s*javascript:",
    re.IGNORECASE,
)


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Notes
        type: text
        mode: html
        content: <b onclick="reload()">Reload</b>
    """,
    good="""
        title: Notes
        type: text
        mode: html
        content: <b>Reload with Ctrl-R</b>
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for a text that a browser would run."""
    if panel.type == "text" and panel.content_mode != "code" and _SCRIPT.search(panel.content):
        message = f"{panel.words} has a script, which Grafana removes or runs for everybody"
        yield panel.problem(message, "content", hint="remove the script")
