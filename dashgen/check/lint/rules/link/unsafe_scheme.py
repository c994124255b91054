"""A link runs a script or carries its own page.

`javascript:`, `vbscript:` and `data:` addresses run in the session of whoever clicks, with everything that
person may do. Grafana removes some of them, not everywhere.

Link to an `https://` address or a path of Grafana.
"""

import re
from collections.abc import Iterator

from dashgen.check.lint import LintLink, LintProblem, Preset, Severity, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern

_SCHEME = lazy_pattern(r"[\s\x00-\x1f]*(javascript|vbscript|data)\s*:", re.IGNORECASE)


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Requests
        query: sum(up)
        links: [{title: More, url: 'javascript:alert(1)'}]
    """,
    good="""
        title: Requests
        query: sum(up)
        links: [{title: More, url: 'https://wiki.shop.internal/requests'}]
    """,
)
def check(link: LintLink) -> Iterator[LintProblem]:
    """Yield a problem for an address that a browser runs."""
    if match := _SCHEME.match(link.url):
        message = f"the link `{link.title}` has a `{match[1].lower()}:` address, which a browser runs"
        yield link.problem(message, "url", hint="link to an `https://` address or a path of Grafana")
