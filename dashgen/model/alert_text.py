"""Templates in summaries, written once and translated for each evaluator.

A spec may write the query's value as ``{{ $value }}`` or ``{{ .Value }}`` (Prometheus), or as ``{{ $values.A
}}`` (Grafana). In Grafana ``$value`` is a text and ``$values.A`` an object that only prints as a number, so
functions such as humanizePercentage need ``$values.A.Value``; in Prometheus and Loki there is only
``$value``. A variable that the template declares itself is left alone, whatever its name.
"""

from collections.abc import Callable, Collection, Iterator, Mapping

from msgspec import Struct

from dashgen.core.diagnostics import Severity
from dashgen.query.gotemplate import (
    GRAFANA_RULE,
    LOKI_RULE,
    PROMETHEUS_RULE,
    Name,
    ParsedTemplate,
    parse_template,
    unknown_name,
)

_VALUES = ("$values", "Values")
_FILES = {"prometheus": PROMETHEUS_RULE, "loki": LOKI_RULE}


def _rewritten(text: str, template: ParsedTemplate, change: Callable[[Name], str | None]) -> str:
    """The template with the names that ``change`` gives another form.

    Inner uses of a rewritten one are passed over.
    """
    parts: list[str] = []
    last = len(text)
    # From the last to the first, so that places stay right, and an outer name before those inside of it.
    for name in sorted(template.names, key=lambda name: (-name.start, name.end)):
        replacement = change(name)
        if replacement is not None and name.end <= last:
            parts[:0] = [replacement, text[name.end : last]]
            last = name.start
    return "".join([text[:last], *parts])


def _is_value(name: Name) -> bool:
    """Whether a name is the query's value itself: ``$value``, ``.Value`` or ``$.Value``."""
    if name.kind == "variable" and name.name == "$":
        return name.root and not name.declared and name.fields[:1] == ("Value",)
    if name.kind == "variable":
        return name.name == "$value" and name.root and not name.declared and not name.fields
    return name.kind == "field" and name.root and name.name == "Value" and not name.fields


def _value_of(name: Name) -> tuple[str, tuple[str, ...]] | None:
    """The ref that ``$values.A.Value`` or ``index $values "A"`` takes a value of, and the fields behind."""
    if name.kind == "index":
        is_index = (name.name == "$values" and not name.declared) or (name.name == ".Values" and name.root)
        return (name.fields[0], name.fields[1:]) if is_index else None
    if name.kind == "variable" and name.name == "$" and name.root and name.fields[:1] == ("Values",):
        return (name.fields[1], name.fields[2:]) if len(name.fields) > 1 else None
    is_values = (name.kind == "variable" and name.name == "$values" and not name.declared) or (
        name.kind == "field" and name.name == "Values" and name.root
    )
    return (name.fields[0], name.fields[1:]) if is_values and name.fields else None


def _names(text: str) -> Iterator[Name]:
    if "{{" in text:
        yield from parse_template(text).names


def uses_value(text: str) -> bool:
    """Whether a template prints the query's value."""
    return any(_is_value(name) or (name.name in _VALUES and not name.declared) for name in _names(text))


def value_refs(text: str) -> set[str]:
    """The refs whose values a template names."""
    return {value[0] for name in _names(text) if (value := _value_of(name)) is not None}


def for_grafana(text: str, value_ref: str, reduced: Mapping[str, str]) -> str:
    """The template for Grafana.

    Args:
        text: the template as written.
        value_ref: the ref of the value that the condition looks at.
        reduced: leads from a query over time to the expression that makes one number of it.
    """
    if "{{" not in text:
        return text
    template = parse_template(text)
    # A template that declares a `$values` of its own hides Grafana's, which `$.Values` still reaches.
    values = "$.Values" if "$values" in template.declared else "$values"

    def change(name: Name) -> str | None:
        if _is_value(name):
            return _grafana_value(values, value_ref)
        value = _value_of(name)
        if value is None:
            return None
        ref, rest = value
        # `index $values "A"` alone is an object of which a part is taken: only its ref may change.
        if name.kind == "index" and not rest and reduced.get(ref, ref) == ref:
            return None
        return _grafana_value(values, reduced.get(ref, ref), rest or ("Value",))

    return _rewritten(text, template, change)


def _grafana_value(values: str, ref: str, fields: tuple[str, ...] = ("Value",)) -> str:
    if ref.replace("_", "a").isalnum() and not ref[:1].isdigit():
        return ".".join((values, ref, *fields))
    return ".".join((f'(index {values} "{ref}")', *fields))


def for_rule_file(text: str) -> str:
    """The template for Prometheus and Loki, whose rules have one value."""
    if "{{" not in text:
        return text
    template = parse_template(text)
    value = "$.Value" if "$value" in template.declared else "$value"
    labels = "$.Labels" if "$labels" in template.declared else "$labels"

    def change(name: Name) -> str | None:
        value_ref = _value_of(name)
        if value_ref is None:
            return None
        return ".".join((labels, *value_ref[1][1:])) if value_ref[1][:1] == ("Labels",) else value

    return _rewritten(text, template, change)


class TextFault(Struct, frozen=True):
    """What is wrong with a template of a rule: ``offset`` is where in the text."""

    message: str
    hint: str
    offset: int
    severity: Severity = Severity.ERROR


def text_faults(text: str, outputs: Collection[str]) -> list[TextFault]:
    """What keeps the evaluators from reading or running a template.

    Args:
        text: the template as written.
        outputs: where the rule goes: ``grafana``, ``prometheus``, ``loki``.
    """
    if "{{" not in text:
        return []
    template = parse_template(text)
    faults = [TextFault(fault.message, fault.hint, fault.offset) for fault in filter(None, [template.fault])]
    # What is rewritten for each evaluator, and what stands inside of it, is known to all of them.
    values = [name for name in template.names if _is_value(name) or _value_of(name) is not None]
    for name in template.names:
        if not any(outer.start <= name.start and name.end <= outer.end for outer in values):
            faults += _name_faults(name, outputs)
    return faults


def _name_faults(name: Name, outputs: Collection[str]) -> Iterator[TextFault]:
    files = next((dialect for output, dialect in _FILES.items() if output in outputs), None)
    in_files = unknown_name(name, files or PROMETHEUS_RULE)
    in_grafana = unknown_name(name, GRAFANA_RULE)
    if name.kind == "function" and name.name == "query" and "grafana" in outputs:
        message = "`query` gives nothing in Grafana: it works in rule files only"
        yield TextFault(message, "add `outputs: [prometheus]`", name.start, Severity.WARNING)
    if in_files is not None and files is not None:
        hint = (
            in_files.hint if in_grafana is not None else "write it another way, or add `outputs: [grafana]`"
        )
        effect = "the text becomes an error" if in_files.at_run else "the whole rule file is refused"
        yield TextFault(f"{in_files.message}: {effect}", hint, in_files.offset)
    elif in_grafana is not None and "grafana" in outputs:
        # What only Prometheus knows works there; without a rule file, nobody would read it.
        severity = Severity.ERROR if files is None else Severity.WARNING
        hint = (
            in_grafana.hint
            if in_files is not None
            else "write it another way, or add `outputs: [prometheus]`"
        )
        yield TextFault(f"{in_grafana.message}: the text is sent as it stands", hint, name.start, severity)
