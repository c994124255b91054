"""Results as JUnit XML, which continuous integration shows as tests.

Valid against Ant's schema (https://github.com/windyroad/JUnit-Schema) and that of Jenkins, ``junit-10.xsd``
of its xUnit plugin, which GitLab's reader follows too.
"""

import os
import time
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.diagnostics.frame import clean
from dashgen.core.json_values import is_whole
from dashgen.core.reporters.finding_text import message_of
from dashgen.core.reporters.report_context import ReportContext


class Case(Struct, frozen=True):
    """Something that was tested, with its failure or remark, and the seconds that it took."""

    group: str
    name: str
    failure: str = ""
    details: str = ""
    remark: str = ""
    seconds: float | None = None


def render_junit(diagnostics: Sequence[Diagnostic], _context: ReportContext) -> str:
    """Every finding as a test that failed, or that passed with a remark.

    Without findings, one that passed.
    """
    cases = [_case(diagnostic) for diagnostic in diagnostics]
    return junit("dashgen", cases or [Case("dashgen", "no findings")])


def junit(suite: str, cases: Sequence[Case]) -> str:
    """A suite of cases as a document; remarks are the suite's output, as Ant's schema has none for a case."""
    remarks = "".join(f"{_content(f'{case.name}: {case.remark}')}\n" for case in cases if case.remark)
    attributes = {
        "name": suite,
        "package": suite,
        "id": "0",
        "timestamp": _timestamp(os.environ.get("SOURCE_DATE_EPOCH", "")),
        "hostname": "localhost",
        "tests": str(len(cases)),
        "failures": str(sum(bool(case.failure) for case in cases)),
        "errors": "0",
        "time": _seconds(sum(case.seconds or 0 for case in cases)),
    }
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<testsuites>",
        f"  <testsuite{_attributes(attributes)}>",
        "    <properties/>",
        *map(_testcase, cases),
        f"    <system-out>{remarks}</system-out>",
        "    <system-err/>",
        "  </testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _timestamp(epoch: str) -> str:
    """The time of the report: now, or the seconds of SOURCE_DATE_EPOCH (reproducible-builds.org)."""
    seconds = int(epoch) if is_whole(epoch) else time.time()
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def _case(diagnostic: Diagnostic) -> Case:
    where = f"{diagnostic.location}: " if diagnostic.location else ""
    name = f"{where}{message_of(diagnostic)}"
    if diagnostic.severity is Severity.ERROR:
        return Case(diagnostic.rule, name, diagnostic.message, diagnostic.hint)
    return Case(diagnostic.rule, name, remark=str(diagnostic.severity))


def _testcase(case: Case) -> str:
    attributes = {"classname": case.group, "name": case.name, "time": _seconds(case.seconds or 0)}
    head = f"    <testcase{_attributes(attributes)}"
    if not case.failure:
        return f"{head}/>"
    failure = _attributes({"type": case.group, "message": case.failure})
    return f"{head}>\n      <failure{failure}>{_content(case.details)}</failure>\n    </testcase>"


def _attributes(values: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(_printable(value))}" for name, value in values.items())


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"


def _content(text: str) -> str:
    return escape("\n".join(_printable(line) for line in text.split("\n")))


def _printable(text: str) -> str:
    """Text without the characters that XML excludes."""
    return clean(text).encode(errors="replace").decode().translate({0xFFFE: "?", 0xFFFF: "?"})
