"""What ``dashgen doctor`` prints as JSON."""

from collections.abc import Callable
from typing import Annotated

from msgspec import Meta, Struct

from dashgen.core.json_values import Json
from dashgen.core.reporters.json_report import OutputDocument
from dashgen.doctor.chain import LinkFault
from dashgen.doctor.diagnosis_text import Outcomes, summary_of


class DoctorFinding(Struct, frozen=True):
    """What is wrong with a link."""

    what: Annotated[str, Meta(description="What does not work.")]
    evidence: Annotated[str, Meta(description="What was observed.")]
    cause: Annotated[str, Meta(description="The likely cause.")]
    fix: Annotated[str, Meta(description="What mends it.")]
    certain: Annotated[bool, Meta(description="False if it may be right as it is.")]
    location: Annotated[str | None, Meta(description="Where, as `file:line:column`; null if in no file.")]


class ExaminedLink(Struct, frozen=True):
    """A link of the chain from specs to panels."""

    link: Annotated[str, Meta(description="The link.")]
    state: Annotated[str, Meta(description="`well`, `broken` or `not checked`.")]
    said: Annotated[str, Meta(description="What was seen, or why it was not checked.")]
    findings: Annotated[list[DoctorFinding], Meta(description="What is wrong.")]
    data: Annotated[Json, Meta(description="Figures, such as the number of targets.")]


class DoctorDocument(OutputDocument, frozen=True, kw_only=True):
    """The links of the chain from specs to panels."""

    links: Annotated[list[ExaminedLink], Meta(description="The links, in their order.")]


def doctor_document(outcomes: Outcomes, redact: Callable[[str], str]) -> DoctorDocument:
    """The outcomes of all links."""
    return DoctorDocument(
        links=[
            ExaminedLink(
                str(link),
                str(outcome.state),
                redact(summary_of(outcome)),
                [_finding(fault, redact) for fault in outcome.faults],
                dict(outcome.data),
            )
            for link, outcome in outcomes
        ]
    )


def _finding(fault: LinkFault, redact: Callable[[str], str]) -> DoctorFinding:
    finding = fault.finding
    return DoctorFinding(
        redact(finding.what),
        redact(finding.evidence),
        redact(finding.cause),
        redact(finding.fix),
        finding.certain,
        str(fault.location) if fault.location else None,
    )
