"""`$` in provisioning files.

Grafana replaces ``$NAME`` and ``${NAME}`` by environment variables in most texts of its provisioning files
and reads ``$$`` as a plain ``$``. Specs are written without that in mind: a ``$`` is text unless it starts a
reference to an UPPER_CASE variable (see `dashgen.model.environment_references`).
"""

from typing import Any

from dashgen.model.environment_references import counts, references


def with_references(value: object) -> Any:
    """The value with every ``$`` doubled, but for references and for pairs before what looks like one.

    Mappings and lists are walked through.
    """
    return _walk(value, _keep_references)


def literal(value: object) -> Any:
    """The value with every ``$`` doubled: for texts that never refer to the environment, such as labels."""
    return _walk(value, lambda text: text.replace("$", "$$"))


def _walk(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value) if "$" in value else value
    if isinstance(value, dict):
        return {key: _walk(child, change) for key, child in value.items()}
    if isinstance(value, list):
        return [_walk(child, change) for child in value]
    return value


def _keep_references(text: str) -> str:
    # Pairs of dollar signs before a reference mean the same in both.
    parts, end = [], 0
    for match in references(text):
        # Of an odd number in a template, the last one starts a variable of the template.
        own = "$" if len(match["dollars"]) % 2 and not counts(match) else ""
        parts += [text[end : match.start()].replace("$", "$$"), own, match[0]]
        end = match.end()
    return "".join([*parts, text[end:].replace("$", "$$")])
