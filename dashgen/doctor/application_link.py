"""The application: whether it exports what the metric contract says."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.doctor.answering import standing
from dashgen.doctor.chain import ChainLink, Diagnosis, LinkFault, LinkOutcome, judged
from dashgen.doctor.contract import compare
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.subject import Subject

_MOST: Final = 10
_NEAR: Final = re.compile(r"did you mean `([^`]+)`\?")
_NAMED: Final = re.compile(r"`([^`]+)`")
_CAUSES: Final = {
    "contract/missing": "the application does not export it any more, or not yet",
    "contract/undeclared": "the application has a metric that nobody wrote into the contract",
    "contract/type": "the contract and the application disagree about its type",
    "contract/label-missing": "the application does not set this label",
    "contract/label-extra": "the application sets a label that nobody wrote into the contract",
    "contract/label-value": "the application has a value that nobody wrote into the contract",
    "contract/cardinality": "the label has values without end, such as ids",
    "contract/exposition": "the application writes lines that Prometheus cannot read",
}
_FIX: Final = "correct the application, or the contract"


def check(subject: Subject, diagnosis: Diagnosis) -> LinkOutcome:
    """Whether the application exports what the contract declares."""
    if (outcome := standing(subject, diagnosis, ChainLink.APP)) is not None:
        return outcome
    exported = len(subject.exposition.families)
    if not subject.contracts or diagnosis.reason(ChainLink.OUTPUT):
        return judged([], f"{exported} metrics are exported; there is no contract to compare them with")
    url = subject.endpoints[ChainLink.APP].url
    differences = compare(subject.contracts, subject.exposition, url)
    count = sum(len(document.model.metrics) for document in subject.contracts)
    command = f"`dashgen metrics check --url {url}`"
    return judged(list(judge(differences, command)), f"{count} metrics are exported as they are declared")


def judge(differences: Sequence[Diagnostic], command: str) -> Iterator[LinkFault]:
    """Each difference once: a metric that was renamed is missing under one name and a stranger under the other.

    Args:
        differences: the differences between contract and exposition.
        command: what shows all of them.
    """
    errors = [one for one in differences if one.severity is Severity.ERROR]
    renamed = {
        near[1]: one for one in errors if one.rule == "contract/missing" and (near := _NEAR.search(one.hint))
    }
    shown = [one for one in errors if not (one.rule == "contract/undeclared" and _name(one) in renamed)]
    for one in shown[:_MOST]:
        cause, fix = (
            _CAUSES.get(one.rule, "contract and application disagree"),
            f"{_FIX}; {command} shows the difference",
        )
        if one.rule == "contract/missing" and (near := _NEAR.search(one.hint)):
            cause = f"it is called `{near[1]}` now"
            fix = f"rename it in the application, or in the contract and the queries; {command}"
        elif one.hint:
            fix = f"{one.hint}; {command}"
        yield LinkFault(LiveFinding(one.message, "seen at its /metrics", cause, fix), location=one.location)
    if len(shown) > _MOST:
        what = f"{len(shown) - _MOST} more differences between contract and application"
        yield LinkFault(LiveFinding(what, "not listed here", "see above", command))


def _name(diagnostic: Diagnostic) -> str:
    match = _NAMED.search(diagnostic.message)
    return match[1] if match else ""
