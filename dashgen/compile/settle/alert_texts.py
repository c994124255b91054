"""Check the texts of alert rules: templates that no evaluator reads, and references that nobody fills in."""

import re
from collections.abc import Iterator, Mapping

from dashgen.core.diagnostics import Severity, nearest
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.alert_text import text_faults, value_refs
from dashgen.model.settled_alerts import SettledAlert
from dashgen.query.language import Fault
from dashgen.source.provenance import Reporter
from dashgen.source.source import Path

_ACTION = lazy_pattern(r"\{\{.*?\}\}", re.DOTALL)
_BRACED = lazy_pattern(r"\$\{(?P<name>[A-Z][A-Z0-9_]*)\}")


def check_texts(alert: SettledAlert, report: Reporter) -> None:
    """Report what is wrong with the annotations and labels of a rule, summary and description included."""
    refs = {query.ref for query in alert.queries} | {alert.value_ref}
    # Labels may be those of the whole group, so all paths are the document's.
    document = report.at(())
    for path, text in _texts(alert):
        for fault in text_faults(text, alert.outputs):
            document.fault("alert/template", fault, path, text, fault.severity)
        for ref in sorted(value_refs(text) - refs):
            message = f"the {path[-1]} prints `$values.{ref}`, and there is no query `{ref}`"
            document.error("alert/template", message, path, nearest(ref, refs))
        if "labels" not in path and "grafana" in alert.outputs:
            for reference in _references(text):
                document.fault("alert/reference", reference, path, text, Severity.WARNING)
    label, severity = alert.rule.labels.get("severity"), alert.rule.severity
    if label is not None and severity is not None and label != severity:
        message = f"the label `severity` is `{label}` here and `{severity}` by `severity:`"
        report.error("alert/label", message, ("labels", "severity"), "remove one of them")


def _texts(alert: SettledAlert) -> Iterator[tuple[Path, str]]:
    path, rule = alert.placed.path, alert.rule
    for key, text in (("summary", rule.summary), ("description", rule.description)):
        if text:
            yield (*path, key), text
    maps: tuple[tuple[Path, Mapping[str, str]], ...] = (
        ((*path, "annotations"), rule.annotations),
        ((*path, "labels"), rule.labels),
        (("labels",), alert.placed.document.model.labels),
    )
    for map_path, texts in maps:
        for name, text in texts.items():
            yield (*map_path, name), text


def _references(text: str) -> Iterator[Fault]:
    """References to the environment, which Grafana replaces everywhere but in annotations."""
    outside_of_actions = _ACTION.sub(lambda action: " " * len(action[0]), text)
    for match in _BRACED.finditer(outside_of_actions):
        message = f"`{match[0]}` stays as it is: Grafana replaces nothing in annotations"
        hint = f"write `${{{{ env.{match['name']} }}}}` to fill it in at build, or the text itself"
        yield Fault(message, hint, match.start())
