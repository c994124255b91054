"""Secrets belong into the environment, never into a file."""

from typing import Any

from dashgen.check.check_report import Path, Report, text_of
from dashgen.check.provisioning_references import check_dollars, is_reference


def check_secret(report: Report, path: Path, value: Any, what: str) -> None:
    """Report a secret that stands in the file as plain text."""
    text = text_of(value)
    if not text:
        return
    check_dollars(report, path, text, what)
    if not is_reference(text):
        message = f"{what} is a secret and stands here as plain text"
        report.error(
            "secret/plain-text",
            path,
            message,
            "refer to the environment: `$NAME`, or to a file: `$__file{/path}`",
        )
