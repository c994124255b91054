"""The application: whether it exports what the metric contract declares."""

from collections.abc import Iterator, Sequence
from typing import Final

from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.doctor.chain import ChainLink, Diagnosis, LinkFault, LinkOutcome, judged
from dashgen.doctor.contract import compare
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.subject import Subject
from dashgen.doctor.unavailable_server import unavailable

_MOST: Final = 10
_SUGGESTION: Final = lazy_pattern(r"did you mean `([^`]+)`\?")
_NAME: Final = lazy_pattern(r"`([^`]+)`")
_CAUSES: Final = {
    "contract/missing": "the application does not export it any more, or not yet",
    "contract/undeclared": "the application has a metric that the contract lacks",
    "contract/type": "the contract and the application disagree about its type",
    "contract/label-missing": "the application does not set this label",
    "contract/label-extra": "the application sets a label that the contract lacks",
    "contract/label-value": "the application has a value that the contract lacks",
    "contract/cardinality": "the number of its values has no bound, as with ids",
    "contract/exposition": "the application writes lines that Prometheus cannot read",
}
_FIX: Final = "correct the application, or the contract"


def check(subject: Subject, diagnosis: Diagnosis) -> LinkOutcome:
    """Whether the application exports what the contract declares."""
    if (outcome := unavailable(subject, diagnosis, ChainLink.APP)) is not None:
        return outcome
    exported = len(subject.exposition.families)
    # Specs that do not compile have no contract either: that is reported already.
    if not subject.contracts or diagnosis.reason(ChainLink.OUTPUT):
        return judged([], f"{exported} metrics are exported; there is no contract to compare them with")
    url = subject.endpoints[ChainLink.APP].url
    differences = compare(subject.contracts, subject.exposition, url)
    count = sum(len(document.model.metrics) for document in subject.contracts)
    command = f"`dashgen metrics check --url {url}`"
    return judged(list(judge(differences, command)), f"{count} metrics are exported as they are declared")


def judge(differences: Sequence[Diagnostic], command: str) -> Iterator[LinkFault]:
    """Each difference once.

    Args:
        differences: the differences between contract and exposition.
        command: what shows all of them.
    """
    errors = [difference for difference in differences if difference.severity is Severity.ERROR]
    # A renamed metric is missing under one name and undeclared under the other: only the first is reported.
    new_names = {_new_name(error) for error in errors} - {""}
    shown = [
        error
        for error in errors
        if error.rule != "contract/undeclared" or _first_name(error.message) not in new_names
    ]
    for error in shown[:_MOST]:
        cause = _CAUSES.get(error.rule, "contract and application disagree")
        fix = f"{error.hint}; {command}" if error.hint else f"{_FIX}; {command} shows the difference"
        if new_name := _new_name(error):
            cause = f"it is called `{new_name}` now"
            fix = f"rename it in the application, or in the contract and the queries; {command}"
        finding = LiveFinding(error.message, "seen at its /metrics", cause, fix)
        yield LinkFault(finding, location=error.location)
    if len(shown) > _MOST:
        what = f"{len(shown) - _MOST} more differences between contract and application"
        yield LinkFault(LiveFinding(what, "not listed here", "see above", command))


def _new_name(error: Diagnostic) -> str:
    """The name that a missing metric has now, where its hint has one."""
    suggestion = _SUGGESTION.search(error.hint) if error.rule == "contract/missing" else None
    return suggestion[1] if suggestion else ""


def _first_name(message: str) -> str:
    name = _NAME.search(message)
    return name[1] if name else ""
