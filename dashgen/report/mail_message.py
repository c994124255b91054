"""A report as a mail: HTML with its pictures, and plain text beside it (RFC 2046, 2392)."""

import hashlib
from collections.abc import Sequence
from datetime import UTC
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from dashgen.core.diagnostics.frame import clean
from dashgen.report.html_page import html_page
from dashgen.report.plain_pages import text_page
from dashgen.report.report_result import ReportResult

_LONGEST_SUBJECT: Final = 200


def mail_of(result: ReportResult, sender: str, recipients: Sequence[str]) -> EmailMessage:
    """The mail.

    Args:
        result: the report.
        sender: the address that it comes from.
        recipients: the addresses of those who get it.
    """
    message = EmailMessage(policy=SMTP)
    # A line end in a title would begin another header; the policy refuses one, and none is left here.
    message["Subject"] = one_line(result.subject)[:_LONGEST_SUBJECT]
    message["From"] = _address(sender)
    message["To"] = [_address(one) for one in recipients]
    message["Date"] = format_datetime(result.made_at.astimezone(UTC))
    domain = sender.rpartition("@")[2]
    identity = hashlib.sha256("\n".join((result.uid, *sorted(recipients))).encode()).hexdigest()[:16]
    # The same period has the same id: programs that get a mail twice show it once.
    message["Message-ID"] = f"<{result.uid}.{result.period.key}.{identity}@{domain}>"
    # RFC 3834: no answers of absent people, no loops.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text_page(result), cte="quoted-printable")
    names = [f"chart{number}.{identity}@{domain}" for number, _ in enumerate(result.charts())]
    page = html_page(result, lambda number: f"cid:{names[number]}" if number < len(names) else "")
    message.add_alternative(page, subtype="html", cte="quoted-printable")
    html = message.get_body(("html",))
    if html is not None:
        for name, chart in zip(names, result.charts(), strict=True):
            file, cid = f"{name.partition('.')[0]}.png", f"<{name}>"
            html.add_related(chart.png, "image", "png", cid=cid, disposition="inline", filename=file)
    return message


def one_line(text: str) -> str:
    """A text without line ends and control characters."""
    return " ".join(clean(text.replace("\r", " ")).split())


def _address(text: str) -> Address:
    user, _, domain = text.rpartition("@")
    return Address(username=user, domain=domain)
