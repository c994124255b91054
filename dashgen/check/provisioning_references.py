"""References to the environment in texts of provisioning files, and secrets that are none.

Grafana splits every interpolated text at `$$` (which stands for one `$`); in the parts, `$__env{NAME}` and
`$__file{PATH}` are expanded first and then `$NAME` and `${NAME}` become the environment variable, or nothing
when there is none.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from msgspec import Struct

from dashgen.check.check_report import Path, Report, text_of
from dashgen.core.lazy_pattern import lazy_pattern

_EATEN = lazy_pattern(
    r"\$(?:(?P<expander>__[a-z]+)\{[^}]*\}|\{(?P<braced>[^}]*)\}?|(?P<bare>[0-9*#@!?-]|\w+))", re.ASCII
)
_ENVIRONMENT_NAME = lazy_pattern(r"[A-Z_][A-Z0-9_]*\Z")
_IDENTIFIER = lazy_pattern(r"[A-Za-z_][A-Za-z0-9_]*\Z")
EXPANDERS = frozenset({"__env", "__file", "__vault"})


class ProvisioningReference(Struct, frozen=True):
    """A part of a text that provisioning replaces; ``deliberate`` when a variable seems to be meant."""

    text: str
    start: int
    deliberate: bool

    @property
    def doubled(self) -> str:
        """The spelling that reaches Grafana unchanged."""
        return "$" + self.text


def references(text: str) -> Iterator[ProvisioningReference]:
    """Every part of the text that provisioning replaces."""
    if "$" not in text:
        return
    # `{{ $labels.job }}` is a variable of the template, and provisioning would take it for one of the
    # environment.
    inside = _action_ranges(text)
    offset = 0
    for part in text.split("$$"):
        for match in _EATEN.finditer(part):
            start = offset + match.start()
            before = bisect_right(inside, (start, len(text)))
            in_action = before > 0 and start < inside[before - 1][1]
            yield ProvisioningReference(match[0], start, not in_action and _is_meant(match))
        offset += len(part) + 2


def _action_ranges(text: str) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    start = text.find("{{")
    while start >= 0 and (end := text.find("}}", start)) >= 0:
        ranges.append((start, end))
        start = text.find("{{", end)
    return ranges


def _is_meant(match: re.Match[str]) -> bool:
    if match["expander"]:
        return match["expander"] in EXPANDERS
    if match["braced"] is not None:
        return bool(_IDENTIFIER.match(match["braced"])) and not match["braced"].startswith("__")
    return bool(_ENVIRONMENT_NAME.match(match["bare"])) and not match["bare"].startswith("__")


def is_reference(text: str) -> bool:
    """Whether a text takes its value, or a part of it, from the environment or a file."""
    return any(r.deliberate for r in references(text))


def check_no_dollar(report: Report, path: Path, text: object, what: str) -> None:
    """Report every `$` that provisioning would replace in a text that should stay as it is."""
    for reference in references(text) if isinstance(text, str) else ():
        message = (
            f"`{reference.text}` in {what} would be replaced by an environment variable before it is read"
        )
        report.error("provisioning/dollar", path, message, f"write `{reference.doubled}`")


def check_dollars(report: Report, path: Path, value: object, what: str) -> None:
    """Report `$` in a value (or anywhere in it) that provisioning would replace by accident."""
    if isinstance(value, dict):
        for key, item in value.items():
            check_dollars(report, (*path, key), item, what)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            check_dollars(report, (*path, index), item, what)
    elif isinstance(value, str):
        for reference in references(value):
            if not reference.deliberate:
                message = f"`{reference.text}` in {what} would be replaced by an environment variable"
                report.error("provisioning/dollar", path, message, f"write `{reference.doubled}`")


def check_secret(report: Report, path: Path, value: object, what: str) -> None:
    """Report a secret that is in the file as plain text."""
    text = text_of(value)
    if not text:
        return
    check_dollars(report, path, text, what)
    if not is_reference(text):
        message = f"{what} is a secret in plain text"
        hint = "refer to the environment: `$NAME`, or to a file: `$__file{/path}`"
        report.error("secret/plain-text", path, message, hint)
