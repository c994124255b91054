"""A report as HTML, text, Markdown and mail: goldens, and nothing that a label could break out with."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dashgen.report.mail_message import mail_of, one_line
from dashgen.report.periods import Period
from dashgen.report.report_forms import markdown, plain_text, whole_html, whole_mail
from dashgen.report.report_result import (
    ChartResult,
    FailedQuery,
    FigureChange,
    FigureResult,
    ReportResult,
    SectionResult,
    TableResult,
    TableRow,
    Value,
)
from dashgen.report.simple_markdown import as_html, as_text
from tests.golden import check

GOLDENS = Path(__file__).parent / "goldens"
PERIOD = Period(date(2026, 11, 29), 1, 1795896000, 1795982400, 1795982400, "Asia/Dubai")
EVIL = (
    '<script>alert(1)</script>"><img src=x onerror=y>\r\nBcc: x@evil.example\r\n\u202e[a](javascript:b)|`*_'
)
PNG = bytes.fromhex("89504e470d0a1a0a")


def result(word: str = "free") -> ReportResult:
    before = Value(200, "200")
    missing = Value(reason="no data")
    figures = (
        FigureResult(
            "signups", f"Signups {word}", Value(250, "250"),
            (
                FigureChange("day before", before, "+25 %", "25 % more than the day before", 1, is_good=True),
                FigureChange("same weekday last week", missing, sentence="no data for the same weekday last week"),
            ),
            "at least 300", meets_target=False, sentence=f"250 people signed up {word}.",
        ),
        FigureResult("cost", "Cost", missing, (
            FigureChange("day before", before), FigureChange("same weekday last week", before, incomplete=True),
        )),
    )  # fmt: skip
    tables = (
        TableResult("Errors", ("Error", "Times", "Day before"), (TableRow((word,), "12", 12, "+3 (9)"),), 4),
        TableResult("Nothing", (), note="No errors."),
        TableResult("Broken", (), note="the query failed", failed=True),
    )
    charts = (
        ChartResult(f"Rate {word}", PNG, (600, 240), link="https://grafana.example.com/d/home?from=1&to=2"),
        ChartResult("Logs", note="not drawn: it shows lines, not numbers"),
    )
    text = "**250** people came.\n\n- one\n- [two](https://example.com)"
    return ReportResult(
        "daily", f"Yesterday {word}", PERIOD, datetime(2026, 11, 30, 3, 0, tzinfo=UTC), text,
        (SectionResult("Growth", "", figures, tables, charts),),
        (f"Prometheus has no data of job `{word}` before 2026-11-29 04:00: figures are of the rest.",),
        (FailedQuery(f"Broken {word}", PERIOD.label, "parse error"),), 5, "https://grafana.example.com",
    )  # fmt: skip


FORMS = {"report.html": whole_html, "report.txt": plain_text, "report.md": markdown}


@pytest.mark.parametrize("name", FORMS)
def test_a_report_looks_as_it_was_recorded(name: str) -> None:
    check(GOLDENS / name, FORMS[name](result()).decode())


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in {"meta", "img", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


ALLOWED = {
    "html", "head", "meta", "title", "body", "table", "tr", "td", "th", "h1", "h2", "p", "span", "strong", "em",
    "code", "a", "br", "img",
}  # fmt: skip


def pages(word: str) -> Iterator[str]:
    yield whole_html(result(word)).decode()
    message = message_from_bytes(
        whole_mail(result(word), "reports@example.com", ["a@example.com"]), policy=default
    )
    assert isinstance(message, EmailMessage)
    body = message.get_body(("html",))
    assert body is not None
    yield body.get_content()


def test_no_label_or_title_becomes_an_element_or_leads_elsewhere() -> None:
    for page in pages(EVIL):
        elements = Elements(page)
        assert elements.open == []
        assert {tag for tag, _ in elements.found} <= ALLOWED
        for tag, attributes in elements.found:
            assert not any(name.startswith("on") for name in attributes)
            assert str(attributes.get("href", "https://")).startswith("https://")
            if tag == "img":
                assert str(attributes["src"]).startswith(("cid:", "data:image/png;base64,"))
        assert "<script>alert(1)</script>" in elements.text
        assert "\u202e" not in page


def test_a_page_needs_nothing_from_elsewhere() -> None:
    for page in pages("free"):
        assert not re.search(r"<(link|script|style|iframe|object|svg)\b|@import|url\(", page)
        assert all(tag == "a" for tag, attributes in Elements(page).found if "href" in attributes)


def test_markdown_keeps_a_label_in_its_cell() -> None:
    rows = [line for line in markdown(result(EVIL)).decode().splitlines() if "| 12 |" in line]
    assert len(rows) == 1
    assert len(re.findall(r"(?<!\\)\|", rows[0])) == 4


def mail(word: str = "free") -> EmailMessage:
    raw = mail_of(result(word), "reports@example.com", ["a@example.com", "b@example.com"]).as_bytes()
    parsed = message_from_bytes(raw, policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_a_mail_has_text_html_and_pictures_that_belong_to_it() -> None:
    message = mail()
    assert message["Subject"] == "Yesterday free: Sunday, November 29, 2026"
    assert message["To"] == "a@example.com, b@example.com"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].startswith("<daily.2026-11-29.")
    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "250 people signed up free." in plain.get_content()
    [picture] = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert picture.get_content() == PNG
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in html.get_content()
    assert picture.get_content_disposition() == "inline"


def test_the_same_period_has_the_same_id_and_another_one_another() -> None:
    other = replace(result(), period=replace(PERIOD, first=date(2026, 11, 28)))
    again = mail_of(result(), "reports@example.com", ["b@example.com", "a@example.com"])
    assert mail()["Message-ID"] == again["Message-ID"]
    assert mail_of(other, "reports@example.com", ["a@example.com"])["Message-ID"] != again["Message-ID"]


@given(st.text(max_size=300))
def test_no_title_makes_a_header(title: str) -> None:
    named = replace(result(), title=f"{title}\r\nBcc: x@evil.example\nX: y")
    message = message_from_bytes(
        mail_of(named, "a@example.com", ["b@example.com"]).as_bytes(), policy=default
    )
    assert "Bcc" not in message
    assert "X" not in message
    assert message["To"] == "b@example.com"
    assert len(str(message["Subject"]).splitlines()) <= 1


def test_a_huge_title_and_huge_tables_stay_small() -> None:
    assert len(str(mail("x" * 100_000)["Subject"])) <= 200
    assert one_line("a\r\nb\tc\x00") == "a b c\N{REPLACEMENT CHARACTER}"


MARKDOWN = {
    "plain & <b>html</b>": "plain &amp; &lt;b&gt;html&lt;/b&gt;",
    "a **bold** and *thin* `co<de>`": 'a <strong>bold</strong> and <em>thin</em> <code style="',
    "[a](https://example.com?x=1&y=2)": 'href="https://example.com?x=1&amp;y=2"',
    "[a](javascript:alert(1))": ">a<",
    "[a](//evil.example)": ">a<",
    r"\*no\* \<b\>": "*no* &lt;b&gt;",
    "5 * 3 * 2": "5 * 3 * 2",
}


@pytest.mark.parametrize("text", MARKDOWN)
def test_markdown_becomes_safe_html(text: str) -> None:
    assert MARKDOWN[text] in as_html(text)


@given(st.text(max_size=200))
def test_any_markdown_is_balanced_html_and_text(text: str) -> None:
    elements = Elements(as_html(text))
    assert elements.open == []
    assert {tag for tag, _ in elements.found} <= ALLOWED
    assert isinstance(as_text(text), str)


def test_markdown_becomes_text() -> None:
    text = "# Title\nSome *text*\nover lines\n\n1. one\n2. [two](https://example.com)\n"
    assert as_text(text) == "Title\nSome text over lines\n1. one\n2. two (https://example.com)"
