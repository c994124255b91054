"""Find the keys for one rule of a rule file of Prometheus or Loki."""

from collections.abc import Iterator, Mapping
from inspect import cleandoc
from typing import Any

from dashgen.compile.outputs.rule_files import group_data
from dashgen.core.json_values import Json, mapping, text
from dashgen.importer.rules.built_rules import GroupContext, settled_group
from dashgen.importer.rules.plain_rule import seconds
from dashgen.importer.rules.rule_keys_of import ANNOTATION_KEYS, Leftover
from dashgen.model.alert_rules import SEVERITIES, Output
from dashgen.model.condition import Condition, Kind, format_number, parse_condition
from dashgen.model.duration import milliseconds
from dashgen.query.comparison import absent_of, canonical, split_comparison

_SIGNS = {">": Kind.ABOVE, "<": Kind.BELOW, ">=": Kind.AT_LEAST, "<=": Kind.AT_MOST, "==": Kind.EQUALS}
_KNOWN = frozenset({"alert", "record", "expr", "for", "keep_firing_for", "labels", "annotations"})


def file_rule_keys(
    rule: Mapping[str, Any], output: Output, context: GroupContext
) -> tuple[Json, list[Leftover]]:
    """The keys of one rule of a rule file, which build to the same rule.

    Args:
        rule: the rule as the file has it.
        output: whose rule file it is.
        context: the group that the rule belongs to.

    Returns:
        The keys, empty when the rule has none, and what they do not say.
    """
    leftovers = [
        Leftover("dropped", f"`{key}`, for which there is no key") for key in sorted(rule.keys() - _KNOWN)
    ]
    goal = plain_file_rule(rule, output)
    why = "it is neither an alert nor a recording rule"
    # The condition is split off the expression in the ways that the language has; the first that builds
    # back wins.
    for keys in _attempts(rule, output, context):
        built, why = _built(keys, output, context)
        if built is None:
            continue
        if plain_file_rule(built, output) == goal:
            return keys, leftovers
        why = "its keys would build to another rule"
    return {}, [Leftover("dropped", why)]


def plain_file_rule(rule: Mapping[str, Any], output: Output) -> Json:
    """A rule in the form in which two are compared: how an expression is laid out makes no difference."""
    return {
        "alert": rule.get("alert"),
        "record": rule.get("record"),
        "expr": canonical(str(rule.get("expr", "")), output),
        "for": seconds(rule.get("for")),
        "keep_firing_for": seconds(rule.get("keep_firing_for")),
        "labels": _texts(rule.get("labels")),
        "annotations": _texts(rule.get("annotations")),
    }


def _built(keys: Json, output: Output, context: GroupContext) -> tuple[Json | None, str]:
    group = {
        "group": "imported", "interval": context.interval, "datasource": context.default,
        "outputs": [output], "rules": [keys],
    }  # fmt: skip
    settled, problems = settled_group(group, context)
    if settled is None or problems or not settled.rules:
        return None, problems[0].message if problems else "it cannot be built"
    built: Json = group_data(settled, settled.rules, output)["rules"][0]
    return built, ""


def _attempts(rule: Mapping[str, Any], output: Output, context: GroupContext) -> Iterator[Json]:
    expr = str(rule.get("expr", ""))
    if "record" in rule:
        labels = _texts(rule.get("labels"))
        yield {"record": rule["record"], "query": tidy(expr), **({"labels": labels} if labels else {})}
        return
    if "alert" not in rule:
        return
    for condition in _conditions(expr, output):
        yield {"alert": rule["alert"], **condition, **_rest(rule, context)}


def _conditions(expr: str, output: Output) -> Iterator[Json]:
    inner = absent_of(expr) if output == "prometheus" else None
    if inner:
        yield {"query": tidy(inner), "when": "absent"}
    comparison = split_comparison(expr, output)
    if comparison is not None:
        when = f"{_SIGNS[comparison.sign]} {format_number(comparison.number)}"
        parsed = parse_condition(when)
        if isinstance(parsed, Condition) and parsed.values == (comparison.number,):
            yield {"query": tidy(comparison.query), "when": when}
    yield {"query": tidy(expr), "when": "present"}


def tidy(expr: str) -> str:
    """An expression without the indentation that all of its lines have."""
    # Between backquotes the spaces belong to a text of the expression.
    return expr.strip() if "`" in expr else cleandoc(expr).strip()


def _rest(rule: Mapping[str, Any], context: GroupContext) -> Json:
    rest: Json = {}
    for name in ("for", "keep_firing_for"):
        length = rule.get(name)
        if isinstance(length, str) and milliseconds(length):
            rest[name] = length
    labels = _texts(rule.get("labels"))
    if labels.get("severity") in SEVERITIES:
        rest["severity"] = labels.pop("severity")
    annotations = _texts(rule.get("annotations"))
    for name, word in ANNOTATION_KEYS.items():
        part = annotations.get(name, "")
        local = name == "runbook_url" and context.docs_url and "://" not in part
        if part and part == part.strip() and not local:
            rest[word] = annotations.pop(name)
    rest |= {"labels": labels} if labels else {}
    return {**rest, "annotations": annotations} if annotations else rest


def _texts(value: object) -> dict[str, str]:
    return {str(name): _text(part) for name, part in mapping(value).items()}


def _text(value: object) -> str:
    # Prometheus reads `true` without quotes as the text that it is.
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else text(value) or str(value)
