"""The outcomes of all links as text and JUnit XML."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from dashgen.core.diagnostics.frame import clean, width
from dashgen.core.reporters.junit_report import Case, junit
from dashgen.doctor.chain import ChainLink, LinkFault, LinkOutcome, LinkState

Outcomes = Sequence[tuple[ChainLink, LinkOutcome]]

_SIGNS: Final = {LinkState.WELL: "✓", LinkState.BROKEN: "✗", LinkState.NOT_CHECKED: "\N{EN DASH}"}
_COLORS: Final = {LinkState.WELL: "32", LinkState.BROKEN: "31", LinkState.NOT_CHECKED: "2"}
_WIDTH: Final = max(width(link) for link in ChainLink)


def line(link: ChainLink, outcome: LinkOutcome, redact: Callable[[str], str], *, color: bool = False) -> str:
    """One link in a line."""
    state = outcome.state
    sign = f"\x1b[{_COLORS[state]}m{_SIGNS[state]}\x1b[0m" if color else _SIGNS[state]
    return f"{sign} {link:<{_WIDTH}}  {redact(summary_of(outcome))}"


def summary_of(outcome: LinkOutcome) -> str:
    """What was seen, the first finding, or why nothing was examined."""
    certain = [fault for fault in outcome.faults if fault.finding.certain]
    if certain:
        more = f" (and {len(certain) - 1} more)" if len(certain) > 1 else ""
        return f"{certain[0].finding.what}{more}"
    return f"not checked, because {outcome.summary}" if outcome.follows else outcome.summary


def findings(outcomes: Outcomes, redact: Callable[[str], str], *, color: bool = False) -> Iterator[str]:
    """Every finding: what, evidence, likely cause, and what fixes it."""
    for link, outcome in outcomes:
        for fault in outcome.faults:
            finding = fault.finding
            sign, code = ("✗", "31") if finding.certain else ("!", "33")
            head = f"\x1b[{code}m{sign}\x1b[0m" if color else sign
            yield ""
            yield f"{head} {link}: {redact(finding.what)}"
            for label, content in _parts(fault):
                yield f"    {label + ':':<7} {redact(content)}"
            for detail in fault.details:
                # The redactor strips the spaces that make the details a list.
                indent = detail[: len(detail) - len(detail.lstrip())]
                yield f"    {indent}{redact(detail)}"


def _parts(fault: LinkFault) -> Iterator[tuple[str, str]]:
    finding = fault.finding
    for label, content in (("seen", finding.evidence), ("cause", finding.cause), ("fix", finding.fix)):
        if content:
            yield label, content
    if fault.location:
        yield "at", str(fault.location)


def summary(outcomes: Outcomes) -> str:
    """How many findings there are."""
    count = sum(fault.finding.certain for _, outcome in outcomes for fault in outcome.faults)
    left = sum(outcome.state is LinkState.NOT_CHECKED for _, outcome in outcomes)
    rest = f"; {left} link{'s' * (left != 1)} not checked" if left else ""
    return f"{count} finding{'s' * (count != 1)}{rest}" if count else f"healthy{rest}"


def as_junit(outcomes: Outcomes, redact: Callable[[str], str]) -> str:
    """JUnit XML with a test for each link."""
    return junit("dashgen doctor", [_case(link, outcome, redact) for link, outcome in outcomes])


def _case(link: ChainLink, outcome: LinkOutcome, redact: Callable[[str], str]) -> Case:
    message = redact(summary_of(outcome))
    if outcome.state is LinkState.BROKEN:
        details = "\n".join(
            clean(redact(message)) for fault in outcome.faults for _, message in _parts(fault)
        )
        return Case("doctor", link, message, details)
    return Case("doctor", link, remark=message)
