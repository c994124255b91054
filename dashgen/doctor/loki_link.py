"""Loki: whether it answers, and whether log lines with the contract's labels arrive."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from dashgen.core.diagnostics import nearest
from dashgen.core.sentence_parts import first_names
from dashgen.doctor.chain import ChainLink, Diagnosis, LinkFault, LinkOutcome, judged
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.rules_link import Evaluator, written_rules
from dashgen.doctor.rules_link import judge as judge_rules
from dashgen.doctor.subject import Subject
from dashgen.doctor.unavailable_server import unavailable
from dashgen.model.document import SpecDocument
from dashgen.model.metrics_spec import Bound, LabelValues, Metrics
from dashgen.servers.telemetry import Loki, Prometheus, ServiceError

_MOST_NAMES: Final = 8
_LOOK_BACK: Final = 86_400.0
_FOLDER: Final = "rules/loki"
_COLLECTOR: Final = "look at the collector that ships the lines, and at what it reads"


def check(subject: Subject, diagnosis: Diagnosis) -> LinkOutcome:
    """Whether the lines of the contract are there."""
    if (outcome := unavailable(subject, diagnosis, ChainLink.LOKI)) is not None:
        return outcome
    server, labels = subject.servers.loki, log_labels(subject.contracts)
    if server is None:
        return judged([], "it is ready")
    faults = list(rule_faults(server, subject.output / _FOLDER))
    if not labels:
        return judged(faults, "it is ready; no contract declares the labels of its lines")
    try:
        seen = labels_of(server, labels, subject.now)
    except ServiceError as error:
        finding = LiveFinding(
            "Loki does not list its labels", error.message, "it is overloaded, or broken", error.hint
        )
        return judged([LinkFault(finding, away=error.timed_out)], "")
    faults += judge(labels, seen, _collector(subject))
    shown = ", ".join(f"`{label}`" for label in labels)
    return judged(faults, f"it is ready; lines of the last 24 hours have the labels {shown}")


def rule_faults(server: Loki, folder: Path) -> Iterator[LinkFault]:
    """What is wrong with the rules that Loki evaluates itself, where its ruler lists them.

    Args:
        server: the Loki.
        folder: the generated rules for it.
    """
    rules = written_rules(folder)
    if not rules:
        return
    endpoint = server.endpoint
    # `fake` is the name that Loki gives the only tenant when authentication is off.
    reload = "it looks once a minute; mount the folder of the output as `fake` in the ruler's directory"
    # Its ruler answers as Prometheus does, and spells expressions its own way.
    with Prometheus(replace(endpoint, url=f"{endpoint.url}/prometheus")) as ruler:
        try:
            loaded = ruler.rules()
        except ServiceError:
            return
    yield from judge_rules(rules, loaded, Evaluator("Loki", endpoint.url, reload, compares=False))


def log_labels(contracts: Sequence[SpecDocument[Metrics]]) -> dict[str, LabelValues]:
    """The labels of log streams that the contract declares."""
    return {label: values for document in contracts for label, values in document.model.log_labels.items()}


def labels_of(server: Loki, labels: Mapping[str, LabelValues], now: float) -> dict[str, tuple[str, ...]]:
    """The labels that streams have, with the values of those that the contract declares.

    Raises:
        ServiceError: Loki does not list them.
    """
    start = now - _LOOK_BACK
    return {
        label: server.label_values(label, start=start, end=now) if label in labels else ()
        for label in server.labels(start=start, end=now)
    }


def judge(
    labels: Mapping[str, LabelValues], seen: Mapping[str, tuple[str, ...]], fix: str = _COLLECTOR
) -> Iterator[LinkFault]:
    """What is wrong with labels.

    Args:
        labels: the labels of the contract.
        seen: the labels of streams with their values.
        fix: how to repair them.
    """
    if not any(label in seen for label in labels):
        shown = f"the only labels are {_listed(seen)}" if seen else "there is no label in the last 24 hours"
        finding = LiveFinding(
            "Loki has no log lines of the application", shown, "the collector does not ship them", fix
        )
        yield LinkFault(finding)
        return
    for label, values in labels.items():
        if label not in seen:
            cause = nearest(label, seen.keys() - labels.keys())
            reason = f"the collector does not set it; {cause}" if cause else "the collector does not set it"
            finding = LiveFinding(
                f"no log line has the label `{label}`", f"the labels are {_listed(seen)}", reason, fix
            )
            yield LinkFault(finding)
        elif not isinstance(values, Bound) and (strangers := sorted(set(seen[label]) - set(values))):
            plural = "s" if len(strangers) > 1 else ""
            what = f"the label `{label}` of log lines has the undeclared value{plural} {_listed(strangers)}"
            cause = "the application writes it, or another application's lines are among them"
            finding = LiveFinding(
                what, f"declared are {_listed(values)}", cause, "declare it, or correct the collector"
            )
            yield LinkFault(finding)


def _collector(subject: Subject) -> str:
    collectors = ("alloy", "promtail")
    active = [one.name for one in subject.stack.active()] if subject.stack else []
    name = next((one for one in collectors if one in active), "")
    if not name or subject.stack is None:
        return _COLLECTOR
    return f"look at the collector: {subject.stack.command(f'logs --tail 50 {name}')}"


def _listed(names: Sequence[str] | Mapping[str, object]) -> str:
    return first_names(sorted(names), _MOST_NAMES)
