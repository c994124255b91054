"""Results as JUnit XML, which continuous integration shows as tests.

Source of the shape: https://github.com/testmoapp/junitxml
"""

from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.diagnostics.frame import clean


class Case(Struct, frozen=True):
    """Something that was tested, with its failure or remark, and the seconds that it took."""

    group: str
    name: str
    failure: str = ""
    details: str = ""
    remark: str = ""
    seconds: float | None = None


def render_junit(
    diagnostics: Sequence[Diagnostic], _text_of: Callable[[str], str | None], _color: bool
) -> str:
    """Every finding as a test that failed, or that passed with a remark.

    Without findings, one that passed.
    """
    cases = [_case(diagnostic) for diagnostic in diagnostics]
    return junit("dashgen", cases or [Case("dashgen", "no findings")])


def junit(suite: str, cases: Sequence[Case]) -> str:
    """A suite of cases as a document."""
    failed = sum(bool(case.failure) for case in cases)
    head = f'name={_attribute(suite)} tests="{len(cases)}" failures="{failed}"'
    body = "".join(_testcase(case) for case in cases)
    suite_text = f"<testsuites>\n  <testsuite {head}>\n{body}  </testsuite>\n</testsuites>\n"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{suite_text}'


def _case(diagnostic: Diagnostic) -> Case:
    where = f"{diagnostic.location}: " if diagnostic.location else ""
    name, details = f"{where}{diagnostic.message}", diagnostic.hint
    if diagnostic.environments:
        name += f" (in {', '.join(diagnostic.environments)})"
    if diagnostic.severity is Severity.ERROR:
        return Case(diagnostic.rule, name, diagnostic.message, details)
    return Case(diagnostic.rule, name, remark=f"{diagnostic.severity}: {diagnostic.message}")


def _testcase(case: Case) -> str:
    time = f' time="{case.seconds:.3f}"' if case.seconds is not None else ""
    head = f"    <testcase classname={_attribute(case.group)} name={_attribute(case.name)}{time}"
    if case.failure:
        inner = f"<failure message={_attribute(case.failure)}>{_content(case.details)}</failure>"
    elif case.remark:
        inner = f"<system-out>{_content(case.remark)}</system-out>"
    else:
        return f"{head}/>\n"
    return f"{head}>\n      {inner}\n    </testcase>\n"


def _attribute(text: str) -> str:
    return quoteattr(_printable(text))


def _content(text: str) -> str:
    return escape("\n".join(_printable(line) for line in text.split("\n")))


def _printable(text: str) -> str:
    """Text without the characters that XML excludes."""
    return clean(text).encode(errors="replace").decode().translate({0xFFFE: "?", 0xFFFF: "?"})
