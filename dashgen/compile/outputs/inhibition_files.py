"""Inhibition rules, a file each: ``apis/inhibition-rules/NAME.yaml``.

Grafana 13 has them in its Kubernetes-style API alone; its file provisioning has no key for them
(pkg/services/provisioning/alerting/types.go). So a file is what ``dashgen push`` sends, and what other tools
for that API take too.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from dashgen.compile.outputs.artifact import Artifact, ArtifactResource
from dashgen.compile.outputs.distinct_parts import distinct_parts
from dashgen.core.diagnostics import Diagnostic
from dashgen.core.json_values import Json
from dashgen.model.base import as_list
from dashgen.model.document import SpecDocument
from dashgen.model.label_matchers import LabelMatcher, matchers
from dashgen.model.notification_spec import InhibitionRule, Notifications, inhibition_rules
from dashgen.query.query_texts import regex_problem
from dashgen.source.provenance import Reporter, SpecPart
from dashgen.source.source import Path
from dashgen.source.yaml_text import generated_header, yaml_bytes

INHIBITION_FOLDER: Final = "apis/inhibition-rules/"
API_VERSION: Final = "notifications.alerting.grafana.app/v1beta1"
KIND: Final = "InhibitionRule"
_RULE: Final = "notification/inhibition"
_NOTE: Final = "Grafana 13 and newer takes inhibition rules over its API only: `dashgen push` sends this."


def inhibition_files(
    documents: Sequence[SpecDocument[Notifications]], diagnostics: list[Diagnostic]
) -> list[Artifact]:
    """The files of the inhibition rules; what is wrong with these joins ``diagnostics``."""
    artifacts = []
    for named, rule, report in distinct_parts(inhibition_rules(documents), "inhibition rule", diagnostics):
        check_inhibition(named.name, rule, report)
        part = SpecPart(report.resolved, named.path)
        location = part.location()
        data: Json = {
            "apiVersion": API_VERSION,
            "kind": KIND,
            "metadata": {"name": named.name},
            "spec": inhibition_spec(rule),
        }
        content = yaml_bytes(data, generated_header([location.file], [_NOTE]))
        resource = ArtifactResource("inhibition-rule", named.name, named.name, location)
        path = f"{INHIBITION_FOLDER}{named.name}.yaml"
        artifacts.append(Artifact(path, content, (resource,), (((), part), (("spec",), part)), data))
    return artifacts


def inhibition_spec(rule: InhibitionRule) -> Json:
    """The ``spec`` of an inhibition rule in Grafana's API."""
    spec: Json = {
        "source_matchers": [_matcher(one) for one in matchers(rule.source)],
        "target_matchers": [_matcher(one) for one in matchers(rule.target)],
    }
    return {**spec, "equal": as_list(rule.equal)} if rule.equal else spec


def _matcher(matcher: LabelMatcher) -> Json:
    return {"type": matcher.operator, "label": matcher.label, "value": matcher.value}


def check_inhibition(name: str, rule: InhibitionRule, report: Reporter) -> None:
    """Report what Grafana and Alertmanager refuse in an inhibition rule, and one that inhibits nothing."""
    sides = {"source": matchers(rule.source), "target": matchers(rule.target)}
    for key, conditions in sides.items():
        if not conditions:
            message = f"the inhibition rule `{name}` has no matchers for its {key}"
            report.error(_RULE, message, (key,), "write labels, such as `severity: critical`")
        elif all(one.holds_always for one in conditions):
            message = f"the {key} of the inhibition rule `{name}` is every alert"
            report.error(_RULE, message, (key,), "name the alerts by labels that not all have")
        for condition in conditions:
            problem = regex_problem(condition.value) if condition.operator in ("=~", "!~") else ""
            if problem:
                message = f"`{condition.value}` is not a regular expression: {problem}"
                report.error(_RULE, message, (key, condition.label), "correct it")
    for path, message, hint in _contradictions(name, rule, sides["source"], sides["target"]):
        report.error(_RULE, message, path, hint)


def _contradictions(
    name: str, rule: InhibitionRule, source: Sequence[LabelMatcher], target: Sequence[LabelMatcher]
) -> Iterator[tuple[Path, str, str]]:
    """Why a rule can never inhibit anything, and what is wrong with its labels: path, message and hint."""
    if source and set(source) == set(target):
        # Alertmanager, inhibit/inhibit.go: an alert that both sides match is not inhibited by one that both
        # match too.
        message = (
            f"the inhibition rule `{name}` inhibits nothing: its source and its target are the same alerts"
        )
        hint = "let them differ, such as `severity: critical` and `severity: [warning, info]`"
        yield ("target",), message, hint
    labels = as_list(rule.equal)
    for number, label in enumerate(labels):
        path: Path = ("equal", number) if isinstance(rule.equal, list) else ("equal",)
        if not label or label in labels[:number]:
            what = f"`{label}` twice" if label else "a label without a name"
            yield path, f"`equal` of the inhibition rule `{name}` has {what}", "remove it"
        elif _never_equal(label, source, target) or _never_equal(label, target, source):
            message = f"`{label}` is never equal: the source and the target have different values of it"
            yield path, message, f"remove `{label}` from `equal`"


def _never_equal(label: str, one: Sequence[LabelMatcher], other: Sequence[LabelMatcher]) -> bool:
    """Whether one side has a value of a label that the other side does not take."""
    values = [matcher.value for matcher in one if matcher.label == label and matcher.operator == "="]
    conditions = [matcher for matcher in other if matcher.label == label]
    return any(matcher.holds(value) is False for value in values for matcher in conditions)
