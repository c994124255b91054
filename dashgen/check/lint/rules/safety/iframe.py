"""A text panel shows a page of another server.

Grafana removes `<iframe>` from texts unless `disable_sanitize_html` is set, so mostly nothing is shown. Where
it is set, the other page can imitate Grafana's own login.

Link to the page instead.
"""

import re
from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern

_FRAME = lazy_pattern(r"<(iframe|object|embed)\b", re.IGNORECASE)


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Status
        type: text
        mode: html
        content: <iframe src="https://status.shop.internal"></iframe>
    """,
    good="""
        title: Status
        type: text
        content: See the [status page](https://status.shop.internal).
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for a frame in a text."""
    match = _FRAME.search(panel.content)
    if panel.type == "text" and panel.content_mode != "code" and match:
        message = f"{panel.words} has `<{match[1].lower()}>`, which Grafana removes unless it is told not to"
        yield panel.problem(message, "content", hint="link to the page instead")
