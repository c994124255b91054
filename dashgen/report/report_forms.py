"""The forms of a report as bytes: HTML with its pictures in it, text, Markdown, and a mail."""

from base64 import b64encode
from collections.abc import Sequence

from dashgen.report.html_page import html_page
from dashgen.report.mail_message import mail_of
from dashgen.report.plain_pages import markdown_page, text_page
from dashgen.report.report_result import ReportResult


def whole_html(result: ReportResult) -> bytes:
    """One file of HTML that needs no other."""
    pictures = [f"data:image/png;base64,{b64encode(chart.png).decode()}" for chart in result.charts()]
    return html_page(result, lambda number: pictures[number] if number < len(pictures) else "").encode()


def plain_text(result: ReportResult) -> bytes:
    """Plain text."""
    return text_page(result).encode()


def markdown(result: ReportResult) -> bytes:
    """Markdown."""
    return markdown_page(result).encode()


def whole_mail(result: ReportResult, sender: str, recipients: Sequence[str]) -> bytes:
    """The mail as it is sent."""
    return mail_of(result, sender, recipients).as_bytes()
