"""Check the texts of alert rules: templates that no evaluator reads, and references that nobody fills in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from dashgen.core.diagnostics import Diagnostic, Severity, nearest
from dashgen.model.alert_text import text_faults, value_refs
from dashgen.model.settled_alerts import SettledAlert
from dashgen.source.provenance import Resolved
from dashgen.source.source import Path

_ACTION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_BRACED = re.compile(r"\$\{(?P<name>[A-Z][A-Z0-9_]*)\}")


def check_texts(alert: SettledAlert) -> Iterator[Diagnostic]:
    """What is wrong with the summary, the description, the labels and the other annotations of a rule."""
    refs = {query.ref for query in alert.queries} | {alert.value_ref}
    placed, document = alert.placed, alert.placed.document
    for path, text in _texts(alert):
        yield from _template_faults(alert, document.resolved, path, text)
        for ref in sorted(value_refs(text) - refs):
            message = f"the {path[-1]} prints `$values.{ref}`, and there is no query `{ref}`"
            yield document.resolved.diagnostic("alert/template", message, path, nearest(ref, refs))
        if "labels" not in path and "grafana" in alert.outputs:
            yield from _references(document.resolved, path, text)
    own = alert.rule.labels.get("severity")
    if own is not None and alert.rule.severity is not None and own != alert.rule.severity:
        message = f"the label `severity` is `{own}` here and `{alert.rule.severity}` by `severity:`"
        yield placed.diagnostic("alert/label", message, "labels", "severity", hint="remove one of them")


def _texts(alert: SettledAlert) -> Iterator[tuple[Path, str]]:
    path, rule = alert.placed.path, alert.rule
    for step in ("summary", "description"):
        text = getattr(rule, step)
        if text:
            yield (*path, step), text
    parts: tuple[tuple[Path, Mapping[str, str]], ...] = (
        ((*path, "annotations"), rule.annotations),
        ((*path, "labels"), rule.labels),
        (("labels",), alert.placed.document.model.labels),
    )
    for below, texts in parts:
        for name, text in texts.items():
            yield (*below, name), text


def _template_faults(alert: SettledAlert, resolved: Resolved, path: Path, text: str) -> Iterator[Diagnostic]:
    for fault in text_faults(text, alert.outputs):
        diagnostic = resolved.diagnostic(
            "alert/template", fault.message, path, fault.hint, severity=fault.severity
        )
        yield replace(diagnostic, location=resolved.origin(path).character(fault.offset, text))


def _references(resolved: Resolved, path: Path, text: str) -> Iterator[Diagnostic]:
    """References to the environment, which Grafana replaces everywhere but in annotations."""
    for match in _BRACED.finditer(_ACTION.sub(lambda action: " " * len(action[0]), text)):
        message = f"`{match[0]}` stays as it is: Grafana replaces nothing in annotations"
        hint = f"write `${{{{ env.{match['name']} }}}}` to fill it in at build, or the text itself"
        diagnostic = resolved.diagnostic("alert/reference", message, path, hint)
        location = resolved.origin(path).character(match.start(), text)
        yield replace(diagnostic, location=location, severity=Severity.WARNING)
